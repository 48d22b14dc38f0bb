namespace DispatchCenter.Simulator;

/// <summary>Exact percentiles in milliseconds: all samples sorted, nearest rank, no interpolation.</summary>
internal sealed record Percentiles(int Samples, double P50, double P90, double P95, double P99, double P999, double Max)
{
    /// <returns>Null without samples, rather than zero.</returns>
    public static Percentiles? Of(IEnumerable<TimeSpan> samples)
    {
        var sorted = samples.Select(s => s.TotalMilliseconds).ToArray();
        if (sorted.Length == 0) return null;
        Array.Sort(sorted);
        return new Percentiles(
            sorted.Length, Rank(sorted, 500), Rank(sorted, 900), Rank(sorted, 950), Rank(sorted, 990), Rank(sorted, 999), sorted[^1]);
    }

    /// <summary>The smallest sample that is not exceeded by this many in a thousand of all samples.</summary>
    private static double Rank(double[] sorted, int perMille)
    {
        var rank = (((long)sorted.Length * perMille) + 999) / 1_000;
        return sorted[rank - 1];
    }
}
