using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Whistles;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>二次吹哨: who calls a party to a case, what the party owes from then on, and who may stop waiting for it.</summary>
public sealed class SummonStories
{
    private const string Gas = "party-gas";

    [Fact]
    public void A_called_party_owes_an_answer_of_its_own_on_the_clock_of_an_arrival()
    {
        var story = Led().Passes(TimeSpan.FromMinutes(7)).Does(new CallCommand.Summon(Worker(1), "gas"));
        var answer = story.Answer(Gas);
        Assert.Equal((AnswerKind.Attend, "gas", true, true), (answer.Kind, answer.Party, answer.Required, answer.IsOwed));
        Assert.Equal(Clock.Start(Calendar, story.Now, story.Policy.AttendLimit(Level.S3), story.Policy.WarnFraction), answer.Clock);
        Assert.Equal(["answer:party-gas", "party:gas"], story.LastDetail);
        Assert.Equal(Worker(1).Id, story.Last(What.Summoned).By);
        story.Does(new CallCommand.Summon(Desk(1), "water"));
        Assert.Contains(Desk(1).Id, story.Call.TookPart);
        story.IsRefused(new CallCommand.Resolve(Worker(1)), Refusal.AnswersOwed);
    }

    [Fact]
    public void No_party_is_called_while_the_case_is_suspended()
    {
        var story = Suspended();
        story.IsRefused(new CallCommand.Summon(Worker(1), "gas"), Refusal.Suspended);
        story.Does(new CallCommand.Resume(Worker(1))).Does(new CallCommand.Summon(Worker(1), "gas"));
    }

