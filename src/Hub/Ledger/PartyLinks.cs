using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

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
#pragma warning restore CS1591

/// <summary>The table of the links.</summary>
public static class PartyLinkTable
{
    extension(DispatchDb db)
    {
        public DbSet<PartyLinkRow> PartyLinks => db.Set<PartyLinkRow>();
    }
}

/// <summary>
/// The links by which parties without an account answer. One that a person makes has a random code, shown once. One that a message carries has a code that only the street's
/// keys can compute from its row, so that it can be sent again and yet stands nowhere in clear.
/// </summary>
internal static class PartyLinks
{
    /// <summary>How long a link is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Where a code leads.</summary>
    public static string PathOf(string code) => $"d/{code}";

    /// <summary>A link with a random code, which ends earlier ones.</summary>
    public static Task<(string Code, DateTimeOffset Until)> MakeAsync(Database database, string callNo, string answer, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var (code, until) = (LinkCode.New(), UntilOf(now));
        await db.DeleteAsync(db.PartyLinks.Where(l => l.CallNo == callNo && l.Answer == answer), ct);
        db.PartyLinks.Add(new PartyLinkRow { Hash = LinkCode.HashOf(code), CallNo = callNo, Answer = answer, ExpiresAt = until });
        await db.SaveChangesAsync(ct);
        return (code, until);
    }, ct);

    /// <summary>The code for a message: the same as in the last message while that link is valid, otherwise a new one. Links made by hand stay valid.</summary>
    public static async Task<string> CodeForMessageAsync(Database database, string callNo, string answer, DateTimeOffset now, CancellationToken ct)
    {
        await using (var reading = database.Context())
            if (await FindAsync(reading, callNo, answer, now, ct) is { } known) return known;
        return await database.WriteAsync(async db =>
        {
            if (await FindAsync(db, callNo, answer, now, ct) is { } known) return known; // another message was quicker
            var row = new PartyLinkRow { Hash = string.Empty, CallNo = callNo, Answer = answer, ExpiresAt = UntilOf(now) };
            var code = CodeOf(db, row);
            row.Hash = LinkCode.HashOf(code);
            db.PartyLinks.Add(row);
            await db.SaveChangesAsync(ct);
            return code;
        }, ct);
    }

    private static async Task<string?> FindAsync(DispatchDb db, string callNo, string answer, DateTimeOffset now, CancellationToken ct) =>
        (await db.PartyLinks.AsNoTracking().Where(l => l.CallNo == callNo && l.Answer == answer && l.ExpiresAt > now).ToListAsync(ct))
            .Select(l => (Code: CodeOf(db, l), l.Hash)).FirstOrDefault(l => LinkCode.HashOf(l.Code) == l.Hash).Code;

    private static string CodeOf(DispatchDb db, PartyLinkRow row) => db.DataKeys.CodeOf($"party\n{row.CallNo}\n{row.Answer}\n{row.ExpiresAt.ToUnixTimeMilliseconds()}");

    private static DateTimeOffset UntilOf(DateTimeOffset now) => DateTimeOffset.FromUnixTimeMilliseconds((now + Life).ToUnixTimeMilliseconds());
}
