using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>What the clocks of a case do when an instant of theirs has passed. Each act happens once.</summary>
internal static class Clocks
{
    public static Decision Lapse(WhistleCall call, CallCommand.Lapse command, Surroundings world)
    {
        if (call.Pending() is not { } pending || pending.At != command.Seen || pending.At >= world.Now) return Life.Refuse(Refusal.ClockMoved);
        var (key, act, at) = pending;
        var before = Running(call, key);
        var overtaken = act == ClockAct.Warn && before.Due < world.Now;
        call = Mark(call, key, act);

        var (next, detail) = act switch
        {
            ClockAct.Warn => (call, overtaken ? ["overtaken"] : ImmutableArray<string>.Empty),
            ClockAct.Lapse => Breach(call, key, world),
            ClockAct.DoubleLapse => Ladder.Climb(call, Rung.Street, world, []),
            _ => throw new ArgumentOutOfRangeException(nameof(command), act, null),
        };
        var happening = Happening.Clock(act, key, at, detail);
        return Life.Move(next, next.State is CallState.Closed ? happening with { What = What.Closed } : happening);
    }

    private static (WhistleCall Call, ImmutableArray<string> Detail) Breach(WhistleCall call, string key, Surroundings world) => call.State switch
    {
        CallState.Verified s => (call with { State = new CallState.Closed(s.Lead, new Ending.Unrated()) }, ["unrated"]),
        CallState.Resolved => Ladder.Climb(call, Rung.Community, world, []),
        CallState.Ringing or CallState.Accepted or CallState.OnScene => call.Answers.First(a => a.Key == key).Kind switch
        {
            AnswerKind.Resolve => Ladder.Climb(call with { Supervised = true }, Rung.Street, world, ["supervised"]),
            AnswerKind.Arrive when call.State is CallState.Accepted s => Ladder.TakeOver(call, s.Lead, lead => new CallState.Accepted(lead), world),
            AnswerKind.Arrive or AnswerKind.Accept or AnswerKind.Acknowledge => Ladder.Climb(call, Rung.Community, world, []),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
        },
        CallState.Closed or CallState.Withdrawn => throw new InvalidOperationException("No clock runs in a case that is over."),
        _ => throw new InvalidOperationException($"Unknown state {call.State}."),
    };

    private static Clock Running(WhistleCall call, string key) => call.State switch
    {
        CallState.Resolved s => s.Verify,
        CallState.Verified s => s.Evaluate,
        _ => call.Answers.First(a => a.Key == key).Clock,
    };

    private static WhistleCall Mark(WhistleCall call, string key, ClockAct act) => call.State switch
    {
        CallState.Resolved s => call with { State = s with { Verify = s.Verify with { Acted = act } } },
        CallState.Verified s => call with { State = s with { Evaluate = s.Evaluate with { Acted = act } } },
        _ => call with { Answers = [.. call.Answers.Select(a => a.Key == key ? a with { Clock = a.Clock with { Acted = act } } : a)] },
    };
}
