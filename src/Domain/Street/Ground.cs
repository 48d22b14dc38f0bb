using System.Collections.Frozen;

namespace DispatchCenter.Domain.Street;

/// <summary>Where a grid lies on the street's flat earth: its centre, in metres east and north of the street's first corner.</summary>
public readonly record struct Site(double East, double North)
{
    public double MetresTo(Site other) => double.Hypot(East - other.East, North - other.North);
}

/// <summary>How near a team is to a place, in steps on the map. Live locations are neither known nor wanted.</summary>
public enum Nearness
{
    /// <summary>The team covers the grid.</summary>
    Own,

    /// <summary>One of its grids is adjacent.</summary>
    Adjacent,

    /// <summary>Another team of the same community.</summary>
    Community,

    Elsewhere,
}

/// <summary>Distances and borders between the grids of one version of the map. Immutable, created once per map.</summary>
public sealed class Ground
{
    /// <summary>Used if one of two grids is not on the map or has no outline: about the distance of two grids in a community.</summary>
    public const double UnknownMetres = 800;

    private readonly FrozenDictionary<string, Site> _sites;

    public Ground(StreetMap map)
    {
        Map = map;
        var origin = map.Grids.Where(g => !g.Outline.IsEmpty).Select(g => g.Outline[0]).FirstOrDefault();
        _sites = map.Grids.Where(g => !g.Outline.IsEmpty).ToFrozenDictionary(g => g.Code.Value, g => Geometry.Middle(g.Outline, origin));
    }

    public StreetMap Map { get; }

    /// <summary>The centre of a grid; null if the map does not know where it is.</summary>
    public Site? SiteOf(GridCode grid) => _sites.TryGetValue(grid.Value, out var site) ? site : null;

    /// <summary>The centre of everything a team covers; null as above.</summary>
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
