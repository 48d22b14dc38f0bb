using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Makes sure that the feed misses nothing if messages between nodes are lost: it reads a gap that stays open from the
/// journal, and queries the database's head every second in any case. Holds no lock while reading.
/// </summary>
public sealed class CatchUp(LiveFeed feed, JournalQueries journal, FeedMeters meters, Database database, TimeProvider time, ILogger<CatchUp> log) : BackgroundService
{
    /// <summary>How long to wait for a missing change from another node.</summary>
    public static readonly TimeSpan GapWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How often to query the database's head.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <summary>How soon to read the journal again if it lacked the missing change or could not be read.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of consecutive heads behind the feed's own before it starts over: a single one may be replica lag.</summary>
    private const int LowerLooks = 2;

    private bool _failing;
    private bool _inVain;
    private int _lower;
    private long _polled;
    private long _read;
    private volatile bool _nudged;

    /// <summary>Requests a check of the database's head soon; checks stay <see cref="GapWait"/> apart, however many are requested.</summary>
    public void Nudge()
    {
        _nudged = true;
        feed.Unrest.Beat();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _polled = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var unrest = feed.Unrest.Next;
            var (gap, poll) = (UntilRead(), UntilPoll());
            var wait = gap < poll ? gap : poll;
            if (wait > TimeSpan.Zero) await unrest.WaitAsync(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else await TryAsync(gap <= poll ? ReadAsync : PollAsync, stoppingToken);
        }
    }

    private TimeSpan UntilRead()
    {
        if (feed.GapAge is not { } age) return TimeSpan.MaxValue;
        var (wait, retry) = (GapWait - age, _inVain ? RetryEvery - time.GetElapsedTime(_read) : TimeSpan.Zero);
        return wait > retry ? wait : retry;
    }

    private TimeSpan UntilPoll() => (_nudged ? GapWait : PollEvery) - time.GetElapsedTime(_polled);

    private async Task TryAsync(Func<CancellationToken, Task> look, CancellationToken ct)
    {
        try
        {
            await look(ct);
            _failing = false;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (!_failing) HubLog.FeedNotRead(log, feed.Head, e); // once, until it is readable again
            _failing = true;
        }
        catch (OperationCanceledException)
        {
            // The node is stopping.
        }
    }

    /// <summary>Reads from the journal what follows the feed's head.</summary>
    private async Task ReadAsync(CancellationToken ct)
    {
        (_read, _inVain) = (time.GetTimestamp(), true);
        List<JournalEntry> page;
        do
        {
            var (epoch, head) = (feed.Epoch, feed.Head);
            page = await journal.ReadAsync(head, JournalQueries.PageLimit, ct);
            if (!feed.Take(epoch, page)) break;
            meters.Closed(feed.Head - head);
        }
        while (page.Count == JournalQueries.PageLimit);
        _inVain = feed.GapAge >= GapWait;
    }

    private async Task PollAsync(CancellationToken ct)
    {
        (_polled, _nudged) = (time.GetTimestamp(), false);
        var before = feed.Head; // taken before the query: what is published meanwhile is no reason to start over
        var (epoch, seq) = await journal.HeadAsync(ct);
        _lower = epoch == feed.Epoch && seq < before ? _lower + 1 : 0;
        if (_lower >= LowerLooks && await EpochGuard.StartOverAsync(database, time, ct) is { } anew) epoch = anew; // replaced while this node ran: numbers are assigned again
        if (epoch != feed.Epoch || _lower >= LowerLooks)
        {
            HubLog.FeedStartsOver(log, epoch, seq, before);
            feed.StartOver(epoch, seq);
            _lower = 0;
            return;
        }

        feed.Expect(epoch, seq, PollEvery);
    }
}
