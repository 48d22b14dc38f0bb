using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary><c>POST /api/whistles</c>: a whistle (吹哨). Give exactly one of station, grid and location.</summary>
public sealed record WhistleRequest
{
    public string? Station { get; init; }

    public string? Grid { get; init; }

    public LocationRequest? Location { get; init; }

    /// <summary>A category code, "01"…"26" in the default policy.</summary>
    public string? Category { get; init; }

    /// <summary>The caller's description; up to 2,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Someone is trapped or in danger: raises the case to S1.</summary>
    public bool? Danger { get; init; }

    /// <summary>不让物业知道: property staff are neither called nor shown the case.</summary>
    public bool? HideFromProperty { get; init; }

    public ContactRequest? Contact { get; init; }

    /// <summary>Ids from <c>POST /api/photos</c>.</summary>
    public IReadOnlyList<string>? Photos { get; init; }

    /// <summary>A line from <c>GET /api/standards</c>.</summary>
    public string? Standard { get; init; }

    /// <summary>Only for officers: phone, counter, patrol. A page's whistle has none.</summary>
    public string? Source { get; init; }

    /// <summary>A drill, if an officer says so. Ignored from pages, so a drill cannot hide a real case from the rates.</summary>
    public bool? Drill { get; init; }

    /// <summary>我也遇到: the number of an open case about the same thing, in the same grid and category.</summary>
    public string? Joins { get; init; }

    /// <summary>Only for officers, after <c>phone_unusual</c>: the number is meant as it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Anyway { get; init; }
}

/// <param name="Datum">wgs84 or gcj02.</param>
public sealed record LocationRequest(double? Lat, double? Lon, string? Datum);

/// <summary>How to reach the caller; both optional, up to 40 and 24 characters.</summary>
public sealed record ContactRequest(string? Name, string? Phone);

/// <summary>The answer to a whistle.</summary>
/// <param name="TrackingCode">The capability to follow and rate this one case; keep it secret.</param>
public sealed record WhistleReceipt(string CallNo, string TrackingCode, string TrackingUrl, IReadOnlyList<PromisedAnswer> Answers)
{
    /// <summary>Invalid parts that were left out so the whistle could be accepted: photo, location, phone. Absent if there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>The phone number looks incomplete or does not exist, and nobody has said that it is meant; it was saved all the same. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? PhoneUnusual { get; init; }

    /// <summary>No text message can reach the phone number: a landline, an extension, a service number. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? PhoneNoText { get; init; }
}

public sealed record PromisedAnswer(string Kind, DateTimeOffset Due);

public sealed record LoginRequest(string? UserName, string? Password)
{
    /// <summary>For an account with a second factor: six digits of its app, or a recovery code. Others need none.</summary>
    public string? Code { get; init; }
}

/// <param name="ExpiresIn">Seconds.</param>
public sealed record LoginReply(string AccessToken, int ExpiresIn, string TokenType = "Bearer");

/// <summary><c>GET /api/me</c>: the signed-in account, without its name.</summary>
/// <param name="OnDuty">Whether <paramref name="Post"/> is on duty.</param>
public sealed record Me(string UserName, string Role, string? Post, string? PostKind, string? Team, string? Community, string? Grid, bool OnDuty)
{
    /// <summary>All posts of whoever holds several, their own first; null if it is the only one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MyPost>? Posts { get; init; }
}

/// <summary>One of the posts that a person holds. A request names it in <c>Dispatch-Post</c>, or as <c>?post=</c>.</summary>
public sealed record MyPost(string Post, string PostKind, string? Team, string? Community, string? Grid, bool OnDuty);

public sealed record EvaluationRequest(bool? Solved, string? Satisfaction, string? Words);

/// <summary>Text, photos, or both.</summary>
public sealed record NoteRequest(string? Note)
{
    /// <summary>Ids from <c>POST /api/photos</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Photos { get; init; }

    /// <summary>What staff photos show: before or after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Shows { get; init; }
}

/// <summary>The answer to <c>POST /api/photos</c>: put the id into the <c>photos</c> of a whistle or a note.</summary>
public sealed record PhotoReceipt(string Id);

/// <summary><c>GET /api/calls/{no}/beside</c>: other desks that opened the case within the last ten minutes.</summary>
public sealed record BesideView(IReadOnlyList<BesideLine> Others);

