using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Calls;

/// <summary>交接班: hands the cases of a post whose shift has ended to the team's next shift or, if there is none, straight up the ladder.</summary>
public static class HandOver
{
    internal static Decision ShiftChange(WhistleCall call, Lead lead, Func<Lead, CallState> state, Surroundings world)
    {
        if (IsManned(call, lead, world.OnDuty)) return call.NobodyOnDuty ? Move(call with { NobodyOnDuty = false }, []) : new Decision.Already();
        if (lead is Lead.OfTeam team)
        {
            if (world.OnDuty.Next(team.Team, team.Kind, call.Recusal) is { } next)
                return Move(call with { State = state(team with { Kind = next.Kind, Post = next.Id }) }, [new Detail.To(next.Id)]);
            var (climbed, detail) = Ladder.TakeOver(call, lead, state, world);
            return Move(climbed, [new Detail.Skipped(Seat.Team), .. detail]);
        }

        if (lead is Lead.OfCommunity && world.OnDuty.StreetDesk(call.Recusal))
        {
            var (climbed, detail) = Ladder.Climb(call, Rung.Street, world, [new Detail.Skipped(Seat.CommunityDesk)]);
            return Move(climbed with { State = state(new Lead.OfStreet()), NobodyOnDuty = false }, detail.Add(new Detail.Taken(Rung.Street)));
        }

        return call.NobodyOnDuty ? new Decision.Already() : Move(call with { NobodyOnDuty = true }, [new Detail.NobodyOnDuty(Rung.Street)]);
    }

    /// <summary>Whether a shift change may affect an accepted case: its lead has left, or nobody was on duty.</summary>
    public static bool Concerns(WhistleCall call, OnDuty onDuty) => call.Lead is { } lead && (call.NobodyOnDuty || !IsManned(call, lead, onDuty));

    private static bool IsManned(WhistleCall call, Lead lead, OnDuty onDuty) => lead switch
    {
        Lead.OfTeam team => onDuty.Contains(team.Post),
        Lead.OfCommunity => onDuty.CommunityDesk(call.Community, call.Recusal),
        Lead.OfStreet => onDuty.StreetDesk(call.Recusal),
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, null),
    };

    private static Decision Move(WhistleCall next, ImmutableArray<Detail> detail) => Life.Move(next, Happening.Of(What.HandedOver, null, detail));
}
