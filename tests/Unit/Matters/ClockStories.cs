using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>What the clocks of a stage and of a promise do, and when.</summary>
public sealed class ClockStories
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(ClockKind.Continuous, "2026-11-06 17:00", 1, "2026-11-06 18:00")]
    [InlineData(ClockKind.ServiceHours, "2026-11-06 19:00", 2, "2026-11-07 09:00")]
    [InlineData(ClockKind.WorkingTime, "2026-11-06 17:00", 1, "2026-11-09 09:00")] // over a weekend
    [InlineData(ClockKind.WorkingTime, "2026-09-30 16:30", 2, "2026-10-08 09:30")] // over a holiday
    [InlineData(ClockKind.WorkingTime, "2026-10-09 17:00", 1, "2026-10-10 09:00")] // to a Saturday that is worked
    public void A_stage_runs_on_its_own_kind_of_clock(ClockKind kind, string from, int hours, string due) =>
        Assert.Equal(At(due), Begins(Of(Task("work", GridWorkers).Within(hours * Hour, kind)), at: from).Clock.Due);

    [Fact]
    public void A_clock_warns_at_four_fifths_lapses_to_the_community_and_at_the_double_to_the_street()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(10 * Hour)));
        Assert.Equal(1, story.Passes(8 * Hour).Matter.Version);
        Assert.Equal(MatterWhat.Warned, story.Passes(Instant).Journal[^1].What);
        story.Reaches(story.Clock.Due);
        Assert.Equal((2, false), (story.Matter.Version, story.Clock.Breached));
        story.Passes(Instant);
        Assert.Equal((MatterWhat.Lapsed, Rung.Community, true), (story.Journal[^1].What, story.Matter.Rung, story.Clock.Breached));
        story.Reaches(story.Clock.DoubleAt.Add(Instant));
        Assert.Equal((MatterWhat.DoubleLapsed, Rung.Street), (story.Journal[^1].What, story.Matter.Rung));
        Assert.Null(story.Matter.NextDue);
        Assert.True(story.Gives(Worker(1), "work").Matter.Before[0].Late);
    }

    [Fact]
    public void Exactly_at_its_instant_an_answer_is_on_time()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(Hour)));
        Assert.False(story.Passes(Hour).Gives(Worker(1), "work").Matter.Before[0].Late);
    }

    [Fact]
    public void A_desk_with_nobody_on_duty_is_passed_over()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(Hour)), onDuty: [Worker(1), StreetDesk]).Passes(Hour + Instant);
        Assert.Equal((Rung.Street, false), (story.Matter.Rung, story.Matter.NobodyOnDuty));
        story = Begins(Of(Task("work", GridWorkers).Within(Hour)), onDuty: [Worker(1)]).Passes(Hour + Instant);
        Assert.Equal((Rung.Street, true), (story.Matter.Rung, story.Matter.NobodyOnDuty));
    }

    [Fact]
    public void A_running_clock_that_finds_nobody_on_duty_climbs_at_once_and_one_that_waits_for_the_morning_does_not()
    {
        Assert.Equal(Rung.Community, Begins(Of(Task("work", GridWorkers).Within(Hour)), onDuty: [Desk(1)]).Matter.Rung);
        Assert.Equal(Rung.Team, Begins(Of(Task("work", GridWorkers).Within(Hour, ClockKind.WorkingTime)), onDuty: [Desk(1)]).Matter.Rung);
    }

    [Fact]
    public void What_has_climbed_to_the_community_at_its_start_does_not_climb_past_it_at_its_lapse()
    {
        var story = Begins(Of(Task("work", GridWorkers).Within(Hour)), onDuty: [Desk(1), StreetDesk]).Passes(Hour + Instant);
        Assert.Equal(Rung.Community, story.Matter.Rung);
        Assert.Equal(Rung.Street, story.Passes(Hour).Matter.Rung);
    }

    [Fact]
    public void The_next_stage_begins_at_the_foot_of_the_ladder()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("done", "check").Within(Hour), Task("check", Policemen))).Passes(3 * Hour);
        Assert.Equal(Rung.Street, story.Matter.Rung);
        Assert.Equal(Rung.Team, story.Gives(Worker(1), "work").Matter.Rung);
    }

    [Fact]
    public void A_stage_that_provides_for_its_lapse_ends_with_it_instead_of_climbing()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("lapsed", "next").Within(Hour), Task("next", Policemen))).Passes(Hour + Instant);
        Assert.Equal(("next", Rung.Team), (story.Stage, story.Matter.Rung));
        Assert.Equal(("lapsed", true), (story.Matter.Before[0].Outcome, story.Matter.Before[0].Late));
        story.IsRefused(Answer(Worker(1), "work"), Refusal.AlreadyAnswered);
    }

    [Fact]
    public void A_public_notice_only_waits_for_its_clock()
    {
        var notice = (Stage("notice") with { Visibility = Visibility.Public }).On("lapsed", "next").Within(TimeSpan.FromDays(7));
        var story = Begins(Of(notice, Task("next", GridWorkers)));
        Assert.True(story.Matter.Audience.Includes(Worker(5)));
        Assert.Equal("notice", story.Passes(TimeSpan.FromDays(7)).Stage);
        Assert.Equal("next", story.Passes(Instant).Stage);
        Assert.False(story.Matter.Audience.Includes(Worker(5)));
    }

    [Fact]
    public void A_late_tick_catches_up_in_order_and_everything_acts_once()
    {
        var procedure = Of(Task("work", GridWorkers).Within(Hour)) with { Promise = new Promise(new Span(ClockKind.Continuous, 1.5 * Hour), "work") };
        var story = Begins(procedure).Passes(30 * Hour);
        Assert.Equal(
            ["48 stage Warned", "60 stage Lapsed", "72 promise Warned", "90 promise Lapsed", "120 stage DoubleLapsed", "180 promise DoubleLapsed"],
            story.Journal.Skip(1).Select(c => $"{(c.Due!.Value - story.Matter.OpenedAt).TotalMinutes} {c.Answer} {c.What}"));
        Assert.Equal(7, story.Passes(30 * Hour).Matter.Version);
    }

    [Fact]
    public void However_late_the_tick_the_next_stage_begins_when_the_clock_of_the_last_ran_out()
    {
        var procedure = Of(Task("first", GridWorkers).On("lapsed", "second").Within(Hour), Task("second", Policemen).On("lapsed", "third").Within(Hour), Task("third", GridWorkers).Within(Hour));
        var (late, prompt) = (Begins(procedure).Passes(2.5 * Hour), Begins(procedure));
        foreach (var _ in Enumerable.Range(0, 150)) prompt.Passes(TimeSpan.FromMinutes(1));
        Assert.Equal(MatterText.Of(prompt.Matter), MatterText.Of(late.Matter));
        Assert.Equal(At("2026-11-02 11:00"), late.Matter.Visit!.At);
    }

    [Fact]
    public void A_promise_is_kept_by_the_outcomes_it_names_and_runs_on_after_any_other()
    {
        var procedure = Of(Task("work", GridWorkers).On("done", "after").On("more", "work"), Task("after", GridWorkers)) with { Promise = new Promise(new Span(ClockKind.Continuous, 5 * Hour), "work") { On = ["done"] } };
        var story = Begins(procedure).Gives(Worker(1), "work", "more");
        Assert.Null(story.Matter.PromiseKept);
        story.Passes(Hour).Gives(Worker(1), "work2", "done");
        Assert.Equal(story.Now, story.Matter.PromiseKept);
    }

    [Fact]
    public void A_promise_is_kept_by_the_end_of_its_stage_and_its_breach_goes_to_the_street()
    {
        var procedure = Of(Task("work", GridWorkers).On("done", "after"), Task("after", GridWorkers)) with { Promise = new Promise(new Span(ClockKind.Continuous, 5 * Hour), "work") };
        var kept = Begins(procedure).Passes(Hour).Gives(Worker(1), "work");
        Assert.Equal(kept.Now, kept.Matter.PromiseKept);
        Assert.Null(kept.Matter.NextDue);
        var broken = Begins(procedure).Passes(5 * Hour + Instant);
        Assert.Equal((Rung.Street, true), (broken.Matter.Rung, broken.Matter.Promise!.Breached));
        Assert.Equal(Rung.Team, broken.Gives(Worker(1), "work").Matter.Rung);
    }

    [Fact]
    public void A_broken_promise_stays_with_the_street_through_the_stages_until_it_is_kept()
    {
        var procedure = Of(Task("first", GridWorkers).On("done", "second"), Task("second", GridWorkers)) with { Promise = new Promise(new Span(ClockKind.Continuous, Hour), "second") };
        Assert.Equal(Rung.Street, Begins(procedure).Passes(Hour + Instant).Gives(Worker(1), "first").Matter.Rung);
    }

    [Fact]
    public void A_matter_that_has_ended_has_no_clock()
    {
        var procedure = Of(Task("work", GridWorkers).On("refused", End).Within(Hour)) with { Promise = new Promise(new Span(ClockKind.Continuous, Hour), "work") };
        var story = Begins(procedure).Gives(Worker(1), "work", "refused");
        Assert.Equal((null, null), (story.Matter.NextDue, story.Matter.BreachAt));
        Assert.Equal(2, story.Passes(100 * Hour).Matter.Version);
    }
}
