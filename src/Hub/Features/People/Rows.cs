using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

#pragma warning disable CS1591 // columns are described in the migrations
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

/// <summary>A shift offered to another post, in exchange for one of theirs or for nothing.</summary>
public sealed class SwapRow
{
    public const string Asked = "asked";

    public long Id { get; set; }

    public long Shift { get; set; }

    /// <summary>The shift's version when the swap was requested; if it has changed since, the swap is void.</summary>
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

/// <summary>A hand-over note that belongs to no case. Erasable.</summary>
public sealed class DutyWordsRow
{
    public const string WordsColumn = "duty_words.words";

    public long Id { get; set; }

    public required string Unit { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByPost { get; set; }

    public required Encrypted Words { get; set; }

    /// <summary>Random, so that the digest in the audit chain tells nothing once the row is erased.</summary>
    public string Salt { get; set; } = Kernel.Audit.Salt.New();
}

public sealed class GapRow
{
    public required string Unit { get; set; }

    /// <summary>The start of the hour.</summary>
    public DateTimeOffset FromAt { get; set; }

    /// <summary>The community to notify; null for the street's own units.</summary>
    public string? Community { get; set; }

    public DateTimeOffset FoundAt { get; set; }

    /// <summary>Since when the street has been notified as well.</summary>
    public DateTimeOffset? StreetAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>A calendar feed of a post or a unit; only a hash of its code is stored.</summary>
public sealed class RosterFeedRow
{
    public required string Hash { get; set; }

    public required string Account { get; set; }

    public string? Post { get; set; }

    public string? Unit { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class PeopleTables
{
    extension(DispatchDb db)
    {
        public DbSet<PatternRow> Patterns => db.Set<PatternRow>();

        public DbSet<AbsenceRow> Absences => db.Set<AbsenceRow>();

        public DbSet<SwapRow> Swaps => db.Set<SwapRow>();

        public DbSet<DutyWordsRow> DutyWords => db.Set<DutyWordsRow>();

        public DbSet<GapRow> Gaps => db.Set<GapRow>();

        public DbSet<RosterFeedRow> RosterFeeds => db.Set<RosterFeedRow>();
    }
}
