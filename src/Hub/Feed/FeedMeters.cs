using System.Diagnostics.Metrics;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Feed;

/// <summary>Metrics of the feed between nodes.</summary>
public sealed class FeedMeters : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _received;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _forged;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _resubscribed;
    private readonly Lock _deafness = new();
    private (long First, long Last)? _unheard;

    public FeedMeters(LiveFeed feed, RedisLink redis, Presence presence)
    {
        _resubscribed = _meter.FromZero("dispatch.bus.resubscribed", "{subscription}", "Subscriptions made anew because others committed and nothing came.");
        _meter.CreateObservableGauge("dispatch.bus.deaf", () => Deaf.TotalSeconds, "s", "How long others have committed without a message from the bus; 0 where messages come.");
        _sent = _meter.FromZero("dispatch.bus.sent", "{change}", "Changes sent to the other nodes.");
        _dropped = _meter.FromZero("dispatch.bus.dropped", "{change}", "Changes not sent: no room, no connection. The journal has them.");
        _received = _meter.FromZero("dispatch.bus.received", "{change}", "Changes received from other nodes.");
        _refused = _meter.FromZero("dispatch.bus.refused", "{message}", "Messages of no use: another version, another epoch.");
        _forged = _meter.FromZero("dispatch.bus.forged", "{message}", "Messages and values in Redis without a signature of this street: forged, altered, of another key, or of the version before.");
        _replayed = _meter.FromZero("dispatch.bus.replayed", "{message}", "Messages and values in Redis that were signed once and came again, or too late.");
        _closed = _meter.FromZero("dispatch.feed.closed", "{change}", "Changes that had to be read from the journal.");
        _meter.CreateObservableGauge("dispatch.redis.connected", () => redis.IsConnected ? 1 : 0, null, "Whether this node is connected to Redis: 1, or 0.");
        _meter.CreateObservableGauge("dispatch.feed.behind", () => feed.Behind, "{change}", "Committed changes known of that no watcher has been shown.");
        _meter.CreateObservableGauge("dispatch.feed.lag", () => (feed.GapAge ?? TimeSpan.Zero).TotalSeconds, "s", "How long the next change has been missing while later ones are known.");
        _meter.CreateObservableGauge("dispatch.watchers", () => feed.Watchers, "{connection}", "Watchers of the hub at this node.");
        _meter.CreateObservableGauge("dispatch.present", () => presence.Now.Count, "{post}", "Posts on shift that watch, over all nodes.");
    }

    /// <summary>Per instance, because several hosts may run in one process.</summary>
    internal Meter Meter => _meter;

    public void Sent(int changes) => _sent.Add(changes);

    public void Dropped(int changes) => _dropped.Add(changes);

    /// <summary>From the first to the last change read from the journal since the last bus message: it grows only while others commit.</summary>
    public TimeSpan Deaf
    {
        get
        {
            lock (_deafness) return _unheard is var (first, last) ? TimeProvider.System.GetElapsedTime(first, last) : TimeSpan.Zero;
        }
    }

    /// <summary>A bus message arrived, from any node; or the subscription was just made.</summary>
    public void Heard()
    {
        lock (_deafness) _unheard = null;
    }

    public void Resubscribed() => _resubscribed.Add(1);

    public void Received(int changes) => _received.Add(changes);

    public void Refused() => _refused.Add(1);

    public void Forged() => _forged.Add(1);

    public void Replayed() => _replayed.Add(1);

    public void Closed(long changes)
    {
        if (changes <= 0) return;
        _closed.Add(changes);
        var now = TimeProvider.System.GetTimestamp();
        lock (_deafness) _unheard = (_unheard?.First ?? now, now);
    }

    public void Dispose() => _meter.Dispose();
}
