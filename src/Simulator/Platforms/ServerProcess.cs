using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>The dispatch centre as a process of its own over a folder that goes with the run: it is killed without a word and started again at the same address.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int MostLines = 500;
    private static readonly TimeSpan _startsWithin = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dispatch-reach-");
    private readonly ConcurrentQueue<string> _said = new();
    private readonly string _program;
    private Process? _process;

    private ServerProcess(string program) => (_program, Url) = (program, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}")));

    public Uri Url { get; }

    public string Database => Path.Combine(_data.FullName, "dispatch.db");

    /// <summary>What it logged as an error.</summary>
    public IEnumerable<string> Errors => _said.Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));

    /// <exception cref="BadInputException">There is no such program, or it does not start.</exception>
    public static async Task<ServerProcess> StartAsync(string program, CancellationToken stop)
    {
        if (!File.Exists(program)) throw new BadInputException($"{program} is missing: build src/Web first, or name the program (--web; of reach, --server).");
        var server = new ServerProcess(Path.GetFullPath(program));
        try
        {
            await server.StartAgainAsync(stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync(CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", [_program, "--urls", Url.GetLeftPart(UriPartial.Authority), "--contentRoot", ContentRoot()]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _data.FullName };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("Dispatch__", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(inherited);
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("Dispatch__Demo", "true"), ("Dispatch__LoopbackChannels", "true"), ("Dispatch__DataPath", _data.FullName), ("Dispatch__Keys", Path.Combine(_data.FullName, "keys")),
            ("Logging__Console__FormatterName", "simple"), ("Logging__Console__FormatterOptions__SingleLine", "true"),
        }) start.Environment[name] = value;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, started);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, started);
        _process.Exited += (_, _) => started.TrySetException(new BadInputException($"The server ended before it served:\n{string.Join('\n', _said)}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await started.Task.WaitAsync(_startsWithin, TimeProvider.System, stop);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        if (_process is not { } process) return;
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _data.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Hear(string? line, TaskCompletionSource started)
    {
        if (line is null) return;
        _said.Enqueue(line);
        if (_said.Count > MostLines) _said.TryDequeue(out _);
        if (line.Contains("Application started", StringComparison.Ordinal)) started.TrySetResult();
    }

    /// <summary>The folder with the pages: the program's own if it was published, otherwise the project that built it.</summary>
    private string ContentRoot()
    {
        for (var folder = Path.GetDirectoryName(_program); folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(Path.Combine(folder, "wwwroot"))) return folder;
        throw new BadInputException($"There is no wwwroot beside {_program} or above it.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
