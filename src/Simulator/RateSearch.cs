namespace DispatchCenter.Simulator;

/// <summary>Searches for the highest sustained rate: doubles until one fails, then bisects. Assumes that if a rate fails, every higher one does.</summary>
internal static class RateSearch
{
    /// <summary>The search ends when the best rate and the failed one differ by this share.</summary>
    public const double Precision = 0.1;

    /// <summary>The lowest rate tried, in whistles per second.</summary>
    public const double Least = 0.5;

    /// <param name="first">The first rate, per second.</param>
    /// <param name="most">The highest rate tried.</param>
    /// <param name="holds">Tries a rate.</param>
    /// <returns>The highest rate that held and the lowest that failed; null if there was none.</returns>
    public static async Task<(double? Held, double? Broke)> Run(double first, double most, Func<double, Task<bool>> holds)
    {
        double? held = null, broke = null;
        for (double? next = Math.Min(first, most); next is { } rate; next = Next(held, broke, most))
        {
            if (await holds(rate)) held = rate;
            else broke = rate;
        }

        return (held, broke);
    }

    private static double? Next(double? held, double? broke, double most) => (held, broke) switch
    {
        ({ } low, null) => low < most ? Math.Min(low * 2, most) : null,
        ({ } low, { } high) => high - low > low * Precision ? (low + high) / 2 : null,
        (null, { } high) => high / 2 >= Least ? high / 2 : null,
        (null, null) => null,
    };
}