/// <param name="By">communityDesk, streetDesk or leader.</param>
/// <param name="At">When it was opened last.</param>
public sealed record BesideLine(string By, DateTimeOffset At);

/// <summary>A photo of a case; the image is at <c>…/photos/{id}</c>, the small one with <c>?size=small</c>.</summary>
/// <param name="Kind">whistle, note (the caller's or staff's), before or after.</param>
public sealed record CallPhoto(string Id, string Kind, DateTimeOffset At, int Width, int Height)
{
    /// <summary>The change that it came with, as in <see cref="TimelineLine"/>; absent if it came with none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Version { get; init; }
}

public sealed record ResolveRequest(string? Report);

public sealed record VerifyRequest(bool? Passed, string? Note);

public sealed record ReturnRequest(string? Reason, string? Note);

public sealed record AcknowledgeRequest(string? Answer)
{
    /// <summary>Recorded by a desk for a listed party: when the party said so; now if omitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SaidAt { get; init; }

    /// <summary>What a listed party was told and said, as recorded by a desk; up to 1,000 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}

/// <summary>The body of <c>POST /api/calls/{no}/{order}</c>; each order uses the members that name it.</summary>
public sealed record OrderRequest
{
    /// <summary>The reason, up to 1,000 characters; required by orders that take something away.</summary>
    public string? Note { get; init; }

    /// <summary>designate, help: the team's code.</summary>
    public string? Team { get; init; }

    /// <summary>designate: the team that the officer saw assigned, empty for none; refused with <c>designated_meanwhile</c> if another has been since. Absent: whatever stands is replaced.</summary>
    public string? Instead { get; init; }

    /// <summary>correct, child: a category's code.</summary>
    public string? Category { get; init; }

    /// <summary>correct: S1, S2 or S3.</summary>
    public string? Level { get; init; }

    /// <summary>correct: a grid's code.</summary>
    public string? Grid { get; init; }

    /// <summary>summon: a party's code.</summary>
    public string? Party { get; init; }

    /// <summary>attend, release, link, and for an exemption: the key of an answer.</summary>
    public string? Answer { get; init; }

    /// <summary>request, rule: extension, suspension, decline, or exemption (剔除) of one answer's breach.</summary>
    public string? Kind { get; init; }

    /// <summary>request exemption: forceMajeure, outsideCause, caller or system.</summary>
    public string? Reason { get; init; }

    /// <summary>request extension: the number of hours, on the kind of clock of 办结.</summary>
    public double? Hours { get; init; }

    /// <summary>request suspension: its end. handUp: when the city's answer is due.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>handUp: the city's number of the case, 4 to 40 letters, digits, - or _; optional.</summary>
    public string? CityNo { get; init; }

    /// <summary>attend, recorded by a desk: when the party said so; now if omitted.</summary>
    public DateTimeOffset? SaidAt { get; init; }

    /// <summary>rule: granted or denied.</summary>
    public bool? Granted { get; init; }

    /// <summary>merge: the number of the leading case.</summary>
    public string? Into { get; init; }

    /// <summary>emergency: 110, 119, 120 or 122.</summary>
    public string? Number { get; init; }

    /// <summary>callback: reached, noAnswer or refused.</summary>
    public string? Result { get; init; }

    /// <summary>callback, if reached.</summary>
    public bool? Solved { get; init; }

