using System.Buffers.Binary;
using System.Text;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public sealed class WireReaderTests : IDisposable
{
    private readonly WireReader _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void Records_end_with_0x1E_wherever_frames_end() =>
        Assert.Equal(["one", "two", "three"], Read(Text("one\u001etw"), Text("o\u001ethree\u001e")));

    [Fact]
    public void A_message_in_fragments_is_one_text() =>
        Assert.Equal(["abcdef"], Read(Frame(0x01, "abc"u8), Frame(0x00, "de"u8), Frame(0x80, "f\u001e"u8)));

    [Fact]
    public void Bytes_that_come_one_by_one_make_the_same_records()
    {
        var sent = Text("one\u001e").Concat(Ping("p")).Concat(Text(new string('x', 300) + "\u001e")).ToArray();
        Assert.Equal(["one", new string('x', 300)], Read([.. sent.Select(b => new[] { b })]));
    }

    [Fact]
    public void A_ping_between_two_fragments_owes_a_pong_and_breaks_nothing()
    {
        Assert.Equal(["abc"], Read(Frame(0x01, "ab"u8), Ping("42"), Frame(0x80, "c\u001e"u8)));
        Assert.Equal("42"u8, Assert.IsType<byte[]>(_wire.PongOwed));
    }

    [Fact]
    public void A_pong_is_passed_over() => Assert.Equal(["a"], Read(Frame(0x8A, "x"u8), Text("a\u001e")));

    [Fact]
    public void A_close_ends_it_and_nothing_after_it_is_read()
    {
        Assert.Equal(["a"], Read(Text("a\u001e"), Frame(0x88, [3, 232]), Text("b\u001e")));
        Assert.True(_wire.IsClosed);
    }

    [Fact]
    public void A_record_longer_than_the_resting_buffer_comes_whole_and_the_buffer_rests_again()
    {
        var longest = new string('x', WireReader.RestingSize * 20);
        Assert.Equal([longest, "short"], Read(Text(longest + "\u001eshort\u001e")));
        Assert.Equal(WireReader.RestingSize, _wire.Room().Length);
    }

    [Fact]
    public void A_record_without_an_end_is_refused_at_its_limit()
    {
        var piece = Frame(0x01, new byte[1 << 20]);
        Assert.Throws<WireException>(() => Read([.. Enumerable.Repeat(piece, (WireReader.MaxRecord >> 20) + 2)]));
    }

    [Theory]
    [InlineData(0xC1, 0x01)] // compressed
    [InlineData(0x81, 0x81)] // masked
    [InlineData(0x82, 0x01)] // binary
    [InlineData(0x83, 0x01)] // a kind that does not exist
    [InlineData(0x89, 0x7E)] // a ping that is too long
    [InlineData(0x47, 0x45)] // "GE"
    public void Garbage_is_refused(int first, int second) => Assert.Throws<WireException>(() => Read([(byte)first, (byte)second, 1, 0, 0]));

    [Fact]
    public void A_frame_of_an_absurd_length_is_refused() =>
        Assert.Throws<WireException>(() => Read([0x81, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255]));

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(60_000)]
    public void What_a_client_sends_is_one_masked_frame(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var frame = RawSocket.Frame(0x1, payload);
        var head = length < 126 ? 2 : 4;
        Assert.Equal((0x81, 0x80), (frame[0], frame[1] & 0x80));
        Assert.Equal(length, head == 2 ? frame[1] & 0x7F : BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)));
        var mask = frame[head..(head + 4)];
        Assert.Equal(payload, frame.Skip(head + 4).Select((b, i) => (byte)(b ^ mask[i % 4])));
    }

    /// <summary>The records that these reads make.</summary>
    private List<string> Read(params byte[][] reads)
    {
        var records = new List<string>();
        foreach (var read in reads)
            for (var rest = read.AsMemory(); !rest.IsEmpty;)
            {
                var room = _wire.Room();
                var count = Math.Min(room.Length, rest.Length);
                rest[..count].CopyTo(room);
                rest = rest[count..];
                _wire.Advance(count);
                while (_wire.TryRead(out var record)) records.Add(Encoding.UTF8.GetString(record));
            }

        return records;
    }

    private static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    private static byte[] Ping(string payload) => Frame(0x89, Encoding.UTF8.GetBytes(payload));

    /// <summary>As a server sends it: not masked.</summary>
    private static byte[] Frame(byte first, ReadOnlySpan<byte> payload)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
        byte[] head = payload.Length switch
        {
            < 126 => [first, (byte)payload.Length],
            <= ushort.MaxValue => [first, 126, .. length[6..]],
            _ => [first, 127, .. length],
        };
        return [.. head, .. payload];
    }
}
