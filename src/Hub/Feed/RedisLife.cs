using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// The node's only connection to Redis, made in the background and remade whenever it breaks, so nobody waits for it. Redis may
/// be down, slow, full or stuck; requests then get no answer and callers go on without it.
/// </summary>
public sealed class RedisLink(DispatchOptions options, ILogger<RedisLink> log) : BackgroundService
{
    /// <summary>The delay before reconnecting.</summary>
    private static readonly TimeSpan ReconnectEvery = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource<ConnectionMultiplexer> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Unknown;

    private const int Unknown = 0, There = 1, Away = 2;

    /// <summary>The prefix of every key and channel of the street.</summary>
    public const string Prefix = "dispatch:main:";

    /// <summary>The id of this process among the nodes.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    public bool IsConfigured => options.Redis is not null;

    public bool IsConnected => _made.Task is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    /// <summary>Beats whenever Redis is back.</summary>
    internal Pulse Back { get; } = new();

    /// <summary>Whether a text is a valid Redis address.</summary>
    public static bool IsUsable(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>The connection, once made; it may be down at any time.</summary>
    internal Task<ConnectionMultiplexer> MadeAsync(CancellationToken ct) => _made.Task.WaitAsync(ct);

    /// <summary>
    /// Sends a request to Redis. If Redis is down, or this line's last request is still pending, nothing is sent: a stuck Redis holds at most one
    /// request per line. <c>Came</c> is false if no answer arrived in time.
    /// </summary>
    internal async Task<(bool Came, T? Value)> AskAsync<T>(RedisLine line, TimeSpan within, Func<ConnectionMultiplexer, Task<T>> ask)
    {
        if (!IsConnected || !line.IsFree) return default;
        try
        {
            return (true, await line.Take(ask(_made.Task.Result)).WaitAsync(within));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            return default;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_made.Task.IsCompletedSuccessfully) await _made.Task.Result.CloseAsync(allowCommandsToComplete: false).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        if (_made.Task.IsCompletedSuccessfully) _made.Task.Result.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Redis is not { } text) return;
        var how = ConfigurationOptions.Parse(text);
        (how.AbortOnConnectFail, how.ClientName) = (false, "dispatch");
        (how.ConnectTimeout, how.SyncTimeout, how.AsyncTimeout, how.KeepAlive) = (2_000, 1_000, 1_000, 5); // ms, ms, ms, s
        how.BacklogPolicy = BacklogPolicy.FailFast; // a queued lease or presence would be stale when Redis returns
        how.ReconnectRetryPolicy = new LinearRetry((int)ReconnectEvery.TotalMilliseconds);
        using var timer = new PeriodicTimer(ReconnectEvery, TimeProvider.System);
        do
        {
            try
            {
                var redis = await ConnectionMultiplexer.ConnectAsync(how);
                redis.ConnectionFailed += (_, e) => NoteAway(e.FailureType.ToString());
                redis.ConnectionRestored += (_, _) => NoteThere(); // of commands or of the subscription: either may mean lost messages
                if (redis.IsConnected) NoteThere();
                else NoteAway("not yet connected");
                _made.SetResult(redis);
                return;
            }
            catch (Exception e) when (e is RedisException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException)
            {
                NoteAway(e.GetType().Name); // the message may contain the connection string
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void NoteAway(string why)
    {
        if (Interlocked.Exchange(ref _state, Away) != Away) HubLog.RedisAway(log, why);
    }

    private void NoteThere()
    {
        if (Interlocked.Exchange(ref _state, There) != There) HubLog.RedisThere(log);
        Back.Beat();
    }
}

/// <summary>One request at a time.</summary>
internal sealed class RedisLine
{
    private Task _last = Task.CompletedTask;

    public bool IsFree => _last.IsCompleted;

    public Task<T> Take<T>(Task<T> asked)
    {
        _last = asked;
        _ = asked.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // observed, even if the caller has given up
        return asked;
    }
}

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
