using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary><c>POST /api/persons/erase</c>: either a number of a case or matter, or a telephone number, over all of them.</summary>
/// <param name="Reason">requested, consentWithdrawn, purposeMet or unlawful.</param>
public sealed record EraseRequest(string? CallNo, string? Phone, string? Reason);

/// <summary>What was erased, and what will be as soon as it has ended: until then somebody still has to find the caller.</summary>
public sealed record ErasedView(IReadOnlyList<string> Erased, IReadOnlyList<string> Waiting)
{
    /// <summary>The codes of the entries of the register whose fields were erased; null if there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Entries { get; init; }

    /// <summary>The codes of entries that stay, because they are an organisation's, or somebody else's that names the number: they are changed in the register. Null if there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Kept { get; init; }

    /// <summary>Where the number stands besides, and stays until it is changed there; null if nowhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeldElsewhere>? Elsewhere { get; init; }
}

/// <summary><c>POST /api/persons/held</c>: either a number of a case or matter, or a telephone number; for a purpose that is written down with the look.</summary>
public sealed record HeldRequest(string? CallNo, string? Phone, string? Purpose);

/// <summary>What is held of a person (个人信息保护法, article 45), newest first.</summary>
/// <param name="More">There are more cases than one answer holds.</param>
public sealed record HeldView(DateTimeOffset At, IReadOnlyList<HeldCase> Cases, bool More)
{
    /// <summary>Entries of the register in which the telephone number stands; null if there are none, or a case was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeldEntry>? Entries { get; init; }

    /// <summary>Where the number stands besides; null if nowhere, or a case was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeldElsewhere>? Elsewhere { get; init; }
}

/// <summary>What an entry of the register (名册) says, with the fields that are closed otherwise.</summary>
/// <param name="Looks">Who looked it up, newest first.</param>
public sealed record HeldEntry(string Code, Named Kind, string Name, string NameEn, Named Place, IReadOnlyList<FieldValue> Fields, IReadOnlyList<HeldLook> Looks)
{
    /// <summary>The entry is the person's own. Otherwise it is an organisation's or somebody else's, and only the fields are shown in which the number stands.</summary>
    public required bool IsTheirs { get; init; }

    /// <summary>From when it counts; null for always.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant at which it does not count; null for none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The roles that the person holds, and where.</summary>
    public required IReadOnlyList<EntryTie> Holds { get; init; }

    /// <summary>The visits and calls that the home has agreed to, and when it took that back, newest first; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeldConsent>? Consents { get; init; }

    /// <summary>What the household asked to have corrected through its own link, and the answers, newest first; null if there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HeldWords>? Requests { get; init; }

    /// <summary>The person's own link to report by; absent if they have none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeldPersonalLink? Link { get; init; }

    /// <summary>The household's own link; absent if it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeldHouseholdLink? HouseholdLink { get; init; }

    /// <summary>Whether a photo of the person is kept.</summary>
    public bool Photo { get; init; }
}

/// <summary>A household's link.</summary>
/// <param name="At">When it was given in person.</param>
/// <param name="By">The kind of post that gave it.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record HeldHouseholdLink(DateTimeOffset At, string By, DateTimeOffset Until);

/// <summary>What a home has agreed to.</summary>
/// <param name="What">visit or call.</param>
/// <param name="By">The kind of post that took it in person; caller if it came through the household's own link.</param>
/// <param name="EndedAt">Null while it holds.</param>
public sealed record HeldConsent(string What, DateTimeOffset At, string By, DateTimeOffset? EndedAt);

/// <summary>A personal link.</summary>
/// <param name="Since">When it was given or renewed last.</param>
/// <param name="Reports">How many whistles came by it. Which they were is shown by the link alone.</param>
public sealed record HeldPersonalLink(DateTimeOffset Since, int Reports);

/// <summary>Where a telephone number stands besides cases and the register.</summary>
/// <param name="Kind">account: of staff. party: of the policy in force.</param>
public sealed record HeldElsewhere(string Kind, string Code, string Name, string NameEn);

/// <summary>What is held about one case.</summary>
public sealed record HeldCase
{
    public required string CallNo { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required bool IsOver { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public HeldPosition? Position { get; init; }

    /// <summary>What the person wrote and what was written about the case, oldest first.</summary>
    public required IReadOnlyList<HeldWords> Words { get; init; }

    public required IReadOnlyList<CallPhoto> Photos { get; init; }

    /// <summary>Messages to the person.</summary>
    public required IReadOnlyList<HeldMessage> Messages { get; init; }

    /// <summary>Who looked, newest first.</summary>
    public required IReadOnlyList<HeldLook> Looks { get; init; }

    /// <summary>Null if nobody has asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Erasure? Erasure { get; init; }
}

/// <param name="Datum">wgs84 or gcj02.</param>
public sealed record HeldPosition(double Lat, double Lon, string Datum);

/// <param name="By">The kind of post that wrote it, or caller.</param>
public sealed record HeldWords(string CallNo, string Kind, string By, DateTimeOffset At, string Words);

public sealed record HeldMessage(string Event, string Channel, string State, DateTimeOffset At);

/// <param name="By">The kind of post that looked; never the person.</param>
/// <param name="Looked">detail, contact, photo or held; of the register lookup, held or erase.</param>
/// <param name="Reason">Why, if a purpose had to be given; of the register's own purposes the name in Chinese.</param>
public sealed record HeldLook(DateTimeOffset At, string By, string Looked, string? Reason);

/// <summary>A look at a person or their words, as its own caller reads it: role and time (who looked at mine).</summary>
/// <param name="By">The kind of post that looked; never the person.</param>
/// <param name="Looked">detail, contact, photo or held.</param>
public sealed record LookLine(DateTimeOffset At, string By, string Looked);

/// <summary>An erasure that was asked for.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="DoneAt">Null while it waits for the end of the case.</param>
public sealed record Erasure(DateTimeOffset At, DateTimeOffset? DoneAt);
