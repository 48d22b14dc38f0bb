namespace DispatchCenter.Hub.Kernel;

/// <summary>How long personal data are kept (<c>Dispatch:Keep:…</c>), each in days of 24 h; null keeps it until somebody has it erased.</summary>
/// <param name="Persons">Name, phone and position, after the case and whatever belongs to it has ended.</param>
/// <param name="Words">Free text on a case, from the same moment.</param>
/// <param name="Photos">Photos of a case, from the same moment.</param>
/// <param name="Looks">Who looked at what, after the look.</param>
public sealed record KeepFor(int? Persons, int? Words, int? Photos, int? Looks)
{
    /// <summary>Nothing personal goes sooner: until then a caller may still ask what became of their case.</summary>
    public const int Least = 30;

    /// <summary>Looks are the log of accesses that 网络安全法, article 23 (21 until 2025), wants kept for six months, of which the longest have 184 days.</summary>
    public const int LeastLooks = 184;

    /// <summary>A century.</summary>
    public const int Most = 36_525;

    public static KeepFor Ever { get; } = new(null, null, null, null);
}
