using CsvHelper;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Tables for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would take for a formula.</summary>
public static class Csv
{
    /// <summary>What a spreadsheet takes for the beginning of a formula, full-width signs too: the library's own guard knows ASCII alone.</summary>
    private const string Formula = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

    private static readonly CsvWriterOptions Form = CsvWriterOptions.Default with { HasHeader = false, NewLine = "\r\n", ValidateFieldCount = false, WriteByteOrderMark = true };

    /// <param name="columns">The sentence that names the columns in both languages, separated by bars.</param>
    public static byte[] Write(string columns, IEnumerable<IEnumerable<string>> rows)
    {
        var (_, zh, en) = Sentences.Find(columns);
        return Write([zh.Split('|').Zip(en.Split('|'), (a, b) => $"{a} {b}"), .. rows]);
    }

    /// <param name="rows">The heading first.</param>
    public static byte[] Write(IEnumerable<IEnumerable<string>> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, Form, leaveOpen: true))
        {
            foreach (var row in rows) csv.WriteRecord([.. row.Select(Defused)]);
        }

        return bytes.ToArray();
    }

    /// <summary>A spreadsheet looks past blanks for a formula, and takes a line end or a tab in front for a reason to.</summary>
    private static string Defused(string cell) =>
        cell.AsSpan().TrimStart() is { Length: > 0 } seen && (Formula.Contains(seen[0], StringComparison.Ordinal) || cell[0] is '\t' or '\r' or '\n') ? $"'{cell}" : cell;
}