    /// <summary>callback, if reached: satisfied, mostlySatisfied or dissatisfied.</summary>
    public string? Satisfaction { get; init; }
}

/// <summary>A party's link to one case. It is shown once.</summary>
public sealed record LinkReply(string Url, DateTimeOffset Until);

/// <summary>A party's link was sent again.</summary>
/// <param name="Messages">The number of messages: one for each channel that reaches the party.</param>
public sealed record LinkSent(int Messages);

/// <summary><c>GET /api/d/{code}</c>: the case as a called party sees it, without the caller.</summary>
public sealed record PartyView(
    string CallNo, string Party, string PartyName, string PartyNameEn, string Category, string Level, string Grid, string? Station, string State, string Description, DateTimeOffset OpenedAt, DateTimeOffset Due, bool Met, bool Released)
{
    /// <summary>acknowledge if the policy's pack always asks this party; absent if it was called to this case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>True once the party has reported its part of the work done; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Done { get; init; }

    /// <summary>True while the party says that this is not its matter; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Disclaimed { get; init; }
}

/// <summary>A line of <c>GET /api/callbacks</c>: a case that waits for its caller's verdict.</summary>
/// <param name="Phone">Whether the caller left a number; the number itself comes for a logged reason only.</param>
/// <param name="Tries">How often nobody was reached.</param>
public sealed record CallbackLine(string CallNo, bool Phone, int Tries, DateTimeOffset? LastTry);

/// <summary>An open case that may be about the same thing.</summary>
/// <param name="Score">0 to 1, from place, time, category and text.</param>
public sealed record SimilarCall(string CallNo, string Category, string Level, string Grid, string State, DateTimeOffset OpenedAt, double Score);

/// <summary><c>GET /api/track/{code}</c>: the case as its caller sees it.</summary>
public sealed record TrackedCall
{
    /// <summary>Looks on one page.</summary>
    public const int LooksLimit = 30;

    public required string CallNo { get; init; }

    public required int Version { get; init; }

    public required string Category { get; init; }

    public required string Level { get; init; }

    public required string State { get; init; }

    public required string Grid { get; init; }

