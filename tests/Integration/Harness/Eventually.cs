using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>For what the server does on its own after answering, if no event says when it is done.</summary>
public static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static Task Holds(Func<bool> condition) => Holds(() => Task.FromResult(condition()));

    public static async Task Holds(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, "What was awaited did not come about.");
            await Task.Delay(Look, TimeProvider.System, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
