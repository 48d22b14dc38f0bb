using System.Globalization;

namespace DispatchCenter.AuditVerify;

/// <summary>What the program reads and prints as text.</summary>
public static class Tell
{
    /// <summary>Prints each finding and a last line with the totals; returns the exit code: 0 whole, 1 not.</summary>
    public static int Report(Report report, TextWriter to)
    {
        foreach (var fault in report.Faults) to.WriteLine(fault);
        if (report.More > 0) to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… 另有 {report.More} 处 and {report.More} more"));
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(report.IsWhole ? "完整 whole" : $"{report.Faults.Count + report.More} 处有出入 findings")}: {report.Links} 环 links, {report.Rows} 行 rows, 链尾 end {report.End}"));
        return report.IsWhole ? 0 : 1;
    }

    /// <summary>An end of the chain: <c>N:HASH</c>, or a file whose first word is one.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static (long Link, string Hash) ReadEnd(string text)
    {
        var end = File.Exists(text) ? File.ReadAllText(text).Split([' ', '\n'], 2)[0] : text;
        return end.Split(':') is [var n, { Length: 64 } hash] && long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var link)
            ? (link, hash) : throw new FormatException($"{text} is not an end of a chain: N:HASH, or a file that holds one.");
    }
}
