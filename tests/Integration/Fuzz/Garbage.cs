using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;

namespace DispatchCenter.Integration.Fuzz;

/// <summary>What nobody should send: values at the ends of their range, values of another kind, documents with a member missing, files cut and flipped. The same seed makes the same.</summary>
internal sealed class Garbage(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "\t", "\n", "\u00A0", "\u3000", "\0", "a\0b", "\uFFFD", "\u202E\u2066", "\u0001", "\uFEFF", "a\u0301\u0301", "\uD83D\uDE00", "%", "%00", "%25", "../..", "/", "\\", "'", "\"", "<b>", "{{x}}", "' OR '1'='1", "--", ";",
        "null", "undefined", "true", "NaN", "-NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "0", "-1", "2147483648", "-2147483649", "9223372036854775808", "99999999999999999999999999", "0x10", "1,5", "١", "１",
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31", "0001-01-01", "2026-02-30", "2026-03-11", "2026-03-11T09:00:00+08:00", "2026-03-11T09:00:00", "2026-12-31T24:00:00Z", "24:00", "P1Y",
        "2026-W10", "2026-00", "10000-01-01", "2026-03-12T09:00:00+99:00", "2026-03-20T09:00:00%2B08:00", "javascript:alert(1)", "http://", "https://user:pass@[::1]:99999/", "//x", "file:///etc/passwd", "=1+1", "\uFF1D1",
    ];

    /// <summary>What has broken a reader before.</summary>
    private static readonly string[] Hot = ["\0", "a\0b", " ", "\t", "NaN", "1e400", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "9999-12-31", "0001-01-01"];

    private static readonly string[] Numbers = ["0", "-0", "1", "-1", "0.5", "1e400", "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "1E2", "35.0665", "122.3765", "91", "181"];

    private readonly Random _random = new(seed);

    public int Upto(int most) => _random.Next(most);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public T One<T>(IReadOnlyList<T> many) => many[_random.Next(many.Count)];

    public string Text() => _random.Next(40) switch
    {
        > 32 => One(Hot),
        0 => new string('x', 1 << _random.Next(4, 17)),
        1 => string.Concat(Enumerable.Range(0, _random.Next(1, 60)).Select(_ => (char)_random.Next(1, 0xD800))),
        2 => "2026-03-" + _random.Next(1, 40) + "T" + _random.Next(30) + ":00:00+08:00",
        3 => _random.NextInt64().ToString(CultureInfo.InvariantCulture),
        _ => One(Texts),
    };

    /// <summary>A body of this type as JSON: often right in its kinds, now and then not.</summary>
    /// <param name="known">Values that a member of this name could have.</param>
    public string Body(Type type, Func<string, string?> known)
    {
        var text = new StringBuilder();
        Write(text, type, "", known, 0);
        return Chance(95) ? text.ToString() : Chance(50) ? text.ToString(0, _random.Next(text.Length)) : text.Append(One([",", "}", "]", "\0", "{}"])).ToString();
    }

    /// <summary>A copy with one to three members removed, emptied, of another kind or at the end of their range.</summary>
    public string Mutated(string json)
    {
        var root = JsonNode.Parse(json)!;
        for (var i = Chance(75) ? 0 : _random.Next(3); i >= 0; i--)
        {
            var spots = new List<Action<JsonNode?>?>();
            var removals = new List<Action>();
            Collect(root, spots!, removals);
            if (spots.Count == 0) break;
            if (Chance(35)) One(removals)();
            else One(spots)!(Value());
        }

        return root.ToJsonString();
    }

    /// <summary>A copy of a file, cut, flipped, doubled or with something pasted in.</summary>
    public byte[] Mutated(byte[] file)
    {
        var bytes = (byte[])file.Clone();
        for (var i = _random.Next(4); i >= 0; i--)
        {
            if (bytes.Length == 0) return bytes;
            var at = _random.Next(bytes.Length);
            switch (_random.Next(6))
            {
                case 0: bytes[at] = (byte)_random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 2: bytes = bytes[..at]; break;
                case 3: bytes = [.. bytes[..at], .. bytes[_random.Next(bytes.Length)..]]; break;
                case 4: bytes = [.. bytes[..at], .. Encoding.UTF8.GetBytes(Text()), .. bytes[at..]]; break;
                default: bytes[at] = One((byte[])[0, 0xFF, 0x7F, 0x80, (byte)',', (byte)'\n', (byte)'"']); break;
            }
        }

        return bytes;
    }

    /// <summary>A copy of a table in which some cells are something else.</summary>
    public string MutatedTable(string csv)
    {
        var lines = csv.Split('\n').ToList();
        for (var i = _random.Next(4); i >= 0 && lines.Count > 0; i--)
        {
            var row = _random.Next(Math.Min(lines.Count, 12));
            var cells = lines[row].Split(',');
            if (Chance(15)) lines.RemoveAt(row);
            else if (Chance(15)) lines.Insert(row, lines[_random.Next(lines.Count)]);
            else
            {
                cells[_random.Next(cells.Length)] = Chance(40) ? One(One(lines).Split(',')) : '"' + Text().Replace("\"", "\"\"", StringComparison.Ordinal) + (Chance(95) ? '"' : ' ');
                lines[row] = string.Join(',', cells);
            }
        }

        return string.Join('\n', lines);
    }

    private JsonNode? Value() => _random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(Text()),
        2 => JsonNode.Parse(One(Numbers)),
        3 => new JsonArray(),
        4 => new JsonObject(),
        5 => JsonValue.Create(Chance(50)),
        6 => new JsonArray((JsonNode?)null),
        _ => new JsonObject { [""] = null },
    };

    private static void Collect(JsonNode? node, List<Action<JsonNode?>> spots, List<Action> removals)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members.ToList())
            {
                spots.Add(one => members[name] = one);
                removals.Add(() => members.Remove(name));
                Collect(value, spots, removals);
            }

        if (node is JsonArray items)
            for (var i = 0; i < items.Count; i++)
            {
                var at = i;
                spots.Add(one => items[at] = one);
                removals.Add(() => items.RemoveAt(at));
                Collect(items[i], spots, removals);
            }
    }

    private void Write(StringBuilder text, Type type, string name, Func<string, string?> known, int depth)
    {
        if (_random.Next(1_000) < 12 || depth > 6)
        {
            text.Append(Value()?.ToJsonString() ?? "null");
            return;
        }

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(bool)) text.Append(Chance(50) ? "true" : "false");
        else if (bare.IsPrimitive || bare == typeof(decimal)) text.Append(One(Numbers));
        else if (bare == typeof(JsonElement)) text.Append(Value()?.ToJsonString() ?? "null");
        else if (ContractsJson.Default.GetTypeInfo(bare) is { Kind: JsonTypeInfoKind.Object } shape)
        {
            text.Append('{');
            foreach (var member in shape.Properties.Where(_ => Chance(85)))
            {
                if (text[^1] != '{') text.Append(',');
                text.Append(JsonSerializer.Serialize(member.Name)).Append(':');
                Write(text, member.PropertyType, member.Name, known, depth + 1);
            }

            text.Append('}');
        }
        else if (bare != typeof(string) && bare.GetInterfaces().Append(bare).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list && !bare.Name.Contains("Dictionary", StringComparison.Ordinal))
        {
            text.Append('[');
            for (var i = _random.Next(4); i > 0; i--)
            {
                Write(text, list.GetGenericArguments()[0], name, known, depth + 1);
                if (i > 1) text.Append(',');
            }

            text.Append(']');
        }
        else text.Append(JsonSerializer.Serialize(Chance(60) && known(name) is { } right ? right : Text()));
    }
}
