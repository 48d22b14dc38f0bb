using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>Who may take a case and act on it, on duty and off.</summary>
public sealed class AcceptStories
{
    [Fact]
    public void A_building_head_sees_the_card_but_neither_counts_nor_takes_it()
    {
        var story = Story.Begins(Whistle(grid: "g1"), [Head(1), Worker(1)]);
        Assert.True(story.Call.Audience.Includes(Head(1)));
        story.IsRefused(new CallCommand.Accept(Head(1)), Refusal.MayNotAccept);
        story.IsAcceptedBy(Worker(1)).IsRefused(new CallCommand.Arrive(Head(1)), Refusal.MayNotAccept);
        Assert.Equal(Rung.Community, Story.Begins(Whistle(grid: "g1"), [Head(1), Desk(1)]).Call.Rung);
    }

    [Fact]
    public void Who_accepted_may_finish_after_the_shift_a_teammate_may_not()
    {
        var story = Story.Begins(Whistle(grid: "g1")).IsAcceptedBy(Worker(1)).ShiftChangesTo(StreetDesk);
        story.IsRefused(new CallCommand.Arrive(Worker(1, 2)), Refusal.NotOnDuty);
        story.Does(new CallCommand.Arrive(Worker(1))).Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void Who_accepted_may_finish_what_has_been_handed_on_but_gives_no_orders_any_more()
    {
        var story = Story.Begins(Whistle(grid: "g1")).IsAcceptedBy(Worker(1)).ShiftChangesTo(Worker(1, 2), Desk(1)).Does(new CallCommand.ShiftChange());
        Assert.Equal(Worker(1, 2).Id, ((Lead.OfTeam)story.Call.Lead!).Post);
        story.IsRefused(new CallCommand.Return(Worker(1), ReturnReason.Unsafe), Refusal.NotOnDuty);
        story.IsRefused(new CallCommand.Correct(Worker(1), null, Level.S1, null), Refusal.NotEntitled);
        story.IsRefused(new CallCommand.Request(Worker(1), PetitionKind.Decline), Refusal.NotEntitled);
        story.Does(new CallCommand.Arrive(Worker(1))).Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void A_desk_that_accepted_does_nothing_off_duty()
    {
        var story = Story.Begins(Whistle("01", "g1")).IsAcceptedBy(Desk(1)).ShiftChangesTo(StreetDesk);
        story.IsRefused(new CallCommand.Arrive(Desk(1)), Refusal.NotOnDuty);
        story.IsRefused(new CallCommand.Correct(Desk(1), null, Level.S2, null), Refusal.NotOnDuty);
    }

    [Fact]
    public void Somebody_off_duty_neither_accepts_nor_verifies()
    {
        var story = Story.Begins(Whistle(grid: "g1"), Everybody.Remove(Worker(1, 3)));
        story.IsRefused(new CallCommand.Accept(Worker(1, 3)), Refusal.NotOnDuty);
        story.IsResolvedBy(Worker(1)).IsRefused(new CallCommand.Verify(Worker(1, 3), Passed: true), Refusal.NotOnDuty);
        var atDesk = Story.Begins(Whistle("01", "g1"), Everybody.Remove(Desk(1)));
        atDesk.IsRefused(new CallCommand.Accept(Desk(1)), Refusal.NotOnDuty);
    }

    [Fact]
    public void Of_two_who_tap_at_once_one_wins_and_the_other_is_told_who()
    {
        var story = Story.Begins(Whistle(grid: "g12"));
        Assert.Equal([Team(1), Team(2)], story.Call.Ringing);
        story.IsAcceptedBy(Police(2)).IsRefused(new CallCommand.Accept(Worker(1)), Refusal.AlreadyAccepted);
        Assert.Equal(new Lead.OfTeam(Team(2), C1, PostKind.Police, Police(2).Id), story.Call.Lead);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Accept(Police(2))));
    }
}
