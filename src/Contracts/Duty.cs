namespace DispatchCenter.Contracts;

/// <summary>A post on a roster: visible to its colleagues and those who manage the roster, never in the feed.</summary>
/// <param name="Unit">team:CODE, community:CODE, street or leader.</param>
/// <param name="Name">The account's sign-in name; null if nobody holds the post.</param>
public sealed record RosterPost(string Id, string Kind, string Unit, string? Grid, string? Name);

/// <summary>One shift.</summary>
/// <param name="Until">Null: round the clock until sign-off.</param>
/// <param name="Pattern">The pattern that generated it.</param>
/// <param name="Fixed">Edited by hand, so no pattern moves it.</param>
/// <param name="Standby">A fallback: on duty only while a unit of the community is unmanned.</param>
public sealed record RosterShift(long Id, int Version, string Post, DateTimeOffset From, DateTimeOffset? Until, string? Pattern, bool Fixed, bool Standby);

/// <summary>Consecutive hours in which a unit is unmanned.</summary>
/// <param name="Fallback">A fallback rota covers them.</param>
public sealed record RosterGap(string Unit, DateTimeOffset From, DateTimeOffset Until, bool Fallback);

/// <summary>The latest version of a unit's pattern.</summary>
public sealed record RosterPattern(string Code, int Version, PatternRequest Pattern);

public sealed record RosterAbsence(string Post, DateTimeOffset From, DateTimeOffset Until, string Kind);

/// <summary><c>GET /api/roster?unit=&amp;from=&amp;to=</c>: one unit, or a whole community, over some days.</summary>
/// <param name="MayEdit">Whether the requester manages this unit.</param>
/// <param name="Units">Every unit the requester may see.</param>
/// <param name="FreeDays">Non-working days: weekends and public holidays.</param>
public sealed record RosterView(
    string Unit, DateOnly From, DateOnly To, DateTimeOffset Now, bool MayEdit, IReadOnlyList<string> Units, IReadOnlyList<DateOnly> FreeDays, IReadOnlyList<RosterPost> Posts,
    IReadOnlyList<RosterShift> Shifts, IReadOnlyList<RosterGap> Gaps, IReadOnlyList<RosterAbsence> Absences, IReadOnlyList<RosterPattern> Patterns);

/// <summary><c>GET /api/roster/tonight</c>: who is on duty from now until eight in the morning, in every unit that the requester manages.</summary>
public sealed record RosterNight(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<RosterPost> Posts, IReadOnlyList<RosterNightUnit> Units);

/// <param name="Shifts">Those that overlap the night, the earliest first.</param>
public sealed record RosterNightUnit(string Unit, IReadOnlyList<RosterShift> Shifts, IReadOnlyList<RosterGap> Gaps);

/// <summary><c>POST /api/roster/shifts</c> and its changes.</summary>
public sealed record ShiftRequest
{
    public string? Post { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool? Standby { get; init; }

    /// <summary>The shift's version as seen; the change is rejected if it has moved since.</summary>
    public int? Version { get; init; }
}

/// <summary><c>POST /api/roster/patterns</c>: a duty pattern of one unit: kinds of shift, a cycle of days, and crews that rotate through it.</summary>
public sealed record PatternRequest
{
    /// <summary>team:CODE, community:CODE, street or leader.</summary>
    public string? Unit { get; init; }

    /// <summary>The pattern's name within the unit: 1–24 lower-case letters, digits or hyphens.</summary>
    public string? Code { get; init; }

    /// <summary>What people call it, 1–24 characters; without one, its code.</summary>
    public string? Name { get; init; }

    public DateOnly? Start { get; init; }

    public DateOnly? End { get; init; }

    /// <summary>A community's fallback rota.</summary>
    public bool? Standby { get; init; }

    public IReadOnlyList<ShiftKindRequest>? Kinds { get; init; }

    /// <summary>The shift codes for each day of the cycle; empty means a day off.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Cycle { get; init; }

    /// <summary>The posts of each crew.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Crews { get; init; }

    /// <summary>The offset in days from one crew to the next.</summary>
    public int? Stride { get; init; }

    /// <summary>Withdraws it and removes future shifts that nobody has edited.</summary>
    public bool? Withdrawn { get; init; }
}

/// <param name="From">"08:00" in Asia/Shanghai.</param>
/// <param name="Until">"20:00"; if not after <paramref name="From"/>, it is on the next day.</param>
/// <param name="Days">every, working or free.</param>
public sealed record ShiftKindRequest(string? Code, string? From, string? Until, string? Days);

/// <summary><c>POST /api/roster/generate</c>: these days of these units, by default all that the requester manages. <c>POST /api/roster/absences</c> and <c>…/retire</c>: of a post.</summary>
public sealed record RosterRangeRequest
{
    public string? Unit { get; init; }

    public DateOnly? FromDay { get; init; }

    public DateOnly? ToDay { get; init; }

