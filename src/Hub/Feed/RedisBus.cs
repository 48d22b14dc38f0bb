using System.Threading.Channels;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Sends the desk's commits to this node's watchers and to the other nodes, and the other nodes' commits to this node's
/// watchers. The desk never waits: what does not fit or cannot be sent is dropped and counted, because the journal has it. Without
/// Redis there is only this node.
/// </summary>
public sealed class RedisBus(RedisLink redis, BusSeal seal, LiveFeed feed, CatchUp catchUp, FeedMeters meters, ILogger<RedisBus> log) : BackgroundService, IFeedBus
{
    /// <summary>The maximum of queued changes; about 6 MB of cards.</summary>
    public const int QueueLimit = 4_096;

    /// <summary>How long one message may take before the following ones are dropped.</summary>
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SubscribeAgain = TimeSpan.FromSeconds(1);

    /// <summary>If other nodes commit for this long without a bus message, this node considers its subscription dead.</summary>
    public static readonly TimeSpan DeafLimit = TimeSpan.FromSeconds(3);

    /// <summary>If resubscribing did not help, the delay doubles each time, up to this.</summary>
    public static readonly TimeSpan LongestDeafLimit = TimeSpan.FromMinutes(1);

    private const string Journal = RedisLink.Prefix + "journal";

    private static readonly RedisChannel Channel = RedisChannel.Literal(Journal);

    private readonly Channel<(string Epoch, IReadOnlyList<JournalEntry> Entries)> _queue =
        System.Threading.Channels.Channel.CreateUnbounded<(string, IReadOnlyList<JournalEntry>)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly RedisLine _line = new();
    private int _queued;

    /// <summary>Queued changes.</summary>
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
    /// Listens, and resubscribes if the subscription is dead although the connection is up: others commit, but no message arrives.
    /// The client restores its subscriptions itself; this covers the cases where it does not.
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
            if (deaf < limit || !redis.IsConnected) continue; // nothing can arrive while Redis is down
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

    /// <summary>Messages are processed one at a time, in the order in which Redis sends them.</summary>
    private async Task<ChannelMessageQueue> SubscribeAsync(ISubscriber subscriber, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var listening = await subscriber.SubscribeAsync(Channel);
                listening.OnMessage(message => Hear(message.Message));
                catchUp.Nudge(); // catch up on earlier commits
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
            catchUp.Nudge(); // catch up on what was published meanwhile
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        await foreach (var (epoch, entries) in _queue.Reader.ReadAllAsync(ct))
        {
            var left = entries.Count;
            foreach (var (bytes, count) in BusMessage.Write(redis.Node, epoch, entries))
            {
                var (came, _) = await redis.AskAsync(_line, SendWithin, r => r.GetSubscriber().PublishAsync(Channel, seal.Wrap(Journal, bytes)));
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
        meters.Heard(); // even its own messages come back, which shows that the subscription works
        if (seal.Open(Journal, (byte[]?)value ?? []) is not { } content)
        {
            catchUp.Nudge(); // of the version before, perhaps: what it announced is read from the journal
            return;
        }

        var message = BusMessage.Read(content.Span, redis.Node);
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
