using System.Security.Cryptography;
using DispatchCenter.Hub.Feed;
using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Feed;

/// <summary>What a node puts into Redis is known again as its own, once and in its place; anything else is not.</summary>
public sealed class SealTests
{
    private const string Place = "dispatch:main:journal";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Content = "a card"u8.ToArray();

    private readonly Clock _clock = new();
    private readonly Seal _sender;
    private readonly Seal _reader;

    public SealTests() => (_sender, _reader) = (new Seal(Key, "0123456789ab", _clock), new Seal(Key, "ba9876543210", _clock));

    [Fact]
    public void A_message_counts_once_and_later_ones_count_though_the_clock_stands_still()
    {
        var (first, second) = (_sender.Sign(Place, Content), _sender.Sign(Place, Content));
        Assert.Equal([Sealed.Valid, Sealed.Replayed, Sealed.Valid, Sealed.Replayed, Sealed.Replayed], new[] { first, first, second, second, first }.Select(s => _reader.Check(Place, s, Content)));
    }

    [Fact]
    public void A_message_overtaken_by_a_later_one_of_its_node_is_left_to_the_journal()
    {
        var (early, late) = (_sender.Sign(Place, Content), _sender.Sign(Place, Content));
        Assert.Equal(Sealed.Valid, _reader.Check(Place, late, Content));
        Assert.Equal(Sealed.Replayed, _reader.Check(Place, early, Content));
    }

    [Fact]
    public void Nodes_do_not_wait_for_each_other()
    {
        var another = new Seal(Key, "another-node", _clock);
        var early = another.Sign(Place, Content);
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.Equal(Sealed.Valid, _reader.Check(Place, _sender.Sign(Place, Content), Content));
        Assert.Equal(Sealed.Valid, _reader.Check(Place, early, Content));
    }

    [Fact]
    public void One_changed_bit_anywhere_is_a_forgery_and_so_is_another_length()
    {
        var signature = _sender.Sign(Place, Content);
        foreach (var (bytes, isSignature) in new[] { (signature, true), (Content, false) })
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                byte[] changed = [.. bytes];
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Equal(Sealed.Forged, isSignature ? _reader.Check(Place, changed, Content) : _reader.Check(Place, signature, changed));
            }

        for (var length = 0; length < signature.Length; length++) Assert.Equal(Sealed.Forged, _reader.Check(Place, signature.AsSpan(0, length), Content));
        Assert.Equal(Sealed.Forged, _reader.Check(Place, [.. signature, 0], Content));
        Assert.Equal(Sealed.Forged, _reader.Check(Place, signature, Content.AsSpan(0, Content.Length - 1)));
        Assert.Equal(Sealed.Valid, _reader.Check(Place, signature, Content)); // what was refused has left no trace
    }

    [Fact]
    public void A_signature_of_another_place_another_key_or_a_shifted_border_is_a_forgery()
    {
        Assert.Equal(Sealed.Forged, _reader.Check(Place + "2", _sender.Sign(Place, Content), Content));
        Assert.Equal(Sealed.Forged, _reader.Check(Place, new Seal(RandomNumberGenerator.GetBytes(32), "0123456789ab", _clock).Sign(Place, Content), Content));
        Assert.Equal(Sealed.Forged, _reader.Check("ab", _sender.Sign("a", "bc"u8), "c"u8));
    }

    [Fact]
    public void What_is_older_than_clocks_may_differ_is_a_replay_even_for_a_node_that_has_just_started()
    {
        var (message, value) = (_sender.Sign(Place, Content), _sender.Sign("present", Content));
        _clock.Now += Seal.Skew;
        Assert.Equal(Sealed.Valid, new Seal(Key, "starts-later", _clock).Check(Place, message, Content));
        _clock.Now += TimeSpan.FromTicks(1 + TimeSpan.TicksPerMillisecond);
        Assert.Equal(Sealed.Replayed, _reader.Check(Place, message, Content));
        Assert.Equal(Sealed.Replayed, _reader.Check("present", value, Content, TimeSpan.FromHours(1)));
        _clock.Now -= 3 * Seal.Skew;
        Assert.Equal(Sealed.Replayed, _reader.Check(Place, message, Content)); // from a future that no clock of ours has
    }

    [Fact]
    public void A_value_stands_until_its_life_is_over_and_putting_an_older_one_back_changes_nothing()
    {
        var life = TimeSpan.FromSeconds(15);
        var old = _sender.Sign("present", Content);
        Assert.Equal(Sealed.Valid, _reader.Check("present", old, Content, life));
        _clock.Now += life - TimeSpan.FromMilliseconds(1);
        Assert.Equal(Sealed.Valid, _reader.Check("present", old, Content, life));
        var renewed = _sender.Sign("present", Content);
        Assert.Equal(Sealed.Valid, _reader.Check("present", renewed, Content, life));
        Assert.Equal(Sealed.Replayed, _reader.Check("present", old, Content, life));
        _clock.Now += life;
        Assert.Equal(Sealed.Expired, _reader.Check("present", renewed, Content, life));
    }

    [Fact]
    public void Nothing_random_is_valid() => Prop.ForAll<byte[], byte[]>((signature, content) => _reader.Check(Place, signature, content) == Sealed.Forged).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_remembered_is_bounded_and_a_replay_is_still_known()
    {
        var first = _sender.Sign(Place, Content);
        Assert.Equal(Sealed.Valid, _reader.Check(Place, first, Content));
        for (var node = 0; node < 5_000; node++)
        {
            _clock.Now += TimeSpan.FromSeconds(1);
            Assert.Equal(Sealed.Valid, _reader.Check(Place, new Seal(Key, $"{node:D12}", _clock).Sign(Place, Content), Content));
        }

        Assert.InRange(_reader.Known, 1, 1_024);
        Assert.Equal(Sealed.Replayed, _reader.Check(Place, first, Content));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 11, 9, 0, 0, TimeSpan.FromHours(8));

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
