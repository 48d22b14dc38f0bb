using System.Globalization;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Bench.Feed;

/// <summary>What both servers do alike.</summary>
internal static class Publishing
{
    /// <summary>Publishes one change after the other at its time.</summary>
    /// <param name="words">How many a second, how many, and a file that gets the running number of each case and the timestamp at which its change was due.</param>
    /// <param name="publish">Publishes the k-th.</param>
    /// <returns>The publisher's lag: its p99 in milliseconds.</returns>
    public static async Task<string> PacedAsync(string[] words, List<JournalEntry> changes, Func<int, ValueTask> publish)
    {
        var due = Pacer.Evenly(double.Parse(words[0], CultureInfo.InvariantCulture), Count(words[1..]));
        var late = await Pacer.RunAsync(due, publish);
        await File.WriteAllLinesAsync(words[2], due.Select((at, k) => FormattableString.Invariant($"{RunningNumber(changes[k % changes.Count].CallNo)} {at}")));
        return Report.Number(Report.Percentile(late, 0.99));
    }

    public static int Count(string[] words) => int.Parse(words[0], CultureInfo.InvariantCulture);

    /// <summary>The digits after the last dash.</summary>
    public static int RunningNumber(string callNo) => int.Parse(callNo.AsSpan(callNo.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}
