using System.Data.Common;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Photos;

/// <summary>Forgets photos that nothing has named in a day, in bounded bites.</summary>
[DisallowConcurrentExecution]
internal sealed class PhotoCleaner(PhotoBook photos, ILogger<PhotoCleaner> log) : IJob
{
    /// <summary>Photos hold some 300 KB each.</summary>
    private const int Bite = 50;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            while (await photos.ForgetAsync(Bite, cancellationToken) == Bite)
            {
            }
        }
        catch (DbException e)
        {
            HubLog.SweepFailed(log, e);
        }
    }
}
