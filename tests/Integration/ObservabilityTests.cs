using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What an operator sees from outside is true, whoever else is looking, and names nobody.</summary>
public sealed class ObservabilityTests
{
    [Fact]
    public async Task The_metrics_are_in_order_by_Prometheus_own_checker()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        using var checker = Process.Start(new ProcessStartInfo(Promtool(), ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await checker.StandardInput.WriteAsync(await street.Metrics());
        checker.StandardInput.Close();
        var said = await checker.StandardError.ReadToEndAsync() + await checker.StandardOutput.ReadToEndAsync();
        await checker.WaitForExitAsync();
        Assert.True(checker.ExitCode == 0, said);
    }

    [Fact]
    public async Task Counters_are_there_before_their_first_count()
    {
        await using var street = await TestStreet.StartAsync();
        var metrics = await street.Metrics();
        foreach (var name in (string[])["dispatch_whistles_taken_total", "dispatch_whistles_refused_total", "dispatch_desk_commit_failed_total", "dispatch_http_failed_total", "dispatch_outbox_dead_total", "dispatch_outbox_waiting", "dispatch_outbox_overdue_seconds", "dispatch_bus_dropped_total", "dispatch_desk_waiting", "dispatch_feed_lag_seconds", "dispatch_bus_deaf_seconds"])
            Assert.Matches($"(?m)^{name}[{{ ]", metrics);
    }

    [Fact]
    public async Task Four_scrapers_at_once_see_a_counter_grow_and_never_shrink()
    {
        await using var street = await TestStreet.StartAsync();
        var before = Taken(await street.Metrics());
        var scrapers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new List<double>();
            for (var i = 0; i < 25; i++) seen.Add(Taken(await street.Metrics()));
            return seen;
        })).ToList();
        for (var i = 0; i < 20; i++) await street.Blow();
        foreach (var seen in await Task.WhenAll(scrapers))
        {
            Assert.Equal(seen.Order(), seen);
            Assert.All(seen, value => Assert.True(value >= before));
        }

        await Eventually.Holds(async () => Taken(await street.Metrics()) >= before + 20); // a scrape answers with the last one's figures for a moment
    }

    [Fact]
    public async Task Outside_development_the_street_itself_tells_no_metrics()
    {
        await using var street = await TestStreet.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await street.Anyone.Read("/metrics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await street.Anyone.GetAsync(new Uri(new Uri(street.Service<Web.Kernel.Management>().Address!), "/api/street"))).StatusCode);
    }

    [Fact]
    public async Task A_trace_leads_from_a_whistle_through_its_batch_to_the_frame()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var street = await TestStreet.StartAsync(collector.Settings);
        await using var screen = await Screen.FilledAsync(street, "duty");
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var call = (await street.Anyone.Ask(HttpMethod.Post, "/api/whistles", JsonContent.Create(new { grid = "001", category = "02" }), shape: r => r.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01")))
            .Value<Contracts.WhistleReceipt>(HttpStatusCode.Created);
        await screen.Shows(call.CallNo, Contracts.CallStates.Ringing);
        await Eventually.Holds(() => ((string[])["POST /api/whistles", "feed frame"]).All(name => collector.Spans.Any(s => s.Name == name && s.Trace == Trace)));
        var request = collector.Spans.Single(s => s.Name == "POST /api/whistles" && s.Trace == Trace);
        var atDesk = collector.Spans.Single(s => s.Name == "desk request" && s.Trace == request.Trace);
        var frame = collector.Spans.First(s => s.Name == "feed frame" && s.Trace == request.Trace);
        Assert.Equal((request.Id, atDesk.Id), (atDesk.Parent, frame.Parent));
        Assert.Equal(atDesk.Id, collector.Spans.Single(s => s.Name == "desk batch" && s.Trace == request.Trace).Parent);
        Assert.DoesNotContain(call.CallNo, collector.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_span_of_a_residents_page_names_the_route_and_not_the_code()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var street = await TestStreet.StartAsync(collector.Settings);
        var call = await street.Blow();
        await street.Anyone.Ask(HttpMethod.Get, $"/t/{call.TrackingCode}?x=secret", shape: r => r.Headers.Add("User-Agent", "curious"));
        await street.Anyone.Read($"/nowhere/{call.TrackingCode}");
        await Eventually.Holds(() => ((string[])["GET /t/{code}", "GET"]).All(name => collector.Spans.Any(s => s.Name == name)));
        Assert.All((string[])[call.TrackingCode, "secret", "curious"], hidden => Assert.DoesNotContain(hidden, collector.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_for_operators_that_is_none_stops_the_start_with_a_sentence() =>
        Assert.Contains("Dispatch:ManagementUrl", Assert.ThrowsAny<SettingsException>(() => Web.Kernel.Settings.Read(
            TestStreet.Builder(TestStreet.NewFolder(), "--Dispatch:ManagementUrl=9464").Configuration, TestStreet.Builder(TestStreet.NewFolder()).Environment)).Message, StringComparison.Ordinal);

    private static double Taken(string metrics) => metrics.Split('\n').Where(l => l.StartsWith("dispatch_whistles_taken_total", StringComparison.Ordinal))
        .Sum(l => double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));

    internal static string Promtool() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Select(f => Path.Combine(f, "promtool")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("promtool is missing: install it (apt-get install prometheus), or let test.sh do it.");
}
