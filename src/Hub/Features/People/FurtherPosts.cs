using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// When a person may hold a post beside their own: of the same kind, because what one may see follows from the kind, and in another team, because a team is
/// called for all of its grids.
/// </summary>
internal static class FurtherPosts
{
    /// <summary>The maximum of posts per person.</summary>
    public const int Most = 6;

    /// <summary>The code of the reason why a person with these posts cannot hold another one; null if they can.</summary>
    /// <param name="held">Their own first.</param>
    public static string? WhyNot(IReadOnlyList<Post> held, Post post) =>
        post.Team is null || held[0].Team is null || post.Kind != held[0].Kind ? "account_post_kind"
        : held.Any(one => one.Team == post.Team) ? "account_in_team"
        : held.Count >= Most ? "account_posts_full"
        : null;

    /// <summary>Gives an account a post beside its own.</summary>
    public static void Add(DispatchDb db, string account, Post post)
    {
        db.Posts.Add(RowOf(post));
        db.AccountPosts.Add(new AccountPostRow { Account = account, Post = post.Id.Value });
    }

    public static PostRow RowOf(Post post) =>
        new() { Id = post.Id.Value, Kind = Names.Camel(post.Kind), Community = post.Community?.Value, Team = post.Team?.Value, Grid = post.Grid?.Value };
}
