using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// Recommends whom to send (指派), for a desk: teams with reasons, best first. A post of a team learns whether it is the one
/// recommended, and how many cases it has accepted. Nothing waits for this: a case rings at once.
/// </summary>
public sealed class ChoiceQueries(StaffSight sight, LoadQueries loads, Roster roster, StreetBook streets, PolicyBook policies, TimeProvider time)
{
    /// <summary>The maximum of teams in one answer, besides those of the case's own community.</summary>
    public const int MaxTeams = 12;

    public async Task<Outcome<CandidatesView>> OfAsync(Staff who, string callNo, CancellationToken ct)
    {
        var found = await sight.CaseAsync(who, callNo, ct);
        if (found.Value is not { } call) return new(found);
        var post = who.Post!;
        if (call.State is not (CallState.Ringing or CallState.Accepted or CallState.OnScene)) return new(Outcome.Of(call.IsOpen ? Codes.OutOfTurn : Codes.CallOver));
        var (taken, inHand, ground, rules, now) = (await loads.TakenAsync(ct), await loads.InHandAsync(ct), streets.Ground, policies.Current.Latest.Choice, time.GetUtcNow());
        var matter = Candidates.MatterOf(call, ground);
        var ranked = Choice.Rank(matter, Candidates.For(call, inHand, roster.At(now), ground, rules, taken.Of), rules, now);
        var asked = Candidates.Asked(call.Category, ground.Map, rules);
        if (post.Team is { } mine)
        {
            var first = call.Rings(post) ? ranked.Where(w => w.Who.Team == mine).Select(w => w.Who.Post.Id).FirstOrDefault() : default;
            return new CandidatesView(Names.Camel(rules.Order), [], new OwnChoice(first == post.Id, taken.Of(post.Id), taken.Of(mine)));
        }

        var own = post.Kind == PostKind.CommunityDesk ? call.Community : (CommunityCode?)null;
        var manned = ranked.GroupBy(w => w.Who.Team).Select(g => (Team: ground.Map.FindTeam(g.Key.Value), Posts: g.ToList()))
            .Where(t => t.Team is not null && (own is null || t.Team.Community == own) && !HasIt(call, t.Team.Code)).ToList();
        var empty = ground.Map.TeamsOf(call.Community).Where(t => !HasIt(call, t.Code) && manned.TrueForAll(m => m.Team!.Code != t.Code)).Select(t => (Team: (Team?)t, Posts: new List<Weighed>()));
        var teams = manned.Where((t, i) => i < MaxTeams || t.Team!.Community == call.Community).OrderBy(t => call.Returned.Contains(t.Team!.Code)).Concat(empty)
            .Select(t => View(t.Team!, t.Posts, call, matter, asked));
        return new CandidatesView(Names.Camel(rules.Order), [.. teams], null);

        CandidateTeam View(Team team, List<Weighed> posts, WhistleCall of, Matter what, bool skills)
        {
            var community = ground.Map.TeamsOf(team.Community).Sum(t => taken.Of(t.Code));
            var best = posts.Count > 0 ? posts[0] : (Weighed?)null;
            return new CandidateTeam(team.Code.Value, Names.Camel(ground.NearnessOf(team.Code, of.Grid)), posts.Count, posts.Count(p => p.Who.Tasks.IsEmpty), posts.Sum(p => p.Who.Tasks.Length), taken.Of(team.Code))
            {
                Metres = best is { } near ? (int)near.Metres : null,
                Minutes = best is { } soon ? (int)Math.Ceiling(soon.Arrives.TotalMinutes) : null,
                OnTime = best is { } then ? now + then.Arrives <= what.Due : null,
                Post = best is { } sent ? Names.Camel(sent.Who.Post.Kind) : null,
                Grid = best?.Who.Post.Grid?.Value,
                Skilled = skills && best is { } able ? able.Who.Skilled : null,
                Returned = of.Returned.Contains(team.Code) ? true : null,
                Share = community > 0 ? Math.Round((double)taken.Of(team.Code) / community, 3) : null,
            };
        }
    }

    /// <summary>The current lead: sending that team would change nothing.</summary>
    private static bool HasIt(WhistleCall call, TeamCode team) =>
        call.Lead is Lead.OfTeam lead ? lead.Team == team : call.State is CallState.Ringing && call.Designated == team;
}
