using System.Collections.Immutable;
using System.Reflection;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
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
        Resolved   Pass        lead: TookPart | mate attached rung far: Verified>Verified | off: NotOnDuty | property: NotFound | rest: NotGridWorker
        Resolved   Reject      lead: TookPart | mate attached rung far: Rejected>OnScene | off: NotOnDuty | property: NotFound | rest: NotGridWorker
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
        """;

    private static readonly Post OffDuty = Worker(1, 3);

    private static readonly ImmutableDictionary<string, Post> Posts = new Dictionary<string, Post>
    {
        ["lead"] = Worker(1),
        ["mate"] = Worker(1, 2),
        ["attached"] = Worker(3),
        ["rung"] = Worker(2),
        ["far"] = Worker(4),
        ["police"] = Police(4),
        ["property"] = Property(1),
        ["head"] = Head(1),
        ["off"] = OffDuty,
        ["desk"] = Desk(1),
        ["otherDesk"] = Desk(2),
        ["street"] = StreetDesk,
        ["leader"] = Leader,
    }.ToImmutableDictionary();

    /// <summary>How each word of the table is asked: by a post, by the caller (null), or by a clock.</summary>
    private static readonly Dictionary<string, Func<WhistleCall, Post?, CallCommand>> Commands = new()
    {
        ["Accept"] = (_, by) => new CallCommand.Accept(by!),
        ["Arrive"] = (_, by) => new CallCommand.Arrive(by!),
        ["Resolve"] = (_, by) => new CallCommand.Resolve(by!),
        ["Return"] = (_, by) => new CallCommand.Return(by!, ReturnReason.NoPower),
        ["Acknowledge"] = (_, by) => new CallCommand.Acknowledge(by!, "heard"),
        ["Unknown"] = (_, by) => new CallCommand.Acknowledge(by!, "nothing"),
        ["Pass"] = (_, by) => new CallCommand.Verify(by!, Passed: true),
        ["Reject"] = (_, by) => new CallCommand.Verify(by!, Passed: false),
        ["Note"] = (_, by) => new CallCommand.Note(by),
        ["Solved"] = (_, _) => new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied),
        ["Unsolved"] = (_, _) => new CallCommand.Evaluate(Solved: false, Satisfaction.Dissatisfied),
        ["Withdraw"] = (_, _) => new CallCommand.Withdraw(),
        ["Lapse"] = (call, _) => new CallCommand.Lapse(call.NextDue ?? DateTimeOffset.UnixEpoch),
        ["Stale"] = (call, _) => new CallCommand.Lapse((call.NextDue ?? DateTimeOffset.UnixEpoch).AddMilliseconds(-1)),
        ["Shift"] = (_, _) => new CallCommand.ShiftChange(),
    };

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

    [Fact]
    public void The_table_has_every_state_with_every_command_once()
    {
        var states = Kinds(typeof(CallState)).Select(t => t.Name).ToArray();
        Assert.Equal(
            states.SelectMany(state => Commands.Keys.Select(command => $"{state} {command}")).Order(),
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

    private static string Outcome(WhistleCall before, Decision decision)
    {
        switch (decision)
        {
            case Decision.Moved moved:
                Assert.Equal(before.Version + 1, moved.Call.Version);
                return $"{moved.Happening.What}>{moved.Call.State.GetType().Name}";
            case Decision.Already:
                return "Already";
            case Decision.Refused refused:
                return refused.Why.ToString();
            default:
                throw new InvalidOperationException($"Unknown decision {decision}.");
        }
    }

    /// <summary>A case in that state, hidden from property, and the world around it, in which the next act of a clock is due or not yet.</summary>
    private static (WhistleCall Call, Surroundings World) In(string state, bool late)
    {
        var pack = DefaultPolicy.Pack.Add(new AnswerRule("heard", AnswerKind.Acknowledge, "gridWorker", Required: false));
        var limits = DefaultPolicy.Limits.ToImmutableDictionary(l => l.Key, l => l.Value.Add("heard", new Span(ClockKind.Continuous, TimeSpan.FromDays(30))));
        var story = Story.Begins(
            Whistle("23", "g12"), Everybody.Where(post => post != OffDuty), policy: DefaultPolicy with { Pack = pack, Limits = limits });
        var (call, world) = (story.Call with { Rung = Rung.Community }, story.World);

        WhistleCall Does(WhistleCall before, CallCommand command) => Assert.IsType<Decision.Moved>(Life.Decide(before, command, world)).Call;
        WhistleCall Accepted() => Does(call, new CallCommand.Accept(Worker(1))) with { Attached = [Team(3)] };
        WhistleCall OnScene() => Does(Accepted(), new CallCommand.Arrive(Worker(1)));
        WhistleCall Resolved() => Does(OnScene(), new CallCommand.Resolve(Worker(1)));
        WhistleCall Verified() => Does(Resolved(), new CallCommand.Verify(Worker(1, 2), Passed: true));

        call = state switch
        {
            nameof(CallState.Ringing) => call,
            nameof(CallState.Accepted) => Accepted(),
            nameof(CallState.OnScene) => OnScene(),
            nameof(CallState.Resolved) => Resolved(),
            nameof(CallState.Verified) => Verified(),
            nameof(CallState.Closed) => Does(Verified(), new CallCommand.Evaluate(Solved: true, Satisfaction.Satisfied)),
            nameof(CallState.Withdrawn) => Does(Accepted(), new CallCommand.Withdraw()),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Write down how a case gets there."),
        };
        Assert.Equal(state, call.State.GetType().Name);
        return (call, late && call.NextDue is { } due ? world with { Now = due.AddMilliseconds(1) } : world);
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

    private static IEnumerable<Type> Kinds(Type hierarchy) =>
        hierarchy.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(t => t.IsSubclassOf(hierarchy));
}
