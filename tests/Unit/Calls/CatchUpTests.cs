using System.Text.Json;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>A late tick is late, never lost, and never acts twice.</summary>
public sealed class CatchUpTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_warning_a_lapse_and_a_double_lapse_each_happen_once_and_after_their_instant()
    {
        var story = Story.Begins(Whistle("02", "g1"));
        var clock = story.Answer("accept").Clock;
        foreach (var (instant, what) in new[] { (clock.WarnAt, What.Warned), (clock.Due, What.Lapsed), (clock.DoubleAt, What.DoubleLapsed) })
        {
            var before = story.Journal.Count;
            Assert.Equal(instant, story.Call.NextDue);
            story.Reaches(instant);
            Assert.Equal(before, story.Journal.Count);
            story.Passes(Millisecond).Passes(Millisecond).Passes(TimeSpan.Zero);
            Assert.Equal(before + 1, story.Journal.Count);
            Assert.Equal((what, "accept", instant), (story.Journal[^1].What, story.Journal[^1].Answer, story.Journal[^1].Due));
        }

        Assert.DoesNotContain(story.Journal, h => h.Detail.Contains(new Detail.Overtaken()));
    }

    [Fact]
    public void An_answer_exactly_at_its_due_is_on_time()
    {
        var story = Story.Begins(Whistle("02", "g1")).ReachesDueOf("accept").IsAcceptedBy(Worker(1)).Passes(TimeSpan.FromMinutes(30));
        Assert.False(story.Answer("accept").Clock.Breached);
        Assert.Equal(story.Answer("accept").Clock.Due, story.Answer("accept").Met!.Value.At);
        Assert.DoesNotContain(story.Journal, h => h.What == What.Lapsed);
    }

    [Fact]
    public void An_answer_one_millisecond_past_its_due_is_late_whenever_the_tick_comes()
    {
        var story = Story.Begins(Whistle("02", "g1"));
        story.ReachesLapseOf("accept").IsAcceptedBy(Worker(1));
        Assert.True(story.Answer("accept").Clock.Breached);
    }

    [Fact]
    public void A_warning_overtaken_by_its_lapse_is_recorded_as_overtaken()
    {
        var onTime = Story.Begins(Whistle("02", "g1"));
        onTime.ReachesDueOf("accept");
        Assert.Empty(Details.Texts(onTime.Last(What.Warned).Detail));
        var late = Story.Begins(Whistle("02", "g1")).ReachesLapseOf("accept");
        Assert.Equal(["overtaken"], Details.Texts(late.Last(What.Warned).Detail));
        Assert.Equal([What.Whistled, What.Warned, What.Lapsed], late.Journal.Select(h => h.What));
    }

    [Fact]
    public void All_acts_come_in_the_order_of_their_instants_over_every_clock()
    {
        var story = Story.Begins(Whistle("01", "g1")).Passes(TimeSpan.FromDays(3));
        var acts = story.Journal.Skip(1).ToArray();
        Assert.Equal(9, acts.Length);
        Assert.Equal(acts.OrderBy(h => h.Due).Select(h => h.Due), acts.Select(h => h.Due));
        Assert.Equal(
            [
                "accept Warned", "accept Lapsed", "accept DoubleLapsed",
                "arrive Warned", "arrive Lapsed", "arrive DoubleLapsed",
                "resolve Warned", "resolve Lapsed", "resolve DoubleLapsed",
            ],
            acts.Select(h => $"{h.Answer} {h.What}"));
        Assert.Equal(10, story.Call.Version);
        Assert.Null(story.Call.NextDue);
        Assert.False(story.Call.IsOver);
        Assert.Equal((Rung.Street, true), (story.Call.Rung, story.Call.Supervised));
    }

    [Fact]
    public void On_a_tie_the_earlier_answer_of_the_pack_acts_first()
    {
        var limits = DefaultPolicy.Limits.SetItem(Level.S2, DefaultPolicy.Limits[Level.S2].SetItem("arrive", DefaultPolicy.Limit(Level.S2, "accept")));
        var story = Story.Begins(Whistle("02", "g1"), policy: DefaultPolicy with { Limits = limits }).ReachesLapseOf("accept");
        Assert.Equal(["accept", "arrive", "accept", "arrive"], story.Journal.Skip(1).Select(h => h.Answer));
    }

    [Fact]
    public void Days_late_marks_the_same_as_on_time()
    {
        var (prompt, late) = (Story.Begins(Whistle("08", "g1")), Story.Begins(Whistle("08", "g1")));
        var end = prompt.Now.AddDays(20);
        while (prompt.Call.NextDue is { } due && due < end) prompt.Reaches(due + Millisecond);
        late.Reaches(end);
        Assert.Equal(JsonSerializer.Serialize(prompt.Call), JsonSerializer.Serialize(late.Call));
        Assert.Equal(prompt.Journal.Select(h => (h.What, h.Answer, h.Due)), late.Journal.Select(h => (h.What, h.Answer, h.Due)));
    }

    [Fact]
    public void A_case_resolved_evaluated_by_nobody_and_found_years_later_is_closed_at_once()
    {
        var story = Story.Begins(Whistle("08", "g1")).IsVerified(Worker(1), Worker(2)).Passes(TimeSpan.FromDays(800));
        Assert.IsType<CallState.Closed>(story.State);
        Assert.Equal(2, story.Journal.Count(h => h.Answer == Life.EvaluateKey));
    }

    [Fact]
    public void A_lapse_of_a_clock_that_has_moved_or_acted_or_is_not_yet_due_is_refused()
    {
        var story = Story.Begins(Whistle("02", "g1"));
        var due = story.Call.NextDue!.Value;
        story.IsRefused(new CallCommand.Lapse(due), Refusal.ClockMoved);
        var (call, world) = (story.Call, story.World with { Now = due });
        Assert.Equal(new Decision.Refused(Refusal.ClockMoved), Life.Decide(call, new CallCommand.Lapse(due), world));
        world = world with { Now = due + Millisecond };
        Assert.Equal(new Decision.Refused(Refusal.ClockMoved), Life.Decide(call, new CallCommand.Lapse(due - Millisecond), world));
        call = Assert.IsType<Decision.Moved>(Life.Decide(call, new CallCommand.Lapse(due), world)).Call;
        Assert.Equal(new Decision.Refused(Refusal.ClockMoved), Life.Decide(call, new CallCommand.Lapse(due), world));
    }

    [Fact]
    public void Met_answers_and_cases_that_are_over_run_no_clock()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1));
        Assert.Equal(story.Answer("arrive").Clock.WarnAt, story.Call.NextDue);
        story.Does(new CallCommand.Withdraw()).Passes(TimeSpan.FromDays(30));
        Assert.Equal([What.Whistled, What.Accepted, What.Withdrawn], story.Journal.Select(h => h.What));
    }
}
