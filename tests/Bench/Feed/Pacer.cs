using System.Diagnostics;

namespace DispatchCenter.Bench.Feed;

/// <summary>An open loop: what is due is done at its time whether or not the last has been answered, and how late it was is kept.</summary>
internal static class Pacer
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <param name="due">The instants, ascending, as timestamps of <see cref="Stopwatch"/>.</param>
    /// <param name="act">Does the k-th.</param>
    /// <returns>How late each began, in milliseconds.</returns>
    public static async Task<double[]> RunAsync(long[] due, Func<int, ValueTask> act)
    {
        var late = new double[due.Length];
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        for (var k = 0; k < due.Length;)
        {
            var now = Stopwatch.GetTimestamp();
            if (now < due[k])
            {
                await timer.WaitForNextTickAsync();
                continue;
            }

            late[k] = Stopwatch.GetElapsedTime(due[k], now).TotalMilliseconds;
            await act(k++);
        }

        return late;
    }

    /// <summary>Evenly spaced instants from a moment ahead.</summary>
    public static long[] Evenly(double perSecond, int count)
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        return [.. Enumerable.Range(0, count).Select(k => start + (long)(k * Stopwatch.Frequency / perSecond))];
    }
}
