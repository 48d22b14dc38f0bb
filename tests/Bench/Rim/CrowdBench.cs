using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DispatchCenter.Bench.Pages;
using DispatchCenter.Bench.Sides;

namespace DispatchCenter.Bench.Rim;

/// <summary>f1: what residents notice of one address that sends thousands of requests a second and lets eight uploads drip, beside the same street without it.</summary>
internal static class CrowdBench
{
    private const double Most = 1.5;
    private const int Residents = 60;
    private const int VisitsPerSecond = 10;

    /// <summary>Not measured.</summary>
    private const int WarmPairs = 5;

    /// <param name="Times">Of each request, in milliseconds.</param>
    /// <param name="Photos">Taken.</param>
    private sealed record Stretch(double[] Times, int Photos, int Refused, double FloodPerSecond)
    {
        public double P99 => Report.Percentile(Times, 0.99);
    }

    public static async Task<int> RunAsync(TimeSpan duration, int pairs, int rate)
    {
        var (host, url) = await DemoHost.StartAsync(Side.ServerCore, ("Dispatch__RateLimits__Enabled", "true"));
        await using (host)
        {
            using var self = Process.GetCurrentProcess();
            if (OperatingSystem.IsLinux()) self.ProcessorAffinity = 1 << Side.LoadCore;
            var residents = Enumerable.Range(0, Residents).Select(i => From(url, new IPAddress([127, 1, 0, (byte)(i + 1)]))).ToList();
            var photo = await File.ReadAllBytesAsync(Path.Combine(Report.Root(), "tests", "data", "photos", "p3.jpg"));
            async Task<Stretch> Quiet() => await VisitAsync(residents, photo, duration, flood: null);
            async Task<Stretch> Beside()
            {
                await using var flood = new Flood(url, rate);
                return await VisitAsync(residents, photo, duration, flood);
            }

            // A host compiles for minutes while it has one core: before that, p99 tells of the compiler.
            for (var i = 0; i < WarmPairs; i++)
            {
                var (beside, quiet) = (await Beside(), await Quiet());
                Report.Say($"warming {i + 1}: p99 {beside.P99:0.0} and {quiet.P99:0.0} ms");
            }

            var measured = await Pairs.RunAsync(pairs, Beside, Quiet, (n, ours, peer) => Report.Say(
                $"{n}: beside {ours.FloodPerSecond:0} requests/s p99 {ours.P99:0.0} ms, {ours.Photos} photos taken, {ours.Refused} refused; undisturbed p99 {peer.P99:0.0} ms, {peer.Photos} photos, {peer.Refused} refused"));
            residents.ForEach(r => r.Dispose());
            var ratios = measured.Select(m => m.Ours.P99 / m.Peer.P99).ToList();
            var refused = measured.Sum(m => m.Ours.Refused);
            return Report.Finish(
                new Row(
                    "f1", "residents' requests beside one address with 2,000 requests/s and eight dripping uploads: p99 beside ÷ undisturbed; requests of others refused", "≤1.5×, 0",
                    $"{Report.Number(Report.Median(ratios))}×, {refused} refused", $"{Report.Range(ratios, "×")}; p99 {Report.Range([.. measured.Select(m => m.Ours.P99)], " ms", "0.0")} beside, {Report.Range([.. measured.Select(m => m.Peer.P99)], " ms", "0.0")} undisturbed; {Report.Range([.. measured.Select(m => m.Ours.FloodPerSecond)], " requests/s", "0")}",
                    $"`tests/Bench f1 --rate {rate}`, {pairs} pairs of {duration.TotalSeconds:0} s after {WarmPairs} to warm up, {VisitsPerSecond} visits/s from {Residents} addresses (page, photo, whistle, tracking page); the host has one core, residents and flood share the other"),
                Report.Median(ratios) <= Most && refused == 0);
        }
    }

    /// <summary>At an even pace, whatever the server takes: who waits is counted in full.</summary>
    private static async Task<Stretch> VisitAsync(List<HttpClient> residents, byte[] photo, TimeSpan duration, Flood? flood)
    {
        var (visits, began, sent) = (new List<Task<(double[] Times, int Refused, int Photos)>>(), TimeProvider.System.GetTimestamp(), flood?.Sent ?? 0);
        for (var i = 0; i < duration.TotalSeconds * VisitsPerSecond; i++)
        {
            if (TimeSpan.FromSeconds((double)i / VisitsPerSecond) - TimeProvider.System.GetElapsedTime(began) is { Ticks: > 0 } wait) await Task.Delay(wait, TimeProvider.System);
            visits.Add(OneAsync(residents[i % residents.Count], photo));
        }

        var done = await Task.WhenAll(visits);
        return new Stretch([.. done.SelectMany(v => v.Times)], done.Sum(v => v.Photos), done.Sum(v => v.Refused), ((flood?.Sent ?? 0) - sent) / TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Scans the code, sends a photo, whistles, and looks at the tracking page.</summary>
    private static async Task<(double[] Times, int Refused, int Photos)> OneAsync(HttpClient resident, byte[] photo)
    {
        var (times, refused) = (new List<double>(), 0);
        async Task<string> Ask(Func<Task<HttpResponseMessage>> ask)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var answer = await ask();
            var text = await answer.Content.ReadAsStringAsync();
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            if (answer.IsSuccessStatusCode) return text;
            refused++;
            return string.Empty;
        }

        await Ask(() => resident.GetAsync(new Uri("/s/01", UriKind.Relative)));
        using var body = new ByteArrayContent(photo) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        string[] photos = (await Ask(() => resident.PostAsync(new Uri("/api/photos", UriKind.Relative), body))) is { Length: > 0 } kept ? [(string)JsonNode.Parse(kept)!["id"]!] : [];
        var receipt = await Ask(() => resident.PostAsJsonAsync("/api/whistles", new { station = "01", category = "02", photos }));
        if (receipt.Length > 0) await Ask(() => resident.GetAsync(new Uri((string)JsonNode.Parse(receipt)!["trackingUrl"]!, UriKind.Relative)));
        return ([.. times], refused, photos.Length);
    }

    private static HttpClient From(Uri url, IPAddress address) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    }) { BaseAddress = url };
}
