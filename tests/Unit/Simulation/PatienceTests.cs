using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class PatienceTests
{
    private static readonly Answer<string> _busy = new(503, null, Codes.Busy, null);
    private static readonly Answer<string> _done = new(201, "done", Codes.Ok, null);

    private static readonly TimeSpan _budget = Patience.DefaultBudget;

    private readonly LeapingClock _clock = new();
    private readonly Patience _patience;

    public PatienceTests() => _patience = new Patience(_clock, _budget);

    [Fact]
    public async Task Busy_is_sent_again_until_it_is_answered()
    {
        Assert.Equal(_done, await Persist(_busy, _busy, _done));
        Assert.Equal(2, _patience.Retries);
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        var refused = new Answer<string>(422, null, Codes.IdempotencyKeyReused, null);
        Assert.Equal(refused, await Persist(refused, _done));
        Assert.Equal(0, _patience.Retries);
    }

    [Fact]
    public async Task It_waits_as_long_as_the_server_asks()
    {
        await Persist(_busy with { RetryAfter = TimeSpan.FromSeconds(3) }, _done);
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.Leapt);
    }

    [Fact]
    public async Task No_wait_is_longer_than_its_bound_whatever_the_server_asks()
    {
        await Persist(_busy with { RetryAfter = TimeSpan.FromDays(1) }, _done);
        Assert.Equal(Patience.MaxWait, _clock.Leapt);
    }

    [Fact]
    public async Task Nothing_is_sent_more_often_than_its_bound()
    {
        var sent = 0;
        await new Patience(_clock, TimeSpan.FromHours(1)).Persist(() => Task.FromResult(++sent > 0 ? _busy with { RetryAfter = TimeSpan.Zero } : _done), default);
        Assert.Equal(Patience.MaxAttempts, sent);
    }

    [Fact]
    public async Task A_server_that_was_away_for_the_whole_budget_is_asked_only_once_by_the_next()
    {
        await _patience.Persist(() => Task.FromResult(_busy), default);
        Assert.True(_clock.Leapt >= _budget);
        var retries = _patience.Retries;
        await _patience.Persist(() => Task.FromResult(_busy), default);
        Assert.Equal(retries, _patience.Retries);
    }

    [Fact]
    public async Task A_long_quiet_is_no_failure()
    {
        await Persist(_done);
        _clock.Leap(_budget * 2);
        Assert.Equal(_done, await Persist(_busy, _done));
    }

    [Fact]
    public async Task Out_of_turn_after_a_broken_connection_means_that_the_first_command_was_done()
    {
        Assert.True((await Persist(null, Reply(Codes.OutOfTurn)))!.Ok);
        Assert.False((await Persist(Reply(Codes.OutOfTurn)))!.Ok);
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again() => Assert.Equal(Codes.AlreadyAccepted, (await Persist(Reply(Codes.Busy), Reply(Codes.AlreadyAccepted)))!.Code);

    private static Reply Reply(string code) => new() { Ok = false, Code = code, Message = "", MessageEn = "" };

    private Task<Answer<string>> Persist(params Answer<string>[] answers)
    {
        var next = 0;
        return _patience.Persist(() => Task.FromResult(answers[next++]), default);
    }

    private Task<Reply?> Persist(params Reply?[] replies)
    {
        var next = 0;
        return _patience.Persist(() => Task.FromResult(replies[next++]), default);
    }

    /// <summary>Every wait is over at once, and the clock stands where it would have ended.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private readonly TimeSpan _start = TimeSpan.FromHours(1);

        public TimeSpan Leapt { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (_start + Leapt).Ticks;

        public void Leap(TimeSpan by) => Leapt += by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Leap(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
