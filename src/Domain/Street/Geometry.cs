using System.Collections.Immutable;

namespace DispatchCenter.Domain.Street;

/// <summary>The faults of an outline.</summary>
public enum RingFault
{
    /// <summary>None: the ring is a simple polygon with an area.</summary>
    None,

    /// <summary>A latitude beyond ±90°, a longitude beyond ±180°, or not a number.</summary>
    OutOfRange,

    /// <summary>Fewer than <see cref="Geometry.MinRingPoints"/> distinct points.</summary>
    TooFewPoints,

    /// <summary>More than <see cref="Geometry.MaxRingPoints"/> points.</summary>
    TooManyPoints,

    /// <summary>Less than <see cref="Geometry.MinRingSquareMetres"/> inside.</summary>
    NoArea,

    /// <summary>The border crosses or touches itself.</summary>
    SelfIntersecting,
}

/// <summary>
/// Plane geometry for areas the size of a street. A ring is a list of WGS-84 points that closes from the last to the first, in either
/// direction. Inside or outside is computed in integers of 10⁻⁷ degrees (about 1 cm), so neighbours that share a border
/// always agree; metres are measured on a flat earth around the ring, within 0.5 % up to 50 km.
/// Rings across the 180th meridian or a pole are not supported. Nothing here throws.
/// </summary>
public static partial class Geometry
{
    public const int MinRingPoints = 3;

    public const int MaxRingPoints = 500;

    public const double MinRingSquareMetres = 1;

    /// <summary>Metres in one degree of latitude, on a sphere with the earth's mean radius.</summary>
    internal const double MetresPerDegree = 111_195.08;

    private const double StepsPerDegree = 1e7;

    private const double MaxLat = 90;

    private const double MaxLon = 180;

    /// <summary>Whether both coordinates are valid numbers on the globe.</summary>
    public static bool IsOnEarth(GeoPoint point) => Math.Abs(point.Lat) <= MaxLat && Math.Abs(point.Lon) <= MaxLon;

    /// <summary>
    /// Whether a ring contains a point. A point on a border belongs to the side east of it; on a border that runs due east, to the side
    /// north of it. Among areas that share borders without gaps, exactly one contains it.
    /// </summary>
    public static bool Contains(ImmutableArray<GeoPoint> ring, GeoPoint point)
    {
        if (!IsOnEarth(point))
            return false;
        var p = Spot.Of(point);
        var inside = false;
        var a = ring.IsEmpty ? default : Spot.Of(ring[^1]);
        foreach (var corner in ring)
        {
            var b = Spot.Of(corner);
            if (a.Lat > p.Lat != b.Lat > p.Lat)
            {
                // Always computed from its southern end, so both neighbours get the same number for a shared edge.
                var (south, north) = a.Lat < b.Lat ? (a, b) : (b, a);
                inside ^= Turn(south, north, p) > 0;
            }

            a = b;
        }

        return inside;
    }

    /// <summary>The first fault of a ring, or <see cref="RingFault.None"/>.</summary>
    public static RingFault Check(ImmutableArray<GeoPoint> ring)
    {
        if (ring.Length > MaxRingPoints)
            return RingFault.TooManyPoints;
        if (!ring.All(IsOnEarth))
            return RingFault.OutOfRange;
        var spots = Corners(ring);
        if (spots.Distinct().Count() < MinRingPoints)
            return RingFault.TooFewPoints;
        if (spots.All(p => Turn(spots[0], spots[1], p) == 0))
            return RingFault.NoArea;
        if (CrossesItself(spots))
            return RingFault.SelfIntersecting;
        return SquareMetres(ring) < MinRingSquareMetres ? RingFault.NoArea : RingFault.None;
    }

