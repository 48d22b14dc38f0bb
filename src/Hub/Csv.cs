using System.Text;

namespace DispatchCenter.Hub;

/// <summary>Tables for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would take for a formula.</summary>
public static class Csv
{
    /// <summary>What a spreadsheet takes for the beginning of a formula.</summary>
    private const string Formula = "=+-@\t\r\n";

    /// <param name="columns">The sentence that names the columns in both languages, separated by bars.</param>
    public static byte[] Write(string columns, IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder("\uFEFF");
        var (_, zh, en) = Sentences.Find(columns);
        Row(text, zh.Split('|').Zip(en.Split('|'), (a, b) => $"{a} {b}"));
        foreach (var row in rows) Row(text, row);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A cell as it is safe in a spreadsheet.</summary>
    public static string Cell(string value)
    {
        var safe = value.Length > 0 && Formula.Contains(value[0], StringComparison.Ordinal) ? $"'{value}" : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
}
