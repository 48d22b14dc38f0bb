using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using NetTopologySuite.Geometries;

namespace DispatchCenter.Unit.Street;

/// <summary>Our plane geometry beside NetTopologySuite's, on drawn stars around the street.</summary>
public sealed class GeometryOracleTests
{
    private const double MetresPerDegree = 111_195.08;
    private const double Near = 1e-6; // degrees; on the border itself the two have rules of their own

    private static readonly GeoPoint Centre = new(35.08, 117.15);

    private static readonly GeometryFactory Factory = new();

    [Fact]
    public void Inside_and_outside_are_where_the_other_says()
    {
        var (random, decided) = (new Random(1), 0);
        for (var i = 0; i < 300; i++)
        {
            var ring = Star(random, Centre);
            var polygon = Degrees(ring);
            for (var k = 0; k < 20; k++)
            {
                var point = new GeoPoint(Centre.Lat + ((random.NextDouble() - 0.5) * 0.04), Centre.Lon + ((random.NextDouble() - 0.5) * 0.04));
                var spot = Factory.CreatePoint(new Coordinate(point.Lon, point.Lat));
                if (polygon.Boundary.Distance(spot) < Near) continue;
                Assert.Equal(polygon.Contains(spot), Domain.Street.Geometry.Contains(ring, point));
                decided++;
            }
        }

        Assert.True(decided > 5_000);
    }

    [Fact]
    public void Areas_overlaps_and_distances_agree_within_half_a_percent()
    {
        var random = new Random(2);
        for (var i = 0; i < 200; i++)
        {
            var (one, other) = (Star(random, Centre), Star(random, new GeoPoint(Centre.Lat + 0.004, Centre.Lon)));
            var (a, b) = (Metres(one), Metres(other));
            Close(a.Area, Domain.Street.Geometry.SquareMetres(one), a.Area);
            Close(a.Intersection(b).Area, Domain.Street.Geometry.OverlapSquareMetres(one, other), Math.Max(a.Area, b.Area));
            var point = new GeoPoint(Centre.Lat + 0.01, Centre.Lon - 0.01);
            var distance = a.Boundary.Distance(Factory.CreatePoint(Plane(point)));
            Close(distance, Domain.Street.Geometry.MetresToBorder(one, point), Math.Max(distance, 10));
        }

        static void Close(double expected, double actual, double scale) => Assert.InRange(actual, expected - (0.005 * scale), expected + (0.005 * scale));
    }

    [Fact]
    public void A_ring_is_refused_where_the_other_calls_it_invalid()
    {
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            ImmutableArray<GeoPoint> ring = [.. Enumerable.Range(0, 5).Select(_ => new GeoPoint(Centre.Lat + (random.NextDouble() * 0.01), Centre.Lon + (random.NextDouble() * 0.01)))];
            var fault = Domain.Street.Geometry.Check(ring);
            Assert.Equal(Degrees(ring).IsValid, fault == RingFault.None);
            if (fault == RingFault.SelfIntersecting) refused++;
        }

        Assert.InRange(refused, 100, 499);
    }

    /// <summary>Corners around a centre at drawn distances: it never crosses itself.</summary>
    private static ImmutableArray<GeoPoint> Star(Random random, GeoPoint centre)
    {
        var corners = random.Next(3, 24);
        return [.. Enumerable.Range(0, corners).Select(i => (Angle: 2 * Math.PI * i / corners, Reach: 0.002 + (0.012 * random.NextDouble())))
            .Select(c => new GeoPoint(centre.Lat + (c.Reach * Math.Sin(c.Angle)), centre.Lon + (c.Reach * Math.Cos(c.Angle))))];
    }

    private static Polygon Degrees(ImmutableArray<GeoPoint> ring) => Closed(ring, p => new Coordinate(p.Lon, p.Lat));

    private static Polygon Metres(ImmutableArray<GeoPoint> ring) => Closed(ring, Plane);

    private static Coordinate Plane(GeoPoint p) => new((p.Lon - Centre.Lon) * MetresPerDegree * Math.Cos(Centre.Lat * Math.PI / 180), (p.Lat - Centre.Lat) * MetresPerDegree);

    private static Polygon Closed(ImmutableArray<GeoPoint> ring, Func<GeoPoint, Coordinate> of)
    {
        var corners = ring.Select(of).ToList();
        return Factory.CreatePolygon([.. corners, corners[0].Copy()]);
    }
}
