using System.Diagnostics;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Integration.Harness;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// c1: deliveries for a second of the nodes' processor time: two nodes of ours on one database and one Redis beside two of socket.io with
/// its Redis adapter and two of a bare SignalR hub on SignalR's own Redis backplane. Changes are published at the first node, half of the
/// watchers are at the second. At the end Redis is restarted under SignalR's backplane and what it loses is counted; ours is in c4.
/// </summary>
internal static class TwoNodesBench
{
    private const double Goal = 2;
    private const int Watchers = 500;

    /// <summary>More deliveries than two nodes of a peer make on one core: they are saturated.</summary>
    private const int PerSecond = 200;

    private const int Restarts = 13;

    /// <summary>Few enough that nothing is lost to a lack of time.</summary>
    private const int PerSecondUnderRestarts = 20;

    /// <summary>Until the code is compiled as it stays: the nodes live through the whole run.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Redis is there this long, and away this long, in turns.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

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
        await using var signalR = await Arms.TwoHubsAsync(material, redis.Port);
        Arm[] arms = [street, socketIo, signalR];
        foreach (var arm in arms)
        {
            await arm.ConnectAsync(Watchers);
            await MeasureAsync(arm, WarmUp);
        }

        var rounds = new List<double[]>();
        for (var i = 0; i < pairs; i++)
        {
            var round = new double[arms.Length];
            for (var k = 0; k < arms.Length; k++) round[(i + k) % arms.Length] = await MeasureAsync(arms[(i + k) % arms.Length], measured); // each begins as often
            rounds.Add(round);
            Report.Say($"{i + 1}: ours {1e6 / round[0]:0.0} µs a delivery, socket.io {1e6 / round[1]:0.0} µs ({round[0] / round[1]:0.00}×), SignalR's backplane {1e6 / round[2]:0.0} µs ({round[0] / round[2]:0.00}×); load {Report.Load()}");
        }

        var (due, came) = await LoseAsync(signalR, redis);
        Report.Say($"SignalR's backplane over {Restarts} restarts of Redis: {due - came} of {due} deliveries lost");
        double[] overSocketIo = [.. rounds.Select(r => r[0] / r[1])], overSignalR = [.. rounds.Select(r => r[0] / r[2])];
        return Report.Finish(
            new Row(
                "c1",
                $"deliveries for a second of server processor time, two nodes, {Watchers} watchers × {PerSecond} changes/s, over socket.io with its Redis adapter · over SignalR's own Redis backplane",
                $"≥{Goal:0}× · ≥{Goal:0}×",
                $"{Report.Number(Report.Median(overSocketIo), "0.0")}× · {Report.Number(Report.Median(overSignalR), "0.0")}× ({Cost(rounds, 0)} against {Cost(rounds, 1)} and {Cost(rounds, 2)} µs a delivery); over {Restarts} restarts of Redis SignalR's backplane lost {due - came} of {due} deliveries, ours none (c4)",
                $"{Report.Range(overSocketIo, "×", "0.0")} · {Report.Range(overSignalR, "×", "0.0")}",
                $"`tests/Bench c1`, {pairs} rounds in turns, {measured.TotalSeconds:0} s each, both nodes on one core, watchers, Redis and PostgreSQL on another and not counted"),
            Report.Median(overSocketIo) >= Goal && Report.Median(overSignalR) >= Goal);
    }

    private static string Cost(List<double[]> rounds, int arm) => Report.Number(1e6 / Report.Median(rounds.Select(r => r[arm])), "0.0");

    private static async Task<(long Due, long Came)> LoseAsync(Arm arm, Redis redis)
    {
        var restarting = Task.Run(async () =>
        {
            for (var i = 0; i < Restarts; i++)
            {
                await Task.Delay(Turn, TimeProvider.System);
                await redis.KillAsync();
                await Task.Delay(Turn, TimeProvider.System);
                await redis.UpAsync();
            }
        });
        var lost = await arm.RegardlessAsync(PerSecondUnderRestarts, 2 * (Restarts + 1) * Turn, Watchers, Turn);
        await restarting;
        return lost;
    }

    private static async Task<double> MeasureAsync(Arm arm, TimeSpan measured)
    {
        var (cards, cpu) = (await arm.CountAsync(), arm.Cpu);
        await arm.PacedAsync(PerSecond, measured, Watchers);
        return (await arm.CountAsync() - cards) / (arm.Cpu - cpu).TotalSeconds;
    }
}
