using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Hub.Street;

/// <param name="Format">Other formats are rejected.</param>
internal sealed record StandardsDocument(int Format, IReadOnlyList<StandardLine> Lines);

internal sealed record StandardLine(
    string ClassCode, string ClassName, string ItemCode, string ItemName, int Position, string Filing, string Closing, int Count, StandardUnit Unit, string? Category);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StandardsDocument))]
internal sealed partial class StandardsJsonContext : JsonSerializerContext;

/// <summary>The standards as one JSON document of a versioned row. Deterministic.</summary>
internal static class StandardsJson
{
    private const int Format = 1;

    // Stored, never put into HTML, so Chinese stays readable.
    private static readonly StandardsJsonContext Context = new(new JsonSerializerOptions(StandardsJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(ImmutableArray<Standard> standards) => JsonSerializer.Serialize(
        new StandardsDocument(Format, [.. standards.Select(s => new StandardLine(
            s.ClassCode, s.ClassName, s.ItemCode, s.ItemName, s.Position, s.Filing, s.Closing, s.Limit.Count, s.Limit.Unit, s.Category))]),
        Context.StandardsDocument);

    /// <exception cref="FormatException">The document has another format.</exception>
    public static ImmutableArray<Standard> Read(string json)
    {
        var document = JsonSerializer.Deserialize(json, Context.StandardsDocument) ?? throw new FormatException("The standards' document is null.");
        if (document.Format != Format) throw new FormatException($"The standards' document does not have format {Format}.");
        return [.. document.Lines.Select(l => new Standard(
            l.ClassCode, l.ClassName, l.ItemCode, l.ItemName, l.Position, l.Filing, l.Closing, new StandardLimit(l.Count, l.Unit), l.Category))];
    }
}
