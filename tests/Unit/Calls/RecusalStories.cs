using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>回避: a case about a party never rings that party, and that party cannot tell that there is one.</summary>
public sealed class RecusalStories
{
    public static TheoryData<string, bool> Recusing => new() { { "23", false }, { "08", true }, { "23", true } };

    [Theory]
    [MemberData(nameof(Recusing))]
    public void Property_is_told_that_there_is_no_such_case_at_every_step(string category, bool hide)
    {
        var property = Property(1);
        CallCommand[] all =
        [
            new CallCommand.Accept(property), new CallCommand.Arrive(property), new CallCommand.Resolve(property),
            new CallCommand.Return(property, ReturnReason.NoPower), new CallCommand.Acknowledge(property, "any"), new CallCommand.Verify(property, Passed: true), new CallCommand.Note(property),
        ];
        var story = Story.Begins(Whistle(category, "g1", hide: hide));
        void Hidden()
        {
            Assert.False(story.Call.Audience.Includes(property));
            Assert.All(all, command => story.IsRefused(command, Refusal.NotFound));
        }

        Hidden();
        Action[] steps =
        [
            () => story.Does(new CallCommand.Accept(Worker(1))),
            () => story.Does(new CallCommand.Arrive(Worker(1))),
            () => story.Does(new CallCommand.Resolve(Worker(1))),
            () => story.Does(new CallCommand.Verify(Worker(2), Passed: true)),
            () => story.Does(new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied)),
        ];
        foreach (var step in steps)
        {
            step();
            Hidden();
        }

        Assert.True(story.Call.IsOver);
    }

    [Fact]
    public void Property_is_rung_where_nobody_asked_otherwise()
    {
        var story = Story.Begins(Whistle("08", "g1"), [Property(1)]);
        Assert.True(story.Call.Audience.Includes(Property(1)));
        story.IsAcceptedBy(Property(1));
        Assert.Equal(PostKind.Property, Assert.IsType<Lead.OfTeam>(story.Call.Lead).Kind);
    }

    [Theory]
    [MemberData(nameof(Recusing))]
    public void A_team_with_only_property_on_duty_counts_as_empty(string category, bool hide)
    {
        var story = Story.Begins(Whistle(category, "g1", hide: hide), [Property(1), Head(1), Property(2), Worker(3), Desk(1)]);
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.Equal([Team(3)], story.Call.Ringing);
        Assert.Equal(["skipped:team", "climbed:community"], story.LastDetail);
    }

    [Fact]
    public void A_lapse_rings_no_team_whose_only_one_on_duty_is_property()
    {
        var story = Story.Begins(Whistle("23", "g1"), [Worker(1), Property(2), Worker(3), Desk(1)]).ReachesLapseOf("accept");
        Assert.Equal([Team(1), Team(3)], story.Call.Ringing);
    }

    [Fact]
    public void A_return_rings_no_team_whose_only_one_on_duty_is_property()
    {
        var story = Story.Begins(Whistle("23", "g12"), [Worker(1), Worker(2), Property(2), Desk(1)]).IsAcceptedBy(Worker(1));
        story.ShiftChangesTo(Worker(1), Property(2), Desk(1)).Does(new CallCommand.Return(Worker(1), ReturnReason.NoPower));
        Assert.Empty(story.Call.Ringing);
        Assert.Equal(Rung.Community, story.Call.Rung);
    }

    [Fact]
    public void An_answer_that_property_would_owe_is_not_owed_in_a_case_hidden_from_property()
    {
        var policy = Parties();
        Assert.Contains(Story.Begins(Whistle("08", "g1"), policy: policy).Call.Answers, a => a.Key == "property");
        var story = Story.Begins(Whistle("23", "g1"), policy: policy);
        Assert.DoesNotContain(story.Call.Answers, a => a.Key == "property");
        story.IsOnSceneWith(Worker(1)).Does(new CallCommand.Acknowledge(Desk(1), "committee")).Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void A_case_that_passes_to_the_street_because_its_new_category_unseats_the_community_stands_at_the_street()
    {
        var story = Story.Begins(Whistle("08", "g1"), [Worker(1), Desk(1), StreetDesk]).ReachesLapseOf("accept").IsAcceptedBy(Desk(1));
        story.ShiftChangesTo(Worker(1), StreetDesk).Does(new CallCommand.Correct(StreetDesk, DefaultPolicy.FindCategory("23"), null, null));
        Assert.IsType<Lead.OfStreet>(story.Call.Lead);
        Assert.Equal(Rung.Street, story.Call.Rung);
    }

    [Fact]
    public void With_several_parties_one_answer_never_silences_anothers()
    {
        var story = Story.Begins(Whistle("08", "g1"), policy: Parties()).IsOnSceneWith(Worker(1));
        story.IsRefused(new CallCommand.Resolve(Worker(1)), Refusal.AnswersOwed);
        story.Does(new CallCommand.Acknowledge(Desk(1), "committee")).IsRefused(new CallCommand.Resolve(Worker(1)), Refusal.AnswersOwed);
        story.IsRefused(new CallCommand.Acknowledge(Desk(1), "property"), Refusal.WrongTeam);
        story.IsRefused(new CallCommand.Acknowledge(Property(4), "property"), Refusal.WrongTeam);
        Assert.IsType<Decision.Already>(story.Asks(new CallCommand.Acknowledge(Desk(1), "committee")));
        story.Does(new CallCommand.Acknowledge(Property(1), "property")).Does(new CallCommand.Resolve(Worker(1)));
    }

    [Fact]
    public void A_silent_party_warns_lapses_and_climbs_on_its_own_clock()
    {
        var story = Story.Begins(Whistle("08", "g1"), policy: Parties()).IsAcceptedBy(Worker(1)).ReachesLapseOf("property");
        Assert.Equal(Rung.Community, story.Call.Rung);
        Assert.IsType<Lead.OfTeam>(story.Call.Lead);
        Assert.Equal(2, story.Journal.Count(h => h.Answer == "property"));
        Assert.True(story.Answer("property").Clock.Breached);
        story.ReachesDoubleLapseOf("property");
        Assert.Equal(Rung.Street, story.Call.Rung);
    }

    /// <summary>三方: the committee's desk and property acknowledge; one leads and resolves.</summary>
    internal static Policy Parties()
    {
        var committee = new AnswerRule("committee", AnswerKind.Acknowledge, "communityDesk", Required: true);
        var property = new AnswerRule("property", AnswerKind.Acknowledge, "property", Required: true);
        var hour = new Span(ClockKind.Continuous, TimeSpan.FromHours(1));
        return DefaultPolicy with
        {
            Pack = [.. DefaultPolicy.Pack, committee, property],
            Limits = DefaultPolicy.Limits.ToImmutableDictionary(l => l.Key, l => l.Value.Add("committee", hour).Add("property", hour)),
        };
    }
}
