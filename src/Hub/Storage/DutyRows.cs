namespace DispatchCenter.Hub.Storage;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>A stretch on duty; open-ended where <see cref="Until"/> is null.</summary>
public sealed class ShiftRow
{
    public const string Planned = "planned";
    public const string Fixed = "fixed";
    public const string Off = "off";

    public long Id { get; set; }

    public required string Post { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset? Until { get; set; }

    /// <summary>Its place in a pattern's plan: unit/pattern/day.kind.seat; empty where it is of none.</summary>
    public string Slot { get; set; } = string.Empty;

    public string State { get; set; } = Fixed;

    public bool Standby { get; set; }

    public int Version { get; set; } = 1;

    public DateTimeOffset ChangedAt { get; set; } = DateTimeOffset.UnixEpoch;
}

public sealed class AccountPostRow
{
    public required string Account { get; set; }

    public required string Post { get; set; }
}

public sealed class PatternRow
{
    public required string Unit { get; set; }

    public required string Code { get; set; }

    public int Version { get; set; }

    public required string Json { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }
}

public sealed class AbsenceRow
{
    public long Id { get; set; }

    public required string Post { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset Until { get; set; }

    /// <summary>sick or leave.</summary>
    public required string Kind { get; set; }
}

/// <summary>A shift that its holder offers to another post, in exchange for one of theirs or for none.</summary>
public sealed class SwapRow
{
    public const string Asked = "asked";

    public long Id { get; set; }

    public long Shift { get; set; }

    /// <summary>Of the shift when it was asked for: where it has changed since, the swap is void.</summary>
    public int ShiftVersion { get; set; }

    public required string ByPost { get; set; }

    public required string WithPost { get; set; }

    public long? ForShift { get; set; }

    public int? ForVersion { get; set; }

    /// <summary>asked, agreed, declined, withdrawn or void.</summary>
    public required string State { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }
}

public sealed class RosterJournalRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }

    public string? ByPost { get; set; }

    public required string What { get; set; }

    public required string Unit { get; set; }

    public string? Post { get; set; }

    public long? Shift { get; set; }

    public DateTimeOffset? FromAt { get; set; }

    public DateTimeOffset? UntilAt { get; set; }

    /// <summary>Codes, separated by a space: what was before, and why.</summary>
    public required string Detail { get; set; }
}

/// <summary>A hand-over's words that are about no case. Erasable.</summary>
public sealed class DutyWordsRow
{
    public long Id { get; set; }

    public required string Unit { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByPost { get; set; }

    public required string Words { get; set; }
}

public sealed class GapRow
{
    public required string Unit { get; set; }

    /// <summary>The beginning of the hour.</summary>
    public DateTimeOffset FromAt { get; set; }

    /// <summary>Whose community is told; null for the street's own.</summary>
    public string? Community { get; set; }

    public DateTimeOffset FoundAt { get; set; }

    /// <summary>Since when the street is told as well.</summary>
    public DateTimeOffset? StreetAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>A calendar feed of a post or of a unit; its code is kept as a hash alone.</summary>
public sealed class RosterFeedRow
{
    public required string Hash { get; set; }

    public required string Account { get; set; }

    public string? Post { get; set; }

    public string? Unit { get; set; }

    public DateTimeOffset At { get; set; }
}
