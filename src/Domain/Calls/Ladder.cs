using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>The ladder 管家队 → 社区 → 街道. A tier with nobody on duty is skipped at once, never waited for.</summary>
internal static class Ladder
{
    /// <summary>
    /// Escalates a case to a rung, or past it if that tier is empty; a case never comes down. If it is already there, people who
    /// have since come on duty ring as well.
    /// </summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) Climb(WhistleCall call, Rung to, Surroundings world, ImmutableArray<Detail> detail)
    {
        if (to == Rung.Community)
        {
            var others = call.State is CallState.Ringing ? OtherTeams(call, world) : [];
            var climbs = call.Rung < Rung.Community;
            if (others.IsEmpty && !CommunityListens(call, climbs, world))
                return Climb(call, Rung.Street, world, call.Rung < Rung.Street ? detail.Add(new Detail.Skipped(Seat.Community)) : detail);
            if (climbs) return (Ring(call, others) with { Rung = Rung.Community }, detail.Add(new Detail.Climbed(Rung.Community)));
            return others.IsEmpty ? (call, detail) : (Ring(call, others), detail.Add(new Detail.Rang(Rung.Community)));
        }

        var manned = world.OnDuty.StreetDesk(call.Recusal);
        if (call.Rung == Rung.Street) return (call with { NobodyOnDuty = !manned }, detail);
        return (call with { Rung = Rung.Street, NobodyOnDuty = !manned }, detail.Add(manned ? new Detail.Climbed(Rung.Street) : new Detail.NobodyOnDuty(Rung.Street)));
    }

    /// <summary>After a return: call the teams still ringing, else the tier's other teams, else the next tier with anyone on duty.</summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) RingNext(WhistleCall call, Surroundings world, ImmutableArray<Detail> detail) =>
        call.Rung == Rung.Team && !call.Ringing.IsEmpty ? (call, detail) : Climb(call, Rung.Community, world, detail);

    /// <summary>Rings people who have come on duty; if the tier has emptied, escalates at once. A designated team rings alone as long as it can answer.</summary>
    public static Decision ShiftChange(WhistleCall call, Surroundings world)
    {
        if (call.Designated is { } sent && call.Ringing is [var only] && only == sent && world.OnDuty.CanAnswer(sent, call.Recusal)) return new Decision.Already();
        if (call.Designated is { } gone && !world.OnDuty.CanAnswer(gone, call.Recusal))
            call = call with { Designated = null, Ringing = call.Returned.Contains(gone) ? call.Ringing.Remove(gone) : call.Ringing };
        var homes = call.Rung > Rung.Team ? [] : world.Map.TeamsOf(call.Grid).Select(t => t.Code)
            .Where(t => !call.Ringing.Contains(t) && !call.Returned.Contains(t) && world.OnDuty.CanAnswer(t, call.Recusal)).ToImmutableArray();
        var (next, detail) = (Ring(call, homes), homes.IsEmpty ? ImmutableArray<Detail>.Empty : [new Detail.Rang(Rung.Team)]);
        if (next.Rung > Rung.Team) (next, detail) = Climb(next, Rung.Community, world, detail);
        else if (!next.Ringing.Any(t => world.OnDuty.CanAnswer(t, next.Recusal))) (next, detail) = Climb(next, Rung.Community, world, [new Detail.Skipped(Seat.Team)]);
        if (detail.IsEmpty && next.NobodyOnDuty == call.NobodyOnDuty) return new Decision.Already();
        return Life.Move(next, Happening.Of(What.Rang, null, detail));
    }

    /// <summary>The community takes the lead, or the street if the community's desk is empty; the team stays attached.</summary>
    public static (WhistleCall Call, ImmutableArray<Detail> Detail) TakeOver(WhistleCall call, Lead lead, Func<Lead, CallState> state, Surroundings world)
    {
        if (lead is not Lead.OfTeam team) return Climb(call, Rung.Street, world, []);
        var manned = world.OnDuty.CommunityDesk(call.Community, call.Recusal);
        Lead taker = manned ? new Lead.OfCommunity(call.Community) : new Lead.OfStreet();
        (call, var detail) = Climb(call, manned ? Rung.Community : Rung.Street, world, manned ? [] : [new Detail.Skipped(Seat.CommunityDesk)]);
        var attached = call.Attached.Contains(team.Team) ? call.Attached : call.Attached.Add(team.Team);
        return (call with { State = state(taker), Attached = attached }, detail.Add(new Detail.Taken(taker is Lead.OfStreet ? Rung.Street : Rung.Community)));
    }

    /// <summary>Whether the community's tier has anyone on duty: its desk, or a team already ringing there.</summary>
    private static bool CommunityListens(WhistleCall call, bool climbs, Surroundings world) =>
        world.OnDuty.CommunityDesk(call.Community, call.Recusal)
        || (!climbs && call.State is CallState.Ringing && call.Ringing.Any(team => world.OnDuty.CanAnswer(team, call.Recusal)));

    private static ImmutableArray<TeamCode> OtherTeams(WhistleCall call, Surroundings world) =>
        [.. world.Map.TeamsOf(call.Community).Select(t => t.Code)
            .Where(t => !call.Ringing.Contains(t) && !call.Returned.Contains(t) && world.OnDuty.CanAnswer(t, call.Recusal))];

    private static WhistleCall Ring(WhistleCall call, ImmutableArray<TeamCode> others) =>
        others.IsEmpty ? call : call with { Ringing = [.. call.Ringing, .. others], NobodyOnDuty = false };
}
