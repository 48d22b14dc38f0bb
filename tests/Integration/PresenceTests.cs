using DispatchCenter.Hub;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What nodes tell each other about themselves: who has a screen open, and who sweeps. All of it only saves work or informs.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PresenceTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly RedisServer _redis = nodes.Redis;
    private readonly TestStreet _a = nodes.A;
    private readonly TestStreet _b = nodes.B;

    [Fact]
    public async Task A_post_that_watches_at_one_node_is_present_at_the_other_until_its_last_screen_closes()
    {
        var post = await _a.PostOf("grid001");
        await using (var first = await Screen.FilledAsync(_a, "grid001"))
        {
            await using (var second = await Screen.FilledAsync(_a, "grid001")) await BeatsUntil(() => _b.Service<Presence>().Now.Contains(post));
            Assert.Contains(post, _b.Service<Presence>().Now);
            Assert.DoesNotContain(post, _b.Service<Presence>().Own);
        }

        await Eventually.Holds(() => !_a.Service<Presence>().Now.Contains(post));
        await BeatsUntil(() => !_b.Service<Presence>().Now.Contains(post));
    }

    [Fact]
    public async Task A_post_that_is_off_duty_is_not_present_whatever_screens_it_has()
    {
        await _a.SignOff("grid010");
        await using var screen = await Screen.FilledAsync(_a, "grid010");
        await using var colleague = await Screen.FilledAsync(_a, "grid011");
        await BeatsUntil(async () => _b.Service<Presence>().Now.Contains(await _a.PostOf("grid011")));
        Assert.DoesNotContain(await _a.PostOf("grid010"), _b.Service<Presence>().Now);
        Assert.DoesNotContain(await _a.PostOf("grid010"), _a.Service<Presence>().Now);
    }

    [Fact]
    public async Task A_node_that_goes_takes_its_posts_along_at_once_and_one_that_dies_within_fifteen_seconds()
    {
        var (stays, dies) = (await _a.PostOf("grid020"), await _a.PostOf("grid030"));
        var going = await _a.JoinAsync();
        var dying = await _a.JoinAsync();
        var name = dying.Service<RedisLink>().Node;
        await using (var first = await Screen.FilledAsync(going, "grid020"))
        await using (var second = await Screen.FilledAsync(dying, "grid030"))
        {
            await BeatsUntil(() => _b.Service<Presence>().Now.IsSupersetOf([stays, dies]));
            await dying.CrashAsync();
        }

        await going.DisposeAsync();
        await BeatsUntil(() => !_b.Service<Presence>().Now.Contains(stays));
        Assert.Contains(dies, _b.Service<Presence>().Now); // nobody has said goodbye
        // Redis goes by its own clock: what is left of the dead node's time must be short, and is brought to its end here.
        var key = $"{RedisLink.Prefix}{_b.Service<LiveFeed>().Epoch}:present:{name}";
        Assert.InRange(int.Parse(await _redis.AskAsync("PTTL", key), System.Globalization.CultureInfo.InvariantCulture), 1, (int)RedisLife.PresenceLife.TotalMilliseconds);
        await _redis.AskAsync("PEXPIRE", key, "1");
        await BeatsUntil(() => !_b.Service<Presence>().Now.Contains(dies));
        Assert.DoesNotContain(name, await _redis.AskAsync("SMEMBERS", $"{RedisLink.Prefix}{_b.Service<LiveFeed>().Epoch}:nodes"), StringComparison.Ordinal);
        Assert.True(RedisLife.PresenceLife <= TimeSpan.FromSeconds(15));
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task Losing_Redis_makes_nobody_at_another_node_unreachable_and_a_node_that_dies_then_is_noticed_within_a_minute()
    {
        await using var redis = new RedisServer();
        await redis.UpAsync();
        await using var a = await TestStreet.StartSharedAsync(redis.Setting);
        var dying = await a.JoinAsync();
        await redis.ListenedToBy(2);
        var post = await a.PostOf("grid040");
        var screen = await Screen.FilledAsync(dying, "grid040");
        await Eventually.Holds(() =>
        {
            a.FastForward(RedisLife.BeatEvery);
            return a.Service<Presence>().Now.Contains(post);
        });
        await redis.KillAsync();
        await Eventually.Holds(() => !a.Service<RedisLink>().IsConnected && !dying.Service<RedisLink>().IsConnected);
        await Passes(TimeSpan.FromSeconds(10)); // both have noted by now that they are alone
        for (var look = 0; look < 20; look++)
        {
            await Passes(TimeSpan.FromSeconds(20));
            await a.Service<Reachability>().LookAsync(CancellationToken.None);
            Assert.Contains(post, a.Service<Presence>().Now);
            Assert.DoesNotContain(post, a.Service<Reachability>().Unreachable.Keys);
        }

        Assert.NotEmpty(a.Service<Reachability>().Unreachable); // whoever has no screen anywhere
        await dying.CrashAsync();
        var died = a.Now;
        // A look notes its time first; of the look before it, all is known. The clock itself may have run on while a slow node was at it.
        for (var (known, begun) = (died, died); a.Service<Presence>().Now.Contains(post); (known, begun) = (begun, await Passes(RedisLife.BeatEvery, nodes: 1)))
            Assert.InRange(known - died, TimeSpan.Zero, TimeSpan.FromSeconds(60));

        await screen.DisposeAsync();
        await dying.DisposeAsync();

        // Goes on in time, until so many nodes have noted who is at them.
        async Task<DateTimeOffset> Passes(TimeSpan span, long nodes = 2)
        {
            a.FastForward(span);
            var now = a.Now.ToUnixTimeMilliseconds();
            var last = 0L;
            await Eventually.Holds(async () =>
            {
                a.FastForward(TimeSpan.FromMilliseconds(250)); // whoever was not waiting yet waits for the next beat
                await using var connection = a.Service<Database>().Open();
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT COUNT(*), MAX(at) FROM presence WHERE at >= {now}";
                await using var row = await command.ExecuteReaderAsync();
                await row.ReadAsync();
                if (row.GetInt64(0) < nodes) return false;
                last = row.GetInt64(1);
                return true;
            });
            return DateTimeOffset.FromUnixTimeMilliseconds(last);
        }
    }

    [Fact]
    public async Task The_lease_leaves_the_sweep_to_one_node_while_that_one_renews_it()
    {
        var (a, b) = (Unhurried(_a), Unhurried(_b));
        await FreeAsync(_a);
        for (var tick = 0; tick < 5; tick++)
        {
            Assert.False(await a.AnotherSweepsAsync(Sweep.Tick));
            Assert.True(await b.AnotherSweepsAsync(Sweep.Tick));
        }

        await _redis.AskAsync("PEXPIRE", LeaseOf(_a), ((int)Sweep.Tick.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick)); // it would end before the next tick: not trusted any more
        await FreeAsync(_a); // its end
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick)); // not renewed: the other takes over
        Assert.True(await a.AnotherSweepsAsync(Sweep.Tick));
        Assert.True(RedisLife.LeaseLife >= 2 * Sweep.Tick); // a holder in time is trusted at any phase of the others' ticks
        Assert.True(RedisLife.LeaseLife <= TimeSpan.FromMilliseconds(500)); // and one that dies delays no breach for longer
    }

    [Fact]
    public async Task A_node_that_cannot_sweep_lets_the_next_one_that_asks_do_it_and_takes_nothing_from_others()
    {
        var (a, b) = (Unhurried(_a), Unhurried(_b));
        await FreeAsync(_a);
        Assert.False(await a.AnotherSweepsAsync(Sweep.Tick));
        await b.LetGoAsync(); // not its own
        Assert.True(await b.AnotherSweepsAsync(Sweep.Tick));
        await a.LetGoAsync();
        Assert.False(await b.AnotherSweepsAsync(Sweep.Tick));
    }

    [Fact]
    public async Task Of_two_ticks_one_sweeps_and_with_redis_stuck_both_do_and_no_clock_acts_twice()
    {
        await using var a = await TestStreet.StartSharedAsync(_redis.Setting);
        await using var b = await a.JoinAsync();
        await _redis.ListenedToBy(4);
        var (one, other) = (Unhurried(a), Unhurried(b));
        await FreeAsync(a);
        var (first, second) = (Ticks(a), Ticks(b));
        var calls = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => a.Blow($"{i:D3}", "01")));
        Assert.False(await one.AnotherSweepsAsync(Sweep.Tick));
        a.FastForward(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1));
        await second(); // holds back
        Assert.All(await Lapses(), n => Assert.Equal(0, n));
        await first();
        Assert.All(await Lapses(), n => Assert.Equal(1, n));
        one.Patient = other.Patient = RedisLife.LeasePatience;
        _redis.Pause();
        try
        {
            a.FastForward(TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(1)); // twice the limit
            await Task.WhenAll(first(), second(), second(), first());
        }
        finally
        {
            _redis.Resume();
        }

        Assert.All(await Lapses(), n => Assert.Equal(2, n));

        async Task<int[]> Lapses() => await Task.WhenAll(calls.Select(async c => (await b.Journal(c.CallNo)).Count(e => e is { What: "lapsed" or "doubleLapsed", Answer: "accept" })));
    }

    private static string LeaseOf(TestStreet node) => $"{RedisLink.Prefix}{node.Service<LiveFeed>().Epoch}:sweep";

    /// <summary>Takes away the lease of whoever held it in an earlier test: copies of one street share it.</summary>
    private async Task FreeAsync(TestStreet node) => await _redis.AskAsync("DEL", LeaseOf(node));

    /// <summary>Leases that outlast any load of the machine: what is asked here is who holds one, not for how long.</summary>
    private static RedisLife Unhurried(TestStreet node)
    {
        var life = node.Service<RedisLife>();
        (life.Lease, life.Patient) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        return life;
    }

    private static Func<Task> Ticks(TestStreet node)
    {
        var job = new Ticks.SweepTick(node.Service<Sweep>(), node.Service<RedisLife>(), NullLogger<Sweep>.Instance);
        return () => job.Execute(null!, CancellationToken.None).AsTask();
    }

    private Task BeatsUntil(Func<bool> holds) => BeatsUntil(() => Task.FromResult(holds()));

    /// <summary>Until then time goes by, beat after beat.</summary>
    private Task BeatsUntil(Func<Task<bool>> holds) => Eventually.Holds(async () =>
    {
        _b.FastForward(RedisLife.BeatEvery);
        return await holds();
    });
}
