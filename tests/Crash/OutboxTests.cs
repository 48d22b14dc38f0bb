using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using DispatchCenter.Contracts;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>
/// Thousands of messages to a receiver that fails and hangs, over two kill -9 of the host. <c>DISPATCH_MESSAGES</c> says how many (600),
/// <c>DISPATCH_SEED</c> repeats a run.
/// </summary>
public sealed class OutboxTests(ITestOutputHelper output)
{
    private const int Callers = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Steps = ["call.whistled", "call.accepted", "call.arrived", "call.resolved"];

    [Fact]
    public async Task Each_message_is_delivered_or_dead_in_the_order_of_its_case_and_none_twice_over_two_kills()
    {
        var messages = Number("DISPATCH_MESSAGES", 600);
        var seed = Number("DISPATCH_SEED", Environment.TickCount & 0xFFFF);
        output.WriteLine($"{messages} messages, DISPATCH_SEED={seed}");
        await using var receiver = await UnreliableReceiver.StartAsync(seed);
        using var folder = new TempFolder();
        var town = await Town.PlantAsync(folder.Path, cases: 0, ahead: TimeSpan.Zero, new Random(seed));
        var calls = new List<string>();
        var began = TimeProvider.System.GetTimestamp();
        string admin;
        await using (var host = await StartAsync(folder))
        {
            await town.SignInAsync(host);
            admin = await host.SignInAsync("admin");
            await PutAsync(host, admin, "/api/channels/hook", new ChannelRequest
            {
                Kind = "webhook", Addresses = ["*"], Url = receiver.Url + "/", Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAA", PerMinute = 100_000, TimeoutSeconds = 1, FirstRetrySeconds = 0.1,
            });
            calls.AddRange(await BlowAsync(host, town, messages / Steps.Length));
            await UntilAsync(() => Task.FromResult(receiver.Taken >= messages / 3));
            host.Kill();
        }

        output.WriteLine($"first kill: {receiver.Summary()}");
        await using (var host = await StartAsync(folder))
        {
            await UntilAsync(() => Task.FromResult(receiver.Taken >= messages * 2 / 3));
            host.Kill();
        }

        output.WriteLine($"second kill: {receiver.Summary()}");
        await using var last = await StartAsync(folder);
        OutboxPage page = null!;
        await UntilAsync(async () => (page = await last.GetAsync<OutboxPage>("/api/outbox?state=dead", admin)).Counts.GetValueOrDefault("waiting") == 0);
        output.WriteLine($"{receiver.Summary()}; {string.Join(", ", page.Counts.Select(c => $"{c.Value} {c.Key}"))}; {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
        Assert.Equal(messages, page.Counts.Values.Sum());
        var dead = page.Lines.Select(l => (l.CallNo, Event: "call." + l.Event)).ToHashSet();
        Assert.Equal(page.Counts.GetValueOrDefault("dead"), dead.Count);
        foreach (var call in calls)
        {
            var got = receiver.OfCall.GetValueOrDefault(call, []);
            Assert.Equal(got, got.Distinct().OrderBy(what => Array.IndexOf(Steps, what))); // once each, and in order
            Assert.All(Steps.Except(got), missing => Assert.Contains((call, missing), dead));
        }

        Assert.Equal(receiver.All.Distinct().Count(), receiver.Taken); // no message under two keys
        Assert.Empty(last.Errors);
    }

    private static Task<WebHost> StartAsync(TempFolder folder) => WebHost.StartAsync(folder.Path, settings: [("LoopbackChannels", "true")]);

    /// <summary>Cases that are taken, arrived at and resolved: four messages each.</summary>
    private static async Task<IReadOnlyList<string>> BlowAsync(WebHost host, Town town, int cases)
    {
        var (left, calls) = (cases, new List<string>(cases));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async i =>
        {
            for (var worker = town.Workers[i % town.Workers.Count]; Interlocked.Decrement(ref left) >= 0;)
            {
                using var answer = await host.Http.PostAsJsonAsync("/api/whistles", new WhistleRequest { Grid = worker.Grid, Category = "02" }, ContractsJson.Default.WhistleRequest);
                var call = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ContractsJson.Default.WhistleReceipt))!.CallNo;
                lock (calls) calls.Add(call);
                foreach (var verb in (string[])["accept", "arrive", "resolve"])
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/calls/{call}/{verb}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", worker.Token) } };
                    if (verb == "resolve") request.Content = JsonContent.Create(new ResolveRequest("done"), ContractsJson.Default.ResolveRequest);
                    using var done = await host.Http.SendAsync(request);
                    done.EnsureSuccessStatusCode();
                }
            }
        }));
        return calls;
    }

    private static async Task PutAsync(WebHost host, string token, string path, ChannelRequest channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(channel, ContractsJson.Default.ChannelRequest), Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await host.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await holds()) await Task.Delay(Look, TimeProvider.System, limit.Token);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
