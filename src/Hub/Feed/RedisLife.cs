using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// The node's one connection to Redis, made in the background and made again whenever it breaks: nobody ever waits for it. Redis may
/// be away, slow, full or stuck; whoever asks then gets no answer and goes on without.
/// </summary>
public sealed class RedisLink(DispatchOptions options, ILogger<RedisLink> log) : BackgroundService
{
    /// <summary>How soon a connection that broke is tried again.</summary>
    private static readonly TimeSpan ReconnectEvery = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource<ConnectionMultiplexer> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Unknown;

    private const int Unknown = 0, There = 1, Away = 2;

    /// <summary>Every key and channel of the street begins with this.</summary>
    public const string Prefix = "dispatch:main:";

    /// <summary>This process among the nodes.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    public bool IsConfigured => options.Redis is not null;

    public bool IsConnected => _made.Task is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    /// <summary>Beats whenever Redis is there again.</summary>
    internal Pulse Back { get; } = new();

    /// <summary>Whether a text can name a Redis.</summary>
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

    /// <summary>The connection, once it has been made; it may be away at any time.</summary>
    internal Task<ConnectionMultiplexer> MadeAsync(CancellationToken ct) => _made.Task.WaitAsync(ct);

    /// <summary>
    /// Asks Redis. Where it is away, or the line's last question is still unanswered, nothing is asked: a stuck Redis holds at most one
    /// question of every line. <c>Came</c> is false where no answer came in time.
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
        how.BacklogPolicy = BacklogPolicy.FailFast; // a lease or a presence that was kept back would be old when Redis returns
        how.ReconnectRetryPolicy = new LinearRetry((int)ReconnectEvery.TotalMilliseconds);
        using var timer = new PeriodicTimer(ReconnectEvery, TimeProvider.System);
        do
        {
            try
            {
                var redis = await ConnectionMultiplexer.ConnectAsync(how);
                redis.ConnectionFailed += (_, e) => NoteAway(e.FailureType.ToString());
                redis.ConnectionRestored += (_, _) => NoteThere(); // of commands or of the subscription: either way messages may have been missed
                if (redis.IsConnected) NoteThere();
                else NoteAway("not yet connected");
                _made.SetResult(redis);
                return;
            }
            catch (Exception e) when (e is RedisException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException)
            {
                NoteAway(e.GetType().Name); // its message may hold the connection text
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

/// <summary>One question after the other.</summary>
internal sealed class RedisLine
{
    private Task _last = Task.CompletedTask;

    public bool IsFree => _last.IsCompleted;

    public Task<T> Take<T>(Task<T> asked)
    {
        _last = asked;
        _ = asked.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // seen, whoever has given it up
        return asked;
    }
}

/// <summary>
/// What the nodes tell each other about themselves, all of it short-lived: which on-duty posts have a screen open, and who sweeps.
/// Leases only save work; without Redis everybody sweeps, and presence goes by way of the database.
/// </summary>
public sealed class RedisLife(RedisLink redis, LiveFeed feed, Presence presence, PresenceNotes notes, TimeProvider time) : BackgroundService
{
    /// <summary>A node that has not been heard of for this long is gone, and its posts with it.</summary>
    public static readonly TimeSpan PresenceLife = TimeSpan.FromSeconds(15);

    /// <summary>How often a node says which posts it holds, if nothing changes.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>However often posts come and go, the beats stay this far apart.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a sweep's lease lasts; renewed at every tick. Others sweep as soon as it would end before their next tick, so that
    /// what is due when a node dies is never later than this, and the run. Two ticks, so that a holder in time is trusted whenever the
    /// others happen to ask.
    /// </summary>
    public static readonly TimeSpan LeaseLife = TimeSpan.FromMilliseconds(500);

    /// <summary>A sweep waits no longer for its lease.</summary>
    public static readonly TimeSpan LeasePatience = TimeSpan.FromMilliseconds(50);

    /// <summary>Nodes that are looked at.</summary>
    private const int NodesLimit = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Takes or renews the lease, 0; or how many milliseconds the holder still has.</summary>
    private const string TakeLease =
        "local holder = redis.call('GET', KEYS[1]) "
        + "if holder and holder ~= ARGV[1] then return redis.call('PTTL', KEYS[1]) end "
        + "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 0";

    private const string LetGoLease = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0";

    private readonly RedisLine _presenceLine = new();
    private readonly RedisLine _leaseLine = new();

    /// <summary><see cref="LeaseLife"/>, but in tests that are not about time.</summary>
    internal TimeSpan Lease { get; set; } = LeaseLife;

    /// <summary><see cref="LeasePatience"/>, but in tests that are not about time.</summary>
    internal TimeSpan Patient { get; set; } = LeasePatience;

    // The epoch keeps streets apart that share a Redis by mistake: one must not take another's lease.
    private string Keys => $"{RedisLink.Prefix}{feed.Epoch}:";

    /// <summary>Whether another node sweeps and will still be trusted to at the next tick. False at once where Redis does not answer.</summary>
    /// <param name="tick">The time until the asker asks again.</param>
    public async Task<bool> AnotherSweepsAsync(TimeSpan tick)
    {
        var (came, left) = await redis.AskAsync(_leaseLine, Patient, async r => (long)await r.GetDatabase().ScriptEvaluateAsync(
            TakeLease, [Keys + "sweep"], [redis.Node, (long)Lease.TotalMilliseconds], CommandFlags.NoScriptCache));
        return came && left > tick.TotalMilliseconds;
    }

    /// <summary>Says that this node cannot sweep just now: whoever asks next does. Without it a node that fails at every tick would hold the others back.</summary>
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

    /// <summary>Says which posts this node holds; returns those of the others, null where Redis does not answer.</summary>
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
