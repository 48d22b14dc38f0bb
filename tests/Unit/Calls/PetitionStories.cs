using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>延期、挂起、不予受理: the lead asks, a tier above decides, and only what is granted moves a clock.</summary>
public sealed class PetitionStories
{
    private static readonly CallCommand Extend = new CallCommand.Request(Worker(1), PetitionKind.Extension, Length: TimeSpan.FromHours(2));

    [Fact]
    public void A_request_stops_no_clock_and_has_one_of_its_own()
    {
        var story = Led();
        var clocks = story.Call.Answers.ToArray();
        story.Passes(TimeSpan.FromMinutes(1)).Does(Extend);
        Assert.Equal(clocks, story.Call.Answers);
        var asked = Assert.Single(story.Call.Petitions);
        Assert.Equal((PetitionKind.Extension, Worker(1).Id, Rung.Team), (asked.Kind, asked.By, asked.Rank));
        Assert.Equal(Clock.Start(Calendar, story.Now, story.Policy.Decide, story.Policy.WarnFraction), asked.Clock);
        story.IsRefused(Extend, Refusal.AlreadyRequested);
        Assert.Contains(Worker(1).Id, story.Call.TookPart);
    }

    [Fact]
    public void A_granted_extension_postpones_the_end_by_what_was_asked_and_there_is_one_a_case()
    {
        var story = Led();
        var before = story.Answer("resolve").Clock;
        story.Does(Extend).Does(Ruled(PetitionKind.Extension));
        Assert.Equal(before.Extended(Calendar, TimeSpan.FromHours(2)), story.Answer("resolve").Clock);
        Assert.Equal(TimeSpan.FromHours(2), story.Call.Extended);
        Assert.Empty(story.Call.Petitions);
        Assert.Contains(Desk(1).Id, story.Call.TookPart);
        Assert.Equal<Detail>([new Detail.Petition(PetitionKind.Extension), new Detail.Minutes(120), new Detail.Until(story.Answer("resolve").Clock.Due)], story.Last(What.Granted).Detail);
        story.IsRefused(Extend, Refusal.AlreadyRequested);
    }

