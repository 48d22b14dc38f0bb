using System.Net;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// Whatever becomes of Redis, no change is missing on any screen of either node, and nobody waits for it. These go by the machine's
/// clock, each a few seconds; with DISPATCH_LONG=true Redis is away for 10 s.
/// </summary>
[Trait("Database", "PostgreSQL")]
[Trait("Alone", "true")] // held against the clock on the wall
public sealed class RedisFaultTests(TwoNodesInRealTime nodes) : IClassFixture<TwoNodesInRealTime>, IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DISPATCH_LONG") == "true" ? 10 : 2);

    private readonly RedisServer _redis = nodes.Redis;
    private readonly List<(string User, Screen Screen)> _screens = [];
    private readonly TestStreet _a = nodes.A;
    private readonly TestStreet _b = nodes.B;

    /// <summary>Redis is there, and both nodes listen, whatever the test before has done to it.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!_redis.IsUp) await _redis.UpAsync();
        await _redis.ListenedToBy(2);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            foreach (var node in (TestStreet[])[_a, _b]) node.TellAll(most: 60);
        foreach (var (_, screen) in _screens) await screen.DisposeAsync();
    }

    [Fact]
    public async Task Away_at_the_start_the_nodes_start_and_are_ready_and_find_it_when_it_comes()
    {
        await using var redis = new RedisServer();
        await using var a = await TestStreet.StartInRealTimeAsync(redis.Setting);
        await using var b = await a.JoinAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await a.Anyone.Read("/healthz/ready")).Status, (await b.Anyone.Read("/healthz/ready")).Status));
        using var received = new Counted(b, "dispatch.bus.received");
        await using var rush = await BeginAsync(a, b);
        await rush.GoOn("Redis not there yet", Moment);
        Assert.Equal(0, received.Sum);
        await redis.UpAsync();
        await redis.ListenedToBy(2);
        await Eventually.Holds(() => a.Service<RedisLink>().IsConnected && b.Service<RedisLink>().IsConnected); // what publishes may be back later than what listens
        await rush.GoOn("Redis there", Moment);
        await Eventually.Holds(() => received.Sum > 0); // who tried to subscribe in vain tries again within a second, and the client has subscribed for them already
        await EndAsync(rush);
    }

    [Fact]
    public async Task Lost_under_load_and_back_again()
    {
        await using var rush = await BeginAsync(_a, _b);
        await rush.GoOn("with Redis", Moment);
        await _redis.DownAsync();
        await rush.GoOn("Redis away", Away);
        Assert.Equal(HttpStatusCode.OK, (await _a.Anyone.Read("/healthz/ready")).Status);
        await _redis.UpAsync();
        await _redis.ListenedToBy(2);
        await rush.GoOn("Redis back", Moment);
        await EndAsync(rush);
    }

    [Fact]
    public async Task Killed_for_good()
    {
        await using var rush = await BeginAsync(_a, _b);
        await rush.GoOn("with Redis", Moment);
        await _redis.KillAsync();
        await rush.GoOn("without Redis", Away);
        await EndAsync(rush);
    }

    [Fact]
    public async Task Stuck_it_holds_nobody_up()
    {
        await using var rush = await BeginAsync(_a, _b);
        await rush.GoOn("with Redis", Moment);
        _redis.Pause();
        await rush.GoOn("Redis stuck", Away);
        Assert.False(await _a.Service<RedisLife>().AnotherSweepsAsync(Sweep.Tick).WaitAsync(TimeSpan.FromSeconds(1))); // the sweep does not wait for its lease
        Assert.Equal(HttpStatusCode.OK, (await _a.Anyone.Read("/healthz/ready")).Status);
        _redis.Resume();
        await rush.GoOn("Redis goes on", Moment);
        await EndAsync(rush);
    }

    [Fact]
    public async Task Full_it_takes_no_lease_and_throws_its_listeners_out()
    {
        await using var rush = await BeginAsync(_a, _b);
        await rush.GoOn("with Redis", Moment);
        await _redis.AskAsync("CONFIG", "SET", "maxmemory", "1mb");
        await _redis.AskAsync("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1 1 1");
        await rush.GoOn("Redis full", Away);
        Assert.False(await _a.Service<RedisLife>().AnotherSweepsAsync(Sweep.Tick));
        Assert.False(await _b.Service<RedisLife>().AnotherSweepsAsync(Sweep.Tick)); // so both sweep
        await _redis.AskAsync("CONFIG", "SET", "maxmemory", "0");
        await _redis.AskAsync("CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60");
        await _redis.ListenedToBy(2);
        await rush.GoOn("Redis has room", Moment);
        await EndAsync(rush);
    }

    [Fact]
    public async Task A_node_whose_subscription_alone_is_lost_subscribes_anew()
    {
        using var anew = new Counted(_b, "dispatch.bus.resubscribed");
        await using var rush = await BeginAsync(_a, _b);
        await rush.GoOn("both listen", Moment);
        await (await _b.Service<RedisLink>().MadeAsync(CancellationToken.None)).GetSubscriber().UnsubscribeAllAsync();
        await _redis.ListenedToBy(1);
        await rush.GoOn("one is deaf", RedisBus.DeafLimit);
        await _redis.ListenedToBy(2);
        await rush.GoOn("both listen again", Moment);
        await EndAsync(rush);
        Assert.Equal(1, anew.Sum);
        Assert.Equal(TimeSpan.Zero, _b.Service<FeedMeters>().Deaf);
        Assert.Equal(0, _a.Service<FeedMeters>().Deaf.TotalSeconds, tolerance: 1);
    }

    private async Task<Rush> BeginAsync(TestStreet a, TestStreet b)
    {
        foreach (var (node, user) in ((TestStreet, string)[])[(a, "duty"), (b, "duty"), (a, "grid001"), (b, "grid001"), (b, "grid004")]) _screens.Add((user, await Screen.OpenAsync(node, user, 0, comesAgain: true)));
        foreach (var (_, screen) in _screens) await screen.Until(s => s.Frames.Count > 0 && !s.IsInSnapshot);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? a : b).Blow())); // the first of everything takes its time
        return await Rush.StartAsync(a, b);
    }

    private async Task EndAsync(Rush rush)
    {
        await rush.NothingIsMissing([.. _screens]);
        rush.Report([.. _screens.Select(s => s.Screen)]);
        Assert.True(_screens.Sum(s => s.Screen.Reconnects) <= 1, "More than one connection was lost: it is not chance."); // a machine that is out of breath may lose one
        Assert.Equal((0, 0), (rush.Busy, rush.Lost));
        // No wait for Redis, of a second or more, was in the way of anybody's acknowledgement.
        foreach (var stretch in rush.All.GroupBy(a => a.Phase)) Assert.True(Slow(stretch) < 0.05, $"{Slow(stretch):P0} of the acknowledgements of \"{stretch.Key}\" took a second or more.");

        static double Slow(IEnumerable<Rush.Acknowledged> all) => all.Average(a => a.Took >= TimeSpan.FromSeconds(1) ? 1.0 : 0);
    }
}
