using DispatchCenter.Bench.Feed;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Bench.Clocks;

/// <summary>d2: how late a breach is noted by the host's own sweep with 10⁶ cases open, beside the same with 10³.</summary>
internal static class LatenessBench
{
    public const int Many = 1_000_000;
    public const int Few = 1_000;

    private const double RatioGoal = 1.2;
    private const double LateGoalMs = 500;

    /// <summary>Breaches a second: a very bad day, and far below what a tick can take.</summary>
    private const int PerSecond = 25;

    /// <summary>From the making of the cases to the first breach: the host starts meanwhile.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(12);

    /// <summary>After the last breach the host still runs this long.</summary>
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(TimeSpan measured, int pairs)
    {
        var root = Directory.CreateTempSubdirectory("dispatch-bench-").FullName;
        try
        {
            var (many, few) = (Directory.CreateDirectory(Path.Combine(root, "many")).FullName, Directory.CreateDirectory(Path.Combine(root, "few")).FullName);
            await FillAsync(few, Few);
            await FillAsync(many, Many);
            var rounds = await Pairs.RunAsync(
                pairs, () => RoundAsync(many, measured), () => RoundAsync(few, measured),
                (i, m, f) => Report.Say($"{i}: {Many} open: p50 {Report.Percentile(m, 0.5):0} ms, p99 {Report.Percentile(m, 0.99):0} ms, max {m.Max():0} ms; {Few} open: p50 {Report.Percentile(f, 0.5):0} ms, p99 {Report.Percentile(f, 0.99):0} ms, max {f.Max():0} ms"));
            double[] ratios = [.. rounds.Select(r => Report.Percentile(r.Ours, 0.99) / Report.Percentile(r.Peer, 0.99))], late = [.. rounds.Select(r => Report.Percentile(r.Ours, 0.99))];
            return Report.Finish(
                new Row(
                    "d2",
                    "breach lateness p99, 10⁶ open cases vs 10³",
                    $"≤{RatioGoal}×, and ≤{LateGoalMs / 1_000} s",
                    $"{Report.Number(Report.Median(ratios))}×; {Report.Number(Report.Median(late), "0")} ms over {Report.Number(Report.Median(rounds.Select(r => Report.Percentile(r.Peer, 0.99))), "0")} ms (the sweep ticks every 250 ms)",
                    $"{Report.Range(ratios, "×")}; {Report.Range(late, " ms", "0")}",
                    FormattableString.Invariant($"`tests/Bench d2`, {pairs} pairs of {measured.TotalSeconds:0} s with {PerSecond} breaches a second, the whole host on one core")),
                Report.Median(ratios) <= RatioGoal && Report.Median(late) <= LateGoalMs);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    public static async Task FillAsync(string folder, int count)
    {
        await using var cases = await OpenCases.TakeAsync(folder);
        await cases.FillAsync(count);
    }

    /// <summary>How late each breach was, in ms.</summary>
    /// <exception cref="InvalidOperationException">A clock has not acted, or acted twice.</exception>
    public static async Task<double[]> RoundAsync(string folder, TimeSpan measured)
    {
        var first = TimeProvider.System.GetUtcNow() + Lead;
        DateTimeOffset[] dues = [.. Enumerable.Range(0, (int)(measured.TotalSeconds * PerSecond)).Select(i => first + (TimeSpan.FromSeconds(1) / PerSecond * i))];
        string[] numbers;
        await using (var cases = await OpenCases.TakeAsync(folder)) numbers = await cases.OpenDueAsync(dues);
        await using (await Side.StartAsync(StreetSide.Name, Side.ServerCore, folder, Path.Combine(folder, "dispatch.db")))
        {
            if (TimeProvider.System.GetUtcNow() > first) throw new InvalidOperationException("The host was up only after the first breach.");
            await Task.Delay(dues[^1] + Tail - TimeProvider.System.GetUtcNow(), TimeProvider.System);
        }

        using var database = SqliteDatabase.Take(Path.Combine(folder, "dispatch.db"), Modules.All);
        var journal = new JournalQueries(database);
        var late = new double[dues.Length];
        for (var i = 0; i < dues.Length; i++)
        {
            var lapses = (await journal.OfCallAsync(numbers[i], CancellationToken.None)).Where(e => e.What == "lapsed").ToList();
            if (lapses.Count != 1) throw new InvalidOperationException($"{numbers[i]} has lapsed {lapses.Count} times instead of once.");
            late[i] = (lapses[0].At - dues[i]).TotalMilliseconds;
        }

        return late;
    }
}
