using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// The only way to change a matter of any kind. Requests queue in bounded channels; one loop drains up to a batch, decides it in one
/// transaction under the street's head lock, and answers the callers after the commit (group commit). Sequence numbers are therefore
/// gap-free and in commit order.
/// </summary>
public sealed class DispatchDesk : BackgroundService
{
    /// <summary>Requests that may queue; the next one is answered Busy.</summary>
    public const int QueueLimit = 4_096;

    /// <summary>Jobs per transaction.</summary>
    public const int BatchLimit = 256;

    /// <summary>Lapses that may queue, and the room reserved for them in every batch.</summary>
    public const int LapseLimit = 64;

    /// <summary>How long a caller who got Busy is told to wait.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<DeskJob> _front = System.Threading.Channels.Channel.CreateBounded<DeskJob>(QueueLimit);
    private readonly Channel<DeskJob> _lapses = System.Threading.Channels.Channel.CreateBounded<DeskJob>(LapseLimit);
    private readonly Channel<bool> _bell = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Database _database;
    private readonly StreetBook _streets;
    private readonly PolicyBook _policies;
    private readonly ProcedureBook _procedures;
    private readonly Roster _roster;
    private readonly ReachBook _reach;
    private readonly IFeedBus _bus;
    private readonly TimeProvider _time;
    private readonly ILogger<DispatchDesk> _log;
    private DeskStore? _store;
    private Unwritable? _unwritable;

    public DispatchDesk(Database database, StreetBook streets, PolicyBook policies, ProcedureBook procedures, Roster roster, ReachBook reach, IFeedBus bus, TimeProvider time, ILogger<DispatchDesk> log) =>
        (_database, _streets, _policies, _procedures, _roster, _reach, _bus, _time, _log) = (database, streets, policies, procedures, roster, reach, bus, time, log);

    /// <summary>Requests queued now.</summary>
    public int Waiting => _front.Reader.Count;

    /// <summary>Submits a request; the reply comes once the change is on disk. If the caller cancels, the request may still be carried out.</summary>
    public Task<DeskReply> Submit(DeskRequest request, RequestKey? key = null)
    {
        var isLapse = request is DeskRequest.Ask { Command.Lapsed: not null };
        var job = new DeskJob(request, key);
        if (!(isLapse ? _lapses : _front).Writer.TryWrite(job)) return Task.FromResult<DeskReply>(new DeskReply.Busy(RetryAfter));
        _bell.Writer.TryWrite(true);
        return job.Reply;
    }