    [Fact]
    public void Only_a_listed_party_is_called_and_none_twice_while_it_owes_an_answer()
    {
        var story = Led();
        story.IsRefused(new CallCommand.Summon(Worker(1), "nobody"), Refusal.UnknownParty);
        story.Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Summon(Worker(1), "water"));
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Summon(Worker(1), "gas")));
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Summon(Desk(1), "water")));
    }

    [Fact]
    public void A_party_that_has_answered_is_called_again_under_another_key()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Attend(null, Gas)).Does(new CallCommand.Summon(Worker(1), "water")).Does(new CallCommand.Summon(Worker(1), "gas"));
        Assert.True(story.Answer("party-gas-2").IsOwed);
        Assert.Equal("gas", story.Answer("party-gas-2").Party);
        Assert.False(story.Answer(Gas).IsOwed);
        story.Does(new CallCommand.Release(Worker(1), "party-gas-2")).Does(new CallCommand.Summon(Worker(1), "gas"));
        Assert.True(story.Answer("party-gas-3").IsOwed);
    }

    [Fact]
    public void A_case_calls_twelve_times_and_no_more()
    {
        var story = Led();
        foreach (var party in story.Policy.Parties.Take(Summons.Limit - 1)) story.Does(new CallCommand.Summon(Worker(1), party.Code)).Does(new CallCommand.Attend(null, $"party-{party.Code}"));
        story.Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Attend(null, "party-gas-2"));
        Assert.Equal(12, story.Call.Answers.Count(a => a.Kind == AnswerKind.Attend));
        story.IsRefused(new CallCommand.Summon(Worker(1), "gas"), Refusal.OutOfBounds);
    }

    [Fact]
    public void The_lead_or_a_desk_above_calls_and_nobody_else()
    {
        var story = Led();
        story.IsRefused(new CallCommand.Summon(Worker(4), "gas"), Refusal.WrongTeam);
        story.IsRefused(new CallCommand.Summon(Desk(2), "gas"), Refusal.WrongTeam);
        story.ShiftChangesTo(Worker(1)).IsRefused(new CallCommand.Summon(Desk(1), "gas"), Refusal.NotOnDuty);
        story.ShiftChangesTo(Everybody).Does(new CallCommand.Summon(StreetDesk, "gas"));
    }

    [Fact]
    public void A_party_attends_once_and_its_link_or_the_desk_that_recorded_it_stands_behind_it()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Summon(Worker(1), "water")).Passes(TimeSpan.FromMinutes(3)).Does(new CallCommand.Attend(null, Gas));
        Assert.Equal(new Met(story.Now, new(Gas)), story.Answer(Gas).Met);
        Assert.Equal(["answer:party-gas", "party:gas"], story.LastDetail);
        Assert.Equal(Gas, story.Last(What.Attended).By!.Value.Value);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Attend(null, Gas)));
        story.IsRefused(new CallCommand.Attend(null, "party-power"), Refusal.NoSuchAnswer);
        story.IsRefused(new CallCommand.Attend(null, "resolve"), Refusal.NoSuchAnswer);
        story.IsRefused(new CallCommand.Attend(Worker(1), "party-water"), Refusal.NotEntitled);
        story.Does(new CallCommand.Attend(Desk(1), "party-water"));
        Assert.Equal(Desk(1).Id, story.Answer("party-water").Met!.Value.By);
    }

    [Fact]
    public void A_party_said_so_after_the_whistle_to_the_minute_and_not_in_the_future()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Passes(TimeSpan.FromMinutes(5));
        CallCommand Said(DateTimeOffset at) => new CallCommand.Attend(Desk(1), Gas) { SaidAt = at };
        story.IsRefused(Said(story.Call.OpenedAt.AddMinutes(-1)), Refusal.OutOfBounds);
        story.IsRefused(Said(story.Now.AddMilliseconds(1)), Refusal.OutOfBounds);
        Assert.IsType<Decision.Moved>(Life.Decide(story.Call, Said(story.Call.OpenedAt.AddMinutes(-1).AddMilliseconds(1)), story.World));
        story.Does(Said(story.Now));
        Assert.Contains(new Detail.Said(story.Now), story.Journal[^1].Detail);
    }

    [Fact]
    public void Whoever_is_done_has_come()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Summon(Worker(1), "water")).Does(new CallCommand.Attend(Desk(1), "party-water"));
        var attended = story.Answer("party-water").Met;
        story.Passes(TimeSpan.FromMinutes(9)).Does(new CallCommand.Finish(Gas)).Does(new CallCommand.Finish("party-water"));
        Assert.Equal((new Met(story.Now, new(Gas)), story.Now), (story.Answer(Gas).Met!.Value, story.Answer(Gas).Done!.Value));
        Assert.Equal((attended, story.Now), (story.Answer("party-water").Met, story.Answer("party-water").Done!.Value));
        Assert.Equal("party-water", story.Last(What.Finished).By!.Value.Value);
        Assert.Equal(["answer:party-water", "party:water"], story.LastDetail);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Finish(Gas)));
        story.IsRefused(new CallCommand.Finish("party-power"), Refusal.NoSuchAnswer);
        story.Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void Whoever_says_not_ours_still_owes_until_it_comes_or_is_released()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Summon(Worker(1), "water")).Does(new CallCommand.Disclaim(Gas)).Does(new CallCommand.Disclaim("party-water"));
        Assert.True(story.Answer(Gas) is { Disclaimed: true, IsOwed: true });
        Assert.Equal("party-water", story.Last(What.Disclaimed).By!.Value.Value);
        Assert.Equal(["answer:party-water", "party:water"], story.LastDetail);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Disclaim(Gas)));
        story.IsRefused(new CallCommand.Resolve(Worker(1)), Refusal.AnswersOwed);
        story.IsRefused(new CallCommand.Disclaim("resolve"), Refusal.NoSuchAnswer);
        story.Does(new CallCommand.Attend(null, Gas)).Does(new CallCommand.Finish("party-water"));
        Assert.False(story.Answer(Gas).Disclaimed);
        Assert.False(story.Answer("party-water").Disclaimed);
        story.IsRefused(new CallCommand.Disclaim(Gas), Refusal.OutOfTurn);
    }

    [Fact]
    public void A_released_party_answers_no_more()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Release(Worker(1), Gas));
        Assert.True(story.Answer(Gas) is { Released: true, Required: false, IsOwed: false, Met: null });
        Assert.Equal(["answer:party-gas", "party:gas"], story.LastDetail);
        story.IsRefused(new CallCommand.Attend(null, Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Attend(Desk(1), Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Finish(Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Disclaim(Gas), Refusal.OutOfTurn);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Release(Desk(1), Gas)));
        story.Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void Only_an_answer_that_is_owed_to_the_case_by_a_party_is_released()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Attend(null, Gas));
        story.IsRefused(new CallCommand.Release(Worker(1), Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Release(Worker(1), "resolve"), Refusal.NoSuchAnswer);
        story.IsRefused(new CallCommand.Release(Worker(4), Gas), Refusal.WrongTeam);
    }

    [Fact]
    public void A_team_does_not_release_the_desk_above_it()
    {
        var limits = DefaultPolicy.Limits.ToImmutableDictionary(l => l.Key, l => l.Value.Add("heard", new Span(ClockKind.Continuous, TimeSpan.FromDays(30))));
        var policy = DefaultPolicy with { Pack = DefaultPolicy.Pack.Add(new AnswerRule("heard", AnswerKind.Acknowledge, "communityDesk", Required: true)), Limits = limits };
        var story = Story.Begins(Whistle(), policy: policy).IsOnSceneWith(Worker(1));
        story.IsRefused(new CallCommand.Release(Worker(1), "heard"), Refusal.NotEntitled);
        story.Does(new CallCommand.Release(StreetDesk, "heard"));
    }

    [Fact]
    public void A_link_opened_too_late_says_whether_the_party_had_answered()
    {
        var story = Led().Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Attend(null, Gas)).Does(new CallCommand.Summon(Worker(1), "water")).Does(new CallCommand.Release(Worker(1), "party-water")).Does(new CallCommand.Resolve(Worker(1)));
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Attend(null, Gas)));
        story.IsRefused(new CallCommand.Attend(null, "party-water"), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Finish(Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Disclaim(Gas), Refusal.OutOfTurn);
        story.IsRefused(new CallCommand.Finish("party-power"), Refusal.NoSuchAnswer);
        story.IsRefused(new CallCommand.Finish("resolve"), Refusal.NoSuchAnswer);
        story.Does(new CallCommand.Verify(Worker(1, 2), Passed: true)).Does(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied));
        story.IsRefused(new CallCommand.Finish(Gas), Refusal.Over);
    }

    [Fact]
    public void A_page_offers_to_call_a_party_as_long_as_one_can_be_called()
    {
        var story = Led();
        foreach (var party in story.Policy.Parties.Take(Summons.Limit))
        {
            Assert.Contains("summon", Offered(story));
            story.Does(new CallCommand.Summon(Worker(1), party.Code));
        }

        Assert.DoesNotContain("summon", Offered(story));
    }

    [Fact]
    public void A_page_offers_to_release_or_record_only_whoever_still_owes()
    {
        var story = Led();
        Assert.DoesNotContain("release", Offered(story));
        story.Does(new CallCommand.Summon(Worker(1), "gas")).Does(new CallCommand.Summon(Worker(1), "water")).Does(new CallCommand.Attend(null, Gas));
        Assert.Equal<CallCommand>([new CallCommand.Release(Worker(1), "party-water")], Verbs.Release.Allowed(new Chance(story.Call, Worker(1), story.World)));
        Assert.Equal<CallCommand>([new CallCommand.Attend(Desk(1), "party-water")], Verbs.Attend.Allowed(new Chance(story.Call, Desk(1), story.World)));
        story.Does(new CallCommand.Release(Worker(1), "party-water"));
        Assert.DoesNotContain("release", Offered(story));
        Assert.Empty(Verbs.Attend.Allowed(new Chance(story.Call, Desk(1), story.World)));
    }

    [Fact]
    public void A_desk_is_offered_to_send_another_team_than_the_one_that_leads()
    {
        var story = Led();
        Assert.Equal<CallCommand>([new CallCommand.Designate(Desk(1), Team(2))], Verbs.Designate.Allowed(new Chance(story.Call, Desk(1), story.World)));
        story.Does(new CallCommand.Designate(Desk(1), Team(2)));
        Assert.Equal<CallCommand>([new CallCommand.Designate(Desk(1), Team(1))], Verbs.Designate.Allowed(new Chance(story.Call, Desk(1), story.World)));
        story.ShiftChangesTo(Worker(1), Worker(4), Desk(1), StreetDesk).Does(new CallCommand.Designate(Desk(1), Team(1)));
        Assert.Empty(Verbs.Designate.Allowed(new Chance(story.Call, Desk(1), story.World)));
        Assert.Equal<CallCommand>([new CallCommand.Designate(StreetDesk, Team(4))], Verbs.Designate.Allowed(new Chance(story.Call, StreetDesk, story.World)));
    }

    private static List<string> Offered(Story story) => [.. Verbs.OfferedTo(new Chance(story.Call, Worker(1), story.World))];

    private static Story Led() => Story.Begins(Whistle()).IsOnSceneWith(Worker(1));

    private static Story Suspended() => Led().Does(new CallCommand.Request(Worker(1), PetitionKind.Suspension, Until: At("2026-11-05 09:00"))).Does(new CallCommand.Rule(Desk(1), PetitionKind.Suspension, Granted: true));
}
