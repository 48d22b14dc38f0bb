using System.Text.RegularExpressions;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>What a number of a workbook is shown as.</summary>
internal enum NumberKind
{
    Number,

    Date,

    Time,
}

/// <summary>A number format of a workbook, as far as it changes what a number means.</summary>
/// <param name="Zeros">At least so many digits are shown.</param>
internal readonly partial record struct NumberForm(NumberKind Kind, int Zeros)
{
    public static readonly NumberForm Plain = new(NumberKind.Number, 0);

    /// <summary>The formats that have a number in place of a code; those from 27 on are Chinese and Japanese.</summary>
    public static NumberForm BuiltIn(int id) => id switch
    {
        18 or 19 or 20 or 21 or 32 or 33 or 45 or 46 or 47 or 55 or 56 => new(NumberKind.Time, 0),
        (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 50 and <= 58) => new(NumberKind.Date, 0),
        _ => Plain,
    };

    public static NumberForm Of(string code)
    {
        var first = Words().Replace(code, string.Empty).Split(';')[0];
        if (first.Length > 0 && !first.AsSpan().ContainsAnyExcept('0')) return new(NumberKind.Number, first.Length);
        var letters = first.ToLowerInvariant();
        if (letters.Contains("general", StringComparison.Ordinal) || letters.Contains('#') || letters.Contains("0.0", StringComparison.Ordinal)) return Plain;
        if (letters.Contains('y') || letters.Contains('d')) return new(NumberKind.Date, 0);
        return letters.Contains('h') || letters.Contains('s') ? new(NumberKind.Time, 0) : letters.Contains('m') ? new(NumberKind.Date, 0) : Plain;
    }

    /// <summary>What a format says in its own words, colours and languages; not [h], which is a count of hours.</summary>
    [GeneratedRegex("""\"[^\"]*\"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]""", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
