using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Feed;

/// <summary>a4: what the healthy notice of those who stall: the p99 from a change's time to every healthy watcher, with one watcher in a hundred who reads nothing, and with none.</summary>
internal static class StalledBench
{
    private const double Goal = 1.2;
    private const double MostLag = 5;
    private const int Watchers = 200;
    private const int Stalled = Watchers / 100;
    /// <summary>Long enough for a stalled socket to fill up, and for the code to be compiled as it stays.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(TimeSpan measured, int pairs, int perSecond)
    {
        using var material = await Material.PrepareAsync((int)measured.TotalSeconds * perSecond);
        var lags = new List<double>();
        var rounds = await Pairs.RunAsync(
            pairs,
            () => MeasureAsync(material, measured, perSecond, Stalled, lags),
            () => MeasureAsync(material, measured, perSecond, 0, lags),
            (i, with, without) => Report.Say($"{i}: p99 {with:0.0} ms with {Stalled} stalled, {without:0.0} ms with none, {with / without:0.00}×; load {Report.Load()}"));
        double[] ratios = [.. rounds.Select(r => r.Ours / r.Peer)];
        var isVoid = lags.Max() > MostLag;
        return Report.Finish(
            new Row(
                "a4",
                $"p99 of healthy watchers with {Stalled} of {Watchers} stalled, over none stalled",
                $"≤{Goal}×",
                $"{(isVoid ? "VOID: " : string.Empty)}{Report.Number(Report.Median(ratios))}× ({Report.Number(Report.Median(rounds.Select(r => r.Ours)), "0.0")} against {Report.Number(Report.Median(rounds.Select(r => r.Peer)), "0.0")} ms)",
                Report.Range(ratios, "×"),
                $"`tests/Bench a4`, {pairs} pairs in turns, {perSecond} changes/s for {measured.TotalSeconds:0} s, open loop; the publisher's lag p99 is at most {Report.Number(lags.Max(), "0.0")} ms"),
            Report.Median(ratios) <= Goal && !isVoid);
    }

    /// <returns>The p99 in milliseconds.</returns>
    private static async Task<double> MeasureAsync(Material material, TimeSpan measured, int perSecond, int stalled, List<double> lags)
    {
        await using var arm = await Arms.StreetAsync(material);
        await arm.ConnectAsync(Watchers, stalled);
        await arm.PacedAsync(perSecond, WarmUp, Watchers - stalled);
        await arm.Load.AskAsync("record", ((int)measured.TotalSeconds * perSecond) + 1);
        lags.Add(await arm.PacedAsync(perSecond, measured, Watchers - stalled));
        return await arm.LatencyAsync();
    }
}
