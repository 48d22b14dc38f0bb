using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Matters;

/// <summary>Who is asked: roles resolved to those who hold them at the place of a matter.</summary>
public static class Roles
{
    /// <summary>The most posts that one ask can name.</summary>
    public const int MaxPosts = 60;

    /// <summary>
    /// Where somebody holds a kind of post, looking outwards from the place: grid, its teams, community, street. Null if nobody does anywhere.
    /// </summary>
    /// <param name="free">Whether a post may be asked at all.</param>
    public static Area? Resolve(PostKind kind, IEnumerable<Area> outwards, IEnumerable<Post> held, Func<Post, bool> free)
    {
        var able = held.Where(p => p.Kind == kind && free(p)).ToArray();
        return able.Length == 0 ? null : outwards.FirstOrDefault(area => able.Any(area.Holds));
    }

    /// <summary>The areas around a matter, from the given kind of place outwards.</summary>
    public static IEnumerable<Area> Around(Proceeding matter, PlaceKind from)
    {
        if (from == PlaceKind.Grid && matter.Grid is { } grid)
        {
            yield return new Area.OfGrid(grid);
            foreach (var team in matter.Teams) yield return new Area.OfTeam(team);
        }

        if (from <= PlaceKind.Community && matter.Community.Value.Length > 0) yield return new Area.OfCommunity(matter.Community);
        yield return new Area.OfStreet();
    }

    /// <summary>Whether a post has done one of the asks that bar it from this one.</summary>
    public static bool IsBarred(Ask ask, Post post, Proceeding matter) => !ask.Barred.IsEmpty && (
        (ask.Barred.Contains("starter") && post.IsOrWasAmong([matter.Starter]))
        || matter.Given.Concat(matter.Visit?.Owed.SelectMany(o => o.Answers) ?? []).Any(g => ask.Barred.Contains(g.Ask) && Proceeding.IsBy(g, post))
        || matter.Items.Any(i => ask.Barred.Contains(i.Ask) && i.By.Admits(post)));

    /// <summary>What a stage owes: who is asked for each ask, and in which roles nobody could be. An ask is never left without anyone: the desk answers for it.</summary>
    internal static (ImmutableArray<Owed> Owed, ImmutableArray<Fact.Skipped> Skipped) Ask(Stage stage, int round, Proceeding matter, MatterWorld world)
    {
        var (owed, skipped) = (ImmutableArray.CreateBuilder<Owed>(), ImmutableArray.CreateBuilder<Fact.Skipped>());
        foreach (var ask in stage.Asks)
        {
            if (ask.PerItemOf is { } items && !matter.Items.Any(i => i.Ask == items && i.ReturnedAt is null)) continue;
            var asked = Asked(ask, matter, world, skipped);
            var need = stage.Gate is Gate.Vote ? asked.Length : ask.Need.Of(asked.Length);
            var key = round == 1 ? ask.Key : $"{ask.Key}{round}";
            if (ask.PerItemOf is null) owed.Add(new Owed(key, ask.Key, asked, need));
            else owed.AddRange(matter.Items.Where(i => i.Ask == ask.PerItemOf && i.ReturnedAt is null).Select(i => ForItem(key, ask, i, asked, need)));
        }

        return (owed.ToImmutable(), skipped.ToImmutable());
    }

    internal static Owed ForItem(string key, Ask ask, Item item, ImmutableArray<Respondent> asked, int need) => new($"{key}-{item.Number}", ask.Key, asked, need) { Item = item.Number };

    /// <summary>Those asked for one ask, in the order of its roles.</summary>
    internal static ImmutableArray<Respondent> Asked(Ask ask, Proceeding matter, MatterWorld world, ImmutableArray<Fact.Skipped>.Builder skipped)
    {
        var found = new List<Respondent>();
        bool Free(Post post) => !matter.Recusal.Covers(post) && !IsBarred(ask, post, matter);
        foreach (var role in ask.Roles)
        {
            Respondent[] asked = role switch
            {
                Role.OfKind kind when Resolve(kind.Kind, Around(matter, ask.At ?? world.Procedure.Place), world.Held, Free) is { } area => ask.EachPost
                    ? [.. world.Held.Where(p => p.Kind == kind.Kind && area.Holds(p) && Free(p)).OrderBy(p => p.Id.Value, StringComparer.Ordinal).Take(MaxPosts).Select(p => new Respondent.OfPost(p.Id))]
                    : [new Respondent.OfKind(kind.Kind, area)],
                Role.OfKind => [],
                Role.OfParty party => world.Policy.FindParty(party.Code) is null ? [] : [new Respondent.OfParty(party.Code)],
                Role.Starter => Holding([matter.Starter], world, Free),
                Role.Caller => [new Respondent.Caller()],
                Role.WhoDid did => matter.Given.LastOrDefault(g => g.Ask == did.Ask)?.By switch
                {
                    Respondent.OfPost post => Holding([post.Post], world, Free),
                    { } outside => [outside],
                    null => [],
                },
                Role.Chosen => Holding(matter.Chosen.GetValueOrDefault(ask.Key, []), world, Free),
                _ => throw new InvalidOperationException($"Unknown role {role}."),
            };
            if (asked.Length == 0) skipped.Add(new Fact.Skipped(ask.Key, role.ToString()!));
            found.AddRange(asked);
        }

        return found.Count > 0 ? OncePerPerson(found, world) : [Desk(matter, world, Free)];
    }

    /// <summary>Nobody is asked for the same answer under two of their posts: they could only give one.</summary>
    internal static ImmutableArray<Respondent> OncePerPerson(IEnumerable<Respondent> found, MatterWorld world)
    {
        var asked = ImmutableArray.CreateBuilder<Respondent>();
        foreach (var one in found)
        {
            var holder = one is Respondent.OfPost post ? world.Held.FirstOrDefault(p => p.Id == post.Post) : null;
            if (!asked.Any(a => a == one || (holder is not null && a is Respondent.OfPost && a.Admits(holder)))) asked.Add(one);
        }

        return asked.ToImmutable();
    }

    /// <summary>Who answers where nobody else can be asked: the community's desk, or the street's.</summary>
    internal static Respondent Desk(Proceeding matter, MatterWorld world, Func<Post, bool> free) =>
        matter.Community.Value.Length > 0 && world.Held.Any(p => p.Kind == PostKind.CommunityDesk && p.Community == matter.Community && free(p))
            ? new Respondent.OfKind(PostKind.CommunityDesk, new Area.OfCommunity(matter.Community))
            : new Respondent.OfKind(PostKind.StreetDesk, new Area.OfStreet());

    /// <summary>Whether anybody could still answer as this respondent.</summary>
    internal static bool IsHeld(Respondent asked, MatterWorld world, Func<Post, bool> free) => asked is Respondent.OfParty or Respondent.Caller || world.Held.Any(p => asked.Admits(p) && free(p));

    private static Respondent[] Holding(IEnumerable<PostId> posts, MatterWorld world, Func<Post, bool> free) =>
        [.. posts.Where(id => world.Held.Any(p => p.IsAmong([id]) && free(p))).Select(id => new Respondent.OfPost(id))];
}
