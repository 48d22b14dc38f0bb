using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Platforms;

namespace DispatchCenter.Unit.Simulation;

/// <summary>A run over played platforms in which nothing is broken, and each promise broken once: the verdict names it.</summary>
public class ReachVerdictTests
{
    private const string Post = "post-gridWorker-T01";

    private readonly Person _worker = new(Make.Member(), "13900000001", _ => ValueTask.FromResult("token"));
    private readonly Told _told = new();

    [Fact]
    public void Told_by_two_ways_and_cancelled_on_the_others_breaks_nothing()
    {
        var verdict = new ReachVerdict(Sound());
        Assert.Empty(verdict.All.SelectMany(c => c.Broken));
        Assert.Equal(("told by 2", 1), (verdict.Ways.Single().Key, verdict.Ways.Single().Value));
    }

    [Theory]
    [InlineData("sent")]
    [InlineData("dead")]
    [InlineData("skipped")]
    [InlineData("waiting")]
    public void A_message_that_nobody_was_shown_and_nothing_explains_is_broken(string state) =>
        Broken("each person", Sound() with { Outbox = [.. Sound().Outbox.Select(o => o.Channel == "sms" ? o with { State = state } : o)] }, "each message");

    [Fact]
    public void A_message_that_was_never_made_is_broken() => Broken("each person", Sound() with { Outbox = [.. Sound().Outbox.Where(o => o.Channel != "voice")] });

    [Fact]
    public void A_message_that_died_with_a_reason_is_reported() =>
        Assert.True(new ReachVerdict(Sound() with { Outbox = [.. Sound().Outbox.Select(o => o.Channel == "sms" ? o with { State = "dead", Why = "status_400" } : o)] }).Held);

    [Fact]
    public void A_second_message_of_one_event_under_another_key_is_broken()
    {
        var sound = Sound();
        _told.Show(new Telling("app", _worker, "again", Make.CallNo, string.Empty));
        Broken("nobody was told twice", sound with { Outbox = [.. sound.Outbox, Row("app", "sent", "again")] });
    }

    [Fact]
    public void The_same_message_again_under_its_key_is_one()
    {
        var sound = Sound();
        Assert.False(_told.Show(new Telling("app", _worker, "key-app", Make.CallNo, string.Empty)));
        Assert.True(new ReachVerdict(sound).Held);
        Assert.Equal(1, _told.Repeats["app"]);
    }

    [Fact]
    public void A_message_that_the_street_does_not_know_is_broken()
    {
        _told.Show(new Telling("sms", _worker, "from nowhere", Make.CallNo, string.Empty));
        Broken("nobody was told twice", Sound());
    }

    [Fact]
    public void A_confirmed_accept_that_the_journal_does_not_have_is_broken() => Broken("no confirmed accept", Sound() with { Journal = [Make.Line(1)] }, "each case has one winner");

    [Fact]
    public void Two_winners_are_broken() =>
        Broken("each case has one winner", Sound() with { Journal = [.. Sound().Journal, Make.Line(3, "accepted", "post-police-T01")], Won = [.. Sound().Won, new Won(Make.CallNo, "post-police-T01", "tap")] });

    [Fact]
    public void An_accept_that_nobody_gave_is_broken() => Broken("nothing was accepted", Sound() with { Won = [] });

    [Fact]
    public void An_accept_by_whoever_was_off_duty_is_broken()
    {
        _worker.GoesOff(Make.Noon.AddMinutes(-1));
        Broken("nobody off duty", Sound());
    }

    [Fact]
    public void An_accept_after_coming_back_is_not()
    {
        _worker.GoesOff(Make.Noon.AddMinutes(-2));
        _worker.ComesBack(Make.Noon.AddMinutes(-1));
        Assert.True(new ReachVerdict(Sound()).Held);
    }

    [Fact]
    public void Whoever_stays_away_and_is_told_is_broken()
    {
        var away = new Person(Make.Member("police"), "13900000002", _ => ValueTask.FromResult("token")) { StaysAway = true };
        _told.Show(new Telling("push", away, "topic", Make.CallNo, string.Empty));
        Broken("nobody who was off duty all the time", Sound() with { People = [_worker, away] });
    }

    [Fact]
    public void A_forged_report_that_was_answered_or_is_in_the_table_is_broken()
    {
        Broken("no report with a wrong signature", Sound() with { Forged = (1, ["another secret: 200"]) });
        Broken("no report with a wrong signature", Sound() with { Believed = [new BelievedReport("forged-1", Post, Make.CallNo, "accept", "ok")] });
    }

    [Fact]
    public void A_report_that_was_answered_in_two_ways_is_broken() => Broken("a report that came again", Sound() with { Answers = new[] { "ok", Codes.AlreadyAccepted }.ToLookup(_ => "report-1") });

    [Fact]
    public void A_request_that_a_platform_refuses_is_broken()
    {
        _told.SayWrong("not signed");
        Broken("nothing reached a platform", Sound());
    }

    private static void Broken(string promise, ReachEvidence found, params string[] also)
    {
        var broken = new ReachVerdict(found).All.Where(c => c.Broken.Count > 0).Select(c => c.Promise).ToList();
        Assert.Contains(broken, b => b.StartsWith(promise, StringComparison.Ordinal));
        Assert.All(broken, b => Assert.Contains(also.Prepend(promise), named => b.StartsWith(named, StringComparison.Ordinal)));
    }

    /// <summary>One case that rings for one worker, who gets a push and an application message and accepts.</summary>
    private ReachEvidence Sound()
    {
        _told.Show(new Telling("push", _worker, $"topic {Make.CallNo}", Make.CallNo, string.Empty));
        _told.Show(new Telling("app", _worker, "key-app", Make.CallNo, string.Empty));
        return new ReachEvidence
        {
            People = [_worker], Journal = [Make.Line(1), Make.Line(2, "accepted", Post, state: CallStates.Accepted)], Outbox = [Row("push", "sent"), Row("app", "sent"), Row("sms", "cancelled"), Row("voice", "cancelled")], Believed = [],
            Acknowledged = [Make.CallNo], Told = _told, Won = [new Won(Make.CallNo, Post, "tap")], Unentitled = (0, []), Answers = Array.Empty<string>().ToLookup(a => a), Forged = (0, []),
        };
    }

    private static OutboxEntry Row(string channel, string state, string? key = null) => new(1, key ?? $"key-{channel}", channel, $"post:{Post}", Make.CallNo, "ringing", string.Empty, state, string.Empty);
}
