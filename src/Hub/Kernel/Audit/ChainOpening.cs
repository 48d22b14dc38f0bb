using System.Data.Common;
using System.Globalization;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// Opens the chain at start, while no other node starts: checks the key, and takes what the chain does not cover yet, a table with all its rows or a
/// column that a migration has added. What it covers is never taken again, so nothing changed past it is adopted.
/// </summary>
public static class ChainOpening
{
    private const string Columns = "chain_columns";

    /// <summary>Its own tables: what they say is fixed.</summary>
    private static readonly TableShape ColumnsShape = new(Columns, [new("tab", 1, null), new("col", 2, null), new("key_part", 0, null), new("blank", 0, null)]);
    private static readonly TableShape KeysShape = new("chain_keys", [new("fingerprint", 1, null), new("public_key", 0, null), new("at", 0, null)]);

    /// <exception cref="SettingsException">The key cannot be used.</exception>
    public static async Task RunAsync(Database database, string keyPath, TimeProvider time, ILogger log, CancellationToken ct)
    {
        if (database.Chain is not null) return;
        await database.WriteGate.WaitAsync(ct);
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await using var transaction = database.BeginWrite(connection);
            var end = await EndAsync(connection, transaction, database.HeadLock, ct);
            var key = ChainKey.Open(keyPath);
            try
            {
                database.Chain = await OpenAsync(new Taking(database, connection, transaction, time, log, key, end), ct);
                await transaction.CommitAsync(ct);
            }
            catch
            {
                database.Chain = null;
                key.Dispose();
                throw;
            }
        }
        finally
        {
            database.WriteGate.Release();
        }
    }

    private sealed record Taking(Database Database, DbConnection Connection, DbTransaction Transaction, TimeProvider Time, ILogger Log, ChainKey Key, ChainEnd End)
    {
        public ChainEnd End { get; set; } = End;
    }

    private static async Task<AuditChain> OpenAsync(Taking taking, CancellationToken ct)
    {
        var known = await KnownAsync(taking, ct);
        var isNewKey = await IsNewAsync(taking, ct);
        var shapes = await ShapesAsync(taking, known, ct);
        var chain = new AuditChain(taking.Key, taking.Time, [.. shapes, ColumnsShape, KeysShape]);
        var (leaves, digest) = (new ChainLeaves(), new RowDigest());
        if (isNewKey) await InsertAsync(taking, KeysShape, leaves, digest, ct, taking.Key.Fingerprint, taking.Key.PublicPem, taking.Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var shape in shapes)
            foreach (var column in shape.Columns)
                if (!known.ContainsKey((shape.Table, column.Name)))
                    await InsertAsync(taking, ColumnsShape, leaves, digest, ct, shape.Table, column.Name, (long)column.KeyPart, ChainColumn.Write(column.Blank));
        foreach (var shape in shapes.Where(s => !known.Keys.Any(k => k.Table == s.Table))) await TakeAsync(taking, chain, shape, leaves, digest, ct);
        if (leaves.Count > 0) await SaveAsync(taking, chain, leaves, ct);
        return chain;
    }

    /// <summary>Every row of a table, in links of a bounded size.</summary>
    private static async Task TakeAsync(Taking taking, AuditChain chain, TableShape shape, ChainLeaves leaves, RowDigest digest, CancellationToken ct)
    {
        // Read to the end first: no statement may be written while a reader is open on the connection.
        var rows = new List<(string Key, string Digest)>();
        await using (var command = ChainedWrite.Command(taking.Connection, taking.Transaction, $"{shape.Select} ORDER BY {string.Join(", ", shape.Key)}"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) rows.Add((TableShape.Name(shape.KeyOf(reader.GetValue)), digest.Of(shape, shape.AsSelected, reader.GetValue)));
        foreach (var (key, now) in rows)
        {
            leaves.Add(shape.Table, key, null, now);
            if (leaves.Count >= AuditChain.LeavesAtOnce) await SaveAsync(taking, chain, leaves, ct);
        }
    }

    private static async Task SaveAsync(Taking taking, AuditChain chain, ChainLeaves leaves, CancellationToken ct)
    {
        taking.End = await ChainedWrite.SaveAsync(chain, taking.Connection, taking.Transaction, taking.End, leaves, ct);
        leaves.Clear();
    }

    /// <summary>A row of the chain's own tables; the values in the order of the shape as it was written above.</summary>
    private static async Task InsertAsync(Taking taking, TableShape shape, ChainLeaves leaves, RowDigest digest, CancellationToken ct, params object?[] values)
    {
        string[] names = shape == ColumnsShape ? ["tab", "col", "key_part", "blank"] : ["fingerprint", "public_key", "at"];
        var sql = $"INSERT INTO {shape.Table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(n => "@" + n))})";
        await ChainedWrite.RunAsync(taking.Connection, taking.Transaction, sql, ct, [.. names.Select((n, i) => ("@" + n, values[i] ?? DBNull.Value))]);
        int[] order = [.. shape.Columns.Select(c => Array.IndexOf(names, c.Name))];
        leaves.Add(shape.Table, TableShape.Name([.. shape.Key.Select(k => values[Array.IndexOf(names, k)]!)]), null, digest.Of(shape, order, i => values[i]));
    }

    private static async Task<ChainEnd> EndAsync(DbConnection connection, DbTransaction transaction, string headLock, CancellationToken ct)
    {
        await using var command = ChainedWrite.Command(connection, transaction, "SELECT link, link_hash, link_at FROM head" + headLock);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new ChainEnd(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)) : throw new InvalidOperationException("The database has no head row.");
    }

    /// <summary>False if the key has signed before.</summary>
    private static async Task<bool> IsNewAsync(Taking taking, CancellationToken ct)
    {
        var fingerprints = new List<string>();
        await using var command = ChainedWrite.Command(taking.Connection, taking.Transaction, "SELECT fingerprint FROM chain_keys");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) fingerprints.Add(reader.GetString(0));
        if (fingerprints.Contains(taking.Key.Fingerprint)) return false;
        // The street goes on: whoever verifies with the keys known so far is told, and cannot be deceived by anybody's new key.
        if (fingerprints.Count > 0) HubLog.ChainKeyChanged(taking.Log, taking.Key.Fingerprint);
        return true;
    }

    private static async Task<Dictionary<(string Table, string Column), (int KeyPart, string? Blank)>> KnownAsync(Taking taking, CancellationToken ct)
    {
        var known = new Dictionary<(string, string), (int, string?)>();
        await using var command = ChainedWrite.Command(taking.Connection, taking.Transaction, $"SELECT tab, col, key_part, blank FROM {Columns}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) known.Add((reader.GetString(0), reader.GetString(1)), (reader.GetInt32(2), await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3)));
        return known;
    }

    /// <summary>The model's tables, without what the modules leave out. A column new to a known table has its default as blank.</summary>
    private static async Task<List<TableShape>> ShapesAsync(Taking taking, Dictionary<(string Table, string Column), (int KeyPart, string? Blank)> known, CancellationToken ct)
    {
        await using var db = taking.Database.Context();
        var left = taking.Database.Modules.SelectMany(m => m.Unchained).Concat(DispatchDb.Unchained).ToHashSet();
        var shapes = new List<TableShape>();
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            if (left.Contains(table)) continue;
            var key = entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName()).ToList();
            var isKnown = known.Keys.Any(k => k.Table == table);
            var columns = new List<ChainColumn>();
            foreach (var name in entity.GetProperties().Select(p => p.GetColumnName()).Where(name => !left.Contains($"{table}.{name}")))
            {
                var blank = known.TryGetValue((table, name), out var column) ? ChainColumn.Read(column.Blank) : isKnown ? await DefaultAsync(taking, table, name, ct) : null;
                columns.Add(new ChainColumn(name, key.IndexOf(name) + 1, blank));
            }

            shapes.Add(new TableShape(table, columns));
        }

        return shapes;
    }

    private static async Task<object?> DefaultAsync(Taking taking, string table, string column, CancellationToken ct)
    {
        await using var ask = ChainedWrite.Command(taking.Connection, taking.Transaction, taking.Database.AskDefault, ("@table", table), ("@column", column));
        if (await ask.ExecuteScalarAsync(ct) is not string expression) return null;
        await using var read = ChainedWrite.Command(taking.Connection, taking.Transaction, "SELECT " + expression); // of our own migration
        return await read.ExecuteScalarAsync(ct) switch { DBNull or null => null, int number => (long)number, var value => value };
    }
}
