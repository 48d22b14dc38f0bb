using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>For what the server does by itself after it has answered, where no event says that it is done.</summary>
public static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static async Task Holds(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "What was awaited did not come about.");
            await Task.Delay(Look, TimeProvider.System, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
