using System.Data.Common;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Rates;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>Reads the journal of some days' cases into a book, in one database snapshot and bounded pages.</summary>
public sealed class RateJournalQueries(Database database)
{
    /// <summary>Cases per fetch.</summary>
    public const int Page = 256;

    /// <summary>The maximum of cases per answer.</summary>
    public const int MaxCases = 100_000;

    /// <summary>The cases opened in a half-open time range, with their entries up to an instant; null if there are more than <see cref="MaxCases"/>.</summary>
    public async Task<RateBook?> ReadAsync(Sight sight, DateTimeOffset from, DateTimeOffset until, DateTimeOffset asOf, CancellationToken ct)
    {
        var book = new RateBook();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        var (at, no) = (from.ToUnixTimeMilliseconds(), string.Empty);
        for (var read = 0; ;)
        {
            var opened = await OpenedAsync(connection, transaction, sight, at, no, Math.Min(until.ToUnixTimeMilliseconds(), asOf.ToUnixTimeMilliseconds() + 1), ct);
            if ((read += opened.Count) > MaxCases) return null;
            if (opened.Count > 0) await EntriesAsync(connection, transaction, sight, opened, asOf, book, ct);
            if (opened.Count < Page) return book;
            (at, no) = opened[^1];
        }
    }

    internal static RateCard CardOf(CallCard card) => new(
        card.Category, card.Community, card.State,
        card.Lead switch
        {
            null => null,
            { Team: { } team } => team,
            { Community: { } community } => RateCard.Desk(community),
            _ => RateCard.Street,
        },
        card.Lead?.Team is not null, [.. card.Teams], card.Flags.Contains(CallFlags.Drill), card.Flags.Contains(CallFlags.Child),
        [.. card.Answers.Select(a => new RateAnswer(a.Key, a.Kind, a.Due, a.MetAt, a.Breached))])
    {
        Source = card.Source ?? RateCard.Unrecorded,
    };

    private static async Task<List<(long At, string No)>> OpenedAsync(DbConnection connection, DbTransaction transaction, Sight sight, long at, string no, long before, CancellationToken ct)
    {
        await using var command = Command(
            connection, transaction, $"SELECT j.at, j.call_no FROM {sight.EntriesAndCases} WHERE j.version = 1 AND (j.at, j.call_no) > (@at, @no) AND j.at < @before ORDER BY j.at, j.call_no LIMIT {Page}", sight,
            ("@at", at), ("@no", no), ("@before", before));
        var found = new List<(long, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetInt64(0), reader.GetString(1)));
        return found;
    }

    private static async Task EntriesAsync(DbConnection connection, DbTransaction transaction, Sight sight, List<(long At, string No)> opened, DateTimeOffset asOf, RateBook book, CancellationToken ct)
    {
        var numbers = opened.Select((o, i) => ($"@n{i}", (object)o.No)).ToArray();
        await using var command = Command(
            connection, transaction,
            $"SELECT j.call_no, j.version, j.at, j.what, j.due, j.detail, j.card FROM {sight.EntriesAndCases} WHERE j.call_no IN ({string.Join(',', numbers.Select(n => n.Item1))}) AND j.at <= @asOf ORDER BY j.call_no, j.version", sight,
            [.. numbers, ("@asOf", asOf.ToUnixTimeMilliseconds())]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            book.Apply(new RateEntry(
                reader.GetString(0), reader.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetString(3),
                await reader.IsDBNullAsync(4, ct) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
                Details.Read(reader.GetString(5)),
                CardOf(JsonSerializer.Deserialize(reader.GetString(6), ContractsJson.Default.CallCard)!)));
        }
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql, Sight sight, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        sight.Bind(command);
        return command;
    }
}
