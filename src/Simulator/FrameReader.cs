using System.Text.Json;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Parses hub records without parsing whole cards: only each card's number and version. Watchers who see the same get
/// the same bytes, so one reader serves a group and parses each distinct record once; repeats are recognised by comparing bytes.
/// </summary>
internal sealed class FrameReader(CaseNumbers cases)
{
    /// <summary>The maximum of distinct records kept. Watchers of a group are at most a few frames apart.</summary>
    private const int Kept = 8;

    /// <summary>Longer records are parsed each time.</summary>
    private const int MaxKeptLength = 300 * 1024;

    private const int StreamItem = 2;
    private const int Completion = 3;
    private const int Close = 7;

    private static readonly HubRecord _silence = new HubRecord.Silence();

    private readonly Known?[] _known = new Known?[Kept];
    private int _next;

    public CaseNumbers Cases { get; } = cases;

    /// <exception cref="WireException">Not a hub-protocol record, or a frame that violates the contract.</exception>
    public HubRecord Read(ReadOnlySpan<byte> record)
    {
        if (record.SequenceEqual("{\"type\":6}"u8)) return _silence;
        foreach (var known in _known)
            if (known is not null && record.SequenceEqual(known.Bytes)) return known.Record;
        try
        {
            var read = Parse(record);
            if (read is HubRecord.Frame && record.Length <= MaxKeptLength)
                Volatile.Write(ref _known[(uint)Interlocked.Increment(ref _next) % Kept], new Known(record.ToArray(), read));
            return read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new WireException($"The server sent an unreadable record: {e.Message}");
        }
    }

    private HubRecord Parse(ReadOnlySpan<byte> record)
    {
        var json = new Utf8JsonReader(record);
        Expect(ref json, JsonTokenType.StartObject);
        var type = 0;
        string? error = null;
        FrameFacts? frame = null;
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("type"u8)) type = Number(ref json, (ref r) => r.GetInt32());
            else if (json.ValueTextEquals("error"u8)) error = Text(ref json);
            else if (json.ValueTextEquals("item"u8)) frame = ParseFrame(ref json);
            else Skip(ref json);
        }

        if (json.Read()) throw new JsonException("more than one value");
        return type switch
        {
            StreamItem => new HubRecord.Frame(frame ?? throw new JsonException("an item without a frame")),
            Completion or Close => new HubRecord.End(error ?? (type == Close ? "the server closed" : "the stream ended")),
            _ => error is null ? _silence : new HubRecord.End(error),
        };
    }

    private FrameFacts ParseFrame(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        string? epoch = null, kind = null;
        long? from = null, through = null;
        DateTimeOffset? serverTime = null;
        var cards = new List<CardMark>();
        var gone = new List<int>();
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("epoch"u8)) epoch = Text(ref json);
            else if (json.ValueTextEquals("kind"u8)) kind = Constant(Text(ref json));
            else if (json.ValueTextEquals("from"u8)) from = Number(ref json, (ref r) => r.GetInt64());
            else if (json.ValueTextEquals("through"u8)) through = Number(ref json, (ref r) => r.GetInt64());
            else if (json.ValueTextEquals("serverTime"u8)) serverTime = Number(ref json, (ref r) => r.GetDateTimeOffset());
            else if (json.ValueTextEquals("calls"u8) || json.ValueTextEquals("matters"u8)) ParseCards(ref json, cards);
            else if (json.ValueTextEquals("gone"u8) || json.ValueTextEquals("mattersGone"u8)) ParseGone(ref json, gone);
            else Skip(ref json);
        }

        return epoch is not null && kind is not null && from is not null && through is not null && serverTime is not null
            ? new FrameFacts(epoch, kind, from.Value, through.Value, serverTime.Value, [.. cards], [.. gone])
            : throw new JsonException("a frame without its place");
    }

    private void ParseCards(ref Utf8JsonReader json, List<CardMark> cards)
    {
        if (!IsList(ref json)) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("a card that is no object");
            string? callNo = null;
            int? version = null;
            while (NextProperty(ref json))
            {
                if (json.ValueTextEquals("callNo"u8)) callNo = Text(ref json);
                else if (json.ValueTextEquals("version"u8)) version = Number(ref json, (ref r) => r.GetInt32());
                else Skip(ref json);
            }

            if (callNo is null || version is null) throw new JsonException("a card without callNo or version");
            cards.Add(new CardMark(Cases.Of(callNo), version.Value));
        }
    }

    private void ParseGone(ref Utf8JsonReader json, List<int> gone)
    {
        if (!IsList(ref json)) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) gone.Add(Cases.Of(json.GetString() ?? throw new JsonException("gone without a number")));
    }

    /// <summary>Whether an array begins; null stands for none, as for matters that are absent.</summary>
    private static bool IsList(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null)) throw new JsonException("no list");
        return json.TokenType == JsonTokenType.StartArray;
    }

    /// <summary>Afterwards the reader is at a name, or at the end of the object.</summary>
    private static bool NextProperty(ref Utf8JsonReader json)
    {
        if (!json.Read()) throw new JsonException("it ends too early");
        return json.TokenType == JsonTokenType.PropertyName;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token) throw new JsonException($"no {token}");
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        if (!json.Read() || !json.TrySkip()) throw new JsonException("it ends too early");
    }

    private static string? Text(ref Utf8JsonReader json) => json.Read() ? json.GetString() : null;

    private static T Number<T>(ref Utf8JsonReader json, Get<T> get) => json.Read() ? get(ref json) : throw new JsonException("it ends too early");

    /// <summary>Reuses a constant string if possible, because frames live long.</summary>
    private static string? Constant(string? kind) => kind switch
    {
        FrameKinds.Delta => FrameKinds.Delta,
        FrameKinds.Beat => FrameKinds.Beat,
        _ => kind,
    };

    private delegate T Get<T>(ref Utf8JsonReader json);

    private sealed record Known(byte[] Bytes, HubRecord Record);
}
