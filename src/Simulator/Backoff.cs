namespace DispatchCenter.Simulator;

/// <summary>The delay before a watcher reopens its stream. Random, so that thousands do not return at one instant.</summary>
internal static class Backoff
{
    private const int FirstMs = 100;
    private const int MaxMs = 2_000;

    /// <param name="failures">Consecutive attempts without a frame.</param>
    public static async Task Wait(int failures, CancellationToken stop)
    {
        var most = (int)Math.Min(FirstMs * Math.Pow(2, Math.Min(failures, 10)), MaxMs);
        var wait = TimeSpan.FromMilliseconds(Random.Shared.Next(most / 2, most + 1));
        await Task.Delay(wait, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
