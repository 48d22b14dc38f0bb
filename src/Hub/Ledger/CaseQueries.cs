using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>One case, as it is now.</summary>
internal static class CaseQueries
{
    /// <summary>A case by its number; null where there is none, or it is hidden from whoever asks. Whether the asker may see it is for <see cref="Sight.Covers"/> to say.</summary>
    public static async Task<WhistleCall?> FindAsync(Database database, Sight sight, string callNo, CancellationToken ct)
    {
        if (!CallNo.IsOne(callNo)) return null;
        await using var db = database.Context();
        return await db.Calls.AsNoTracking().Where(c => c.No == callNo).Select(c => c.Body).FirstOrDefaultAsync(ct) is { } body && CallJson.Read(body) is var call && !sight.Hides(call) ? call : null;
    }
}
