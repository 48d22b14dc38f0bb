using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DispatchCenter.Bench.Pages;

/// <summary>e2: what a resident waits for at the first load of the whistle's page and of the tracking page, on the slow 3G of Chrome's own developer tools.</summary>
internal static class ResidentBench
{
    private const int Kilobits = 400;
    private const double Most = 30 * 1024;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(2_000);

    public static async Task<int> RunAsync(int rounds)
    {
        var (host, url) = await DemoHost.StartAsync(core: null);
        await using (host)
        {
            using var http = new HttpClient { BaseAddress = url };
            var receipt = await (await http.PostAsJsonAsync("/api/whistles", new { station = "01", category = "02" })).Content.ReadFromJsonAsync<JsonNode>();
            var figures = new List<string>();
            var (met, paints) = (true, new List<double>());
            foreach (var (name, path) in new[] { ("whistle", "/s/01"), ("tracking", (string)receipt!["trackingUrl"]!) })
            {
                var loads = new List<FirstLoad>();
                for (var i = 0; i < rounds; i++)
                {
                    await using var chromium = await Chromium.StartAsync(390, 844); // nothing is kept from the load before
                    loads.Add(await chromium.LoadAsync(new Uri(url, path).AbsoluteUri, Kilobits, Latency));
                }

                var (bytes, requests) = (loads.Max(l => l.Bytes), loads.Max(l => l.Requests));
                foreach (var load in loads) Report.Say($"{name}: {load.Bytes / 1024:0.0} KiB, {load.Requests} requests, first paint {load.FirstPaint / 1000:0.00} s, loaded {load.Loaded / 1000:0.00} s");
                met &= bytes <= Most;
                paints.AddRange(loads.Select(l => l.FirstPaint / 1000));
                figures.Add($"{name} {Report.Number(bytes / 1024, "0.0")} KiB, {requests} requests, first paint {Report.Number(Report.Median(loads.Select(l => l.FirstPaint)) / 1000)} s");
            }

            return Report.Finish(new Row(
                "e2", "resident page, first load without photos: compressed bytes with headers, requests, first paint", "≤30 KB", string.Join(" · ", figures), Report.Range(paints, " s"),
                $"`tests/Bench e2`, {rounds} loads of each with an empty cache at 390 × 844, slow 3G (400 kbit/s, 2 s for each request); without JavaScript: tests/Browser WithoutScript"), met);
        }
    }
}
