using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Reads one case in its current state.</summary>
internal static class CaseQueries
{
    /// <summary>A case by its number; null if there is none or it is hidden from the asker. Whether the asker may see it is up to <see cref="Sight.Covers"/>.</summary>
    public static async Task<WhistleCall?> FindAsync(Database database, Sight sight, string callNo, CancellationToken ct)
    {
        if (!CallNo.IsOne(callNo)) return null;
        await using var db = database.Context();
        return await db.Calls.AsNoTracking().Where(c => c.No == callNo).Select(c => c.Body).FirstOrDefaultAsync(ct) is { } body && CallJson.Read(body) is var call && !sight.Hides(call) ? call : null;
    }
}
