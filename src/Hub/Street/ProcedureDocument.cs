namespace DispatchCenter.Hub.Street;

/// <summary>A procedure as people write it. Codes are those of <see cref="Domain.Matters.Procedure"/>; spans are written as in a <see cref="PolicyDocument"/>.</summary>
public sealed record ProcedureDocument
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required string NameEn { get; init; }

    public string? About { get; init; }

    public string? AboutEn { get; init; }

    /// <summary>grid, community or street.</summary>
    public required string Place { get; init; }

    /// <summary>sealed, staff or public; staff by default.</summary>
    public string? Visibility { get; init; }

    /// <summary>Kinds of post: gridWorker, communityDesk, …</summary>
    public required IReadOnlyList<string> Starters { get; init; }

    public bool Caller { get; init; }

    /// <summary>The key of a form.</summary>
    public string? Opening { get; init; }

    public PromiseDocument? Promise { get; init; }

    /// <summary>The key of a stage.</summary>
    public string? Cancelled { get; init; }

    public IReadOnlyList<FormDocument>? Forms { get; init; }

    public required IReadOnlyList<ProcedureStageDocument> Stages { get; init; }
}

/// <param name="Until">The key of a stage.</param>
public sealed record PromiseDocument(string Limit, string Until, IReadOnlyList<string>? On = null);

public sealed record FormDocument(string Key, IReadOnlyList<FieldDocument> Fields);

/// <param name="Kind">text, longText, number, date, choice, yesNo, phone or signature.</param>
/// <param name="Privacy">public, caller, staff, reason or sealed; staff by default.</param>
public sealed record FieldDocument(string Key, string Name, string NameEn, string Kind, bool Required = false, string? Privacy = null, IReadOnlyList<ChoiceOfFieldDocument>? Choices = null);

public sealed record ChoiceOfFieldDocument(string Code, string Name, string NameEn);

/// <param name="Gate">done, vote or sign; done by default.</param>
/// <param name="Quorum">For a vote, and only there.</param>
/// <param name="Majority">For a vote: simple, twoThirds or unanimous; simple by default.</param>
/// <param name="Next">Where each outcome leads.</param>
/// <param name="Until">When the stage ends as <c>lapsed</c>, whoever has answered; the limit before it climbs the ladder.</param>
/// <param name="Rings">Those who are asked are rung until each has answered for themselves.</param>
public sealed record ProcedureStageDocument(
    string Key, string Name, string NameEn, IReadOnlyDictionary<string, PathDocument> Next, string? Gate = null, int? Quorum = null, string? Majority = null, string? Limit = null,
    string? Visibility = null, bool AwaitsChildren = false, IReadOnlyList<AskDocument>? Asks = null, string? Until = null, bool Rings = false);

/// <param name="Roles">A kind of post, party:code, starter, caller, who:ask or chosen.</param>
/// <param name="At">grid, community or street; the place of the procedure by default.</param>
/// <param name="Need">one, all or a number such as "3"; one by default.</param>
public sealed record AskDocument(
    string Key, string Name, string NameEn, IReadOnlyList<string> Roles, string? At = null, bool EachPost = false, string? Need = null, string? Form = null, bool Collects = false,
    string? PerItemOf = null, IReadOnlyList<string>? Barred = null);

/// <param name="To">The key of a stage, or end.</param>
public sealed record PathDocument(string To, string Name, string NameEn);
