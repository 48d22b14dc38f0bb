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
