using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>The codes that a street goes by already: what a table means that says 1 for 01.</summary>
public sealed record StreetCodes(IReadOnlyCollection<string> Communities, IReadOnlyCollection<string> Grids, IReadOnlyCollection<string> Teams, IReadOnlyCollection<string> Stations, IReadOnlyCollection<string> Categories)
{
    public static readonly StreetCodes None = new([], [], [], [], []);

    public static StreetCodes Of(StreetMap map, Policy policy) =>
        new([.. map.Communities.Select(c => c.Code.Value)], [.. map.Grids.Select(g => g.Code.Value)], [.. map.Teams.Select(t => t.Code.Value)], [.. map.Stations.Select(s => s.Code.Value)], [.. policy.Categories.Select(c => c.Code)]);
}

/// <summary>
/// Gives the codes of a street's tables back the zeros that a spreadsheet program dropped, where only one code can be meant: one that is in force, or that another of the tables writes in
/// full. What was given back is said, and so is a column that looks as if it had lost some.
/// </summary>
internal sealed class LostZeros
{
    private readonly List<RefusedLine> _remarks = [];

    /// <summary>One for each column, at its first line.</summary>
    public IReadOnlyList<RefusedLine> Remarks => _remarks;

    /// <param name="known">The codes that can be meant.</param>
    public CsvTable.Usable Restore(CsvTable.Usable table, string column, IEnumerable<string> known)
    {
        var candidates = known.Distinct().ToList();
        return Restore(table, column, _ => candidates);
    }

    /// <param name="known">The codes that can be meant in a row.</param>
    public CsvTable.Usable Restore(CsvTable.Usable table, string column, Func<CsvLine, IEnumerable<string>> known)
    {
        var restored = new List<(int Line, string Was, string Is)>();
        CsvLine Whole(CsvLine row)
        {
            var (codes, candidates) = (Codes(row[column]), known(row));
            var whole = Array.ConvertAll(codes, code => Cells.WithZeros(code, candidates) ?? code);
            restored.AddRange(codes.Zip(whole).Where(c => c.First != c.Second).Select(c => (row.Line, c.First, c.Second)));
            return codes.Length == 1 || !codes.SequenceEqual(whole) ? row.With(column, string.Join(';', whole)) : row;
        }

        table = table with { Rows = [.. table.Rows.Select(Whole)], Unread = [.. table.Unread.Select(Whole)] };
        if (restored is [var first, ..]) Say(table, first.Line, "code_zeros", column, first.Was, first.Is, restored.Count);
        return table;
    }

    /// <summary>Says so if codes are numbers, and one that does not begin with a zero is shorter than another.</summary>
    public void Doubt(CsvTable.Usable table, string column)
    {
        var codes = table.Rows.Select(row => (row.Line, Code: row[column])).Where(c => c.Code.Length > 0).ToList();
        if (codes.Exists(c => c.Code.AsSpan().ContainsAnyExceptInRange('0', '9')) || codes.Where(c => Cells.IsNumber(c.Code)).ToList() is not [_, ..] numbers) return;
        var (shortest, longest) = (numbers.MinBy(c => c.Code.Length), codes.MaxBy(c => c.Code.Length));
        if (shortest.Code.Length < longest.Code.Length) Say(table, shortest.Line, "code_zeros_doubtful", column, shortest.Code, longest.Code);
    }

    /// <summary>The codes of a cell, in plain characters.</summary>
    public static string[] Codes(string cell) => Texts.Plain(cell).Split([';', ',', '\u3001'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private void Say(CsvTable.Usable table, int line, string code, params ReadOnlySpan<object> blanks) => _remarks.Add(new RefusedLine(table.Shape.File, line, StreetWords.Say(code, blanks)));
}
