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
    public (long Seq, List<byte[]> Cards) Read(Post eyes)
    {
        using var connection = database.Open();
        using var transaction = database.BeginSnapshot(connection);
        var seq = (long)Command(connection, transaction, "SELECT seq FROM head").ExecuteScalar()!;
        var street = eyes.Kind is PostKind.StreetDesk or PostKind.Leader;
        using var command = Command(connection, transaction, street
            ? $"SELECT card FROM calls WHERE is_open = 1 ORDER BY breach_at, opened_at LIMIT {Limit}"
            : "SELECT card, audience FROM calls WHERE is_open = 1 AND (community = @community OR audience LIKE @team) ORDER BY breach_at");
        if (!street)
        {
            // A team may cover a grid of another community: what names it is looked at as well, and the audience decides.
            Bind(command, "@community", eyes.Community?.Value);
            Bind(command, "@team", eyes.Team is { } team ? $"%{team.Value}%" : null);
        }

        using var reader = command.ExecuteReader();
        var cards = new List<byte[]>();
        while (cards.Count < Limit && reader.Read())
            if (street || AudienceText.Read(reader.GetString(1)).Includes(eyes)) cards.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
        return (seq, cards);
    }

    /// <summary>The board: epoch, head, how many are open, and the nearest breaches, in one moment.</summary>
    public (string Epoch, long Seq, int Total, List<byte[]> Cards) ReadBoard(Post eyes, int limit)
    {
        using var connection = database.Open();
        using var transaction = database.BeginSnapshot(connection);
        using var head = Command(connection, transaction, "SELECT epoch, seq FROM head").ExecuteReader();
        head.Read();
        var (epoch, seq) = (head.GetString(0), head.GetInt64(1));
        head.Close();
        var street = eyes.Kind is PostKind.StreetDesk or PostKind.Leader;
        var where = street ? "is_open = 1" : "is_open = 1 AND community = @community";
        using var count = Command(connection, transaction, $"SELECT COUNT(*) FROM calls WHERE {where}");
        using var list = Command(connection, transaction, $"SELECT card FROM calls WHERE {where} ORDER BY breach_at, opened_at LIMIT @limit");
        Bind(list, "@limit", (long)limit);
        if (!street)
        {
            Bind(count, "@community", eyes.Community?.Value);
            Bind(list, "@community", eyes.Community?.Value);
        }

        var total = Convert.ToInt32(count.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        using var reader = list.ExecuteReader();
        var cards = new List<byte[]>();
        while (reader.Read()) cards.Add(Encoding.UTF8.GetBytes(reader.GetString(0)));
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