    /// <summary>The distance in metres from a point to the nearest point of a ring's border; infinite for an empty ring.</summary>
    public static double MetresToBorder(ImmutableArray<GeoPoint> ring, GeoPoint point)
    {
        var plane = new Plane(point);
        var nearest = double.PositiveInfinity;
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (plane.Project(ring[i]), plane.Project(ring[(i + 1) % ring.Length]));
            var (dx, dy) = (b.X - a.X, b.Y - a.Y);
            var length = dx * dx + dy * dy;
            var t = length == 0 ? 0 : Math.Clamp(-(a.X * dx + a.Y * dy) / length, 0, 1);
            nearest = Math.Min(nearest, double.Hypot(a.X + t * dx, a.Y + t * dy));
        }

        return nearest;
    }

    /// <summary>Twice the signed area of a triangle: positive if <paramref name="c"/> lies left of the line from a to b.</summary>
    private static Int128 Turn(Spot a, Spot b, Spot c) =>
        (Int128)(b.Lon - a.Lon) * (c.Lat - a.Lat) - (Int128)(c.Lon - a.Lon) * (b.Lat - a.Lat);

    /// <summary>The ring without consecutive duplicate points.</summary>
    private static List<Spot> Corners(ImmutableArray<GeoPoint> ring)
    {
        var corners = new List<Spot>(ring.Length);
        foreach (var spot in ring.Select(Spot.Of))
            if (corners.Count == 0 || corners[^1] != spot)
                corners.Add(spot);
        while (corners.Count > 1 && corners[^1] == corners[0])
            corners.RemoveAt(corners.Count - 1);
        return corners;
    }

    private static bool CrossesItself(List<Spot> ring)
    {
        for (var i = 0; i < ring.Count; i++)
        {
            var (a, b, c) = (ring[i], ring[(i + 1) % ring.Count], ring[(i + 2) % ring.Count]);
            if (Turn(a, b, c) == 0 && IsBack(a, b, c))
                return true;
            // Adjacent edges share an end; all other pairs must not touch.
            for (var j = i + 2; j < ring.Count && (j + 1) % ring.Count != i; j++)
                if (Touch(a, b, ring[j], ring[(j + 1) % ring.Count]))
                    return true;
        }

        return false;
    }

    private static bool IsBack(Spot a, Spot b, Spot c) =>
        (Int128)(b.Lon - a.Lon) * (c.Lon - b.Lon) + (Int128)(b.Lat - a.Lat) * (c.Lat - b.Lat) < 0;

    private static bool Touch(Spot a, Spot b, Spot c, Spot d)
    {
        if (Math.Max(a.Lat, b.Lat) < Math.Min(c.Lat, d.Lat) || Math.Max(c.Lat, d.Lat) < Math.Min(a.Lat, b.Lat)
            || Math.Max(a.Lon, b.Lon) < Math.Min(c.Lon, d.Lon) || Math.Max(c.Lon, d.Lon) < Math.Min(a.Lon, b.Lon))
            return false;
        // Their boxes intersect, so the edges do too unless one lies entirely on one side of the other.
        return Int128.Sign(Turn(a, b, c)) * Int128.Sign(Turn(a, b, d)) <= 0
            && Int128.Sign(Turn(c, d, a)) * Int128.Sign(Turn(c, d, b)) <= 0;
    }

    /// <summary>A point in whole steps of 10⁻⁷ degrees.</summary>
    private readonly record struct Spot(long Lat, long Lon)
    {
        public static Spot Of(GeoPoint p) => new((long)Math.Round(p.Lat * StepsPerDegree), (long)Math.Round(p.Lon * StepsPerDegree));
    }

    /// <summary>A place in metres east and north of an origin.</summary>
    private readonly record struct Place(double X, double Y);

    /// <summary>The flat earth around an origin.</summary>
    private readonly struct Plane(GeoPoint origin)
    {
        private readonly double _perLon = MetresPerDegree * Math.Cos(origin.Lat * Math.PI / 180);

        public Place Project(GeoPoint p) => new((p.Lon - origin.Lon) * _perLon, (p.Lat - origin.Lat) * MetresPerDegree);
    }
}
