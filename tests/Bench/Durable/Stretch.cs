using System.Diagnostics;

namespace DispatchCenter.Bench.Durable;

/// <summary>A warm-up and the measured time after it; what falls into the warm-up does not count.</summary>
internal sealed class Stretch(TimeSpan measured)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);
    private long _count;
    private volatile bool _over;

    public bool IsOver => _over;

    public void Count() => Interlocked.Increment(ref _count);

    /// <param name="begin">Called when the measured time begins.</param>
    /// <param name="batch">The average batch since then.</param>
    /// <param name="work">What runs until <see cref="IsOver"/>.</param>
    public async Task<Run> MeasureAsync(Action begin, Func<double> batch, params Task[] work)
    {
        await Task.WhenAny(Task.Delay(WarmUp, TimeProvider.System), Task.WhenAny(work));
        using var process = Process.GetCurrentProcess();
        begin();
        var (cpu, from, started) = (process.TotalProcessorTime, Interlocked.Read(ref _count), Stopwatch.GetTimestamp());
        await Task.WhenAny(Task.Delay(measured, TimeProvider.System), Task.WhenAny(work));
        var (done, time) = (Interlocked.Read(ref _count) - from, Stopwatch.GetElapsedTime(started));
        process.Refresh();
        var run = new Run(done, time, batch(), (process.TotalProcessorTime - cpu).TotalMicroseconds / done);
        _over = true;
        await Task.WhenAll(work);
        return run;
    }
}
