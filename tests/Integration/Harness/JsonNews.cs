using System.Text.Json;

namespace DispatchCenter.Integration.Harness;

/// <summary>
/// Tells whether a JSON text has anything that no earlier one of its kind had: a set of members at some place, a kind of value, or a word as codes are. Comparing with a schema takes
/// fifty times as long, and finds nothing new in the thousandth board.
/// </summary>
internal sealed class JsonNews
{
    private const int LongestWord = 24;

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _seen = [];

    public bool Has(ReadOnlySpan<byte> json)
    {
        var facts = new HashSet<ulong>();
        var reader = new Utf8JsonReader(json);
        var open = new Stack<(ulong Place, ulong Members, bool IsObject)>();
        var place = 1UL;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push((place, 0, reader.TokenType == JsonTokenType.StartObject));
                    facts.Add(Mix(place, (ulong)reader.TokenType));
                    place = Mix(place, 17);
                    break;
                case JsonTokenType.PropertyName:
                    var (at, members, isObject) = open.Pop();
                    var name = Hash(reader.ValueSpan);
                    open.Push((at, members ^ Mix(name, 3), isObject));
                    place = Mix(at, name);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var ended = open.Pop();
                    if (ended.IsObject) facts.Add(Mix(Mix(ended.Place, 5), ended.Members));
                    place = After();
                    break;
                default:
                    facts.Add(Mix(Mix(place, (ulong)reader.TokenType), KindOf(ref reader)));
                    place = After();
                    break;
            }
        }

        lock (_gate)
        {
            var before = _seen.Count;
            _seen.UnionWith(facts);
            return _seen.Count > before;
        }

        // The next value of an array stands where this one stood; in an object a name comes first.
        ulong After() => open.TryPeek(out var around) && !around.IsObject ? Mix(around.Place, 17) : 0;
    }

    private static ulong KindOf(ref Utf8JsonReader reader)
    {
        var value = reader.ValueSpan;
        if (reader.TokenType == JsonTokenType.Number) return value.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0 ? 1UL : value[0] == '-' ? 2UL : 3UL;
        if (reader.TokenType != JsonTokenType.String) return 0;
        if (value.Length is 0 or > LongestWord) return value.Length == 0 ? 4UL : 5UL;
        foreach (var letter in value)
            if (!char.IsAsciiLetter((char)letter) && letter != '_') return 6;
        return Hash(value);
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in text) hash = (hash ^ one) * 1099511628211UL;
        return hash;
    }

    private static ulong Mix(ulong a, ulong b) => (a ^ (b + 0x9E3779B97F4A7C15UL + (a << 6) + (a >> 2))) * 1099511628211UL;
}
