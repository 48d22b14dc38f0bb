using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>A name in both languages.</summary>
public sealed record Named(string Code, string Name, string NameEn);

/// <summary>A procedure that somebody may read: what it asks and where it leads.</summary>
public sealed record ProcedureView
{
    public required string Code { get; init; }

    public required int Version { get; init; }

    public required string Name { get; init; }

    public required string NameEn { get; init; }

    public required string About { get; init; }

    public required string AboutEn { get; init; }

    /// <summary>grid, community or street.</summary>
    public required string Place { get; init; }

    public required string Visibility { get; init; }

    /// <summary>Whether the asker may open one.</summary>
    public required bool MayStart { get; init; }

    /// <summary>It is for somebody outside, who gets a link.</summary>
    public required bool HasCaller { get; init; }

    /// <summary>Filled in when it is opened; null for none.</summary>
    public FormView? Form { get; init; }

    /// <summary>The stages in the order of the document.</summary>
    public required IReadOnlyList<Named> Stages { get; init; }

    /// <summary>Asks whose posts may be chosen when it is opened.</summary>
    public IReadOnlyList<Named>? Chooses { get; init; }
}

/// <summary>A form to fill in.</summary>
public sealed record FormView(string Key, IReadOnlyList<FieldView> Fields);

/// <param name="Kind">text, longText, number, date, choice, yesNo, phone or signature (path data of the strokes).</param>
/// <param name="Privacy">public, staff, reason or sealed.</param>
/// <param name="Max">The most characters of a value.</param>
public sealed record FieldView(string Key, string Name, string NameEn, string Kind, bool Required, string Privacy, int Max, IReadOnlyList<Named>? Choices);

/// <summary>Opens a matter.</summary>
public sealed record MatterRequest
{
    public string? Procedure { get; init; }

    /// <summary>For a procedure at a grid.</summary>
    public string? Grid { get; init; }

    /// <summary>For a procedure at a community.</summary>
    public string? Community { get; init; }

    /// <summary>counter, phone or staff; case if there is a parent.</summary>
    public string? Origin { get; init; }

    /// <summary>The case or matter it comes out of.</summary>
    public string? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public ContactRequest? Contact { get; init; }

    /// <summary>Post ids by ask.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Chosen { get; init; }

    public bool? Drill { get; init; }

    /// <summary>After <c>phone_unusual</c>: the number is meant as it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Anyway { get; init; }
}

/// <summary>A matter was opened.</summary>
/// <param name="TrackingCode">For the person it is for; null if it is for nobody outside.</param>
/// <param name="Promised">The promised time; null without a promise.</param>
public sealed record MatterReceipt(string CallNo, string? TrackingCode, string? TrackingUrl, DateTimeOffset? Promised)
{
    /// <summary>No text message can reach the phone number. Absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? PhoneNoText { get; init; }
}

/// <summary>A command on a matter; each reads the members it needs.</summary>
public sealed record MatterOrder
{
    /// <summary>answer, link: what is owed.</summary>
    public string? Owed { get; init; }

    /// <summary>answer: an outcome; yes, no or abstain; pass or fail; or item.</summary>
    public string? Says { get; init; }

    /// <summary>answer: the form.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    /// <summary>choose: the ask, or what is owed.</summary>
    public string? Key { get; init; }

    /// <summary>choose: post ids.</summary>
    public IReadOnlyList<string>? Posts { get; init; }

    /// <summary>request, rule: extension or suspension.</summary>
    public string? Kind { get; init; }

    /// <summary>request: minutes of the extension.</summary>
    public int? Minutes { get; init; }

    /// <summary>request: the end of the pause, with an offset.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>rule.</summary>
    public bool? Granted { get; init; }

    /// <summary>A reason or a note; request, rule, cancel and note need it.</summary>
    public string? Note { get; init; }

    /// <summary>answer, after <c>phone_unusual</c>: the number is meant as it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Anyway { get; init; }
}

/// <summary>The answer to a command on a matter.</summary>
public sealed record MatterReply
{
    public required bool Ok { get; init; }

    /// <summary>"ok"; "answered_late" if the answer came after its stage and is kept as a note; or a refusal.</summary>
    public required string Code { get; init; }

    public required string Message { get; init; }

    public required string MessageEn { get; init; }

    /// <summary>Null if the asker may not see it.</summary>
    public MatterCard? Matter { get; init; }

    /// <summary>The receipt of an item that was taken in; null for other answers.</summary>
    public string? Receipt { get; init; }
}

/// <summary>A matter that waits for me.</summary>
public sealed record OwedItem
{
    /// <summary>It has climbed to the asker's desk: those who were asked have not answered in time.</summary>
    public required bool Climbed { get; init; }

    /// <summary>Requests that wait for the asker's decision; null if none does.</summary>
    public IReadOnlyList<PleaView>? Decides { get; init; }

    public required MatterCard Matter { get; init; }

