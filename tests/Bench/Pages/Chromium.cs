using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Bench.Pages;

/// <summary>What a first load cost: bytes on the wire with their headers, requests, and when something was to be seen.</summary>
internal sealed record FirstLoad(double Bytes, int Requests, double FirstPaint, double Loaded);

/// <summary>Debian's Chromium, asked directly over its own protocol: a page is loaded with an empty cache on a network that is as slow as one says.</summary>
internal sealed partial class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("dispatch-bench-chromium-");
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Process _process;
    private int _id;

    private Chromium() => _process = new Process
    {
        StartInfo = new ProcessStartInfo("/usr/bin/chromium",
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank"])
        { RedirectStandardError = true },
    };

    public static async Task<Chromium> StartAsync()
    {
        var chromium = new Chromium();
        chromium._process.Start();
        while (await chromium._process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (Listening().Match(line) is { Success: true } match)
            {
                chromium._process.ErrorDataReceived += (_, _) => { };
                chromium._process.BeginErrorReadLine();
                await chromium._socket.ConnectAsync(new Uri(match.Groups[1].Value), CancellationToken.None);
                return chromium;
            }

        throw new InvalidOperationException("Chromium has not said where it listens.");
    }

    /// <param name="kilobits">Of the network in a second, each way; with <paramref name="latency"/> for every request.</param>
    public async Task<FirstLoad> LoadAsync(string address, int kilobits, TimeSpan latency)
    {
        var target = (await AskAsync(null, "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["newWindow"] = false }))["targetId"]!.GetValue<string>();
        var session = (await AskAsync(null, "Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page.enable", "Network.enable" }) await AskAsync(session, domain, []);
        await AskAsync(session, "Network.setCacheDisabled", new JsonObject { ["cacheDisabled"] = true });
        await AskAsync(session, "Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = 390, ["height"] = 844, ["deviceScaleFactor"] = 2, ["mobile"] = true });
        await AskAsync(session, "Network.emulateNetworkConditions", new JsonObject
        {
            ["offline"] = false, ["latency"] = latency.TotalMilliseconds, ["downloadThroughput"] = kilobits * 125, ["uploadThroughput"] = kilobits * 125,
        });
        var (bytes, requests, loaded) = (0.0, 0, false);
        await AskAsync(session, "Page.navigate", new JsonObject { ["url"] = address }, Note);
        while (!loaded) Note(await ReadAsync());
        var times = await AskAsync(session, "Runtime.evaluate", new JsonObject
        {
            ["returnByValue"] = true,
            ["expression"] = "[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].loadEventEnd]",
        }, Note);
        await AskAsync(null, "Target.closeTarget", new JsonObject { ["targetId"] = target });
        var values = times["result"]!["value"]!.AsArray();
        return new FirstLoad(bytes, requests, (double)values[0]!, (double)values[1]!);

        void Note(JsonObject message)
        {
            if ((string?)message["sessionId"] != session) return;
            switch ((string?)message["method"])
            {
                case "Network.loadingFinished":
                    bytes += message["params"]!["encodedDataLength"]!.GetValue<double>();
                    requests++;
                    break;
                case "Page.loadEventFired":
                    loaded = true;
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task<JsonObject> AskAsync(string? session, string method, JsonObject parameters, Action<JsonObject>? note = null)
    {
        var id = ++_id;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null) message["sessionId"] = session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var answer = await ReadAsync();
            if ((int?)answer["id"] == id) return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
            note?.Invoke(answer);
        }
    }

    private async Task<JsonObject> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            length += part.Count;
            if (part.EndOfMessage) return (JsonObject)JsonNode.Parse(_buffer.AsSpan(0, length))!;
        }
    }

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Listening();
}
