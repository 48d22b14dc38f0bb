using System.Globalization;
using System.Text;
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Rates;

/// <summary>The rates as a table for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would take for a formula.</summary>
public static class RatesCsv
{
    /// <summary>What a spreadsheet takes for the beginning of a formula.</summary>
    private const string Formula = "=+-@\t\r\n";

    public static byte[] Write(RatesView view)
    {
        var text = new StringBuilder("\uFEFF");
        var (_, zh, en) = Sentences.Find("rates_columns");
        Row(text, zh.Split('|').Zip(en.Split('|'), (a, b) => $"{a} {b}"));
        foreach (var g in view.Groups)
        {
            Row(text,
            [
                Day(view.From), Day(view.To), view.AsOf.ToString("O", CultureInfo.InvariantCulture), g.Code, g.Name, g.NameEn, Number(g.Rank), Number(g.Cases), Number(g.Breached), Number(g.Exempt),
                .. new[] { g.Score, g.Response, g.Solved, g.Satisfied, g.Callback, g.FirstTeam, g.Returned, g.Redone, g.ResolvedOnTime }
                    .SelectMany(rate => new[] { Number(rate.Value), Number(rate.Low), Number(rate.High), Number(rate.Of) }),
                .. new[] { g.Time.Push, g.Time.Reach, g.Time.Human, g.Time.Department, g.Time.Pause }.Select(seconds => seconds.ToString(CultureInfo.InvariantCulture)),
            ]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A cell as it is safe in a spreadsheet.</summary>
    public static string Cell(string value)
    {
        var safe = value.Length > 0 && Formula.Contains(value[0], StringComparison.Ordinal) ? $"'{value}" : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int? n) => n?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Number(double? x) => x?.ToString("0.####", CultureInfo.InvariantCulture) ?? string.Empty;
}
