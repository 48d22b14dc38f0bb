namespace DispatchCenter.Simulator;

/// <summary>
/// Sends every whistle at its predetermined instant, whatever the server does (an open loop). Waiting for a free
/// connection counts towards the server's latency, not the generator's lag.
/// </summary>
internal sealed class Residents(StreetApi api, CaseLives lives, CasePages pages, Patience patience, string runId) : IDisposable
{
    /// <summary>With a higher p99 the generator was late, and the latency figures are void.</summary>
    public static readonly TimeSpan LagLimit = TimeSpan.FromMilliseconds(20);

    private const int MaxInFlight = StreetApi.MaxConnections - ConnectionsForOthers;
    private const int ConnectionsForOthers = 32;

    private readonly SemaphoreSlim _inFlight = new(MaxInFlight);
    private readonly List<Task> _running = [];
    private int _sent;
    private int _acknowledged;

    public int Sent => Volatile.Read(ref _sent);

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public void Dispose() => _inFlight.Dispose();

    /// <summary>Ends when every whistle has been sent, answered and played through, or as soon as stopped.</summary>
    public async Task Blow(IReadOnlyList<Whistle> whistles, double speed, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        foreach (var whistle in whistles)
            whistle.IntendedAt = start + (long)(whistle.Offset.TotalSeconds / speed * clock.TimestampFrequency);

        // A dedicated thread: the pool is busy with frames, and waiting in its queue would count as lag.
        await Task.Factory.StartNew(() => Pace(whistles, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(_running);
    }

    /// <summary>Starts each whistle when it is due; the request is sent on this thread.</summary>
    private void Pace(IReadOnlyList<Whistle> whistles, CancellationToken stop)
    {
        foreach (var whistle in whistles)
        {
            if (!Until(whistle.IntendedAt, stop)) return;
            _running.Add(Live(whistle, stop));
        }
    }

    /// <returns>False if stopped.</returns>
    private static bool Until(long instant, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), instant);
            if (left <= TimeSpan.Zero) return true;
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds))); // less than 1 ms would spin
        }

        return false;
    }

    private async Task Live(Whistle whistle, CancellationToken stop)
    {
        whistle.StartedAt = TimeProvider.System.GetTimestamp();
        Interlocked.Increment(ref _sent);
        try
        {
            await _inFlight.WaitAsync(stop);
            try
            {
                await BlowOne(whistle, stop);
            }
            finally
            {
                _inFlight.Release();
            }

            await lives.Live(whistle, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped: what was acknowledged until then is checked.
        }
    }

    private async Task BlowOne(Whistle whistle, CancellationToken stop)
    {
        var key = $"{runId}-{whistle.Number}";
        var answer = await patience.Persist(() => api.Blow(whistle.Request, key, stop), stop);
        if (answer.Value is null)
        {
            whistle.Refusal = answer.Code;
            return;
        }

        whistle.AcknowledgedAt = TimeProvider.System.GetTimestamp();
        whistle.Receipt = answer.Value;
        Interlocked.Increment(ref _acknowledged);
        pages.Follow(answer.Value);
        if (!whistle.Life.Repeated) return;
        var repeated = await patience.Persist(() => api.Blow(whistle.Request, key, stop), stop);
        if (!repeated.MayRetry) whistle.RepeatedCallNo = repeated.Value?.CallNo ?? repeated.Code;
    }
}
