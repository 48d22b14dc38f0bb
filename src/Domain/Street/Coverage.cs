using System.Collections.Immutable;

namespace DispatchCenter.Domain.Street;

/// <summary>A fault in a map that leaves a place without a team, or with too many.</summary>
public abstract record CoverageFinding
{
    private CoverageFinding()
    {
    }

    /// <summary>A gap: no team covers the grid.</summary>
    public sealed record GridWithoutTeam(GridCode Grid) : CoverageFinding;

    /// <summary>An overlap: two teams cover the grid. A third makes a second finding.</summary>
    public sealed record GridInTwoTeams(GridCode Grid, TeamCode First, TeamCode Second) : CoverageFinding;

    /// <summary>A team covers a grid of another community.</summary>
    public sealed record TeamOutsideCommunity(TeamCode Team, GridCode Grid) : CoverageFinding;

    /// <summary>A team covers a grid that the map does not have.</summary>
    public sealed record TeamGridUnknown(TeamCode Team, GridCode Grid) : CoverageFinding;

    public sealed record CommunityWithoutTeam(CommunityCode Community) : CoverageFinding;

    public sealed record StationInUnknownGrid(StationCode Station, GridCode Grid) : CoverageFinding;

    /// <summary>A station stands outside the grid to which it belongs, by more than a map is inaccurate.</summary>
    public sealed record StationOutsideGrid(StationCode Station, GridCode Grid) : CoverageFinding;

    /// <summary>Two outlines overlap by more than drawing inaccuracy explains.</summary>
    public sealed record OutlinesOverlap(GridCode First, GridCode Second, double SquareMetres) : CoverageFinding;

    /// <summary>More outlines overlap than are worth listing; the rest were not checked.</summary>
    public sealed record MoreOverlaps(int Listed) : CoverageFinding;
}

/// <summary>Checks a map for gaps and overlaps. Pure, in the map's own order.</summary>
public static class Coverage
{
    /// <summary>Tolerated overlap of outlines: half a metre along a border of 200 m.</summary>
    public const double OverlapToleranceSquareMetres = 100;

    public const int MaxOverlapsListed = 200;

    /// <summary>A station at the border may stand this far outside.</summary>
    public const double StationToleranceMetres = 100;

    public static ImmutableArray<CoverageFinding> Of(StreetMap map) =>
        [.. Grids(map), .. Teams(map), .. Communities(map), .. Stations(map), .. Overlaps(map)];

    private static IEnumerable<CoverageFinding> Grids(StreetMap map)
    {
        foreach (var grid in map.Grids)
        {
            var teams = map.TeamsOf(grid.Code);
            if (teams.IsEmpty)
                yield return new CoverageFinding.GridWithoutTeam(grid.Code);
            foreach (var other in teams.Skip(1))
                yield return new CoverageFinding.GridInTwoTeams(grid.Code, teams[0].Code, other.Code);
        }
    }

    private static IEnumerable<CoverageFinding> Teams(StreetMap map)
    {
        foreach (var team in map.Teams)
            foreach (var code in team.Grids)
                if (map.FindGrid(code.Value) is not { } grid)
                    yield return new CoverageFinding.TeamGridUnknown(team.Code, code);
                else if (grid.Community != team.Community)
                    yield return new CoverageFinding.TeamOutsideCommunity(team.Code, code);
    }

    private static IEnumerable<CoverageFinding> Communities(StreetMap map) =>
        from community in map.Communities
        where map.TeamsOf(community.Code).IsEmpty
        select new CoverageFinding.CommunityWithoutTeam(community.Code);

    private static IEnumerable<CoverageFinding> Stations(StreetMap map)
    {
        foreach (var station in map.Stations)
            if (map.FindGrid(station.Grid.Value) is not { } grid)
                yield return new CoverageFinding.StationInUnknownGrid(station.Code, station.Grid);
            else if (station.Position is { } at && !Geometry.Contains(grid.Outline, at) && Geometry.MetresToBorder(grid.Outline, at) > StationToleranceMetres)
                yield return new CoverageFinding.StationOutsideGrid(station.Code, station.Grid);
    }

    private static IEnumerable<CoverageFinding> Overlaps(StreetMap map)
    {
        var boxes = map.Grids.Select(g => GeoBox.Around(g.Outline)).ToArray();
        var listed = 0;
        for (var i = 0; i < boxes.Length; i++)
            for (var j = i + 1; j < boxes.Length; j++)
            {
                if (!boxes[i].Meets(boxes[j]))
                    continue;
                var shared = Geometry.OverlapSquareMetres(map.Grids[i].Outline, map.Grids[j].Outline);
                if (shared <= OverlapToleranceSquareMetres)
                    continue;
                if (listed == MaxOverlapsListed)
                {
                    yield return new CoverageFinding.MoreOverlaps(listed);
                    yield break;
                }

                listed++;
                yield return new CoverageFinding.OutlinesOverlap(map.Grids[i].Code, map.Grids[j].Code, shared);
            }
    }
}
