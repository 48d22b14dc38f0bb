using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Feed;

/// <summary>a3: what the server's memory grows by for one more watcher who is shown nothing, ours beside the bare hub.</summary>
internal static class MemoryBench
{
    private const double Goal = 1.25;

    /// <summary>Connections that come and go first, so that what is made once is made.</summary>
    private const int First = 200;

    /// <summary>Longer than a beat and a ping, so that every connection has spoken.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(int connections, int pairs)
    {
        using var material = await Material.PrepareAsync(1);
        var rounds = await Pairs.RunAsync(
            pairs,
            async () => await MeasureAsync(await Arms.StreetAsync(material), connections),
            async () => await MeasureAsync(await Arms.BareAsync(material), connections),
            (i, ours, bare) => Report.Say($"{i}: ours {ours / 1024:0.0} KiB a connection, bare {bare / 1024:0.0} KiB, {ours / bare:0.00}×; load {Report.Load()}"));
        double[] ratios = [.. rounds.Select(r => r.Ours / r.Peer)];
        return Report.Finish(
            new Row(
                "a3",
                "server memory for one watching connection, over the bare hub",
                $"≤{Goal}×",
                $"{Report.Number(Report.Median(ratios))}× ({Report.Number(Report.Median(rounds.Select(r => r.Ours)) / 1024, "0.0")} against {Report.Number(Report.Median(rounds.Select(r => r.Peer)) / 1024, "0.0")} KiB)",
                Report.Range(ratios, "×"),
                $"`tests/Bench a3`, {pairs} pairs in turns, {connections} idle connections, resident memory after a forced collection"),
            Report.Median(ratios) <= Goal);
    }

    /// <returns>Bytes for a connection.</returns>
    private static async Task<double> MeasureAsync(Arm opened, int connections)
    {
        await using var arm = opened;
        await arm.ConnectAsync(First);
        await arm.Load.AskAsync("disconnect");
        await Task.Delay(Settle, TimeProvider.System);
        var before = await arm.Server.LiveMemoryAsync();
        await arm.ConnectAsync(connections);
        await Task.Delay(Settle, TimeProvider.System);
        return (double)(await arm.Server.LiveMemoryAsync() - before) / connections;
    }
}
