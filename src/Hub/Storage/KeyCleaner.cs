using System.Data.Common;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Photos;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Storage;

/// <summary>Forgets idempotency keys whose day is over, parties' links that have expired, and photos that nothing has named in a day, in bounded bites.</summary>
[DisallowConcurrentExecution]
internal sealed class KeyCleaner(Database database, PhotoBook photos, TimeProvider time, ILogger<KeyCleaner> log) : IJob
{
    public const int Bite = 5_000;

    /// <summary>Photos hold some 300 KB each.</summary>
    public const int PhotoBite = 50;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await ForgetAsync(cancellationToken);
            while (await photos.ForgetAsync(PhotoBite, cancellationToken) == PhotoBite)
            {
            }
        }
        catch (DbException e)
        {
            HubLog.SweepFailed(log, e);
        }
    }

    internal async Task ForgetAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (before, expired) = ((now - DeskBatch.KeyLife).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
        await InBitesAsync($"DELETE FROM idempotency WHERE (scope, key) IN (SELECT scope, key FROM idempotency WHERE at < {before} LIMIT {Bite})", ct);
        await InBitesAsync($"DELETE FROM party_links WHERE hash IN (SELECT hash FROM party_links WHERE expires_at <= {expired} LIMIT {Bite})", ct);
    }

    private async Task InBitesAsync(FormattableString delete, CancellationToken ct)
    {
        int gone;
        do
        {
            gone = await database.WriteAsync(db => db.Database.ExecuteSqlAsync(delete, ct), ct);
            if (gone > 0) HubLog.KeysForgotten(log, gone);
        }
        while (gone == Bite);
    }
}
