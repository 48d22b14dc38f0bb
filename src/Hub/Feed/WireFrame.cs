using System.Text.Json;
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Feed;

/// <summary>A serialized <see cref="FeedFrame"/>: every watcher of a lane gets the same bytes.</summary>
public sealed class WireFrame
{
    private readonly ReadOnlyMemory<byte> _utf8;

    private WireFrame(ReadOnlyMemory<byte> utf8, long through, int calls, bool isEmpty) => (_utf8, Through, Calls, IsEmpty) = (utf8, through, calls, isEmpty);

    /// <summary>The frame's <see cref="FeedFrame.Through"/>.</summary>
    public long Through { get; }

    /// <summary>The number of cards.</summary>
    public int Calls { get; }

    /// <summary>It mentions no case, neither added nor removed.</summary>
    public bool IsEmpty { get; }

    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <param name="others">The cards of other kinds of matter, and those that are gone; what is empty is not written.</param>
    public static WireFrame Write(
        string epoch, string kind, long from, long through, DateTimeOffset serverTime, IReadOnlyCollection<byte[]> cards, IReadOnlyCollection<string> gone,
        (IReadOnlyCollection<byte[]> Cards, IReadOnlyCollection<string> Gone) others = default)
    {
        var (matters, mattersGone) = (others.Cards ?? [], others.Gone ?? []);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256 + cards.Sum(c => c.Length + 1) + matters.Sum(c => c.Length + 1));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("epoch"u8, epoch);
        json.WriteString("kind"u8, kind);
        json.WriteNumber("from"u8, from);
        json.WriteNumber("through"u8, through);
        json.WriteString("serverTime"u8, serverTime);
        json.WriteStartArray("calls"u8);
        foreach (var card in cards) json.WriteRawValue(card, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteStartArray("gone"u8);
        foreach (var no in gone) json.WriteStringValue(no);
        json.WriteEndArray();
        if (matters.Count > 0)
        {
            json.WriteStartArray("matters"u8);
            foreach (var card in matters) json.WriteRawValue(card, skipInputValidation: true);
            json.WriteEndArray();
        }

        if (mattersGone.Count > 0)
        {
            json.WriteStartArray("mattersGone"u8);
            foreach (var no in mattersGone) json.WriteStringValue(no);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return new WireFrame(buffer.WrittenMemory, through, cards.Count + matters.Count, cards.Count + gone.Count + matters.Count + mattersGone.Count == 0);
    }
}
