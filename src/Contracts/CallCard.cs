using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>
/// What every watcher sees of a case. Codes only: no free text, no person, neither resident nor staff.
/// A plain JSON object; fields are added over time, never changed in meaning. Times are ISO 8601 with offset.
/// </summary>
public sealed record CallCard
{
    /// <summary>The case number, [A-Z0-9-]{8,24}.</summary>
    public required string CallNo { get; init; }

    /// <summary>Counts the changes of this case from 1, without a hole.</summary>
    public required int Version { get; init; }

    /// <summary>A category code of <c>GET /api/street</c>.</summary>
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

    /// <summary>How far the case has climbed: team, community or street.</summary>
    public required string Rung { get; init; }

    /// <summary>The teams that it rings or that work on it.</summary>
    public required IReadOnlyList<string> Teams { get; init; }

    /// <summary>Who has taken it: the team and the kind of post, never the person. Null while nobody has.</summary>
    public LeadCard? Lead { get; init; }

    public required IReadOnlyList<AnswerCard> Answers { get; init; }

    /// <summary>The next instant at which a clock of this case acts: a warning, a lapse, a closing. Null once closed.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>The instant at which the answer now owed is or was due; boards sort by it. Null once nothing is owed.</summary>
    public DateTimeOffset? BreachAt { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Up to when the clocks stand still; null while they run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SuspendedUntil { get; init; }

    /// <summary>The case that it goes on in; null where it was not merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MergedInto { get; init; }

    /// <summary>The case that it is a child of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parent { get; init; }

    /// <summary>How many other whistles about the same thing it stands for; null where none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Others { get; init; }

    /// <summary>How often the caller has added something since the whistle; null where they have not. What it was stands in the case itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CallerNotes { get; init; }

    /// <summary>What was asked of the tier above and waits: extension, suspension, decline, exemption; null where nothing does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Petitions { get; init; }
}

/// <param name="Team">The team's code; null where a desk has the lead.</param>
/// <param name="Post">gridWorker, property, police, communityDesk or streetDesk.</param>
/// <param name="Community">The community's code; null where the street's desk has the lead.</param>
public sealed record LeadCard(string? Team, string Post, string? Community);

/// <summary>One answer that the case owes (一呼三应), with its own clock.</summary>
public sealed record AnswerCard
{
    /// <summary>Unique within the case: accept, arrive, resolve, resolve2, …</summary>
    public required string Key { get; init; }

    /// <summary>accept, arrive, resolve, acknowledge, or attend: a party that was called to this case.</summary>
    public required string Kind { get; init; }

    /// <summary>Who owes it, as the policy names the party: team, lead, …</summary>
    public required string Party { get; init; }

    public required DateTimeOffset Due { get; init; }

    public required bool Met { get; init; }

    /// <summary>It was not met by its due; stays true when it is met later.</summary>
    public required bool Breached { get; init; }

    /// <summary>The case is not resolved without it.</summary>
    public required bool Required { get; init; }

    /// <summary>When it was met. Null while it is owed.</summary>
    public DateTimeOffset? MetAt { get; init; }

    /// <summary>True where the lead waits for a called party no longer; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Released { get; init; }

    /// <summary>When its clock began to run.</summary>
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

    /// <summary>The city has it; its answer is awaited.</summary>
    public const string HandedUp = "handedUp";

    /// <summary>It goes on in another case; a desk can take it out again.</summary>
    public const string Merged = "merged";
    public const string Declined = "declined";
}

/// <summary>The values of <see cref="CallCard.Flags"/>.</summary>
public static class CallFlags
{
    /// <summary>The caller said that somebody is trapped or in danger.</summary>
    public const string Danger = "danger";

    /// <summary>An exercise; counts in no rate.</summary>
    public const string Drill = "drill";

    /// <summary>Property staff are recused (回避).</summary>
    public const string PropertyRecused = "propertyRecused";

    /// <summary>The resolve clock lapsed: the street supervises (督办).</summary>
    public const string Supervised = "supervised";

    /// <summary>The caller said it was not solved, or the verifier did.</summary>
    public const string Reopened = "reopened";

    /// <summary>The whole ladder was climbed and nobody was on duty.</summary>
    public const string NobodyOnDuty = "nobodyOnDuty";

    /// <summary>A desk has sent this team (指派).</summary>
    public const string Designated = "designated";

    /// <summary>The clocks stand still (挂起).</summary>
    public const string Suspended = "suspended";

    /// <summary>办结 was put off once.</summary>
    public const string Extended = "extended";

    /// <summary>疑难.</summary>
    public const string Difficult = "difficult";

    /// <summary>What is left to do of another case.</summary>
    public const string Child = "child";

    /// <summary>Other whistles about the same thing were merged into it.</summary>
    public const string Joined = "joined";

    /// <summary>A decision of the tier above is awaited.</summary>
    public const string Asked = "asked";
}
