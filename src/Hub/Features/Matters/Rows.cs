using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Matters;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>A party's link to one answer of a matter.</summary>
public sealed class MatterLinkRow
{
    public required string Hash { get; set; }

    public required string Matter { get; set; }

    public required string Owed { get; set; }

    public required string Respondent { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>The tables of this module.</summary>
public static class MatterTables
{
    extension(DispatchDb db)
    {
        public DbSet<MatterLinkRow> MatterLinks => db.Set<MatterLinkRow>();
    }
}
