using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Values that a request can contain but no database or later JSON can store: the character NUL, and infinite numbers. They are read as the nearest
/// storable value that names nothing, so the sender gets the same answer as for any other wrong value, on every database.
/// </summary>
internal static class Storable
{
    private const char Nul = '\0', Instead = '\u0001';

    /// <summary>The contracts' JSON options for reading bodies.</summary>
    public static readonly ContractsJson Json = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Converters = { new Texts(), new Numbers(), new Times() } });

    /// <summary>Cleans queries in the same way, before anything reads them.</summary>
    public static void UseStorableQueries(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.QueryString.Value is { } query && query.Contains("%00", StringComparison.Ordinal)) http.Request.QueryString = new QueryString(query.Replace("%00", "%01", StringComparison.Ordinal));
        return next(http);
    });

    /// <summary>Whether a form contains values that cannot be stored; no browser sends them.</summary>
    public static bool HasNul(IFormCollection form) => form.Any(field => field.Key.Contains(Nul, StringComparison.Ordinal) || field.Value.Any(value => value?.Contains(Nul, StringComparison.Ordinal) is true));

    private sealed class Texts : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String ? reader.GetString()!.Replace(Nul, Instead) : throw new JsonException();

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!.Replace(Nul, Instead);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <summary>A time without an offset would be read as the server's own.</summary>
    private sealed class Times : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is not JsonTokenType.String || !reader.TryGetDateTimeOffset(out var read)) throw new JsonException();
            return Instants.LacksOffset(reader.GetString()!) ? throw new OffsetMissingException() : read;
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class Numbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.Number ? Math.Clamp(reader.GetDouble(), double.MinValue, double.MaxValue) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}

/// <summary>A time in a body has no offset.</summary>
internal sealed class OffsetMissingException : JsonException;