    public string? Station { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The number the caller left, with its middle hidden; absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Phone { get; init; }

    /// <summary>True while the caller can mend or remove their number; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? CanMendPhone { get; init; }

    /// <summary>The answers, open and given, with their promised times.</summary>
    public required IReadOnlyList<AnswerCard> Steps { get; init; }

    public LeadCard? Lead { get; init; }

    /// <summary>The case is past its resolve deadline (超时, 督办).</summary>
    public required bool Overdue { get; init; }

    public required bool CanWithdraw { get; init; }

    public required bool CanEvaluate { get; init; }

    /// <summary>The deadline for a rating; then the case closes as 未评价.</summary>
    public DateTimeOffset? EvaluateBy { get; init; }

    /// <summary>True if whoever reported it does not rate it: they look out for the street. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? NoRating { get; init; }

    /// <summary>It was merged with similar cases; the steps shown are those of the leading case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Together { get; init; }

    /// <summary>True if the caller has withdrawn and the case continues for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Withdrew { get; init; }

    /// <summary>Each step in a plain sentence, oldest first: no person, no post, nothing hidden.</summary>
    public IReadOnlyList<ToldLine> Told { get; init; } = [];

    /// <summary>While nobody has accepted: how far it has escalated, and what the caller can do. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToldLine? Waits { get; init; }

    /// <summary>The caller's own texts, oldest first.</summary>
    public IReadOnlyList<SaidLine> Said { get; init; } = [];

    /// <summary>Who of the staff looked at the caller's person, words or photos, newest first; at most <see cref="LooksLimit"/>.</summary>
    public IReadOnlyList<LookLine> Looks { get; init; } = [];

    /// <summary>The erasure that was asked for; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Erasure? Erasure { get; init; }

    /// <summary>Child cases for remaining work, which the caller follows and rates; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChildLine>? Children { get; init; }

    /// <summary>Matters that came out of it and are for the caller, such as an errand; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChildMatter>? Matters { get; init; }

    /// <summary>The end of the suspension; null while the clocks run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SuspendedUntil { get; init; }

    /// <summary>首问: the post that stays the caller's contact, never the person.</summary>
    public LeadCard? Guide { get; init; }

    /// <summary>The public telephone of the desk through which the 首问 is reached: the community's, or the street's; absent if neither has one. Never a person's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GuidePhone { get; init; }

    /// <summary>If declined (不予受理): the reason, as written by whoever decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>One step as told to the caller.</summary>
/// <param name="Code">Stable: told_accepted, told_climbed_community, told_returned, waits_street, …</param>
public sealed record ToldLine(DateTimeOffset At, string Code, string Text, string TextEn);

/// <summary>A text by the caller.</summary>
/// <param name="Kind">description, note or evaluation.</param>
public sealed record SaidLine(DateTimeOffset At, string Kind, string Words);

/// <summary>A child of the caller's case, with its own page.</summary>
public sealed record ChildLine(string CallNo, string Category, string State, string TrackingUrl);

/// <summary>A matter that came out of the caller's case and is for them, with its own page.</summary>
public sealed record ChildMatter(string CallNo, Named Procedure, bool IsOpen, string TrackingUrl);

/// <summary><c>GET /api/board</c>: the nearest breaches, read in one snapshot with <see cref="Seq"/>.</summary>
public sealed record Board(string Epoch, long Seq, int Total, IReadOnlyList<CallCard> Calls)
{
    /// <summary>Open matters of other kinds; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MatterCard>? Matters { get; init; }
}

/// <summary><c>GET /api/journal?after=&amp;limit=</c>, or <c>?callNo=</c> for one whole case; for auditors.</summary>
public sealed record JournalPage(string Epoch, long Head, IReadOnlyList<JournalLine> Entries);

/// <summary>One change of one case.</summary>
public sealed record JournalLine
{
    /// <summary>Counts the changes of the street from 1, in commit order, without gaps.</summary>
    public required long Seq { get; init; }

    public required string CallNo { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The post that did it, an opaque id; "caller" for the resident, "clock" for a lapse.</summary>
    public required string By { get; init; }

    /// <summary>What happened: whistled, accepted, arrived, resolved, verified, rejected, evaluated, reopened, returned, withdrawn, warned, lapsed, doubleLapsed, closed, noted, rang, recused, exempted, …</summary>
    public required string What { get; init; }

    /// <summary>The answer or wait of a clock action: accept, arrive, resolve, verify, evaluate.</summary>
    public string? Answer { get; init; }

    /// <summary>When a clock action was due; its lateness is <see cref="At"/> minus this.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Details as codes: climbed:community, skipped:team, reason:noPower, …</summary>
    public required IReadOnlyList<string> Detail { get; init; }

    /// <summary>The case after the change; null in a line about another kind of matter.</summary>
    public required CallCard? Card { get; init; }

    /// <summary>The kind of matter; absent for a whistle.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>The matter after the change, if it follows a procedure; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MatterCard? Matter { get; init; }
}

/// <summary><c>GET /api/street</c>: public, no people.</summary>
public sealed record StreetView(
    string Name,
    string NameEn,
    IReadOnlyList<CommunityView> Communities,
    IReadOnlyList<GridView> Grids,
    IReadOnlyList<StationView> Stations,
    IReadOnlyList<TeamView> Teams,
    IReadOnlyList<CategoryView> Categories)
{
    /// <summary>The telephone of the street's duty desk; null if it has none.</summary>
    public string? DutyPhone { get; init; }

    /// <summary>The parties that a second whistle (部门报到) can call.</summary>
    public IReadOnlyList<PartyNameView> Parties { get; init; } = [];

    /// <summary>How many whistles of one category in one community are a same-cause surge.</summary>
    public SurgeView? Surge { get; init; }

    /// <summary>The time limits promised to a new whistle at each level, by answer.</summary>
    public IReadOnlyList<PromiseView> Promises { get; init; } = [];

    /// <summary>What the street no longer has, by its last name: codes of it still stand in cases and figures. Nothing new can be opened there.</summary>
    public IReadOnlyList<FormerView> Former { get; init; } = [];
}

/// <param name="Kind">The list that it was in: communities, grids, stations, teams, categories or parties.</param>
public sealed record FormerView(string Kind, string Code, string Name, string NameEn);

/// <param name="Answer">The kind of answer: accept, arrive, resolve.</param>
/// <param name="Clock">continuous, serviceHours or workingTime.</param>
/// <param name="Hours">On that clock.</param>
public sealed record PromiseView(string Level, string Answer, string Clock, double Hours);

public sealed record SurgeView(int Minutes, int Cases);

/// <param name="Kind">department, unit, mediation, adviser or specialist.</param>
public sealed record PartyNameView(string Code, string Name, string NameEn, string Kind);

public sealed record CommunityView(string Code, string Name, string NameEn)
{
    /// <summary>The public telephone of its desk; absent if it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DutyPhone { get; init; }
}

/// <param name="Outline">[lat, lon] pairs in WGS-84; the ring closes from the last to the first.</param>
public sealed record GridView(string Code, string Name, string NameEn, string Community, IReadOnlyList<double[]> Outline);

public sealed record StationView(string Code, string Name, string NameEn, string Grid)
{
    /// <summary>[lat, lon] in WGS-84; absent if the street has not said where it stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Position { get; init; }
}

public sealed record TeamView(string Code, string Name, string NameEn, string Community, IReadOnlyList<string> Grids);

/// <param name="Level">The level without danger: S1, S2 or S3.</param>
public sealed record CategoryView(string Code, string Name, string NameEn, string Level);

/// <summary><c>GET /api/calls/{no}</c>: everything about a case, for people working on it. Every access is audited.</summary>
public sealed record CallDetail
{
    public required CallCard Call { get; init; }

    public required string Description { get; init; }

    /// <summary>The caller's contact, partly masked; null if none was left or the requester may not see the caller.</summary>
    public MaskedContact? Contact { get; init; }

    public required IReadOnlyList<CallText> Texts { get; init; }

    public IReadOnlyList<CallPhoto> Photos { get; init; } = [];

    public required IReadOnlyList<TimelineLine> Timeline { get; init; }

    /// <summary>首问: the post that stays the caller's contact, never the person.</summary>
    public LeadCard? Guide { get; init; }

    /// <summary>Requested exemptions (剔除) and the street's decisions.</summary>
    public IReadOnlyList<ExemptionView> Exemptions { get; init; } = [];

    /// <summary>The commands available to the requester now: accept, arrive, resolve, return, verify.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>The keys of the party answers the requester may give now: its own, and for a desk a listed party's; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Acknowledgeable { get; init; }

    /// <summary>The keys of the answers the requester may release; absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Releasable { get; init; }

    /// <summary>What the lead asks for and nobody has decided yet; absent if nothing is asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PleaView>? Petitions { get; init; }

    /// <summary>The extensions usually asked for, the shortest first; absent unless the requester may ask for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExtensionView>? Extensions { get; init; }

    /// <summary>The erasure that was asked for, of a case that has ended; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Erasure? Erasure { get; init; }
}

/// <param name="Answer">The key of the answer that was late.</param>
/// <param name="Reason">forceMajeure, outsideCause, caller or system.</param>
/// <param name="Granted">Null until decided.</param>
public sealed record ExemptionView(string Answer, string Reason, bool? Granted);

public sealed record MaskedContact(string? Name, string? Phone)
{
    /// <summary>When the caller last mended or removed their number; absent if never. Whatever was shown before is no longer theirs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PhoneAt { get; init; }

    /// <summary>True if the caller attached a location; absent otherwise. It comes with the full contact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Position { get; init; }
}

/// <summary>The answer to <c>POST /api/calls/{no}/contact</c>: how to reach the caller. Every access is logged with its reason.</summary>
public sealed record ContactView(string? Name, string? Phone)
{
    /// <summary>The location the caller attached; absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PositionView? Position { get; init; }
}

/// <summary>A location as sent, and in both datums: map links differ in which one they use.</summary>
/// <param name="Datum">wgs84 or gcj02, for <paramref name="Lat"/> and <paramref name="Lon"/>.</param>
/// <param name="Wgs84">[lat, lon].</param>
/// <param name="Gcj02">[lat, lon].</param>
public sealed record PositionView(double Lat, double Lon, string Datum, double[] Wgs84, double[] Gcj02);

/// <summary>A text written on a case.</summary>
/// <param name="Kind">note, resolveReport, verifyNote, evaluation or returnNote.</param>
/// <param name="Version">The change that it came with, as in <see cref="TimelineLine"/>.</param>
public sealed record CallText(string Kind, string By, DateTimeOffset At, string Words, int Version);

/// <param name="By">A kind of post, caller, or clock.</param>
public sealed record TimelineLine(int Version, DateTimeOffset At, string By, string What, string? Answer, IReadOnlyList<string> Detail);

/// <summary>An RFC 9457 problem.</summary>
/// <param name="Title">A sentence in Chinese.</param>
/// <param name="Detail">The same in English.</param>
public sealed record ApiProblem(string Type, string Title, string Detail, int Status, string Code, string TraceId)
{
    /// <summary>For a refused command: the current case, if the requester may see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallCard? Call { get; init; }

    /// <summary>For a lost race: the winner.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RaceWinner? Winner { get; init; }
}

/// <param name="Team">The team's code; null if a desk has the case.</param>
/// <param name="Post">gridWorker, property, police, communityDesk or streetDesk; never the person.</param>
public sealed record RaceWinner(string? Team, string Post);
