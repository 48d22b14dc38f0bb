using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Street;

public sealed class GeometryTests
{
    private const double Step = 1e-7;

    [Fact]
    public void A_ring_holds_its_inside_in_either_direction_and_wherever_it_starts() => Prop.ForAll(Stars(), star =>
    {
        var (ring, centre) = star;
        ImmutableArray<GeoPoint> turned = [.. ring.Skip(3), .. ring.Take(3)];
        ImmutableArray<GeoPoint> reversed = [.. ring.Reverse()];
        return new[] { ring, turned, reversed }.All(r =>
            Geometry.Check(r) == RingFault.None && Geometry.Contains(r, centre) && !Geometry.Contains(r, centre with { Lat = centre.Lat + 1 }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_ring_shares_all_of_itself_with_itself_and_nobody_more_than_the_smaller_has() =>
        Prop.ForAll(Stars(), Stars(), (one, other) =>
        {
            var (a, b) = (Geometry.SquareMetres(one.Ring), Geometry.SquareMetres(other.Ring));
            var shared = Geometry.OverlapSquareMetres(one.Ring, other.Ring);
            return Math.Abs(Geometry.OverlapSquareMetres(one.Ring, one.Ring) - a) < 0.001 * a
                && Math.Abs(shared - Geometry.OverlapSquareMetres(other.Ring, one.Ring)) < 0.01 * Math.Max(a, b)
                && shared >= 0 && shared <= 1.01 * Math.Min(a, b);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Among_neighbours_that_share_their_borders_every_point_has_exactly_one_owner_borders_and_corners_included() =>
        Prop.ForAll(Patchworks(), patches =>
        {
            // Corners stand about ten steps apart, so most points asked about lie on or beside a border.
            for (var north = 5; north <= 25; north++)
                for (var east = 5; east <= 25; east++)
                    if (patches.Count(p => Geometry.Contains(p, At(north, east))) != 1)
                        return false;
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_border_belongs_to_the_east_side_and_one_that_runs_due_east_to_the_north_side()
    {
        var square = Square(0, 0, 10);
        Assert.True(Geometry.Contains(square, At(5, 0)));
        Assert.True(Geometry.Contains(square, At(0, 5)));
        Assert.True(Geometry.Contains(square, At(0, 0)));
        Assert.False(Geometry.Contains(square, At(5, 10)));
        Assert.False(Geometry.Contains(square, At(10, 5)));
        Assert.False(Geometry.Contains(square, At(10, 10)));
    }

    [Theory]
    [InlineData(RingFault.TooFewPoints, "")]
    [InlineData(RingFault.TooFewPoints, "35 121;35.01 121;35 121;35.01 121")]
    [InlineData(RingFault.OutOfRange, "121 35;121.01 35;121 35.01")]
    [InlineData(RingFault.OutOfRange, "35 121;NaN 121.01;35.01 121")]
    [InlineData(RingFault.NoArea, "35 121;35.01 121.01;35.02 121.02")]
    [InlineData(RingFault.NoArea, "35 121;35.000001 121;35 121.000001")]
    [InlineData(RingFault.SelfIntersecting, "35 121;35.01 121.01;35 121.01;35.01 121")]
    [InlineData(RingFault.SelfIntersecting, "35 121;35 121.01;35.01 121.01;35 121.005")]
    [InlineData(RingFault.SelfIntersecting, "35 121;35 121.01;35 121.02;35 121.01;35.01 121.01;35.01 121")]
    [InlineData(RingFault.None, "35 121;35 121.01;35.01 121.01;35.01 121")]
    [InlineData(RingFault.None, "35 121;35 121.005;35 121.01;35.01 121.01;35.01 121.01;35.01 121;35 121")]
    public void A_ring_is_refused_for_its_first_fault(RingFault fault, string outline) =>
        Assert.Equal(fault, Geometry.Check([.. outline.Length == 0 ? [] : SmallStreet.Ring(outline)]));

    [Fact]
    public void A_ring_may_have_500_points_and_no_more()
    {
        ImmutableArray<GeoPoint> Circle(int points) => [.. Enumerable.Range(0, points)
            .Select(i => Math.SinCos(2 * Math.PI * i / points)).Select(p => new GeoPoint(35 + 0.01 * p.Sin, 121 + 0.01 * p.Cos))];
        Assert.Equal(RingFault.None, Geometry.Check(Circle(Geometry.MaxRingPoints)));
        Assert.Equal(RingFault.TooManyPoints, Geometry.Check(Circle(Geometry.MaxRingPoints + 1)));
    }

    [Fact]
    public void Areas_and_distances_are_in_metres()
    {
        ImmutableArray<GeoPoint> west = [.. SmallStreet.Ring(SmallStreet.West)];
        ImmutableArray<GeoPoint> shifted = [.. west.Select(p => p with { Lon = p.Lon + 0.005 })];
        var expected = 1111.95 * 1111.95 * Math.Cos(35.005 * Math.PI / 180);
        Assert.Equal(expected, Geometry.SquareMetres(west), 0.005 * expected);
        Assert.Equal(expected / 2, Geometry.OverlapSquareMetres(west, shifted), 0.005 * expected);
        Assert.Equal(0, Geometry.OverlapSquareMetres(west, [.. SmallStreet.Ring(SmallStreet.East)]), 0.01);
        Assert.Equal(111.195, Geometry.MetresToBorder(west, new(35.011, 121.005)), 0.1);
        Assert.Equal(double.PositiveInfinity, Geometry.MetresToBorder([], new(35, 121)));
    }

    [Fact]
    public void A_point_on_the_streets_outer_border_belongs_to_its_nearest_grid_and_one_further_out_to_none()
    {
        var map = new SmallStreet().Take().Map;
        Assert.Equal("002", map.GridAt(new(35.005, 121.02))?.Code.Value);
        Assert.Equal("001", map.GridAt(new(35.01, 121.003))?.Code.Value);
        Assert.Equal("002", map.GridAt(new(35.005, 121.01))?.Code.Value);
        Assert.Equal("001", map.GridAt(new(35.010008, 121.003))?.Code.Value);
        Assert.Null(map.GridAt(new(35.01002, 121.003)));
        Assert.Null(map.GridAt(new(-35.005, 121.003)));
        Assert.Null(map.GridAt(new(double.NaN, 121.003)));
        Assert.Null(map.GridAt(new(1e300, double.PositiveInfinity)));
    }

    private static GeoPoint At(int north, int east) => new(35 + north * Step, 121 + east * Step);

    private static ImmutableArray<GeoPoint> Square(int north, int east, int side) =>
        [At(north, east), At(north, east + side), At(north + side, east + side), At(north + side, east)];

    /// <summary>Rings of 5 to 40 points around a centre they all see, 50 to 500 m away.</summary>
    private static Arbitrary<(ImmutableArray<GeoPoint> Ring, GeoPoint Centre)> Stars() =>
        (from count in Gen.Choose(5, 40)
         from radii in Gen.Choose(500, 5_000).ArrayOf(count)
         from north in Gen.Choose(-5_000, 5_000)
         from east in Gen.Choose(-5_000, 5_000)
         let centre = new GeoPoint(35 + north * 1e-6, 121 + east * 1e-6)
         select (radii.Select((radius, i) => Math.SinCos(2 * Math.PI * i / count) is var (sin, cos)
             ? new GeoPoint(centre.Lat + radius * 1e-6 * sin, centre.Lon + radius * 1e-6 * cos)
             : centre).ToImmutableArray(), centre)).ToArbitrary();

    /// <summary>Three by three patches whose sixteen corners are each moved up to three steps.</summary>
    private static Arbitrary<ImmutableArray<GeoPoint>[]> Patchworks() =>
        Gen.Choose(-3, 3).ArrayOf(32).Select(moves =>
        {
            GeoPoint Corner(int row, int column) => At(row * 10 + moves[row * 8 + column * 2], column * 10 + moves[row * 8 + column * 2 + 1]);
            return (from row in Enumerable.Range(0, 3)
                    from column in Enumerable.Range(0, 3)
                    select ImmutableArray.Create(
                        Corner(row, column), Corner(row, column + 1), Corner(row + 1, column + 1), Corner(row + 1, column))).ToArray();
        }).ToArbitrary();
}
