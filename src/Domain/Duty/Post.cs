using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>The opaque id of a post (岗位). Journals and the feed know posts, never persons.</summary>
public readonly record struct PostId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What a post does in the street.</summary>
public enum PostKind
{
    /// <summary>网格员.</summary>
    GridWorker,

    /// <summary>物业: recused from cases about property management and wherever the caller asks.</summary>
    Property,

    /// <summary>楼长: a volunteer who sees the card, never owes an answer and cannot lead.</summary>
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

/// <summary>A post: what kind, and where it belongs. Team posts have a team and its community; a grid worker has a grid as well.</summary>
public sealed record Post(PostId Id, PostKind Kind, CommunityCode? Community = null, TeamCode? Team = null, GridCode? Grid = null)
{
    /// <summary>The other posts of whoever holds this one: a person in several teams has a post in each, all of one kind.</summary>
    public IReadOnlyList<PostId> Also { get; init; } = [];

    /// <summary>Whether the holder is among these, by whichever post.</summary>
    public bool IsAmong(IReadOnlyCollection<PostId> posts) => posts.Contains(Id) || Also.Any(posts.Contains);

    /// <summary>Whether this kind of post may take a case (接单) for its team. 楼长 may not.</summary>
    public bool MayAcceptForTeam =>
        Team is not null && Kind is PostKind.GridWorker or PostKind.Property or PostKind.Police;
}
