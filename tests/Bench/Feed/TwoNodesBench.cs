using System.Diagnostics;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Integration.Harness;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// c1: deliveries for a second of the nodes' processor time: two nodes of ours on one database and one Redis beside two of socket.io with
/// its Redis adapter. Changes are published at the first node, half of the watchers are at the second.
/// </summary>
internal static class TwoNodesBench
{
    private const double Goal = 2;
    private const int Watchers = 500;

    /// <summary>More deliveries than two nodes of socket.io make on one core: they are saturated.</summary>
    private const int PerSecond = 200;

    /// <summary>Until the code is compiled as it stays: the nodes live through the whole run.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(TimeSpan measured, int pairs)
    {
        using (var self = Process.GetCurrentProcess())
            if (OperatingSystem.IsLinux()) self.ProcessorAffinity = 1 << Side.LoadCore; // the database inherits it
        using var material = await Material.PrepareAsync(1_000);
        await using var redis = await Redis.StartAsync();
        await using var database = await PostgresServer.StartAsync();
        await database.AskAsync("CREATE DATABASE bench");
        await using var street = await Arms.TwoStreetsAsync(material, $"--Dispatch:Database={database.ConnectionString("bench")}", $"--Dispatch:Redis=127.0.0.1:{redis.Port}");
        await using var socketIo = await Arms.TwoSocketIosAsync(material, redis.Port);
        foreach (var arm in (Arm[])[street, socketIo])
        {
            await arm.ConnectAsync(Watchers);
            await MeasureAsync(arm, WarmUp);
        }

        var rounds = await Pairs.RunAsync(
            pairs,
            () => MeasureAsync(street, measured),
            () => MeasureAsync(socketIo, measured),
            (i, ours, peer) => Report.Say($"{i}: ours {1e6 / ours:0.0} µs a delivery, socket.io {1e6 / peer:0.0} µs, {ours / peer:0.00}×; load {Report.Load()}"));
        double[] ratios = [.. rounds.Select(r => r.Ours / r.Peer)];
        return Report.Finish(
            new Row(
                "c1",
                $"deliveries for a second of server processor time, two nodes, {Watchers} watchers × {PerSecond} changes/s, over socket.io with its Redis adapter",
                $"≥{Goal:0}×",
                $"{Report.Number(Report.Median(ratios), "0.0")}× ({Report.Number(1e6 / Report.Median(rounds.Select(r => r.Ours)), "0.0")} against {Report.Number(1e6 / Report.Median(rounds.Select(r => r.Peer)), "0.0")} µs a delivery)",
                Report.Range(ratios, "×", "0.0"),
                $"`tests/Bench c1`, {pairs} pairs in turns, {measured.TotalSeconds:0} s each, both nodes on one core, watchers, Redis and PostgreSQL on another and not counted"),
            Report.Median(ratios) >= Goal);
    }

    private static async Task<double> MeasureAsync(Arm arm, TimeSpan measured)
    {
        var (cards, cpu) = (await arm.CountAsync(), arm.Cpu);
        await arm.PacedAsync(PerSecond, measured, Watchers);
        return (await arm.CountAsync() - cards) / (arm.Cpu - cpu).TotalSeconds;
    }
}
