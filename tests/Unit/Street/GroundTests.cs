using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

public sealed class GroundTests
{
    private static readonly Ground Demo = new(Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo()).Map);

    [Theory]
    [InlineData("01", "001", Nearness.Own)]
    [InlineData("02", "002", Nearness.Adjacent)]
    [InlineData("02", "001", Nearness.Community)]
    [InlineData("36", "001", Nearness.Elsewhere)]
    [InlineData("99", "001", Nearness.Elsewhere)]
    [InlineData("01", "999", Nearness.Elsewhere)]
    public void A_team_is_as_near_as_the_outlines_say(string team, string grid, Nearness expected) => Assert.Equal(expected, Demo.NearnessOf(new(team), new(grid)));

    [Fact]
    public void Adjacent_grids_share_a_piece_of_border_and_to_share_one_is_mutual()
    {
        var grids = Demo.Map.Grids;
        var neighbours = grids.Select(a => grids.Count(b => a.Code != b.Code && Geometry.AreNeighbours(a.Outline, b.Outline))).ToArray();
        Assert.All(neighbours, n => Assert.InRange(n, 1, 12));
        Assert.InRange(neighbours.Average(), 4, 6); // as in any map without four-corner borders
        Assert.All(grids.Take(20), a => Assert.All(grids, b => Assert.Equal(Geometry.AreNeighbours(a.Outline, b.Outline), Geometry.AreNeighbours(b.Outline, a.Outline))));
    }

    [Fact]
    public void Squares_that_meet_in_a_corner_are_no_neighbours()
    {
        GeoPoint[] one = [new(35, 121), new(35.01, 121), new(35.01, 121.01), new(35, 121.01)];
        GeoPoint[] beside = [.. one.Select(p => p with { Lon = p.Lon + 0.01 })];
        GeoPoint[] across = [.. one.Select(p => new GeoPoint(p.Lat + 0.01, p.Lon + 0.01))];
        Assert.True(Geometry.AreNeighbours([.. one], [.. beside]));
        Assert.False(Geometry.AreNeighbours([.. one], [.. across]));
        Assert.False(Geometry.AreNeighbours([.. one], []));
    }

    [Fact]
    public void Distances_are_metres_between_the_middles_and_what_the_map_does_not_know_is_taken_to_be_near_by()
    {
        var (a, b) = (Demo.SiteOf(new GridCode("001")), Demo.SiteOf(new GridCode("002")));
        Assert.InRange(Ground.Metres(a, b), 150, 800);
        Assert.Equal(Ground.UnknownMetres, Ground.Metres(a, Demo.SiteOf(new GridCode("999"))));
        Assert.NotNull(Demo.SiteOf(new TeamCode("01")));
        Assert.Null(Demo.SiteOf(new TeamCode("99")));
    }
}
