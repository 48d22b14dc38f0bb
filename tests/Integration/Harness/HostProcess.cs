using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DispatchCenter.Integration.Harness;

/// <summary>The real host as a process of its own under a given umask, over a data folder that outlives it. Its keys are beside the data.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public HttpClient Http { get; private set; } = new();

    /// <returns>Once it serves.</returns>
    public static async Task<HostProcess> StartAsync(string dataPath, string umask, params string[] settings)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo("/bin/sh",
        [
            "-c", "umask \"$0\"; exec \"$@\"", umask, dotnet, Path.Combine(AppContext.BaseDirectory, "DispatchCenter.Web.dll"), "--urls", "http://127.0.0.1:0", "--contentRoot", AppContext.BaseDirectory,
            "--environment", "Production", $"--Dispatch:DataPath={dataPath}", $"--Dispatch:Keys={TestStreet.KeysOf(dataPath)}", .. settings,
        ]) { RedirectStandardOutput = true };
        var host = new HostProcess(Process.Start(start)!);
        for (var (said, address) = (string.Empty, string.Empty); !said.Contains("Application started", StringComparison.Ordinal);)
        {
            said = await host._process.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException("The host ended before it served.");
            if (said.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0) address = said[(at + Listening.Length)..].Trim();
            if (said.Contains("Application started", StringComparison.Ordinal)) host.Http = new HttpClient { BaseAddress = new Uri(address) };
        }

        return host;
    }

    /// <summary>Stops it as an operator would.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}")])) await kill.WaitForExitAsync();
        await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
