using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>
/// A steady load on the nodes of a street, on the machine's clock: residents whistle and teams accept, each request on a different node
/// from the last. A client that is told to retry, or reaches nobody, retries on the next node with the same key, as behind a load balancer.
/// </summary>
public sealed class Rush : IAsyncDisposable
{
    private const int Callers = 6;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(30);
    private static readonly (string Grid, string Worker)[] Places = [("001", "grid001"), ("004", "grid004"), ("002", "grid002")];

    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TestStreet[] _nodes;
    private readonly HttpClient[] _clients;
    private readonly string[] _tokens;
    private readonly Task _running;
    private int _asked;
    private int _busy;
    private int _lost;

    private readonly long _from;

    private Rush(TestStreet[] nodes, string[] tokens, long from)
    {
        (_nodes, _tokens, _from) = (nodes, tokens, from);
        _clients = [.. nodes.Select(n => n.NewClient())];
        _running = Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAsync(i))));
    }

    /// <summary>The answer to a request.</summary>
    /// <param name="Phase">The name of the test phase in which it began.</param>
    /// <param name="At">When the answer arrived, as a machine timestamp.</param>
    public sealed record Acknowledged(string Phase, string What, string Key, string CallNo, int Version, TimeSpan Took, long At);

    /// <summary>Names the phase that follows in the report.</summary>
    public string Phase { get; set; } = "before";

    public IReadOnlyCollection<Acknowledged> All => _acknowledged;

    /// <summary>The number of "retry later" answers.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Requests that reached nobody or lost their connection.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public static async Task<Rush> StartAsync(params TestStreet[] nodes) =>
        new(nodes, await Task.WhenAll(Places.Select(p => nodes[^1].TokenOf(p.Worker))), await HeadOf(nodes[^1]));

    /// <summary>Keeps it running for this long, and at least until something has been acknowledged since.</summary>
    public async Task GoOn(string phase, TimeSpan span)
    {
        Phase = phase;
        await Task.Delay(span, TimeProvider.System);
        await Eventually.Holds(() => _acknowledged.Any(a => a.Phase == phase));
    }

    /// <summary>Lets every client finish its request; everything requested is then acknowledged.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TestStreet.Patience);
    }

    /// <summary>
    /// The proof: the journal has no gaps, contains everything acknowledged exactly once, and every screen has shown every change its
    /// user may see. Each screen checks order and versions frame by frame. No screen had to start over.
    /// </summary>
    public async Task NothingIsMissing(params (string User, Screen Screen)[] screens)
    {
        var node = _nodes[^1];
        await StopAsync();
        var journal = new List<JournalEntry>();
        var head = await HeadOf(node);
        while (_from + journal.Count < head) journal.AddRange(await node.Service<JournalQueries>().ReadAsync(_from + journal.Count, JournalQueries.PageLimit, CancellationToken.None));
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(n => _from + n), journal.Select(e => e.Seq));
        var written = journal.ToDictionary(e => (e.CallNo, e.Version), e => e.What);
        Assert.All(_acknowledged, a => Assert.Equal(a.What, written.GetValueOrDefault((a.CallNo, a.Version))));
        foreach (var what in (string[])["whistled", "accepted"])
        {
            var told = _acknowledged.Where(a => a.What == what).ToList();
            Assert.Equal(told.Count, told.Select(a => a.CallNo).Distinct().Count()); // no case for two keys
            Assert.Equal(told.Select(a => a.CallNo).Order(), journal.Where(e => e.What == what).Select(e => e.CallNo).Order()); // and no unacknowledged case
        }

        foreach (var (user, screen) in screens)
        {
            var eyes = node.Service<Roster>().FindPost((await node.PostOf(user)).Value)!;
            var due = journal.Where(e => e.Audience.Includes(eyes)).GroupBy(e => e.CallNo).ToDictionary(g => g.Key, g => g.Max(e => e.Version));
            Assert.NotEmpty(due);
            await screen.Until(s => due.All(d => s.Highest(d.Key) >= d.Value));
            Assert.DoesNotContain(screen.Frames, f => f.Kind == FrameKinds.Resync);
        }
    }

    /// <summary>Reports, for each phase of the test, how long after its acknowledgement a whistle was on the screens.</summary>
    public void Report(params Screen[] screens)
    {
        foreach (var phase in _acknowledged.GroupBy(a => a.Phase))
        {
            var delays = phase.Where(a => a.What == "whistled")
                .SelectMany(a => screens.Where(s => s.FirstSeen.ContainsKey(a.CallNo)).Select(s => Math.Max(0, TimeProvider.System.GetElapsedTime(a.At, s.FirstSeen[a.CallNo]).TotalMilliseconds)))
                .Order().ToList();
            if (delays.Count == 0) continue;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{phase.Key}: {phase.Count()} acknowledged, the slowest in {phase.Max(a => a.Took).TotalMilliseconds:F0} ms; on {delays.Count} screens after {delays[delays.Count / 2]:F0} ms (median), {delays[delays.Count * 99 / 100]:F0} ms (p99), {delays[^1]:F0} ms (longest)"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"told to come again {Busy}, connections lost {Lost}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TestStreet.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }

    private static async Task<long> HeadOf(TestStreet node) => (await node.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Seq;

    private async Task CallAsync(int caller)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        for (var n = 0; !_stop.IsCancellationRequested; n++)
        {
            var (place, phase) = ((caller + n) % Places.Length, Phase);
            var key = string.Create(CultureInfo.InvariantCulture, $"rush-{_from}-{caller}-{n:D6}");
            var callNo = await AskAsync(phase, "whistled", key, "/api/whistles", new { grid = Places[place].Grid, category = "02", description = "试" }, null, HttpStatusCode.Created);
            if (n % 2 == 0) await AskAsync(phase, "accepted", key + "-a", $"/api/calls/{callNo}/accept", null, _tokens[place], HttpStatusCode.OK);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<string> AskAsync(string phase, string what, string key, string path, object? body, string? token, HttpStatusCode due)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var node = Interlocked.Increment(ref _asked) % _nodes.Length;
            try
            {
                using var content = body is null ? null : new StringContent(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
                var answer = await _clients[node].Ask(HttpMethod.Post, path, content, key, request => request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token));
                if (answer.Status == due)
                {
                    var (no, version) = what == "whistled" ? (answer.Value<WhistleReceipt>(due).CallNo, 1) : (answer.Value<Reply>().Call!.CallNo, answer.Value<Reply>().Call!.Version);
                    _acknowledged.Enqueue(new Acknowledged(phase, what, key, no, version, TimeProvider.System.GetElapsedTime(began), TimeProvider.System.GetTimestamp()));
                    return no;
                }

                answer.Problem(503, Codes.Busy);
                Interlocked.Increment(ref _busy);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref _lost); // the outcome is unknown; the key makes it safe to retry
            }

            await Task.Delay(Every, TimeProvider.System);
        }
    }
}
