using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using DispatchCenter.Bench.Feed;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Contracts;

namespace DispatchCenter.Bench.Clocks;

/// <summary>What 10⁶ open cases cost beside 10³: the start, memory, the board, and a team's first screen.</summary>
internal static class OpenCasesBench
{
    private const int Looks = 9;

    public static async Task<int> RunAsync(int rounds)
    {
        var root = Directory.CreateTempSubdirectory("dispatch-bench-").FullName;
        try
        {
            Report.Say($"machine: {Report.Machine(root)}");
            foreach (var count in (int[])[LatenessBench.Few, LatenessBench.Many])
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, $"{count}")).FullName;
                var began = Stopwatch.GetTimestamp();
                await LatenessBench.FillAsync(folder, count);
                Report.Say($"{count} open cases: filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, the file has {new FileInfo(Path.Combine(folder, "dispatch.db")).Length / 1e6:0} MB");
                var seen = new List<Seen>();
                for (var i = 0; i < rounds; i++) seen.Add(await LookAsync(folder));
                Report.Say($"{count} open cases: start {Spread(s => s.StartMs)} ms; memory {Spread(s => s.StartMb)} MB, {Spread(s => s.EndMb)} MB after the looks; board {Spread(s => s.BoardMs)} ms, {seen[0].BoardBytes / 1e6:0.00} MB, compressed {seen[0].BoardCompressed / 1e3:0} kB; unchanged {Spread(s => s.UnchangedMs)} ms; a team's first screen {Spread(s => s.TeamMs)} ms, {seen[0].TeamBytes / 1e6:0.00} MB");

                string Spread(Func<Seen, double> figure) => Report.Spread([.. seen.Select(figure)], string.Empty, "0");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<Seen> LookAsync(string folder)
    {
        var began = Stopwatch.GetTimestamp();
        await using var host = await Side.StartAsync(StreetSide.Name, Side.ServerCore, folder, Path.Combine(folder, "dispatch.db"));
        var start = Stopwatch.GetElapsedTime(began);
        var startMemory = await host.LiveMemoryAsync();
        var url = new Uri((await host.AskAsync("url"))[0]);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Arm.TokenAsync(url, "duty"));

        var plain = await GetAsync(http, _ => { });
        var compressed = await GetAsync(http, r => r.Headers.AcceptEncoding.ParseAdd("br"));
        double[] board = new double[Looks], unchanged = new double[Looks], team = new double[Looks];
        var teamBytes = 0L;
        var grid = await Arm.TokenAsync(url, "grid001");
        for (var i = 0; i < Looks; i++)
        {
            board[i] = (await GetAsync(http, r => r.Headers.AcceptEncoding.ParseAdd("br"))).Ms;
            unchanged[i] = (await GetAsync(http, r => r.Headers.TryAddWithoutValidation("If-None-Match", plain.Tag))).Ms;
            (team[i], teamBytes) = await FirstScreenAsync(url, grid);
        }

        return new Seen(
            start.TotalMilliseconds, startMemory / 1e6, await host.LiveMemoryAsync() / 1e6, Report.Median(board), plain.Bytes, compressed.Bytes, Report.Median(unchanged), Report.Median(team), teamBytes);
    }

    private static async Task<(double Ms, long Bytes, string Tag)> GetAsync(HttpClient http, Action<HttpRequestMessage> shape)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/board?limit=5000");
        shape(request);
        var began = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request);
        var bytes = (await answer.Content.ReadAsByteArrayAsync()).LongLength;
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, bytes, answer.Headers.ETag?.ToString() ?? string.Empty);
    }

    /// <summary>From the asking for a snapshot to its last frame.</summary>
    private static async Task<(double Ms, long Bytes)> FirstScreenAsync(Uri url, string token)
    {
        using var socket = new ClientWebSocket { Options = { Proxy = null } };
        await socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = HubNames.Path, Query = $"access_token={Uri.EscapeDataString(token)}" }.Uri, CancellationToken.None);
        await SayAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
        var began = Stopwatch.GetTimestamp();
        await SayAsync("{\"type\":4,\"invocationId\":\"1\",\"target\":\"Watch\",\"arguments\":[0]}\u001e");
        var (buffer, text, bytes) = (new byte[64 * 1024], new StringBuilder(), 0L);
        while (!text.ToString().Contains("\"kind\":\"snapshot\"", StringComparison.Ordinal) || text.ToString().Contains("\"through\":0,", StringComparison.Ordinal))
        {
            text.Clear();
            ValueWebSocketReceiveResult got;
            do
            {
                got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (text.Length < 512) text.Append(Encoding.UTF8.GetString(buffer, 0, Math.Min(got.Count, 512)));
                bytes += got.Count;
            }
            while (!got.EndOfMessage);
        }

        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, bytes);

        Task SayAsync(string line) => socket.SendAsync(Encoding.UTF8.GetBytes(line), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }

    private sealed record Seen(
        double StartMs, double StartMb, double EndMb, double BoardMs, long BoardBytes, long BoardCompressed, double UnchangedMs, double TeamMs, long TeamBytes);
}
