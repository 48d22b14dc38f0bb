using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>Who is on duty at one instant. Immutable: the roster makes a new one whenever a shift begins or ends.</summary>
public sealed class OnDuty
{
    /// <summary>Nobody at all.</summary>
    public static readonly OnDuty Nobody = new([]);

    private readonly FrozenDictionary<PostId, Post> _posts;
    private readonly FrozenDictionary<TeamCode, ImmutableArray<Post>> _acceptersOfTeam;
    private readonly FrozenSet<CommunityCode> _communityDesks;

    /// <param name="unreachable">On duty, but where there is nobody else their team or community desk counts as empty; null where that is not asked for.</param>
    public OnDuty(IEnumerable<Post> posts, IReadOnlySet<PostId>? unreachable = null)
    {
        _posts = posts.ToFrozenDictionary(p => p.Id);
        var counted = _posts.Values.Where(p => unreachable?.Contains(p.Id) is not true).ToArray();
        _acceptersOfTeam = counted.Where(p => p.MayAcceptForTeam)
            .GroupBy(p => p.Team!.Value)
            .ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());
        _communityDesks = counted.Where(p => p is { Kind: PostKind.CommunityDesk, Community: not null })
            .Select(p => p.Community!.Value).ToFrozenSet();
        StreetDesk = _posts.Values.Any(p => p.Kind == PostKind.StreetDesk);
    }

    /// <summary>Whether anybody sits at the street's desk.</summary>
    public bool StreetDesk { get; }

    public IEnumerable<Post> Posts => _posts.Values;

    /// <summary>Whether a post may act: reachable or not.</summary>
    public bool Contains(PostId post) => _posts.ContainsKey(post);

    public bool CommunityDesk(CommunityCode community) => _communityDesks.Contains(community);

    /// <summary>Whether a team has somebody on duty who may take this case: only those who may accept count.</summary>
    public bool CanAnswer(TeamCode team, Recusal recusal) =>
        _acceptersOfTeam.TryGetValue(team, out var posts) && posts.Any(p => !recusal.Covers(p));
}

/// <summary>Recusal (回避): whom a case must not ring and from whom it stays hidden, content and timing.</summary>
/// <param name="Property">No property staff: a 物业纠纷, or the caller ticked 不让物业知道.</param>
public sealed record Recusal(bool Property)
{
    public static readonly Recusal None = new(false);

    public bool Covers(Post post) => Property && post.Kind == PostKind.Property;
}
