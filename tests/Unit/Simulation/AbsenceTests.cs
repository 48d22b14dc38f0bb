using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>Who goes off duty in a run is not rung meanwhile, and not judged by what they missed; and each promise counts its checks.</summary>
public sealed class AbsenceTests
{
    [Fact]
    public void A_case_that_rings_somebody_who_has_gone_off_duty_is_an_off_duty_ring()
    {
        Assert.Contains("had gone off duty and was rung", Assert.Single(Find("off-duty rings", Away(seenAt: 15)).Faults.Examples), StringComparison.Ordinal);
        Assert.True(Find("off-duty rings", Away(seenAt: 25)).Held); // once they are back, what is still open rings
        Assert.Equal(1, Find("off-duty rings", Away(seenAt: 25)).Faults.Checks);
    }

    [Fact]
    public void What_was_under_way_when_somebody_went_off_duty_is_no_off_duty_ring() => Assert.True(Find("off-duty rings", Away(seenAt: 3, whistledAt: 1.5)).Held);

    [Fact]
    public void Who_went_off_duty_is_not_judged_by_what_they_missed()
    {
        var blind = Make.Evidence() with { Members = [new MemberLog(Make.Member(), Make.Screen())] };
        Assert.False(Find("missing on teams", blind).Held);
        Assert.True(Find("missing on teams", blind with { Absences = [new Absence(Make.Member().Post!, At(1), At(20))] }).Held);
    }

    [Fact]
    public void Each_promise_counts_how_often_it_was_looked_at()
    {
        var evidence = Make.Evidence();
        var checks = Promises.Check(evidence).ToDictionary(p => p.Name, p => p.Faults.Checks);
        Assert.Equal((2, 2, 1, 2, 2, 1), (checks["lost"], checks["double winners"], checks["losers not told"], checks["journal gaps"], checks["missing on boards"] + checks["missing on teams"], checks["missed clocks"]));
        Assert.Equal(0, checks["seen after recusal"]);
    }

    private static Evidence Away(double seenAt, double whistledAt = 10)
    {
        var whistle = Make.Whistle();
        whistle.IntendedAt = At(whistledAt);
        var screen = new ScreenLog("phone");
        screen.Take(Make.Frame(FrameKinds.Snapshot, 0, 0), At(0));
        screen.Take(Make.Frame(FrameKinds.Delta, 0, 2, Make.Card(version: 2)), At(seenAt));
        return Make.Evidence() with { Whistles = [whistle], Members = [new MemberLog(Make.Member(), screen)], Absences = [new Absence(Make.Member().Post!, At(1), At(20))] };
    }

    private static long At(double seconds) => TimeProvider.System.TimestampFrequency + (long)(seconds * TimeProvider.System.TimestampFrequency);

    private static Promise Find(string name, Evidence evidence) => Promises.Check(evidence).Single(p => p.Name == name);
}
