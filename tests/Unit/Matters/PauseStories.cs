using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Matters.ProceedingCommand;
using static DispatchCenter.Unit.Matters.Drafts;
using static DispatchCenter.Unit.Matters.MatterStory;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>More time and pauses: asked for by those who owe, decided a tier above.</summary>
public sealed class PauseStories
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly Procedure Work = Of(Task("work", GridWorkers).Within(10 * Hour)) with { Promise = new Promise(new Span(ClockKind.Continuous, 20 * Hour), "work") };

    [Fact]
    public void A_pause_is_asked_for_by_those_who_owe_and_decided_a_tier_above()
    {
        var story = Begins(Work, by: Worker(1, 2));
        story.IsRefused(Pause(story, Police(1)), Refusal.NotEntitled).IsRefused(Pause(story, Worker(4)), Refusal.WrongTeam);
        story.IsRefused(Pause(story, Worker(1), days: 91), Refusal.OutOfBounds).IsRefused(Pause(story, Worker(1), days: 0), Refusal.OutOfBounds);
        story.IsRefused(Granted(Desk(1)), Refusal.NothingRequested);
        story.Does(Pause(story, Worker(1))).IsRefused(Pause(story, Worker(1, 2)), Refusal.AlreadyRequested);
        story.IsRefused(Granted(Worker(1)), Refusal.NotEntitled).IsRefused(Granted(Desk(2)), Refusal.WrongTeam).Does(Granted(Desk(1)));
        Assert.Equal(new Suspension(story.Now, story.Now.AddDays(3)), story.Matter.Suspended);
    }

    [Fact]
    public void A_desk_that_asks_is_answered_by_the_street_and_the_street_by_a_second_person()
    {
        var community = Begins(Work);
        community.Does(Pause(community, Desk(1))).IsRefused(Granted(Desk(1)), Refusal.NotEntitled).Does(Granted(StreetDesk));
        var street = Begins(Work);
        street.Does(Pause(street, StreetDesk)).IsRefused(Granted(StreetDesk), Refusal.NotEntitled).IsRefused(Granted(Desk(1)), Refusal.NotEntitled).Does(Granted(Leader));
    }

    [Fact]
    public void A_pause_keeps_what_was_left_of_the_clocks_and_ends_by_itself()
    {
        var story = Begins(Work).Passes(4 * Hour);
        story.Does(Pause(story, Worker(1))).Does(Granted(Desk(1)));
        Assert.Equal(story.Now.AddDays(3), story.Matter.NextDue);
        var until = story.Now.AddDays(3);
        story.Reaches(until.AddMinutes(5));
        Assert.Equal((MatterWhat.Resumed, until), (story.Journal[^1].What, story.Journal[^1].Due!.Value));
        Assert.Equal((until.AddHours(6), until.AddHours(16)), (story.Clock.Due, story.Matter.Promise!.Due));
        Assert.Equal([new Pause(until.AddDays(-3), until)], story.Matter.Pauses.AsEnumerable());
    }

    [Fact]
    public void A_refused_pause_changes_no_clock()
    {
        var story = Begins(Work);
        var due = story.Clock.Due;
        story.Does(Pause(story, Worker(1))).Does(new Rule(Desk(1), PetitionKind.Suspension, Granted: false));
        Assert.Equal((due, MatterWhat.Denied), (story.Clock.Due, story.Journal[^1].What));
        Assert.Null(story.Matter.Suspended);
        story.Does(Pause(story, Worker(1)));
    }

    [Fact]
    public void An_answer_during_a_pause_ends_it()
    {
        var story = Begins(Of(Stage("work", AskAll("work", GridWorkers)).On("done", End).Within(10 * Hour)));
        story.Does(Pause(story, Worker(1))).Does(Granted(Desk(1))).Passes(24 * Hour).Gives(Worker(1), "work");
        Assert.Null(story.Matter.Suspended);
        Assert.Equal(story.Now.Add(10 * Hour), story.Clock.Due);
    }

    [Fact]
    public void A_pause_can_be_ended_early_by_those_who_owe_and_by_a_desk()
    {
        var story = Begins(Work);
        story.IsRefused(new Resume(Worker(1)), Refusal.NothingRequested).Does(Pause(story, Worker(1))).Does(Granted(Desk(1))).Passes(Hour);
        story.IsRefused(new Resume(Police(1)), Refusal.NotEntitled).Does(new Resume(Worker(1, 3)));
        Assert.Equal(story.Now.Add(10 * Hour), story.Clock.Due);
    }

    [Fact]
    public void A_stage_that_ends_during_a_pause_ends_the_pause_with_it()
    {
        var procedure = Of((Stage("wait") with { AwaitsChildren = true }).On("done", "work").Within(10 * Hour), Task("work", GridWorkers).Within(10 * Hour));
        var withChild = procedure with { Stages = procedure.Stages.Insert(0, Task("first", GridWorkers).On("done", "wait")) };
        var story = Begins(withChild).Does(new OpenChild(Worker(1), new("MT-00000002"))).Gives(Worker(1), "first");
        story.Does(Pause(story, Worker(1))).Does(Granted(Desk(1))).Passes(24 * Hour).Does(new ChildEnded(new("MT-00000002"), "done"));
        Assert.Equal("work", story.Stage);
        Assert.Null(story.Matter.Suspended);
        Assert.Equal(story.Now.Add(10 * Hour), story.Clock.Due);
    }

    [Fact]
    public void A_stage_is_extended_once_and_by_at_most_its_own_time()
    {
        var story = Begins(Work);
        story.IsRefused(More(11 * Hour), Refusal.OutOfBounds).IsRefused(More(TimeSpan.Zero), Refusal.OutOfBounds).Does(More(10 * Hour));
        story.Does(new Rule(Desk(1), PetitionKind.Extension, Granted: true));
        Assert.Equal(story.Now.Add(20 * Hour), story.Clock.Due);
        story.IsRefused(More(Hour), Refusal.AlreadyRequested);
    }

    [Fact]
    public void What_has_lapsed_or_has_no_clock_cannot_be_extended()
    {
        Begins(Work).Passes(11 * Hour).IsRefused(More(Hour), Refusal.TooLate);
        Begins(Of(Task("work", GridWorkers))).IsRefused(More(Hour), Refusal.OutOfTurn);
        Begins(Work).IsRefused(new Plead(Worker(1), PetitionKind.Decline), Refusal.OutOfTurn);
    }

    [Fact]
    public void More_time_that_was_asked_for_before_the_lapse_cannot_be_granted_after_it()
    {
        var story = Begins(Work).Passes(9.5 * Hour).Does(More(Hour)).Passes(Hour);
        story.IsRefused(new Rule(Desk(1), PetitionKind.Extension, Granted: true), Refusal.TooLate).Does(new Rule(Desk(1), PetitionKind.Extension, Granted: false));
    }

    [Fact]
    public void A_decision_has_its_own_clock_which_climbs_to_the_street()
    {
        var story = Begins(Of(Task("work", GridWorkers)));
        story.Does(Pause(story, Worker(1)));
        Assert.Equal(DefaultPolicy.Decide.Length, story.Matter.Pleas[0].Clock.Length);
        story.Reaches(story.Matter.Pleas[0].Clock.Due.AddMilliseconds(1));
        Assert.Equal(("decideSuspension", MatterWhat.Lapsed, Rung.Street), (story.Journal[^1].Answer, story.Journal[^1].What, story.Matter.Rung));
    }

    [Fact]
    public void A_request_ends_with_the_stage_it_was_about()
    {
        var story = Begins(Of(Task("work", GridWorkers).On("done", "next"), Task("next", GridWorkers)));
        story.Does(Pause(story, Worker(1))).Gives(Worker(1), "work").IsRefused(Granted(Desk(1)), Refusal.NothingRequested);
        Assert.Null(story.Matter.NextDue);
    }

    private static Plead Pause(MatterStory story, Post by, int days = 3) => new(by, PetitionKind.Suspension, Until: story.Now.AddDays(days));

    private static Plead More(TimeSpan length) => new(Worker(1), PetitionKind.Extension, length);

    private static Rule Granted(Post by) => new(by, PetitionKind.Suspension, Granted: true);
}
