using System.Globalization;
using DispatchCenter.Bench.Clocks;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Bench.Nodes;

/// <summary>d3: breaches noted twice or never, while each of two nodes is killed (-9) at random and started again.</summary>
internal static class KilledNodesBench
{
    private const int PerSecond = 10;

    /// <summary>From the making of the cases to the first breach.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(5);

    /// <summary>A node lives this long, or up to three times as long, before it is killed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    /// <summary>After the last kill, for what is still due.</summary>
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(TimeSpan measured, int seed)
    {
        await using var cluster = await Cluster.StartAsync(2);
        var first = TimeProvider.System.GetUtcNow() + Lead + TimeSpan.FromSeconds(measured.TotalSeconds / 10); // planting takes a while
        DateTimeOffset[] dues = [.. Enumerable.Range(0, (int)(measured.TotalSeconds * PerSecond)).Select(i => first + (TimeSpan.FromSeconds(1) / PerSecond * i))];
        string[] numbers;
        await using (var cases = await OpenCases.TakeAsync(Path.Combine(cluster.Folder, "planter"), cluster.Database)) numbers = await cases.OpenDueAsync(dues);
        var kills = await Task.WhenAll(Enumerable.Range(1, cluster.Nodes).Select(n => KillAsync(cluster, n, dues[^1], new Random(seed + n))));
        await Task.Delay(Tail, TimeProvider.System);

        var (doubled, missed, late) = (0, 0, new double[dues.Length]);
        using var database = PostgresDatabase.Of(cluster.Database, Path.Combine(cluster.Folder, "bench"), Modules.All);
        var journal = new JournalQueries(database);
        for (var i = 0; i < dues.Length; i++)
        {
            var acts = (await journal.OfCallAsync(numbers[i], CancellationToken.None)).Where(e => e.What is "warned" or "lapsed").ToList();
            if (acts.CountBy(a => (a.What, a.Answer)).Any(a => a.Value > 1)) doubled++;
            if (acts.Find(a => a.What == "lapsed") is not { } lapse) missed++;
            else late[i] = (lapse.At - dues[i]).TotalMilliseconds;
            if (late[i] < 0) doubled++; // before its time is as wrong
        }

        Report.Say($"lateness: p50 {Report.Percentile(late, 0.5):0} ms, p99 {Report.Percentile(late, 0.99):0} ms, max {late.Max():0} ms (both nodes down at once at times)");
        return Report.Finish(
            new Row(
                "d3",
                "duplicate or missed breaches, two nodes killed at random",
                "0",
                string.Create(CultureInfo.InvariantCulture, $"{doubled} duplicate, {missed} missed of {dues.Length} ({kills.Sum()} kills -9)"),
                "–",
                string.Create(CultureInfo.InvariantCulture, $"`tests/Bench d3 --seed {seed}`, {measured.TotalSeconds:0} s with {PerSecond} breaches a second and their warnings, PostgreSQL and Redis, each node killed every {Life.TotalSeconds:0}–{3 * Life.TotalSeconds:0} s of its life")),
            doubled == 0 && missed == 0);
    }

    private static async Task<int> KillAsync(Cluster cluster, int node, DateTimeOffset until, Random random)
    {
        var kills = 0;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            await Task.Delay(Life * (1 + (2 * random.NextDouble())), TimeProvider.System);
            await cluster.RunAsync("kill", $"{node}");
            await cluster.RunAsync("up", $"{node}");
            kills++;
        }

        return kills;
    }
}
