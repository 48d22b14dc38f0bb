using System.Data.Common;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>Sends due messages, on every node. Without a channel it sleeps until there is one.</summary>
public sealed class OutboxWorker(Outbox outbox, Courier courier, ReachBook book, Database database, TimeProvider time, ILogger<OutboxWorker> log) : BackgroundService
{
    /// <summary>How often it checks for due messages.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long it waits for messages in flight before it checks again.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Results that arrive within this time are recorded together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _running = new(1, 1);
    private readonly Dictionary<Task<Attempt>, string> _underWay = [];
    private readonly List<Attempt> _settled = [];
    private DateTimeOffset _forgotAt = DateTimeOffset.MinValue;
    private DateTimeOffset _measuredAt = DateTimeOffset.MinValue;

    /// <summary>Sends until nothing is due and nothing is in flight.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _running.WaitAsync(ct);
        try
        {
            while (!ct.IsCancellationRequested && (book.Plan is not null || _underWay.Count + _settled.Count > 0))
            {
                var turn = await outbox.TurnAsync(_settled, _underWay.Values.CountBy(c => c).ToDictionary(), ct);
                var gone = _settled.Where(a => a.Verdict is { Ending: Ending.Refused, Why: Formats.Gone }).Select(a => a.Row.Channel).ToHashSet();
                _settled.Clear();
                if (turn.Plan is { } plan)
                    foreach (var row in turn.Lent) _underWay.Add(Task.Run(() => courier.TryAsync(row, plan.Channels[row.Channel], plan.Rules, ct), ct), row.Channel);
                foreach (var code in gone) await TurnOffAsync(code, book.Plan, ct);
                if (_underWay.Count == 0 && !turn.More) return;
                if (_underWay.Count > 0) await GatherAsync();
            }
        }
        finally
        {
            _running.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // Finished attempts are recorded; the others are retried under the same key once their lease expires.
            foreach (var ended in _underWay.Keys.Where(t => t.IsCompletedSuccessfully)) _settled.Add(ended.Result);
            if (_settled.Count > 0) await outbox.TurnAsync(_settled, new Dictionary<string, int> { [string.Empty] = Outbox.Slots }, cancellationToken);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or DbUpdateException or OperationCanceledException)
        {
            HubLog.OutboxFailed(log, e);
        }
    }

    public override void Dispose()
    {
        _running.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var fresh = !database.IsShared;
        while (!stoppingToken.IsCancellationRequested)
        {
            var stirred = book.Stirred.Next;
            try
            {
                if (book.Plan is not null && fresh) await outbox.ForgetLeasesAsync(stoppingToken);
                fresh &= book.Plan is null;
                await RunAsync(stoppingToken);
                if (book.Plan is not null && time.GetUtcNow() - _forgotAt > ForgetEvery && !await outbox.ForgetAsync(stoppingToken)) _forgotAt = time.GetUtcNow();
                if (time.GetUtcNow() - _measuredAt > MeasureEvery)
                {
                    await outbox.MeasureAsync(stoppingToken);
                    _measuredAt = time.GetUtcNow();
                }
            }
            catch (Exception e) when (e is DbException or InvalidOperationException or DbUpdateException)
            {
                HubLog.OutboxFailed(log, e);
                await Task.Delay(Tick, time, stoppingToken);
            }

            await (book.Plan is null ? stirred.WaitAsync(stoppingToken) : stirred.WaitAsync(Tick, time, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A webhook's receiver that is gone for good (410, as Standard Webhooks says) is not asked again until the administrator turns its channel on.</summary>
    private async Task TurnOffAsync(string code, Plan? plan, CancellationToken ct)
    {
        if (plan?.Channels.GetValueOrDefault(code) is not { Kind: ChannelKind.Webhook, Settings.Enabled: true } asked) return;
        if (await book.TurnOffAsync(asked, ct)) HubLog.ReceiverGone(log, code);
    }

    /// <summary>Waits briefly for messages in flight, and collects the finished ones.</summary>
    private async Task GatherAsync()
    {
        await Task.WhenAny(_underWay.Keys.Cast<Task>().Append(Task.Delay(Look, TimeProvider.System)));
        await Task.Delay(Together, TimeProvider.System); // one turn for several costs no more than for one
        foreach (var ended in _underWay.Keys.Where(t => t.IsCompleted).ToList())
        {
            _underWay.Remove(ended);
            if (ended.IsCompletedSuccessfully) _settled.Add(ended.Result);
        }
    }
}
