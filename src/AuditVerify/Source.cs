using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace DispatchCenter.AuditVerify;

/// <summary>A row at hand: each value as its type (i, r, t, b, n) and its bytes in the form that digests use.</summary>
public interface IRow
{
    (char Type, int Length) Read(int column, ref byte[] buffer, int at);
}

/// <summary>The database to verify; it is only read.</summary>
public abstract class Source : IDisposable
{
    /// <param name="name">A SQLite file, or a PostgreSQL connection string.</param>
    public static Source Open(string name) =>
        name.Contains("Host=", StringComparison.OrdinalIgnoreCase) ? new PostgresSource(name) : new SqliteSource(name);

    /// <summary>Reads every row of a query, in its order.</summary>
    public abstract void Read(string sql, Action<IRow> each);

    /// <summary>What is wrong with the file as such.</summary>
    public abstract IEnumerable<string> Damage();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    protected static void Room(ref byte[] buffer, int at, int length)
    {
        if (buffer.Length < at + length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, at + length));
    }
}

internal sealed class SqliteSource : Source
{
    private readonly string _path;
    private readonly SqliteConnection _connection;

    public SqliteSource(string path)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        _connection.Open();
        using var begin = _connection.CreateCommand();
        begin.CommandText = "BEGIN; SELECT COUNT(*) FROM sqlite_master"; // one snapshot, also of a file that a server writes to
        try
        {
            begin.ExecuteScalar();
        }
        catch (SqliteException e) when (e.SqliteErrorCode != raw.SQLITE_NOTADB)
        {
            // It is a database, and a damaged one: what cannot be read is named.
        }
    }

    public override void Read(string sql, Action<IRow> each)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var row = new Row(reader.Handle!);
        while (reader.Read()) each(row);
    }

    public override IEnumerable<string> Damage()
    {
        var damage = new List<string>();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        try
        {
            command.CommandText = "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('trigger', 'view')";
            using (var made = command.ExecuteReader())
                while (made.Read()) damage.Add(made.GetString(0));
            command.CommandText = "PRAGMA integrity_check(20)";
            using var check = command.ExecuteReader();
            while (check.Read())
                if (check.GetString(0) is var line and not "ok") damage.Add(line);
        }
        catch (SqliteException e)
        {
            damage.Add(e.Message);
        }

        return damage;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _connection.Dispose();
    }

    /// <summary>Text as the bytes that are stored: what is not UTF-8 is not repaired.</summary>
    private sealed class Row(sqlite3_stmt statement) : IRow
    {
        public (char Type, int Length) Read(int column, ref byte[] buffer, int at)
        {
            switch (raw.sqlite3_column_type(statement, column))
            {
                case raw.SQLITE_NULL:
                    return ('n', 0);
                case raw.SQLITE_INTEGER:
                    Room(ref buffer, at, 20);
                    raw.sqlite3_column_int64(statement, column).TryFormat(buffer.AsSpan(at), out var digits, default, CultureInfo.InvariantCulture);
                    return ('i', digits);
                case raw.SQLITE_FLOAT:
                    Room(ref buffer, at, 8);
                    BinaryPrimitives.WriteDoubleBigEndian(buffer.AsSpan(at), raw.sqlite3_column_double(statement, column));
                    return ('r', 8);
                case var type:
                    var bytes = raw.sqlite3_column_blob(statement, column);
                    Room(ref buffer, at, bytes.Length);
                    bytes.CopyTo(buffer.AsSpan(at));
                    return (type == raw.SQLITE_TEXT ? 't' : 'b', bytes.Length);
            }
        }
    }
}

internal sealed class PostgresSource : Source
{
    private readonly string _connectionString;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _snapshot;

    public PostgresSource(string connectionString)
    {
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        _connection = new NpgsqlConnection(_connectionString);
        _connection.Open();
        _snapshot = _connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
    }

    public override void Read(string sql, Action<IRow> each)
    {
        using var command = new NpgsqlCommand(sql, _connection, _snapshot);
        using var reader = command.ExecuteReader();
        var row = new Row(reader);
        while (reader.Read()) each(row);
    }

    /// <summary>The server keeps its own files; triggers and views are not the street's.</summary>
    public override IEnumerable<string> Damage()
    {
        var damage = new List<string>();
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(
            "SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace WHERE NOT tgisinternal AND s.nspname = current_schema() "
            + "UNION ALL SELECT 'view ' || viewname FROM pg_views WHERE schemaname = current_schema()", connection);
        using var reader = command.ExecuteReader();
        while (reader.Read()) damage.Add(reader.GetString(0));
        return damage;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _snapshot.Dispose();
        _connection.Dispose();
    }

    private sealed class Row(DbDataReader reader) : IRow
    {
        public (char Type, int Length) Read(int column, ref byte[] buffer, int at)
        {
            switch (reader.GetValue(column))
            {
                case DBNull:
                    return ('n', 0);
                case double real:
                    Room(ref buffer, at, 8);
                    BinaryPrimitives.WriteDoubleBigEndian(buffer.AsSpan(at), real);
                    return ('r', 8);
                case string text:
                    var length = Encoding.UTF8.GetByteCount(text);
                    Room(ref buffer, at, length);
                    Encoding.UTF8.GetBytes(text, buffer.AsSpan(at));
                    return ('t', length);
                case byte[] bytes:
                    Room(ref buffer, at, bytes.Length);
                    bytes.CopyTo(buffer.AsSpan(at));
                    return ('b', bytes.Length);
                case var number:
                    Room(ref buffer, at, 20);
                    Convert.ToInt64(number, CultureInfo.InvariantCulture).TryFormat(buffer.AsSpan(at), out var digits, default, CultureInfo.InvariantCulture);
                    return ('i', digits);
            }
        }
    }
}
