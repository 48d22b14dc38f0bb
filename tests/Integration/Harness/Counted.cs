using System.Diagnostics.Metrics;
using DispatchCenter.Hub.Feed;

namespace DispatchCenter.Integration.Harness;

/// <summary>The increase of a counter on one node since this started counting; other nodes in the process are not included.</summary>
public sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public Counted(TestStreet node, string name)
        : this(node.Service<FeedMeters>().Meter, name)
    {
    }

    public Counted(Meter meter, string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    public long Sum => Interlocked.Read(ref _sum);

    /// <summary>The current value of a gauge.</summary>
    public long Gauge()
    {
        Interlocked.Exchange(ref _sum, 0);
        _listener.RecordObservableInstruments();
        return Sum;
    }

    public void Dispose() => _listener.Dispose();
}
