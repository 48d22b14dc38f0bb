using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>A unit that must be covered (值守单元): a team, a community's desk, the street's desk, or the leader. "team:01", "community:03", "street", "leader".</summary>
public readonly record struct DutyUnit(string Value)
{
    public static readonly DutyUnit Street = new("street");

    /// <summary>The duty leader (带班领导), in floods and other periods that the street declares.</summary>
    public static readonly DutyUnit Leader = new("leader");

    private const string TeamPrefix = "team:";
    private const string CommunityPrefix = "community:";

    public TeamCode? Team => Value.StartsWith(TeamPrefix, StringComparison.Ordinal) ? new TeamCode(Value[TeamPrefix.Length..]) : null;

    /// <summary>The community of a desk; null for a team.</summary>
    public CommunityCode? Desk => Value.StartsWith(CommunityPrefix, StringComparison.Ordinal) ? new CommunityCode(Value[CommunityPrefix.Length..]) : null;

    public static DutyUnit Of(TeamCode team) => new(TeamPrefix + team.Value);

    public static DutyUnit Of(CommunityCode community) => new(CommunityPrefix + community.Value);

    /// <summary>The unit that a post serves.</summary>
    public static DutyUnit Of(Post post) => post switch
    {
        { Kind: PostKind.StreetDesk } => Street,
        { Kind: PostKind.Leader } => Leader,
        { Team: { } team } => Of(team),
        { Community: { } community } => Of(community),
        _ => throw new ArgumentException($"The post {post.Id} belongs nowhere.", nameof(post)),
    };

    /// <summary>Whether a post covers its unit: in a team only those who may accept (楼长 may not).</summary>
    public static bool Mans(Post post) => post.MayAcceptForTeam || post.Kind is PostKind.CommunityDesk or PostKind.StreetDesk or PostKind.Leader;

    public override string ToString() => Value;
}
