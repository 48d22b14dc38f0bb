using System.Data.Common;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>Deletes expired data in bounded batches: idempotency keys after a day, expired links, photos that nothing refers to.</summary>
[DisallowConcurrentExecution]
internal sealed class Cleaner(IReadOnlyList<Module> modules, IServiceProvider services, TimeProvider time, ILogger<Cleaner> log) : IJob
{
    /// <summary>How often it runs.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await ForgetAsync(cancellationToken);
        }
        catch (DbException e)
        {
            HubLog.ForgettingFailed(log, e);
        }
    }

    internal async Task ForgetAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var forgets in modules.SelectMany(m => m.Forgets))
        {
            int gone;
            do
            {
                gone = await forgets.ForgetAsync(services, now, ct);
                if (gone > 0) HubLog.Forgotten(log, gone);
            }
            while (gone == forgets.Bite);
        }
    }
}
