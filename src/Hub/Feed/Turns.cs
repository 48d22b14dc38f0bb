namespace DispatchCenter.Hub.Feed;

/// <summary>
/// The turns of a lane: each watcher sends at most one frame per turn. Turns are paid from a token bucket that earns one per
/// <see cref="LiveFeed.Pace"/> and holds <see cref="Credit"/>: after a silence that many frames leave at once; under steady
/// load, one per pace. In any time t a watcher is sent at most <see cref="Credit"/> + t/<see cref="LiveFeed.Pace"/> frames.
/// </summary>
/// <remarks>A turn is paid once, by the first watcher with something to send after sending in the previous one; the others join it.</remarks>
internal sealed class Turns(TimeProvider time)
{
    /// <summary>The maximum of saved turns. With random changes at 5/s, one in 2,300 has to wait (M/D/1); with a credit of one, every fourth.</summary>
    public const int Credit = 4;

    private readonly Lock _gate = new();
    private readonly long _pace = (long)(LiveFeed.Pace.TotalSeconds * time.TimestampFrequency);
    private Task _rest = Task.CompletedTask;
    private long _open;

    /// <summary>A rest is over, and its turn has not begun.</summary>
    private bool _rested;

    /// <summary>Time up to this instant is spent: every pace since then is a saved turn.</summary>
    private long _spent = time.GetTimestamp() - (long)(Credit * LiveFeed.Pace.TotalSeconds * time.TimestampFrequency);

    /// <summary>The current turn.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Joins the current turn, or begins the next one.</summary>
    /// <param name="turn">The last turn in which this watcher was sent a frame; updated to the turn of the frame leaving now.</param>
    /// <returns>False if it has to <see cref="Rest"/> first.</returns>
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
    /// Completes when another turn may begin: at once if one is saved, otherwise at the same instant for everyone, so one timer
    /// serves all and they continue with the same next frame.
    /// </summary>
    public Task Rest()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (MayBegin(now)) return Task.CompletedTask;
            if (!_rest.IsCompleted) return _rest;
            // Each continuation runs in its own work item, not inside the timer's.
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
