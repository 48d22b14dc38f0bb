using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Calls;

/// <summary>The case number, [A-Z0-9-]{8,24}. It reveals nothing about the caller and grants no access.</summary>
public readonly record struct CallNo(string Value)
{
    /// <summary>Whether a text has the form of a case number.</summary>
    public static bool IsOne(string? text) => text is { Length: >= 8 and <= 24 } && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-');

    public override string ToString() => Value;
}

/// <summary>How far a case has escalated: 管家队 → 社区 → 街道.</summary>
public enum Rung
{
    Team,
    Community,
    Street,
}

/// <summary>How an answer was met.</summary>
public readonly record struct Met(DateTimeOffset At, PostId By);

/// <summary>One answer the case requires, with its own clock.</summary>
/// <param name="Key">Unique in the case. A repeated resolve answer is resolve2, resolve3, …</param>
public sealed record Answer(string Key, AnswerKind Kind, string Party, bool Required, Clock Clock, Met? Met)
{
    /// <summary>A called party that is no longer needed.</summary>
    public bool Released { get; init; }

    /// <summary>When a called party reported its part of the work done; null if it has not.</summary>
    public DateTimeOffset? Done { get; init; }

    /// <summary>The party says that this is not its matter, and has not answered since.</summary>
    public bool Disclaimed { get; init; }

    /// <summary>Required from the community's desk or the street's.</summary>
    [JsonIgnore]
    public bool IsOfDesk => Kind == AnswerKind.Acknowledge && (Party == Details.Camel(PostKind.CommunityDesk) || Party == Details.Camel(PostKind.StreetDesk));

    /// <summary>Whether its clock runs while someone works on the case.</summary>
    [JsonIgnore]
    public bool IsOwed => Met is null && !Released;
}

/// <summary>A period in which the clocks were paused.</summary>
public readonly record struct Pause(DateTimeOffset From, DateTimeOffset To);

/// <summary>挂起: the clocks are paused until an instant, or until someone resumes them.</summary>
public sealed record Suspension(DateTimeOffset From, DateTimeOffset Until);

/// <summary>A request to the tier above that awaits a decision, with the decision's own clock.</summary>
/// <param name="By">The requester; someone else decides.</param>
/// <param name="Rank">The requester's tier: <see cref="Rung"/>.</param>
public sealed record Petition(PetitionKind Kind, PostId By, Rung Rank, TimeSpan? Length, DateTimeOffset? Until, Clock Clock)
{
    /// <summary>The key of its clock: decideExtension, …</summary>
    [JsonIgnore]
    public string Key => $"decide{Kind}";
}

/// <summary>剔除: a request to exclude a breach from the score. The breach stays on record.</summary>
/// <param name="By">The requester; someone else decides.</param>
/// <param name="Granted">Null until decided.</param>
public sealed record Exemption(string Answer, ExemptionReason Reason, PostId By, bool? Granted = null);

/// <summary>How the whistle was reported.</summary>
public enum Source
{
    /// <summary>On a station's page.</summary>
    Page,

    /// <summary>Recorded by an officer for a caller on the phone (代录).</summary>
    Phone,

    /// <summary>Recorded by an officer at the counter (代录).</summary>
    Counter,

    /// <summary>Remaining work from another case that has been made safe.</summary>
    Child,

    /// <summary>Seen by a grid worker on patrol (巡查上报).</summary>
    Patrol,

    /// <summary>By the personal link of somebody in the register who looks out for their neighbours (信息员上报).</summary>
    Informant,
}

/// <summary>A whistle (吹哨) as the domain needs it; text and contact are stored elsewhere.</summary>
public sealed record Whistle(CallNo No, Category Category, Grid Grid, Station? Station, bool Danger, bool HideFromProperty, bool Drill, Source Source, Post? By)
{
    /// <summary>The parent of a child case.</summary>
    public CallNo? Parent { get; init; }

    /// <summary>The city standard that applies; null if only the policy sets limits.</summary>
    public AppliedStandard? Standard { get; init; }

    /// <summary>The recusal of a related case, which applies to this one, too.</summary>
    public Recusal Hidden { get; init; } = Recusal.None;
}

/// <summary>首问: whoever took a report in, and where they sit; of this case, or of one that was merged into it.</summary>
/// <param name="No">The case whose caller they guide.</param>
/// <param name="Team">Null for a desk.</param>
/// <param name="Community">Null for the street's desk.</param>
public sealed record GuideSeat(CallNo No, PostId Post, TeamCode? Team, CommunityCode? Community);

