using System.Diagnostics;
using System.Globalization;

namespace DispatchCenter.Simulator;

/// <summary>The load from the first whistle to the last answer, and its cost to this process.</summary>
internal sealed record Load(TimeSpan Elapsed, TimeSpan Cpu, long Frames, long Deliveries, long WorkingSet)
{
    /// <summary>The CPU clock ticks in hundredths of a second (USER_HZ).</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    private long _began;

    /// <summary>Processor time of the whole machine; null if the system does not report it.</summary>
    public TimeSpan? Machine { get; private init; }

    /// <summary>Of everything else on this machine; 1 is one core.</summary>
    public double? OthersCpuShare => Elapsed > TimeSpan.Zero && Machine is { } machine ? Math.Max(0, (machine - Cpu) / Elapsed) : null;

    /// <summary>1 is one core.</summary>
    public double CpuShare => Elapsed > TimeSpan.Zero ? Cpu / Elapsed : 0;

    public double DeliveriesPerSecond => Elapsed > TimeSpan.Zero ? Deliveries / Elapsed.TotalSeconds : 0;

    public static Load Begin(IEnumerable<ScreenLog> screens) => Count(screens) with { _began = TimeProvider.System.GetTimestamp() };

    public Load End(IEnumerable<ScreenLog> screens)
    {
        var end = Count(screens);
        return new Load(TimeProvider.System.GetElapsedTime(_began), end.Cpu - Cpu, end.Frames - Frames, end.Deliveries - Deliveries, end.WorkingSet) { Machine = end.Machine - Machine };
    }

    private static Load Count(IEnumerable<ScreenLog> screens)
    {
        using var self = Process.GetCurrentProcess();
        var (frames, deliveries) = (0L, 0L);
        foreach (var screen in screens)
        {
            frames += screen.Frames;
            deliveries += screen.Deliveries;
        }

        return new Load(TimeSpan.Zero, self.TotalProcessorTime, frames, deliveries, self.WorkingSet64) { Machine = OfMachine() };
    }

    /// <summary>From the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq.</summary>
    private static TimeSpan? OfMachine()
    {
        if (!File.Exists("/proc/stat")) return null;
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..8].Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return _tick * (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]);
    }
}
