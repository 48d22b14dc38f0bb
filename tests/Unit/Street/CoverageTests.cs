using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

public sealed class CoverageTests
{
    private static readonly CommunityCode East = new("01"), West = new("02");
    private static readonly GridCode A = new("a"), B = new("b"), Missing = new("z");
    private static readonly TeamCode One = new("1"), Two = new("2"), Three = new("3");

    [Fact]
    public void A_sound_map_has_no_findings() =>
        Assert.Empty(Coverage.Of(Map([Team(One, East, A), Team(Two, West, B)])));

    [Fact]
    public void A_grid_without_a_team_is_a_gap() =>
        Assert.Contains(new CoverageFinding.GridWithoutTeam(B), Coverage.Of(Map([Team(One, East, A), Team(Two, West)])));

    [Fact]
    public void A_grid_in_three_teams_is_two_findings() => Assert.Equal(
        [new CoverageFinding.GridInTwoTeams(A, One, Two), new CoverageFinding.GridInTwoTeams(A, One, Three)],
        Coverage.Of(Map([Team(One, East, A), Team(Two, East, A, A), Team(Three, East, A), Team(new("4"), West, B)])));

    [Fact]
    public void A_team_with_a_grid_of_another_community_is_found() => Assert.Equal(
        [new CoverageFinding.TeamOutsideCommunity(One, B), new CoverageFinding.CommunityWithoutTeam(West)],
        Coverage.Of(Map([Team(One, East, A, B)])));

    [Fact]
    public void A_team_with_an_unknown_grid_is_found() => Assert.Equal(
        [new CoverageFinding.TeamGridUnknown(Two, Missing)],
        Coverage.Of(Map([Team(One, East, A), Team(Two, West, B, Missing)])));

    [Fact]
    public void A_station_in_an_unknown_grid_is_found()
    {
        var station = new Station(new("s"), "驿站", "Station", Missing);
        Assert.Equal(
            [new CoverageFinding.StationInUnknownGrid(station.Code, Missing)],
            Coverage.Of(Map([Team(One, East, A), Team(Two, West, B)], [station])));
    }

    [Fact]
    public void Outlines_that_overlap_are_found_with_their_area_and_a_hairs_breadth_is_not()
    {
        Assert.Empty(Overlaps(0.0000005));
        var overlap = Assert.Single(Overlaps(0.001));
        Assert.Equal((A, B), (overlap.First, overlap.Second));
        Assert.InRange(overlap.SquareMetres, 100_000, 103_000);
    }

    [Fact]
    public void Overlaps_are_listed_up_to_their_limit()
    {
        ImmutableArray<GeoPoint> everywhere = [.. SmallStreet.Ring(SmallStreet.West)];
        var grids = Enumerable.Range(0, 25).Select(i => new Grid(new($"g{i}"), "网格", "Grid", East, everywhere)).ToImmutableArray();
        var map = new StreetMap("街道", "Street", [Community(East)], grids, [], [Team(One, East, [.. grids.Select(g => g.Code)])]);
        var findings = Coverage.Of(map);
        Assert.Equal(Coverage.MaxOverlapsListed, findings.OfType<CoverageFinding.OutlinesOverlap>().Count());
        Assert.Equal(new CoverageFinding.MoreOverlaps(Coverage.MaxOverlapsListed), findings[^1]);
    }

    [Fact]
    public void Every_kind_of_finding_has_words()
    {
        CoverageFinding[] all =
        [
            new CoverageFinding.GridWithoutTeam(A), new CoverageFinding.GridInTwoTeams(A, One, Two), new CoverageFinding.TeamOutsideCommunity(One, A),
            new CoverageFinding.TeamGridUnknown(One, A), new CoverageFinding.CommunityWithoutTeam(East),
            new CoverageFinding.StationInUnknownGrid(new("s"), A), new CoverageFinding.StationOutsideGrid(new("s"), A), new CoverageFinding.OutlinesOverlap(A, B, 12.34), new CoverageFinding.MoreOverlaps(200),
        ];
        Assert.Equal(typeof(CoverageFinding).GetNestedTypes().Length, all.Length);
        Assert.Distinct(all.Select(f => StreetFiles.Warning(f).Code));
        Assert.Equal("Grid a is in two teams, 1 and 2.", StreetFiles.Warning(all[1]).English);
        Assert.Equal("网格 a 与 b 的边界重叠约 12 平方米。", StreetFiles.Warning(all[7]).Chinese);
    }

    private static IEnumerable<CoverageFinding.OutlinesOverlap> Overlaps(double degrees)
    {
        var map = Map([Team(One, East, A), Team(Two, West, B)]);
        var wider = map.Grids[0] with { Outline = [.. map.Grids[0].Outline.Select(p => p.Lon > 121.005 ? p with { Lon = p.Lon + degrees } : p)] };
        return Coverage.Of(new(map.Name, map.NameEn, map.Communities, [wider, map.Grids[1]], map.Stations, map.Teams))
            .Cast<CoverageFinding.OutlinesOverlap>();
    }

    private static Community Community(CommunityCode code) => new(code, "社区", "Community");

    private static Team Team(TeamCode code, CommunityCode community, params GridCode[] grids) => new(code, "队", "Team", community, [.. grids]);

    private static StreetMap Map(ImmutableArray<Team> teams, ImmutableArray<Station>? stations = null) => new(
        "街道",
        "Street",
        [Community(East), Community(West)],
        [
            new(A, "甲", "A", East, [.. SmallStreet.Ring(SmallStreet.West)]),
            new(B, "乙", "B", West, [.. SmallStreet.Ring(SmallStreet.East)]),
        ],
        stations ?? [],
        teams);
}
