using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Who may see a case.</summary>
public static class Sight
{
    private static readonly Post StreetEyes = new(new PostId("street"), PostKind.StreetDesk);

    /// <summary>The eyes of an account for a board: the community's or the street's, but for what the own post has taken itself out of.</summary>
    public static Post EyesOf(Staff who) => who.Role == Role.Community ? who.Post! : who.Post is { } post ? StreetEyes with { Id = post.Id } : StreetEyes;

    /// <summary>Whether a post may see a case: it is in its audience, or may verify it.</summary>
    internal static bool MaySee(WhistleCall call, Post post) =>
        !call.Recusal.Covers(post) && (call.Audience.Includes(post) || (post.Kind == PostKind.GridWorker && call.State is CallState.Resolved));

    /// <summary>Whether the list for everybody may show a case. Nothing else can be joined: who joins follows its steps.</summary>
    internal static bool IsShownToAll(WhistleCall call) =>
        call is { Drill: false, State: CallState.Ringing or CallState.Accepted or CallState.OnScene or CallState.HandedUp } && call.Recusal == Recusal.None;
}
