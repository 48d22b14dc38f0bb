using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Whistles;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>Nobody verifies, calls back or evaluates what they reported or handled; who only looks on may.</summary>
public sealed class OwnWorkStories
{
    [Theory]
    [InlineData(Source.Phone)]
    [InlineData(Source.Counter)]
    [InlineData(Source.Patrol)]
    [InlineData(Source.Child)]
    [InlineData(Source.Informant)]
    public void Whoever_reported_a_case_does_not_verify_it(Source source)
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = source, By = Worker(2) }).IsResolvedBy(Worker(1));
        story.IsRefused(new CallCommand.Verify(Worker(2), Passed: true), Refusal.TookPart);
        Assert.DoesNotContain("verify", Verbs.OfferedTo(new(story.Call, Worker(2), story.World)));
        Assert.Contains("verify", Verbs.OfferedTo(new(story.Call, Worker(2, 2), story.World)));
    }

    /// <summary>Whoever looks out for the street took the report in for nobody: its caller's contact is the community's desk, as for a whistle from a page.</summary>
    [Fact]
    public void Whoever_reports_by_a_personal_link_is_told_does_not_rate_and_guides_nobody()
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = Source.Informant, By = Worker(2) });
        Assert.Equal((null, 0, false), (story.Call.Guide, story.Call.Guides.Length, story.Call.HasCaller));
        story.IsResolvedBy(Worker(1)).Does(new CallCommand.TellCaller(Worker(1))).Does(new CallCommand.Verify(Worker(2, 2), Passed: true));
        story.IsRefused(new CallCommand.Evaluate(true, Satisfaction.Satisfied), Refusal.NoCaller);
    }

    [Fact]
    public void A_person_with_two_posts_does_not_verify_by_the_one_what_was_reported_by_the_other()
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = Source.Patrol, By = Worker(2) }).IsResolvedBy(Worker(1));
        story.IsRefused(new CallCommand.Verify(Worker(3) with { Also = [Worker(2).Id] }, Passed: true), Refusal.TookPart);
    }

    [Fact]
    public void Whoever_reported_the_same_matter_in_a_whistle_that_was_merged_does_not_verify_it_either()
    {
        var story = Story.Begins(Whistle("02", "g1")).Does(new CallCommand.Absorb(null, new CallNo("WH-00000004"), Level.S3, Leaves: false) { Reporter = Worker(2).Id }).IsResolvedBy(Worker(1));
        story.IsRefused(new CallCommand.Verify(Worker(2), Passed: true), Refusal.TookPart);
        story.Does(new CallCommand.Verify(Worker(2, 2), Passed: true));
    }

    [Fact]
    public void A_grid_worker_of_another_community_verifies_only_if_its_own_have_nobody_left_who_took_no_part()
    {
        var own = Everybody.Where(p => p.Kind == Domain.Duty.PostKind.GridWorker && p.Community == Worker(1).Community && p.Id != Worker(1).Id).ToList();
        var far = Everybody.First(p => p.Kind == Domain.Duty.PostKind.GridWorker && p.Community != Worker(1).Community);
        var story = Story.Begins(Whistle("02", "g1")).IsResolvedBy(Worker(1));
        story.IsRefused(new CallCommand.Verify(far, Passed: true), Refusal.WrongTeam);
        story.IsRefused(new CallCommand.Recuse(far), Refusal.WrongTeam);
        story.Loses(own.Skip(1)).IsRefused(new CallCommand.Verify(far, Passed: true), Refusal.WrongTeam);
        story.Loses(own).Does(new CallCommand.Verify(far, Passed: true));
    }

    [Fact]
    public void A_desk_that_wrote_a_call_down_does_not_call_back()
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = Source.Phone, By = Desk(1) }).IsResolvedBy(Worker(1)).Does(new CallCommand.Verify(Worker(2), Passed: true));
        story.IsRefused(new CallCommand.Callback(Desk(1), CallbackResult.NoAnswer, null, null), Refusal.TookPart);
        Assert.DoesNotContain("callback", Verbs.OfferedTo(new(story.Call, Desk(1), story.World)));
        Assert.Contains("callback", Verbs.OfferedTo(new(story.Call, StreetDesk, story.World)));
    }

    [Fact]
    public void The_callers_code_does_not_evaluate_where_whoever_has_part_in_the_case_is_signed_in()
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = Source.Phone, By = Desk(1) }).IsResolvedBy(Worker(1)).Does(new CallCommand.Verify(Worker(2), Passed: true));
        foreach (var part in new[] { Desk(1), Worker(1), Worker(2) })
            story.IsRefused(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied) { SignedIn = part }, Refusal.TookPart);
        story.Does(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied) { SignedIn = Worker(4) });
        Assert.IsType<Ending.Rated>(Assert.IsType<CallState.Closed>(story.State).Ending);
    }

    [Fact]
    public void What_was_seen_on_the_round_is_evaluated_by_nobody()
    {
        var story = Story.Begins(Whistle("02", "g1") with { Source = Source.Patrol, By = Worker(2) }).IsResolvedBy(Worker(1)).Does(new CallCommand.Verify(Worker(2, 2), Passed: true));
        story.IsRefused(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied), Refusal.NoCaller);
        story.Passes(TimeSpan.FromDays(7) + TimeSpan.FromMilliseconds(1));
        Assert.IsType<Ending.Unrated>(Assert.IsType<CallState.Closed>(story.State).Ending);
    }
}
