using System.Diagnostics;

namespace DispatchCenter.Bench.Feed;

/// <summary>
/// An open loop: what is due is done at its time whether or not the last has been answered, and how late it was is kept. It has a thread
/// of its own that sleeps from one instant to the next: a timer would wake the server's pool for every tick, and its idle threads would
/// spin on the account of whoever is measured.
/// </summary>
internal static class Pacer
{
    /// <param name="due">The instants, ascending, as timestamps of <see cref="Stopwatch"/>.</param>
    /// <param name="act">Does the k-th; the loop goes on when it has ended.</param>
    /// <returns>How late each began, in milliseconds.</returns>
    public static Task<double[]> RunAsync(long[] due, Func<int, ValueTask> act) => Task.Factory.StartNew(
        () => Run(due, act), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static double[] Run(long[] due, Func<int, ValueTask> act)
    {
        var late = new double[due.Length];
        using var never = new ManualResetEventSlim(false, spinCount: 0);
        for (var k = 0; k < due.Length; k++)
        {
            while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due[k]) is { Ticks: > 0 } left) never.Wait(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            late[k] = Stopwatch.GetElapsedTime(due[k]).TotalMilliseconds;
            var acting = act(k);
            if (!acting.IsCompletedSuccessfully) acting.AsTask().GetAwaiter().GetResult();
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
