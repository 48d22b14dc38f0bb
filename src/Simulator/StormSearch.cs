using System.Globalization;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator;

/// <summary>
/// Runs short storms at increasing rates to find the highest one that the dispatch centre sustains, then repeats that rate for the full
/// time. The first storm is a warm-up and is not judged.
/// </summary>
/// <param name="Options">For every storm.</param>
/// <param name="First">The first rate, in whistles per second.</param>
/// <param name="Most">The highest rate tried.</param>
/// <param name="Step">The length of each search storm.</param>
/// <param name="Full">The length of the final storm.</param>
/// <param name="Arrive">The arrivals at a rate for a length of time.</param>
internal sealed record StormSearch(RunOptions Options, double First, double Most, TimeSpan Step, TimeSpan Full, Func<double, TimeSpan, IReadOnlyList<TimeSpan>> Arrive)
{
    /// <summary>The p99 limit from whistle to team; a slower rate is not sustained.</summary>
    public static readonly TimeSpan LatencyLimit = TimeSpan.FromSeconds(2);

    /// <summary>Why a storm was too much; null if it was not.</summary>
    public static string? TooMuch(Summary storm) => storm switch
    {
        { Held: false } => $"broken: {string.Join(", ", storm.Promises.Where(p => p.Count > 0).Select(p => $"{p.Name} {p.Count}"))}",
        { LatencyVoid: true } => "the generator lagged: the simulator, or the machine they share, is the bound",
        { WhistleToTeam: null } => "no whistle came to a team",
        { WhistleToTeam.P99: var p99 } when p99 > LatencyLimit.TotalMilliseconds => $"whistle to team p99 above {LatencyLimit.TotalSeconds:0} s",
        _ => null,
    };

    /// <returns>The full-length storm at the rate found; null if none held or the user stopped.</returns>
    public async Task<(RunOptions Options, Verdict Verdict)?> Run(TextWriter output, CancellationToken stop)
    {
        await Storm(First, Step, TextWriter.Null, stop);
        stop.ThrowIfCancellationRequested();
        var (held, broke) = await RateSearch.Run(First, Most, async rate =>
        {
            var (_, verdict) = await Storm(rate, Step, TextWriter.Null, stop);
            stop.ThrowIfCancellationRequested();
            output.WriteLine(Line(rate, verdict.Summary));
            return TooMuch(verdict.Summary) is null;
        });
        if (held is not { } best)
        {
            output.WriteLine("no rate held");
            return null;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"found {best:0.#} a second{(broke is { } above ? $", {above:0.#} was too much" : ", the highest that is tried")}; now for {Full.TotalSeconds:0} s"));
        var full = await Storm(best, Full, output, stop);
        if (TooMuch(full.Verdict.Summary) is { } why) output.WriteLine($"NOT SUSTAINED for the full time: {why}");
        return full;
    }

    internal static string Line(double rate, Summary storm) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rate:0.#} a second: {TooMuch(storm) ?? "held"}; generator lag p99 {storm.GeneratorLag?.P99:0.0} ms, whistle to team p50 {storm.WhistleToTeam?.P50:0} p99 {storm.WhistleToTeam?.P99:0} ms, to board p99 {storm.WhistleToBoard?.P99:0} ms; this simulator {storm.CpuShare:P0} of a core, all else on this machine {(storm.OthersCpuShare is { } others ? others.ToString("P0", CultureInfo.InvariantCulture) : "not measurable")}");

    private async Task<(RunOptions Options, Verdict Verdict)> Storm(double rate, TimeSpan length, TextWriter output, CancellationToken stop)
    {
        var options = Options with { Title = string.Create(CultureInfo.InvariantCulture, $"storm at {rate:0.#} a second") };
        return (options, await Rehearsal.Run(options, street => Plan.Of(options, Scenario.Draw(options.Seed, street, Arrive(rate, length), Tempo.Hurried)), output, stop));
    }
}
