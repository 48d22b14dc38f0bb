using DispatchCenter.Hub.Feed;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Feed;

/// <summary>Whatever the order in which changes arrive, they leave in the order of their numbers, without a hole and each once.</summary>
public sealed class SequencerTests
{
    private readonly Stopped _clock = new();
    private readonly List<long> _out = [];
    private readonly Sequencer _sequence;

    public SequencerTests() => _sequence = new Sequencer(_clock);

    [Fact]
    public void What_comes_in_order_leaves_at_once()
    {
        Assert.False(Comes(1, 2, 3));
        Assert.Equal([1, 2, 3], _out);
        Assert.Null(_sequence.GapAge);
    }

    [Fact]
    public void What_comes_early_waits_for_what_is_missing_and_the_wait_is_known()
    {
        Assert.True(Comes(3)); // a gap has opened
        Assert.False(Comes(2)); // and is still open
        Assert.Empty(_out);
        _clock.Pass(TimeSpan.FromMilliseconds(30));
        Assert.Equal((3, TimeSpan.FromMilliseconds(30)), (_sequence.Behind, _sequence.GapAge));
        Comes(1);
        Assert.Equal([1, 2, 3], _out);
        Assert.Equal((0, 0, null), (_sequence.Behind, _sequence.Waiting, _sequence.GapAge));
        Assert.True(Comes(5)); // the next gap is a new one
    }

    [Fact]
    public void A_gap_that_moves_on_is_as_old_as_its_own_first_missing_entry()
    {
        Comes(2, 4);
        _clock.Pass(TimeSpan.FromMilliseconds(40));
        Comes(1);
        Assert.Equal([1, 2], _out);
        Assert.Equal(TimeSpan.Zero, _sequence.GapAge);
    }

    [Fact]
    public void What_comes_twice_leaves_once()
    {
        Comes(1, 1, 3, 3, 2, 2, 3, 1);
        Assert.Equal([1, 2, 3], _out);
        Assert.Equal(0, _sequence.Waiting);
    }

    [Fact]
    public void What_waits_has_bounded_room_and_the_rest_stays_known_to_be_missing()
    {
        for (var seq = 2L; seq <= Sequencer.WaitingLimit + 11; seq++) Comes(seq);
        Assert.Equal((Sequencer.WaitingLimit, Sequencer.WaitingLimit + 11L), (_sequence.Waiting, _sequence.Behind));
        Comes(1);
        Assert.Equal(Sequencer.WaitingLimit + 1L, _sequence.Head);
        Assert.Equal(10, _sequence.Behind);
        Assert.NotNull(_sequence.GapAge); // which has the journal read
        Comes([.. Enumerable.Range(Sequencer.WaitingLimit + 2, 10).Select(n => (long)n)]);
        Assert.Equal(Enumerable.Range(1, Sequencer.WaitingLimit + 11).Select(n => (long)n), _out);
    }

    [Fact]
    public void What_is_promised_and_never_comes_is_given_up_once_the_database_does_not_know_it_either()
    {
        Comes(1, 90);
        _clock.Pass(TimeSpan.FromMilliseconds(999));
        Doubt(databaseHead: 1);
        Assert.Equal((89, 1), (_sequence.Behind, _sequence.Waiting)); // it may yet be on its way
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        Doubt(databaseHead: 1);
        Assert.Equal((0, 0, null), (_sequence.Behind, _sequence.Waiting, _sequence.GapAge));
        Comes(2, 3);
        Assert.Equal([1, 2, 3], _out);
    }

    [Fact]
    public void What_the_database_has_is_never_given_up()
    {
        Comes(1, 4);
        _clock.Pass(TimeSpan.FromHours(1));
        Doubt(databaseHead: 6);
        Assert.Equal((5, 1), (_sequence.Behind, _sequence.Waiting));
        Comes(2, 3);
        Assert.Equal([1, 2, 3, 4], _out);
        Assert.Equal(2, _sequence.Behind);
    }

    [Fact]
    public void A_new_beginning_forgets_what_waited()
    {
        Comes(1, 5, 6);
        _sequence.StartAt(4);
        Assert.Equal((4, 0, 0, null), (_sequence.Head, _sequence.Behind, _sequence.Waiting, _sequence.GapAge));
        Comes(5);
        Assert.Equal([1, 5], _out);
    }

    [Fact]
    public void Any_order_any_doubling_and_any_loss_end_in_the_journals_order() => Properties.ForAll(
        Gen.Choose(1, 30).ArrayOf().ToArbitrary(),
        arrivals =>
        {
            var (sequence, left) = (new Sequencer(_clock), new List<long>());
            foreach (var seq in arrivals) Let(sequence, left, seq);
            Assert.Equal(Enumerable.Range(1, left.Count).Select(n => (long)n), left);
            Assert.Equal(arrivals.Length == 0 ? 0 : arrivals.Max() - left.Count, sequence.Behind);
            for (var seq = sequence.Head + 1; seq <= 31; seq = sequence.Head + 1) Let(sequence, left, seq); // as the journal closes every gap
            Assert.Equal(Enumerable.Range(1, 31).Select(n => (long)n), left);
            Assert.Equal(0, sequence.Waiting);
        });

    private bool Comes(params long[] seqs)
    {
        var opened = false;
        foreach (var seq in seqs) opened |= Let(_sequence, _out, seq);
        return opened;
    }

    /// <summary>As the feed does it; true where a gap has opened.</summary>
    private static bool Let(Sequencer sequence, List<long> left, long seq)
    {
        var entry = Entries.Of(seq);
        sequence.Expect(seq);
        for (var next = sequence.IsNext(entry) ? entry : null; next is not null; next = sequence.Passed()) left.Add(next.Seq);
        return sequence.Settle();
    }

    private void Doubt(long databaseHead)
    {
        _sequence.Doubt(databaseHead, TimeSpan.FromSeconds(1));
        _sequence.Settle();
    }

    private sealed class Stopped : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan span) => _now += span.Ticks;
    }
}
