using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>核查 by somebody else, 评价 by the caller, and what happens when either says no.</summary>
public sealed class ReopeningStories
{
    private static readonly CallCommand NotSolved = new CallCommand.Evaluate(Solved: false, Satisfaction.Dissatisfied);

    [Fact]
    public void Not_solved_reopens_to_the_same_lead_with_a_fresh_resolve_clock()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsVerified(Worker(1), Worker(2)).Passes(TimeSpan.FromDays(2)).Does(NotSolved);
        Assert.Equal(Team(1), Assert.IsType<Lead.OfTeam>(Assert.IsType<CallState.OnScene>(story.State).Lead).Team);
        Assert.Equal(["notSolved", "satisfaction:dissatisfied"], story.LastDetail);
        Assert.Equal(1, story.Call.Reopened);
        Assert.Equal(Rung.Team, story.Call.Rung);
        var fresh = story.Answer("resolve2");
        Assert.Equal((AnswerKind.Resolve, "lead", true, null), (fresh.Kind, fresh.Party, fresh.Required, fresh.Met));
        Assert.Equal((story.Now, story.Now.AddHours(24)), (fresh.Clock.From, fresh.Clock.Due));
        Assert.NotNull(story.Answer("resolve").Met);
        story.Does(new CallCommand.Resolve(Worker(1)));
        Assert.NotNull(story.Answer("resolve2").Met);
    }

    [Fact]
    public void The_first_breach_stays_on_record()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsOnSceneWith(Worker(1)).ReachesLapseOf("resolve").Does(new CallCommand.Resolve(Worker(1)));
        story.Does(new CallCommand.Verify(Worker(2), Passed: true)).Does(NotSolved);
        Assert.True(story.Answer("resolve").Clock.Breached);
        Assert.False(story.Answer("resolve2").Clock.Breached);
        Assert.True(story.Call.Supervised);
    }

    [Fact]
    public void A_second_reopening_goes_a_tier_up()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsVerified(Worker(1), Worker(2)).Does(NotSolved);
        story.Does(new CallCommand.Resolve(Worker(1))).Does(new CallCommand.Verify(Worker(3), Passed: true)).Does(NotSolved);
        Assert.Equal(new CallState.OnScene(new Lead.OfCommunity(C1)), story.State);
        Assert.Equal([Team(1)], story.Call.Attached);
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal(["notSolved", "satisfaction:dissatisfied", "climbed:community", "lead:community"], story.LastDetail);
        Assert.Equal(["accept", "arrive", "resolve", "resolve2", "resolve3"], story.Call.Answers.Select(a => a.Key));
        story.Does(new CallCommand.Resolve(Desk(1))).Does(new CallCommand.Verify(Worker(1, 2), Passed: true)).Does(NotSolved);
        Assert.Equal(Rung.Street, story.Call.Rung);
        Assert.Equal(3, story.Call.Reopened);
    }

    [Fact]
    public void A_second_reopening_goes_to_the_street_where_the_communitys_desk_is_empty()
    {
        var story = Story.Begins(Whistle("02", "g1"), Everybody.Remove(Desk(1))).IsVerified(Worker(1), Worker(2)).Does(NotSolved);
        story.Does(new CallCommand.Resolve(Worker(1))).Does(new CallCommand.Verify(Worker(3), Passed: true)).Does(NotSolved);
        Assert.Equal(new CallState.OnScene(new Lead.OfStreet()), story.State);
        Assert.Equal(Rung.Street, story.Call.Rung);
    }

    [Fact]
    public void A_verification_that_fails_goes_back_to_the_scene_and_owes_a_resolve_anew()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsResolvedBy(Worker(1)).Passes(TimeSpan.FromHours(3));
        story.Does(new CallCommand.Verify(Worker(2), Passed: false));
        Assert.IsType<Lead.OfTeam>(Assert.IsType<CallState.OnScene>(story.State).Lead);
        Assert.Equal(What.Rejected, story.Journal[^1].What);
        Assert.Equal((1, 0), (story.Call.Rejected, story.Call.Reopened));
        Assert.Equal(story.Now.AddHours(24), story.Answer("resolve2").Clock.Due);
        story.Does(new CallCommand.Resolve(Worker(1, 2)));
        Assert.Equal(story.Now, Assert.IsType<CallState.Resolved>(story.State).Verify.From);
    }

    [Fact]
    public void Nobody_verifies_who_took_part()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1));
        story.Does(new CallCommand.Arrive(Worker(1, 2))).Does(new CallCommand.Resolve(Worker(1, 3)));
        foreach (var nth in new[] { 1, 2, 3 }) story.IsRefused(new CallCommand.Verify(Worker(1, nth), Passed: true), Refusal.TookPart);
        story.IsRefused(new CallCommand.Verify(Police(1), Passed: true), Refusal.NotGridWorker);
        story.Does(new CallCommand.Verify(Worker(2), Passed: false)).Does(new CallCommand.Resolve(Worker(1)));
        story.IsRefused(new CallCommand.Verify(Worker(2), Passed: true), Refusal.TookPart);
        story.Does(new CallCommand.Verify(Worker(2, 2), Passed: true));
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Verify(Worker(2, 2), Passed: true)));
    }

    [Theory]
    [InlineData(Satisfaction.Satisfied, "satisfaction:satisfied")]
    [InlineData(Satisfaction.MostlySatisfied, "satisfaction:mostlySatisfied")]
    [InlineData(Satisfaction.Dissatisfied, "satisfaction:dissatisfied")]
    public void Solved_closes_with_the_callers_word_whatever_it_is(Satisfaction word, string detail)
    {
        var story = Story.Begins(Whistle("02", "g1")).IsVerified(Worker(1), Worker(2)).Does(new CallCommand.Evaluate(Solved: true, word));
        Assert.Equal(new Ending.Rated(word), Assert.IsType<CallState.Closed>(story.State).Ending);
        Assert.Equal(["solved", detail], story.LastDetail);
        Assert.Null(story.Call.NextDue);
    }

    [Fact]
    public void A_caller_may_take_it_back_until_it_is_resolved()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsOnSceneWith(Worker(1)).Does(new CallCommand.Withdraw());
        Assert.True(story.Call.IsOver);
        Assert.Null(story.Call.NextDue);
        Assert.Null(story.Call.Lead);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Withdraw()));
        Story.Begins(Whistle("02", "g1")).IsResolvedBy(Worker(1)).IsRefused(new CallCommand.Withdraw(), Refusal.OutOfTurn);
    }
}