    [Fact]
    public void An_extension_is_between_a_minute_and_the_span_itself()
    {
        var story = Led();
        var span = story.Answer("resolve").Clock.SpanOn(Calendar);
        CallCommand By(TimeSpan? length) => new CallCommand.Request(Worker(1), PetitionKind.Extension, Length: length);
        story.IsRefused(By(null), Refusal.OutOfBounds);
        story.IsRefused(By(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1)), Refusal.OutOfBounds);
        story.IsRefused(By(span + TimeSpan.FromMilliseconds(1)), Refusal.OutOfBounds);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, By(TimeSpan.FromMinutes(1)), story.World));
        story.Does(By(span));
    }

    [Fact]
    public void A_denied_request_changes_nothing_but_may_be_made_again()
    {
        var story = Led();
        var clocks = story.Call.Answers.ToArray();
        story.Does(Extend).Does(Ruled(PetitionKind.Extension, granted: false));
        Assert.Equal(clocks, story.Call.Answers);
        Assert.Null(story.Call.Extended);
        Assert.Equal(What.Denied, story.Journal[^1].What);
        story.IsRefused(Ruled(PetitionKind.Extension), Refusal.NothingRequested);
        story.Does(Extend);
    }

    [Fact]
    public void A_breach_stands_whatever_is_asked_afterwards()
    {
        var story = Led().Does(Extend).ReachesLapseOf("resolve");
        story.IsRefused(Ruled(PetitionKind.Extension), Refusal.TooLate);
        story.Does(Ruled(PetitionKind.Extension, granted: false, by: StreetDesk)).IsRefused(Extend, Refusal.TooLate);
    }

    [Fact]
    public void A_tier_above_the_asker_decides_and_never_the_asker()
    {
        var story = Led().Does(Extend);
        foreach (var (by, why) in new (Post, Refusal)[] { (Worker(1), Refusal.NotEntitled), (Worker(4), Refusal.WrongTeam), (Desk(2), Refusal.WrongTeam) }) story.IsRefused(Ruled(PetitionKind.Extension, by: by), why);
        foreach (var by in new[] { Desk(1), StreetDesk, Leader }) Assert.IsType<Decision.Moved>(Life.Decide(story.Call, Ruled(PetitionKind.Extension, by: by), story.World));
        story.ShiftChangesTo(Worker(1)).IsRefused(Ruled(PetitionKind.Extension), Refusal.NotOnDuty);
    }

    [Fact]
    public void What_the_communitys_desk_asks_the_street_decides_and_what_the_street_asks_a_second_person_there()
    {
        CallCommand Decline(Post by) => new CallCommand.Request(by, PetitionKind.Decline);
        var story = Led().Does(Decline(Desk(1)));
        Assert.Equal(Rung.Community, story.Call.Petitions[0].Rank);
        story.IsRefused(Ruled(PetitionKind.Decline), Refusal.NotEntitled);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, Ruled(PetitionKind.Decline, by: StreetDesk), story.World));
        story = Led().Does(Decline(StreetDesk));
        Assert.Equal(Rung.Street, story.Call.Petitions[0].Rank);
        story.IsRefused(Ruled(PetitionKind.Decline, by: StreetDesk), Refusal.NotEntitled);
        story.IsRefused(Ruled(PetitionKind.Decline), Refusal.NotEntitled);
        story.Does(Ruled(PetitionKind.Decline, by: Leader));
        Assert.IsType<CallState.Declined>(story.State);
    }

    [Fact]
    public void More_time_is_for_the_lead_to_ask_and_a_desk_asks_only_to_decline()
    {
        var story = Led();
        story.IsRefused(new CallCommand.Request(Desk(1), PetitionKind.Extension, Length: TimeSpan.FromHours(1)), Refusal.NotEntitled);
        story.IsRefused(new CallCommand.Request(Desk(1), PetitionKind.Suspension, Until: story.Now.AddDays(1)), Refusal.NotEntitled);
        story.IsRefused(new CallCommand.Request(Worker(4), PetitionKind.Decline), Refusal.WrongTeam);
        story.Does(new CallCommand.Request(Worker(1), PetitionKind.Decline)).Does(Extend);
        Assert.Equal(2, story.Call.Petitions.Length);
    }

    [Fact]
    public void A_suspension_ends_in_the_future_and_within_ninety_days()
    {
        var story = Led();
        CallCommand Until(DateTimeOffset? at) => new CallCommand.Request(Worker(1), PetitionKind.Suspension, Until: at);
        story.IsRefused(Until(null), Refusal.OutOfBounds);
        story.IsRefused(Until(story.Now), Refusal.OutOfBounds);
        story.IsRefused(Until(story.Now.AddDays(90).AddMilliseconds(1)), Refusal.OutOfBounds);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, Until(story.Now.AddMilliseconds(1)), story.World));
        story.Does(Until(story.Now.AddDays(90)));
        Assert.Equal<Detail>([new Detail.Petition(PetitionKind.Suspension), new Detail.Until(story.Now.AddDays(90))], story.Journal[^1].Detail);
    }

    [Fact]
    public void In_a_suspension_the_clocks_stand_and_afterwards_they_have_what_they_had_left()
    {
        var story = Suspended();
        var (began, before) = (story.Now, story.Answer("resolve").Clock);
        story.Passes(TimeSpan.FromHours(3)).Does(new CallCommand.Resume(Worker(1)));
        Assert.Null(story.Call.Suspended);
        Assert.Equal([new Pause(began, story.Now)], story.Call.Pauses);
        Assert.Equal(before.Paused(Calendar, began, story.Now), story.Answer("resolve").Clock);
        Assert.NotEqual(before.Due, story.Answer("resolve").Clock.Due);
        story.IsRefused(new CallCommand.Resume(Worker(1)), Refusal.NothingRequested);
    }

    [Fact]
    public void An_answer_that_was_met_before_a_suspension_keeps_its_clock()
    {
        var story = Suspended();
        var arrived = story.Answer("arrive").Clock;
        story.Passes(TimeSpan.FromHours(3)).Does(new CallCommand.Resume(Desk(1)));
        Assert.Equal(arrived, story.Answer("arrive").Clock);
    }

    [Fact]
    public void While_a_case_is_suspended_no_more_time_is_asked_for()
    {
        var story = Suspended();
        story.IsRefused(Extend, Refusal.Suspended);
        story.IsRefused(new CallCommand.Request(Worker(1), PetitionKind.Suspension, Until: story.Now.AddDays(1)), Refusal.AlreadyRequested);
        story.IsRefused(new CallCommand.Resume(Worker(4)), Refusal.WrongTeam);
    }

    [Fact]
    public void A_case_that_nobody_leads_is_declined_at_a_desk_and_never_extended()
    {
        var story = Story.Begins(Whistle());
        story.IsRefused(Extend, Refusal.NotEntitled);
        story.Does(new CallCommand.Request(Desk(1), PetitionKind.Decline)).Does(Ruled(PetitionKind.Decline, by: StreetDesk));
        Assert.IsType<CallState.Declined>(story.State);
        Assert.Equal(What.Declined, story.Journal[^1].What);
    }

    private static CallCommand.Rule Ruled(PetitionKind kind, bool granted = true, Post? by = null) => new(by ?? Desk(1), kind, granted);

    private static Story Led() => Story.Begins(Whistle()).IsOnSceneWith(Worker(1));

    private static Story Suspended() => Led().Does(new CallCommand.Request(Worker(1), PetitionKind.Suspension, Until: At("2026-11-05 09:00"))).Does(Ruled(PetitionKind.Suspension));
}
