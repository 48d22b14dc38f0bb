using System.Globalization;

namespace DispatchCenter.Bench.Feed;

/// <summary>What both servers do alike.</summary>
internal static class Publishing
{
    /// <summary>Publishes one change after the other at its time.</summary>
    /// <param name="words">How many a second, and how many.</param>
    /// <param name="publish">Publishes the k-th.</param>
    /// <returns>The timestamp of the first, and the publisher's lag: its p99 in milliseconds.</returns>
    public static async Task<string> PacedAsync(string[] words, Func<int, ValueTask> publish)
    {
        var due = Pacer.Evenly(double.Parse(words[0], CultureInfo.InvariantCulture), Count(words[1..]));
        var late = await Pacer.RunAsync(due, publish);
        return $"{due[0]} {Report.Number(Report.Percentile(late, 0.99))}";
    }

    public static int Count(string[] words) => int.Parse(words[0], CultureInfo.InvariantCulture);
}
