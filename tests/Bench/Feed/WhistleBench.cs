using System.Globalization;
using DispatchCenter.Bench.Durable;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Feed;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// a2: from a whistle to those who watch, beside the least that it could take: a bare hub that sends the same card, and a bare commit of
/// the same rows. Whistles come at random, so that a frame's rest is met as often as it would be.
/// </summary>
internal static class WhistleBench
{
    private const double Goal = 1.5;

    /// <summary>What a street watcher, who sees every change, may wait longer: one rest of its lane.</summary>
    private static readonly TimeSpan StreetGrace = LiveFeed.Pace;

    private const double MostLag = 5;
    private const double TeamPerSecond = 5;
    private const int TeamWatchers = 20;
    private const int StreetWatchers = 5;
    private const int Callers = 64;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClosedLoop = TimeSpan.FromSeconds(3);

    /// <summary>p99 in milliseconds.</summary>
    /// <param name="Commit">Of the bare commit; 0 where it is within the others.</param>
    private sealed record Figures(double Team, double Street, double Commit)
    {
        /// <summary>Until our desk has answered: on disk, and not yet on a screen.</summary>
        public double Answered { get; init; }

        public double TeamOver(Figures floor) => Team / (floor.Team + floor.Commit);

        public double StreetOver(Figures floor) => (Street - StreetGrace.TotalMilliseconds) / (floor.Street + floor.Commit);
    }

    public static async Task<int> RunAsync(TimeSpan measured, int pairs, int wanted)
    {
        using var material = await Material.PrepareAsync((int)(measured.TotalSeconds * wanted * 1.1));
        var most = await ClosedLoopAsync(material);
        var rate = Math.Min(wanted, (int)(most / 2));
        Report.Say($"{most:0} whistles/s from {Callers} callers on the server's core; {rate}/s come at random");
        var (lags, ours, floor) = (new List<double>(), 0, 0);
        var rounds = await Pairs.RunAsync(
            pairs,
            () => StreetAsync(material, Both(rate, measured, ++ours), lags),
            () => FloorAsync(material, Both(rate, measured, ++floor), lags),
            (i, street, bare) => Report.Say($"{i}: answered p99 {street.Answered:0.0} ms; team p99 {street.Team:0.0} ms over hub {bare.Team:0.0} + commit {bare.Commit:0.0} ms, {street.TeamOver(bare):0.00}×; street p99 {street.Street:0.0} ms less {StreetGrace.TotalMilliseconds:0} ms over hub {bare.Street:0.0} + commit {bare.Commit:0.0} ms, {street.StreetOver(bare):0.00}×; lag p99 at most {lags.Max():0.0} ms; load {Report.Load()}"));
        double[] team = [.. rounds.Select(r => r.Ours.TeamOver(r.Peer))], all = [.. rounds.Select(r => r.Ours.StreetOver(r.Peer))];
        var isVoid = lags.Max() > MostLag;
        return Report.Finish(
            new Row(
                "a2",
                $"p99 whistle accepted → on a team's watcher (≤{TeamPerSecond:0} changes/s) · on a street watcher (all {rate}/s)",
                $"≤{Goal} × (bare hub p99 + bare commit p99) · that + {StreetGrace.TotalMilliseconds:0} ms",
                $"{(isVoid ? "VOID: " : string.Empty)}{Report.Number(Report.Median(team))}× ({Of(r => r.Ours.Team)} ms, of which {Of(r => r.Ours.Answered)} until the desk answers, against {Of(r => r.Peer.Team)} + {Of(r => r.Peer.Commit)} ms) · {Report.Number(Report.Median(all))}× ({Of(r => r.Ours.Street)} − {StreetGrace.TotalMilliseconds:0} against {Of(r => r.Peer.Street)} + {Of(r => r.Peer.Commit)} ms)",
                $"{Report.Range(team, "×")} · {Report.Range(all, "×")}",
                FormattableString.Invariant($"`tests/Bench a2`, {pairs} pairs in turns, {measured.TotalSeconds:0} s each, open loop at random, {rate} whistles/s through the desk ({(rate < wanted ? "half of" : "of")} the {most:0}/s that {Callers} callers get from it on this one core), server on one core, {TeamWatchers} + {StreetWatchers} watchers on another; the publisher's lag p99 is at most {lags.Max():0.0} ms")),
            Report.Median(team) <= Goal && Report.Median(all) <= Goal && !isVoid);

        string Of(Func<(Figures Ours, Figures Peer), double> which) => Report.Number(Report.Median(rounds.Select(which)), "0.0");
    }

    /// <summary>The warm-up's arrivals and the measured ones; those of a pair are the same for both arms.</summary>
    private static (Arrivals WarmUp, Arrivals Measured) Both(int rate, TimeSpan measured, int pair) =>
        (Arrivals.Random(rate, TeamPerSecond, WarmUp, seed: -pair), Arrivals.Random(rate, TeamPerSecond, measured, seed: pair));

    /// <summary>Durable whistles a second that callers get who whistle again when the last is on disk.</summary>
    private static async Task<double> ClosedLoopAsync(Material material)
    {
        await using var arm = await Arms.DeskAsync(material);
        await arm.Server.AskAsync("closed", ClosedLoop.TotalSeconds, Callers); // until the code is compiled as it stays
        return double.Parse((await arm.Server.AskAsync("closed", ClosedLoop.TotalSeconds, Callers))[0], CultureInfo.InvariantCulture);
    }

    private static async Task<Figures> StreetAsync(Material material, (Arrivals WarmUp, Arrivals Measured) come, List<double> lags)
    {
        await using var arm = await Arms.DeskAsync(material);
        return await WatchedAsync(arm, material, come, lags);
    }

    private static async Task<Figures> FloorAsync(Material material, (Arrivals WarmUp, Arrivals Measured) come, List<double> lags)
    {
        Figures hub;
        await using (var arm = await Arms.BareAsync(material)) hub = await WatchedAsync(arm, material, come, lags);
        await using var commit = await Side.StartAsync(CommitSide.Name, Side.ServerCore, material.NewFolder(), material.Changes);
        string file = material.NewFile();
        await come.WarmUp.WriteAsync(file);
        await commit.AskAsync("commit", file);
        await come.Measured.WriteAsync(file);
        return hub with { Commit = double.Parse((await commit.AskAsync("commit", file))[0], CultureInfo.InvariantCulture) };
    }

    private static async Task<Figures> WatchedAsync(Arm arm, Material material, (Arrivals WarmUp, Arrivals Measured) come, List<double> lags)
    {
        string file = material.NewFile(), all = material.NewFile(), team = material.NewFile();
        await arm.ConnectAsync(TeamWatchers, name: "team", userName: "grid001");
        await arm.ConnectAsync(StreetWatchers, name: "street");
        await WhistleAsync(come.WarmUp);
        await arm.Load.AskAsync("record", come.WarmUp.Count + come.Measured.Count + 1);
        var said = await WhistleAsync(come.Measured);
        lags.Add(said[0]);
        return new Figures(await arm.LatencyAsync("team", team), await arm.LatencyAsync("street", all), 0) { Answered = said.Length > 1 ? said[1] : 0 };

        async Task<double[]> WhistleAsync(Arrivals arrivals)
        {
            await arrivals.WriteAsync(file);
            var before = await arm.CountAsync();
            var said = await arm.Server.AskAsync("whistle", file, all, team);
            await arm.UntilAsync(before + ((long)arrivals.Count * StreetWatchers) + ((long)arrivals.TeamCount * TeamWatchers));
            return [.. said.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        }
    }
}
