using CsvHelper;

namespace DispatchCenter.Hub.Kernel;

/// <summary>CSV for spreadsheets: UTF-8 with a byte order mark, with no cell that a spreadsheet would read as a formula.</summary>
public static class Csv
{
    /// <summary>Characters that start a formula, including full-width signs: the library's own guard covers only ASCII.</summary>
    private const string Formula = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

    private static readonly CsvWriterOptions Form = CsvWriterOptions.Default with { HasHeader = false, NewLine = "\r\n", ValidateFieldCount = false, WriteByteOrderMark = true };

    /// <param name="columns">The sentence with the column names in both languages, separated by bars.</param>
    public static byte[] Write(string columns, IEnumerable<IEnumerable<string>> rows)
    {
        var (_, zh, en) = Sentences.Find(columns);
        return Write([zh.Split('|').Zip(en.Split('|'), (a, b) => $"{a} {b}"), .. rows]);
    }

    /// <param name="rows">Header first.</param>
    public static byte[] Write(IEnumerable<IEnumerable<string>> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, Form, leaveOpen: true))
        {
            foreach (var row in rows) csv.WriteRecord([.. row.Select(Defused)]);
        }

        return bytes.ToArray();
    }

    /// <summary>Whether a spreadsheet would take a cell for a formula: it skips leading spaces, and treats a leading line end or tab as the beginning of one.</summary>
    internal static bool IsFormula(ReadOnlySpan<char> cell) =>
        cell.TrimStart() is { Length: > 0 } seen && (Formula.Contains(seen[0], StringComparison.Ordinal) || cell[0] is '\t' or '\r' or '\n');

    private static string Defused(string cell) => IsFormula(cell) ? $"'{cell}" : cell;
}
