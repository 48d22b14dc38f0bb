using System.Collections.Immutable;

namespace DispatchCenter.Domain.Street;

/// <summary>The bounding box of a ring in latitude and longitude, edges included. An empty ring's box contains nothing.</summary>
public readonly record struct GeoBox(double South, double West, double North, double East)
{
    public static GeoBox Around(ImmutableArray<GeoPoint> ring)
    {
        var box = new GeoBox(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        foreach (var p in ring)
            box = new(Math.Min(box.South, p.Lat), Math.Min(box.West, p.Lon), Math.Max(box.North, p.Lat), Math.Max(box.East, p.Lon));
        return box;
    }

    /// <param name="point">The point asked about.</param>
    /// <param name="margin">How far outside still counts, in degrees.</param>
    public bool Holds(GeoPoint point, double margin = 0) =>
        point.Lat >= South - margin && point.Lat <= North + margin && point.Lon >= West - margin && point.Lon <= East + margin;

    /// <param name="other">The other box.</param>
    /// <param name="margin">The largest distance that still counts, in degrees.</param>
    public bool Meets(GeoBox other, double margin = 0) =>
        South <= other.North + margin && other.South <= North + margin && West <= other.East + margin && other.West <= East + margin;
}

/// <summary>Areas of rings and of their intersections.</summary>
public static partial class Geometry
{
    /// <summary>More than <see cref="StreetMap.BorderReachMetres"/> at any inhabited latitude.</summary>
    private const double BorderMarginDegrees = 1e-4;

    /// <summary>The area inside a simple ring, in square metres.</summary>
    public static double SquareMetres(ImmutableArray<GeoPoint> ring)
    {
        if (ring.IsEmpty)
            return 0;
        var plane = new Plane(ring[0]);
        var sum = 0.0;
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (plane.Project(ring[i]), plane.Project(ring[(i + 1) % ring.Length]));
            sum += a.X * b.Y - a.Y * b.X;
        }

        return Math.Abs(sum) / 2;
    }

    /// <summary>The area that two simple rings share, in square metres; a shared border has none.</summary>
    /// <remarks>
    /// A ring is the signed sum of the strips between its edges and a line south of everything. Two strips overlap below the
    /// lower of their edges, so the overlap of two rings is the signed sum over every pair of their edges.
    /// </remarks>
    public static double OverlapSquareMetres(ImmutableArray<GeoPoint> one, ImmutableArray<GeoPoint> other)
    {
        var (box, otherBox) = (GeoBox.Around(one), GeoBox.Around(other));
        if (!box.Meets(otherBox))
            return 0;
        var plane = new Plane(new(Math.Min(box.South, otherBox.South), box.West));
        var (edges, otherEdges) = (Edges(one, plane), Edges(other, plane));
        var sum = 0.0;
        foreach (var e in edges)
            foreach (var f in otherEdges)
                if (e.West.X < f.East.X && f.West.X < e.East.X)
                    sum += e.Sign * f.Sign * BelowBoth(e, f);
        return Math.Abs(sum);
    }

    /// <summary>The mean of the corners, on the flat earth around an origin: precise enough for the distance between two grids.</summary>
    public static Site Middle(ImmutableArray<GeoPoint> ring, GeoPoint origin)
    {
        var places = ring.Select(new Plane(origin).Project).ToArray();
        return new Site(places.Average(p => p.X), places.Average(p => p.Y));
    }

    /// <summary>Whether two areas share a piece of border, not just a corner: two different corners of one lie within <see cref="StreetMap.BorderReachMetres"/> of the other.</summary>
    public static bool AreNeighbours(ImmutableArray<GeoPoint> one, ImmutableArray<GeoPoint> other)
    {
        return GeoBox.Around(one).Meets(GeoBox.Around(other), BorderMarginDegrees) && (Shares(one, other) || Shares(other, one));

        static bool Shares(ImmutableArray<GeoPoint> corners, ImmutableArray<GeoPoint> border) =>
            corners.Where(p => MetresToBorder(border, p) <= StreetMap.BorderReachMetres).Distinct().Take(2).Count() == 2;
    }

    private static List<Edge> Edges(ImmutableArray<GeoPoint> ring, Plane plane)
    {
        var edges = new List<Edge>(ring.Length);
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (plane.Project(ring[i]), plane.Project(ring[(i + 1) % ring.Length]));
            if (a.X != b.X)
                edges.Add(a.X < b.X ? new(a, b, 1) : new(b, a, -1));
        }

        return edges;
    }

    /// <summary>The area above the line and below the lower of two edges, over the range both of them span.</summary>
    private static double BelowBoth(Edge e, Edge f)
    {
        var (west, east) = (Math.Max(e.West.X, f.West.X), Math.Min(e.East.X, f.East.X));
        var (e0, e1, f0, f1) = (e.HeightAt(west), e.HeightAt(east), f.HeightAt(west), f.HeightAt(east));
        var (low0, low1) = (Math.Min(e0, f0), Math.Min(e1, f1));
        if ((e0 - f0) * (e1 - f1) >= 0)
            return (east - west) * (low0 + low1) / 2;
        var t = (e0 - f0) / (e0 - f0 - (e1 - f1));
        var crossing = e0 + t * (e1 - e0);
        return (east - west) * (t * (low0 + crossing) + (1 - t) * (crossing + low1)) / 2;
    }

    /// <summary>An edge from its western to its eastern end; the sign says whether the ring runs that way (+1) or back (-1).</summary>
    private readonly record struct Edge(Place West, Place East, int Sign)
    {
        public double HeightAt(double x) => West.Y + (x - West.X) / (East.X - West.X) * (East.Y - West.Y);
    }
}
