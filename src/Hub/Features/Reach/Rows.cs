using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reach;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>锁屏提醒: the phone of one session, as its browser's push service knows it.</summary>
public sealed class PushPhoneRow
{
    public const string EndpointColumn = "push_phones.endpoint", KeysColumn = "push_phones.keys";

    public required string Session { get; set; }

    public required string Account { get; set; }

    /// <summary>A hash of the account's security stamp: once that changes, nothing is sent here.</summary>
    public required string Stamp { get; set; }

    public required Encrypted Endpoint { get; set; }

    /// <summary>The browser's public key and its secret, in base64url, separated by a dot.</summary>
    public required Encrypted Keys { get; set; }

    /// <summary>When its page was last open.</summary>
    public DateTimeOffset SeenAt { get; set; }
}
#pragma warning restore CS1591

/// <summary>The tables of this module.</summary>
public static class ReachTables
{
    extension(DispatchDb db)
    {
        public DbSet<PushPhoneRow> PushPhones => db.Set<PushPhoneRow>();
    }
}
