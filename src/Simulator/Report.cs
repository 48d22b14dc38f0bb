using System.Globalization;

namespace DispatchCenter.Simulator;

/// <summary>The summary as plain text.</summary>
internal static class Report
{
    public static void Write(TextWriter to, Summary summary)
    {
        var counts = string.Join(", ", summary.Promises.Select(p => $"{p.Name} {p.Count}"));
        Line(to, $"acknowledged {summary.Acknowledged} of {(summary.Interrupted ? summary.Sent : summary.Whistles)}, {counts}");
        Line(to, $"sent {summary.Sent} whistles in {summary.Seconds:F1} s, {summary.SentPerSecond:F1} a second, seed {summary.Seed}, retries {summary.Retries}, busy answers {summary.BusyAnswers}");
        Line(to, $"answers: {string.Join(", ", summary.Answers.Select(a => $"{a.Key} {a.Value}"))}; races {summary.Races}");
        if (summary is { Errands: { } errands, ErrandSteps: { } steps }) Line(to, $"errands: {string.Join(", ", errands.Select(e => $"{e.Key} {e.Value}"))}; steps {string.Join(", ", steps.Select(s => $"{s.Key} {s.Value}"))}");
        if (summary.Exceptions is { } used) Line(to, $"exceptions in the journal: {string.Join(", ", used.Select(u => $"{u.Key} {u.Value}"))}");
        Line(to, $"watchers: boards {summary.Boards}, team members {summary.TeamMembers}, pages {summary.Pages}, reconnects {summary.Reconnects}, resyncs {summary.Resyncs}, new epochs {summary.EpochChanges}");
        if (summary.BackOnTheirFeet is { } back) Line(to, $"back on their feet      {Figures(back)}");
        Line(to, $"deliveries: {summary.Deliveries} in {summary.Frames} frames, {summary.DeliveriesPerSecond:F0} a second");
        Line(to, $"this simulator: {summary.CpuShare:P0} of a core, {summary.MemoryMegabytes:F0} MB{(summary.OthersCpuShare is { } others ? FormattableString.Invariant($"; all else on this machine {others:P0}") : "")}");
        Line(to, $"journal: {summary.JournalLines} lines");
        Line(to, $"generator lag           {Figures(summary.GeneratorLag)}");
        WriteLatency(to, summary);
        Line(to, $"clock lateness          {Figures(summary.ClockLateness)}");
        if (summary.Interrupted) Line(to, $"interrupted: {summary.Sent} of {summary.Whistles} whistles were sent");
        WriteVerdict(to, summary);
    }

    private static void WriteLatency(TextWriter to, Summary summary)
    {
        if (summary.LatencyVoid)
        {
            Line(to, $"latency                 VOID: the generator lagged more than {Residents.LagLimit.TotalMilliseconds} ms at p99");
            return;
        }

        Line(to, $"whistle to acknowledged {Figures(summary.Acknowledgement)}");
        Line(to, $"whistle to team         {Figures(summary.WhistleToTeam)}");
        Line(to, $"whistle to board        {Figures(summary.WhistleToBoard)}");
    }

    private static void WriteVerdict(TextWriter to, Summary summary)
    {
        if (summary.Held)
        {
            Line(to, $"all promises held{(summary.Interrupted ? " so far" : "")}");
            return;
        }

        foreach (var promise in summary.Promises.Where(p => p.Count > 0))
        {
            Line(to, $"BROKEN {promise.Name}: {promise.Count}");
            foreach (var example in promise.Examples) Line(to, $"  {example}");
        }
    }

    private static string Figures(Percentiles? of) => of is null
        ? "no sample"
        : string.Create(CultureInfo.InvariantCulture, $"p50 {of.P50:F1} ms, p90 {of.P90:F1} ms, p99 {of.P99:F1} ms, p99.9 {of.P999:F1} ms, max {of.Max:F1} ms ({of.Samples} samples)");

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
