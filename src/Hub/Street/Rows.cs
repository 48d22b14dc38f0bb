using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

#pragma warning disable CS1591 // columns are described in the migrations
public sealed class PostRow
{
    public required string Id { get; set; }

    public required string Kind { get; set; }

    public string? Community { get; set; }

    public string? Team { get; set; }

    public string? Grid { get; set; }

    /// <summary>Since when nobody is called under it.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}

/// <summary>A period on duty; open-ended if <see cref="Until"/> is null.</summary>
public sealed class ShiftRow
{
    public const string Planned = "planned";
    public const string Fixed = "fixed";
    public const string Off = "off";

    public long Id { get; set; }

    public required string Post { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset? Until { get; set; }

    /// <summary>Its place in a pattern's plan: unit/pattern/day.kind.seat; empty if it has none.</summary>
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

    /// <summary>Codes separated by spaces: the previous value, and the reason.</summary>
    public required string Detail { get; set; }
}

/// <summary>A session that was signed out before it expired.</summary>
public sealed class EndedSessionRow
{
    public required string Session { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>二次验证: the second factor of an account; there is none until a code has proved it.</summary>
public sealed class SecondFactorRow
{
    public const string SecretColumn = "second_factors.secret";

    public required string Account { get; set; }

    /// <summary>In base32, as an app takes it.</summary>
    public required Encrypted Secret { get; set; }

    /// <summary>The last step whose code was accepted, in steps of 30 s since 1970.</summary>
    public long Step { get; set; }

    public DateTimeOffset SinceAt { get; set; }
}

/// <summary>恢复码: one that has not been used.</summary>
public sealed class RecoveryCodeRow
{
    public required string Account { get; set; }

    /// <summary>Keyed: nothing can be tried out without the keys' folder.</summary>
    public required string Hash { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class StreetTables
{
    extension(DispatchDb db)
    {
        public DbSet<PostRow> Posts => db.Set<PostRow>();

        public DbSet<ShiftRow> Shifts => db.Set<ShiftRow>();

        public DbSet<AccountPostRow> AccountPosts => db.Set<AccountPostRow>();

        public DbSet<RosterJournalRow> RosterJournal => db.Set<RosterJournalRow>();

        public DbSet<EndedSessionRow> EndedSessions => db.Set<EndedSessionRow>();

        public DbSet<SecondFactorRow> SecondFactors => db.Set<SecondFactorRow>();

        public DbSet<RecoveryCodeRow> RecoveryCodes => db.Set<RecoveryCodeRow>();
    }
}
