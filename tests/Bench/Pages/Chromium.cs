using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Pages;

/// <summary>What a first load cost: bytes on the wire with their headers, requests, and when something was to be seen, in milliseconds.</summary>
internal sealed record FirstLoad(double Bytes, int Requests, double FirstPaint, double Loaded);

/// <summary>One tab of the real browser on the core of the load, told what to do over its own protocol: no package is loaded for it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string Program = File.Exists("/usr/bin/chromium-headless-shell") ? "/usr/bin/chromium-headless-shell" : "/usr/bin/chromium";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private int _asked;
    private Action<JsonObject>? _heard;

    private Chromium(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <param name="width">Of the page in pixels, as <paramref name="height"/>.</param>
    public static async Task<Chromium> StartAsync(int width, int height)
    {
        var profile = Directory.CreateTempSubdirectory("dispatch-bench-chromium-");
        var start = new ProcessStartInfo(
            "taskset",
            ["-c", $"{Side.LoadCore}", Program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--enable-precise-memory-info", "--remote-debugging-port=0", $"--window-size={width},{height}", $"--user-data-dir={profile.FullName}", "about:blank"])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        var chromium = new Chromium(Process.Start(start) ?? throw new InvalidOperationException($"{Program} does not start."), profile);
        chromium._process.OutputDataReceived += (_, _) => { };
        chromium._process.ErrorDataReceived += (_, _) => { };
        chromium._process.BeginOutputReadLine();
        chromium._process.BeginErrorReadLine();
        await chromium.ConnectAsync();
        return chromium;
    }

    public async Task OpenAsync(string address)
    {
        await AskAsync("Page.navigate", new JsonObject { ["url"] = address });
        await UntilAsync($"document.readyState === 'complete' && location.href.startsWith({JsonSerializer.Serialize(new Uri(address).GetLeftPart(UriPartial.Authority))})");
    }

    /// <summary>Loads a page on a network that is as slow as one says, on a phone's screen.</summary>
    /// <param name="kilobits">Of the network in a second, each way; with <paramref name="latency"/> for every request.</param>
    public async Task<FirstLoad> LoadAsync(string address, int kilobits, TimeSpan latency)
    {
        await AskAsync("Network.enable", []);
        await AskAsync("Network.setCacheDisabled", new JsonObject { ["cacheDisabled"] = true });
        await AskAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = 390, ["height"] = 844, ["deviceScaleFactor"] = 2, ["mobile"] = true });
        await AskAsync("Network.emulateNetworkConditions", new JsonObject
        {
            ["offline"] = false, ["latency"] = latency.TotalMilliseconds, ["downloadThroughput"] = kilobits * 125, ["uploadThroughput"] = kilobits * 125,
        });
        var (bytes, requests, arrived, loaded) = (0.0, 0, false, false);
        _heard = Note;
        await AskAsync("Page.navigate", new JsonObject { ["url"] = address });
        using (var patience = new CancellationTokenSource(Patience, TimeProvider.System))
            while (!loaded) Note(await HearAsync(patience.Token));
        await UntilAsync("performance.getEntriesByName('first-contentful-paint')[0]"); // may come after the load
        var times = (await SayAsync("[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].loadEventEnd]"))!.AsArray();
        _heard = null;
        return new FirstLoad(bytes, requests, times[0]!.GetValue<double>(), times[1]!.GetValue<double>());

        void Note(JsonObject message)
        {
            if ((string?)message["method"] == "Page.frameNavigated") arrived |= ((string?)message["params"]?["frame"]?["url"])?.StartsWith("http", StringComparison.Ordinal) == true;
            if ((string?)message["method"] == "Page.loadEventFired") loaded = arrived; // the empty page before it loads as well
            if ((string?)message["method"] != "Network.loadingFinished") return;
            bytes += message["params"]!["encodedDataLength"]!.GetValue<double>();
            requests++;
        }
    }

    /// <summary>Runs before every document that is opened from now on.</summary>
    public Task BeforeAsync(string script) => AskAsync("Page.addScriptToEvaluateOnNewDocument", new JsonObject { ["source"] = script });

    /// <summary>What a script says; one that throws ends the run.</summary>
    public async Task<JsonNode?> SayAsync(string script)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } thrown ? throw new InvalidOperationException(thrown.ToJsonString()) : answer["result"]?["value"];
    }

    /// <summary>Waits until a script says true.</summary>
    public async Task UntilAsync(string script)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while ((await SayAsync($"Boolean({script})"))?.GetValue<bool>() != true)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"{script} does not come about on {await SayAsync("location.href + ': ' + document.body.innerText.slice(0, 400)")}\n{string.Join('\n', _complaints)}");
            await Task.Delay(AskAgainAfter, TimeProvider.System);
        }
    }

    /// <summary>What the page's objects take after everything that is garbage has been given back, in bytes.</summary>
    public async Task<double> HeapAsync()
    {
        for (var i = 0; i < 2; i++) await AskAsync("HeapProfiler.collectGarbage", []);
        return (await AskAsync("Runtime.getHeapUsage", []))["usedSize"]!.GetValue<double>();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        while (!File.Exists(file) || (await File.ReadAllLinesAsync(file, patience.Token)).Length < 2) await Task.Delay(AskAgainAfter, TimeProvider.System, patience.Token);
        using var http = new HttpClient();
        var targets = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{(await File.ReadAllLinesAsync(file, patience.Token))[0]}/json", patience.Token))!.AsArray();
        await _socket.ConnectAsync(new Uri((string)targets.First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!), patience.Token);
        foreach (var domain in new[] { "Page.enable", "Log.enable", "Runtime.enable" }) await AskAsync(domain, []);
    }

    private async Task<JsonObject> AskAsync(string method, JsonObject parameters)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var id = ++_asked;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString()), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = await HearAsync(patience.Token);
            if ((int?)message["id"] != id)
            {
                if ((string?)message["method"] is "Log.entryAdded") _complaints.Add($"{message["params"]!["entry"]!["text"]} {message["params"]!["entry"]!["url"]}");
                if ((string?)message["method"] is "Runtime.exceptionThrown") _complaints.Add(message["params"]!["exceptionDetails"]!.ToJsonString());
                _heard?.Invoke(message); // an event
                continue;
            }

            return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!.AsObject();
        }
    }

    private async Task<JsonObject> HearAsync(CancellationToken ct)
    {
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, ct);
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(text.ToArray())!.AsObject();
        }
    }
}
