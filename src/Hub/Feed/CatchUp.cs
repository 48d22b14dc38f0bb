using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// Makes sure that the feed misses nothing, whatever becomes of the messages between nodes: a gap that stays open is read from the
/// journal, and the database's head is asked for each second in any case. Holds no lock while it reads.
/// </summary>
public sealed class CatchUp(LiveFeed feed, JournalQueries journal, FeedMeters meters, TimeProvider time, ILogger<CatchUp> log) : BackgroundService
{
    /// <summary>How long a missing change may still be on its way from another node.</summary>
    public static readonly TimeSpan GapWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the database is asked how far it has come.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <summary>How soon a journal that did not show what is missing, or could not be read, is read again.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks in a row at a head behind the feed's own before the feed starts over: once may be a replica that lags.</summary>
    private const int LowerLooks = 2;

    private bool _failing;
    private bool _inVain;
    private int _lower;
    private long _polled;
    private long _read;
    private volatile bool _nudged;

    /// <summary>Asks for a look at the database's head soon; however often it is asked, the looks stay <see cref="GapWait"/> apart.</summary>
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
            if (!_failing) HubLog.FeedNotRead(log, feed.Head, e); // once, until it can be read again
            _failing = true;
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Reads what follows the feed's head from the journal.</summary>
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
        var before = feed.Head; // before the look: what is published meanwhile is no reason to start over
        var (epoch, seq) = await journal.HeadAsync(ct);
        _lower = epoch == feed.Epoch && seq < before ? _lower + 1 : 0;
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
