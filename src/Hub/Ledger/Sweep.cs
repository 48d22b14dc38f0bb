using System.Collections.Concurrent;
using System.Data.Common;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Takes due matters of every kind, in order, in bounded batches, and sends them to the desk. The deadline is data: a missed tick is late, never lost,
/// and the case refuses a lapse whose clock has moved, so sweeps may safely overlap.
/// </summary>
public sealed class Sweep(Database database, DispatchDesk desk, IEnumerable<BesideTheSweep> beside, TimeProvider time, ILogger<Sweep> log)
{
    /// <summary>How often the sweep ticks.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>Of a batch, what is kept for matters of other kinds than whistles if any are due; whistles have the rest, and all of it otherwise.</summary>
    public const int KeptForOthers = DispatchDesk.LapseLimit / 4;

    /// <summary>How long a matter that the desk cannot move, because of a fault in it or in the program, is left to itself before the next try.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>The most matters that rest at once; those beyond it are tried with every tick.</summary>
    private const int MostResting = 4_096;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new();

    /// <summary>Batches per run; what is still due then waits for the next tick.</summary>
    public const int BatchesPerRun = 64;

    /// <summary>Cases that each task beside the sweep, such as announcing a shift change, checks per run; the next run continues from there.</summary>
    public const int ToldPerRun = 512;

    /// <summary>
    /// Sends every due lapse to the desk, then runs the work that modules have registered, checking for lapses after every
    /// batch; returns how many cases changed.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var acted = await LapseAsync(ct);
        foreach (var work in beside)
        {
            for (var told = 0; told < ToldPerRun && !ct.IsCancellationRequested; told += DispatchDesk.LapseLimit)
            {
                if (await work.BiteAsync(ct) is not { } changed) break;
                acted += changed + await LapseAsync(ct);
            }
        }

        return acted;
    }

    private async Task<int> LapseAsync(CancellationToken ct)
    {
        var acted = 0;
        for (var batch = 0; batch < BatchesPerRun; batch++)
        {
            var now = time.GetUtcNow();
            foreach (var (no, until) in _resting)
                if (until <= now) _resting.TryRemove(no, out _);
            var due = Due(now);
            if (due.Count == 0) break;
            var replies = await Task.WhenAll(due.Select(d => desk.Submit(new DeskRequest.Ask(new CallNo(d.No), d.Kind.Lapse(d.At)))));
            acted += replies.Count(r => r is DeskReply.Done);
            var after = time.GetUtcNow();
            for (var i = 0; i < due.Count; i++)
            {
                if (replies[i] is DeskReply.Done) Telemetry.ClockActed(after - due[i].At);
                if (replies[i] is DeskReply.Failed && _resting.Count < MostResting && _resting.TryAdd(due[i].No, after + Rest)) HubLog.ClockStuck(log, due[i].No, due[i].At.ToUnixTimeMilliseconds());
            }

            HubLog.Swept(log, due.Count, (long)(now - due[0].At).TotalMilliseconds);
            if (due.Count < DispatchDesk.LapseLimit || !replies.Any(r => r is DeskReply.Done or DeskReply.Failed) || ct.IsCancellationRequested) break;
        }

        return acted;
    }

    /// <summary>What is due, in order. A kind whose matters cannot be moved, however many, never keeps the whistles waiting.</summary>
    private List<(MatterKind Kind, string No, DateTimeOffset At)> Due(DateTimeOffset now)
    {
        using var connection = database.Open();
        var others = Due(connection, MatterKinds.Procedure, now, DispatchDesk.LapseLimit);
        var whistles = Due(connection, MatterKinds.Whistle, now, DispatchDesk.LapseLimit - Math.Min(others.Count, KeptForOthers));
        if (others.Count == 0) return whistles;
        return [.. whistles.Concat(others.Take(DispatchDesk.LapseLimit - whistles.Count)).OrderBy(d => d.At)];
    }

    private List<(MatterKind Kind, string No, DateTimeOffset At)> Due(DbConnection connection, MatterKind kind, DateTimeOffset now, int limit)
    {
        using var command = connection.CreateCommand();
        // Exactly at the due time is still on time; the index is sorted, so the scan ends at the first future instant.
        command.CommandText = $"SELECT no, next_due FROM {kind.Table} WHERE next_due < @now{kind.Understood} ORDER BY next_due LIMIT {limit + _resting.Count}";
        Bind(command, "@now", now.ToUnixTimeMilliseconds());
        var found = new List<(MatterKind, string, DateTimeOffset)>();
        using var reader = command.ExecuteReader();
        while (found.Count < limit && reader.Read())
            if (!_resting.ContainsKey(reader.GetString(0))) found.Add((kind, reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))));
        return found;
    }

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}

/// <summary>
/// Work that a module registers for the sweep to do between its checks for lapses, a batch at a time: returns how many cases a batch changed, null if nothing
/// is left.
/// </summary>
public sealed record BesideTheSweep(Func<CancellationToken, Task<int?>> BiteAsync);
