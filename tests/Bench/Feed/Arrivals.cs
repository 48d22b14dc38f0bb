using System.Diagnostics;
using System.Globalization;

namespace DispatchCenter.Bench.Feed;

/// <summary>Whistles at random (Poisson), the same for every arm: when each comes, and whether it is one of the watched team's.</summary>
internal sealed class Arrivals
{
    /// <summary>The team that is watched.</summary>
    public const string Team = "01";

    private readonly (double After, bool IsTeams)[] _all;

    private Arrivals((double After, bool IsTeams)[] all) => _all = all;

    public int Count => _all.Length;

    public int TeamCount => _all.Count(a => a.IsTeams);

    /// <param name="perSecond">All of them, on average.</param>
    /// <param name="teamPerSecond">The team's, on average.</param>
    public static Arrivals Random(double perSecond, double teamPerSecond, TimeSpan span, int seed)
    {
        var (random, all) = (new Random(seed), new List<(double, bool)>());
        for (var at = Next(); at < span.TotalSeconds; at += Next()) all.Add((at, random.NextDouble() * perSecond < teamPerSecond));
        return new Arrivals([.. all]);

        double Next() => -Math.Log(1 - random.NextDouble()) / perSecond;
    }

    public static async Task<Arrivals> ReadAsync(string file) =>
        new([.. (await File.ReadAllLinesAsync(file)).Select(l => l.Split(' ')).Select(w => (double.Parse(w[0], CultureInfo.InvariantCulture), w[1] == "1"))]);

    public Task WriteAsync(string file) => File.WriteAllLinesAsync(file, _all.Select(a => FormattableString.Invariant($"{a.After:R} {(a.IsTeams ? 1 : 0)}")));

    public bool IsTeams(int k) => _all[k].IsTeams;

    /// <summary>The instants, as timestamps of <see cref="Stopwatch"/> from a moment ahead.</summary>
    public long[] Due()
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        return [.. _all.Select(a => start + (long)(a.After * Stopwatch.Frequency))];
    }

    /// <summary>Does each at its time, and writes down the running number of its case and the timestamp at which it was due.</summary>
    /// <param name="words">The file with the arrivals; files for what came of all, and of the team's.</param>
    /// <param name="act">Does the k-th of them, without waiting for what becomes of it.</param>
    /// <param name="number">The running number of the k-th's case, once all is done.</param>
    /// <returns>The publisher's lag: its p99 in milliseconds.</returns>
    public static async Task<string> RunAsync(string[] words, Func<Arrivals, int, ValueTask> act, Func<int, Task<int>> number)
    {
        var arrivals = await ReadAsync(words[0]);
        var due = arrivals.Due();
        var late = await Pacer.RunAsync(due, k => act(arrivals, k));
        var lines = new string[due.Length];
        for (var k = 0; k < due.Length; k++) lines[k] = FormattableString.Invariant($"{await number(k)} {due[k]}");
        await File.WriteAllLinesAsync(words[1], lines);
        await File.WriteAllLinesAsync(words[2], lines.Where((_, k) => arrivals.IsTeams(k)));
        return Report.Number(Report.Percentile(late, 0.99));
    }
}
