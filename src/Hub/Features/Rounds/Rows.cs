using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Rounds;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>A matter that a rhythm has opened.</summary>
public sealed class RoundRow
{
    public required string Rhythm { get; set; }

    public required string Place { get; set; }

    public required string Day { get; set; }

    public required string Matter { get; set; }

    public required string Plan { get; set; }
}

/// <summary>One look at a stop of a round.</summary>
public sealed class RoundLookRow
{
    public required string Matter { get; set; }

    public required string Stop { get; set; }

    public required string Tap { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Whistle { get; set; }

    /// <summary>Of whoever looked; empty in rows of before.</summary>
    public string Post { get; set; } = string.Empty;
}

/// <summary>When the poster of a station was scanned last.</summary>
public sealed class StationScanRow
{
    public required string Station { get; set; }

    public required string Day { get; set; }

    public bool Scanned { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class RoundTables
{
    extension(DispatchDb db)
    {
        public DbSet<RoundRow> Rounds => db.Set<RoundRow>();

        public DbSet<RoundLookRow> RoundLooks => db.Set<RoundLookRow>();

        public DbSet<StationScanRow> StationScans => db.Set<StationScanRow>();
    }
}
