using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Simulator.Choosing;

/// <summary>What became of a week.</summary>
/// <param name="Late">The part of the cases whose 到场 came after its due.</param>
/// <param name="MeanMinutes">From the whistle to the scene.</param>
/// <param name="LoadSpread">Standard deviation of the hours that a post was busy, as a part of their mean.</param>
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
