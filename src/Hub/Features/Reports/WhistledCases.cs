using System.Data.Common;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>A position in <see cref="WhistledCases"/>: the receipt and number of the last case read.</summary>
internal readonly record struct Place(long At, string No);

/// <summary>Reads the current cards of cases opened in a time range, newest first, in bounded pages.</summary>
internal sealed class WhistledCases(Database database)
{
    /// <summary>Cards per fetch.</summary>
    private const int Page = 500;

    /// <param name="before">Only cases opened before this; initially the end of the range.</param>
    /// <param name="community">Only this community; null for all.</param>
    /// <param name="grid">Only this grid; null for all.</param>
    /// <param name="take">Called for each card; returns false to stop.</param>
    public async Task ReadAsync(Sight sight, long from, Place before, string? community, string? grid, Func<Place, CallCard, bool> take, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var where = $"{(community is null ? string.Empty : " AND c.community = @community")}{(grid is null ? string.Empty : " AND c.grid = @grid")}";
        for (var rows = Page; rows == Page;)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT j.at, j.call_no, c.card FROM {sight.EntriesAndCases} WHERE j.version = 1 AND j.at >= @from AND (j.at, j.call_no) < (@at, @no){where} ORDER BY j.at DESC, j.call_no DESC LIMIT {Page}";
            sight.Bind(command);
            Bind(command, "@from", from);
            Bind(command, "@at", before.At);
            Bind(command, "@no", before.No);
            if (community is not null) Bind(command, "@community", community);
            if (grid is not null) Bind(command, "@grid", grid);
            await using var reader = await command.ExecuteReaderAsync(ct);
            for (rows = 0; await reader.ReadAsync(ct); rows++)
            {
                before = new Place(reader.GetInt64(0), reader.GetString(1));
                if (!take(before, JsonSerializer.Deserialize(reader.GetString(2), ContractsJson.Default.CallCard)!)) return;
            }
        }
    }

    /// <summary>The case with this number, on any day.</summary>
    /// <param name="community">Only this community; null for all.</param>
    public async Task<CallCard?> FindAsync(Sight sight, string no, string? community, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT c.card FROM {sight.Cases} c WHERE c.no = @no{(community is null ? string.Empty : " AND c.community = @community")}";
        Bind(command, "@no", no);
        sight.Bind(command);
        if (community is not null) Bind(command, "@community", community);
        return await command.ExecuteScalarAsync(ct) is string card ? JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard) : null;
    }

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
