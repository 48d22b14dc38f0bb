namespace DispatchCenter.Simulator;

/// <summary>Exact percentiles in milliseconds: every sample is kept and sorted, the nearest rank is taken, nothing is interpolated.</summary>
internal sealed record Percentiles(int Samples, double P50, double P95, double P99, double Max)
{
    /// <returns>Null where there is no sample: no figure is better than a zero.</returns>
    public static Percentiles? Of(IEnumerable<TimeSpan> samples)
    {
        var sorted = samples.Select(s => s.TotalMilliseconds).Order().ToArray();
        if (sorted.Length == 0) return null;
        return new Percentiles(sorted.Length, Rank(sorted, 50), Rank(sorted, 95), Rank(sorted, 99), sorted[^1]);
    }

    /// <summary>The smallest sample that at least <paramref name="percent"/> of all samples do not exceed.</summary>
    private static double Rank(double[] sorted, int percent)
    {
        var rank = (((long)sorted.Length * percent) + 99) / 100;
        return sorted[rank - 1];
    }
}
