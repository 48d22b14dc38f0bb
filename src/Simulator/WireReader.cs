using System.Buffers;
using System.Buffers.Binary;

namespace DispatchCenter.Simulator;

/// <summary>The server violated the WebSocket or hub protocol.</summary>
internal sealed class WireException(string message) : IOException(message);

/// <summary>
/// Splits the bytes of a server's WebSocket into hub-protocol records, each terminated by 0x1E regardless of frame and
/// read boundaries. Works in place in one buffer, 4 KiB when idle, larger and pooled while a long record needs it.
/// </summary>
internal sealed class WireReader : IDisposable
{
    public const int RestingSize = 4 * 1024;

    /// <summary>The longest record: a snapshot comes in frames of 256 KiB.</summary>
    public const int MaxRecord = 4 * 1024 * 1024;

    private const byte RecordEnd = 0x1E;
    private const int MaxControl = 125;

    private readonly byte[] _resting = new byte[RestingSize];
    private byte[] _buffer;

    // The buffer holds decoded text from _start to _text, scanned up to _scanned, and undecoded bytes from _raw to _end.
    private int _start;
    private int _scanned;
    private int _text;
    private int _raw;
    private int _end;
    private long _left; // of the current frame

    public WireReader() => _buffer = _resting;

    /// <summary>The server has closed the socket.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The payload of a ping, to be returned in a pong; null if none is pending.</summary>
    public byte[]? PongOwed { get; set; }

    /// <summary>Where to read the next bytes to; never empty.</summary>
    public Memory<byte> Room()
    {
        if (_start == _text && _raw == _end)
        {
            (_start, _scanned, _text, _raw, _end) = (0, 0, 0, 0, 0);
            Move(_resting);
        }
        else if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <summary>The next complete record without its terminator; valid until the next call.</summary>
    /// <exception cref="WireException">Garbage.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_scanned, _text - _scanned).IndexOf(RecordEnd);
            if (length >= 0)
            {
                var end = _scanned + length;
                record = _buffer.AsSpan(_start, end - _start);
                _start = _scanned = end + 1;
                return true;
            }

            _scanned = _text;
            if (IsClosed || !Decode())
            {
                record = default;
                return false;
            }
        }
    }

    public void Dispose()
    {
        (_start, _scanned, _text, _raw, _end, _left) = (0, 0, 0, 0, 0, 0);
        Move(_resting);
    }

    /// <summary>Takes the next piece of text or the next frame header; false if more bytes are needed.</summary>
    private bool Decode()
    {
        if (_left == 0) return DecodeHead();
        var piece = (int)Math.Min(_left, _end - _raw);
        if (piece == 0) return false;
        if (_text != _raw) _buffer.AsSpan(_raw, piece).CopyTo(_buffer.AsSpan(_text));
        _text += piece;
        _raw += piece;
        _left -= piece;
        if (_text - _start > MaxRecord) throw new WireException($"The server sent a record of more than {MaxRecord} bytes.");
        return true;
    }

    private bool DecodeHead()
    {
        var bytes = _buffer.AsSpan(_raw, _end - _raw);
        if (bytes.Length < 2) return false;
        if ((bytes[0] & 0x70) != 0 || (bytes[1] & 0x80) != 0) throw new WireException("The server sent a compressed or masked frame.");
        var (opcode, short7) = (bytes[0] & 0x0F, bytes[1] & 0x7F);
        var head = short7 switch { 127 => 10, 126 => 4, _ => 2 };
        if (bytes.Length < head) return false;
        var length = short7 switch
        {
            127 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => short7,
        };
        if (length is < 0 or > MaxRecord) throw new WireException($"The server sent a frame of {length} bytes.");
        if ((opcode & 0x8) != 0) return DecodeControl(opcode, bytes[head..], head, (int)length);
        if (opcode > 1) throw new WireException($"The server sent a frame with opcode {opcode}.");
        _raw += head;
        _left = length;
        if (_start == _text) _start = _scanned = _text = _raw; // nothing is buffered: the text can stay in place
        return true;
    }

    private bool DecodeControl(int opcode, ReadOnlySpan<byte> rest, int head, int length)
    {
        if (length > MaxControl) throw new WireException($"The server sent a control frame of {length} bytes.");
        if (rest.Length < length) return false;
        switch (opcode)
        {
            case 0x8:
                IsClosed = true;
                return false;
            case 0x9:
                PongOwed = rest[..length].ToArray();
                break;
            case 0xA:
                break;
            default:
                throw new WireException($"The server sent a frame with opcode {opcode}.");
        }

        _raw += head + length;
        return true;
    }

    private void MakeRoom()
    {
        var held = _text - _start + _end - _raw;
        Move(held > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer);
    }

    /// <summary>Moves the buffered data to the front of this or another buffer.</summary>
    private void Move(byte[] to)
    {
        var (text, raw) = (_text - _start, _end - _raw);
        if (text > 0) _buffer.AsSpan(_start, text).CopyTo(to);
        if (raw > 0) _buffer.AsSpan(_raw, raw).CopyTo(to.AsSpan(text));
        (_scanned, _start, _text, _raw, _end) = (_scanned - _start, 0, text, text, text + raw);
        if (to == _buffer) return;
        if (_buffer != _resting) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = to;
    }
}
