using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Calls;

/// <summary>回避 in an open case: a recused post loses it, is not waited for, and does not count as on duty.</summary>
internal static class Recusals
{
    /// <summary>At most this many posts can recuse themselves from one case.</summary>
    public const int Limit = 64;

    /// <summary>本人回避: open to anyone who sees the case, on duty or not. It is final, because nobody can withdraw from what they cannot see.</summary>
    public static Decision Recuse(WhistleCall call, CallCommand.Recuse command, Surroundings world)
    {
        var by = command.By;
        if (!call.Audience.Includes(by) && !call.MayBeVerifiedBy(by, world.Held)) return Life.Refuse(Refusal.WrongTeam);
        if (call.Recusal.Posts.Length >= Limit) return Life.Refuse(Refusal.OutOfBounds);
        var (next, detail) = Hide(call, Recusal.None with { Posts = [by.Id, .. by.Also] }, world); // the person, under any of their posts
        (next, var rung) = RingOn(next, world);
        return Life.Move(next, Happening.Of(What.Recused, by, [.. detail, .. rung]));
    }

    /// <summary>A child or merged case is hidden from everyone its parent or leading case is hidden from, whenever the recusal comes.</summary>
    public static Decision HideWith(WhistleCall call, CallCommand.Hide command, Surroundings world)
    {
        if (call.Recusal.And(command.More) == call.Recusal) return new Decision.Already();
        if (call.IsOver) return Life.Move(call with { Recusal = call.Recusal.And(command.More) }, new Happening(What.Hidden, command.By, null, null, [])); // what was owed stays on record
        var merged = call.State as CallState.Merged;
        var (next, detail) = Hide(merged is null ? call : call with { State = merged.Before }, command.More, world);
        if (merged is not null) next = next with { State = merged with { Before = next.State } };
        (next, var rung) = RingOn(next, world);
        return Life.Move(next, new Happening(What.Hidden, command.By, null, null, [.. detail, .. rung]));
    }

    /// <summary>Hides it from more posts. If one of them was the lead, it has none, or the street's desk takes over if that was a desk with nobody left.</summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) Hide(WhistleCall call, Recusal more, Surroundings world)
    {
        var recusal = call.Recusal.And(more);
        if (recusal == call.Recusal) return (call, []);
        var next = call with
        {
            Recusal = recusal,
            Answers = [.. call.Answers.Select(a => a.IsOwed && Steps.Recused(new AnswerRule(a.Key, a.Kind, a.Party, a.Required), recusal) ? a with { Required = false, Released = true } : a)],
        };
        return next.State switch
        {
            CallState.Accepted { Lead: Lead.OfTeam lead } when Covers(recusal, lead) => Unseated(next, lead, world),
            CallState.OnScene { Lead: Lead.OfTeam lead } when Covers(recusal, lead) => Unseated(next, lead, world),
            CallState.Accepted { Lead: Lead.OfCommunity } when !world.OnDuty.CommunityDesk(next.Community, recusal) => ToStreet(next, lead => new CallState.Accepted(lead), world),
            CallState.OnScene { Lead: Lead.OfCommunity } when !world.OnDuty.CommunityDesk(next.Community, recusal) => ToStreet(next, lead => new CallState.OnScene(lead), world),
            _ => (next, []),
        };
    }

    /// <summary>If it is ringing, a tier with nobody left is skipped at once.</summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) RingOn(WhistleCall call, Surroundings world) =>
        call.State is CallState.Ringing && Ladder.ShiftChange(call, world) is Decision.Moved rung ? (rung.Call with { Version = call.Version }, rung.Happening.Detail) : (call, []);

    private static bool Covers(Recusal recusal, Lead.OfTeam lead) => recusal.Covers(new Post(lead.Post, lead.Kind, lead.Community, lead.Team));

    /// <summary>It rings the same teams as before, including the lead's own, on the clocks of its receipt.</summary>
    private static (WhistleCall Call, ImmutableArray<Detail> Detail) Unseated(WhistleCall call, Lead.OfTeam lead, Surroundings world)
    {
        (call, var resumed) = Petitions.Resumed(call, world);
        var teams = call.Ringing.Contains(lead.Team) ? call.Ringing : call.Ringing.Add(lead.Team);
        var next = Steps.RingsAgain(call, [.. teams.Where(t => !call.Returned.Contains(t) && world.OnDuty.CanAnswer(t, call.Recusal))]);
        return (next, [.. resumed, new Detail.LeadRecused()]);
    }

    private static (WhistleCall Call, ImmutableArray<Detail> Detail) ToStreet(WhistleCall call, Func<Lead, CallState> state, Surroundings world) =>
        Ladder.Climb(call with { State = state(new Lead.OfStreet()) }, Rung.Street, world, [new Detail.LeadRecused(), new Detail.Taken(Rung.Street)]);
}
