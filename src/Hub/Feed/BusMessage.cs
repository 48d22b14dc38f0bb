using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// A message between nodes: the sender's name, an epoch and a batch of entries in sequence order, as codes and cards only.
/// Little-endian; begins with a magic number and a format version, so nodes of two versions can run side by side: what one does not
/// understand, it reads from the journal. Batches of whistles alone are written as they always were.
/// </summary>
internal sealed record BusMessage(string Node, string Epoch, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>The maximum bytes per message; a larger batch is split. A single entry may be larger, up to <see cref="EntryLimit"/>.</summary>
    public const int Limit = 128 * 1024;

    /// <summary>The maximum bytes per entry; a larger one is left to the journal.</summary>
    public const int EntryLimit = 1024 * 1024;

    private const int Mark = 0x31_46_43_44; // "DCF1": dispatch centre, feed, version 1: whistles alone
    private const int MarkOfKinds = 0x32_46_43_44; // "DCF2": each entry ends with the kind of its matter

    /// <summary>The messages of a batch, each with its number of entries.</summary>
    public static IEnumerable<(byte[] Bytes, int Entries)> Write(string node, string epoch, IReadOnlyList<JournalEntry> entries)
    {
        var mark = entries.All(e => e.IsWhistle) ? Mark : MarkOfKinds;
        var (buffer, count) = (Begin(mark, node, epoch), 0);
        foreach (var entry in entries)
        {
            var bytes = Entry(mark, entry);
            if (bytes.Length > EntryLimit) continue;
            if (count > 0 && buffer.WrittenCount + bytes.Length > Limit)
            {
                yield return (buffer.WrittenSpan.ToArray(), count);
                (buffer, count) = (Begin(mark, node, epoch), 0);
            }

            buffer.Write(bytes);
            count++;
        }

        if (count > 0) yield return (buffer.WrittenSpan.ToArray(), count);
    }

    /// <summary>Null if the bytes are not a message of this version. The entries of the reader's own messages are not parsed.</summary>
    public static BusMessage? Read(ReadOnlySpan<byte> bytes, string self)
    {
        try
        {
            var reader = new Reader(bytes);
            var mark = reader.Int();
            if (mark is not (Mark or MarkOfKinds)) return null;
            var (node, epoch) = (reader.Text(), reader.Text());
            if (node == self) return new BusMessage(node, epoch, []);
            var entries = new List<JournalEntry>();
            while (!reader.IsAtEnd)
            {
                var entry = Entry(mark, ref reader);
                if (entry.Seq <= (entries.Count == 0 ? 0 : entries[^1].Seq) || !IsObject(entry.Card)) return null;
                entries.Add(entry);
            }

            return entries.Count == 0 ? null : new BusMessage(node, epoch, entries);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IndexOutOfRangeException or JsonException)
        {
            return null; // anyone with access to Redis may have written it
        }
    }

    /// <summary>Cards go to watchers unchanged: one that is not JSON, or not text, would corrupt the whole frame.</summary>
    private static bool IsObject(ReadOnlySpan<byte> card)
    {
        if (!Utf8.IsValid(card)) return false;
        var json = new Utf8JsonReader(card);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        json.Skip();
        return !json.Read();
    }

    private static ArrayBufferWriter<byte> Begin(int mark, string node, string epoch)
    {
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        Int(buffer, mark);
        Text(buffer, node);
        Text(buffer, epoch);
        return buffer;
    }

    private static byte[] Entry(int mark, JournalEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(entry.Card.Length + 256);
        Long(buffer, entry.Seq);
        Text(buffer, entry.CallNo);
        Int(buffer, entry.Version);
        Long(buffer, entry.At.ToUnixTimeMilliseconds());
        Text(buffer, entry.By);
        Text(buffer, entry.What);
        Text(buffer, entry.Answer ?? string.Empty);
        Long(buffer, entry.Due?.ToUnixTimeMilliseconds() ?? long.MinValue);
        Text(buffer, Details.Write(entry.Detail));
        Text(buffer, AudienceText.Write(entry.Audience));
        Text(buffer, ReferenceEquals(entry.Before, entry.Audience) ? string.Empty : AudienceText.Write(entry.Before));
        Bytes(buffer, entry.Card);
        if (mark == MarkOfKinds) Text(buffer, entry.Kind);
        return buffer.WrittenSpan.ToArray();
    }

    private static JournalEntry Entry(int mark, ref Reader reader)
    {
        var (seq, callNo, version) = (reader.Long(), reader.Text(), reader.Int());
        var (at, by, what) = (DateTimeOffset.FromUnixTimeMilliseconds(reader.Long()), reader.Text(), reader.Text());
        var (answer, due, detail) = (reader.Text(), reader.Long(), reader.Text());
        var (audience, before) = (AudienceText.Read(reader.Text()), reader.Text());
        return new JournalEntry
        {
            Seq = seq,
            CallNo = callNo,
            Version = version,
            At = at,
            By = by,
            What = what,
            Answer = answer.Length == 0 ? null : answer,
            Due = due == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(due),
            Detail = Details.Read(detail),
            Audience = audience,
            Before = before.Length == 0 ? audience : AudienceText.Read(before),
            Card = reader.Bytes().ToArray(),
            Kind = mark == MarkOfKinds ? reader.Text() : JournalEntry.Whistle,
        };
    }

    private static void Int(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    private static void Long(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    private static void Bytes(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        Int(buffer, bytes.Length);
        buffer.Write(bytes);
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text) => Bytes(buffer, Encoding.UTF8.GetBytes(text));

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public ReadOnlySpan<byte> Bytes() => Take(Int());

        public string Text() => Encoding.UTF8.GetString(Bytes());

        private ReadOnlySpan<byte> Take(int count)
        {
            var taken = _left[..count]; // thrown if the message is truncated or has a wrong length
            _left = _left[count..];
            return taken;
        }
    }
}
