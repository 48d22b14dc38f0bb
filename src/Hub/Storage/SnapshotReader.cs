using System.Data.Common;
using System.Text;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Calls;

namespace DispatchCenter.Hub.Storage;

/// <summary>Reads the open cases and the head in one moment of the database.</summary>
public sealed class SnapshotReader(Database database)
{
    /// <summary>Cases in a snapshot: the nearest breaches.</summary>
    public const int Limit = 5_000;

    /// <summary>The cards of the open cases that these eyes may see, nearest breach first, and the head they are true at.</summary>
    public async Task<(long Seq, List<byte[]> Cards)> ReadAsync(Post eyes, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        await using var head = Command(connection, transaction, "SELECT seq FROM head");
        var seq = (long)(await head.ExecuteScalarAsync(ct))!;
        var street = eyes.Kind is PostKind.StreetDesk or PostKind.Leader;
        await using var command = Command(connection, transaction, street
            ? $"SELECT card FROM calls WHERE is_open = 1 ORDER BY breach_at, opened_at LIMIT {Limit}"
            : "SELECT card, audience FROM calls WHERE is_open = 1 AND (community = @community OR audience LIKE @team) ORDER BY breach_at");
        if (!street)
        {
            // A team may cover a grid of another community: what names it is looked at as well, and the audience decides.
            Bind(command, "@community", eyes.Community?.Value);
            Bind(command, "@team", eyes.Team is { } team ? $"%{team.Value}%" : null);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        var cards = new List<byte[]>();
        while (cards.Count < Limit && await reader.ReadAsync(ct))
            if (street || AudienceText.Read(reader.GetString(1)).Includes(eyes)) cards.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
        return (seq, cards);
    }

    /// <summary>The board: epoch, head, how many are open, and the nearest breaches, in one moment.</summary>
    public async Task<(string Epoch, long Seq, int Total, List<byte[]> Cards)> ReadBoardAsync(Post eyes, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = database.BeginSnapshot(connection);
        await using var askHead = Command(connection, transaction, "SELECT epoch, seq FROM head");
        await using var head = await askHead.ExecuteReaderAsync(ct);
        await head.ReadAsync(ct);
        var (epoch, seq) = (head.GetString(0), head.GetInt64(1));
        await head.CloseAsync();
        var street = eyes.Kind is PostKind.StreetDesk or PostKind.Leader;
        var where = street ? "is_open = 1" : "is_open = 1 AND community = @community";
        await using var count = Command(connection, transaction, $"SELECT COUNT(*) FROM calls WHERE {where}");
        await using var list = Command(connection, transaction, $"SELECT card FROM calls WHERE {where} ORDER BY breach_at, opened_at LIMIT @limit");
        Bind(list, "@limit", (long)limit);
        if (!street)
        {
            Bind(count, "@community", eyes.Community?.Value);
            Bind(list, "@community", eyes.Community?.Value);
        }

        var total = Convert.ToInt32(await count.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
        await using var reader = await list.ExecuteReaderAsync(ct);
        var cards = new List<byte[]>();
        while (await reader.ReadAsync(ct)) cards.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
        return (epoch, seq, total, cards);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void Bind(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }
}
