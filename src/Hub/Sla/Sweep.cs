using System.Data.Common;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Storage;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Sla;

/// <summary>
/// Takes what is due, in order, in bounded batches, and sends it to the desk. The deadline is data: a missed tick is late, never lost,
/// and a lapse whose clock has moved is refused by the case, so sweeps may overlap safely.
/// </summary>
public sealed class Sweep(Database database, DispatchDesk desk, Roster roster, TimeProvider time, ILogger<Sweep> log)
{
    /// <summary>How often the sweep ticks.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>Batches in one run; what is still due then waits for the next tick.</summary>
    public const int BatchesPerRun = 64;

    /// <summary>Ringing cases that are told of a change of shift in one run; the next run goes on from there.</summary>
    public const int ToldPerRun = 512;

    private readonly Lock _telling = new();
    private OnDuty? _told;
    private Place? _place;

    /// <summary>How far the ringing cases have been told who is on duty.</summary>
    private sealed record Place(OnDuty OnDuty, long BreachAt, string No);

    /// <summary>
    /// Sends every lapse that is due to the desk, then tells a bite of ringing cases of a change of shift, looking for lapses after every
    /// batch; returns how many cases changed.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var acted = await LapseAsync(ct);
        for (var told = 0; told < ToldPerRun && !ct.IsCancellationRequested; told += DispatchDesk.LapseLimit)
        {
            if (await TellShiftAsync() is not { } changed) break;
            acted += changed + await LapseAsync(ct);
        }

        return acted;
    }

    private async Task<int> LapseAsync(CancellationToken ct)
    {
        var acted = 0;
        for (var batch = 0; batch < BatchesPerRun; batch++)
        {
            var now = time.GetUtcNow();
            var due = Due(now);
            if (due.Count == 0) break;
            var replies = await Task.WhenAll(due.Select(d => desk.Submit(new DeskRequest.Ask(new CallNo(d.No), new CallCommand.Lapse(d.At)))));
            acted += replies.Count(r => r is DeskReply.Done);
            HubLog.Swept(log, due.Count, (long)(now - due[0].At).TotalMilliseconds);
            if (due.Count < DispatchDesk.LapseLimit || !replies.Any(r => r is DeskReply.Done) || ct.IsCancellationRequested) break;
        }

        return acted;
    }

    /// <summary>
    /// Tells the next batch of ringing cases that others are on duty now, the nearest breach first; once a change, and once after a
    /// start. Returns how many changed, null where nobody is left to be told, or the desk is busy and the next tick goes on.
    /// </summary>
    private async Task<int?> TellShiftAsync()
    {
        var onDuty = roster.At(time.GetUtcNow());
        Place place;
        lock (_telling)
        {
            if (ReferenceEquals(onDuty, _told)) return null;
            place = _place is { } begun && ReferenceEquals(begun.OnDuty, onDuty) ? begun : new Place(onDuty, long.MinValue, string.Empty);
        }

        var ringing = Ringing(place);
        var replies = await Task.WhenAll(ringing.Select(r => desk.Submit(new DeskRequest.Ask(new CallNo(r.No), new CallCommand.ShiftChange()))));
        if (replies.Any(r => r is DeskReply.Busy)) return null;
        lock (_telling)
        {
            if (ringing.Count < DispatchDesk.LapseLimit) (_told, _place) = (onDuty, null);
            else _place = new Place(onDuty, ringing[^1].BreachAt, ringing[^1].No);
        }

        // The desk's answer does not say whether there was anything to do: the version does.
        return ringing.Zip(replies).Count(r => r.Second is DeskReply.Done done && done.Call.Version > r.First.Version);
    }

    private List<(string No, long BreachAt, long Version)> Ringing(Place after)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        // A case that comes to ring meanwhile rings by the new shift at once: going on from a place misses none.
        command.CommandText =
            "SELECT no, breach_at, version FROM calls WHERE state = 'ringing' AND breach_at >= @breach AND (breach_at > @breach OR no > @no) "
            + $"ORDER BY breach_at, no LIMIT {DispatchDesk.LapseLimit}";
        Bind(command, "@breach", after.BreachAt);
        Bind(command, "@no", after.No);
        var found = new List<(string, long, long)>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) found.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        return found;
    }

    private List<(string No, DateTimeOffset At)> Due(DateTimeOffset now)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        // Exactly at the due is on time; the index is in order, so the scan ends at the first future instant.
        command.CommandText = $"SELECT no, next_due FROM calls WHERE next_due < @now ORDER BY next_due LIMIT {DispatchDesk.LapseLimit}";
        Bind(command, "@now", now.ToUnixTimeMilliseconds());
        var found = new List<(string, DateTimeOffset)>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) found.Add((reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))));
        return found;
    }

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    /// <summary>Quartz's tick. Where another node sweeps, this one saves itself the work.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(Sweep sweep, RedisLife life, ILogger<Sweep> log) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                if (!await life.AnotherSweepsAsync(Tick)) await sweep.RunAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                HubLog.SweepFailed(log, e);
                await life.LetGoAsync();
            }
        }
    }
}