    /// <summary>Commits something small the way a whistle would be. Null if that worked; after a failure the connection is reopened next time.</summary>
    internal async Task<Unwritable?> TryCommitAsync()
    {
        await _database.WriteGate.WaitAsync();
        try
        {
            _store ??= new DeskStore(_database);
            _store.TryCommit(_time.GetUtcNow());
            return _unwritable = null;
        }
        catch (Exception e)
        {
            var why = WhyUnwritable.Of(e);
            if (_unwritable != why) HubLog.NotReady(_log, why, e); // once, until the reason changes
            Reopen();
            return _unwritable = why;
        }
        finally
        {
            _database.WriteGate.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Requests still queued when the host stops are decided: the loop ends when the queues are empty.
        await using var stop = stoppingToken.Register(() =>
        {
            _front.Writer.TryComplete();
            _lapses.Writer.TryComplete();
            _bell.Writer.TryComplete();
        });
        var batch = new List<DeskJob>(BatchLimit);
        while (true)
        {
            Drain(batch);
            if (batch.Count > 0) await Process(batch);
            else if (!await _bell.Reader.WaitToReadAsync(CancellationToken.None))
            {
                Drain(batch); // requests that arrived between the last look and the end
                if (batch.Count == 0) break;
                await Process(batch);
            }
            else _bell.Reader.TryRead(out _);
        }

        _store?.Dispose();
    }

    private void Drain(List<DeskJob> batch)
    {
        batch.Clear();
        var reserved = Math.Min(_lapses.Reader.Count, LapseLimit);
        while (batch.Count < BatchLimit - reserved && _front.Reader.TryRead(out var job)) batch.Add(job);
        while (batch.Count < BatchLimit && _lapses.Reader.TryRead(out var lapse)) batch.Add(lapse);
    }

    private async Task Process(List<DeskJob> batch)
    {
        await _database.WriteGate.WaitAsync();
        try
        {
            if (await TryRunAsync(batch) != Attempt.Failed || batch.Count == 1) return;
            HubLog.BatchRetried(_log, batch.Count);
            var one = new List<DeskJob>(1);
            for (var i = 0; i < batch.Count; i++)
            {
                one.Clear();
                one.Add(batch[i]);
                if (await TryRunAsync(one) != Attempt.Away) continue;
                foreach (var job in batch.Skip(i + 1)) job.Complete(new DeskReply.Busy(RetryAfter));
                return;
            }
        }
        finally
        {
            _database.WriteGate.Release();
        }
    }

    /// <summary>Runs the jobs as one transaction.</summary>
    private async Task<Attempt> TryRunAsync(List<DeskJob> jobs, bool mayRead = true)
    {
        DeskBatch? batch = null;
        try
        {
            using var span = Telemetry.Batch([.. jobs.Select(j => j.Span).OfType<Activity>()]);
            _store ??= new DeskStore(_database);
            batch = new DeskBatch(_store, World());
            Answer(jobs, batch.Run(jobs), batch);
            return Attempt.Done;
        }
        catch (Exception e) when (mayRead && e is UnknownPolicyException or UnknownProcedureException)
        {
            // Another node has started a new version of a policy or a procedure that this one has not read yet.
            Reopen();
            return await TryReadBooksAsync() ? await TryRunAsync(jobs, mayRead: false) : Fail(jobs, Attempt.Away);
        }
        catch (OutcomeUnknownException unknown)
        {
            HubLog.CommitUnknown(_log, unknown.Seq, unknown);
            Reopen();
            Telemetry.CommitFailed();
            if (await SettleAsync(unknown))
            {
                Answer(jobs, unknown.Replies, batch!);
                return Attempt.Done;
            }

            return Fail(jobs, Attempt.Failed);
        }
        catch (Exception e)
        {
            HubLog.BatchFailed(_log, jobs.Count, e);
            Telemetry.CommitFailed();
            Reopen();
            if (Database.IsAway(e)) return Fail(jobs, Attempt.Away);
            if (jobs.Count == 1) jobs[0].Complete(e is DbException ? new DeskReply.Busy(RetryAfter) : new DeskReply.Failed());
            return Attempt.Failed;
        }
    }

    /// <summary>Nothing has changed: tells everyone so if the database is unreachable, otherwise only a lone asker.</summary>
    private static Attempt Fail(List<DeskJob> jobs, Attempt how)
    {
        if (how == Attempt.Away || jobs.Count == 1)
            foreach (var job in jobs) job.Complete(new DeskReply.Busy(RetryAfter));
        return how;
    }

    private async Task<bool> TryReadBooksAsync()
    {
        try
        {
            await _policies.LoadAsync(CancellationToken.None);
            await _procedures.LoadAsync(CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            HubLog.ReloadFailed(_log, e);
            return false;
        }
    }

    private void Answer(List<DeskJob> jobs, List<DeskReply> replies, DeskBatch batch)
    {
        for (var i = 0; i < jobs.Count; i++) jobs[i].Complete(replies[i]);
        if (batch.Entries.Count == 0) return;
        batch.Opened.ForEach(Telemetry.Taken);
        if (batch.Notices > 0) _reach.Told(batch.Notices);
        try
        {
            _bus.Publish(batch.Entries);
        }
        catch (Exception e)
        {
            // It is committed and answered: a failure from here on must not repeat it.
            HubLog.NotPublished(_log, batch.Entries[0].Seq, e);
        }
    }

    /// <summary>Whether the commit took effect. Nothing else is decided until the database answers, so nobody is told something that may be false.</summary>
    private async Task<bool> SettleAsync(OutcomeUnknownException unknown)
    {
        while (true)
        {
            try
            {
                using var store = new DeskStore(_database);
                return store.Committed(unknown.Seq, unknown.Command);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                HubLog.NotSettled(_log, unknown.Seq, e);
                await Task.Delay(RetryAfter, _time);
            }
        }
    }

    private void Reopen()
    {
        _store?.Rollback();
        _store?.Dispose();
        _store = null;
    }

    private DeskWorld World()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var (map, onDuty, book, held) = (_streets.Map, _roster.At(now), _policies.Current, _roster.Held);
        return new DeskWorld(
            now,
            policy => new Surroundings(now, book.Of(policy), book.CalendarOf(policy), map, onDuty) { Held = held },
            (code, version, policy) => new MatterWorld(now, version == 0 ? _procedures.Current.Find(code) ?? throw new UnknownProcedureException(code, version) : _procedures.Current.Of(code, version), book.Of(policy), book.CalendarOf(policy), map, onDuty, held),
            book.Latest.Version,
            _reach.Plan);
    }

    private enum Attempt
    {
        /// <summary>Everyone has been answered.</summary>
        Done,

        /// <summary>Nothing has changed; if there were several jobs, none has been answered.</summary>
        Failed,

        /// <summary>Nothing has changed, and the database would accept nothing else now: everyone is told to retry.</summary>
        Away,
    }
}
