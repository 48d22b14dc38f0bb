using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>What a post is called: its team or community, its kind and its grid; never who holds it. Posts of one name are told apart by their ids.</summary>
public sealed class PostNames(Roster roster, StreetBook streets)
{
    /// <summary>Every post, by the community or the street it belongs to, in the street's own order.</summary>
    public IEnumerable<IGrouping<string, (string Id, string Name)>> Groups(Wording words)
    {
        var map = streets.Map;
        var order = map.Communities.Select((community, i) => (community.Code.Value, i)).ToDictionary(pair => pair.Value, pair => pair.i);
        return roster.Posts.OrderBy(p => p.Community is { } c ? order.GetValueOrDefault(c.Value, order.Count) : -1).ThenBy(p => p.Team?.Value, StringComparer.Ordinal).ThenBy(p => p.Kind).ThenBy(p => p.Id.Value, StringComparer.Ordinal)
            .GroupBy(p => p.Community is { } c ? words.Pick(streets.PlaceNames.Community(c.Value)) : words.Pick(map.Name, map.NameEn), p => (p.Id.Value, $"{Plain(p, words)} ({p.Id.Value})"));
    }

    /// <summary>The name of a post by its id, or of what else stands in its place: the caller, the clock.</summary>
    public string Of(string id, Wording words) => roster.FindPost(id) is { } post ? Plain(post, words) : words.Has("post." + id) ? words["post." + id] : id;

    private string Plain(Post post, Wording words)
    {
        var kind = words["post." + char.ToLowerInvariant(post.Kind.ToString()[0]) + post.Kind.ToString()[1..]];
        var place = post.Team is { } team ? words.Pick(streets.PlaceNames.Team(team.Value)) : post.Community is { } community ? words.Pick(streets.PlaceNames.Community(community.Value)) : null;
        var grid = post.Grid is { } g ? words.Pick(streets.PlaceNames.Grid(g.Value)) : null;
        return string.Join(' ', new[] { place, kind, grid }.OfType<string>());
    }
}
