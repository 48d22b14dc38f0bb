using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Unit.Matters;

/// <summary>Matters and changes as text, so that two of them can be compared through all their lists.</summary>
internal static class MatterText
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new RespondentText(), new JsonStringEnumConverter() } };

    public static string Of(Proceeding matter) => JsonSerializer.Serialize(matter, Options);

    public static string Of(Change change) => JsonSerializer.Serialize(change, Options);

    private sealed class RespondentText : JsonConverter<Respondent>
    {
        public override Respondent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Respondent.Parse(reader.GetString()!)!;

        public override void Write(Utf8JsonWriter writer, Respondent value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
