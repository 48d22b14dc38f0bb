using DispatchCenter.Domain.Duty;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Short-lived state shared by the nodes: which on-duty posts have a page open, and which node sweeps.
/// Leases only save work: without Redis every node sweeps, and presence goes through the database. So for what carries no signature of ours.
/// </summary>
public sealed class RedisLife(RedisLink redis, BusSeal seal, LiveFeed feed, Presence presence, PresenceNotes notes, TimeProvider time) : BackgroundService
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

    /// <summary>A lease begins with its holder. Takes or renews it and returns nothing; otherwise returns the holder's remaining milliseconds and its lease.</summary>
    private const string TakeLease =
        "local held = redis.call('GET', KEYS[1]) "
        + "if held and string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then return { redis.call('PTTL', KEYS[1]), held } end "
        + "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return {}";

    private const string LetGoLease = "local held = redis.call('GET', KEYS[1]) if held and string.sub(held, 1, #ARGV[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0";

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
        var key = Keys + "sweep";
        var (_, held) = await redis.AskAsync(_leaseLine, Patient, async r => (RedisResult[]?)await r.GetDatabase().ScriptEvaluateAsync(
            TakeLease, [key], [redis.Node, seal.Write(key, redis.Node), (long)Lease.TotalMilliseconds], CommandFlags.NoScriptCache));
        if (held is not [var left, var lease]) return false;
        // Nobody can hold the sweep up for longer than a lease: neither by a long one of their own nor by putting ours back.
        return (long)left > tick.TotalMilliseconds && (long)left <= Lease.TotalMilliseconds && seal.Read(key, (string)lease!, Lease) is not null;
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
            presence.Elsewhere = told is null ? notes.Fresh : [.. told.Posts, .. told.IsWhole ? notes.OfTheAlone : notes.Fresh];
            presence.Noted = notes.All;
            await Task.Delay(Spacing, time, stoppingToken);
            await ((Task)Task.WhenAny(changed, back)).WaitAsync(BeatEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="IsWhole">False if a node's posts are unknown, because it has not signed them.</param>
    private sealed record Told(IReadOnlyList<PostId> Posts, bool IsWhole);

    /// <summary>Reports this node's posts and returns those of the others; null if Redis does not respond.</summary>
    private async Task<Told?> TellAsync()
    {
        var keys = Keys;
        var (nodes, present) = (keys + "nodes", keys + "present:");
        var own = seal.Write(present + redis.Node, string.Join(' ', presence.Own.Select(p => p.Value)));
        var (_, said) = await redis.AskAsync(_presenceLine, Patience, async r =>
        {
            var database = r.GetDatabase();
            await database.StringSetAsync(present + redis.Node, own, PresenceLife);
            await database.SetAddAsync(nodes, redis.Node);
            await database.KeyExpireAsync(nodes, PresenceLife);
            var others = (await database.SetRandomMembersAsync(nodes, NodesLimit)).Where(n => n != redis.Node).ToArray(); // all of them, unless somebody adds some
            if (others.Length == 0) return [];
            var found = await database.StringGetAsync([.. others.Select(n => (RedisKey)(present + n))]);
            var gone = others.Where((_, i) => found[i].IsNull).ToArray();
            if (gone.Length > 0) await database.SetRemoveAsync(nodes, gone);
            return others.Zip(found, (n, f) => (Key: present + n, Value: (string?)f)).Where(s => s.Value is not null).ToArray();
        });
        if (said is null) return null;
        var posts = said.Select(s => seal.Read(s.Key, s.Value!, PresenceLife)).ToList();
        return new Told([.. posts.OfType<string>().SelectMany(p => p.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(Presence.Limit).Select(p => new PostId(p))], posts.TrueForAll(p => p is not null));
    }
}
