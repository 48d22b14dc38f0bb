using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DispatchCenter.Bench.Pages;

/// <summary>The host as `dotnet run --project src/Web` starts it, on a free port, with data of its own.</summary>
internal sealed partial class DemoHost : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dispatch-bench-host-");
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private DemoHost(int? core, (string Name, string Value)[] settings)
    {
        var folder = Path.Combine(Report.Root(), "src", "Web");
        string[] command = ["dotnet", Path.Combine(folder, "bin", "Release", "net10.0", "DispatchCenter.Web.dll"), "--urls", "http://127.0.0.1:0"];
        if (core is { } number) command = ["taskset", "-c", $"{number}", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in ((string, string)[])[("ASPNETCORE_ENVIRONMENT", "Development"), ("ReloadStaticAssetsAtRuntime", "false"), ("Dispatch__Demo", "true"), ("Dispatch__DataPath", _data.FullName), ("Dispatch__Keys", Path.Combine(_data.FullName, "keys")), .. settings])
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } said && Listening().Match(said) is { Success: true } match) _listens.TrySetResult(new Uri(match.Groups[1].Value));
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <param name="core">The core that it is bound to; null for all.</param>
    /// <returns>The host and where it listens.</returns>
    public static async Task<(DemoHost Host, Uri Url)> StartAsync(int? core, params (string Name, string Value)[] settings)
    {
        var host = new DemoHost(core, settings);
        try
        {
            return (host, await host._listens.Task.WaitAsync(TimeSpan.FromSeconds(90)));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
