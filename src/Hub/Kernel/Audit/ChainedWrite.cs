using System.Data.Common;
using System.Globalization;
using System.Text;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// A transaction outside the desk that writes protected rows: it holds the street's lock, and remembers what each row was before. At its end the rows
/// are read again, as they are stored, and become one link.
/// </summary>
internal sealed class ChainedWrite
{
    /// <summary>Rows per query; SQLite allows an expression a depth of 1,000.</summary>
    private const int RowsAtOnce = 200;

    private readonly AuditChain _chain;
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly ChainEnd _end;
    private readonly RowDigest _digest = new();
    private readonly Dictionary<(TableShape Table, string Key), (object[] Key, string? Before)> _rows = [];

    private ChainedWrite(AuditChain chain, DbConnection connection, DbTransaction transaction, ChainEnd end) =>
        (_chain, _connection, _transaction, _end) = (chain, connection, transaction, end);

    /// <summary>Takes the street's lock and reads where the chain ends.</summary>
    public static async Task<ChainedWrite> BeginAsync(AuditChain chain, DbConnection connection, DbTransaction transaction, string headLock, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT link, link_hash, link_at FROM head" + headLock;
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) throw new InvalidOperationException("The database has no head row.");
        return new ChainedWrite(chain, connection, transaction, new ChainEnd(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
    }

    /// <summary>Whether a row has been announced.</summary>
    public bool Knows(string table) => _rows.Keys.Any(r => r.Table.Table == table);

    /// <summary>These rows of a table are about to be changed or deleted.</summary>
    public async Task WillChangeAsync(TableShape table, IReadOnlyCollection<object[]> keys, CancellationToken ct)
    {
        var fresh = keys.Where(k => !_rows.ContainsKey((table, TableShape.Name(k)))).ToList();
        if (fresh.Count == 0) return;
        var before = await DigestsAsync(table, fresh, ct);
        foreach (var key in fresh)
        {
            var name = TableShape.Name(key);
            _rows.Add((table, name), (key, before.GetValueOrDefault(name)));
        }
    }

    /// <summary>This row was not there before.</summary>
    public void Added(TableShape table, object[] key) => _rows.TryAdd((table, TableShape.Name(key)), (key, null));

    /// <summary>Writes the link, unless nothing protected has changed.</summary>
    public async Task SealAsync(CancellationToken ct)
    {
        if (_rows.Count == 0) return;
        var leaves = new ChainLeaves();
        foreach (var table in _rows.GroupBy(r => r.Key.Table))
        {
            var after = await DigestsAsync(table.Key, [.. table.Select(r => r.Value.Key)], ct);
            foreach (var ((_, name), (_, before)) in table) leaves.Add(table.Key.Table, name, before, after.GetValueOrDefault(name));
        }

        if (leaves.Count > 0) await SaveAsync(_chain, _connection, _transaction, _end, leaves, ct);
    }

    /// <summary>Writes a link and moves the head.</summary>
    internal static async Task<ChainEnd> SaveAsync(AuditChain chain, DbConnection connection, DbTransaction transaction, ChainEnd end, ChainLeaves leaves, CancellationToken ct)
    {
        var (link, next) = chain.Follow(end, leaves.Text);
        await RunAsync(connection, transaction, ChainLink.Insert, ct, ("@n", link.N), ("@at", link.At), ("@prev", link.Prev), ("@leaves", link.Leaves), ("@signature", link.Signature));
        await RunAsync(connection, transaction, ChainLink.MoveHead, ct, ("@link", next.Link), ("@hash", next.Hash), ("@link_at", next.At));
        return next;
    }

    internal static async Task RunAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, transaction, sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    internal static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private async Task<Dictionary<string, string>> DigestsAsync(TableShape table, List<object[]> keys, CancellationToken ct)
    {
        var found = new Dictionary<string, string>(keys.Count);
        foreach (var some in keys.Chunk(RowsAtOnce))
        {
            var sql = new StringBuilder(table.Select).Append(" WHERE ");
            var parameters = new List<(string, object)>();
            foreach (var key in some)
            {
                sql.Append(parameters.Count == 0 ? "(" : " OR (");
                foreach (var (column, i) in table.Key.Select((column, i) => (column, i)))
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"@k{parameters.Count}");
                    sql.Append(i == 0 ? string.Empty : " AND ").Append(column).Append(" = ").Append(name);
                    parameters.Add((name, key[i]));
                }

                sql.Append(')');
            }

            await using var command = Command(_connection, _transaction, sql.ToString(), [.. parameters]);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) found.Add(TableShape.Name(table.KeyOf(reader.GetValue)), _digest.Of(table, table.AsSelected, reader.GetValue));
        }

        return found;
    }
}