/// <summary>The context of a decision. <see cref="Policy"/> is the version at the case's receipt.</summary>
/// <param name="Now">UTC, whole milliseconds.</param>
public sealed record Surroundings(DateTimeOffset Now, Policy Policy, WorkCalendar Calendar, StreetMap Map, OnDuty OnDuty)
{
    /// <summary>The posts that somebody holds, on duty or not.</summary>
    public IReadOnlyCollection<Post> Held { get; init; } = [];
}

/// <summary>
/// One case. Immutable; its life cycle is <see cref="Life.Decide"/>. All times are UTC. It holds only codes: text and personal data are in
/// separate, erasable tables.
/// </summary>
public sealed record WhistleCall : IMatter
{
    public required CallNo No { get; init; }

    /// <summary>The number of changes, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The policy version at receipt; later versions do not affect this case.</summary>
    public required int PolicyVersion { get; init; }

    public required string Category { get; init; }

    public required Level Level { get; init; }

    public required CommunityCode Community { get; init; }

    public required GridCode Grid { get; init; }

    public StationCode? Station { get; init; }

    public required Source Source { get; init; }

    public required bool Danger { get; init; }

    public required bool Drill { get; init; }

    public required Recusal Recusal { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The city standard that set the limit of 办结, if any.</summary>
    public AppliedStandard? Standard { get; init; }

    public required CallState State { get; init; }

    public required Rung Rung { get; init; }

    /// <summary>The teams that ring, or rang when it was accepted.</summary>
    public required ImmutableArray<TeamCode> Ringing { get; init; }

    /// <summary>Teams that stay on the case in addition to the lead.</summary>
    public ImmutableArray<TeamCode> Attached { get; init; } = [];

    /// <summary>Teams that returned it; they are not called again.</summary>
    public ImmutableArray<TeamCode> Returned { get; init; } = [];

    public required ImmutableArray<Answer> Answers { get; init; }

    /// <summary>The posts that took part; none of them may verify.</summary>
    public ImmutableArray<PostId> TookPart { get; init; } = [];

    /// <summary>督办: the resolve clock lapsed.</summary>
    public bool Supervised { get; init; }

    /// <summary>The top of the ladder was reached with nobody on duty.</summary>
    public bool NobodyOnDuty { get; init; }

    /// <summary>How often the caller said it was not solved.</summary>
    public int Reopened { get; init; }

    /// <summary>How often verification failed.</summary>
    public int Rejected { get; init; }

    /// <summary>How often the caller, or a joined caller, added something.</summary>
    public int CallerNotes { get; init; }

    /// <summary>首问负责: the post that took the report and stays the caller's contact; null if that is the community's desk.</summary>
    public PostId? Guide { get; init; }

    /// <summary>Where the guides sit, its own and those of the cases merged into it. A team's sees the case to its end, whoever works on it.</summary>
    public ImmutableArray<GuideSeat> Guides { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The team a desk designated; it may return the case only for lack of authority or safety.</summary>
    public TeamCode? Designated { get; init; }

    /// <summary>A team of another community works, or has worked, on it.</summary>
    public bool Abroad { get; init; }

    public Suspension? Suspended { get; init; }

    /// <summary>Periods in which the clocks were paused, oldest first.</summary>
    public ImmutableArray<Pause> Pauses { get; init; } = [];

    public ImmutableArray<Petition> Petitions { get; init; } = [];

    /// <summary>How much 办结 was extended, on its kind of clock; granted once.</summary>
    public TimeSpan? Extended { get; init; }

    /// <summary>疑难.</summary>
    public bool Difficult { get; init; }

    /// <summary>The parent of a child case, which counts in no rate.</summary>
    public CallNo? Parent { get; init; }

    public ImmutableArray<CallNo> Children { get; init; } = [];

    /// <summary>Whistles about the same thing that were merged into this case.</summary>
    public ImmutableArray<CallNo> Joined { get; init; } = [];

    /// <summary>Joined whistles whose callers have rated since the last verification.</summary>
    public ImmutableArray<CallNo> Evaluated { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Its own caller has withdrawn; it continues for the joined callers.</summary>
    public bool CallerWithdrew { get; init; }

    /// <summary>剔除: requests to exclude breaches from the score, with the street's decisions.</summary>
    public ImmutableArray<Exemption> Exemptions { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>上报: the number under which the city keeps it; null if it gave none.</summary>
    public string? CityNo { get; init; }

    /// <summary>The emergency numbers that someone has called.</summary>
    public ImmutableArray<string> Emergency { get; init; } = [];

    /// <summary>The deadline of the resolution if the case were extended by this much; null if none is owed.</summary>
    public DateTimeOffset? DueIfExtended(TimeSpan by, WorkCalendar calendar) => Owed(AnswerKind.Resolve)?.Clock.Extended(calendar, by).Due;

    /// <summary>Ended for good: nothing brings it back.</summary>
    [JsonIgnore]
    public bool IsOver => State is CallState.Ended and not CallState.Merged;

    /// <summary>It stands on boards, and its clocks run.</summary>
    [JsonIgnore]
    public bool IsOpen => State is not CallState.Ended;

    [JsonIgnore]
    public Lead? Lead => LeadOf(State);

    /// <summary>Its children, and the cases merged into it: what is hidden here is hidden there.</summary>
    [JsonIgnore]
    public ImmutableArray<CallNo> Dependents => [.. Children, .. Joined];

    [JsonIgnore]
    GridCode? IMatter.Grid => Grid;

    /// <summary>The active teams: those ringing, or the lead's and the attached ones.</summary>
    [JsonIgnore]
    public ImmutableArray<TeamCode> Teams => State switch
    {
        CallState.Ringing or CallState.Withdrawn or CallState.Declined or CallState.Merged { Before: CallState.Ringing } => Ringing,
        _ => Lead is Lead.OfTeam lead && !Attached.Contains(lead.Team) ? [lead.Team, .. Attached] : Attached,
    };

    /// <summary>The teams called to help (增援) that have not declined, until the case ends.</summary>
    [JsonIgnore]
    public ImmutableArray<TeamCode> Helpers => !IsOpen || !Answers.Any(a => a.Kind == AnswerKind.Help) ? []
        : [.. Answers.Where(a => a is { Kind: AnswerKind.Help, Released: false }).Select(a => new TeamCode(a.Party)).Distinct().Except(Teams)];

    [JsonIgnore]
    public Audience Audience => new(Community, [.. Teams, .. Helpers, .. GuideTeams.Except(Teams).Except(Helpers)], State is CallState.Resolved, Recusal);

    /// <summary>The teams of the guides. The community's and the street's desks see the case anyway.</summary>
    [JsonIgnore]
    public ImmutableArray<TeamCode> GuideTeams => Guides.IsEmpty ? [] : [.. Guides.Where(g => !Recusal.Posts.Contains(g.Post)).Select(g => g.Team).OfType<TeamCode>().Distinct()];

    /// <summary>Who guides the caller of this case, or of one that was merged into it; null if that is the community's desk, as it is where whoever took the report in may not see the case.</summary>
    public GuideSeat? GuideOf(CallNo no) => Guides.FirstOrDefault(g => g.No == no && !Recusal.Posts.Contains(g.Post) && (g.Team is not null || g.Community is null || g.Community == Community));

    /// <summary>The next instant at which any clock of this case acts; null if none runs.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Pending()?.At;

    /// <summary>When the current answer is or was due; null if there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? BreachAt => State switch
    {
        _ when Suspended is { } suspended => suspended.Until,
        CallState.Ringing or CallState.Accepted or CallState.OnScene => Answers.Where(a => a is { Required: true, IsOwed: true }).Min(a => (DateTimeOffset?)a.Clock.Due),
        CallState.HandedUp s => s.Outside.Due,
        CallState.Resolved s => s.Verify.Due,
        CallState.Verified s => s.Evaluate.Due,
        CallState.Closed or CallState.Withdrawn or CallState.Declined or CallState.Merged => null,
        _ => throw new InvalidOperationException($"Unknown state {State}."),
    };

    /// <summary>Whether it rings a post: its team is called, or the ladder has reached its desk. S1 rings the desks at second 0.</summary>
    public bool Rings(Post post) => !Recusal.Covers(post) && post.Kind switch
    {
        PostKind.StreetDesk or PostKind.Leader => Rung == Rung.Street || Level == Level.S1,
        PostKind.CommunityDesk => post.Community == Community && (Rung >= Rung.Community || Level == Level.S1),
        _ => post.Team is { } team && Ringing.Contains(team),
    };

    /// <summary>Whether the holder of a post reported the case (代录、巡查上报) or took part in it: they may not verify, call back or rate it.</summary>
    public bool HasPartOf(Post post) => post.IsOrWasAmong(TookPart) || (Guide is { } guide && post.IsOrWasAmong([guide]));

    /// <summary>
    /// Whether a post is one to verify it (核查): a grid worker of its community, whether or not they took part; one of another community only if nobody of its own
    /// is left who took no part.
    /// </summary>
    public bool MayBeVerifiedBy(Post post, IEnumerable<Post> held) =>
        State is CallState.Resolved && post.Kind == PostKind.GridWorker && !Recusal.Covers(post)
        && (post.Community == Community || !held.Any(p => p.Kind == PostKind.GridWorker && p.Community == Community && !Recusal.Covers(p) && !HasPartOf(p)));

    /// <summary>Whether a post may have tried to verify it and lost: it was for the grid workers of its community until one of them has.</summary>
    public bool WasVerifiableBy(Post post) =>
        (State is CallState.Verified || (State is CallState.OnScene && Rejected > 0)) && post.Kind == PostKind.GridWorker && post.Community == Community && !Recusal.Covers(post);

    /// <summary>Whether a post may have the caller's contact: it works on the case, verifies it, or is a desk, which decides on it. A team that is only called may not.</summary>
    public bool MayContactCaller(Post post, IEnumerable<Post> held) =>
        post.Kind is PostKind.CommunityDesk or PostKind.StreetDesk || IsWorkedOnBy(post) || MayBeVerifiedBy(post, held);

    /// <summary>Whether a caller of its own rates it and can be telephoned. Whoever looks out for the street, on patrol or by a personal link, does not rate what they reported.</summary>
    public bool HasCaller => Source is not (Source.Patrol or Source.Informant);

    /// <summary>Why the holder of the caller's code, signed in or not, may not rate; null if they may.</summary>
    public Refusal? MayNotEvaluate(Post? signedIn) =>
        !HasCaller ? Refusal.NoCaller : signedIn is not null && HasPartOf(signedIn) ? Refusal.TookPart : null;

    /// <summary>The same for one rating: a joined caller may rate even a case without a caller of its own.</summary>
    internal Refusal? MayNotEvaluate(CallCommand.Evaluate command) =>
        MayNotEvaluate(command.SignedIn) is { } why && (command.Of is null || why != Refusal.NoCaller) ? why : null;

    /// <summary>Whether a post belongs to the lead's team or an attached team.</summary>
    public bool IsWorkedOnBy(Post post) =>
        (post.Team is { } team && Attached.Contains(team)) || Lead switch
        {
            Lead.OfTeam l => post.Team == l.Team,
            Lead.OfCommunity l => post.Kind == PostKind.CommunityDesk && post.Community == l.Community,
            Lead.OfStreet => post.Kind == PostKind.StreetDesk,
            null => false,
            _ => throw new InvalidOperationException($"Unknown lead {Lead}."),
        };

    public Answer? Owed(AnswerKind kind) => Answers.LastOrDefault(a => a.Kind == kind);

    private static Lead? LeadOf(CallState state) => state switch
    {
        CallState.Accepted s => s.Lead,
        CallState.OnScene s => s.Lead,
        CallState.Resolved s => s.Lead,
        CallState.Verified s => s.Lead,
        CallState.Closed s => s.Lead,
        CallState.HandedUp s => s.Lead,
        CallState.Merged s => LeadOf(s.Before),
        CallState.Ringing or CallState.Withdrawn or CallState.Declined => null,
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };

    /// <summary>The earliest act among the running clocks; on a tie, the earlier answer first.</summary>
    internal (string Key, ClockAct Act, DateTimeOffset At)? Pending()
    {
        (string Key, ClockAct Act, DateTimeOffset At)? first = null;
        void Consider(string key, Clock clock)
        {
            if (clock.Next is { } next) At(key, next.Act, next.At);
        }

        void At(string key, ClockAct act, DateTimeOffset at)
        {
            if (first is null || at < first.Value.At) first = (key, act, at);
        }

        switch (State)
        {
            case CallState.Ringing or CallState.Accepted or CallState.OnScene:
                if (Suspended is { } suspended) At(Life.SuspensionKey, ClockAct.Lapse, suspended.Until);
                else
                    foreach (var answer in Answers)
                        if (answer.IsOwed) Consider(answer.Key, answer.Clock);
                foreach (var petition in Petitions) Consider(petition.Key, petition.Clock);
                break;
            case CallState.HandedUp s:
                Consider(Life.OutsideKey, s.Outside);
                break;
            case CallState.Resolved s:
                Consider(Life.VerifyKey, s.Verify);
                break;
            case CallState.Verified s:
                Consider(Life.EvaluateKey, s.Evaluate);
                break;
            case CallState.Closed or CallState.Withdrawn or CallState.Declined or CallState.Merged:
                break;
            default:
                throw new InvalidOperationException($"Unknown state {State}.");
        }

        return first;
    }
}
