using System.Diagnostics.Metrics;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What leaves beyond the pages, in numbers.</summary>
public sealed class OutboxMeters : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _queued;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _collapsed;
    private readonly Histogram<double> _lateness;

    public OutboxMeters()
    {
        _queued = _meter.FromZero("dispatch.outbox.queued", "{message}", "Messages put into the outbox by this node.");
        _sent = _meter.FromZero("dispatch.outbox.sent", "{message}", "Messages delivered.");
        _failed = _meter.FromZero("dispatch.outbox.failed", "{attempt}", "Attempts that failed and will be repeated.");
        _dead = _meter.FromZero("dispatch.outbox.dead", "{message}", "Messages given up; the administrator can send them again.");
        _collapsed = _meter.FromZero("dispatch.outbox.collapsed", "{message}", "Messages that became part of one with a count.");
        _lateness = _meter.CreateHistogram<double>("dispatch.outbox.lateness", "s", "From the instant at which a message was to leave until it was delivered.");
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
