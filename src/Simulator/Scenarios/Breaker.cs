using System.Collections.Concurrent;
using System.Diagnostics;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Breaks things at the planned instants by running a program with each fault's words, as <c>deploy/local-cluster redis stop</c>. A fault that did not happen proves nothing, so it counts as broken.</summary>
/// <param name="program">The program of <c>--breaker</c>.</param>
internal sealed class Breaker(string program, RunOptions options, TextWriter output)
{
    /// <summary>A node comes up within it.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _failed = new();
    private int _run;

    /// <summary>Each fault at its instant; ends when the last has been run, also after the load.</summary>
    /// <param name="until">No further one begins after it.</param>
    public async Task Run(IReadOnlyList<PlannedFault> faults, CancellationToken until)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(faults.Select(async fault =>
        {
            var left = (fault.At / options.Speed) - TimeProvider.System.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!until.IsCancellationRequested) await Break(fault.Words); // neither breaks nor mends after somebody has stopped it
        }));
    }

    /// <returns>Null if nothing was to break.</returns>
    public Faults? Judge()
    {
        if (_run == 0) return null;
        var faults = new Faults();
        faults.Check(_run);
        foreach (var failed in _failed) faults.Add(failed);
        return faults;
    }

    private async Task Break(IReadOnlyList<string> words)
    {
        Interlocked.Increment(ref _run);
        var said = string.Join(' ', words);
        output.WriteLine($"breaking: {said}");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words))!; // it says what it does on this terminal
            using var limit = new CancellationTokenSource(_longest, TimeProvider.System);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0) _failed.Enqueue($"{said} ended with {process.ExitCode}");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException or InvalidOperationException)
        {
            _failed.Enqueue($"{said} could not be run: {e.Message}");
        }
    }
}
