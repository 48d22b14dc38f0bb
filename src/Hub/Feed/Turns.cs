namespace DispatchCenter.Hub.Feed;

/// <summary>
/// The turns of a lane: whoever watches it sends at most one frame in each. Turns are paid from a token bucket that earns one each
/// <see cref="LiveFeed.Pace"/> and holds <see cref="Credit"/>: after a silence so many frames follow one another at once, under steady
/// load one leaves each pace. In any time t, therefore, no watcher is sent more than <see cref="Credit"/> + t/<see cref="LiveFeed.Pace"/>.
/// </summary>
/// <remarks>A turn is paid for once, by the first who has something to send after it has sent in the last one; the others join it.</remarks>
internal sealed class Turns(TimeProvider time)
{
    /// <summary>Turns held at most. Of changes at random, 5/s, one in 2,300 waits then (M/D/1); with one turn held, every fourth.</summary>
    public const int Credit = 4;

    private readonly Lock _gate = new();
    private readonly long _pace = (long)(LiveFeed.Pace.TotalSeconds * time.TimestampFrequency);
    private Task _rest = Task.CompletedTask;
    private long _open;

    /// <summary>A rest is over, and the turn that it was for not begun.</summary>
    private bool _rested;

    /// <summary>The instant up to which time is spent: every pace since then is a turn held.</summary>
    private long _spent = time.GetTimestamp() - (long)(Credit * LiveFeed.Pace.TotalSeconds * time.TimestampFrequency);

    /// <summary>The turn that is open.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Takes part in the open turn, or begins the next one.</summary>
    /// <param name="turn">The last one in which this watcher was sent a frame; the one of the frame that leaves now.</param>
    /// <returns>False where it has to <see cref="Rest"/> first.</returns>
    public bool TryTake(ref long turn)
    {
        lock (_gate)
        {
            if (turn >= _open)
            {
                var now = time.GetTimestamp();
                if (!MayBegin(now)) return false;
                _spent = Math.Max(_spent, now - (Credit * _pace)) + _pace;
                _rested = false;
                Interlocked.Increment(ref _open);
            }

            turn = _open;
            return true;
        }
    }

    /// <summary>
    /// Completes when another turn may begin: at once where one is held, and else for everybody at the same instant, so that one timer
    /// serves all and they go on with the same next frame.
    /// </summary>
    public Task Rest()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (MayBegin(now)) return Task.CompletedTask;
            if (!_rest.IsCompleted) return _rest;
            // Everybody goes on in a work item of their own, none within the timer's.
            return _rest = Task.Delay(time.GetElapsedTime(now, Math.Min(_spent, now) + _pace), time).ContinueWith(
                static (_, turns) => ((Turns)turns!).EndRest(), this, CancellationToken.None, TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
        }
    }

    private bool MayBegin(long now) => _rested || now - _spent >= _pace;

    private void EndRest()
    {
        lock (_gate) _rested = true;
    }
}
