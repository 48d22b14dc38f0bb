namespace DispatchCenter.Domain.Street;

/// <summary>
/// GCJ-02, the shifted coordinates (国测局坐标) used by map applications in mainland China. The shift follows the publicly known,
/// unofficial formula: converted points agree with it within a centimetre, and with the ground within a few metres.
/// </summary>
public static class Gcj02
{
    /// <summary>Semi-major axis of the Krasovsky 1940 ellipsoid, in metres.</summary>
    private const double Axis = 6_378_245.0;

    /// <summary>Its first eccentricity squared.</summary>
    private const double Eccentricity2 = 0.006_693_421_622_965_943_23;

    /// <summary>Each iteration leaves less than a thousandth of the error; the bound only guards against non-convergence.</summary>
    private const int MaxRounds = 10;

    /// <summary>About a millimetre, in degrees.</summary>
    private const double Enough = 1e-8;

    private static readonly GeoBox China = new(0.8293, 72.004, 55.8271, 137.8347);

    /// <summary>
    /// Converts a GCJ-02 point to WGS-84. The formula shifts nothing outside a box around China; points there are
    /// returned unchanged. Hong Kong, Macao and Taiwan are in the box and are shifted too, although their maps may not be.
    /// Latitude and longitude must be numbers; nothing is thrown.
    /// </summary>
    public static GeoPoint ToWgs84(GeoPoint shifted)
    {
        if (!China.Holds(shifted))
            return shifted;
        var guess = shifted;
        for (var round = 0; round < MaxRounds; round++)
        {
            var (dLat, dLon) = Shift(guess);
            var better = new GeoPoint(shifted.Lat - dLat, shifted.Lon - dLon);
            var moved = Math.Max(Math.Abs(better.Lat - guess.Lat), Math.Abs(better.Lon - guess.Lon));
            guess = better;
            if (moved < Enough)
                break;
        }

        return China.Holds(guess) ? guess : shifted;
    }

    /// <summary>Converts a WGS-84 point to where a Chinese map shows it; outside the box around China the point is unchanged.</summary>
    public static GeoPoint FromWgs84(GeoPoint point)
    {
        if (!China.Holds(point))
            return point;
        var (dLat, dLon) = Shift(point);
        return new GeoPoint(point.Lat + dLat, point.Lon + dLon);
    }

    private static (double Lat, double Lon) Shift(GeoPoint p)
    {
        var (x, y) = (p.Lon - 105.0, p.Lat - 35.0);
        var root = Math.Sqrt(Math.Abs(x));
        var ripple = 20.0 * Wave(6 * x) + 20.0 * Wave(2 * x);
        var north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
            + (ripple + 20.0 * Wave(y) + 40.0 * Wave(y / 3) + 160.0 * Wave(y / 12) + 320.0 * Wave(y / 30)) * 2.0 / 3.0;
        var east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
            + (ripple + 20.0 * Wave(x) + 40.0 * Wave(x / 3) + 150.0 * Wave(x / 12) + 300.0 * Wave(x / 30)) * 2.0 / 3.0;

        var (sin, cos) = Math.SinCos(p.Lat * Math.PI / 180);
        var bend = 1 - Eccentricity2 * sin * sin;
        var metresPerRadianNorth = Axis * (1 - Eccentricity2) / (bend * Math.Sqrt(bend));
        var metresPerRadianEast = Axis / Math.Sqrt(bend) * cos;
        return (north / metresPerRadianNorth * 180 / Math.PI, east / metresPerRadianEast * 180 / Math.PI);
    }

    private static double Wave(double turns) => Math.Sin(turns * Math.PI);
}
