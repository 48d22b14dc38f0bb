using System.Buffers.Binary;
using System.Buffers.Text;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// Takes the cards out of the bytes of a WebSocket as cheaply as can be: frames are unwrapped where they lie and nothing is parsed but
/// the number of each case.
/// </summary>
/// <param name="seen">Told the running number of a case (the digits after the last dash), once for each card.</param>
internal sealed class CardReader(Action<int> seen)
{
    /// <summary>Longer than any case number.</summary>
    private const int LongestNumber = 64;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _kept;
    private int _header;
    private long _left;

    private static ReadOnlySpan<byte> Mark => "\"callNo\":\""u8;

    /// <summary>Unwrapped text that has come so far; frames' heads do not count.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where the next bytes are to be read to.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_kept + _header);

    /// <summary>Takes what has been read into <see cref="Room"/>.</summary>
    /// <param name="text">Told every piece of text as well, for handshakes; null where only cards matter.</param>
    public void Take(int count, Action<ReadOnlySpan<byte>>? text = null)
    {
        // Before: [kept text][begun head]; the new bytes follow. After: [kept text], then perhaps the begun head of a frame.
        var (read, end, write) = (_kept, _kept + _header + count, _kept);
        _header = 0;
        while (read < end)
        {
            if (_left == 0)
            {
                if (Head(_buffer.AsSpan(read, end - read)) is not { } head) break;
                (read, _left) = (read + head.Length, head.Payload);
                continue;
            }

            var piece = (int)Math.Min(_left, end - read);
            if (read != write) _buffer.AsSpan(read, piece).CopyTo(_buffer.AsSpan(write));
            text?.Invoke(_buffer.AsSpan(write, piece));
            (read, write, _left) = (read + piece, write + piece, _left - piece);
            Bytes += piece;
        }

        var used = Scan(_buffer.AsSpan(0, write));
        _kept = write - used;
        _header = end - read;
        _buffer.AsSpan(used, _kept).CopyTo(_buffer);
        _buffer.AsSpan(read, _header).CopyTo(_buffer.AsSpan(_kept));
    }

    /// <returns>How much is done with; the rest may be the beginning of a card.</returns>
    private int Scan(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (text[at..].IndexOf(Mark) is var next and >= 0)
        {
            var number = text[(at + next + Mark.Length)..];
            var close = number.IndexOf((byte)'"');
            if (close < 0)
            {
                if (number.Length > LongestNumber) throw new InvalidDataException("A card's number does not end.");
                return at + next;
            }

            var digits = number[(number[..close].LastIndexOf((byte)'-') + 1)..close];
            seen(Utf8Parser.TryParse(digits, out int running, out _) ? running : 0);
            at += next + Mark.Length + close;
        }

        return Math.Max(at, text.Length - (Mark.Length - 1));
    }

    /// <summary>A server's frame: never masked. Null where the head is not whole.</summary>
    private static (int Length, long Payload)? Head(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return null;
        var length = bytes[1] & 0x7F;
        return length switch
        {
            126 => bytes.Length < 4 ? null : (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 => bytes.Length < 10 ? null : (10, BinaryPrimitives.ReadInt64BigEndian(bytes[2..])),
            _ => (2, length),
        };
    }
}
