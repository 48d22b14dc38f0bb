using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// The host's lifetime with a drain before the end: a stop signal drains the node first. The framework's default closes every
/// connection at the signal, with answers still pending.
/// </summary>
internal sealed class DrainFirst(IHostApplicationLifetime inner, Drain drain) : IHostApplicationLifetime
{
    public CancellationToken ApplicationStarted => inner.ApplicationStarted;

    public CancellationToken ApplicationStopping => inner.ApplicationStopping;

    public CancellationToken ApplicationStopped => inner.ApplicationStopped;

    public void StopApplication() => _ = StopAsync();

    private async Task StopAsync()
    {
        try
        {
            await drain.RunAsync();
        }
        finally
        {
            inner.StopApplication();
        }
    }
}
