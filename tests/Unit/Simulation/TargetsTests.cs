using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class TargetsTests
{
    private static readonly Uri _a = new("http://127.0.0.1:1");
    private static readonly Uri _b = new("http://127.0.0.1:2");
    private static readonly Uri _c = new("http://127.0.0.1:3");

    private readonly HandClock _clock = new();
    private readonly Targets _targets;

    public TargetsTests() => _targets = new Targets([_a, _b, _c], _clock);

    [Fact]
    public void Targets_are_asked_in_turn() => Assert.Equal([_a, _b, _c, _a, _b], Pick(5));

    [Fact]
    public void One_that_failed_is_passed_over_until_it_has_rested()
    {
        _targets.Failed(_b);
        Assert.Equal([_a, _c, _c, _a], Pick(4));
        _clock.Now += Targets.Rest;
        Assert.Contains(_b, Pick(3));
    }

    [Fact]
    public void Where_all_have_failed_they_are_asked_in_turn_all_the_same()
    {
        foreach (var target in new[] { _a, _b, _c }) _targets.Failed(target);
        Assert.Equal([_a, _b, _c], Pick(3));
    }

    [Fact]
    public void A_single_target_is_always_asked()
    {
        var single = new Targets([_a], _clock);
        single.Failed(_a);
        Assert.Equal(_a, single.Pick());
    }

    [Theory]
    [InlineData(0, true)] // unreachable
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(200, false)]
    [InlineData(422, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    public void Another_target_is_asked_only_where_it_may_answer_otherwise(int status, bool failure) => Assert.Equal(failure, Targets.IsFailure(status));

    private Uri[] Pick(int times) => [.. Enumerable.Range(0, times).Select(_ => _targets.Pick())];

    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
