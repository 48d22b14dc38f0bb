using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// The host's life with the drain in front of its end: a signal to stop empties the node first. The framework's own way closes every
/// connection the moment the signal comes, with answers still owed.
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
