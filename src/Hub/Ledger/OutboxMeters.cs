using System.Diagnostics.Metrics;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Notifications sent outside the pages, in numbers.</summary>
public sealed class OutboxMeters : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _queued;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _collapsed;
    private readonly Histogram<double> _lateness;
    private long _waiting;
    private double _overdue;

    public OutboxMeters()
    {
        _queued = _meter.FromZero("dispatch.outbox.queued", "{message}", "Messages put into the outbox by this node.");
        _sent = _meter.FromZero("dispatch.outbox.sent", "{message}", "Messages delivered.");
        _failed = _meter.FromZero("dispatch.outbox.failed", "{attempt}", "Attempts that failed and will be repeated.");
        _dead = _meter.FromZero("dispatch.outbox.dead", "{message}", "Messages given up; the administrator can send them again.");
        _collapsed = _meter.FromZero("dispatch.outbox.collapsed", "{message}", "Messages that became part of one with a count.");
        _lateness = _meter.CreateHistogram<double>("dispatch.outbox.lateness", "s", "From the instant at which a message was to leave until it was delivered.");
        _meter.CreateObservableGauge("dispatch.outbox.waiting", () => Interlocked.Read(ref _waiting), "{message}", "Messages in the street's outbox that have neither left nor ended, as this node last saw; those of later rungs are among them.");
        _meter.CreateObservableGauge("dispatch.outbox.overdue", () => Volatile.Read(ref _overdue), "s", "By how much the message is late that should have left first, as this node last saw; 0 where none is.");
    }

    /// <summary>Of this instance; several hosts may run in one process.</summary>
    internal Meter Meter => _meter;

    /// <summary>Records the state of the outbox.</summary>
    public void Looked(int waiting, TimeSpan overdue)
    {
        Interlocked.Exchange(ref _waiting, waiting);
        Volatile.Write(ref _overdue, overdue.TotalSeconds);
    }

    public void Queued(int messages) => _queued.Add(messages);

    public void Sent(TimeSpan late)
    {
        _sent.Add(1);
        _lateness.Record(Math.Max(0, late.TotalSeconds));
    }

    public void Failed() => _failed.Add(1);

    public void Dead() => _dead.Add(1);

    public void Collapsed(int messages) => _collapsed.Add(messages);

    public void Dispose() => _meter.Dispose();
}
