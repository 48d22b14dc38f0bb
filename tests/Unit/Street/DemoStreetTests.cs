using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit.Street;

public sealed class DemoStreetTests
{
    private static readonly StreetImport.Taken Demo = Assert.IsType<StreetImport.Taken>(StreetFiles.ReadDemo());
    private static readonly StreetMap Map = Demo.Map;
    private static readonly GeoBox[] Boxes = [.. Map.Grids.Select(g => GeoBox.Around(g.Outline))];
    private static readonly ImmutableArray<GeoPoint> Hull = OuterBorder();

    [Fact]
    public void The_demo_street_has_17_communities_130_grids_36_teams_and_12_stations()
    {
        Assert.Equal("演示街道", Map.Name);
        Assert.Equal(Codes(17, "D2"), Map.Communities.Select(c => c.Code.Value));
        Assert.Equal(Codes(130, "D3"), Map.Grids.Select(g => g.Code.Value));
        Assert.Equal(Codes(36, "D2"), Map.Teams.Select(t => t.Code.Value));
        Assert.Equal(Codes(12, "D2"), Map.Stations.Select(s => s.Code.Value));
        Assert.Equal(1 + 17 + 130 + 36 + 12, Demo.TakenLines);
    }

    [Fact]
    public void Nothing_in_the_demo_street_is_refused_or_warned_about()
    {
        Assert.Empty(Demo.RefusedLines);
        Assert.Empty(Demo.Warnings);
    }

    [Fact]
    public void Every_demo_grid_has_exactly_one_team_and_every_community_two_or_more()
    {
        Assert.All(Map.Grids, grid => Assert.Single(Map.TeamsOf(grid.Code)));
        Assert.All(Map.Communities, community => Assert.True(Map.TeamsOf(community.Code).Length >= 2));
        Assert.All(Map.Teams, team => Assert.InRange(team.Grids.Length, 3, 4));
    }

    [Fact]
    public void Demo_names_are_unique_and_given_in_both_languages()
    {
        var names = Map.Communities.Select(c => (c.Name, c.NameEn)).Concat(Map.Grids.Select(g => (g.Name, g.NameEn)))
            .Concat(Map.Teams.Select(t => (t.Name, t.NameEn))).Concat(Map.Stations.Select(s => (s.Name, s.NameEn))).ToArray();
        Assert.Distinct(names.Select(n => n.Name));
        Assert.Distinct(names.Select(n => n.NameEn));
        Assert.All(names, n => Assert.True(n.Name.All(c => c >= '一' && c <= '鿿') && n.NameEn.All(char.IsAscii)));
    }

    [Fact]
    public void Every_community_and_every_team_is_one_piece()
    {
        Assert.All(Map.Communities, c => Assert.True(IsOnePiece([.. Map.Grids.Where(g => g.Community == c.Code)]), c.Code.Value));
        Assert.All(Map.Teams, t => Assert.True(IsOnePiece([.. t.Grids.Select(g => Map.FindGrid(g.Value)!)]), t.Code.Value));
    }

    [Fact]
    public void The_demo_outlines_fill_the_street_without_a_hole_and_share_no_ground()
    {
        var whole = Geometry.SquareMetres(Hull);
        Assert.Equal(whole, Map.Grids.Sum(g => Geometry.SquareMetres(g.Outline)), whole * 0.0002);
        for (var i = 0; i < Boxes.Length; i++)
            for (var j = i + 1; j < Boxes.Length; j++)
                Assert.InRange(Geometry.OverlapSquareMetres(Map.Grids[i].Outline, Map.Grids[j].Outline), 0, 0.01);
    }

    [Fact]
    public void A_dense_sample_of_points_inside_the_street_lies_in_exactly_one_grid_each_and_outside_in_none()
    {
        const double Step = 0.0002;
        var box = GeoBox.Around(Hull);
        var (inside, outside) = (0, 0);
        for (var lat = box.South - Step; lat < box.North + Step; lat += Step)
            for (var lon = box.West - Step; lon < box.East + Step; lon += Step)
            {
                var point = new GeoPoint(lat, lon);
                var expected = Geometry.Contains(Hull, point) ? 1 : 0;
                var holders = Holders(point);
                Assert.True(holders.Length == expected, $"{point} lies in {holders.Length} grids.");
                if (expected == 1)
                    Assert.Same(holders[0], Map.GridAt(point));
                (inside, outside) = (inside + expected, outside + 1 - expected);
            }

        Assert.True(inside > 30_000 && outside > 5_000);
    }

    [Fact]
    public void Every_corner_and_border_middle_inside_the_street_belongs_to_exactly_one_grid()
    {
        var rim = Hull.ToHashSet();
        foreach (var (a, b) in Map.Grids.SelectMany(g => Edges(g.Outline)))
        {
            var middle = new GeoPoint((a.Lat + b.Lat) / 2, (a.Lon + b.Lon) / 2);
            if (!rim.Contains(a))
                Assert.Single(Holders(a));
            if (!rim.Contains(a) || !rim.Contains(b))
                Assert.Single(Holders(middle));
            Assert.NotNull(Map.GridAt(a));
            Assert.NotNull(Map.GridAt(middle));
        }
    }

    private static IEnumerable<string> Codes(int count, string format) => Enumerable.Range(1, count).Select(n => n.ToString(format));

    private static Grid[] Holders(GeoPoint point) =>
        [.. Map.Grids.Where((g, i) => Boxes[i].Holds(point, 1e-6) && Geometry.Contains(g.Outline, point))];

    private static IEnumerable<(GeoPoint A, GeoPoint B)> Edges(ImmutableArray<GeoPoint> ring) =>
        ring.Select((a, i) => (a, ring[(i + 1) % ring.Length]));

    private static (GeoPoint A, GeoPoint B) Undirected((GeoPoint A, GeoPoint B) edge) =>
        (edge.A.Lat, edge.A.Lon).CompareTo((edge.B.Lat, edge.B.Lon)) < 0 ? edge : (edge.B, edge.A);

    private static bool IsOnePiece(IReadOnlyList<Grid> grids)
    {
        var borders = grids.Select(g => Edges(g.Outline).Select(Undirected).ToHashSet()).ToArray();
        var reached = new HashSet<int> { 0 };
        var waiting = new Queue<int>(reached);
        while (waiting.TryDequeue(out var at))
            for (var next = 0; next < grids.Count; next++)
                if (borders[next].Overlaps(borders[at]) && reached.Add(next))
                    waiting.Enqueue(next);
        return reached.Count == grids.Count;
    }

    /// <summary>The edges that only one grid has, chained; a second chain would be a hole.</summary>
    private static ImmutableArray<GeoPoint> OuterBorder()
    {
        var next = Map.Grids.SelectMany(g => Edges(g.Outline)).GroupBy(Undirected).Where(g => g.Count() == 1)
            .Select(g => g.Single()).ToDictionary(e => e.A, e => e.B);
        var ring = ImmutableArray.CreateBuilder<GeoPoint>();
        var start = next.Keys.First();
        for (var at = start; ring.Count == 0 || at != start; at = next[at])
            ring.Add(at);
        Assert.Equal(next.Count, ring.Count);
        return ring.ToImmutable();
    }
}
