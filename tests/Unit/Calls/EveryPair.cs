using System.Collections.Immutable;
using System.Reflection;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>A case in every state, every kind of asker, and every command, for the tables.</summary>
internal static class EveryPair
{
    private static readonly Post OffDuty = Worker(1, 3);

    public static readonly ImmutableDictionary<string, Post> Posts = new Dictionary<string, Post>
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

    /// <summary>What desks order, and what goes with it.</summary>
    public static readonly Dictionary<string, Func<WhistleCall, Post?, CallCommand>> Orders = new()
    {
        ["Designate"] = (_, by) => new CallCommand.Designate(by!, Team(2)),
        ["Correct"] = (call, by) => new CallCommand.Correct(by!, null, call.Level == Level.S3 ? Level.S2 : Level.S3, null),
        ["Summon"] = (_, by) => new CallCommand.Summon(by!, "gas"),
        ["Attend"] = (_, by) => new CallCommand.Attend(by, "party-water"),
        ["Help"] = (_, by) => new CallCommand.CallHelp(by!, Team(2)),
        ["Come"] = (_, by) => new CallCommand.AnswerHelp(by!, Comes: true),
        ["Tell"] = (_, by) => new CallCommand.TellCaller(by!),
        ["Finish"] = (_, _) => new CallCommand.Finish("party-water"),
        ["Disclaim"] = (_, _) => new CallCommand.Disclaim("party-water"),
        ["Release"] = (_, by) => new CallCommand.Release(by!, "party-water"),
        ["Extend"] = (_, by) => new CallCommand.Request(by!, PetitionKind.Extension, Length: TimeSpan.FromHours(1)),
        ["Suspend"] = (_, by) => new CallCommand.Request(by!, PetitionKind.Suspension, Until: At("2026-11-05 09:00")),
        ["Decline"] = (_, by) => new CallCommand.Request(by!, PetitionKind.Decline),
        ["Rule"] = (_, by) => new CallCommand.Rule(by!, PetitionKind.Suspension, Granted: true),
        ["Dismiss"] = (_, by) => new CallCommand.Rule(by!, PetitionKind.Decline, Granted: true),
        ["Resume"] = (_, by) => new CallCommand.Resume(by!),
        ["Difficult"] = (_, by) => new CallCommand.MarkDifficult(by!),
        ["HandUp"] = (_, by) => new CallCommand.HandUp(by!, At("2026-11-09 09:00")),
        ["Merge"] = (_, by) => new CallCommand.Merge(by, new CallNo("WH-00000002")),
        ["Unmerge"] = (_, by) => new CallCommand.Unmerge(by!),
        ["Callback"] = (_, by) => new CallCommand.Callback(by!, CallbackResult.NoAnswer, null, null),
        ["Emergency"] = (_, by) => new CallCommand.ConfirmEmergency(by!, "119"),
        ["Child"] = (_, by) => new CallCommand.OpenChild(by!, new CallNo("WH-00000003")),
        ["Recuse"] = (_, by) => new CallCommand.Recuse(by!),
        ["Hide"] = (_, by) => new CallCommand.Hide(by?.Id, new Recusal(true)),
        ["AskExemption"] = (_, by) => new CallCommand.AskExemption(by!, "accept", ExemptionReason.OutsideCause),
        ["RuleExemption"] = (_, by) => new CallCommand.RuleExemption(by!, "accept", Granted: true),
        ["Absorb"] = (_, by) => new CallCommand.Absorb(by, new CallNo("WH-00000004"), Level.S3, Leaves: false),
    };

    /// <summary>How each word of the table is asked: by a post, by the caller (null), or by a clock.</summary>
    public static readonly Dictionary<string, Func<WhistleCall, Post?, CallCommand>> Commands = new(Orders)
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

    public static string Outcome(WhistleCall before, Decision decision)
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
    public static (WhistleCall Call, Surroundings World) In(string state, bool late)
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
            nameof(CallState.HandedUp) => Does(OnScene(), new CallCommand.HandUp(StreetDesk, world.Now.AddDays(3))),
            nameof(CallState.Merged) => Does(Accepted(), new CallCommand.Merge(Desk(1), new CallNo("WH-00000002"))),
            nameof(CallState.Declined) => Does(Does(Accepted(), new CallCommand.Request(Worker(1), PetitionKind.Decline)), new CallCommand.Rule(Desk(1), PetitionKind.Decline, Granted: true)),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Write down how a case gets there."),
        };
        Assert.Equal(state, call.State.GetType().Name);
        return (call, late && call.NextDue is { } due ? world with { Now = due.AddMilliseconds(1) } : world);
    }

    public static IEnumerable<Type> Kinds(Type hierarchy) =>
        hierarchy.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(t => !t.IsAbstract && t.IsSubclassOf(hierarchy));
}
