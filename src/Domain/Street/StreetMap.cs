using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DispatchCenter.Domain.Street;

/// <summary>A point on the earth in WGS-84 degrees. Other datums are converted before they get here.</summary>
public readonly record struct GeoPoint(double Lat, double Lon);

/// <summary>A community (社区) with its Chinese and English name.</summary>
public sealed record Community(CommunityCode Code, string Name, string NameEn)
{
    /// <summary>The public telephone of its desk; null if it has none. A desk's number, never a person's.</summary>
    public string? DutyPhone { get; init; }
}

/// <summary>A grid (网格): its community and its outline, a closed ring of WGS-84 points without the repeated last one.</summary>
public sealed record Grid(GridCode Code, string Name, string NameEn, CommunityCode Community, ImmutableArray<GeoPoint> Outline);

/// <summary>A grid station (网格驿站): the place identified by a scanned QR code.</summary>
public sealed record Station(StationCode Code, string Name, string NameEn, GridCode Grid)
{
    /// <summary>Where it stands; null if the street has not said.</summary>
    public GeoPoint? Position { get; init; }
}

/// <summary>A manager team (睦邻管家): belongs to one community and covers some of its grids.</summary>
public sealed record Team(TeamCode Code, string Name, string NameEn, CommunityCode Community, ImmutableArray<GridCode> Grids)
{
    /// <summary>The category codes it is equipped and trained for. Of the team, never of a person.</summary>
    public ImmutableArray<string> Skills { get; init; } = [];
}

/// <summary>One version of the street's map: who covers what. Immutable; lookups are by code.</summary>
public sealed class StreetMap
{
    /// <summary>The telephone of the street's duty desk, as it is shown on the wall; null if it has none. A desk's number, never a person's.</summary>
    public string? DutyPhone { get; init; }

    /// <summary>A point outside every outline still belongs to the nearest grid whose border is within this many metres.</summary>
    public const double BorderReachMetres = 1;

    /// <summary>Bounding boxes are checked with a margin, so rounding never decides at the edge.</summary>
    private const double BoxMarginDegrees = 1e-6;

    private readonly ImmutableArray<GeoBox> _boxes;
    private readonly FrozenDictionary<string, Community> _communities;
    private readonly FrozenDictionary<string, Grid> _grids;
    private readonly FrozenDictionary<string, Station> _stations;
    private readonly FrozenDictionary<string, Team> _teams;
    private readonly FrozenDictionary<string, ImmutableArray<Team>> _teamsOfGrid;
    private readonly FrozenDictionary<string, ImmutableArray<Team>> _teamsOfCommunity;

    public StreetMap(
        string name,
        string nameEn,
        ImmutableArray<Community> communities,
        ImmutableArray<Grid> grids,
        ImmutableArray<Station> stations,
        ImmutableArray<Team> teams)
    {
        (Name, NameEn, Communities, Grids, Stations, Teams) = (name, nameEn, communities, grids, stations, teams);
        _boxes = [.. grids.Select(g => GeoBox.Around(g.Outline))];
        _communities = communities.ToFrozenDictionary(c => c.Code.Value);
        _grids = grids.ToFrozenDictionary(g => g.Code.Value);
        _stations = stations.ToFrozenDictionary(s => s.Code.Value);
        _teams = teams.ToFrozenDictionary(t => t.Code.Value);
        _teamsOfGrid = teams.SelectMany(t => t.Grids.Distinct(), (team, grid) => (team, grid))
            .GroupBy(pair => pair.grid.Value, pair => pair.team)
            .ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());
        _teamsOfCommunity = teams.GroupBy(t => t.Community.Value).ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());
    }

    public string Name { get; }

    public string NameEn { get; }

    public ImmutableArray<Community> Communities { get; }

    public ImmutableArray<Grid> Grids { get; }

    public ImmutableArray<Station> Stations { get; }

    public ImmutableArray<Team> Teams { get; }

    public Community? FindCommunity(string code) => _communities.GetValueOrDefault(code);

    public Grid? FindGrid(string code) => _grids.GetValueOrDefault(code);

    public Station? FindStation(string code) => _stations.GetValueOrDefault(code);

    public Team? FindTeam(string code) => _teams.GetValueOrDefault(code);

    /// <summary>The teams that cover a grid; exactly one if coverage has neither gaps nor overlaps.</summary>
    public ImmutableArray<Team> TeamsOf(GridCode grid) => _teamsOfGrid.GetValueOrDefault(grid.Value, []);

    public ImmutableArray<Team> TeamsOf(CommunityCode community) => _teamsOfCommunity.GetValueOrDefault(community.Value, []);

    /// <summary>
    /// The grid at a WGS-84 point, or null outside the street. On a border between grids <see cref="Geometry.Contains"/> decides;
    /// if outlines overlap, the first grid in the map's order wins; on the street's outer border, and in hairline gaps between
    /// outlines, the nearest grid within <see cref="BorderReachMetres"/>.
    /// </summary>
    public Grid? GridAt(GeoPoint point)
    {
        if (!Geometry.IsOnEarth(point))
            return null;
        for (var i = 0; i < Grids.Length; i++)
            if (_boxes[i].Holds(point, BoxMarginDegrees) && Geometry.Contains(Grids[i].Outline, point))
                return Grids[i];
        return NearestWithinReach(point);
    }

    private Grid? NearestWithinReach(GeoPoint point)
    {
        var margin = BorderReachMetres / Geometry.MetresPerDegree / Math.Max(Math.Cos(point.Lat * Math.PI / 180), BoxMarginDegrees);
        Grid? nearest = null;
        var metres = BorderReachMetres;
        for (var i = 0; i < Grids.Length; i++)
        {
            if (!_boxes[i].Holds(point, margin))
                continue;
            var distance = Geometry.MetresToBorder(Grids[i].Outline, point);
            if (distance < metres || (nearest is null && distance <= metres))
                (nearest, metres) = (Grids[i], distance);
        }

        return nearest;
    }
}
