using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>管家队 → 社区 → 街道: who is rung when, and who takes over.</summary>
public sealed class LadderStories
{
    [Fact]
    public void A_whistle_rings_the_grids_team_and_nobody_else()
    {
        var story = Story.Begins(Whistle(grid: "g1"));
        Assert.Equal([Team(1)], story.Call.Ringing);
        Assert.Equal(Rung.Team, story.Call.Rung);
        Assert.Empty(story.LastDetail);
        story.IsRefused(new CallCommand.Accept(Worker(2)), Refusal.WrongTeam);
        story.IsRefused(new CallCommand.Accept(Desk(1)), Refusal.WrongTeam);
    }

    [Fact]
    public void An_empty_team_is_skipped_at_once()
    {
        var story = Story.Begins(Whistle(grid: "g1"), [Head(1), Worker(2), Worker(3), Worker(4), Desk(1), StreetDesk]);
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(2), Team(3)], story.Call.Ringing);
        Assert.Equal(["skipped:team", "climbed:community"], story.LastDetail);
    }

    [Fact]
    public void An_empty_team_and_an_empty_community_are_skipped_at_once()
    {
        var story = Story.Begins(Whistle(grid: "g1"), [Head(1), Head(2), Worker(4), Desk(2), StreetDesk]);
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.False(story.Call.NobodyOnDuty);
        Assert.Equal(["skipped:team", "skipped:community", "climbed:street"], story.LastDetail);
        story.Does(new CallCommand.Accept(StreetDesk));
        Assert.IsType<Lead.OfStreet>(story.Call.Lead);
    }

    [Fact]
    public void The_desk_alone_is_a_community_with_somebody_on_duty()
    {
        var story = Story.Begins(Whistle(grid: "g1"), [Desk(1), StreetDesk]);
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Empty(story.Call.Ringing);
        story.Does(new CallCommand.Accept(Desk(1)));
        Assert.Equal(new Lead.OfCommunity(C1), story.Call.Lead);
    }

    [Fact]
    public void A_team_whose_shift_ends_while_it_rings_is_skipped_at_once()
    {
        var story = Story.Begins(Whistle(grid: "g1")).ShiftChangesTo(Head(1), Worker(2), Desk(1), StreetDesk).Does(new CallCommand.ShiftChange());
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1), Team(2)], story.Call.Ringing);
        Assert.Equal(["skipped:team", "climbed:community"], story.LastDetail);
    }

    [Fact]
    public void Who_comes_on_duty_is_rung_by_a_case_that_nobody_could_take()
    {
        var story = Story.Begins(Whistle(grid: "g1"), []);
        Assert.True(story.Call.NobodyOnDuty);
        story.ShiftChangesTo(Worker(1)).Does(new CallCommand.ShiftChange());
        Assert.Equal([Team(1)], story.Call.Ringing);
        Assert.False(story.Call.NobodyOnDuty);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.ShiftChange()));
    }

    [Fact]
    public void An_empty_community_is_skipped_when_the_accept_clock_lapses()
    {
        var story = Story.Begins(Whistle(grid: "g1"), [Worker(1), StreetDesk]).ReachesLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(["skipped:community", "climbed:street"], story.LastDetail);
        Assert.Equal([Team(1)], story.Call.Ringing);
    }

    [Fact]
    public void With_nobody_on_duty_anywhere_the_case_says_so_until_it_is_accepted()
    {
        var story = Story.Begins(Whistle(grid: "g1"), []);
        Assert.True(story.Call.NobodyOnDuty);
        Assert.Equal(["skipped:team", "skipped:community", "nobodyOnDuty:street"], story.LastDetail);
        story.ShiftChangesTo(StreetDesk).Does(new CallCommand.Accept(StreetDesk));
        Assert.False(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void S1_may_be_taken_by_both_desks_from_the_first_second_without_moving_the_ladder()
    {
        var story = Story.Begins(Whistle("01", "g1"));
        Assert.Equal(Rung.Team, story.Call.Rung);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Accept(Desk(1)), story.World));
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Accept(StreetDesk), story.World));
        story.IsRefused(new CallCommand.Accept(Desk(2)), Refusal.WrongTeam);
    }

    [Fact]
    public void A_lapsed_accept_rings_the_communitys_other_teams_on_duty_and_its_desk()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(1), Worker(3), Head(2), Worker(4), Desk(1), StreetDesk]);
        story.ReachesDueOf("accept");
        Assert.Equal(Rung.Team, story.Call.Rung);
        story.Passes(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1), Team(3)], story.Call.Ringing);
        Assert.Equal(["climbed:community"], story.LastDetail);
        Assert.True(story.Answer("accept").Clock.Breached);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Accept(Worker(1)), story.World));
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Accept(Worker(3)), story.World));
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Accept(Desk(1)), story.World));
        story.IsRefused(new CallCommand.Accept(StreetDesk), Refusal.WrongTeam);
    }

    [Fact]
    public void An_accept_at_twice_its_limit_goes_to_the_street()
    {
        var story = Story.Begins(Whistle("02", "g1")).ReachesDoubleLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal([What.Whistled, What.Warned, What.Lapsed, What.DoubleLapsed], story.Journal.Select(h => h.What));
        story.Does(new CallCommand.Accept(StreetDesk));
    }

    [Fact]
    public void A_lapse_at_a_rung_reached_before_rings_those_who_have_come_on_duty_since()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Desk(1), StreetDesk]);
        story.ShiftChangesTo(Worker(1), Property(3), Desk(1), StreetDesk).ReachesLapseOf("accept");
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1), Team(3)], story.Call.Ringing);
        Assert.Equal(["rang:community"], story.LastDetail);
        story.Does(new CallCommand.Accept(Worker(1)));
    }

    [Fact]
    public void A_lapse_past_the_last_rung_still_rings_those_who_have_come_on_duty_since()
    {
        var story = Story.Begins(Whistle("02", "g1"), []);
        story.ShiftChangesTo(Worker(1)).ReachesLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal([Team(1)], story.Call.Ringing);
        Assert.False(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void A_lapse_at_a_community_that_has_gone_home_goes_on_to_the_street()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(2), Desk(1), StreetDesk]);
        story.ShiftChangesTo(StreetDesk).ReachesLapseOf("accept");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(["skipped:community", "climbed:street"], story.LastDetail);
    }

    [Fact]
    public void A_lapsed_arrival_gives_the_community_the_lead_with_the_team_attached()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).ReachesLapseOf("arrive");
        Assert.Equal(new CallState.Accepted(new Lead.OfCommunity(C1)), story.State);
        Assert.Equal([Team(1)], story.Call.Attached);
        Assert.Equal([Team(1)], story.Call.Teams);
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal(["climbed:community", "lead:community"], story.LastDetail);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, new CallCommand.Arrive(Desk(1)), story.World));
        story.Does(new CallCommand.Arrive(Worker(1, 2))).Does(new CallCommand.Resolve(Worker(1)));
        Assert.True(story.Answer("arrive").Clock.Breached);
        Assert.Equal(new Lead.OfCommunity(C1), story.Call.Lead);
    }

    [Fact]
    public void A_lapsed_arrival_gives_the_street_the_lead_where_the_communitys_desk_is_empty()
    {
        var story = Story.Begins(Whistle("02", "g1"), Everybody.Remove(Desk(1))).IsAcceptedBy(Worker(1)).ReachesLapseOf("arrive");
        Assert.Equal(new CallState.Accepted(new Lead.OfStreet()), story.State);
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.False(story.Call.NobodyOnDuty);
        Assert.Equal(["skipped:communityDesk", "climbed:street", "lead:street"], story.LastDetail);
        story.IsRefused(new CallCommand.Arrive(Desk(1)), Refusal.WrongTeam);
        story.Does(new CallCommand.Arrive(StreetDesk));
    }

    [Fact]
    public void A_lead_that_falls_to_an_empty_street_says_that_nobody_is_on_duty()
    {
        var story = Story.Begins(Whistle("02", "g1"), [Worker(1)]).ReachesDoubleLapseOf("accept");
        Assert.True(story.Call.NobodyOnDuty);
        story.IsAcceptedBy(Worker(1));
        Assert.False(story.Call.NobodyOnDuty);
        story.ReachesLapseOf("arrive");
        Assert.IsType<Lead.OfStreet>(story.Call.Lead);
        Assert.True(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void An_arrival_at_twice_its_limit_goes_to_the_street()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).ReachesDoubleLapseOf("arrive");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(new Lead.OfCommunity(C1), story.Call.Lead);
    }

    [Fact]
    public void A_team_that_took_the_case_after_its_arrival_had_lapsed_gives_up_the_lead_at_twice_the_limit()
    {
        var story = Story.Begins(Whistle("02", "g1")).ReachesLapseOf("arrive");
        Assert.IsType<CallState.Ringing>(story.State);
        story.IsAcceptedBy(Worker(1)).ReachesDoubleLapseOf("arrive");
        Assert.Equal(new CallState.Accepted(new Lead.OfCommunity(C1)), story.State);
        Assert.Equal([Team(1)], story.Call.Attached);
    }

    [Fact]
    public void A_desk_that_leads_and_does_not_arrive_is_reported_to_the_street_and_keeps_the_lead()
    {
        var story = Story.Begins(Whistle("01", "g1")).IsAcceptedBy(Desk(1)).ReachesLapseOf("arrive");
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(new CallState.Accepted(new Lead.OfCommunity(C1)), story.State);
        Assert.Empty(story.Call.Attached);
    }

    [Fact]
    public void A_lapsed_resolve_is_supervised_by_the_street_and_the_team_goes_on()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsOnSceneWith(Worker(1)).ReachesLapseOf("resolve");
        Assert.True(story.Call.Supervised);
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(["supervised", "climbed:street"], story.LastDetail);
        Assert.IsType<Lead.OfTeam>(story.Call.Lead);
        story.Does(new CallCommand.Resolve(Worker(1)));
        Assert.True(story.Call.Supervised);
        Assert.True(story.Answer("resolve").Clock.Breached);
    }

    [Fact]
    public void A_lapsed_verification_climbs_to_the_community_and_then_to_the_street()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsResolvedBy(Worker(1));
        var verify = Assert.IsType<CallState.Resolved>(story.State).Verify;
        story.Reaches(verify.Due);
        Assert.Equal(Rung.Team, story.Call.Rung);
        story.Passes(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(1)], story.Call.Ringing);
        story.Reaches(verify.DoubleAt.AddMilliseconds(1));
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(3, story.Journal.Count(h => h.Answer == Life.VerifyKey));
        story.Does(new CallCommand.Verify(Worker(1, 2), Passed: true));
    }

    [Fact]
    public void A_lapsed_verification_skips_a_community_whose_desk_is_empty_because_no_team_is_rung_then()
    {
        var story = Story.Begins(Whistle("02", "g1"), Everybody.Remove(Desk(1))).IsResolvedBy(Worker(1));
        story.Reaches(((CallState.Resolved)story.State).Verify.Due.AddMilliseconds(1));
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(["skipped:community", "climbed:street"], story.LastDetail);
    }

    [Fact]
    public void A_lapsed_evaluation_closes_the_case_unrated_and_never_as_satisfied()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsVerified(Worker(1), Worker(2));
        story.Reaches(((CallState.Verified)story.State).Evaluate.Due);
        Assert.False(story.Call.IsOver);
        story.Passes(TimeSpan.FromMilliseconds(1));
        Assert.IsType<Ending.Unrated>(Assert.IsType<CallState.Closed>(story.State).Ending);
        Assert.Equal(What.Closed, story.Journal[^1].What);
        Assert.Equal(["unrated"], story.LastDetail);
        Assert.Null(story.Call.NextDue);
        story.IsRefused(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied), Refusal.Over);
    }

    [Fact]
    public void Danger_raises_any_category_to_S1()
    {
        foreach (var category in DefaultPolicy.Categories)
        {
            var call = Story.Begins(Whistle(category.Code, danger: true)).Call;
            Assert.Equal(Level.S1, call.Level);
            Assert.Equal(TimeSpan.FromMinutes(3), call.Owed(AnswerKind.Accept)!.Clock.Due - call.OpenedAt);
            Assert.True(call.Danger);
        }
    }
}
