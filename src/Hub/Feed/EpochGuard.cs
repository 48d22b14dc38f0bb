using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Begins epochs. An epoch lasts as long as some node runs on the database: the first one to start begins another, and those that join it continue
/// that; so does a node that finds the database behind what it has seen. Nobody ever resumes across a restore, whatever came back with it (ADR 0043).
/// </summary>
public sealed class EpochGuard(Database database, TimeProvider time, ILogger<EpochGuard> log)
{
    /// <summary>Called at start, while no other node starts.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        var isFirst = await database.EnterAsync(ct);
        await database.WriteAsync(async db =>
        {
            var head = await db.Heads.SingleAsync(ct);
            if (!isFirst && head.Epoch.Length > 0) return 0;
            head.Epoch = Begin(db, time.GetUtcNow());
            HubLog.EpochBegun(log, head.Epoch, head.Seq);
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    /// <summary>
    /// Begins a new epoch at once, for nodes that run: they notice within a second, and every open page starts over. Null if the database is new and
    /// has nothing to start over.
    /// </summary>
    public static Task<string?> StartOverAsync(Database database, TimeProvider time, CancellationToken ct) => database.WriteAsync<string?>(async db =>
    {
        if (await db.Heads.SingleAsync(ct) is not { Epoch.Length: > 0 } head) return null;
        head.Epoch = Begin(db, time.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return head.Epoch;
    }, ct);

    private static string Begin(DispatchDb db, DateTimeOffset now)
    {
        var epoch = Guid.NewGuid().ToString("N")[..12];
        db.Epochs.Add(new EpochRow { Epoch = epoch, At = now });
        return epoch;
    }
}
