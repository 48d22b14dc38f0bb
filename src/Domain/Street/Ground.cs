using System.Collections.Frozen;

namespace DispatchCenter.Domain.Street;

/// <summary>Where a grid lies on the flat earth of its street: its middle, in metres east and north of the street's first corner.</summary>
public readonly record struct Site(double East, double North)
{
    public double MetresTo(Site other) => double.Hypot(East - other.East, North - other.North);
}

/// <summary>How near a team is to a place, in steps of the map: nobody's live location is known or wanted.</summary>
public enum Nearness
{
    /// <summary>The team covers the grid.</summary>
    Own,

    /// <summary>One of its grids borders on the grid.</summary>
    Adjacent,

    /// <summary>Another team of the same community.</summary>
    Community,

    Elsewhere,
}

/// <summary>Distances and borders between the grids of one version of the map. Immutable, made once for each map.</summary>
public sealed class Ground
{
    /// <summary>Between grids of which one is not on the map, or has no outline: about as far as two grids of a community lie apart.</summary>
    public const double UnknownMetres = 800;

    private readonly FrozenDictionary<string, Site> _sites;

    public Ground(StreetMap map)
    {
        Map = map;
        var origin = map.Grids.Where(g => !g.Outline.IsEmpty).Select(g => g.Outline[0]).FirstOrDefault();
        _sites = map.Grids.Where(g => !g.Outline.IsEmpty).ToFrozenDictionary(g => g.Code.Value, g => Geometry.Middle(g.Outline, origin));
    }

    public StreetMap Map { get; }

    /// <summary>The middle of a grid; null where the map does not know where it lies.</summary>
    public Site? SiteOf(GridCode grid) => _sites.TryGetValue(grid.Value, out var site) ? site : null;

    /// <summary>The middle of all that a team covers; null as above.</summary>
    public Site? SiteOf(TeamCode team)
    {
        var sites = Map.FindTeam(team.Value)?.Grids.Select(SiteOf).OfType<Site>().ToArray() ?? [];
        return sites.Length == 0 ? null : new Site(sites.Average(s => s.East), sites.Average(s => s.North));
    }

    public Nearness NearnessOf(TeamCode team, GridCode grid)
    {
        if (Map.FindTeam(team.Value) is not { } known) return Nearness.Elsewhere;
        if (known.Grids.Contains(grid)) return Nearness.Own;
        if (Map.FindGrid(grid.Value) is not { } place) return Nearness.Elsewhere;
        if (known.Grids.Any(g => Map.FindGrid(g.Value) is { } mine && Geometry.AreNeighbours(mine.Outline, place.Outline))) return Nearness.Adjacent;
        return known.Community == place.Community ? Nearness.Community : Nearness.Elsewhere;
    }

    public static double Metres(Site? from, Site? to) => from is { } a && to is { } b ? a.MetresTo(b) : UnknownMetres;
}
