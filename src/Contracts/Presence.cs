namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/presence</c>: who of those on duty can be reached, as far as the asker may see: posts by their opaque ids, never a person.</summary>
/// <param name="Online">On-duty posts with a page open, over all nodes.</param>
/// <param name="Unreachable">On-duty posts that owe answers and could not be reached for three minutes, the longest first.</param>
public sealed record PresenceView(DateTimeOffset At, IReadOnlyList<string> Online, IReadOnlyList<PlacePresence> Places, IReadOnlyList<UnreachablePost> Unreachable);

/// <summary>A team, a community's desk or the street's.</summary>
/// <param name="Kind">team, communityDesk or streetDesk.</param>
/// <param name="Code">Of the team or the community; empty for the street.</param>
/// <param name="OnDuty">Posts on duty that owe answers.</param>
/// <param name="Online">Of those, the ones with a page open.</param>
/// <param name="Reachable">Of those on duty, the ones that are not unreachable; 0 means that nobody would hear a call.</param>
public sealed record PlacePresence(string Kind, string Code, int OnDuty, int Online, int Reachable);

/// <param name="Kind">gridWorker, property, police, communityDesk or streetDesk.</param>
/// <param name="Since">Since when nobody could have reached it.</param>
public sealed record UnreachablePost(string Post, string Kind, string? Team, string? Community, DateTimeOffset Since);
