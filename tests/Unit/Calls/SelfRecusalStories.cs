using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>本人回避: anybody may take themselves out of a case, and then knows nothing more of it.</summary>
public sealed class SelfRecusalStories
{
    [Fact]
    public void Whoever_has_taken_themselves_out_is_told_that_there_is_no_such_case()
    {
        var story = Story.Begins(Whistle("08", "g1")).Does(new CallCommand.Recuse(Police(1)));
        Assert.False(story.Call.Audience.Includes(Police(1)) || story.Call.Rings(Police(1)));
        foreach (var command in new CallCommand[] { new CallCommand.Accept(Police(1)), new CallCommand.Note(Police(1)), new CallCommand.Recuse(Police(1)) })
            story.IsRefused(command, Refusal.NotFound);
        story.IsAcceptedBy(Worker(1));
    }

    [Fact]
    public void A_tier_whose_only_one_on_duty_has_taken_themselves_out_is_skipped_at_once()
    {
        var story = Story.Begins(Whistle("08", "g1"), [Worker(1), Head(1), Desk(1), StreetDesk]).Does(new CallCommand.Recuse(Worker(1)));
        Assert.Equal(["skipped:team", "climbed:community"], story.LastDetail);
        story.Does(new CallCommand.Recuse(Desk(1)));
        Assert.Equal(["skipped:community", "climbed:street"], story.LastDetail);
        story.Does(new CallCommand.Recuse(StreetDesk));
        Assert.True(story.Call.NobodyOnDuty);
    }

    [Fact]
    public void A_lead_who_has_taken_themselves_out_has_it_no_longer_and_the_team_is_rung_again_by_the_same_clocks()
    {
        var story = Story.Begins(Whistle("08", "g1")).IsOnSceneWith(Worker(1));
        var due = story.Answer("resolve").Clock.Due;
        story.Passes(TimeSpan.FromMinutes(5)).Does(new CallCommand.Recuse(Worker(1)));
        Assert.IsType<CallState.Ringing>(story.State);
        Assert.Equal([Team(1)], story.Call.Ringing);
        Assert.Equal(["recused:lead"], story.LastDetail);
        Assert.Equal(due, story.Answer("resolve").Clock.Due);
        story.IsOnSceneWith(Worker(1, 2)).Does(new CallCommand.Resolve(Worker(1, 2)));
        story.IsRefused(new CallCommand.Verify(Worker(1), Passed: true), Refusal.NotFound);
    }

    [Fact]
    public void A_community_whose_desk_has_taken_itself_out_hands_the_lead_to_the_street()
    {
        var story = Story.Begins(Whistle("06", "g1")).IsAcceptedBy(Desk(1)).Does(new CallCommand.Recuse(Desk(1)));
        Assert.IsType<Lead.OfStreet>(story.Call.Lead);
        Assert.Equal(["recused:lead", "lead:street", "climbed:street"], story.LastDetail);
    }

    [Fact]
    public void A_suspension_ends_when_whoever_had_the_case_takes_themselves_out()
    {
        var story = Story.Begins(Whistle("08", "g1")).IsAcceptedBy(Worker(1)).Does(new CallCommand.Request(Worker(1), PetitionKind.Suspension, Until: At("2026-11-04 09:00")));
        story.Does(new CallCommand.Rule(Desk(1), PetitionKind.Suspension, Granted: true)).Does(new CallCommand.Recuse(Worker(1)));
        Assert.Null(story.Call.Suspended);
        Assert.Equal(["resumed", "recused:lead"], story.LastDetail);
    }

    [Fact]
    public void What_goes_on_together_hides_from_whoever_took_themselves_out_of_either()
    {
        var story = Story.Begins(Whistle("08", "g1")).IsAcceptedBy(Worker(1));
        story.Does(new CallCommand.Absorb(Desk(1), new("WH-00000002"), Level.S3, Leaves: false) { Hidden = Recusal.None with { Posts = [Worker(1).Id, Police(1).Id] } });
        Assert.IsType<CallState.Ringing>(story.State);
        Assert.Equal([Worker(1).Id, Police(1).Id], story.Call.Recusal.Posts);
    }
}
