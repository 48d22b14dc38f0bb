using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using static DispatchCenter.Unit.Calls.EveryPair;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>Every command of everybody in every state, against a table that is written out and read by people.</summary>
public sealed class EveryPairTests
{
    /// <summary>
    /// State, command, and who gets which outcome: "Accepted>OnScene" is a change and the state after it, a bare word is "Already" or the
    /// code of a refusal, "rest" is everybody not named. Property is recused in all of it. The ringing case has climbed to the community.
    /// Later t1 has it and t3 is attached; t2 was rung as well; "far" is of another community. "off" is a teammate off duty.
    /// </summary>
    private const string Table = """
        Ringing    Accept      lead mate rung desk: Accepted>Accepted | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Ringing    Arrive      lead mate rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Ringing    Resolve     lead mate rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Ringing    Return      lead mate rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Ringing    Acknowledge lead mate rung: Acknowledged>Ringing | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Ringing    Unknown     lead mate rung head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        Ringing    Pass        property: NotFound | rest: OutOfTurn
        Ringing    Reject      property: NotFound | rest: OutOfTurn
        Ringing    Note        lead mate rung head off desk street leader caller: Noted>Ringing | property: NotFound | rest: WrongTeam
        Ringing    Solved      caller: OutOfTurn
        Ringing    Unsolved    caller: OutOfTurn
        Ringing    Withdraw    caller: Withdrawn>Withdrawn
        Ringing    Lapse       clock: Warned>Ringing
        Ringing    Stale       clock: ClockMoved
        Ringing    Shift       clock: Rang>Ringing

        Accepted   Accept      lead: Already | mate attached rung head off desk street leader: AlreadyAccepted | property: NotFound | rest: WrongTeam
        Accepted   Arrive      lead mate attached: Arrived>OnScene | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Accepted   Resolve     lead mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Accepted   Return      lead mate: Returned>Ringing | attached: OutOfTurn | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Accepted   Acknowledge lead mate attached: Acknowledged>Accepted | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Accepted   Unknown     lead mate attached head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        Accepted   Pass        property: NotFound | rest: OutOfTurn
        Accepted   Reject      property: NotFound | rest: OutOfTurn
        Accepted   Note        lead mate attached head off desk street leader caller: Noted>Accepted | property: NotFound | rest: WrongTeam
        Accepted   Solved      caller: OutOfTurn
        Accepted   Unsolved    caller: OutOfTurn
        Accepted   Withdraw    caller: Withdrawn>Withdrawn
        Accepted   Lapse       clock: Warned>Accepted
        Accepted   Stale       clock: ClockMoved
        Accepted   Shift       clock: Already

        OnScene    Accept      lead: Already | mate attached rung head off desk street leader: AlreadyAccepted | property: NotFound | rest: WrongTeam
        OnScene    Arrive      lead: Already | mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        OnScene    Resolve     lead mate attached: Resolved>Resolved | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        OnScene    Return      lead mate: Returned>Ringing | attached: OutOfTurn | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        OnScene    Acknowledge lead mate attached: Acknowledged>OnScene | off: NotOnDuty | property: NotFound | rest: WrongTeam
        OnScene    Unknown     lead mate attached head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        OnScene    Pass        property: NotFound | rest: OutOfTurn
        OnScene    Reject      property: NotFound | rest: OutOfTurn
        OnScene    Note        lead mate attached head off desk street leader caller: Noted>OnScene | property: NotFound | rest: WrongTeam
        OnScene    Solved      caller: OutOfTurn
        OnScene    Unsolved    caller: OutOfTurn
        OnScene    Withdraw    caller: Withdrawn>Withdrawn
        OnScene    Lapse       clock: Warned>OnScene
        OnScene    Stale       clock: ClockMoved
        OnScene    Shift       clock: Already

        Resolved   Accept      lead: Already | mate attached rung head off desk street leader: AlreadyAccepted | property: NotFound | rest: WrongTeam
        Resolved   Arrive      lead: Already | mate attached rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Resolved   Resolve     lead: Already | mate attached rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Resolved   Return      lead mate attached rung head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Resolved   Acknowledge lead mate attached rung: Acknowledged>Resolved | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Resolved   Unknown     lead mate attached rung head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        Resolved   Pass        lead: TookPart | mate attached rung: Verified>Verified | far: WrongTeam | off: NotOnDuty | property: NotFound | rest: NotGridWorker
        Resolved   Reject      lead: TookPart | mate attached rung: Rejected>OnScene | far: WrongTeam | off: NotOnDuty | property: NotFound | rest: NotGridWorker
        Resolved   Note        lead mate attached rung head off desk street leader caller: Noted>Resolved | property: NotFound | rest: WrongTeam
        Resolved   Solved      caller: OutOfTurn
        Resolved   Unsolved    caller: OutOfTurn
        Resolved   Withdraw    caller: OutOfTurn
        Resolved   Lapse       clock: Warned>Resolved
        Resolved   Stale       clock: ClockMoved
        Resolved   Shift       clock: Already

        Verified   Accept      lead: Already | mate attached rung head off desk street leader: AlreadyAccepted | property: NotFound | rest: WrongTeam
        Verified   Arrive      lead: Already | mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Verified   Resolve     lead: Already | mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Verified   Return      lead mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        Verified   Acknowledge lead mate attached: Acknowledged>Verified | off: NotOnDuty | property: NotFound | rest: WrongTeam
        Verified   Unknown     lead mate attached head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        Verified   Pass        mate: Already | property: NotFound | rest: OutOfTurn
        Verified   Reject      property: NotFound | rest: OutOfTurn
        Verified   Note        lead mate attached head off desk street leader caller: Noted>Verified | property: NotFound | rest: WrongTeam
        Verified   Solved      caller: Evaluated>Closed
        Verified   Unsolved    caller: Reopened>OnScene
        Verified   Withdraw    caller: OutOfTurn
        Verified   Lapse       clock: Warned>Verified
        Verified   Stale       clock: ClockMoved
        Verified   Shift       clock: Already

        Closed     Accept      lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Arrive      lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Resolve     lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Return      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Acknowledge lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Unknown     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Closed     Pass        property: NotFound | rest: Over
        Closed     Reject      property: NotFound | rest: Over
        Closed     Note        lead mate attached head off desk street leader caller: Over | property: NotFound | rest: WrongTeam
        Closed     Solved      caller: Over
        Closed     Unsolved    caller: Over
        Closed     Withdraw    caller: Over
        Closed     Lapse       clock: ClockMoved
        Closed     Stale       clock: ClockMoved
        Closed     Shift       clock: Already

        Withdrawn  Accept      lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Arrive      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Resolve     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Return      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Acknowledge lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Unknown     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Pass        property: NotFound | rest: Over
        Withdrawn  Reject      property: NotFound | rest: Over
        Withdrawn  Note        lead mate attached head off desk street leader caller: Over | property: NotFound | rest: WrongTeam
        Withdrawn  Solved      caller: Over
        Withdrawn  Unsolved    caller: Over
        Withdrawn  Withdraw    caller: Already
        Withdrawn  Lapse       clock: ClockMoved
        Withdrawn  Stale       clock: ClockMoved
        Withdrawn  Shift       clock: Already

        Declined   Accept      lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Arrive      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Resolve     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Return      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Acknowledge lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Unknown     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Declined   Pass        property: NotFound | rest: Over
        Declined   Reject      property: NotFound | rest: Over
        Declined   Note        lead mate attached head off desk street leader caller: Over | property: NotFound | rest: WrongTeam
        Declined   Solved      caller: Over
        Declined   Unsolved    caller: Over
        Declined   Withdraw    caller: Over
        Declined   Lapse       clock: ClockMoved
        Declined   Stale       clock: ClockMoved
        Declined   Shift       clock: Already

        Merged     Accept      lead: Already | mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Arrive      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Resolve     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Return      lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Acknowledge lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Unknown     lead mate attached head off desk street leader: Over | property: NotFound | rest: WrongTeam
        Merged     Pass        property: NotFound | rest: Over
        Merged     Reject      property: NotFound | rest: Over
        Merged     Note        lead mate attached head off desk street leader caller: Over | property: NotFound | rest: WrongTeam
        Merged     Solved      caller: Over
        Merged     Unsolved    caller: Over
        Merged     Withdraw    caller: Withdrawn>Withdrawn
        Merged     Lapse       clock: ClockMoved
        Merged     Stale       clock: ClockMoved
        Merged     Shift       clock: Already

        HandedUp   Accept      lead: Already | mate attached rung head off desk street leader: AlreadyAccepted | property: NotFound | rest: WrongTeam
        HandedUp   Arrive      lead: Already | mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        HandedUp   Resolve     lead mate attached street: Resolved>Resolved | head: MayNotAccept | off: NotOnDuty | property: NotFound | rest: WrongTeam
        HandedUp   Return      lead mate attached head off desk street leader: OutOfTurn | property: NotFound | rest: WrongTeam
        HandedUp   Acknowledge lead mate attached: Acknowledged>HandedUp | off: NotOnDuty | property: NotFound | rest: WrongTeam
        HandedUp   Unknown     lead mate attached head off desk street leader: NoSuchAnswer | property: NotFound | rest: WrongTeam
        HandedUp   Pass        property: NotFound | rest: OutOfTurn
        HandedUp   Reject      property: NotFound | rest: OutOfTurn
        HandedUp   Note        lead mate attached head off desk street leader caller: Noted>HandedUp | property: NotFound | rest: WrongTeam
        HandedUp   Solved      caller: OutOfTurn
        HandedUp   Unsolved    caller: OutOfTurn
        HandedUp   Withdraw    caller: Withdrawn>Withdrawn
        HandedUp   Lapse       clock: Warned>HandedUp
        HandedUp   Stale       clock: ClockMoved
        HandedUp   Shift       clock: Already
        """;

