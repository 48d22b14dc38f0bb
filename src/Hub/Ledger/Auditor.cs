using System.Data.Common;
using System.Text.Json;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Double-checks the sweep: the sweep trusts a column, the auditor computes from the case itself when its clocks act. Sends the desk any open
/// case whose clock should have acted a while ago, and corrects the column of a case if it hides a clock still to come.
/// A run is bounded and the next one continues from there, so every open case gets its turn.
/// </summary>
public sealed class Auditor(Database database, DispatchDesk desk, AuditorMeters meters, TimeProvider time, ILogger<Auditor> log)
{
    /// <summary>A clock this late is no longer the sweep's normal business.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Open cases checked per run.</summary>
    public const int PerRun = 2_048;

    /// <summary>Cases fetched at a time.</summary>
    public const int Page = 256;

    private static readonly Place Oldest = new(0, string.Empty);

    /// <summary>The last case checked.</summary>
    private sealed record Place(long OpenedAt, string No);

    /// <param name="Matter">Null if its row can no longer be read.</param>
    private sealed record Row(MatterKind Kind, Place Place, int Version, DateTimeOffset? Column, IMatter? Matter);

    /// <summary>The result of a run.</summary>
    public sealed record Finding(int Looked, int Found, int Repaired);

    /// <summary>Checks the next open matters of every kind, oldest first, and repairs what it finds. After the newest, the next run starts over.</summary>
    public async Task<Finding> RunAsync(CancellationToken ct)
    {
        var sum = new Finding(0, 0, 0);
        foreach (var kind in MatterKinds.All)
        {
            var of = await RunAsync(kind, ct);
            sum = new Finding(sum.Looked + of.Looked, sum.Found + of.Found, sum.Repaired + of.Repaired);
        }

        meters.Ran(time.GetUtcNow(), sum.Found, sum.Repaired);
        if (sum.Found > 0) HubLog.AuditorFound(log, sum.Found, sum.Repaired, sum.Looked);
        return sum;
    }

    private async Task<Finding> RunAsync(MatterKind kind, CancellationToken ct)
    {
        var (place, looked, found, repaired) = (await PlaceAsync(kind, ct), 0, 0, 0);
        for (var rows = Page; looked < PerRun && rows == Page && !ct.IsCancellationRequested;)
        {
            var next = await NextAsync(kind, place, ct);
            foreach (var wrong in next.Where(IsWrong))
            {
                found++;
                if (await RepairAsync(wrong, ct)) repaired++;
            }

            (rows, looked) = (next.Count, looked + next.Count);
            place = rows == Page ? next[^1].Place : Oldest;
        }

        await SaveAsync(kind, place, ct);
        return new Finding(looked, found, repaired);
    }

    private bool IsWrong(Row row) => row.Matter is not { } matter || row.Column != matter.NextDue || IsLate(matter);

    private bool IsLate(IMatter matter) => matter.NextDue is { } due && due < time.GetUtcNow() - Grace;

    /// <summary>Whether the case is right again: through the desk, which writes the whole row, if a clock has to act; otherwise through its column.</summary>
    private async Task<bool> RepairAsync(Row row, CancellationToken ct)
    {
        var (no, version, due) = (row.Place.No, row.Version, row.Matter?.NextDue);
        HubLog.AuditorWrong(log, no, version, Ms(due), Ms(row.Column));
        if (row.Matter is not { } matter) return false;
        if (IsLate(matter)) return await desk.Submit(new DeskRequest.Ask(matter.No, row.Kind.Lapse(due!.Value))) is DeskReply.Done;
        // Only at the version that was read: if the case has moved since, the desk has written the column.
        var column = due is null ? "NULL" : Ms(due).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var sql = string.Concat("UPDATE ", row.Kind.Table, " SET next_due = ", column, " WHERE no = {0} AND version = {1}");
        return await database.WriteAsync(async db =>
        {
            await db.WillChangeAsync(row.Kind.Table, [[no]], ct);
            return await db.Database.ExecuteSqlRawAsync(sql, [no, version], ct);
        }, ct) == 1;
    }

    private async Task<Place> PlaceAsync(MatterKind kind, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = Command(connection, $"SELECT opened_at, no FROM {kind.AuditorTable}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Place(reader.GetInt64(0), reader.GetString(1)) : throw new InvalidOperationException("The auditor has no row.");
    }

    private Task<int> SaveAsync(MatterKind kind, Place place, CancellationToken ct)
    {
        var sql = string.Concat("UPDATE ", kind.AuditorTable, " SET opened_at = {0}, no = {1}");
        return database.WriteAsideAsync(db => db.Database.ExecuteSqlRawAsync(sql, [place.OpenedAt, place.No], ct), ct);
    }

    private async Task<List<Row>> NextAsync(MatterKind kind, Place after, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = Command(
            connection, $"SELECT opened_at, no, version, next_due, body FROM {kind.Table} WHERE is_open = 1{kind.Understood} AND (opened_at, no) > (@opened, @no) ORDER BY opened_at, no LIMIT {Page}",
            ("@opened", after.OpenedAt), ("@no", after.No));
        var rows = new List<Row>(Page);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new Row(
                kind,
                new Place(reader.GetInt64(0), reader.GetString(1)), reader.GetInt32(2),
                await reader.IsDBNullAsync(3, ct) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)), Read(kind, reader.GetString(4))));
        }

        return rows;
    }

    /// <summary>An unreadable row is a finding and hides no other row.</summary>
    private static IMatter? Read(MatterKind kind, string body)
    {
        try
        {
            return kind.Read(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static long Ms(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds() ?? 0;

    /// <summary>The Quartz job: runs every five minutes, on one node.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(Auditor auditor, ILogger<Auditor> log) : IJob
    {
        /// <summary>At second 0 of every fifth minute.</summary>
        public const string Cron = "0 0/5 * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await auditor.RunAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                HubLog.AuditorFailed(log, e);
            }
        }
    }
}
