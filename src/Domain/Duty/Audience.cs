using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>Who of the staff may see a matter of any kind. Unless it is sealed, the desks of its community and of the street may.</summary>
/// <param name="Community">Its community; empty for a matter of the street.</param>
/// <param name="Teams">Members of these teams.</param>
/// <param name="GridWorkers">Also every grid worker of the community, while a whistle awaits 核查.</param>
public sealed record Audience(CommunityCode Community, ImmutableArray<TeamCode> Teams, bool GridWorkers, Recusal Recusal)
{
    /// <summary>密件: only those who are asked, or were.</summary>
    public bool Sealed { get; init; }

    /// <summary>A public notice: every post.</summary>
    public bool Everyone { get; init; }

    /// <summary>Those who are asked, or were, besides everyone above.</summary>
    public ImmutableArray<Respondent> Asked { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>
    /// Whether watchers with the same kind of post in the same team may differ in what they see, because a post is recused or one of them is asked. A lane's
    /// frame is then not right for all of its watchers.
    /// </summary>
    public bool IsParticular => !Recusal.Posts.IsEmpty || Asked.Any(a => a is Respondent.OfPost or Respondent.OfKind { Area: Area.OfGrid });

    public bool Includes(Post post) => post.Kind switch
    {
        _ when Recusal.Covers(post) => false,
        _ when Everyone || IsAsked(post) => true,
        _ when Sealed => false,
        PostKind.StreetDesk or PostKind.Leader => true,
        PostKind.CommunityDesk => post.Community == Community,
        PostKind.GridWorker when GridWorkers && post.Community == Community => true,
        PostKind.GridWorker or PostKind.Police or PostKind.BuildingHead or PostKind.Property => post.Team is { } team && Teams.Contains(team),
        _ => throw new ArgumentOutOfRangeException(nameof(post), post.Kind, null),
    };

    public bool SameAs(Audience other) =>
        Community == other.Community && GridWorkers == other.GridWorkers && Sealed == other.Sealed && Everyone == other.Everyone && Recusal == other.Recusal
        && Teams.AsSpan().SequenceEqual(other.Teams.AsSpan()) && Asked.AsSpan().SequenceEqual(other.Asked.AsSpan());

    private bool IsAsked(Post post)
    {
        foreach (var asked in Asked)
            if (asked.Admits(post)) return true;
        return false;
    }
}
