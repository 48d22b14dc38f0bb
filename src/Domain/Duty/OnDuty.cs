using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>Who is on duty at one instant. Immutable: the roster creates a new one whenever a shift begins or ends.</summary>
public sealed class OnDuty
{
    /// <summary>Nobody is on duty.</summary>
    public static readonly OnDuty Nobody = new([]);

    private readonly FrozenDictionary<PostId, Post> _posts;
    private readonly FrozenDictionary<TeamCode, ImmutableArray<Post>> _acceptersOfTeam;
    private readonly ILookup<CommunityCode, Post> _communityDesks;
    private readonly ImmutableArray<Post> _streetDesks;

    /// <param name="unreachable">Posts on duty that do not count as cover for their team or community desk; null if that rule is off.</param>
    public OnDuty(IEnumerable<Post> posts, IReadOnlySet<PostId>? unreachable = null)
    {
        _posts = posts.ToFrozenDictionary(p => p.Id);
        var counted = _posts.Values.Where(p => unreachable?.Contains(p.Id) is not true).ToArray();
        _acceptersOfTeam = counted.Where(p => p.MayAcceptForTeam)
            .GroupBy(p => p.Team!.Value)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(p => p.Id.Value, StringComparer.Ordinal).ToImmutableArray());
        _communityDesks = counted.Where(p => p is { Kind: PostKind.CommunityDesk, Community: not null }).ToLookup(p => p.Community!.Value);
        _streetDesks = [.. _posts.Values.Where(p => p.Kind == PostKind.StreetDesk)];
    }

    /// <summary>The posts that may accept a case for their team.</summary>
    public IEnumerable<Post> Accepters => _acceptersOfTeam.Values.SelectMany(posts => posts);

    /// <summary>Everyone on duty.</summary>
    public IEnumerable<Post> Posts => _posts.Values;

    /// <summary>Whether a post may act, reachable or not.</summary>
    public bool Contains(PostId post) => _posts.ContainsKey(post);

    /// <summary>Whether anyone at the street's desk may know of this case.</summary>
    public bool StreetDesk(Recusal recusal) => _streetDesks.Any(p => !recusal.Covers(p));

    /// <summary>The same for a community's desk.</summary>
    public bool CommunityDesk(CommunityCode community, Recusal recusal) => _communityDesks[community].Any(p => !recusal.Covers(p));

    /// <summary>Whether a team has anyone on duty who may accept this case.</summary>
    public bool CanAnswer(TeamCode team, Recusal recusal) =>
        _acceptersOfTeam.TryGetValue(team, out var posts) && posts.Any(p => !recusal.Covers(p));

    /// <summary>Who in a team takes over from a post that has left, preferably of the same kind.</summary>
    public Post? Next(TeamCode team, PostKind kind, Recusal recusal) =>
        _acceptersOfTeam.GetValueOrDefault(team, []).Where(p => !recusal.Covers(p)).OrderBy(p => p.Kind != kind).FirstOrDefault();
}

/// <summary>Recusal (回避): whom a case must not ring and is hidden from, content and timing.</summary>
/// <param name="Property">No property staff: a 物业纠纷, or the caller ticked 不让物业知道.</param>
public sealed record Recusal(bool Property)
{
    public static readonly Recusal None = new(false);

    /// <summary>本人回避: posts that have recused themselves, in order.</summary>
    public ImmutableArray<PostId> Posts { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether it is hidden from a post: the person has recused themselves, under whatever post, and gets no other sight by another. A lane's eyes stand for a whole kind of post and have no post id.</summary>
    public bool Covers(Post post) => (Property && post.Kind == PostKind.Property) || (!Posts.IsEmpty && post.IsOrWasAmong(Posts));

    /// <summary>Hidden from everyone either one hides it from.</summary>
    public Recusal And(Recusal other) => new(Property || other.Property) { Posts = [.. Posts, .. other.Posts.Except(Posts)] };

    public bool Equals(Recusal? other) => other is not null && Property == other.Property && Posts.AsSpan().SequenceEqual(other.Posts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Property, Posts.Length);
}
