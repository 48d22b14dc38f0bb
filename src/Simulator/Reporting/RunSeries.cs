namespace DispatchCenter.Simulator.Reporting;

/// <summary>A run over time, in equal parts of real time from its beginning.</summary>
internal sealed record RunSeries(double PartSeconds, IReadOnlyList<SeriesPoint> Points)
{
    /// <summary>More would be finer than a plot shows.</summary>
    public const int MaxPoints = 60;

    private static readonly double[] _parts = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200];

    /// <param name="latencies">From each whistle to a team member, by the instant at which it was to be sent.</param>
    /// <param name="began">The timestamp of the beginning.</param>
    /// <param name="startedAt">The same on the wall; clock actions are placed by it, so a server with a wrong clock shifts them.</param>
    /// <returns>Null if nothing was sent.</returns>
    public static RunSeries? Of(Evidence evidence, IReadOnlyList<(Whistle Whistle, TimeSpan After)> latencies, long began, DateTimeOffset startedAt)
    {
        var sent = evidence.Whistles.Where(w => w.StartedAt != 0).ToArray();
        if (sent.Length == 0) return null;
        var breaks = evidence.Boards.Concat(evidence.Members.Select(m => m.Screen)).SelectMany(s => s.Breaks).Concat(evidence.Pages.SelectMany(p => p.Breaks)).Select(At).ToArray();
        var acts = evidence.Journal.ClockActs.Where(a => a.At >= startedAt).Select(a => (At: (a.At - startedAt).TotalSeconds, a.Late)).ToArray();
        var length = Max(sent.Select(w => At(Math.Max(w.StartedAt, w.AcknowledgedAt))), breaks, acts.Select(a => a.At));
        var part = _parts.FirstOrDefault(p => p * MaxPoints > length, _parts[^1]);
        var count = Math.Min(MaxPoints, (int)(length / part) + 1);
        int Of(double at) => Math.Clamp((int)(at / part), 0, count - 1);

        var starts = sent.CountBy(w => Of(At(w.StartedAt))).ToDictionary();
        var acknowledged = sent.Where(w => w.Receipt is not null).ToArray();
        var ends = acknowledged.CountBy(w => Of(At(w.AcknowledgedAt))).ToDictionary();
        var acknowledging = acknowledged.ToLookup(w => Of(At(w.IntendedAt)), w => TimeProvider.System.GetElapsedTime(w.IntendedAt, w.AcknowledgedAt));
        var seeing = latencies.ToLookup(l => Of(At(l.Whistle.IntendedAt)), l => l.After);
        var clocks = acts.ToLookup(a => Of(a.At), a => a.Late);
        var lost = breaks.CountBy(Of).ToDictionary();
        return new RunSeries(part, [.. Enumerable.Range(0, count).Select(i => new SeriesPoint
        {
            At = i * part,
            Sent = starts.GetValueOrDefault(i),
            Acknowledged = ends.GetValueOrDefault(i),
            Acknowledgement = Percentiles.Of(acknowledging[i]),
            ToTeam = Percentiles.Of(seeing[i]),
            ClockLateness = Percentiles.Of(clocks[i]),
            Reconnects = lost.GetValueOrDefault(i),
        })]);

        double At(long instant) => Math.Max(0, TimeProvider.System.GetElapsedTime(began, instant).TotalSeconds);
    }

    private static double Max(params IEnumerable<double>[] all) => all.SelectMany(a => a).DefaultIfEmpty().Max();
}

/// <summary>One part of a run. Latencies are in milliseconds and stand where a whistle was to be sent; null without a sample.</summary>
internal sealed record SeriesPoint
{
    /// <summary>Where it begins, in seconds from the beginning of the run.</summary>
    public required double At { get; init; }

    public required int Sent { get; init; }

    public required int Acknowledged { get; init; }

    public required Percentiles? Acknowledgement { get; init; }

    public required Percentiles? ToTeam { get; init; }

    public required Percentiles? ClockLateness { get; init; }

    /// <summary>Streams that broke.</summary>
    public required int Reconnects { get; init; }
}
