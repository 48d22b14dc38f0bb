using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Register;

namespace DispatchCenter.Hub.Register;

/// <summary>What a version of an entry says besides its code, kind and place. Instants in milliseconds since 1970, UTC.</summary>
internal sealed record EntryData(string Name, string NameEn, long? From, long? Until, long? Expires, IReadOnlyList<TieData>? Ties);

internal sealed record TieData(string Role, string Place, string? To, long? From, long? Until);

/// <summary>Writes and reads what is stored of entries.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EntryData))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class RegisterJson : JsonSerializerContext
{
    public static string Write(Entry entry) => JsonSerializer.Serialize(
        new EntryData(entry.Name, entry.NameEn, Milliseconds(entry.From), Milliseconds(entry.Until), Milliseconds(entry.ExpiresAt),
            entry.Ties.IsEmpty ? null : [.. entry.Ties.Select(t => new TieData(t.Role, t.Place, t.To, Milliseconds(t.From), Milliseconds(t.Until)))]),
        Default.EntryData);

    public static Entry Read(string code, string kind, string place, string data)
    {
        var read = JsonSerializer.Deserialize(data, Default.EntryData) ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The entry {code} has no data."));
        return new Entry(code, kind, read.Name, read.NameEn, place)
        {
            From = Instant(read.From), Until = Instant(read.Until), ExpiresAt = Instant(read.Expires),
            Ties = read.Ties is null ? [] : [.. read.Ties.Select(t => new Tie(t.Role, t.Place, t.To) { From = Instant(t.From), Until = Instant(t.Until) })],
        };
    }

    public static string Write(IReadOnlyDictionary<string, string> fields) => JsonSerializer.Serialize(new Dictionary<string, string>(fields.OrderBy(f => f.Key, StringComparer.Ordinal)), Default.DictionaryStringString);

    public static ImmutableDictionary<string, string> ReadFields(string? json) =>
        json is null ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize(json, Default.DictionaryStringString)!.ToImmutableDictionary();

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? Instant(long? at) => at is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
