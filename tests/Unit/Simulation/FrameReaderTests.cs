using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>What a raw watcher makes of hub records, down to the faults on its screen.</summary>
public class FrameReaderTests
{
    private readonly FrameReader _reader = new(new CaseNumbers());
    private readonly ScreenLog _screen;

    public FrameReaderTests() => _screen = new ScreenLog("board 1", _reader.Cases);

    [Fact]
    public void A_frame_of_the_contract_gives_the_same_facts_as_reading_it_whole()
    {
        var lead = Make.Card() with { Lead = new LeadCard("T01", "police", "01"), Answers = [Answer("version"), Answer("callNo")] };
        var frame = Make.Frame(FrameKinds.Delta, 3, 9, lead, Make.Card("OTHER-001", 7)) with { Gone = ["GONE-0001"] };
        var read = Assert.IsType<HubRecord.Frame>(_reader.Read(Item(frame))).Facts;
        var whole = FrameFacts.Of(frame, _reader.Cases);
        Assert.Equal((whole.Epoch, whole.Kind, whole.From, whole.Through, whole.ServerTime), (read.Epoch, read.Kind, read.From, read.Through, read.ServerTime));
        Assert.Equal(whole.Cards, read.Cards);
        Assert.Equal(whole.Gone, read.Gone);
    }

    [Fact]
    public void The_same_bytes_are_read_once()
    {
        var bytes = Item(Make.Frame(FrameKinds.Beat, 1, 2));
        Assert.Same(_reader.Read(bytes), _reader.Read([.. bytes]));
    }

    [Fact]
    public void Bytes_that_differ_in_one_place_are_not_taken_for_the_same()
    {
        _reader.Read(Item(Make.Frame(FrameKinds.Delta, 1, 2, Make.Card(version: 2))));
        var other = Assert.IsType<HubRecord.Frame>(_reader.Read(Item(Make.Frame(FrameKinds.Delta, 1, 2, Make.Card(version: 3)))));
        Assert.Equal(3, Assert.Single(other.Facts.Cards).Version);
    }

    [Fact]
    public void The_order_of_properties_does_not_matter_and_unknown_ones_are_skipped()
    {
        var read = _reader.Read("""{"item":{"calls":[{"new":{"callNo":"X","version":9},"version":4,"callNo":"DEMO-0001"}],"gone":[],"more":[1,[2]],"serverTime":"2026-05-04T12:00:00+08:00","through":4,"from":2,"kind":"delta","epoch":"e1"},"invocationId":"0","type":2}"""u8);
        var facts = Assert.IsType<HubRecord.Frame>(read).Facts;
        Assert.Equal((2L, 4L, 4), (facts.From, facts.Through, Assert.Single(facts.Cards).Version));
        Assert.Equal("DEMO-0001", _reader.Cases.Name(facts.Cards[0].Case));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":6}""")]
    [InlineData("""{"type":1,"target":"x","arguments":[]}""")]
    public void A_handshake_a_ping_and_what_is_meant_for_others_are_silence(string record) => Assert.IsType<HubRecord.Silence>(Read(record));

    [Theory]
    [InlineData("""{"error":"no such protocol"}""", "no such protocol")]
    [InlineData("""{"type":3,"invocationId":"0","error":"draining"}""", "draining")]
    [InlineData("""{"type":3,"invocationId":"0"}""", "the stream ended")]
    [InlineData("""{"type":7,"allowReconnect":true}""", "the server closed")]
    public void An_end_says_why(string record, string why) => Assert.Equal(why, Assert.IsType<HubRecord.End>(Read(record)).Why);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[1]")]
    [InlineData("""{"type":2,"item":{"epoch":"e1"}}""")]
    [InlineData("""{"type":2}""")]
    [InlineData("""{"type":"two"}""")]
    [InlineData("""{"type":2,"item":{"epoch":"e1","kind":"delta","from":1,"through":2,"serverTime":"2026-05-04T12:00:00Z","calls":[{"callNo":"X"}],"gone":[]}}""")]
    [InlineData("""{"type":2,"item":{"epoch":"e1","kind":"delta","from":1,"through":2,"serverTime":"2026-05-04T12:00:00Z","calls":[""")]
    [InlineData("""{"type":6}{"type":6}""")]
    public void Garbage_is_refused(string record) => Assert.Throws<WireException>(() => Read(record));

    [Fact]
    public void A_hole_between_two_frames_is_a_gap()
    {
        Take(Make.Frame(FrameKinds.Snapshot, 0, 5));
        Take(Make.Frame(FrameKinds.Delta, 5, 7));
        Take(Make.Frame(FrameKinds.Delta, 8, 9));
        Assert.Equal(1, _screen.Gaps.Count);
    }

    [Fact]
    public void An_older_version_after_a_newer_one_is_out_of_order()
    {
        Take(Make.Frame(FrameKinds.Snapshot, 0, 5, Make.Card(version: 3)));
        Take(Make.Frame(FrameKinds.Delta, 5, 6, Make.Card(version: 2)));
        Assert.Contains("DEMO-0001 at version 3, then at 2", Assert.Single(_screen.OutOfOrder.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_epoch_asks_for_everything_anew()
    {
        Take(Make.Frame(FrameKinds.Snapshot, 0, 5));
        Assert.False(_screen.Take(Facts(Make.Frame(FrameKinds.Delta, 5, 6) with { Epoch = "e2" }), 1));
        Assert.Equal((0, 1), (_screen.Through, _screen.EpochChanges));
    }

    private void Take(FeedFrame frame) => Assert.True(_screen.Take(Facts(frame), 1));

    private FrameFacts Facts(FeedFrame frame) => Assert.IsType<HubRecord.Frame>(_reader.Read(Item(frame))).Facts;

    private HubRecord Read(string record) => _reader.Read(Encoding.UTF8.GetBytes(record));

    private static byte[] Item(FeedFrame frame) =>
        Encoding.UTF8.GetBytes($$"""{"type":2,"invocationId":"0","item":{{JsonSerializer.Serialize(frame, ContractsJson.Default.FeedFrame)}}}""");

    private static AnswerCard Answer(string key) => new()
    {
        Key = key,
        Kind = "accept",
        Party = "team",
        Due = Make.Noon,
        Met = false,
        Breached = false,
        Required = true,
        From = Make.Noon,
    };
}
