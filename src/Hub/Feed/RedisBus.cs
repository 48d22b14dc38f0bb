using System.Threading.Channels;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Takes what the desk has committed to this node's watchers and to the other nodes, and what the others have committed to this node's
/// watchers. The desk waits for nobody: what does not fit, or cannot be sent, is dropped and counted, for the journal has it. Without
/// Redis there is only the own node.
/// </summary>
public sealed class RedisBus(RedisLink redis, LiveFeed feed, CatchUp catchUp, FeedMeters meters, ILogger<RedisBus> log) : BackgroundService, IFeedBus
{
    /// <summary>Changes that wait to be sent; about 6 MB of cards.</summary>
    public const int QueueLimit = 4_096;

    /// <summary>How long one message may take before the next are dropped until it has gone.</summary>
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SubscribeAgain = TimeSpan.FromSeconds(1);

    /// <summary>How long others may commit without a message from the bus before this node takes its subscription for dead.</summary>
    public static readonly TimeSpan DeafLimit = TimeSpan.FromSeconds(3);

    /// <summary>Where subscribing anew has not helped, the next attempt waits twice as long, up to this.</summary>
    public static readonly TimeSpan LongestDeafLimit = TimeSpan.FromMinutes(1);

    private static readonly RedisChannel Channel = RedisChannel.Literal(RedisLink.Prefix + "journal");

    private readonly Channel<(string Epoch, IReadOnlyList<JournalEntry> Entries)> _queue =
        System.Threading.Channels.Channel.CreateUnbounded<(string, IReadOnlyList<JournalEntry>)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly RedisLine _line = new();
    private int _queued;

    /// <summary>Changes that wait now.</summary>
    public int Queued => Volatile.Read(ref _queued);

    public void Publish(IReadOnlyList<JournalEntry> entries)
    {
        try
        {
            feed.Publish(entries);
        }
        finally
        {
            if (redis.IsConfigured) Enqueue(entries);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured) return;
        await Task.WhenAll(ListenAsync(stoppingToken), SendAsync(stoppingToken), NudgeWhenBackAsync(stoppingToken));
    }

    private void Enqueue(IReadOnlyList<JournalEntry> entries)
    {
        if (Interlocked.Add(ref _queued, entries.Count) > QueueLimit + entries.Count || !redis.IsConnected)
        {
            Interlocked.Add(ref _queued, -entries.Count);
            meters.Dropped(entries.Count);
            return;
        }

        _queue.Writer.TryWrite((feed.Epoch, entries));
    }

    /// <summary>
    /// Listens, and subscribes anew where the subscription is dead though the connection is not: others commit, and nothing comes.
    /// The client restores its subscriptions itself; this is for when it does not.
    /// </summary>
    private async Task ListenAsync(CancellationToken ct)
    {
        var subscriber = (await redis.MadeAsync(ct)).GetSubscriber();
        var listening = await SubscribeAsync(subscriber, ct);
        using var timer = new PeriodicTimer(SubscribeAgain, TimeProvider.System);
        for (var limit = DeafLimit; await timer.WaitForNextTickAsync(ct);)
        {
            var deaf = meters.Deaf;
            if (deaf == TimeSpan.Zero) limit = DeafLimit;
            if (deaf < limit || !redis.IsConnected) continue; // while Redis is away nothing can come
            HubLog.BusDeaf(log, deaf.TotalSeconds);
            await redis.AskAsync(new RedisLine(), SendWithin, async _ =>
            {
                await listening.UnsubscribeAsync();
                return true;
            });
            listening = await SubscribeAsync(subscriber, ct);
            meters.Resubscribed();
            var doubled = 2 * limit;
            limit = deaf + (doubled < LongestDeafLimit ? doubled : LongestDeafLimit);
        }
    }

    /// <summary>Messages are taken one after the other, in the order in which Redis sends them.</summary>
    private async Task<ChannelMessageQueue> SubscribeAsync(ISubscriber subscriber, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var listening = await subscriber.SubscribeAsync(Channel);
                listening.OnMessage(message => Hear(message.Message));
                catchUp.Nudge(); // for what was committed before
                return listening;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                await Task.Delay(SubscribeAgain, TimeProvider.System, ct);
            }
        }
    }

    private async Task NudgeWhenBackAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await redis.Back.Next.WaitAsync(ct);
            meters.Heard();
            catchUp.Nudge(); // for what was said meanwhile
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        await foreach (var (epoch, entries) in _queue.Reader.ReadAllAsync(ct))
        {
            var left = entries.Count;
            foreach (var (bytes, count) in BusMessage.Write(redis.Node, epoch, entries))
            {
                var (came, _) = await redis.AskAsync(_line, SendWithin, r => r.GetSubscriber().PublishAsync(Channel, bytes));
                if (!came) break;
                meters.Sent(count);
                left -= count;
            }

            if (left > 0) meters.Dropped(left);
            Interlocked.Add(ref _queued, -entries.Count);
        }
    }

    private void Hear(RedisValue value)
    {
        meters.Heard(); // its own messages too: they come back, so the subscription lives
        var message = BusMessage.Read((byte[]?)value ?? [], redis.Node);
        if (message?.Node == redis.Node) return;
        if (message is not null && feed.Take(message.Epoch, message.Entries))
        {
            meters.Received(message.Entries.Count);
            return;
        }

        meters.Refused();
        catchUp.Nudge();
    }
}
