using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Unit.Feed;

/// <summary>What nodes tell each other arrives as it was sent, or not at all: what is no message of this version is left to the journal.</summary>
public sealed class BusMessageTests
{
    private const string Self = "node-b";

    [Fact]
    public void A_batch_arrives_as_it_was_sent()
    {
        JournalEntry[] sent =
        [
            Entries.Of(7) with { Answer = "accept", Due = DateTimeOffset.UnixEpoch.AddDays(20_000), Detail = [new Detail.Team(new TeamCode("02")), new Detail.Unknown("plain")], What = "lapsed", By = JournalEntry.ByClock },
            Entries.Of(8) with { Audience = Entries.Recused, Before = Entries.Team, Card = Encoding.UTF8.GetBytes("""{"callNo":"W260311-00008","flags":["疑难"]}""") },
        ];
        var message = Read(Assert.Single(BusMessage.Write("node-a", "epoch-1", sent)).Bytes)!;
        Assert.Equal(("node-a", "epoch-1"), (message.Node, message.Epoch));
        Assert.Equal(sent.Select(Line), message.Entries.Select(Line));
        Assert.Same(message.Entries[0].Audience, message.Entries[0].Before); // nothing changed: the feed looks once
    }

    [Fact]
    public void Ones_own_message_is_known_by_its_name_and_not_read_further()
    {
        var message = BusMessage.Read(BusMessage.Write(Self, "epoch-1", [Entries.Of(1)]).Single().Bytes, Self)!;
        Assert.Equal(Self, message.Node);
        Assert.Empty(message.Entries);
    }

    [Fact]
    public void A_batch_that_is_too_big_goes_as_several_messages_in_order()
    {
        var sent = Enumerable.Range(1, 20).Select(n => Entries.Of(n, cardBytes: BusMessage.Limit / 8)).ToList();
        var messages = BusMessage.Write("node-a", "e", sent).ToList();
        Assert.True(messages.Count > 1);
        Assert.All(messages, m => Assert.InRange(m.Bytes.Length, 1, BusMessage.Limit));
        Assert.Equal(20, messages.Sum(m => m.Entries));
        Assert.Equal(sent.Select(Line), messages.SelectMany(m => Read(m.Bytes)!.Entries).Select(Line));
    }

    [Fact]
    public void One_big_entry_goes_alone_and_one_beyond_the_limit_is_left_to_the_journal()
    {
        var messages = BusMessage.Write("node-a", "e", [Entries.Of(1), Entries.Of(2, BusMessage.Limit * 2), Entries.Of(3, BusMessage.EntryLimit), Entries.Of(4)]).ToList();
        Assert.Equal([1L, 2L, 4L], messages.SelectMany(m => Read(m.Bytes)!.Entries).Select(e => e.Seq));
        Assert.Empty(BusMessage.Write("node-a", "e", [Entries.Of(3, BusMessage.EntryLimit)]));
        Assert.Empty(BusMessage.Write("node-a", "e", []));
    }

    [Fact]
    public void A_message_that_was_cut_short_anywhere_is_none()
    {
        var bytes = BusMessage.Write("node-a", "e", [Entries.Of(1), Entries.Of(2)]).Single().Bytes;
        var ends = Enumerable.Range(0, bytes.Length).Where(length => Read(bytes[..length]) is not null).ToList();
        Assert.Equal([BusMessage.Write("node-a", "e", [Entries.Of(1)]).Single().Bytes.Length], ends); // between two entries it is a whole, shorter message
    }

    [Fact]
    public void A_message_of_another_version_is_none()
    {
        var bytes = BusMessage.Write("node-a", "e", [Entries.Of(1)]).Single().Bytes;
        bytes[3] = (byte)'2'; // DCF2
        Assert.Null(Read(bytes));
    }

    [Fact]
    public void Numbers_that_do_not_rise_are_no_message()
    {
        Assert.Null(Read(BusMessage.Write("node-a", "e", [Entries.Of(2), Entries.Of(2)]).Single().Bytes));
        Assert.Null(Read(BusMessage.Write("node-a", "e", [Entries.Of(2), Entries.Of(1)]).Single().Bytes));
        Assert.Null(Read(BusMessage.Write("node-a", "e", [Entries.Of(0)]).Single().Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1},{\"b\":2}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    public void A_card_that_would_spoil_a_frame_is_no_message(string card) =>
        Assert.Null(Read(BusMessage.Write("node-a", "e", [Entries.Of(1) with { Card = Encoding.UTF8.GetBytes(card) }]).Single().Bytes));

    [Fact]
    public void A_card_that_is_no_text_is_no_message() =>
        Assert.Null(Read(BusMessage.Write("node-a", "e", [Entries.Of(1) with { Card = [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8] }]).Single().Bytes));

    [Fact]
    public void Garbage_is_none_and_throws_nothing()
    {
        var random = new Random(20260311);
        var whole = BusMessage.Write("node-a", "e", [Entries.Of(1), Entries.Of(2) with { Audience = Entries.Recused }]).Single().Bytes;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? new byte[random.Next(0, 400)] : [.. whole];
            if (i % 2 == 0)
            {
                random.NextBytes(bytes);
                if (bytes.Length >= sizeof(int)) BinaryPrimitives.WriteInt32LittleEndian(bytes, 0x31_46_43_44); // the right mark, then nonsense
            }
            else
            {
                for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (Read(bytes) is { } message) Assert.All(message.Entries, e => JsonDocument.Parse(e.Card).Dispose());
        }
    }

    private static BusMessage? Read(byte[] bytes) => BusMessage.Read(bytes, Self);

    private static string Line(JournalEntry e) =>
        $"{e.Seq} {e.CallNo} {e.Version} {e.At:O} {e.By} {e.What} {e.Answer ?? "-"} {e.Due:O} [{string.Join('|', Details.Texts(e.Detail))}] "
        + $"{Show(e.Audience)} {Show(e.Before)} {Encoding.UTF8.GetString(e.Card)}";

    private static string Show(Audience a) => $"{a.Community} {string.Join(',', a.Teams)} {a.GridWorkers} {a.Recusal.Property}";
}
