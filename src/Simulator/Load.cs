using System.Diagnostics;

namespace DispatchCenter.Simulator;

/// <summary>What the run carried from its first whistle to its last answer, and what that cost this process.</summary>
internal sealed record Load(TimeSpan Elapsed, TimeSpan Cpu, long Frames, long Deliveries, long WorkingSet)
{
    private long _began;

    /// <summary>1 is one core.</summary>
    public double CpuShare => Elapsed > TimeSpan.Zero ? Cpu / Elapsed : 0;

    public double DeliveriesPerSecond => Elapsed > TimeSpan.Zero ? Deliveries / Elapsed.TotalSeconds : 0;

    public static Load Begin(IEnumerable<ScreenLog> screens) => Count(screens) with { _began = TimeProvider.System.GetTimestamp() };

    public Load End(IEnumerable<ScreenLog> screens)
    {
        var end = Count(screens);
        return new Load(TimeProvider.System.GetElapsedTime(_began), end.Cpu - Cpu, end.Frames - Frames, end.Deliveries - Deliveries, end.WorkingSet);
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

        return new Load(TimeSpan.Zero, self.TotalProcessorTime, frames, deliveries, self.WorkingSet64);
    }
}
