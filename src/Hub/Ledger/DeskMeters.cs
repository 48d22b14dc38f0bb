using System.Diagnostics.Metrics;

namespace DispatchCenter.Hub.Ledger;

/// <summary>How busy this node's desk is.</summary>
public sealed class DeskMeters : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);

    public DeskMeters(DispatchDesk desk) =>
        _meter.CreateObservableGauge("dispatch.desk.waiting", () => desk.Waiting, "{request}", "Requests that wait for the desk; at its limit the next is answered busy.");

    public void Dispose() => _meter.Dispose();
}
