using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A node that goes empties itself first: it finishes what it was asked, and whoever watched goes on elsewhere and misses nothing.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Out = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_node_that_stops_is_ready_no_longer_and_tells_its_watchers_to_come_again()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await using var raw = await RawHub.WatchAsync(street.Anyone.BaseAddress!, await street.TokenOf("duty"));
        await using var busy = await street.HubAs("grid001");
        Task<Reply> inFlight;
        Task stopping;
        using (await street.HoldDesk())
        {
            inFlight = busy.InvokeAsync<Reply>(HubNames.Accept, call.CallNo); // so that the node has a reason to stay
            await Eventually.Holds(() => street.Service<DispatchDesk>().Waiting == 1);
            stopping = street.App.StopAsync();
            await Eventually.Holds(async () => (await street.Anyone.Read("/healthz/ready")) is { Status: HttpStatusCode.ServiceUnavailable, Text: "not ready: draining" });
            Assert.Equal("""{"type":7,"allowReconnect":true}""", (await raw.ReadToEnd())[^1]);
            var refused = await street.Anyone.Read($"{HubNames.Path}?access_token={Uri.EscapeDataString(await street.TokenOf("grid001"))}");
            refused.Problem(503, Codes.Busy);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read("/healthz/live")).Status);
        }

        Assert.True((await inFlight).Ok);
        await stopping.WaitAsync(Out);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    [Trait("Alone", "true")] // held against the clock on the wall
    public async Task With_two_hundred_watchers_of_whom_one_is_stalled_it_is_out_within_ten_seconds_and_closes_the_others_in_good_order()
    {
        await using var street = await TestStreet.StartAsync();
        await using var healthy = await Screen.FilledAsync(street, "duty");
        await using var stalled = await Stalled(street, healthy);
        var token = await street.TokenOf("duty");
        var hubs = Enumerable.Range(0, 199).Select(_ => street.Hub(token)).ToList();
        var closed = hubs.Select(Closed).ToList();
        await Parallel.ForEachAsync(hubs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (hub, ct) => await hub.StartAsync(ct));
        var watching = hubs.Select(hub => Task.Run(async () =>
        {
            try
            {
                await foreach (var _ in hub.StreamAsync<JsonElement>(HubNames.Watch, 0L))
                {
                }
            }
            catch (Exception e) when (e is OperationCanceledException or HubException or InvalidOperationException)
            {
                // The connection was closed under it.
            }
        })).ToList();
        await Eventually.Holds(() => street.Service<LiveFeed>().Watchers == 201);
        var began = TimeProvider.System.GetTimestamp();
        await street.App.StopAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"> out after {took.TotalSeconds:F1} s");
        Assert.True(took < Out, $"Out only after {took.TotalSeconds:F1} s.");
        Assert.All(await Task.WhenAll(closed).WaitAsync(TestStreet.Patience), Assert.Null); // none was cut off
        await Task.WhenAll(watching);
        foreach (var hub in hubs) await hub.DisposeAsync();
    }

    [Fact]
    public async Task What_was_asked_before_the_end_is_answered()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await using var hub = await street.HubAs("grid001");
        await using var idle = await street.HubAs("duty");
        var idleClosed = Closed(idle);
        var closed = Closed(hub);
        Task<Reply> accept;
        Task<Answer> whistle;
        Task stopping;
        using (await street.HoldDesk())
        {
            accept = hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo);
            whistle = street.Anyone.Send("/api/whistles", new { grid = "004", category = "02" });
            await Eventually.Holds(() => street.Service<DispatchDesk>().Waiting == 2);
            stopping = street.App.StopAsync();
            Assert.Null(await idleClosed.WaitAsync(TestStreet.Patience)); // who waits for nothing goes first
            Assert.False(closed.IsCompleted);
        }

        Assert.True((await accept.WaitAsync(TestStreet.Patience)).Ok);
        (await whistle).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Null(await closed.WaitAsync(TestStreet.Patience));
        await stopping.WaitAsync(Out);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task A_watcher_that_goes_on_at_the_other_node_misses_nothing()
    {
        await using var a = await TestStreet.StartInRealTimeAsync();
        await using var b = await a.JoinAsync();
        await using var street = await Screen.FilledAsync(a, "duty");
        await using var team = await Screen.FilledAsync(a, "grid001");
        await using var stays = await Screen.FilledAsync(b, "duty");
        await using var rush = await Rush.StartAsync(a, b);
        await rush.GoOn("both nodes", TimeSpan.FromMilliseconds(500));
        var stopping = a.App.StopAsync();
        foreach (var (screen, user) in ((Screen, string)[])[(street, "duty"), (team, "grid001")])
        {
            await screen.Ended();
            await screen.MoveTo(b, user);
        }

        await stopping.WaitAsync(Out);
        await rush.GoOn("one node", TimeSpan.FromMilliseconds(500));
        await rush.NothingIsMissing(("duty", street), ("grid001", team), ("duty", stays));
        rush.Report(street, team, stays);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_signal_to_stop_empties_the_process_first_even_with_redis_out_of_reach()
    {
        await using var seeded = await TestStreet.StartAsync();
        await seeded.CloseAsync();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")),
                [
                    Path.Combine(AppContext.BaseDirectory, "DispatchCenter.Web.dll"), "--urls", "http://127.0.0.1:0", "--contentRoot", AppContext.BaseDirectory, "--environment", "Production",
                    "--Dispatch:Demo=true", $"--Dispatch:DataPath={seeded.Folder}", $"--Dispatch:Keys={TestStreet.KeysOf(seeded.Folder)}", $"--Dispatch:Redis=127.0.0.1:{PostgresServer.FreePort()}",
                ]) { RedirectStandardOutput = true },
        };
        process.Start();
        var (said, address) = (string.Empty, (Uri?)null);
        while (!said.Contains("Application started", StringComparison.Ordinal))
        {
            said = await process.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException("The host ended before it served.");
            if (said.IndexOf("Now listening on: ", StringComparison.Ordinal) is var at and >= 0) address = new Uri(said[(at + 18)..].Trim());
        }

        using var client = new HttpClient { BaseAddress = address };
        var token = (await client.Send("/api/login", new { userName = "duty", password = TestStreet.Password })).Value<LoginReply>().AccessToken;
        await using var raw = await RawHub.WatchAsync(address!, token);
        await client.Send("/api/whistles", new { grid = "001", category = "02" });
        var began = TimeProvider.System.GetTimestamp();
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"])) await kill.WaitForExitAsync();
        Assert.Equal("""{"type":7,"allowReconnect":true}""", (await raw.ReadToEnd())[^1]);
        var rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Out);
        TestContext.Current.TestOutputHelper?.WriteLine($"> out after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s");
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Draining; connections asked to move: 1", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_residents_page_ends_with_the_drain_and_with_the_page()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var feed = street.Service<LiveFeed>();
        using (var closing = await Follow(street, call))
        {
            await ReadEvent(closing);
            Assert.Equal(1, feed.CallWatchers);
        }

        await Eventually.Holds(() => feed.CallWatchers == 0);
        using var open = await Follow(street, call);
        await ReadEvent(open);
        var stopping = street.App.StopAsync();
        Assert.Equal(string.Empty, (await open.ReadToEndAsync().WaitAsync(TestStreet.Patience)).Trim());
        await stopping.WaitAsync(Out);
        Assert.Equal(0, feed.CallWatchers);
    }

    [Fact]
    public async Task One_page_too_many_is_told_when_to_come_again_and_has_room_when_another_closes()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var feed = street.Service<LiveFeed>();
        var pages = Enumerable.Range(0, LiveFeed.CaseWatchersLimit).Select(i => feed.Follow(call.CallNo, $"10.0.0.{i % 4}")!).ToList();
        var refused = await street.Anyone.Read($"/api/track/{call.TrackingCode}/events");
        refused.Problem(503, Codes.Busy);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(LiveFeed.CaseWatchersLimit, feed.CallWatchers);
        using (var another = await Follow(street, await street.Blow())) await ReadEvent(another); // another case has room
        pages[0].Dispose();
        using (var open = await Follow(street, call)) await ReadEvent(open);
        foreach (var page in pages) page.Dispose();
        pages[0].Dispose(); // a second time
        await Eventually.Holds(() => feed.CallWatchers == 0);
    }

    [Fact]
    public async Task No_address_keeps_the_pages_of_the_others_out()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        var (call, feed) = (await street.Blow(), street.Service<LiveFeed>());
        var greedy = Enumerable.Range(0, LiveFeed.AddressWatchersLimit).Select(_ => feed.Follow(call.CallNo, "10.0.0.1")!).ToList();
        Assert.Null(feed.Follow((await street.Blow()).CallNo, "10.0.0.1"));
        using (var open = await Follow(street, call)) await ReadEvent(open);
        foreach (var page in greedy) page.Dispose();
        using var again = feed.Follow(call.CallNo, "10.0.0.1");
        Assert.NotNull(again);
    }

    private static Task<Exception?> Closed(HubConnection hub)
    {
        var how = new TaskCompletionSource<Exception?>();
        hub.Closed += e =>
        {
            how.SetResult(e);
            return Task.CompletedTask;
        };
        return how.Task;
    }

    private static async Task<StreamReader> Follow(TestStreet street, WhistleReceipt call) =>
        new(await street.Anyone.GetStreamAsync(new Uri($"/api/track/{call.TrackingCode}/events", UriKind.Relative)));

    private static async Task ReadEvent(StreamReader page)
    {
        Assert.StartsWith("data: {", await page.ReadLineAsync().WaitAsync(TestStreet.Patience), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await page.ReadLineAsync().WaitAsync(TestStreet.Patience));
    }

    /// <summary>A watcher of the street whose socket is full, so that not even a goodbye gets through to it.</summary>
    private static async Task<RawHub> Stalled(TestStreet street, Screen healthy)
    {
        var call = await street.Blow();
        var stalled = await RawHub.WatchAsync(street.Anyone.BaseAddress!, await street.TokenOf("duty"));
        var feed = street.Service<LiveFeed>();
        await Eventually.Holds(() => feed.Watchers >= 2);
        var sample = (await street.Journal(call.CallNo))[0];
        var card = JsonSerializer.Deserialize(sample.Card, ContractsJson.Default.CallCard)!;
        for (var batch = 0; batch < 24; batch++)
        {
            var from = feed.Head;
            feed.Publish([.. Enumerable.Range(1, 250).Select(i => sample with
            {
                Seq = from + i,
                CallNo = $"W000000-{i:D5}",
                Version = (int)(from + i),
                Card = JsonSerializer.SerializeToUtf8Bytes(card with { CallNo = $"W000000-{i:D5}", Version = (int)(from + i), Flags = [new string('x', 2_000)] }, ContractsJson.Default.CallCard),
            })]);
            await healthy.Until(s => s.Through >= from + 250);
        }

        return stalled;
    }
}
