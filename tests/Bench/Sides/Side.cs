using System.Collections.Concurrent;
using System.Diagnostics;

namespace DispatchCenter.Bench.Sides;

/// <summary>
/// One side of a measure: a process of its own on one core, which is told what to do by lines and answers each with one line. It ends
/// with its input, so that none outlives the bench.
/// </summary>
internal sealed class Side : IAsyncDisposable
{
    /// <summary>The core of the servers that are measured.</summary>
    public const int ServerCore = 0;

    /// <summary>The core of the load, and of what is counted on no side.</summary>
    public const int LoadCore = 1;

    /// <summary>The bound of a failure, never a wait for success.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What is asked for may take as long as a soak.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly string _name;
    private readonly Process _process;

    private Side(string name, Process process) => (_name, _process) = (name, process);

    static Side() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Values) process.Kill();
    };

    /// <summary>Starts this program again as the named side; see <see cref="SideLoop"/>.</summary>
    public static Task<Side> StartAsync(string name, int core, params string[] args) =>
        StartAsync(name, core, [.. Self(), "side", name, .. args], AppContext.BaseDirectory);

    /// <summary>Starts any program that speaks the same lines; it has said "ready" when this returns.</summary>
    public static async Task<Side> StartAsync(string name, int core, string[] command, string folder)
    {
        var start = new ProcessStartInfo("taskset", ["-c", $"{core}", .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("Dispatch__", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(inherited);
        if (core == LoadCore) start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1"; // readers in the loop that polls: the load is the cheaper for it
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} does not start.");
        Running[process.Id] = process;
        var side = new Side(name, process);
        await side.HearAsync();
        return side;
    }

    public int Pid => _process.Id;

    /// <summary>Processor time that the process has taken so far, of user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that it holds after everything that is garbage has been given back, in bytes (VmRSS).</summary>
    public async Task<long> LiveMemoryAsync()
    {
        await AskAsync("collect");
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Tells it to do something; the words of its answer. One question at a time.</summary>
    public async Task<string[]> AskAsync(params object[] words)
    {
        await _process.StandardInput.WriteLineAsync(string.Join(' ', words.Select(w => FormattableString.Invariant($"{w}"))));
        await _process.StandardInput.FlushAsync();
        return await HearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill();
        Running.TryRemove(_process.Id, out _);
        _process.Dispose();
    }

    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(Side).Assembly.Location] : [Environment.ProcessPath!];

    private async Task<string[]> HearAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Longest) is { } line)
        {
            if (line.StartsWith(SideLoop.Answer, StringComparison.Ordinal)) return line[SideLoop.Answer.Length..].Split(' ');
            if (line.StartsWith(SideLoop.Failure, StringComparison.Ordinal)) throw new InvalidOperationException($"{_name}: {line[SideLoop.Failure.Length..]}");
        }

        throw new InvalidOperationException($"{_name} has ended.");
    }
}
