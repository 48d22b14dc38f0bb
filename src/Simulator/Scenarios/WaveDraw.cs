using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Draws the whistles of one wave: their instants, places and categories. Pure.</summary>
internal static class WaveDraw
{
    /// <param name="number">Its place among the scenario's waves, for messages.</param>
    /// <exception cref="BadInputException">The street has none of the wave's places or categories.</exception>
    public static IReadOnlyList<Whistle> Whistles(Wave wave, int seed, int number, StreetView street, Tempo tempo)
    {
        if (wave.Categories.FirstOrDefault(c => street.Categories.All(known => known.Code != c.Category)) is { Category: { } unknown })
            throw new BadInputException($"whistles[{number}].categories names {unknown}, which the server's street does not have; it has {string.Join(", ", street.Categories.Select(c => c.Code))}.");
        var place = Hit(wave, seed, street);
        var bias = new Bias(wave.Categories.Count == 0 ? null : wave.Categories, wave.Danger, wave.Same);
        return Scenario.Draw(seed, place, Instants(wave, seed), tempo, bias);
    }

    /// <summary>Exactly as many instants as counted, spread by the shape's weights, ascending.</summary>
    internal static IReadOnlyList<TimeSpan> Instants(Wave wave, int seed)
    {
        var random = new Random(seed);
        IReadOnlyList<double> shape = wave.Shape.Count == 0 ? [1] : wave.Shape;
        var (sum, part) = (shape.Sum(), (wave.Until - wave.From) / shape.Count);
        var instants = new TimeSpan[wave.Count];
        for (var i = 0; i < instants.Length; i++)
        {
            var (mark, at) = (random.NextDouble() * sum, 0);
            for (; at < shape.Count - 1 && mark >= shape[at]; at++) mark -= shape[at];
            var within = shape[at] > 0 ? Math.Clamp(mark / shape[at], 0, 1) : 0;
            instants[i] = wave.From + (part * (at + within));
        }

        Array.Sort(instants);
        return instants;
    }

    /// <summary>The street with the hit grids alone: the nearest to one that is drawn.</summary>
    private static StreetView Hit(Wave wave, int seed, StreetView street)
    {
        if (wave.Grids >= 1 || street.Grids.Count == 0) return street;
        var middle = CentreOf(street.Grids[new Random(seed).Next(street.Grids.Count)]);
        var hit = street.Grids.OrderBy(g => Away(CentreOf(g), middle)).ThenBy(g => g.Code, StringComparer.Ordinal).Take((int)Math.Ceiling(street.Grids.Count * wave.Grids)).ToList();
        var codes = hit.Select(g => g.Code).ToHashSet();
        return street with { Grids = hit, Stations = [.. street.Stations.Where(s => codes.Contains(s.Grid))] };
    }

    private static (double Lat, double Lon)? CentreOf(GridView grid) => grid.Outline.Count == 0 ? null : (grid.Outline.Average(p => p[0]), grid.Outline.Average(p => p[1]));

    /// <summary>The square of the distance in degrees, which orders the grids of a street well enough; a grid that the map does not show comes last.</summary>
    private static double Away((double Lat, double Lon)? from, (double Lat, double Lon)? to) =>
        from is { } a && to is { } b ? Math.Pow(a.Lat - b.Lat, 2) + Math.Pow((a.Lon - b.Lon) * Math.Cos(a.Lat * Math.PI / 180), 2) : double.MaxValue;
}
