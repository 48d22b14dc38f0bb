using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>剔除: a breach that is nobody's fault leaves the score, never the record.</summary>
public sealed class ExemptionStories
{
    private static CallCommand.AskExemption Ask(Post by, string answer = "accept") => new(by, answer, ExemptionReason.OutsideCause);

    private static CallCommand.RuleExemption Rule(Post by, bool granted = true) => new(by, "accept", granted);

    private static Story Late() => Story.Begins(Whistle("08", "g1")).ReachesLapseOf("accept").IsOnSceneWith(Worker(1));

    [Fact]
    public void The_street_rules_on_what_a_team_or_its_community_asked_and_the_breach_stays_on_record()
    {
        foreach (var asker in new[] { Worker(1), Desk(1) })
        {
            var story = Late().Does(Ask(asker));
            story.IsRefused(Rule(Desk(1)), Refusal.NotEntitled);
            story.IsRefused(Rule(Worker(1)), Refusal.NotEntitled);
            story.Does(Rule(StreetDesk));
            Assert.Equal(["answer:accept", "reason:outsideCause"], Details.Texts(story.Last(What.Exempted).Detail));
            Assert.True(story.Answer("accept").Clock.Breached);
        }
    }

    [Fact]
    public void Only_what_was_late_is_asked_about_and_once()
    {
        var story = Late();
        story.IsRefused(Ask(Worker(1), "arrive"), Refusal.NotBreached);
        story.IsRefused(Ask(Worker(1), "nothing"), Refusal.NoSuchAnswer);
        story.IsRefused(Rule(StreetDesk), Refusal.NothingRequested);
        story.Does(Ask(Worker(1))).IsRefused(Ask(Desk(1)), Refusal.AlreadyRequested);
        story.Does(Rule(Leader, granted: false)).IsRefused(Ask(Worker(1)), Refusal.AlreadyRequested);
        Assert.Equal(What.ExemptionDenied, story.Journal[^1].What);
    }

    [Fact]
    public void The_street_a_volunteer_and_strangers_do_not_ask()
    {
        var story = Late();
        foreach (var (by, why) in new[] { (StreetDesk, Refusal.NotEntitled), (Head(1), Refusal.NotEntitled), (Worker(4), Refusal.WrongTeam), (Desk(2), Refusal.WrongTeam) })
            story.IsRefused(Ask(by), why);
    }

    [Fact]
    public void It_is_asked_and_ruled_when_the_case_is_over_too_and_no_clock_runs_for_it()
    {
        var story = Late().Does(new CallCommand.Resolve(Worker(1))).Does(new CallCommand.Verify(Worker(2), Passed: true)).Does(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied));
        story.Does(Ask(Worker(1)));
        Assert.Null(story.Call.NextDue);
        story.Passes(TimeSpan.FromDays(20)).Does(Rule(Leader));
        Assert.IsType<CallState.Closed>(story.State);
    }
}
