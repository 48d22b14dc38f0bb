using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>A called party's link to one case: only a hash of the code is stored.</summary>
public sealed class PartyLinkRow
{
    public required string Hash { get; set; }

    public required string CallNo { get; set; }

    /// <summary>The key of the answer required of the party.</summary>
    public required string Answer { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class WhistleTables
{
    extension(DispatchDb db)
    {
        public DbSet<PartyLinkRow> PartyLinks => db.Set<PartyLinkRow>();
    }
}
