using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// What a request can hold and no database or later JSON can: the character NUL, and numbers beyond every number. They are read as the nearest thing that
/// can be kept and that nothing is called by, so that whoever sends them hears what they would hear for any other wrong value, on every database alike.
/// </summary>
internal static class Storable
{
    private const char Nul = '\0', Instead = '\u0001';

    /// <summary>The contracts' JSON for reading bodies.</summary>
    public static readonly ContractsJson Json = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Converters = { new Texts(), new Numbers() } });

    /// <summary>Queries are read in the same way, before anything looks at them.</summary>
    public static void UseStorableQueries(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.QueryString.Value is { } query && query.Contains("%00", StringComparison.Ordinal)) http.Request.QueryString = new QueryString(query.Replace("%00", "%01", StringComparison.Ordinal));
        return next(http);
    });

    /// <summary>Whether a form holds what cannot be kept; no browser sends it.</summary>
    public static bool HasNul(IFormCollection form) => form.Any(field => field.Key.Contains(Nul, StringComparison.Ordinal) || field.Value.Any(value => value?.Contains(Nul, StringComparison.Ordinal) is true));

    private sealed class Texts : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String ? reader.GetString()!.Replace(Nul, Instead) : throw new JsonException();

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!.Replace(Nul, Instead);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class Numbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.Number ? Math.Clamp(reader.GetDouble(), double.MinValue, double.MaxValue) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}
