using System.Data.Common;
using DispatchCenter.Hub.Desk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Storage;

/// <summary>Forgets idempotency keys whose day is over, in bounded bites.</summary>
[DisallowConcurrentExecution]
internal sealed class KeyCleaner(Database database, TimeProvider time, ILogger<KeyCleaner> log) : IJob
{
    public const int Bite = 5_000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            int gone;
            do
            {
                var before = (time.GetUtcNow() - DeskBatch.KeyLife).ToUnixTimeMilliseconds();
                gone = await database.WriteAsync(
                    db => db.Database.ExecuteSqlAsync(
                        $"DELETE FROM idempotency WHERE (scope, key) IN (SELECT scope, key FROM idempotency WHERE at < {before} LIMIT {Bite})", cancellationToken),
                    cancellationToken);
                if (gone > 0) HubLog.KeysForgotten(log, gone);
            }
            while (gone == Bite);
        }
        catch (DbException e)
        {
            HubLog.SweepFailed(log, e);
        }
    }
}