    private static readonly ImmutableArray<(string State, string Command, ImmutableDictionary<string, string> Expected)> Rows =
        [.. Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Row)];

    public static TheoryData<string, string> Pairs => new(Rows.Select(row => (row.State, row.Command)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Everybody_gets_what_the_table_says(string state, string command)
    {
        var (_, _, expected) = Rows.Single(row => row.State == state && row.Command == command);
        var (call, world) = In(state, command == "Lapse");
        var actual = expected.Keys.ToImmutableDictionary(role => role, role =>
        {
            var asked = Commands[command](call, Posts.GetValueOrDefault(role));
            return Outcome(call, Life.Decide(call, asked, world));
        });
        Assert.Equal(expected.OrderBy(e => e.Key).Select(e => $"{e.Key}: {e.Value}"), actual.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"));
    }

    /// <summary>The orders of desks have a table of their own, generated and read by officers: docs/states.md.</summary>
    [Fact]
    public void The_table_has_every_state_with_every_command_once()
    {
        var states = Kinds(typeof(CallState)).Select(t => t.Name).ToArray();
        Assert.Equal(
            states.SelectMany(state => Commands.Keys.Except(Orders.Keys).Select(command => $"{state} {command}")).Order(),
            Rows.Select(row => $"{row.State} {row.Command}").Order());
    }

    [Fact]
    public void Every_kind_of_command_is_asked()
    {
        var (call, _) = In("Ringing", late: false);
        var asked = Commands.Values.Select(make => make(call, Worker(1)).GetType()).Distinct();
        Assert.Equal(Kinds(typeof(CallCommand)).OrderBy(t => t.Name), asked.OrderBy(t => t.Name));
    }

    [Fact]
    public void Every_kind_of_post_asks() =>
        Assert.Equal(Enum.GetValues<PostKind>().Order(), Posts.Values.Select(post => post.Kind).Distinct().Order());

    [Fact]
    public void Every_row_answers_everybody_who_can_ask() => Assert.All(Rows, row =>
    {
        var named = row.Expected.Keys.ToHashSet();
        string[] asking = row.Command switch
        {
            "Lapse" or "Stale" or "Shift" => ["clock"],
            "Solved" or "Unsolved" or "Withdraw" => ["caller"],
            "Note" => [.. Posts.Keys, "caller"],
            _ => [.. Posts.Keys],
        };
        Assert.Equal(asking.Order(), named.Order());
    });

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Nothing_is_thrown_for_a_post_whose_record_is_bare(string state, string command)
    {
        var (call, world) = In(state, late: false);
        foreach (var kind in Enum.GetValues<PostKind>())
        {
            var bare = new Post(new("bare"), kind);
            var onDuty = world with { OnDuty = new OnDuty([bare]) };
            Assert.NotNull(Life.Decide(call, Commands[command](call, bare), onDuty));
            var teamOnly = bare with { Team = Team(1) };
            Assert.NotNull(Life.Decide(call, Commands[command](call, teamOnly), onDuty with { OnDuty = new OnDuty([teamOnly]) }));
        }
    }

    private static (string State, string Command, ImmutableDictionary<string, string> Expected) Row(string line)
    {
        var words = line.Split(' ', 3, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var expected = new Dictionary<string, string>();
        foreach (var part in words[2].Split('|', StringSplitOptions.TrimEntries))
        {
            var (roles, outcome) = (part.Split(':')[0].Split(' '), part.Split(':')[1].Trim());
            foreach (var role in roles is ["rest"] ? Posts.Keys.Where(role => !expected.ContainsKey(role)) : roles) expected.Add(role, outcome);
        }

        return (words[0], words[1], expected.ToImmutableDictionary());
    }
}
