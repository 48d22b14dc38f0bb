using DispatchCenter.Domain.Duty;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Short-lived state shared by the nodes: which on-duty posts have a page open, and which node sweeps.
/// Leases only save work: without Redis every node sweeps, and presence goes through the database.
/// </summary>
public sealed class RedisLife(RedisLink redis, LiveFeed feed, Presence presence, PresenceNotes notes, TimeProvider time) : BackgroundService
{
    /// <summary>A node not heard of for this long is gone, along with its posts.</summary>
    public static readonly TimeSpan PresenceLife = TimeSpan.FromSeconds(15);

    /// <summary>How often a node reports its posts if nothing changes.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>The minimum interval between reports, however often posts come and go.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The life of a sweep's lease; renewed at every tick. Others sweep as soon as it would end before their next tick, so
    /// after a node dies nothing is later than this plus the run. Two ticks long, so a punctual holder is trusted whenever the
    /// others ask.
    /// </summary>
    public static readonly TimeSpan LeaseLife = TimeSpan.FromMilliseconds(500);

    /// <summary>A sweep waits no longer than this for its lease.</summary>
    public static readonly TimeSpan LeasePatience = TimeSpan.FromMilliseconds(50);

    /// <summary>The maximum of nodes read.</summary>
    private const int NodesLimit = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Takes or renews the lease and returns 0; otherwise returns the holder's remaining milliseconds.</summary>
    private const string TakeLease =
        "local holder = redis.call('GET', KEYS[1]) "
        + "if holder and holder ~= ARGV[1] then return redis.call('PTTL', KEYS[1]) end "
        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 0";

    private const string LetGoLease = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0";

    private readonly RedisLine _presenceLine = new();
    private readonly RedisLine _leaseLine = new();

    /// <summary><see cref="LeaseLife"/>, except in tests that do not concern time.</summary>
    internal TimeSpan Lease { get; set; } = LeaseLife;

    /// <summary><see cref="LeasePatience"/>, except in tests that do not concern time.</summary>
    internal TimeSpan Patient { get; set; } = LeasePatience;

    // The epoch separates streets that share a Redis by mistake: one must not take another's lease.
    private string Keys => $"{RedisLink.Prefix}{feed.Epoch}:";

    /// <summary>Whether another node sweeps and will still hold the lease at the next tick. False at once if Redis does not respond.</summary>
    /// <param name="tick">The time until the caller asks again.</param>
    public async Task<bool> AnotherSweepsAsync(TimeSpan tick)
    {
        var (came, left) = await redis.AskAsync(_leaseLine, Patient, async r => (long)await r.GetDatabase().ScriptEvaluateAsync(
            TakeLease, [Keys + "sweep"], [redis.Node, (long)Lease.TotalMilliseconds], CommandFlags.NoScriptCache));
        return came && left > tick.TotalMilliseconds;
    }

    /// <summary>Releases the lease because this node cannot sweep now, so the next one to ask does. Otherwise a node that fails at every tick would block the others.</summary>
    public Task LetGoAsync() => redis.AskAsync(_leaseLine, Patient, r => r.GetDatabase().ScriptEvaluateAsync(
        LetGoLease, [Keys + "sweep"], [redis.Node], CommandFlags.NoScriptCache));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await redis.AskAsync(_presenceLine, Patience, r => r.GetDatabase().KeyDeleteAsync(Keys + "present:" + redis.Node));
        await notes.RemoveAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured && !notes.AreKept) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var (changed, back) = (presence.Changed.Next, redis.Back.Next);
            var told = await TellAsync();
            await notes.KeepAsync(alone: told is null, stoppingToken);
            presence.Elsewhere = told is null ? notes.Fresh : [.. told, .. notes.OfTheAlone];
            presence.Noted = notes.All;
            await Task.Delay(Spacing, time, stoppingToken);
            await ((Task)Task.WhenAny(changed, back)).WaitAsync(BeatEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reports this node's posts and returns those of the others; null if Redis does not respond.</summary>
    private async Task<IEnumerable<PostId>?> TellAsync()
    {
        var own = string.Join(' ', presence.Own.Select(p => p.Value));
        var (came, posts) = await redis.AskAsync(_presenceLine, Patience, async r =>
        {
            var (keys, database) = (Keys, r.GetDatabase());
            var nodes = keys + "nodes";
            await database.StringSetAsync(keys + "present:" + redis.Node, own, PresenceLife);
            await database.SetAddAsync(nodes, redis.Node);
            await database.KeyExpireAsync(nodes, PresenceLife);
            var others = (await database.SetMembersAsync(nodes)).Where(n => n != redis.Node).Take(NodesLimit).ToArray();
            if (others.Length == 0) return [];
            var found = await database.StringGetAsync([.. others.Select(n => (RedisKey)(keys + "present:" + n))]);
            var gone = others.Where((_, i) => found[i].IsNull).ToArray();
            if (gone.Length > 0) await database.SetRemoveAsync(nodes, gone);
            return found.Where(f => f.HasValue).SelectMany(f => ((string)f!).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(Presence.Limit).ToArray();
        });
        return came ? posts!.Select(p => new PostId(p)) : null;
    }
}
