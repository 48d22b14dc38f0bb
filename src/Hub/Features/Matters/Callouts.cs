using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>
/// 叫应: a warning or a drill that each of the chosen posts has to answer. The call-out is a matter of the street which keeps who is called; each community's posts, and the
/// street's own, are a matter of their own below it, so that their silence climbs to their own community.
/// </summary>
internal static class Callouts
{
    /// <summary>The procedures of the whole and of a part.</summary>
    public const string Whole = "callout", Part = "callout-part";

    /// <summary>The form and the field of what it says.</summary>
    public const string Form = "warning", Text = "text";

    /// <summary>What the whole owes until all parts are sent, and what each post of a part owes.</summary>
    public const string Send = "send", Heard = "heard";

    /// <summary>Among the chosen posts of the whole: those to call, and those that nobody was on duty in.</summary>
    public const string Called = "called", Absent = "absent";

    /// <summary>Whether a matter of this procedure is opened on the page of call-outs alone, or by the system.</summary>
    public static bool IsOne(string procedure) => procedure is Whole or Part or Safety.Procedure;

    /// <summary>The most places and kinds that a choice may name.</summary>
    private const int MostNamed = 500;

    /// <summary>Whether parts of it may still be missing.</summary>
    public static bool IsBeingSent(Proceeding whole) => whole.IsOpen && whole.Visit!.Owed.Any(o => !o.IsMet);

    /// <summary>Both procedures; null if the street has replaced one of them by something that is no call-out.</summary>
    public static (Procedure Whole, Procedure Part)? In(Procedures procedures) =>
        procedures.Find(Whole) is { } whole && Says(whole) && whole.Stages[0] is { AwaitsChildren: true, Asks.IsEmpty: false }
        && procedures.Find(Part) is { } part && Says(part) && part.Stages[0].Asks.Any(a => a.Key == Heard && a.Roles.Any(r => r is Role.Chosen)) ? (whole, part) : null;

    private static bool Says(Procedure procedure) => procedure.FindForm(procedure.Opening)?.Fields.Any(f => f.Key == Text) is true;

    /// <summary>The chosen posts: each person once, whatever posts they hold. A refusal names what does not exist.</summary>
    public static Outcome<(ImmutableArray<Post> Called, ImmutableArray<Post> Absent)> Choose(CalloutChoice? choice, IEnumerable<Post> held, OnDuty onDuty, StreetMap map)
    {
        var (kinds, communities, teams, grids) = (SetOf(choice?.Kinds), SetOf(choice?.Communities), SetOf(choice?.Teams), SetOf(choice?.Grids));
        if (kinds.Count + communities.Count + teams.Count + grids.Count > MostNamed) return new(Outcome.Of(Codes.OutOfBounds));
        if (kinds.FirstOrDefault(kind => Names.Parse<PostKind>(kind) is null) is { } wrong) return new(Outcome.Of("callout_unknown", (wrong, wrong)));
        var unknown = communities.Where(c => map.FindCommunity(c) is null).Concat(teams.Where(t => map.FindTeam(t) is null)).Concat(grids.Where(g => map.FindGrid(g) is null));
        if (unknown.FirstOrDefault() is { } nowhere) return new(Outcome.Of("callout_unknown", (nowhere, nowhere)));
        var teamsOfGrids = grids.SelectMany(g => map.TeamsOf(new GridCode(g))).Select(t => t.Code.Value).ToHashSet();
        var everywhere = communities.Count + teams.Count + grids.Count == 0;
        bool IsThere(Post post) => everywhere || (post.Community is { } c && communities.Contains(c.Value)) || (post.Team is { } t && teams.Contains(t.Value))
            || (post.Grid is { } own ? grids.Contains(own.Value) : post.Team is { } team && teamsOfGrids.Contains(team.Value));
        var (called, absent, taken) = (ImmutableArray.CreateBuilder<Post>(), ImmutableArray.CreateBuilder<Post>(), new HashSet<PostId>());
        var chosen = held.Where(p => (kinds.Count == 0 || kinds.Contains(Names.Camel(p.Kind))) && IsThere(p)).OrderBy(p => p.Id.Value, StringComparer.Ordinal).ToList();
        foreach (var post in chosen.OrderBy(p => !onDuty.Contains(p.Id)))
        {
            if (!taken.Add(post.Id)) continue; // somebody called under another of their posts
            taken.UnionWith(post.Also);
            (onDuty.Contains(post.Id) ? called : absent).Add(post);
        }

        return (called.ToImmutable(), absent.ToImmutable());
    }

    /// <summary>The figures of some posts.</summary>
    /// <param name="limit">How long an answer may take to be in time.</param>
    public static CalloutFigures FiguresOf(IReadOnlyCollection<(bool Answered, TimeSpan Took)> asked, int absent, TimeSpan limit)
    {
        var took = asked.Where(a => a.Answered).Select(a => a.Took).Order().ToList();
        double? median = took.Count == 0 ? null : (took[(took.Count - 1) / 2] + took[took.Count / 2]).TotalSeconds / 2;
        return new CalloutFigures(asked.Count, took.Count, took.Count(t => t <= limit), absent, median);
    }

    private static HashSet<string> SetOf(IReadOnlyList<string>? list) => [.. (list ?? []).Where(s => s is not null)];
}
