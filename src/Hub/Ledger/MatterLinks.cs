using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>A party's link to one answer of a matter: only a hash of the code is stored.</summary>
public sealed class MatterLinkRow
{
    public required string Hash { get; set; }

    public required string Matter { get; set; }

    public required string Owed { get; set; }

    public required string Respondent { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
#pragma warning restore CS1591

/// <summary>The table of the links.</summary>
public static class MatterLinkTable
{
    extension(DispatchDb db)
    {
        public DbSet<MatterLinkRow> MatterLinks => db.Set<MatterLinkRow>();
    }
}

/// <summary>The links by which parties answer what a matter asks of them. As with <see cref="PartyLinks"/>, one that a message carries is computed from its row, and can be sent again.</summary>
internal static class MatterLinks
{
    /// <summary>Where a code leads.</summary>
    public static string PathOf(string code) => $"f/{code}";

    /// <summary>The code for a message: the same as in the last message while that link is valid, otherwise a new one. A link made by hand stays valid.</summary>
    public static async Task<string> CodeForMessageAsync(Database database, string matter, string owed, Respondent.OfParty party, DateTimeOffset now, CancellationToken ct)
    {
        var respondent = party.ToString();
        await using (var reading = database.Context())
            if (await FindAsync(reading, matter, owed, respondent, now, ct) is { } known) return known;
        return await database.WriteAsync(async db =>
        {
            if (await FindAsync(db, matter, owed, respondent, now, ct) is { } known) return known; // another message was quicker
            var row = new MatterLinkRow { Hash = string.Empty, Matter = matter, Owed = owed, Respondent = respondent, ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds((now + PartyLinks.Life).ToUnixTimeMilliseconds()) };
            var code = CodeOf(db, row);
            row.Hash = LinkCode.HashOf(code);
            db.MatterLinks.Add(row);
            await db.SaveChangesAsync(ct);
            return code;
        }, ct);
    }

    private static async Task<string?> FindAsync(DispatchDb db, string matter, string owed, string respondent, DateTimeOffset now, CancellationToken ct) =>
        (await db.MatterLinks.AsNoTracking().Where(l => l.Matter == matter && l.Owed == owed && l.Respondent == respondent && l.ExpiresAt > now).ToListAsync(ct))
            .Select(l => (Code: CodeOf(db, l), l.Hash)).FirstOrDefault(l => LinkCode.HashOf(l.Code) == l.Hash).Code;

    private static string CodeOf(DispatchDb db, MatterLinkRow row) => db.DataKeys.CodeOf($"matter\n{row.Matter}\n{row.Owed}\n{row.Respondent}\n{row.ExpiresAt.ToUnixTimeMilliseconds()}");
}
