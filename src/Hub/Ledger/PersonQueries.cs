using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Free text on a case, decrypted.</summary>
public sealed record Written(string CallNo, int Version, string Kind, string ByPost, DateTimeOffset At, string Words);

/// <summary>Reads persons and words, decrypted. Whoever calls records the look.</summary>
internal static class PersonQueries
{
    /// <summary>What the caller of a case said about themselves; null if nothing, or if it was erased.</summary>
    public static async Task<Caller?> CallerAsync(this DispatchDb db, string callNo, CancellationToken ct) =>
        await db.Callers.AsNoTracking().FirstOrDefaultAsync(c => c.CallNo == callNo, ct) is { } row ? Caller.Of(row, db.DataKeys) : null;

    /// <summary>When the caller of a case last mended or removed their number; null if never.</summary>
    public static Task<DateTimeOffset?> PhoneAtAsync(this DispatchDb db, string callNo, CancellationToken ct) =>
        db.Callers.AsNoTracking().Where(c => c.CallNo == callNo).Select(c => c.PhoneAt).FirstOrDefaultAsync(ct);

    /// <summary>Those of some matters whose caller left the same number as that of a case.</summary>
    public static async Task<List<string>> WithSameNumberAsync(this DispatchDb db, string callNo, IReadOnlyCollection<string> among, CancellationToken ct) =>
        among.Count > 0 && await db.Callers.AsNoTracking().Where(c => c.CallNo == callNo).Select(c => c.PhoneHash).FirstOrDefaultAsync(ct) is { } hash
            ? await db.Callers.AsNoTracking().Where(c => among.Contains(c.CallNo) && c.PhoneHash == hash).Select(c => c.CallNo).ToListAsync(ct) : [];

    /// <summary>The same for several cases, by their numbers.</summary>
    public static async Task<Dictionary<string, Caller>> CallersAsync(this DispatchDb db, IReadOnlyCollection<string> numbers, CancellationToken ct) =>
        await db.Callers.AsNoTracking().Where(c => numbers.Contains(c.CallNo)).ToDictionaryAsync(c => c.CallNo, c => Caller.Of(c, db.DataKeys), ct);

    /// <summary>The numbers of the newest matters whose caller gave this telephone number, however it is written. The only lookup by number.</summary>
    public static Task<List<string>> CasesOfPhoneAsync(this DispatchDb db, string phone, int limit, CancellationToken ct)
    {
        var hash = db.DataKeys.PhoneHash(phone);
        return db.Callers.AsNoTracking().Where(c => c.PhoneHash == hash).OrderByDescending(c => c.CallNo).Select(c => c.CallNo).Take(limit).ToListAsync(ct);
    }

    public static async Task<List<Written>> ReadAsync(this IQueryable<WordsRow> words, DispatchDb db, CancellationToken ct) =>
        [.. (await words.AsNoTracking().ToListAsync(ct)).Select(w => new Written(w.CallNo, w.Version, w.Kind, w.ByPost, w.At, db.DataKeys.Decrypt(w.Words)))];
}
