using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DispatchCenter.Web;

/// <summary>
/// The process's meters as Prometheus text: ours, Kestrel's, the hosting's and SignalR's connections. Sums and gauges only; labels
/// that could carry an address or a code are left out.
/// </summary>
internal sealed class Metrics : IDisposable
{
    private static readonly string[] Meters = ["DispatchCenter", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime"];

    /// <summary>Instruments kept; more than this is a mistake somewhere.</summary>
    private const int Limit = 500;

    private readonly ConcurrentDictionary<string, double> _values = new();
    private readonly MeterListener _listener = new();

    public Metrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Take(instrument, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Take(instrument, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Take(instrument, value));
        _listener.Start();
    }

    public string Text()
    {
        foreach (var name in _values.Keys)
            if (name.StartsWith('~')) _values[name] = 0; // observed anew below
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var (name, value) in _values.OrderBy(v => v.Key.TrimStart('~'), StringComparer.Ordinal))
            text.Append(name.TrimStart('~')).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        if (_values.Count > Limit) return;
        if (instrument.IsObservable) _values.AddOrUpdate("~" + name, value, (_, sum) => sum + value);
        else if (instrument is Histogram<double> or Histogram<long> or Histogram<int>)
        {
            _values.AddOrUpdate(name + "_count", 1, (_, count) => count + 1);
            _values.AddOrUpdate(name + "_sum", value, (_, sum) => sum + value);
        }
        else _values.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
