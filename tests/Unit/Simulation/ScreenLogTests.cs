using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class ScreenLogTests
{
    private readonly ScreenLog _screen = new("board 1");

    [Fact]
    public void Contiguous_frames_move_the_screen_and_leave_no_fault()
    {
        Take(FrameKinds.Snapshot, 0, 5, Make.Card(version: 2));
        Take(FrameKinds.Delta, 5, 7, Make.Card(version: 4));
        Take(FrameKinds.Beat, 7, 9);
        Take(FrameKinds.Delta, 9, 10, Make.Card(version: 5));
        Assert.Equal((10, 5, 5), (_screen.Through, _screen.JoinedAt, _screen.VersionSeen(Make.CallNo)));
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void A_delta_that_starts_beyond_the_screen_is_a_gap()
    {
        Take(FrameKinds.Snapshot, 0, 5);
        Take(FrameKinds.Delta, 6, 7);
        AssertFaults(gaps: 1, outOfOrder: 0);
    }

    [Fact]
    public void A_delta_that_starts_before_the_screen_is_a_gap_too()
    {
        Take(FrameKinds.Snapshot, 0, 5);
        Take(FrameKinds.Delta, 4, 7);
        AssertFaults(gaps: 1, outOfOrder: 0);
    }

    [Fact]
    public void A_beat_that_goes_back_is_a_gap()
    {
        Take(FrameKinds.Snapshot, 0, 5);
        Take(FrameKinds.Beat, 4, 4);
        AssertFaults(gaps: 1, outOfOrder: 0);
        Assert.Equal(5, _screen.Through);
    }

    [Fact]
    public void A_frame_of_an_unknown_kind_is_a_fault()
    {
        Take("surprise", 0, 0);
        AssertFaults(gaps: 1, outOfOrder: 0);
    }

    [Fact]
    public void An_older_version_after_a_newer_one_is_out_of_order()
    {
        Take(FrameKinds.Snapshot, 0, 5, Make.Card(version: 3));
        Take(FrameKinds.Delta, 5, 6, Make.Card(version: 2));
        AssertFaults(gaps: 0, outOfOrder: 1);
        Assert.Equal(3, _screen.VersionSeen(Make.CallNo));
    }

    [Fact]
    public void The_same_version_again_is_in_order()
    {
        Take(FrameKinds.Snapshot, 0, 5, Make.Card(version: 3));
        Take(FrameKinds.Delta, 5, 6, Make.Card(version: 3));
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void A_snapshot_may_span_frames_and_only_its_last_moves_the_screen()
    {
        Take(FrameKinds.Snapshot, 0, 0, Make.Card("CASE-0001"));
        Assert.Equal(0, _screen.Through);
        Take(FrameKinds.Snapshot, 0, 9, Make.Card("CASE-0002"));
        Take(FrameKinds.Delta, 9, 10);
        Assert.Equal(new Replacement(9, 2), Assert.Single(_screen.Replacements));
        Assert.Equal(9, _screen.JoinedAt);
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void A_resync_drops_the_screen_and_its_snapshot_fills_it_on_the_same_stream()
    {
        Take(FrameKinds.Snapshot, 0, 5);
        Take(FrameKinds.Resync, 0, 0);
        Take(FrameKinds.Snapshot, 0, 50);
        Take(FrameKinds.Delta, 50, 51);
        Assert.Equal((1, 2, 5, 51), (_screen.Resyncs, _screen.Replacements.Count, _screen.JoinedAt, _screen.Through));
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void A_reconnect_goes_on_where_the_screen_stands()
    {
        Take(FrameKinds.Snapshot, 0, 5);
        _screen.Lose(1);
        Take(FrameKinds.Delta, 5, 8);
        Assert.Equal((1, 8), (_screen.Reconnects, _screen.Through));
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void Another_epoch_empties_the_screen_and_asks_for_everything_anew()
    {
        Take(FrameKinds.Snapshot, 0, 5, Make.Card(version: 9));
        Assert.False(_screen.Take(Make.Frame(FrameKinds.Delta, 5, 6) with { Epoch = "e2" }, 1));
        Assert.Equal((0, 0, 1), (_screen.Through, _screen.VersionSeen(Make.CallNo), _screen.EpochChanges));
        Assert.True(_screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 2, Make.Card(version: 1)) with { Epoch = "e2" }, 2));
        AssertFaults(gaps: 0, outOfOrder: 0);
    }

    [Fact]
    public void The_first_sight_of_a_case_keeps_its_instant()
    {
        _screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 1, Make.Card(version: 1)), 100);
        _screen.Take(Make.Frame(FrameKinds.Delta, 1, 2, Make.Card(version: 2)), 200);
        Assert.Equal(100, _screen.FirstSeen(Make.CallNo));
        Assert.Null(_screen.FirstSeen("NEVER-SEEN"));
    }

    [Fact]
    public void A_lost_stream_is_back_with_its_first_frame_however_many_attempts_it_took()
    {
        var second = TimeProvider.System.TimestampFrequency;
        _screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 1), second);
        _screen.Lose(2 * second);
        Assert.False(_screen.IsConnected);
        _screen.Lose(3 * second);
        _screen.Take(Make.Frame(FrameKinds.Delta, 1, 2), 5 * second);
        _screen.Take(Make.Frame(FrameKinds.Delta, 2, 3), 9 * second);
        Assert.True(_screen.IsConnected);
        Assert.Equal([TimeSpan.FromSeconds(3)], _screen.Outages);
        Assert.Equal(1, _screen.Reconnects);
    }

    [Fact]
    public void Only_samples_keep_the_instant_of_their_first_sight_and_every_case_its_version()
    {
        var screen = new ScreenLog("sampled", new CaseNumbers(sampleEvery: 2));
        screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 1, Make.Card("CASE-0000"), Make.Card("CASE-0001"), Make.Card("CASE-0002", 2)), 100);
        Assert.Equal([100, null, 100], new[] { "CASE-0000", "CASE-0001", "CASE-0002" }.Select(screen.FirstSeen));
        Assert.Equal([1, 1, 2], new[] { "CASE-0000", "CASE-0001", "CASE-0002" }.Select(screen.VersionSeen));
    }

    private void Take(string kind, long from, long through, params CallCard[] calls) => Assert.True(_screen.Take(Make.Frame(kind, from, through, calls), 1));

    private void AssertFaults(int gaps, int outOfOrder) => Assert.Equal((gaps, outOfOrder), (_screen.Gaps.Count, _screen.OutOfOrder.Count));
}
