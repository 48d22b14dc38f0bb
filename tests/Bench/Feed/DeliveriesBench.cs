using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// a1: deliveries for a second of the server's processor time, ours beside a bare group broadcast of the same cards. A delivery is a
/// card that has reached a watcher; every change is of another case here, so none is left out because a later version covers it.
/// </summary>
internal static class DeliveriesBench
{
    private const double Goal = 4;
    private const double GoalAtOnce = 0.8;
    private const int Watchers = 500;
    private const int PerSecond = 200;

    /// <summary>Changes published at once; less than a lane keeps, for more than that would be a snapshot and no deliveries.</summary>
    private const int AtOnce = 1_000;

    private const int Bursts = 3;

    /// <summary>Until the code is compiled as it stays: the servers live through the whole run.</summary>
    private const int WarmUps = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    /// <summary>Deliveries for a second of processor time.</summary>
    private sealed record Figures(double Paced, double AtOnce);

    public static async Task<int> RunAsync(TimeSpan measured, int pairs)
    {
        using var material = await Material.PrepareAsync(AtOnce);
        await using var street = await Arms.StreetAsync(material);
        await using var bare = await Arms.BareAsync(material);
        foreach (var arm in (Arm[])[street, bare])
        {
            await arm.ConnectAsync(Watchers);
            for (var i = 0; i < WarmUps; i++) await MeasureAsync(arm, WarmUp);
        }

        var rounds = await Pairs.RunAsync(
            pairs,
            () => MeasureAsync(street, measured),
            () => MeasureAsync(bare, measured),
            (i, ours, bare) => Report.Say($"{i}: ours {1e6 / ours.Paced:0.0} µs a delivery, bare {1e6 / bare.Paced:0.0} µs, {ours.Paced / bare.Paced:0.00}×; at once {1e6 / ours.AtOnce:0.0} µs, bare {1e6 / bare.AtOnce:0.0} µs, {ours.AtOnce / bare.AtOnce:0.00}×; load {Report.Load()}"));
        double[] paced = [.. rounds.Select(r => r.Ours.Paced / r.Peer.Paced)], atOnce = [.. rounds.Select(r => r.Ours.AtOnce / r.Peer.AtOnce)];
        return Report.Finish(
            new Row(
                "a1",
                $"deliveries for a second of server processor time, {Watchers} watchers × {PerSecond} changes/s, over a bare SignalR group broadcast of the same bytes · {AtOnce} changes published at once",
                $"≥{Goal:0}× · ≥{GoalAtOnce}×",
                $"{Report.Number(Report.Median(paced), "0.0")}× ({Report.Number(1e6 / Report.Median(rounds.Select(r => r.Ours.Paced)), "0.0")} against {Report.Number(1e6 / Report.Median(rounds.Select(r => r.Peer.Paced)), "0.0")} µs a delivery) · {Report.Number(Report.Median(atOnce))}× ({Report.Number(1e6 / Report.Median(rounds.Select(r => r.Ours.AtOnce)), "0.0")} against {Report.Number(1e6 / Report.Median(rounds.Select(r => r.Peer.AtOnce)), "0.0")} µs)",
                $"{Report.Range(paced, "×", "0.0")} · {Report.Range(atOnce, "×")}",
                $"`tests/Bench a1`, {pairs} pairs in turns, {measured.TotalSeconds:0} s and {Bursts} bursts each, server on one core, watchers on another"),
            Report.Median(paced) >= Goal && Report.Median(atOnce) >= GoalAtOnce);
    }

    private static async Task<Figures> MeasureAsync(Arm arm, TimeSpan measured)
    {
        await arm.PacedAsync(PerSecond, Settle, Watchers);
        var (cards, cpu) = (await arm.CountAsync(), arm.Cpu);
        await arm.PacedAsync(PerSecond, measured, Watchers);
        var paced = (await arm.CountAsync() - cards) / (arm.Cpu - cpu).TotalSeconds;
        (cards, cpu) = (await arm.CountAsync(), arm.Cpu);
        for (var i = 0; i < Bursts; i++) await arm.BurstAsync(AtOnce, Watchers);
        return new Figures(paced, (await arm.CountAsync() - cards) / (arm.Cpu - cpu).TotalSeconds);
    }
}
