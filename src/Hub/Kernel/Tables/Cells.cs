using System.Text.RegularExpressions;

namespace DispatchCenter.Hub.Kernel.Tables;

/// <summary>What spreadsheet programs do to a cell: what is undone, and what can only be named.</summary>
internal static partial class Cells
{
    private static readonly string[] Errors = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"];

    /// <summary>
    /// Without blanks around it, of whatever width, with hard blanks inside made plain, on one line (Chinese text that is only wrapped goes on without a blank), and without the apostrophe that <see cref="Csv"/> writes before what a spreadsheet
    /// would take for a formula.
    /// </summary>
    public static string Cleaned(string cell)
    {
        var plain = Blanks().Replace(Wraps().Replace(cell, string.Empty), " ").Trim().Trim('\u3000', '\uFEFF', '\u200B').Trim();
        return plain is ['\'', ..] && Csv.IsFormula(plain.AsSpan(1)) ? plain[1..] : plain;
    }

    /// <summary>The sentence about a cell whose contents were lost in a spreadsheet: its blanks are the column and the cell. Null if nothing shows.</summary>
    public static string? Damage(string cell) => cell switch
    {
        ['=', ..] => "cell_formula",
        ['#', ..] when Errors.Contains(cell) || cell.AsSpan(1) is { Length: > 0 } rest && !rest.ContainsAnyExcept('#') => "cell_error",
        ['E', 'r', 'r', ':', ..] => "cell_error",
        _ when cell.Contains('\uFFFD') || (cell.Length > 1 && !cell.AsSpan().ContainsAnyExcept('?')) => "cell_lost",
        _ when Shortened().IsMatch(cell) => "cell_shortened",
        _ => null,
    };

    /// <summary>Whether a code is what a spreadsheet makes of 3-2 or 1-12: a day.</summary>
    public static bool IsDay(string code) => TableTimes.DateOf(code) is not null || ShortDay().IsMatch(code);

    /// <summary>
    /// The code that is meant: itself if it is known, else the only known one that has zeros in front of it, for a spreadsheet takes 001 for the number 1. Null if there is none, or more
    /// than one.
    /// </summary>
    public static string? WithZeros(string code, IEnumerable<string> known)
    {
        string? found = null;
        foreach (var one in known)
        {
            if (one == code) return code;
            if (!IsNumber(code) || one.Length <= code.Length || !one.EndsWith(code, StringComparison.Ordinal) || one.AsSpan(0, one.Length - code.Length).ContainsAnyExcept('0')) continue;
            if (found is not null && found != one) return known.Contains(code) ? code : null;
            found = one;
        }

        return found;
    }

    /// <summary>Whether it may be what a spreadsheet left of a code with zeros in front.</summary>
    public static bool IsNumber(string code) => code is [>= '1' and <= '9', ..] && !code.AsSpan().ContainsAnyExceptInRange('0', '9');

    [GeneratedRegex(@"(?<=[\u2E80-\uFFEF])[\r\n]+(?=[\u2E80-\uFFEF])")]
    private static partial Regex Wraps();

    [GeneratedRegex(@"[\r\n\u00A0]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^-?[1-9](\.[0-9]+)?E\+[0-9]{2,3}$")]
    private static partial Regex Shortened();

    [GeneratedRegex("^([0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2})$", RegexOptions.IgnoreCase)]
    private static partial Regex ShortDay();
}
