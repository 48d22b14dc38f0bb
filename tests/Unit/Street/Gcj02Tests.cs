using DispatchCenter.Domain.Street;
using FsCheck;
using FsCheck.Fluent;
using static System.Math;

namespace DispatchCenter.Unit.Street;

public sealed class Gcj02Tests
{
    private const double MetresPerDegree = 111_195;

    [Fact]
    public void A_shifted_point_comes_back_to_within_a_centimetre_anywhere_in_china() => Prop.ForAll(Points(), point =>
    {
        var back = Gcj02.ToWgs84(Shifted(point));
        var north = (back.Lat - point.Lat) * MetresPerDegree;
        var east = (back.Lon - point.Lon) * MetresPerDegree;
        return double.Hypot(north, east) < 0.01;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_shift_is_hundreds_of_metres_and_not_zero()
    {
        var beijing = new GeoPoint(39.9087, 116.3975);
        var back = Gcj02.ToWgs84(beijing);
        Assert.InRange((beijing.Lat - back.Lat) * MetresPerDegree, 100, 200);
        Assert.InRange((beijing.Lon - back.Lon) * MetresPerDegree * Cos(beijing.Lat * PI / 180), 450, 600);
    }

    [Theory]
    [InlineData(51.5, -0.12)]
    [InlineData(-33.9, 151.2)]
    [InlineData(35.7, 139.7)]
    public void Outside_china_a_point_stays_where_it_is(double lat, double lon) =>
        Assert.Equal(new GeoPoint(lat, lon), Gcj02.ToWgs84(new(lat, lon)));

    [Fact]
    public void A_chinese_map_shows_a_point_where_the_published_formula_says() => Prop.ForAll(Points(), point =>
    {
        var (shown, said) = (Gcj02.FromWgs84(point), Shifted(point));
        return double.Hypot(shown.Lat - said.Lat, shown.Lon - said.Lon) * MetresPerDegree < 0.01;
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<GeoPoint> Points() =>
        (from lat in Gen.Choose(18_000, 53_000)
         from lon in Gen.Choose(74_000, 135_000)
         select new GeoPoint(lat / 1000.0, lon / 1000.0)).ToArbitrary();

    /// <summary>The widely published forward formula, written out on its own.</summary>
    private static GeoPoint Shifted(GeoPoint p)
    {
        var x = p.Lon - 105;
        var y = p.Lat - 35;
        var lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Sqrt(Abs(x));
        lat += (20 * Sin(6 * x * PI) + 20 * Sin(2 * x * PI)) * 2 / 3;
        lat += (20 * Sin(y * PI) + 40 * Sin(y / 3 * PI)) * 2 / 3;
        lat += (160 * Sin(y / 12 * PI) + 320 * Sin(y * PI / 30)) * 2 / 3;
        var lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Sqrt(Abs(x));
        lon += (20 * Sin(6 * x * PI) + 20 * Sin(2 * x * PI)) * 2 / 3;
        lon += (20 * Sin(x * PI) + 40 * Sin(x / 3 * PI)) * 2 / 3;
        lon += (150 * Sin(x / 12 * PI) + 300 * Sin(x / 30 * PI)) * 2 / 3;
        const double A = 6378245.0;
        const double Ee = 0.00669342162296594323;
        var radLat = p.Lat / 180 * PI;
        var magic = 1 - Ee * Sin(radLat) * Sin(radLat);
        return new(
            p.Lat + lat * 180 / (A * (1 - Ee) / (magic * Sqrt(magic)) * PI),
            p.Lon + lon * 180 / (A / Sqrt(magic) * Cos(radLat) * PI));
    }
}
