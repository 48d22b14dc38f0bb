using System.Diagnostics.Metrics;
using DispatchCenter.Hub.Feed;

namespace DispatchCenter.Integration.Harness;

/// <summary>How far one of the feed's counters has come at one node since this began to count; other nodes of the process are not mixed in.</summary>
public sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public Counted(TestStreet node, string name)
    {
        var meter = node.Service<FeedMeters>().Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    public long Sum => Interlocked.Read(ref _sum);

    public void Dispose() => _listener.Dispose();
}