    public required Named Procedure { get; init; }

    public required Named Stage { get; init; }

    public required IReadOnlyList<OwedView> Owed { get; init; }

    /// <summary>叫应: it rings until the asker has answered.</summary>
    public bool Rings { get; init; }

    /// <summary>平安确认: it has climbed to the asker's desk because somebody at a scene does not answer.</summary>
    public bool Alarms { get; init; }

    /// <summary>巡查: it is walked from place to place; the places are those of the round.</summary>
    public bool Walks { get; init; }

    /// <summary>What a call-out says; null for anything else, and once it was erased.</summary>
    public string? Text { get; init; }

    /// <summary>What was taken in so far, with its receipts.</summary>
    public required IReadOnlyList<MatterItem> Items { get; init; }
}

/// <summary>A request that waits for a decision.</summary>
/// <param name="Kind">extension, suspension, or of a case: decline.</param>
/// <param name="Minutes">Of the extension, on the clock of the stage or of the case.</param>
/// <param name="Until">Of the pause.</param>
/// <param name="NewDue">When the stage, or the case, would be due after it; null for anything else.</param>
/// <param name="DecideBy">When the decision is due.</param>
public sealed record PleaView(string Kind, int? Minutes, DateTimeOffset? Until, DateTimeOffset? NewDue, DateTimeOffset DecideBy);

/// <summary>An extension that is usually asked for.</summary>
/// <param name="Hours">On the clock of the stage or of the case.</param>
/// <param name="NewDue">When the stage, or the case, would be due after it.</param>
public sealed record ExtensionView(int Hours, DateTimeOffset NewDue);

/// <summary>An answer that the asker may give.</summary>
public sealed record OwedView
{
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required string NameEn { get; init; }

    /// <summary>What may be said, with its names; an item first.</summary>
    public required IReadOnlyList<Named> Says { get; init; }

    /// <summary>The form that goes with it; null for none.</summary>
    public FormView? Form { get; init; }

    /// <summary>The item it is about, as it was described when it was taken in.</summary>
    public MatterItem? Item { get; init; }
}

/// <summary>Something taken in with a receipt.</summary>
/// <param name="Receipt">The number on the receipt.</param>
/// <param name="Values">What was filled in, as far as the asker may read it.</param>
public sealed record MatterItem(int Number, string Receipt, DateTimeOffset At, DateTimeOffset? ReturnedAt, IReadOnlyList<FieldValue> Values);

/// <summary>A value of a form. A value that needs a reason, or is sealed, is null.</summary>
/// <param name="Value">As it was filled in; of a choice its name in Chinese.</param>
/// <param name="Hidden">reason or sealed; null if it is shown.</param>
public sealed record FieldValue(string Key, string Name, string NameEn, string Kind, string? Value, string? Hidden)
{
    /// <summary>The English name of a choice; null for other values.</summary>
    public string? ValueEn { get; init; }
}

/// <summary>What happened in one change, for those who may see the matter.</summary>
/// <param name="By">The kind of post, party, caller or clock.</param>
/// <param name="Facts">What became true, by name: answered, left, entered, skipped, climbed, …</param>
public sealed record MatterLine(int Version, DateTimeOffset At, string By, string What, IReadOnlyList<MatterFact> Facts)
{
    /// <summary>A form filled in with it.</summary>
    public IReadOnlyList<FieldValue>? Values { get; init; }

    /// <summary>A note or reason written with it.</summary>
    public string? Words { get; init; }
}

/// <param name="Name">The kind of fact.</param>
/// <param name="Of">The stage, ask, outcome, role or rung it is about; null for none.</param>
/// <param name="OfName">Its name in Chinese, if the procedure has one.</param>
/// <param name="OfNameEn">Its name in English.</param>
public sealed record MatterFact(string Name, string? Of, string? OfName, string? OfNameEn);

/// <summary>A stage in the line of a matter.</summary>
/// <param name="State">past, now or ahead.</param>
public sealed record MatterStage(string Key, string Name, string NameEn, string State, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? Due, string? Outcome, string? OutcomeName, string? OutcomeNameEn, bool Late);

/// <summary>A matter in full, for those who may see it; every access is logged.</summary>
public sealed record MatterDetail
{
    public required MatterCard Matter { get; init; }

    public required Named Procedure { get; init; }

    public required IReadOnlyList<MatterStage> Stages { get; init; }

    /// <summary>What this stage asks, of whom, and what was answered so far.</summary>
    public required IReadOnlyList<AskedView> Asked { get; init; }

    /// <summary>What the asker may answer now.</summary>
    public required IReadOnlyList<OwedView> Mine { get; init; }

    /// <summary>Requests that wait for a decision, whoever's.</summary>
    public IReadOnlyList<PleaView>? Petitions { get; init; }

    /// <summary>The extensions usually asked for, the shortest first; absent unless the requester may ask for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExtensionView>? Extensions { get; init; }

