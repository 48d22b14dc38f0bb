namespace DispatchCenter.Simulator;

/// <summary>Exact percentiles in milliseconds: every sample is kept and sorted, the nearest rank is taken, nothing is interpolated.</summary>
internal sealed record Percentiles(int Samples, double P50, double P90, double P95, double P99, double P999, double Max)
{
    /// <returns>Null where there is no sample: no figure is better than a zero.</returns>
    public static Percentiles? Of(IEnumerable<TimeSpan> samples)
    {
        var sorted = samples.Select(s => s.TotalMilliseconds).ToArray();
        if (sorted.Length == 0) return null;
        Array.Sort(sorted);
        return new Percentiles(
            sorted.Length, Rank(sorted, 500), Rank(sorted, 900), Rank(sorted, 950), Rank(sorted, 990), Rank(sorted, 999), sorted[^1]);
    }

    /// <summary>The smallest sample that at least so many in a thousand of all samples do not exceed.</summary>
    private static double Rank(double[] sorted, int perMille)
    {
        var rank = (((long)sorted.Length * perMille) + 999) / 1_000;
        return sorted[rank - 1];
    }
}
