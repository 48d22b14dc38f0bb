using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>The ladder 管家队 → 社区 → 街道: a tier with nobody on duty is skipped at once, never waited for.</summary>
internal static class Ladder
{
    /// <summary>Takes a case up to a rung, or past it where that tier is empty; a case never comes down.</summary>
    public static (WhistleCall Call, ImmutableArray<string> Detail) Climb(WhistleCall call, Rung to, Surroundings world, ImmutableArray<string> detail)
    {
        if (call.Rung >= to) return (call, detail);
        if (to == Rung.Community)
        {
            var others = OtherTeams(call, world);
            if (others.IsEmpty && !world.OnDuty.CommunityDesk(call.Community)) return Climb(call, Rung.Street, world, detail.Add("skipped:community"));
            return (Ring(call, others) with { Rung = Rung.Community }, detail.Add("climbed:community"));
        }

        call = call with { Rung = Rung.Street, NobodyOnDuty = !world.OnDuty.StreetDesk };
        return (call, detail.Add(world.OnDuty.StreetDesk ? "climbed:street" : "nobodyOnDuty:street"));
    }

    /// <summary>The community takes the lead, or the street where the community's desk is empty; the team stays attached.</summary>
    public static (WhistleCall Call, ImmutableArray<string> Detail) TakeOver(WhistleCall call, Lead lead, Func<Lead, CallState> state, Surroundings world)
    {
        if (lead is not Lead.OfTeam team) return Climb(call, Rung.Street, world, []);
        (call, var detail) = Climb(call, Rung.Community, world, []);
        Lead taker = world.OnDuty.CommunityDesk(call.Community) ? new Lead.OfCommunity(call.Community) : new Lead.OfStreet();
        if (taker is Lead.OfStreet) (call, detail) = Climb(call, Rung.Street, world, detail.Add("skipped:communityDesk"));
        var attached = call.Attached.Contains(team.Team) ? call.Attached : call.Attached.Add(team.Team);
        return (call with { State = state(taker), Attached = attached }, detail.Add(taker is Lead.OfStreet ? "lead:street" : "lead:community"));
    }

    private static ImmutableArray<TeamCode> OtherTeams(WhistleCall call, Surroundings world) =>
        [.. world.Map.TeamsOf(call.Community).Select(t => t.Code)
            .Where(t => !call.Ringing.Contains(t) && !call.Returned.Contains(t) && world.OnDuty.CanAnswer(t, call.Recusal))];

    private static WhistleCall Ring(WhistleCall call, ImmutableArray<TeamCode> others) =>
        call.State is CallState.Ringing ? call with { Ringing = [.. call.Ringing, .. others] } : call;
}
