using System.Diagnostics.Metrics;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What the auditor has found, in numbers. Anything but zero needs attention.</summary>
public sealed class AuditorMeters : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _found;
    private readonly Counter<long> _repaired;
    private long _ranAt;

    public AuditorMeters()
    {
        _found = _meter.FromZero("dispatch.auditor.found", "{case}", "Open cases whose clock should have acted, or whose row hides it from the sweep.");
        _repaired = _meter.FromZero("dispatch.auditor.repaired", "{case}", "How many of those it has repaired.");
        _meter.CreateObservableGauge("dispatch.auditor.last_run", () => Interlocked.Read(ref _ranAt), "s", "When this node's auditor last ended a run, in Unix seconds; 0 before the first.");
    }

    /// <summary>Of this instance; several hosts may run in one process.</summary>
    internal Meter Meter => _meter;

    public void Ran(DateTimeOffset at, int found, int repaired)
    {
        _found.Add(found);
        _repaired.Add(repaired);
        Interlocked.Exchange(ref _ranAt, at.ToUnixTimeSeconds());
    }

    public void Dispose() => _meter.Dispose();
}
