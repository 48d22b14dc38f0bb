using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>One case, as it is now.</summary>
internal static class CaseReader
{
    /// <summary>A case by its number, whoever asks; null where there is none.</summary>
    public static async Task<WhistleCall?> FindAsync(Database database, string callNo, CancellationToken ct)
    {
        if (!CallNo.IsOne(callNo)) return null;
        await using var db = database.Context();
        return await db.Calls.AsNoTracking().Where(c => c.No == callNo).Select(c => c.Body).FirstOrDefaultAsync(ct) is { } body ? CallJson.Read(body) : null;
    }

    /// <summary>The same for a post: one that it is hidden from is not there.</summary>
    public static async Task<WhistleCall?> FindAsync(Database database, Post who, string callNo, CancellationToken ct) =>
        await FindAsync(database, callNo, ct) is { } call && !call.Recusal.Covers(who) ? call : null;
}
