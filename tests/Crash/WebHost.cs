using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.InteropServices;
using DispatchCenter.Contracts;

namespace DispatchCenter.Crash;

/// <summary>The real host as a process of its own, on a free loopback port, over a data folder that outlives it.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<Uri> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _url;

    private WebHost(Process process) => _process = process;

    /// <summary>A client of this life of the host; it dies with it.</summary>
    public HttpClient Http { get; private set; } = null!;

    public int Pid => _process.Id;

    public bool IsAlive => !_process.HasExited;

    /// <summary>What it logged as an error.</summary>
    public IEnumerable<string> Errors => _said.Where(line => line.Contains(" fail:", StringComparison.Ordinal) || line.Contains(" crit:", StringComparison.Ordinal));

    /// <param name="survivesFileLimit">A write over the file size limit is an error instead of a signal that ends the process.</param>
    /// <param name="settings">More settings, by their names under Dispatch.</param>
    public static async Task<WebHost> StartAsync(string dataFolder, bool survivesFileLimit = false, params IEnumerable<(string Name, string Value)> settings)
    {
        string[] program = [Dotnet(), Metadata("WebProgram"), "--urls", "http://127.0.0.1:0", "--contentRoot", Metadata("WebFolder")];
        string[] command = survivesFileLimit ? ["/bin/sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", .. program] : program;
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataFolder };
        SetUp(start, dataFolder);
        foreach (var (name, value) in settings) start.Environment["Dispatch__" + name] = value;
        start.Environment["Logging__Console__FormatterName"] = "simple";
        start.Environment["Logging__Console__FormatterOptions__SingleLine"] = "true";
        var host = new WebHost(new Process { StartInfo = start, EnableRaisingEvents = true });
        host._process.OutputDataReceived += (_, line) => host.Hear(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.Hear(line.Data);
        host._process.Exited += (_, _) => host._started.TrySetException(new InvalidOperationException($"The host ended before it served:\n{host.Said()}"));
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            var url = await host._started.Task.WaitAsync(Patience);
            host.Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = Patience };
            return host;
        }
        catch (TimeoutException e)
        {
            await host.DisposeAsync();
            throw new TimeoutException($"The host does not serve after {Patience}:\n{host.Said()}", e);
        }
    }

    /// <summary>Starts a command of the program on a data folder.</summary>
    public static Process Command(string dataFolder, params IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(Dotnet(), [Metadata("WebProgram"), .. words, "--contentRoot", Metadata("WebFolder")]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataFolder };
        SetUp(start, dataFolder);
        return Process.Start(start)!;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed, no file is closed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public string Said() => string.Join('\n', _said);

    public async Task<string> SignInAsync(string userName)
    {
        using var answer = await Http.PostAsJsonAsync("/api/login", new LoginRequest(userName, Hub.Kernel.DispatchOptions.DefaultDemoPassword), ContractsJson.Default.LoginRequest);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.LoginReply))!.AccessToken;
    }

    public async Task<T> GetAsync<T>(string path, string? token = null) where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (T)(await answer.Content.ReadFromJsonAsync(typeof(T), ContractsJson.Default))!;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Http?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void SetUp(ProcessStartInfo start, string dataFolder)
    {
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("Dispatch__", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Dispatch__Demo"] = "true";
        start.Environment["Dispatch__DataPath"] = dataFolder;
        start.Environment["Dispatch__Keys"] = Path.Combine(dataFolder, "keys");
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        _said.Enqueue(line);
        if (_said.Count > 2_000) _said.TryDequeue(out _);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0) _url = new Uri(line[(at + Listening.Length)..].Trim());
        if (line.Contains("Application started", StringComparison.Ordinal)) _started.TrySetResult(_url!);
    }

    /// <summary>The program that runs these tests runs the host as well.</summary>
    private static string Dotnet() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static string Metadata(string key) =>
        typeof(WebHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
