using System.Diagnostics.Metrics;

namespace DispatchCenter.Hub.Feed;

/// <summary>What the feed between nodes is doing, in numbers.</summary>
public sealed class FeedMeters : IDisposable
{
    private readonly Meter _meter = new("DispatchCenter");
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _received;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _closed;

    public FeedMeters(LiveFeed feed, RedisLink redis, Presence presence)
    {
        _sent = _meter.CreateCounter<long>("dispatch.bus.sent", "{change}", "Changes sent to the other nodes.");
        _dropped = _meter.CreateCounter<long>("dispatch.bus.dropped", "{change}", "Changes not sent: no room, no connection. The journal has them.");
        _received = _meter.CreateCounter<long>("dispatch.bus.received", "{change}", "Changes received from other nodes.");
        _refused = _meter.CreateCounter<long>("dispatch.bus.refused", "{message}", "Messages of no use: not ours, another version, another epoch.");
        _closed = _meter.CreateCounter<long>("dispatch.feed.closed", "{change}", "Changes that had to be read from the journal.");
        _meter.CreateObservableGauge("dispatch.redis.connected", () => redis.IsConnected ? 1 : 0);
        _meter.CreateObservableGauge("dispatch.feed.behind", () => feed.Behind, "{change}", "Committed changes known of that no watcher has been shown.");
        _meter.CreateObservableGauge("dispatch.watchers", () => feed.Watchers);
        _meter.CreateObservableGauge("dispatch.present", () => presence.Now.Count, "{post}", "On-duty posts that watch, over all nodes.");
    }

    /// <summary>Of this instance; several hosts may live in one process.</summary>
    internal Meter Meter => _meter;

    public void Sent(int changes) => _sent.Add(changes);

    public void Dropped(int changes) => _dropped.Add(changes);

    public void Received(int changes) => _received.Add(changes);

    public void Refused() => _refused.Add(1);

    public void Closed(long changes)
    {
        if (changes > 0) _closed.Add(changes);
    }

    public void Dispose() => _meter.Dispose();
}
