using DispatchCenter.Hub.Feed;

namespace DispatchCenter.Unit.Feed;

/// <summary>A few frames at once after a silence, then one for each <see cref="LiveFeed.Pace"/>; everybody goes on together.</summary>
public sealed class TurnsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Clock _clock = new();
    private readonly Turns _turns;

    public TurnsTests() => _turns = new Turns(_clock);

    [Fact]
    public async Task After_a_silence_four_frames_leave_at_once_and_the_fifth_waits_for_the_pace()
    {
        Assert.Equal(4, AtOnce());
        var rest = _turns.Rest();
        _clock.Pass(LiveFeed.Pace - TimeSpan.FromMilliseconds(1));
        Assert.False(rest.IsCompleted);
        Assert.Equal(0, AtOnce());
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        await rest.WaitAsync(_patience);
        Assert.Equal(1, AtOnce());
        Assert.Equal((TimeSpan.FromMilliseconds(50), 4), (LiveFeed.Pace, Turns.Credit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public async Task Under_steady_load_twenty_frames_leave_in_a_second_however_late_the_timer_is(int step)
    {
        AtOnce();
        var frames = 0;
        for (var ms = 0; ms < 10_000; ms += step)
        {
            var rest = _turns.Rest();
            _clock.Pass(TimeSpan.FromMilliseconds(step));
            if (!_clock.Fired) continue;
            await rest.WaitAsync(_patience);
            frames += AtOnce();
        }

        Assert.InRange(frames, 199, 200);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(1_000, 4)] // never more than the credit is held
    public void Credit_is_earned_again_one_turn_for_each_pace(int paces, int frames)
    {
        AtOnce();
        _clock.Pass((LiveFeed.Pace * paces) - TimeSpan.FromTicks(1));
        _clock.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(frames, AtOnce());
    }

    [Fact]
    public async Task Everybody_rests_as_one_and_sends_one_frame_in_the_next_turn()
    {
        AtOnce();
        var turns = Enumerable.Repeat(_turns.Open, 3).ToArray();
        Task[] rests = [_turns.Rest(), _turns.Rest(), _turns.Rest()];
        Assert.All(rests, rest => Assert.Same(rests[0], rest));
        _clock.Pass(LiveFeed.Pace);
        await rests[0].WaitAsync(_patience);
        for (var i = 0; i < turns.Length; i++) Assert.True(_turns.TryTake(ref turns[i]));
        for (var i = 0; i < turns.Length; i++) Assert.False(_turns.TryTake(ref turns[i]));
    }

    [Fact]
    public void A_turn_is_paid_for_once_however_many_watch()
    {
        var watchers = Enumerable.Repeat(-1L, 100).ToArray();
        for (var frame = 0; frame <= Turns.Credit; frame++) // the first is that of the open turn
            for (var i = 0; i < watchers.Length; i++) Assert.True(_turns.TryTake(ref watchers[i]));
        Assert.All(watchers, turn => Assert.Equal(Turns.Credit, turn));
        Assert.False(_turns.TryTake(ref watchers[0]));
    }

    [Fact]
    public void Who_sends_nothing_spends_nothing()
    {
        for (var i = 0; i < 100; i++) Assert.True(_turns.Rest().IsCompleted);
        Assert.Equal(4, AtOnce());
    }

    /// <summary>How many frames a watcher sends before it has to rest that was sent one in the open turn.</summary>
    private int AtOnce()
    {
        var (frames, turn) = (0, _turns.Open);
        while (_turns.TryTake(ref turn)) frames++;
        return frames;
    }

    /// <summary>Stands still until it is moved; one timer at a time.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _now = TimeSpan.FromDays(1).Ticks;
        private (Action Fire, long Due)? _timer;

        /// <summary>Whether the last leap has fired the timer.</summary>
        public bool Fired { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timer = (() => callback(state), _now + dueTime.Ticks);
            return new Timer();
        }

        public void Pass(TimeSpan span)
        {
            _now += span.Ticks;
            Fired = _timer is { } timer && timer.Due <= _now;
            if (!Fired) return;
            var fire = _timer!.Value.Fire;
            _timer = null;
            fire();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
