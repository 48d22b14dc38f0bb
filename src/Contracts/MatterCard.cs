namespace DispatchCenter.Contracts;

/// <summary>A matter that follows a procedure, as watchers see it: codes only, no text, no person, no post.</summary>
public sealed record MatterCard
{
    /// <summary>Unique among all kinds of matter; [A-Z0-9-]{8,24}.</summary>
    public required string CallNo { get; init; }

    /// <summary>The number of changes, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>See <see cref="MatterKindNames"/>. A node passes on cards of kinds it does not know, so each kind's card has all required members of this one.</summary>
    public required string Kind { get; init; }

    /// <summary>The code of the procedure.</summary>
    public required string Procedure { get; init; }

    /// <summary>The version of the procedure that it keeps.</summary>
    public required int ProcedureVersion { get; init; }

    /// <summary>Empty for a matter of the street.</summary>
    public required string Community { get; init; }

    public string? Grid { get; init; }

    /// <summary>The key of the stage; null once it has ended.</summary>
    public string? Stage { get; init; }

    /// <summary>How it ended; null while it is open.</summary>
    public string? Outcome { get; init; }

    /// <summary>sealed, staff or public.</summary>
    public required string Visibility { get; init; }

    /// <summary>team, community or street.</summary>
    public required string Rung { get; init; }

    /// <summary>drill, cancelled, promiseBroken, nobodyOnDuty, recused.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>The answers owed in this stage.</summary>
    public required IReadOnlyList<OwedCard> Owed { get; init; }

    /// <summary>The start of the stage's clock; null without one.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When the stage is due; null without a clock.</summary>
    public DateTimeOffset? Due { get; init; }

    public required bool Breached { get; init; }

    /// <summary>The time promised to the person it is for; null without a promise.</summary>
    public DateTimeOffset? Promised { get; init; }

    public DateTimeOffset? PromiseKept { get; init; }

    /// <summary>The next instant at which a clock of it acts.</summary>
    public DateTimeOffset? NextDue { get; init; }

    public DateTimeOffset? BreachAt { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? SuspendedUntil { get; init; }

    public string? Parent { get; init; }

    /// <summary>Things taken in with a receipt, such as papers; null if there are none.</summary>
    public int? Items { get; init; }

    /// <summary>Of these, those that have not been given back.</summary>
    public int? ItemsHeld { get; init; }

    /// <summary>Requests that wait for a decision: extension, suspension.</summary>
    public IReadOnlyList<string>? Petitions { get; init; }

    /// <summary>How often somebody outside has written; null if never.</summary>
    public int? CallerNotes { get; init; }

    /// <summary>叫应: it rings for whoever is asked and has not answered; null for anything else.</summary>
    public bool? Rings { get; init; }
}

/// <summary>One answer owed.</summary>
public sealed record OwedCard
{
    public required string Key { get; init; }

    /// <summary>The ask of the procedure.</summary>
    public required string Ask { get; init; }

    /// <summary>Who is asked: a kind of post and where (<c>gridWorker@grid:07</c>), <c>post</c> for a single one, <c>party:justice</c> or <c>caller</c>.</summary>
    public required IReadOnlyList<string> Asked { get; init; }

    public required int Need { get; init; }

    public required int Given { get; init; }

    /// <summary>The item it is about.</summary>
    public int? Item { get; init; }
}

/// <summary>The kinds of matter.</summary>
public static class MatterKindNames
{
    public const string Whistle = "whistle";
    public const string Procedure = "procedure";
}
