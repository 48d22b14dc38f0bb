using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>What a case's clocks do when an instant has passed. Each act happens once.</summary>
internal static class Clocks
{
    public static Decision Lapse(WhistleCall call, CallCommand.Lapse command, Surroundings world)
    {
        if (call.Pending() is not { } pending || pending.At != command.Seen || pending.At >= world.Now) return Life.Refuse(Refusal.ClockMoved);
        var (key, act, at) = pending;
        if (key == Life.SuspensionKey) return Life.Move(Petitions.At(call, at, world), new Happening(What.Resumed, null, key, at, []));
        var before = Running(call, key);
        var overtaken = act == ClockAct.Warn && before.Due < world.Now;
        call = Mark(call, key, act);

        var (next, detail) = act switch
        {
            ClockAct.Warn => (call, overtaken ? [new Detail.Overtaken()] : ImmutableArray<Detail>.Empty),
            ClockAct.Lapse => Breach(call, key, world),
            ClockAct.DoubleLapse => Designate(call, key, world),
            _ => throw new ArgumentOutOfRangeException(nameof(command), act, null),
        };
        var happening = Happening.Clock(act, key, at, detail);
        return Life.Move(next, next.State is CallState.Closed ? happening with { What = What.Closed } : happening);
    }

    private static (WhistleCall Call, ImmutableArray<Detail> Detail) Breach(WhistleCall call, string key, Surroundings world) => call.State switch
    {
        _ when call.Petitions.Any(p => p.Key == key) => Ladder.Climb(call, Rung.Street, world, []),
        CallState.HandedUp => Ladder.Climb(call with { Supervised = true }, Rung.Street, world, [new Detail.Supervised()]),
        CallState.Verified s => (call with { State = new CallState.Closed(s.Lead, new Ending.Unrated()) }, [new Detail.Unrated()]),
        CallState.Resolved => Ladder.Climb(call, Rung.Community, world, []),
        CallState.Ringing or CallState.Accepted or CallState.OnScene => call.Answers.First(a => a.Key == key).Kind switch
        {
            AnswerKind.Resolve => Ladder.Climb(call with { Supervised = true }, Rung.Street, world, [new Detail.Supervised()]),
            AnswerKind.Arrive when call.State is CallState.Accepted s => Ladder.TakeOver(call, s.Lead, lead => new CallState.Accepted(lead), world),
            AnswerKind.Arrive or AnswerKind.Accept or AnswerKind.Acknowledge or AnswerKind.Help => Ladder.Climb(call, Rung.Community, world, []),
            AnswerKind.Attend => Ladder.Climb(call, Rung.Street, world, []),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
        },
        CallState.Closed or CallState.Withdrawn or CallState.Declined or CallState.Merged => throw new InvalidOperationException("No clock runs in a case that is over."),
        _ => throw new InvalidOperationException($"Unknown state {call.State}."),
    };

    /// <summary>Twice the limit: escalate to the street. A team that accepted only after 二应 lapsed, and has still not arrived, loses the lead.</summary>
    private static (WhistleCall Call, ImmutableArray<Detail> Detail) Designate(WhistleCall call, string key, Surroundings world)
    {
        var detail = ImmutableArray<Detail>.Empty;
        if (call.State is CallState.Accepted { Lead: Lead.OfTeam } s && call.Answers.FirstOrDefault(a => a.Key == key)?.Kind == AnswerKind.Arrive)
            (call, detail) = Ladder.TakeOver(call, s.Lead, lead => new CallState.Accepted(lead), world);
        return Ladder.Climb(call, Rung.Street, world, detail);
    }

    private static Clock Running(WhistleCall call, string key) => call.State switch
    {
        CallState.Resolved s => s.Verify,
        CallState.Verified s => s.Evaluate,
        CallState.HandedUp s => s.Outside,
        _ => call.Petitions.FirstOrDefault(p => p.Key == key)?.Clock ?? call.Answers.First(a => a.Key == key).Clock,
    };

    private static WhistleCall Mark(WhistleCall call, string key, ClockAct act) => call.State switch
    {
        CallState.Resolved s => call with { State = s with { Verify = s.Verify with { Acted = act } } },
        CallState.Verified s => call with { State = s with { Evaluate = s.Evaluate with { Acted = act } } },
        CallState.HandedUp s => call with { State = s with { Outside = s.Outside with { Acted = act } } },
        _ when call.Petitions.Any(p => p.Key == key) => call with { Petitions = [.. call.Petitions.Select(p => p.Key == key ? p with { Clock = p.Clock with { Acted = act } } : p)] },
        _ => call with { Answers = [.. call.Answers.Select(a => a.Key == key ? a with { Clock = a.Clock with { Acted = act } } : a)] },
    };
}
