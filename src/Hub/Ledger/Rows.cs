using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>The street's head: one row. Only the holder of its lock writes.</summary>
public sealed class HeadRow
{
    public required string Street { get; set; }

    /// <summary>Changes when the database is restored from a backup.</summary>
    public required string Epoch { get; set; }

    /// <summary>The last committed sequence number.</summary>
    public long Seq { get; set; }

    /// <summary>The day (Asia/Shanghai, yyMMdd) whose whistles <see cref="DayCount"/> counts.</summary>
    public required string Day { get; set; }

    public long DayCount { get; set; }
}

/// <summary>An epoch the street has had.</summary>
public sealed class EpochRow
{
    public required string Epoch { get; set; }

    public DateTimeOffset At { get; set; }
}

public sealed class CallRow
{
    public const string TrackingColumn = "calls.tracking";

    public required string No { get; set; }

    public int Version { get; set; }

    public required string State { get; set; }

    public required string Level { get; set; }

    public required string Community { get; set; }

    public required string Grid { get; set; }

    public bool IsOpen { get; set; }

    /// <summary>Whether a team of another community works, or has worked, on it.</summary>
    public bool Abroad { get; set; }

    public DateTimeOffset? NextDue { get; set; }

    public DateTimeOffset? BreachAt { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>The caller's capability: the tracking code.</summary>
    public required Encrypted Tracking { get; set; }

    /// <summary>Who may see it.</summary>
    public required string Audience { get; set; }

    /// <summary>The posts that have recused themselves, each between commas; null if none.</summary>
    public string? Recused { get; set; }

    /// <summary>The whole case as JSON.</summary>
    public required string Body { get; set; }

    /// <summary>Its card as sent over the feed.</summary>
    public required string Card { get; set; }
}

/// <summary>A matter that follows a procedure.</summary>
public sealed class MatterRow
{
    public const string TrackingColumn = "matters.tracking";

    public required string No { get; set; }

    /// <summary>Rows of kinds that this program does not know stay untouched.</summary>
    public required string Kind { get; set; }

    public required string Procedure { get; set; }

    public int Version { get; set; }

    /// <summary>Empty for a matter of the street.</summary>
    public required string Community { get; set; }

    public string? Grid { get; set; }

    public bool IsOpen { get; set; }

    public DateTimeOffset? NextDue { get; set; }

    public DateTimeOffset? BreachAt { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>The capability of the person it is for.</summary>
    public required Encrypted Tracking { get; set; }

    /// <summary>Who may see it.</summary>
    public required string Audience { get; set; }

    /// <summary>As for <see cref="CallRow"/>.</summary>
    public string? Recused { get; set; }

    public string? Parent { get; set; }

    /// <summary>Whoever is waited for, each between bars; null if nobody is.</summary>
    public string? Asked { get; set; }

    /// <summary>The whole matter as JSON.</summary>
    public required string Body { get; set; }

    public required string Card { get; set; }
}

public sealed class JournalRow
{
    public long Seq { get; set; }

    /// <summary>The kind of matter; null for a whistle.</summary>
    public string? Kind { get; set; }

    /// <summary>The matter's number.</summary>
    public required string CallNo { get; set; }

    public int Version { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByPost { get; set; }

    public required string What { get; set; }

    public string? Answer { get; set; }

    public DateTimeOffset? Due { get; set; }

    /// <summary>Codes, separated by spaces.</summary>
    public required string Detail { get; set; }

    public required string Audience { get; set; }

    /// <summary>Who could see the case before, if different.</summary>
    public string? AudienceBefore { get; set; }

    public required string Card { get; set; }

    /// <summary>The command that caused it: settles a commit of unknown outcome.</summary>
    public required string Command { get; set; }
}

/// <summary>A used idempotency key, kept for 24 hours.</summary>
public sealed class KeyRow
{
    public required string Scope { get; set; }

    public required string Key { get; set; }

    public required string Hash { get; set; }

