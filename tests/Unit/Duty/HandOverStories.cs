using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Duty;

/// <summary>交接班, as the case decides it.</summary>
public sealed class HandOverStories
{
    [Fact]
    public void What_somebody_has_in_hand_goes_on_to_the_next_of_the_team_of_the_same_kind_first()
    {
        var story = Story.Begins(Whistle()).IsOnSceneWith(Worker(1)).ShiftChangesTo(Police(1), Worker(1, 3), Desk(1)).Does(new CallCommand.ShiftChange());
        Assert.Equal(new CallState.OnScene(new Lead.OfTeam(Team(1), C1, PostKind.GridWorker, Worker(1, 3).Id)), story.State);
        Assert.Equal([$"to:{Worker(1, 3).Id}"], Details.Texts(story.Last(What.HandedOver).Detail));
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.ShiftChange()));
    }

    [Fact]
    public void With_nobody_next_it_goes_up_the_ladder_at_once_and_the_team_stays_attached()
    {
        var story = Story.Begins(Whistle()).IsAcceptedBy(Worker(1)).ShiftChangesTo(Head(1), Desk(1), StreetDesk).Does(new CallCommand.ShiftChange());
        Assert.Equal(new CallState.Accepted(new Lead.OfCommunity(C1)), story.State);
        Assert.Equal([Team(1)], story.Call.Attached);
        Assert.Equal(["skipped:team", "climbed:community", "lead:community"], story.LastDetail);
        story.ShiftChangesTo(StreetDesk).Does(new CallCommand.ShiftChange()); // the community's desk goes home too
        Assert.Equal(new CallState.Accepted(new Lead.OfStreet()), story.State);
    }

    [Fact]
    public void Who_accepted_may_finish_after_it_has_gone_on_and_so_may_who_has_it_now()
    {
        var story = Story.Begins(Whistle()).IsOnSceneWith(Worker(1)).ShiftChangesTo(Desk(1)).Does(new CallCommand.ShiftChange());
        Assert.IsType<Lead.OfCommunity>(story.Call.Lead);
        story.IsRefused(new CallCommand.Resolve(Worker(1, 2)), Refusal.NotOnDuty);
        story.Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void Property_that_is_recused_is_never_next() => Assert.Equal(
        new CallState.Accepted(new Lead.OfCommunity(C1)),
        Story.Begins(Whistle(hide: true)).IsAcceptedBy(Worker(1)).ShiftChangesTo(Property(1), Desk(1)).Does(new CallCommand.ShiftChange()).State);

    [Fact]
    public void With_nobody_anywhere_it_says_so_and_says_so_no_longer_when_somebody_comes()
    {
        var story = Story.Begins(Whistle()).IsAcceptedBy(Worker(1)).ShiftChangesTo().Does(new CallCommand.ShiftChange());
        Assert.True(story.Call.NobodyOnDuty);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.ShiftChange()));
        story.ShiftChangesTo(StreetDesk).Does(new CallCommand.ShiftChange());
        Assert.False(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void A_person_of_two_teams_who_took_part_by_one_post_cannot_verify_by_the_other()
    {
        var other = Worker(2) with { Also = [Worker(1).Id] };
        Story.Begins(Whistle()).IsResolvedBy(Worker(1)).IsRefused(new CallCommand.Verify(other, Passed: true), Refusal.TookPart);
    }
}
