using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Whether this node can take a whistle now: the desk works and can commit, tested by a small write on the desk's own connection. However many
/// ask, it writes one at a time and once a second. It never depends on Redis, and recovers on its own.
/// </summary>
public sealed class Readiness(DispatchDesk desk, Drain drain, TimeProvider time)
{
    /// <summary>How long a result is reused.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A database slower than this cannot take a whistle either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<Unwritable?>? _look;
    private long _at;

    /// <summary>Null if ready; otherwise the reason.</summary>
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
