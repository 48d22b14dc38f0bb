namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/presence</c>: which on-duty posts can be reached, as far as the requester may see: opaque post ids, never people.</summary>
/// <param name="Online">On-duty posts with a page open, over all nodes.</param>
/// <param name="Unreachable">On-duty posts that must answer but have been unreachable for three minutes, longest first.</param>
/// <param name="Failing">Channels over which nothing leaves at present; for desks and administrators, empty for others.</param>
public sealed record PresenceView(DateTimeOffset At, IReadOnlyList<string> Online, IReadOnlyList<PlacePresence> Places, IReadOnlyList<UnreachablePost> Unreachable, IReadOnlyList<FailingChannel> Failing);

/// <param name="By">The kind of channel: sms, voice, weCom, …</param>
public sealed record FailingChannel(string By, DateTimeOffset Since);

/// <summary>A team, a community's desk or the street's.</summary>
/// <param name="Kind">team, communityDesk or streetDesk.</param>
/// <param name="Code">The code of the team or community; empty for the street.</param>
/// <param name="OnDuty">On-duty posts that must answer.</param>
/// <param name="Online">Those with a page open.</param>
/// <param name="Reachable">On-duty posts that are not unreachable; 0 means that nobody would hear a call.</param>
public sealed record PlacePresence(string Kind, string Code, int OnDuty, int Online, int Reachable);

/// <param name="Kind">gridWorker, property, police, communityDesk or streetDesk.</param>
/// <param name="Since">Since when it has been unreachable.</param>
public sealed record UnreachablePost(string Post, string Kind, string? Team, string? Community, DateTimeOffset Since);
