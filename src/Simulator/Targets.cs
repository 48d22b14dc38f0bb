namespace DispatchCenter.Simulator;

/// <summary>
/// The nodes of one dispatch centre, or a proxy in front of them, used in turn. A failed one is skipped for a while as long as
/// another has not failed; if all have, they are used in turn anyway.
/// </summary>
internal sealed class Targets(IReadOnlyList<Uri> all, TimeProvider clock)
{
    /// <summary>How long a failed target is skipped.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly long[] _failedAt = new long[all.Count]; // 0 for never
    private int _turn = -1;

    public int Count => all.Count;

    public override string ToString() => string.Join(", ", all);

    public Uri Pick()
    {
        var first = (int)((uint)Interlocked.Increment(ref _turn) % all.Count);
        for (var i = 0; i < all.Count; i++)
            if (!Rests((first + i) % all.Count)) return all[(first + i) % all.Count];
        return all[first];
    }

    /// <summary>It was unreachable, broke off, or reported that it is stopping or too busy.</summary>
    public void Failed(Uri target)
    {
        for (var i = 0; i < all.Count; i++)
            if (all[i] == target) Volatile.Write(ref _failedAt[i], clock.GetTimestamp());
    }

    /// <summary>A response from a node or proxy that another node might not give.</summary>
    public static bool IsFailure(int status) => status is 0 or 502 or 503 or 504;

    private bool Rests(int index) => Volatile.Read(ref _failedAt[index]) is > 0 and var at && clock.GetElapsedTime(at) < Rest;
}
