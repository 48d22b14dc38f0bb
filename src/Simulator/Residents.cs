namespace DispatchCenter.Simulator;

/// <summary>
/// Blows every whistle at the instant fixed for it before the first one, whatever the server does (an open loop). What waits for a
/// free connection waits at the expense of the server's latency, not of the generator's lag.
/// </summary>
internal sealed class Residents(StreetApi api, CaseLives lives, CasePages pages, Patience patience, string runId) : IDisposable
{
    /// <summary>Above this p99 the generator did not keep its own times, and the latency figures are void.</summary>
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

    /// <summary>Ends when every whistle has been blown, answered and lived through, or as soon as told to stop.</summary>
    public async Task Blow(IReadOnlyList<Whistle> whistles, double speed, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        foreach (var whistle in whistles)
            whistle.IntendedAt = start + (long)(whistle.Offset.TotalSeconds / speed * clock.TimestampFrequency);

        // A thread of its own: the pool is busy with frames, and whatever waits in its queue would be lag.
        await Task.Factory.StartNew(() => Pace(whistles, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(_running);
    }

    /// <summary>Starts each whistle when its time has come; the request leaves on this thread.</summary>
    private void Pace(IReadOnlyList<Whistle> whistles, CancellationToken stop)
    {
        foreach (var whistle in whistles)
        {
            if (!Until(whistle.IntendedAt, stop)) return;
            _running.Add(Live(whistle, stop));
        }
    }

    /// <returns>False when told to stop.</returns>
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
            // told to stop: what was acknowledged until then is checked
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