    public required string CallNo { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>A photo without its bytes; waiting until something names it. Erasable.</summary>
public sealed class PhotoRow
{
    public required string Id { get; set; }

    public string? CallNo { get; set; }

    public int? Version { get; set; }

    /// <summary>whistle, note, before or after.</summary>
    public string? Kind { get; set; }

    public string? ByPost { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Type { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }
}

/// <summary>The bytes of a photo in one size. Erasable.</summary>
public sealed class PhotoFileRow
{
    public const string BytesColumn = "photo_files.bytes";

    public required string Photo { get; set; }

    /// <summary>large or small.</summary>
    public required string Size { get; set; }

    public required string Type { get; set; }

    public required EncryptedBytes Bytes { get; set; }
}

/// <summary>Free text on a case. Erasable.</summary>
public sealed class WordsRow
{
    public const string WordsColumn = "words.words";

    public required string CallNo { get; set; }

    public int Version { get; set; }

    public required string Kind { get; set; }

    public required string ByPost { get; set; }

    public DateTimeOffset At { get; set; }

    public required Encrypted Words { get; set; }

    /// <summary>Random, so that the digest in the audit chain tells nothing once the row is erased.</summary>
    public string Salt { get; set; } = Kernel.Audit.Salt.New();
}

/// <summary>What the caller said about themselves. Erasable.</summary>
public sealed class CallerRow : IWasInClear
{
    public const string NameColumn = "callers.name", PhoneColumn = "callers.phone", PlaceColumn = "callers.place";

    public required string CallNo { get; set; }

    public Encrypted? Name { get; set; }

    public Encrypted? Phone { get; set; }

    /// <summary>Latitude, longitude and datum, separated by spaces.</summary>
    public Encrypted? Place { get; set; }

    /// <summary>Finds the cases of a number: see <see cref="DataKeys.PhoneHash"/>.</summary>
    public string? PhoneHash { get; set; }

    /// <summary>When the caller last mended or removed their number; null if never.</summary>
    public DateTimeOffset? PhoneAt { get; set; }

    /// <summary>As versions before encryption kept it; null since.</summary>
    public double? ClearLat { get; set; }

    /// <summary>As <see cref="ClearLat"/>.</summary>
    public double? ClearLon { get; set; }

    /// <summary>As <see cref="ClearLat"/>.</summary>
    public string? ClearDatum { get; set; }

    /// <summary>Random, so that the digest in the audit chain tells nothing once the row is erased.</summary>
    public string Salt { get; set; } = Kernel.Audit.Salt.New();

    void IWasInClear.Encrypt(DataKeys keys)
    {
        if (ClearLat is { } lat && ClearLon is { } lon) Place = keys.Encrypt(PlaceColumn, Caller.WriteAt(lat, lon, ClearDatum));
        (ClearLat, ClearLon, ClearDatum) = (null, null, null);
        if (Phone is { } phone && PhoneHash is null) PhoneHash = keys.PhoneHash(keys.TryDecrypt(phone) ?? phone.Stored);
    }
}

/// <summary>给家人看的链接: what the caller of a case gives to somebody who may only read its steps. Deleted with what the caller said about themselves.</summary>
public sealed class ShareRow
{
    public const string CodeColumn = "shares.code";

    public required string CallNo { get; set; }

    public required Encrypted Code { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>One access to a case's text and personal data: who, when, which case.</summary>
public sealed class ReadRow
{
    public const string ReasonColumn = "reads.reason";

    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Account { get; set; }

    public required string Post { get; set; }

    public required string CallNo { get; set; }

    /// <summary>detail, contact or photo.</summary>
    public required string Looked { get; set; }

    public Encrypted? Reason { get; set; }

    /// <summary>Random, so that the digest in the audit chain tells nothing once the row is erased.</summary>
    public string Salt { get; set; } = Kernel.Audit.Salt.New();
}

/// <summary>A message to be sent, or already sent: codes only.</summary>
public sealed class OutboxRow
{
    public long Id { get; set; }

    /// <summary>The idempotency key of every attempt.</summary>
    public required string Key { get; set; }

    public required string Channel { get; set; }

    public required string Address { get; set; }

    /// <summary>Channel, address and case: order is kept within a lane.</summary>
    public required string Lane { get; set; }

    public required string CallNo { get; set; }

    public required string Event { get; set; }

    public required string Level { get; set; }

    public required string Category { get; set; }

    public required string Grid { get; set; }

    /// <summary>The subject of a message that is not about a case: an unreachable post, or hours without anyone on duty.</summary>
    public required string Subject { get; set; }

    /// <summary>The address it was expanded from; for a collapsed storm, the number of cases of each level.</summary>
    public required string Detail { get; set; }

    public bool UntilAccepted { get; set; }

    /// <summary>The journal's entry that caused it, and the version of its case since; 0 for what no change of this case did.</summary>
    public long Seq { get; set; }

    public long Version { get; set; }

    public required string State { get; set; }

    public required string Why { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NextAt { get; set; }

    /// <summary>The end of the lease of the node that is sending it; 0 if none is.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? DoneAt { get; set; }
}

/// <summary>A channel; endpoint and secret are encrypted.</summary>
public sealed class ChannelRow
{
    public required string Code { get; set; }

    public required string Settings { get; set; }

    public required string Endpoint { get; set; }

    public required string Secret { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Messages that may be sent at once: a token bucket that refills at the channel's rate.</summary>
    public double Tokens { get; set; }

    public DateTimeOffset TokensAt { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class LedgerTables
{
    extension(DispatchDb db)
    {
        public DbSet<HeadRow> Heads => db.Set<HeadRow>();

        public DbSet<EpochRow> Epochs => db.Set<EpochRow>();

        public DbSet<CallRow> Calls => db.Set<CallRow>();

        public DbSet<MatterRow> Matters => db.Set<MatterRow>();

        public DbSet<JournalRow> Journal => db.Set<JournalRow>();

        public DbSet<KeyRow> Keys => db.Set<KeyRow>();

        public DbSet<WordsRow> Words => db.Set<WordsRow>();

        public DbSet<PhotoRow> Photos => db.Set<PhotoRow>();

        public DbSet<PhotoFileRow> PhotoFiles => db.Set<PhotoFileRow>();

        public DbSet<CallerRow> Callers => db.Set<CallerRow>();

        public DbSet<ShareRow> Shares => db.Set<ShareRow>();

        public DbSet<ReadRow> Reads => db.Set<ReadRow>();

        public DbSet<OutboxRow> Outbox => db.Set<OutboxRow>();

        public DbSet<ChannelRow> Channels => db.Set<ChannelRow>();
    }
}
