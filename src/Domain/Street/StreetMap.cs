using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DispatchCenter.Domain.Street;

/// <summary>A point on the earth in WGS-84 degrees. Other datums are converted before they get here.</summary>
public readonly record struct GeoPoint(double Lat, double Lon);

/// <summary>A community (社区) with its Chinese and English name.</summary>
public sealed record Community(CommunityCode Code, string Name, string NameEn);

/// <summary>A grid (网格): its community and its drawn outline, a closed ring of WGS-84 points without the repeated last one.</summary>
public sealed record Grid(GridCode Code, string Name, string NameEn, CommunityCode Community, ImmutableArray<GeoPoint> Outline);

/// <summary>A grid station (网格驿站): the place that a scanned QR code names.</summary>
public sealed record Station(StationCode Code, string Name, string NameEn, GridCode Grid);

/// <summary>A manager team (睦邻管家): belongs to one community and covers the listed grids of it.</summary>
public sealed record Team(TeamCode Code, string Name, string NameEn, CommunityCode Community, ImmutableArray<GridCode> Grids);

/// <summary>One version of the street's map: who covers what. Immutable; lookups are by code.</summary>
public sealed class StreetMap
{
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
        _communities = communities.ToFrozenDictionary(c => c.Code.Value);
        _grids = grids.ToFrozenDictionary(g => g.Code.Value);
        _stations = stations.ToFrozenDictionary(s => s.Code.Value);
        _teams = teams.ToFrozenDictionary(t => t.Code.Value);
        _teamsOfGrid = grids.ToFrozenDictionary(g => g.Code.Value, g => teams.Where(t => t.Grids.Contains(g.Code)).ToImmutableArray());
        _teamsOfCommunity = communities.ToFrozenDictionary(c => c.Code.Value, c => teams.Where(t => t.Community == c.Code).ToImmutableArray());
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

    /// <summary>The teams that cover a grid: one where the coverage has neither gap nor overlap.</summary>
    public ImmutableArray<Team> TeamsOf(GridCode grid) => _teamsOfGrid.GetValueOrDefault(grid.Value, []);

    public ImmutableArray<Team> TeamsOf(CommunityCode community) => _teamsOfCommunity.GetValueOrDefault(community.Value, []);
}
