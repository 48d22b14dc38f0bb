using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Street;

/// <summary>A street's map as JSON: stored as a versioned row, and shown to the public.</summary>
public static class StreetJson
{
    /// <summary>Written into every document; one with another number is rejected.</summary>
    public const int Format = 1;

    // The document is stored, never put into HTML, so Chinese stays readable.
    private static readonly StreetJsonContext Context = new(new JsonSerializerOptions(StreetJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Deterministic.</summary>
    public static string Write(StreetMap map) => JsonSerializer.Serialize(
        new StreetDocument(
            Format,
            map.Name,
            map.NameEn,
            [.. map.Communities.Select(c => new CommunityDocument(c.Code.Value, c.Name, c.NameEn, c.DutyPhone))],
            [.. map.Grids.Select(g => new GridDocument(g.Code.Value, g.Name, g.NameEn, g.Community.Value, Pairs(g)))],
            [.. map.Stations.Select(s => new StationDocument(s.Code.Value, s.Name, s.NameEn, s.Grid.Value, Pair(s.Position)))],
            [.. map.Teams.Select(t => new TeamDocument(t.Code.Value, t.Name, t.NameEn, t.Community.Value, Codes(t), t.Skills.IsEmpty ? null : [.. t.Skills]))],
            map.DutyPhone),
        Context.StreetDocument);

    /// <summary>Reads back exactly what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a document, or has another format.</exception>
    public static StreetMap Read(string json)
    {
        var document = JsonSerializer.Deserialize(json, Context.StreetDocument) ?? throw new JsonException("The street's document is null.");
        if (document.Format != Format)
            throw new JsonException($"The street's document has format {document.Format}; this program reads {Format}.");
        return new StreetMap(
            document.Name,
            document.NameEn,
            [.. document.Communities.Select(c => new Community(new(c.Code), c.Name, c.NameEn) { DutyPhone = c.DutyPhone })],
            [.. document.Grids.Select(g => new Grid(new(g.Code), g.Name, g.NameEn, new(g.Community), [.. g.Outline.Select(Point)]))],
            [.. document.Stations.Select(s => new Station(new(s.Code), s.Name, s.NameEn, new(s.Grid)) { Position = s.Position is { } at ? Point(at) : null })],
            [.. document.Teams.Select(t => new Team(new(t.Code), t.Name, t.NameEn, new(t.Community), [.. t.Grids.Select(g => new GridCode(g))]) { Skills = [.. t.Skills ?? []] })]) { DutyPhone = document.DutyPhone };
    }

    /// <summary>The body of <c>GET /api/street</c>: the map in its own order, and the categories as given.</summary>
    public static StreetView View(StreetMap map, IReadOnlyList<CategoryView> categories) => new(
        map.Name,
        map.NameEn,
        [.. map.Communities.Select(c => new CommunityView(c.Code.Value, c.Name, c.NameEn) { DutyPhone = c.DutyPhone })],
        [.. map.Grids.Select(g => new GridView(g.Code.Value, g.Name, g.NameEn, g.Community.Value, Pairs(g)))],
        [.. map.Stations.Select(s => new StationView(s.Code.Value, s.Name, s.NameEn, s.Grid.Value) { Position = Pair(s.Position) })],
        [.. map.Teams.Select(t => new TeamView(t.Code.Value, t.Name, t.NameEn, t.Community.Value, Codes(t)))],
        categories) { DutyPhone = map.DutyPhone };

    private static double[][] Pairs(Grid grid) => [.. grid.Outline.Select(p => new[] { p.Lat, p.Lon })];

    private static double[]? Pair(GeoPoint? point) => point is { } p ? [p.Lat, p.Lon] : null;

    private static string[] Codes(Team team) => [.. team.Grids.Select(g => g.Value)];

    private static GeoPoint Point(double[] pair) =>
        pair is [var lat, var lon] ? new(lat, lon) : throw new JsonException("A point is not a pair of numbers.");
}

internal sealed record StreetDocument(
    int Format,
    string Name,
    string NameEn,
    CommunityDocument[] Communities,
    GridDocument[] Grids,
    StationDocument[] Stations,
    TeamDocument[] Teams,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DutyPhone = null);

internal sealed record CommunityDocument(string Code, string Name, string NameEn, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DutyPhone = null);

internal sealed record GridDocument(string Code, string Name, string NameEn, string Community, double[][] Outline);

internal sealed record StationDocument(string Code, string Name, string NameEn, string Grid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double[]? Position = null);

internal sealed record TeamDocument(
    string Code, string Name, string NameEn, string Community, string[] Grids, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string[]? Skills = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StreetDocument))]
internal sealed partial class StreetJsonContext : JsonSerializerContext;
