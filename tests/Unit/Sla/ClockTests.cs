using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Sla;

public sealed class ClockTests
{
    private static readonly Clock Fresh = Clock.Start(Calendar, At("2026-11-02 09:00"), new Span(ClockKind.Continuous, TimeSpan.FromMinutes(15)), 0.8);

    [Fact]
    public void It_warns_then_lapses_then_lapses_doubly_and_then_is_done()
    {
        Assert.Equal((ClockAct.Warn, At("2026-11-02 09:12")), Fresh.Next);
        Assert.Equal((ClockAct.Lapse, At("2026-11-02 09:15")), (Fresh with { Acted = ClockAct.Warn }).Next);
        Assert.Equal((ClockAct.DoubleLapse, At("2026-11-02 09:30")), (Fresh with { Acted = ClockAct.Lapse }).Next);
        Assert.Null((Fresh with { Acted = ClockAct.DoubleLapse }).Next);
    }

    [Fact]
    public void A_warning_is_no_breach_a_lapse_is()
    {
        Assert.False(Fresh.Breached);
        Assert.False((Fresh with { Acted = ClockAct.Warn }).Breached);
        Assert.True((Fresh with { Acted = ClockAct.Lapse }).Breached);
        Assert.True((Fresh with { Acted = ClockAct.DoubleLapse }).Breached);
    }

    [Fact]
    public void Its_instants_are_whole_milliseconds_in_UTC_and_in_order()
    {
        var clock = Clock.Start(Calendar, At("2026-11-02 09:00").AddMilliseconds(7), new Span(ClockKind.Continuous, TimeSpan.FromMilliseconds(61_001)), 0.8);
        foreach (var instant in new[] { clock.From, clock.WarnAt, clock.Due, clock.DoubleAt })
        {
            Assert.Equal(0, instant.Ticks % TimeSpan.TicksPerMillisecond);
            Assert.Equal(TimeSpan.Zero, instant.Offset);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(48_800), clock.WarnAt - clock.From);
        Assert.True(clock.WarnAt < clock.Due && clock.Due < clock.DoubleAt);
    }
}