    public required IReadOnlyList<MatterItem> Items { get; init; }

    public required IReadOnlyList<MatterLine> Timeline { get; init; }

    public required IReadOnlyList<MatterChild> Children { get; init; }

    /// <summary>choose, request, rule, resume, cancel, note, child, link, recuse: what the asker may try.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    public MaskedContact? Contact { get; init; }

    /// <summary>Asks whose posts are still to be chosen.</summary>
    public IReadOnlyList<Named>? Chooses { get; init; }

    /// <summary>The erasure that was asked for, of a matter that has ended; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Erasure? Erasure { get; init; }
}

/// <param name="Who">The kinds of post, and where; party or caller.</param>
/// <param name="OnDuty">How many of those asked are on duty now; null if it is asked of people outside.</param>
public sealed record AskedView(string Key, string Name, string NameEn, IReadOnlyList<RespondentView> Who, int Need, int Given, int? OnDuty, bool Outside);

/// <param name="Role">A kind of post, party or caller.</param>
/// <param name="Area">grid, team, community or street; null for a single post and for people outside.</param>
/// <param name="Code">The code of the area or of the party.</param>
/// <param name="Answered">What they said, in a stage without a vote; null before.</param>
public sealed record RespondentView(string Role, string? Area, string? Code, bool Answered);

public sealed record MatterChild(string CallNo, string? Outcome);

/// <summary>Matters that a desk or a team may see.</summary>
public sealed record MatterList(int Total, IReadOnlyList<MatterCard> Matters, string? Next);

/// <summary>What I owe, nearest due first.</summary>
public sealed record Inbox(IReadOnlyList<OwedItem> Owed);

/// <summary>What was shown for a reason.</summary>
public sealed record MatterReveal(ContactView? Contact, IReadOnlyList<MatterLine> Forms);

/// <summary>A matter as the person it is for reads it through their link, or a party through theirs.</summary>
public sealed record FollowedMatter
{
    public required string CallNo { get; init; }

    public required int Version { get; init; }

    public required Named Procedure { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? Promised { get; init; }

    public DateTimeOffset? PromiseKept { get; init; }

    public required bool Overdue { get; init; }

    public DateTimeOffset? SuspendedUntil { get; init; }

    public required IReadOnlyList<MatterStage> Stages { get; init; }

    /// <summary>What the reader is asked now.</summary>
    public required IReadOnlyList<OwedView> Mine { get; init; }

    public required IReadOnlyList<MatterItem> Items { get; init; }

    /// <summary>What was filled in that is meant for the person it is for: what they asked for, and what came of it. Empty for a party.</summary>
    public IReadOnlyList<FormLine> Told { get; init; } = [];

    /// <summary>What the reader has written, and public notes.</summary>
    public required IReadOnlyList<SaidLine> Said { get; init; }

    /// <summary>As on <see cref="TrackedCall"/>; empty for a party.</summary>
    public IReadOnlyList<LookLine> Looks { get; init; } = [];

    /// <summary>The erasure that was asked for; absent if none was, and for a party.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Erasure? Erasure { get; init; }

    public string? Outcome { get; init; }

    public string? OutcomeName { get; init; }

    public string? OutcomeNameEn { get; init; }

    public required bool CanCancel { get; init; }

    /// <summary>caller or party.</summary>
    public required string Reader { get; init; }
}

/// <param name="Name">What the form was filled in for; null when the matter was opened.</param>
public sealed record FormLine(DateTimeOffset At, string? Name, string? NameEn, IReadOnlyList<FieldValue> Values);

/// <summary>A public notice: nothing but public fields.</summary>
public sealed record PublicMatter(string CallNo, Named Procedure, Named? Stage, DateTimeOffset OpenedAt, DateTimeOffset? Due, string? Outcome, string? OutcomeName, string? OutcomeNameEn, IReadOnlyList<FieldValue> Values);

/// <summary>One row of a dry run.</summary>
/// <param name="Asked">Who would be asked, and how many hold it.</param>
/// <param name="Skipped">Roles that nobody holds.</param>
public sealed record DryRunRow(string Stage, string? Outcome, IReadOnlyList<string> Asked, DateTimeOffset? Due, IReadOnlyList<string> Skipped, string? Next);

/// <summary>A document tried out.</summary>
public sealed record DryRunView(IReadOnlyList<MistakeView> Mistakes, IReadOnlyList<DryRunRow> Rows, IReadOnlyList<string> Unreached);

public sealed record MistakeView(string Member, string Message, string MessageEn);

/// <summary>A procedure document, and where to try it.</summary>
public sealed record ProcedureRequest
{
    /// <summary>The document as JSON text.</summary>
    public string? Document { get; init; }

    public string? Grid { get; init; }

    public string? Community { get; init; }
}

/// <summary>The procedures that the asker may read.</summary>
public sealed record ProcedureList(IReadOnlyList<ProcedureView> Procedures);
