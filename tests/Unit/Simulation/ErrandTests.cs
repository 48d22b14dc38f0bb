using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>Errands beside whistles: drawn from the seed, and judged by the journal.</summary>
public sealed class ErrandTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 11, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_share_there_is_none_and_the_same_seed_draws_the_same()
    {
        var whistles = Enumerable.Range(1, 400).Select(n => new Whistle
        {
            Number = n, Offset = TimeSpan.FromSeconds(n), Request = new WhistleRequest(), Team = "01", Community = "01", PropertyRecused = false, Life = new LifePlan(true, false, 0, true, true, null, false, default),
        }).ToList();
        Assert.Empty(Errand.Draw(1, whistles, 0));
        Assert.Equal(400, Errand.Draw(1, whistles, 1).Count);
        var half = Errand.Draw(7, whistles, 0.5);
        Assert.InRange(half.Count, 150, 250);
        Assert.Equal(half.Select(e => (e.Offset, e.Pick, e.Course, e.Papers, e.Repeated)), Errand.Draw(7, whistles, 0.5).Select(e => (e.Offset, e.Pick, e.Course, e.Papers, e.Repeated)));
        Assert.Equal(Enum.GetValues<Course>().Order(), half.Select(e => e.Course).Distinct().Order());
    }

    [Fact]
    public void The_audit_sees_a_gap_a_doubled_clock_and_every_step_of_a_matter()
    {
        var audit = new JournalAudit();
        foreach (var line in new[] { Line(1, 1, "opened"), Line(2, 2, "answered", "take"), Line(3, 3, "warned", "stage", At), Line(4, 4, "warned", "stage", At.AddMinutes(1)) }) audit.Add(line);
        Assert.Equal((0, 0), (audit.Gaps.Count, audit.DoubledClocks.Count)); // another instant is another visit
        audit.Add(Line(5, 5, "warned", "stage", At));
        Assert.Equal((0, 1), (audit.Gaps.Count, audit.DoubledClocks.Count));
        audit.Add(Line(7, 7, "answered", "take"));
        Assert.Equal(2, audit.Gaps.Count);
        var trail = audit.FindMatter("M260311-00001")!;
        Assert.Equal((1, 2, 0), (trail.Count("opened", null, "p1"), trail.Count("answered", "take", "p1"), trail.Count("answered", "take", "p2")));
        Assert.Equal((4L, 4), trail.LastUpTo(4));
        Assert.Null(trail.LastUpTo(0));
    }

    private static JournalLine Line(long seq, int version, string what, string? answer = null, DateTimeOffset? due = null) => new()
    {
        Seq = seq, CallNo = "M260311-00001", Version = version, At = At.AddHours(1), By = due is null ? "p1" : "clock", What = what, Answer = answer, Due = due, Detail = [], Card = null, Kind = "procedure",
    };
}
