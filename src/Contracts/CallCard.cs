using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>
/// A case as every watcher sees it. Codes only: no free text, no resident or staff member.
/// A plain JSON object; fields are only added, never changed in meaning. Times are ISO 8601 with offset.
/// </summary>
public sealed record CallCard
{
    /// <summary>The case number, [A-Z0-9-]{8,24}.</summary>
    public required string CallNo { get; init; }

    /// <summary>Counts the changes of this case from 1, without gaps.</summary>
    public required int Version { get; init; }

    /// <summary>A category code from <c>GET /api/street</c>.</summary>
    public required string Category { get; init; }

    /// <summary>S1, S2 or S3.</summary>
    public required string Level { get; init; }

    /// <summary>See <see cref="CallFlags"/>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    public required string Community { get; init; }

    public required string Grid { get; init; }

    public string? Station { get; init; }

    /// <summary>See <see cref="CallStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>How it was reported: page, phone, counter, patrol, informant or child; absent from cards written before it was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>The number under which the city keeps a case that was referred to it; absent if none was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CityNo { get; init; }

    /// <summary>How far the case has escalated: team, community or street.</summary>
    public required string Rung { get; init; }

    /// <summary>The teams that ring or work on it.</summary>
    public required IReadOnlyList<string> Teams { get; init; }

    /// <summary>The lead: the team and the kind of post, never the person. Null if nobody has accepted.</summary>
    public LeadCard? Lead { get; init; }

    public required IReadOnlyList<AnswerCard> Answers { get; init; }

    /// <summary>The next instant at which a clock of this case acts: a warning, a lapse, a closing. Null once closed.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>When the current answer is or was due; boards sort by it. Null once nothing is due.</summary>
    public DateTimeOffset? BreachAt { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The end of the suspension; null while the clocks run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SuspendedUntil { get; init; }

    /// <summary>The leading case after a merge; null if it was not merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MergedInto { get; init; }

    /// <summary>The parent of a child case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parent { get; init; }

    /// <summary>The number of joined whistles about the same thing; null if none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Others { get; init; }

    /// <summary>首问: the teams of those who took the report in and guide its callers; absent if desks do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Guides { get; init; }

    /// <summary>How often the caller has added something since the whistle; null if never. The text is in the case detail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CallerNotes { get; init; }

    /// <summary>The petition awaiting a decision: extension, suspension, decline, exemption; null if none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Petitions { get; init; }
}

/// <param name="Team">The team's code; null if a desk has the lead.</param>
/// <param name="Post">gridWorker, property, police, communityDesk or streetDesk.</param>
/// <param name="Community">The community's code; null if the street's desk has the lead.</param>
public sealed record LeadCard(string? Team, string Post, string? Community);

/// <summary>One answer the case requires (一呼三应), with its own clock.</summary>
public sealed record AnswerCard
{
    /// <summary>Unique within the case: accept, arrive, resolve, resolve2, …</summary>
    public required string Key { get; init; }

    /// <summary>accept, arrive, resolve, acknowledge, attend: a party that was called to this case, or help: a team called to help the lead, whose party is the team's code.</summary>
    public required string Kind { get; init; }

    /// <summary>Who must give it, as named by the policy: team, lead, …</summary>
    public required string Party { get; init; }

    public required DateTimeOffset Due { get; init; }

    public required bool Met { get; init; }

    /// <summary>It missed its due time; stays true if it is met later.</summary>
    public required bool Breached { get; init; }

    /// <summary>The case cannot be resolved without it.</summary>
    public required bool Required { get; init; }

    /// <summary>When it was met. Null if it was not.</summary>
    public DateTimeOffset? MetAt { get; init; }

    /// <summary>True if the lead no longer waits for this party; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Released { get; init; }

    /// <summary>When a called party reported its part of the work done; absent if it has not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>True while a party says that this is not its matter (不归我管); absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Disclaimed { get; init; }

    /// <summary>When its clock started.</summary>
    public required DateTimeOffset From { get; init; }
}

/// <summary>The values of <see cref="CallCard.State"/>.</summary>
public static class CallStates
{
    public const string Ringing = "ringing";
    public const string Accepted = "accepted";
    public const string OnScene = "onScene";
    public const string Resolved = "resolved";
    public const string Verified = "verified";
    public const string Closed = "closed";
    public const string Withdrawn = "withdrawn";

    /// <summary>Referred to the city; its answer is awaited.</summary>
    public const string HandedUp = "handedUp";

    /// <summary>Continues in another case; a desk can unmerge it.</summary>
    public const string Merged = "merged";
    public const string Declined = "declined";
}

/// <summary>The values of <see cref="CallCard.Flags"/>.</summary>
public static class CallFlags
{
    /// <summary>The caller said that someone is trapped or in danger.</summary>
    public const string Danger = "danger";

    /// <summary>A drill; counts in no rate.</summary>
    public const string Drill = "drill";

    /// <summary>Property staff are recused (回避).</summary>
    public const string PropertyRecused = "propertyRecused";

    /// <summary>The resolve clock lapsed: the street supervises (督办).</summary>
    public const string Supervised = "supervised";

    /// <summary>The caller said it was not solved, or verification failed.</summary>
    public const string Reopened = "reopened";

    /// <summary>The top of the ladder was reached with nobody on duty.</summary>
    public const string NobodyOnDuty = "nobodyOnDuty";

    /// <summary>A desk designated this team (指派).</summary>
    public const string Designated = "designated";

    /// <summary>The clocks are paused (挂起).</summary>
    public const string Suspended = "suspended";

    /// <summary>办结 was extended.</summary>
    public const string Extended = "extended";

    /// <summary>疑难.</summary>
    public const string Difficult = "difficult";

    /// <summary>A child case: remaining work from another case.</summary>
    public const string Child = "child";

    /// <summary>Other whistles about the same thing were merged into it.</summary>
    public const string Joined = "joined";

    /// <summary>A petition awaits a decision.</summary>
    public const string Asked = "asked";
}
