using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Simulator.Choosing;

/// <summary>The results of a week.</summary>
/// <param name="Late">The share of cases whose 到场 was late.</param>
/// <param name="MeanMinutes">From the whistle to the scene.</param>
/// <param name="LoadSpread">The standard deviation of a post's busy hours, relative to the mean.</param>
internal sealed record WeekFigures(int Cases, double Late, double LateUrgent, double MeanMinutes, double P95Minutes, double LoadSpread, double BusiestHours)
{
    public static WeekFigures Of(IReadOnlyList<WeekCase> cases, IReadOnlyList<TimeSpan> arrived, IReadOnlyList<TimeSpan> busy)
    {
        var waited = cases.Select((c, i) => (arrived[i] - c.At).TotalMinutes).Order().ToArray();
        var late = cases.Select((c, i) => (c.Level, Late: arrived[i] > c.Due)).ToArray();
        var urgent = late.Where(c => c.Level != Level.S3).ToArray();
        var hours = busy.Select(b => b.TotalHours).ToArray();
        var mean = hours.Average();
        return new WeekFigures(
            cases.Count, Share(late.Count(c => c.Late), late.Length), Share(urgent.Count(c => c.Late), urgent.Length), waited.Average(), waited[((waited.Length * 95) + 99) / 100 - 1],
            Math.Sqrt(hours.Average(h => (h - mean) * (h - mean))) / mean, hours.Max());
    }

    private static double Share(int part, int all) => all == 0 ? 0 : (double)part / all;
}
