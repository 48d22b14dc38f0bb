using System.Collections.Immutable;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Register;

#pragma warning disable CS1591 // columns are described in the migrations
public sealed class EntryRow
{
    /// <summary>What <see cref="Changed"/> says when the fields were erased.</summary>
    public const string Erased = "erased";

    /// <summary>What it says when the photo was changed or taken away.</summary>
    public const string PhotoChanged = "photo";

    /// <summary>What stands before the key of a field in <see cref="Changed"/>.</summary>
    public const string Field = "field:";

    public required string Code { get; set; }

    public int Version { get; set; }

    public bool Latest { get; set; }

    public required string Kind { get; set; }

    public required string Place { get; set; }

    /// <summary>An <see cref="EntryData"/>.</summary>
    public required string Data { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }

    /// <summary>Codes separated by spaces: columns, and keys of fields after <c>field:</c>.</summary>
    public required string Changed { get; set; }
}

/// <summary>What the fields of an entry say now; erasing it leaves the entry, nameless.</summary>
public sealed class EntryFieldsRow
{
    public const string ReadableColumn = "register_fields.readable", ClosedColumn = "register_fields.closed", PhotoColumn = "register_fields.photo";

    public required string Code { get; set; }

    public Encrypted? Readable { get; set; }

    public Encrypted? Closed { get; set; }

    /// <summary>A picture as <see cref="PhotoFile.Clean"/> leaves it.</summary>
    public EncryptedBytes? Photo { get; set; }

    /// <summary>All of it. A field that was closed by a later version of the kinds may still stand among those for staff.</summary>
    internal ImmutableDictionary<string, string> Read(DataKeys keys) =>
        RegisterJson.ReadFields(Readable is null ? null : keys.Decrypt(Readable)).SetItems(RegisterJson.ReadFields(Closed is null ? null : keys.Decrypt(Closed)));
}

/// <summary>A look at fields that nobody reads without a purpose.</summary>
public sealed class RegisterLookRow
{
    public const string ReasonColumn = "register_looks.reason";

    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Account { get; set; }

    public required string Post { get; set; }

    public required string Entry { get; set; }

    public required string Purpose { get; set; }

    public required string CallNo { get; set; }

    public Encrypted? Reason { get; set; }
}

/// <summary>The link of a household to its own entry.</summary>
public sealed class HouseholdLinkRow
{
    public required string Entry { get; set; }

    public required string Hash { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset Since { get; set; }

    public required string Post { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>What a home has agreed to, and when it took that back.</summary>
public sealed class HouseholdConsentRow
{
    public long Id { get; set; }

    public required string Entry { get; set; }

    public required string What { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>The post that took it in person; empty if it came through the household's own link.</summary>
    public required string Post { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>As <see cref="Post"/>, of whoever took it back; null while it holds.</summary>
    public string? EndedPost { get; set; }
}

/// <summary>A field that a household has asked to have corrected.</summary>
public sealed class HouseholdRequestRow
{
    public const string Open = "open", Written = "written", Refused = "refused", Withdrawn = "withdrawn";

    /// <summary>It is not written, granted or not: the entry has ended, somebody else is written down there, or its kind takes the value no more.</summary>
    public const string Unwritable = "unwritable";

    /// <summary>It was granted and was not written: somebody had written the field since it was asked for.</summary>
    public const string Overtaken = "overtaken";

    public required string Id { get; set; }

    public required string Entry { get; set; }

    public required string Field { get; set; }

    /// <summary>What was asked, as only these keys can compute it: see <see cref="DataKeys.CodeOf"/>.</summary>
    public required string Digest { get; set; }

    /// <summary>Of the entry, when it was asked for.</summary>
    public int Version { get; set; }

    public required string Matter { get; set; }

    public DateTimeOffset At { get; set; }

    public required string State { get; set; }
}

/// <summary>The personal link (上报链接) of whoever is written down in an entry.</summary>
public sealed class PersonalLinkRow
{
    public required string Entry { get; set; }

    public required string Hash { get; set; }

    public required string Bearer { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }
}

/// <summary>A whistle that came by a personal link.</summary>
public sealed class ReportRow
{
    public required string CallNo { get; set; }

    public required string Bearer { get; set; }
}
#pragma warning restore CS1591

/// <summary>The tables of this module.</summary>
public static class RegisterTables
{
    extension(DispatchDb db)
    {
        public DbSet<EntryRow> Entries => db.Set<EntryRow>();

        public DbSet<EntryFieldsRow> EntryFields => db.Set<EntryFieldsRow>();

        public DbSet<RegisterLookRow> RegisterLooks => db.Set<RegisterLookRow>();

        public DbSet<HouseholdLinkRow> HouseholdLinks => db.Set<HouseholdLinkRow>();

        public DbSet<HouseholdConsentRow> HouseholdConsents => db.Set<HouseholdConsentRow>();

        public DbSet<HouseholdRequestRow> HouseholdRequests => db.Set<HouseholdRequestRow>();

        public DbSet<PersonalLinkRow> PersonalLinks => db.Set<PersonalLinkRow>();

        public DbSet<ReportRow> Reports => db.Set<ReportRow>();
    }
}