    public string? Post { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>absences: sick or leave.</summary>
    public string? Kind { get; init; }

    /// <summary>posts: the account that gets another post, and that post's team.</summary>
    public string? UserName { get; init; }

    public string? Team { get; init; }
}

/// <summary>The result of a bulk edit: how many shifts were created, moved and dropped, and for a file the rejected lines.</summary>
public sealed record RosterTaken(int Made, int Moved, int Dropped, IReadOnlyList<RosterRefused> Refused);

public sealed record RosterRefused(int Line, string Code, string Message, string MessageEn);

/// <summary>One line of the roster's journal: codes and ids only.</summary>
public sealed record RosterLine(long Id, DateTimeOffset At, string By, string? ByPost, string What, string Unit, string? Post, long? Shift, DateTimeOffset? From, DateTimeOffset? Until, string Detail);

public sealed record RosterPage(IReadOnlyList<RosterLine> Lines);

/// <summary>A calendar feed's address: anyone who knows it can read the feed until it is revoked. Shown once.</summary>
public sealed record RosterFeed(string Url);

/// <summary><c>GET /api/duty</c>: the requester's own duty.</summary>
/// <param name="Until">When the current duty ends; null while off duty, or round the clock.</param>
public sealed record DutyView(
    string? Post, bool OnDuty, DateTimeOffset? Until, IReadOnlyList<RosterPost> Posts, IReadOnlyList<RosterPost> Colleagues, IReadOnlyList<RosterShift> Shifts, IReadOnlyList<SwapView> Swaps,
    IReadOnlyList<RosterGap> Gaps, IReadOnlyList<DutyNote> Notes);

/// <summary>A hand-over note for the next shift of the same unit.</summary>
/// <param name="By">The kind of post.</param>
public sealed record DutyNote(DateTimeOffset At, string By, string Words);

/// <summary>A shift offered to a colleague, for one of theirs or for nothing.</summary>
/// <param name="State">asked, agreed, declined, withdrawn or void.</param>
/// <param name="Mine">Whether the requester offered it; otherwise it was offered to them.</param>
public sealed record SwapView(long Id, string State, bool Mine, string By, string With, RosterShift? Shift, RosterShift? For);

/// <summary><c>POST /api/duty/take|signOff|leave|note|feed</c>: each uses the members that name it.</summary>
public sealed record DutyRequest
{
    /// <summary>take: a gap of this unit, with from and until; without it the requester goes on duty now.</summary>
    public string? Unit { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>signOff, note: for the next shift, up to 1,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>leave: sick or leave.</summary>
    public string? Kind { get; init; }

    /// <summary>signOff, handOver: the keys of <see cref="HandOverItem"/> that were ticked.</summary>
    public IReadOnlyList<string>? Ticked { get; init; }
}

/// <summary><c>GET /api/duty/handOver</c>: what one shift passes to the next, from the board as it stands.</summary>
/// <param name="Last">The latest hand-over of the asker's unit.</param>
public sealed record HandOverView(DateTimeOffset AsOf, IReadOnlyList<HandOverItem> Items, HandOverLine? Last);

/// <summary>One thing to tick: a case, a surge, or the rest of a kind.</summary>
/// <param name="Key">KIND:CASE, flood:CATEGORY@COMMUNITY, or KIND:rest.</param>
/// <param name="Kind">urgent, late, decision or flood.</param>
/// <param name="CallNo">Null for a surge and for the rest.</param>
/// <param name="Count">How many cases it stands for.</param>
public sealed record HandOverItem(string Key, string Kind, string? CallNo, string? Category, string? Community, string? Grid, int Count);

/// <param name="What">tookOver or handedOver.</param>
/// <param name="By">The kind of post.</param>
/// <param name="Ticked">How many items were; which ones, only the auditor reads, because a reader may since be recused from a case.</param>
/// <param name="Left">How many stood on the board then and were not ticked.</param>
public sealed record HandOverLine(DateTimeOffset At, string What, string By, int Ticked, int Left);

/// <summary><c>POST /api/duty/swaps</c>.</summary>
/// <param name="With">The colleague's post.</param>
/// <param name="For">A shift of theirs in exchange; none for a favour.</param>
public sealed record SwapRequest(long? Shift, string? With, long? For);

/// <summary><c>GET /api/duty/gaps</c>: upcoming gaps reported to the requester.</summary>
public sealed record DutyGaps(DateTimeOffset AsOf, IReadOnlyList<RosterGap> Gaps);

/// <summary>When units must be covered, and the seasons (汛期) with a duty leader. <c>POST /api/roster/rules</c>.</summary>
public sealed record DutyRules
{
    /// <summary>"00:00-24:00" by kind of unit: team, community, street.</summary>
    public IReadOnlyDictionary<string, string>? Hours { get; init; }

    /// <summary>Periods in which the leader's duty must be covered round the clock.</summary>
    public IReadOnlyList<DutySeason>? Seasons { get; init; }
}

public sealed record DutySeason(DateTimeOffset From, DateTimeOffset Until);
