using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>Who could be sent to a case and what they are working on, from the cases a desk knows.</summary>
public static class Candidates
{
    public static Matter MatterOf(WhistleCall call, Ground ground) => new(ground.SiteOf(call.Grid), call.Level, DueOf(call));

    /// <summary>
    /// Every on-duty post that may accept the case for its team. A case led by a post is that post's load; one that is ringing, or whose post
    /// has gone off duty, belongs to the team and counts towards its least loaded post.
    /// </summary>
    /// <param name="call">The case; it is not part of anyone's load.</param>
    /// <param name="others">Open cases.</param>
    /// <param name="taken">Cases each team accepted within 30 days.</param>
    public static ImmutableArray<Candidate> For(WhistleCall call, IEnumerable<WhistleCall> others, OnDuty onDuty, Ground ground, ChoiceRules rules, Func<TeamCode, int> taken)
    {
        var inHand = onDuty.Accepters.ToDictionary(p => p.Id, _ => new List<OpenTask>());
        var ofTeams = new List<(TeamCode Team, Recusal Recusal, OpenTask Task)>();
        foreach (var other in others.Where(o => o.No != call.No && o.Suspended is null))
        {
            var task = TaskOf(other, ground);
            foreach (var (team, post) in HoldersOf(other))
                if (post is { } holder && inHand.TryGetValue(holder, out var tasks)) tasks.Add(task);
                else ofTeams.Add((team, other.Recusal, task));
        }

        var ofTeam = onDuty.Accepters.ToLookup(p => p.Team!.Value);
        foreach (var (team, recusal, task) in ofTeams.OrderBy(t => t.Task.Level).ThenBy(t => t.Task.Due))
            if (ofTeam[team].Where(p => !recusal.Covers(p)).MinBy(p => (inHand[p.Id].Count, p.Id.Value)) is { } least) inHand[least.Id].Add(task);

        var asked = Asked(call.Category, ground.Map, rules);
        return
        [
            .. onDuty.Accepters.Where(p => !call.Recusal.Covers(p)).Select(p => new Candidate(
                p, p.Team!.Value, (p.Grid is { } grid ? ground.SiteOf(grid) : null) ?? ground.SiteOf(p.Team!.Value), OpenTask.InOrder(inHand[p.Id]),
                !asked || Skilled(call.Category, p, ground.Map, rules), taken(p.Team!.Value))),
        ];
    }

    /// <summary>Whether anyone in the street has a skill for the category. If nobody has, nobody lacks it.</summary>
    public static bool Asked(string category, StreetMap map, ChoiceRules rules) =>
        rules.Skills.Values.Any(s => s.Contains(category)) || map.Teams.Any(t => t.Skills.Contains(category));

    private static bool Skilled(string category, Post post, StreetMap map, ChoiceRules rules) =>
        (rules.Skills.TryGetValue(post.Kind, out var kinds) && kinds.Contains(category)) || (map.FindTeam(post.Team!.Value.Value)?.Skills.Contains(category) ?? false);

    /// <summary>Whose load it is: its team's, and that of every team that came to help.</summary>
    private static IEnumerable<(TeamCode Team, PostId? Post)> HoldersOf(WhistleCall call)
    {
        if (HolderOf(call) is { } holder) yield return holder;
        foreach (var help in call.Answers.Where(a => a is { Kind: AnswerKind.Help, Met: not null, Released: false })) yield return (new TeamCode(help.Party), help.Met!.Value.By);
    }

    /// <summary>The team that has it or will have it: a ringing case belongs to its first team. Null if no team has it.</summary>
    private static (TeamCode Team, PostId? Post)? HolderOf(WhistleCall call) => call switch
    {
        { State: CallState.Accepted or CallState.OnScene, Lead: Lead.OfTeam lead } => (lead.Team, lead.Post),
        { State: CallState.Ringing, Ringing: [var first, ..] } => (call.Designated ?? first, null),
        _ => null,
    };

    private static OpenTask TaskOf(WhistleCall call, Ground ground)
    {
        var onScene = call.State is CallState.OnScene;
        var since = call.Owed(onScene ? AnswerKind.Arrive : AnswerKind.Accept)?.Met?.At ?? call.OpenedAt;
        return new OpenTask(ground.SiteOf(call.Grid), call.Level, DueOf(call), onScene, since);
    }

    /// <summary>The due time of 到场, or of 接单 if the pack has no 到场.</summary>
    private static DateTimeOffset DueOf(WhistleCall call) => (call.Owed(AnswerKind.Arrive) ?? call.Owed(AnswerKind.Accept))?.Clock.Due ?? call.OpenedAt;
}
