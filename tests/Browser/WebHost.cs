using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>
/// The real host in its own process, as <c>dotnet run --project src/Web</c> starts it: Development, demo street, a free loopback
/// port, a data folder deleted with it. It can be killed and restarted on the same port and data.
/// </summary>
public sealed partial class WebHost : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dispatch-browser-");
    private readonly StringBuilder _said = new();
    private Process? _process;

    private readonly (string Name, string Value)[] _settings;

    private WebHost((string, string)[] settings) => _settings = settings;

    /// <summary>Its data, and its keys within.</summary>
    public string Data => _data.FullName;

    /// <summary>"http://127.0.0.1:41234", known after the first start.</summary>
    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <param name="settings">Further ones, such as Dispatch__LoopbackChannels.</param>
    public static async Task<WebHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new WebHost(settings);
        try
        {
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>On a street without a demo, which commands set up before the host starts, as the first to install it does.</summary>
    /// <param name="commands">What is typed into each, and its words.</param>
    public static async Task<WebHost> StartEmptyAsync(params (string Typed, string[] Words)[] commands)
    {
        var host = new WebHost([("Dispatch__Demo", "false")]);
        try
        {
            foreach (var (typed, words) in commands) await host.RunAsync(typed, words);
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(string typed, string[] words)
    {
        using var process = Process.Start(Program(words))!;
        await process.StandardInput.WriteLineAsync(typed);
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(StartsWithin);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', words)}: {await said}{await complained}");
    }

    /// <summary>Returns once the host reports that it is ready.</summary>
    public async Task StartAgainAsync()
    {
        var start = Program(["--urls", Url]);
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, listening);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The host stopped:\n" + Said()));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Url = await listening.Task.WaitAsync(StartsWithin);
        await UntilReadyAsync();
    }

    private ProcessStartInfo Program(string[] words)
    {
        var folder = Path.Combine(Repository.Root, "src", "Web");
        var assembly = Path.Combine(folder, "bin", Repository.Configuration, "net10.0", "DispatchCenter.Web.dll");
        if (!File.Exists(assembly))
            throw new InvalidOperationException($"{assembly} is missing: build src/Web in {Repository.Configuration} first.");
        var start = new ProcessStartInfo("dotnet", [assembly, .. words])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ReloadStaticAssetsAtRuntime"] = "false", // as under dotnet run: the files as built, compressed
                ["Dispatch__Demo"] = "true",
                ["Dispatch__DataPath"] = _data.FullName,
                ["Dispatch__Keys"] = Path.Combine(_data.FullName, "keys"),
            },
        };
        foreach (var (name, value) in _settings) start.Environment[name] = value;
        return start;
    }

    /// <summary>Like a power cut: no goodbye to anyone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _data.Delete(recursive: true);
    }

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(StartsWithin);
        while ((await http.GetAsync(Url + "/healthz/ready", patience.Token)) is not { IsSuccessStatusCode: true })
            await Task.Delay(AskAgainAfter, TimeProvider.System, patience.Token);
    }

    private void Hear(string? line, TaskCompletionSource<string> listening)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
        if (Listening().Match(line) is { Success: true } match)
            listening.TrySetResult(match.Groups[1].Value);
    }

    private string Said()
    {
        lock (_said)
            return _said.ToString();
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
