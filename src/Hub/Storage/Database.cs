using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DispatchCenter.Hub.Storage;

/// <summary>
/// The one place that knows which database this is: it opens connections that are durable (SQLite: WAL with synchronous=FULL,
/// asserted on every connection) and begins the two kinds of transaction. Holds the SQLite file for itself: a second process is refused.
/// </summary>
public sealed class Database : IDisposable
{
    /// <summary>How long a statement waits for another writer before it fails.</summary>
    public const int BusyTimeoutMs = 5_000;

    private readonly string _connectionString;
    private readonly FileStream _hold;

    private Database(string path, FileStream hold)
    {
        Path = path;
        _hold = hold;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
        Options = new DbContextOptionsBuilder<DispatchDb>().UseSqlite(_connectionString).AddInterceptors(new DurableConnections()).Options;
    }

    public string Path { get; }

    /// <summary>For EF contexts.</summary>
    public DbContextOptions<DispatchDb> Options { get; }

    /// <summary>Writers outside the desk pass here one at a time, and stay short; the desk passes here a batch at a time.</summary>
    public SemaphoreSlim WriteGate { get; } = new(1, 1);

    /// <summary>Takes the file for this process.</summary>
    /// <exception cref="SettingsException">Another process holds it, or the folder cannot be written.</exception>
    public static Database Take(string path)
    {
        FileStream? hold = null;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            hold = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var database = new Database(path, hold);
            database.Open().Dispose(); // says now whether it is a database at all
            return database;
        }
        catch (DbException e)
        {
            hold?.Dispose();
            throw new SettingsException(
                $"数据库文件 {path} 不能打开：不是 SQLite 数据库，或不能读写。请检查 Dispatch:Database。",
                $"The database file {path} cannot be opened: {e.Message} Check Dispatch:Database.");
        }
        catch (IOException e) when (hold is null && File.Exists(path + ".lock"))
        {
            throw new SettingsException(
                $"数据库文件正被另一个进程使用：{path}。请先停止那个进程，或用 Dispatch:Database 指定另一个文件。",
                $"Another process is using the database file {path} ({e.GetType().Name}). Stop it, or name another file with Dispatch:Database.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SettingsException(
                $"无法写入数据库文件 {path}。请检查 Dispatch:Database 与文件夹权限。",
                $"The database file {path} cannot be written: {e.Message} Check Dispatch:Database and the folder's permissions.");
        }
    }

    public DispatchDb Context() => new(Options);

    /// <summary>Opens a durable connection.</summary>
    public DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        DurableConnections.MakeDurable(connection);
        return connection;
    }

    /// <summary>Begins a transaction that already holds the write lock.</summary>
#pragma warning disable CA1822 // which words a database wants is this class's to know
    public DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false);

    /// <summary>Begins a transaction that reads one moment of the database and blocks nobody.</summary>
    public DbTransaction BeginSnapshot(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true);
#pragma warning restore CA1822

    /// <summary>Runs a short write outside the desk.</summary>
    public async Task<T> WriteAsync<T>(Func<DispatchDb, Task<T>> write, CancellationToken ct)
    {
        await WriteGate.WaitAsync(ct);
        try
        {
            await using var db = Context();
            return await write(db);
        }
        finally
        {
            WriteGate.Release();
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _hold.Dispose();
        WriteGate.Dispose();
    }
}

/// <summary>Makes every SQLite connection durable, and checks that it is.</summary>
internal sealed class DurableConnections : DbConnectionInterceptor
{
    private const long Full = 2;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => MakeDurable(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        MakeDurable(connection);
        return Task.CompletedTask;
    }

    /// <exception cref="InvalidOperationException">The database would acknowledge what is not on disk.</exception>
    public static void MakeDurable(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout={Database.BusyTimeoutMs}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
        command.ExecuteNonQuery();
        var mode = Read(command, "PRAGMA journal_mode") as string;
        var synchronous = Read(command, "PRAGMA synchronous");
        if (mode != "wal" || synchronous is not Full)
            throw new InvalidOperationException($"The database is not durable: journal_mode={mode}, synchronous={synchronous}; wal and 2 (FULL) are needed.");
    }

    private static object? Read(DbCommand command, string pragma)
    {
        command.CommandText = pragma;
        return command.ExecuteScalar();
    }
}
