using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>Who may see a case, step by step.</summary>
public sealed class AudienceTests
{
    [Fact]
    public void A_ringing_case_is_seen_by_the_rung_team_the_communitys_desk_and_the_street()
    {
        var story = Story.Begins(Whistle(grid: "g1"));
        Assert.Equal(TeamOf(1).Append(Desk(1)).Append(StreetDesk).Append(Leader), Seeing(story));
    }

    [Fact]
    public void An_accepted_case_leaves_the_sight_of_teams_that_were_only_rung()
    {
        var story = Story.Begins(Whistle(grid: "g12"));
        Assert.Contains(Worker(2), Seeing(story));
        story.IsAcceptedBy(Worker(1));
        Assert.Equal(TeamOf(1).Append(Desk(1)).Append(StreetDesk).Append(Leader), Seeing(story));
    }

    [Fact]
    public void A_case_that_awaits_verification_is_seen_by_every_grid_worker_of_its_community()
    {
        var story = Story.Begins(Whistle(grid: "g1")).IsResolvedBy(Worker(1));
        var workers = Everybody.Where(post => post.Kind == PostKind.GridWorker && post.Community == C1 && post.Team != Team(1));
        Assert.Equal([.. TeamOf(1), .. workers, Desk(1), StreetDesk, Leader], Seeing(story));
        story.Does(new CallCommand.Verify(Worker(2), Passed: true));
        Assert.DoesNotContain(Worker(2), Seeing(story));
    }

    [Fact]
    public void A_team_whose_lead_was_taken_over_keeps_seeing_the_case()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).ReachesLapseOf("arrive");
        Assert.Contains(Worker(1), Seeing(story));
    }

    [Fact]
    public void A_team_that_handed_the_case_back_no_longer_sees_it()
    {
        var story = Story.Begins(Whistle("02", "g1")).IsAcceptedBy(Worker(1)).Does(new CallCommand.Return(Worker(1), ReturnReason.NoPower));
        Assert.DoesNotContain(Worker(1), Seeing(story));
        Assert.Contains(Worker(2), Seeing(story));
    }

    [Fact]
    public void Two_audiences_are_the_same_when_the_same_people_see_the_case()
    {
        var story = Story.Begins(Whistle("02", "g1"));
        var before = story.Call.Audience;
        story.Does(new CallCommand.Note(null));
        Assert.True(before.SameAs(story.Call.Audience));
        story.IsResolvedBy(Worker(1));
        Assert.False(before.SameAs(story.Call.Audience));
        Assert.False(before.SameAs(Story.Begins(Whistle("23", "g1")).Call.Audience));
        Assert.False(before.SameAs(Story.Begins(Whistle("02", "g12")).Call.Audience));
    }

    private static IEnumerable<Post> TeamOf(int n) => Everybody.Where(post => post.Team == Team(n));

    private static IEnumerable<Post> Seeing(Story story) => Everybody.Where(story.Call.Audience.Includes);

    [Fact]
    public void Withdrawing_shows_an_accepted_case_to_nobody_new()
    {
        var story = Story.Begins(Whistle("02", "g1")).ReachesLapseOf("accept").IsAcceptedBy(Worker(1)).Does(new CallCommand.Withdraw());
        Assert.True(story.Call.Audience.Includes(Worker(1)));
        Assert.False(story.Call.Audience.Includes(Worker(2)));
    }
}
