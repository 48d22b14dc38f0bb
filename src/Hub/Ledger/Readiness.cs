using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Whether this node can take a whistle now: the desk works and something can be committed, tried by a small write on the desk's own connection. However
/// many ask, one write at a time and one a second; never depends on Redis, and comes back by itself.
/// </summary>
public sealed class Readiness(DispatchDesk desk, Drain drain, TimeProvider time)
{
    /// <summary>How long an answer holds for whoever asks next.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A database that takes longer than this takes no whistle either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<Unwritable?>? _look;
    private long _at;

    /// <summary>Null where it is ready; else what stands in the way.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        if (drain.IsOn) return "draining";
        if (desk.ExecuteTask is not { IsCompleted: false } || desk.Waiting >= DispatchDesk.QueueLimit) return "desk";
        try
        {
            return await Look().WaitAsync(Patience, time, ct) is { } why ? Say(why) : null;
        }
        catch (TimeoutException)
        {
            return Say(Unwritable.Slow);
        }
    }

    private Task<Unwritable?> Look()
    {
        lock (_gate)
        {
            if (_look is { IsCompleted: false } || (_look is not null && time.GetElapsedTime(_at) < Fresh)) return _look;
            _at = time.GetTimestamp();
            return _look = Task.Run(desk.TryCommitAsync);
        }
    }

    private static string Say(Unwritable why)
    {
        var (_, zh, en) = Sentences.Find($"ready_{Names.Camel(why)}");
        return $"database: {zh} {en}";
    }
}
