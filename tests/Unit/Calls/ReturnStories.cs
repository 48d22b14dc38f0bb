using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>退单: handing a case back neither stops a clock nor starts one.</summary>
public sealed class ReturnStories
{
    [Fact]
    public void A_return_rings_the_next_candidates_at_once_with_every_clock_unchanged()
    {
        var story = Story.Begins(Whistle("02", "g12")).IsAcceptedBy(Worker(1));
        var clocks = story.Call.Answers.Select(a => a.Clock).ToArray();
        story.Passes(TimeSpan.FromMinutes(1)).Does(new CallCommand.Return(Worker(1), ReturnReason.NoPower));
        Assert.IsType<CallState.Ringing>(story.State);
        Assert.Equal([Team(2)], story.Call.Ringing);
        Assert.Equal(Rung.Team, story.Call.Rung);
        Assert.Equal(["reason:noPower"], story.LastDetail);
        Assert.Equal(clocks, story.Call.Answers.Select(a => a.Clock));
        Assert.All(story.Call.Answers, a => Assert.Null(a.Met));
        story.IsRefused(new CallCommand.Accept(Worker(1, 2)), Refusal.WrongTeam);
        story.IsAcceptedBy(Worker(2));
    }

    [Fact]
    public void Without_another_team_of_the_grid_a_return_rings_the_community()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).Does(new CallCommand.Return(Worker(1), ReturnReason.Unsafe));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(2), Team(3)], story.Call.Ringing);
        Assert.Equal(["reason:unsafe", "climbed:community"], story.LastDetail);
    }

    [Fact]
    public void Without_anybody_else_on_duty_in_the_community_a_return_rings_the_street()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(1), StreetDesk]).IsAcceptedBy(Worker(1));
        story.Does(new CallCommand.Return(Worker(1), ReturnReason.Other));
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Empty(story.Call.Ringing);
        Assert.Equal(["reason:other", "skipped:community", "climbed:street"], story.LastDetail);
    }

    [Fact]
    public void A_return_at_the_communitys_rung_stays_there_while_its_desk_is_on_duty()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(2), Desk(1), StreetDesk]).IsAcceptedBy(Worker(2));
        story.Does(new CallCommand.Return(Worker(2), ReturnReason.WrongPlace));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Empty(story.Call.Ringing);
        story.Does(new CallCommand.Accept(Desk(1)));
    }

    [Fact]
    public void A_return_at_the_communitys_rung_rings_a_team_that_has_come_on_duty_since()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(2), StreetDesk]).IsAcceptedBy(Worker(2));
        story.ShiftChangesTo(Worker(2), Worker(1), StreetDesk).Does(new CallCommand.Return(Worker(2), ReturnReason.WrongPlace));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1)], story.Call.Ringing);
    }

    [Fact]
    public void A_return_to_an_empty_street_says_that_nobody_is_on_duty()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(1), StreetDesk]).ReachesLapseOf("accept").IsAcceptedBy(Worker(1));
        Assert.Equal(Rung.Street, story.Call.Rung);
        story.ShiftChangesTo(Worker(1)).Does(new CallCommand.Return(Worker(1), ReturnReason.NoPower));
        Assert.True(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void The_third_return_goes_to_the_street_whoever_else_is_on_duty()
    {
        var story = Story.Begins(Whistle("02", "g12"));
        foreach (var team in new[] { 1, 2, 3 })
            story.IsAcceptedBy(Worker(team)).Does(new CallCommand.Return(Worker(team, 2), ReturnReason.NoPower));
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal([Team(1), Team(2), Team(3)], story.Call.Returned);
        Assert.Equal(["reason:noPower", "climbed:street"], story.LastDetail);
        story.IsRefused(new CallCommand.Accept(Worker(1)), Refusal.WrongTeam);
        story.Does(new CallCommand.Accept(StreetDesk));
    }

    [Fact]
    public void A_case_taken_in_time_and_handed_back_late_is_late_to_be_taken()
    {
        var story = Story.Begins(Whistle("02", "g1")).Passes(TimeSpan.FromMinutes(1)).IsAcceptedBy(Worker(1));
        story.Passes(TimeSpan.FromMinutes(25)).Does(new CallCommand.Return(Worker(1), ReturnReason.NoPower));
        Assert.False(story.Answer("accept").Clock.Breached);
        story.Passes(TimeSpan.Zero);
        Assert.Equal(ClockAct.Lapse, story.Answer("accept").Clock.Acted);
        Assert.Equal(["overtaken"], Details.Texts(story.Last(What.Warned).Detail));
        story.ReachesDoubleLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
    }

    [Fact]
    public void An_accept_that_lapsed_before_it_was_met_and_is_owed_again_still_goes_to_the_street_at_twice_its_limit()
    {
        var story = Story.Begins(Whistle("02", "g1")).ReachesLapseOf("accept").IsAcceptedBy(Worker(2));
        story.Passes(TimeSpan.FromMinutes(1)).Does(new CallCommand.Return(Worker(2), ReturnReason.Unsafe));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1), Team(3)], story.Call.Ringing);
        Assert.Equal((ClockAct.DoubleLapse, story.Answer("accept").Clock.DoubleAt), story.Answer("accept").Clock.Next);
        story.ReachesDoubleLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Single(story.Journal, h => h is { What: What.Lapsed, Answer: "accept" });
    }

    [Fact]
    public void A_return_from_the_scene_owes_the_arrival_anew()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsOnSceneWith(Worker(1)).Does(new CallCommand.Return(Worker(1, 2), ReturnReason.Unsafe));
        Assert.Null(story.Answer("arrive").Met);
        Assert.Equal([Worker(1).Id, Worker(1, 2).Id], story.Call.TookPart);
        story.IsAcceptedBy(Worker(2)).IsRefused(new CallCommand.Resolve(Worker(2)), Refusal.OutOfTurn);
    }

    [Fact]
    public void Neither_an_attached_team_nor_a_desk_hands_back()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).ReachesLapseOf("arrive");
        story.IsRefused(new CallCommand.Return(Worker(1), ReturnReason.NoPower), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Return(Desk(1), ReturnReason.NoPower), Refusal.OutOfTurn);
    }
}
