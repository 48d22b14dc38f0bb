using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>The opaque id of a post (岗位). Journal and feed identify posts, never people.</summary>
public readonly record struct PostId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The kinds of post.</summary>
public enum PostKind
{
    /// <summary>网格员.</summary>
    GridWorker,

    /// <summary>物业: recused from cases about property management and whenever the caller asks.</summary>
    Property,

    /// <summary>楼长: a volunteer who sees the card but owes no answer and cannot lead.</summary>
    BuildingHead,

    /// <summary>社区民警.</summary>
    Police,

    /// <summary>社区值班: the desk of one community, the second tier of the ladder.</summary>
    CommunityDesk,

    /// <summary>街道值班员: the desk of the street, the third tier.</summary>
    StreetDesk,

    /// <summary>街道带班领导.</summary>
    Leader,
}

/// <summary>A post: its kind and where it belongs. Team posts have a team and its community; a grid worker also has a grid.</summary>
public sealed record Post(PostId Id, PostKind Kind, CommunityCode? Community = null, TeamCode? Team = null, GridCode? Grid = null)
{
    /// <summary>The holder's other posts: a person in several teams has one post in each, all of one kind.</summary>
    public IReadOnlyList<PostId> Also { get; init; } = [];

    /// <summary>The posts that the holder had and has no more: what they did under them, they did.</summary>
    public IReadOnlyList<PostId> Former { get; init; } = [];

    /// <summary>Whether the holder is among these, under any of their posts.</summary>
    public bool IsAmong(IReadOnlyCollection<PostId> posts) => posts.Contains(Id) || Also.Any(posts.Contains);

    /// <summary>The same, also under a post that was taken from them.</summary>
    public bool IsOrWasAmong(IReadOnlyCollection<PostId> posts) => IsAmong(posts) || Former.Any(posts.Contains);

    /// <summary>Whether this kind of post may accept a case (接单) for its team. 楼长 may not.</summary>
    public bool MayAcceptForTeam =>
        Team is not null && Kind is PostKind.GridWorker or PostKind.Property or PostKind.Police;
}
