using System.Data;
using System.Data.Common;
using DispatchCenter.Hub.Kernel.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// A SQLite file, durable through WAL with synchronous=FULL, asserted on every connection. One process holds it; a second one is rejected.
/// </summary>
public sealed class SqliteDatabase : Database
{
    /// <summary>How long a statement waits for another writer before it fails.</summary>
    public const int BusyTimeoutMs = 5_000;

    /// <summary>Pages of 4 KiB in the log before they are moved into the file. Every move writes hot pages again and waits for the disk twice; the default of 1,000 cost a full desk a tenth.</summary>
    public const int LogPages = 4_000;

    private readonly string _connectionString;
    private readonly FileStream _hold;

    private SqliteDatabase(string path, FileStream hold)
    {
        Name = path;
        _hold = hold;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
        Options = WithOurs(new DbContextOptionsBuilder<DispatchDb>().UseSqlite(_connectionString), new DurableConnections());
    }

    protected override DbContextOptions<DispatchDb> Options { get; }

    public override string Name { get; }

    public override string Notes => Name;

    public override bool IsShared => false;

    internal override string HeadLock => string.Empty; // the transaction holds the file's lock from the start

    internal override string AskDefault => "SELECT dflt_value FROM pragma_table_info(@table) WHERE name = @column";

    /// <summary>Locks the file for this process.</summary>
    /// <exception cref="SettingsException">Another process holds it, or the folder cannot be written.</exception>
    public static SqliteDatabase Take(string path, IReadOnlyList<Module> modules)
    {
        FileStream? hold = null;
        try
        {
            var folder = PrivateFiles.Folder(Path.GetDirectoryName(path)!);
            hold = Hold(path);
            PrivateFiles.Create(path);
            PrivateFiles.CloseFiles(folder, Path.GetFileName(path));
            var database = new SqliteDatabase(path, hold) { Modules = modules };
            database.Open().Dispose(); // fails here if it is not a database
            return database;
        }
        catch (DbException e)
        {
            hold?.Dispose();
            throw new SettingsException(
                $"数据库文件 {path} 不能打开：不是 SQLite 数据库，或不能读写。请检查 Dispatch:Database。",
                $"The database file {path} cannot be opened: {e.Message} Check Dispatch:Database.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SettingsException(
                $"无法写入数据库文件 {path}。请检查 Dispatch:Database 与文件夹权限。",
                $"The database file {path} cannot be written: {e.Message} Check Dispatch:Database and the folder's permissions.");
        }
    }

    /// <summary>Keeps every other process of ours off the file, which need not be there yet, until disposed.</summary>
    /// <exception cref="SettingsException">Another process holds it.</exception>
    public static FileStream Hold(string path)
    {
        try
        {
            return PrivateFiles.Hold(path + ".lock");
        }
        catch (IOException e) when (PrivateFiles.IsHeldElsewhere(e))
        {
            throw new SettingsException(
                $"数据库文件正被另一个进程使用：{path}。请先停止那个进程，或用 Dispatch:Database 指定另一个文件。",
                $"Another process is using the database file {path}. Stop it, or set Dispatch:Database to another file.");
        }
    }

    public override Task ReachAsync(CancellationToken ct) => Task.CompletedTask; // it was opened when it was locked

    public override DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        DurableConnections.MakeDurable(connection);
        return connection;
    }

    public override Task<DbConnection> OpenAsync(CancellationToken ct) => Task.FromResult(Open()); // a local file: nothing to wait for

    public override DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false);

    public override DbTransaction BeginSnapshot(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true);

    public override Task<IAsyncDisposable> HoldStartAsync(CancellationToken ct) => Task.FromResult<IAsyncDisposable>(new Held()); // the file is already locked

    internal override Task<bool> EnterAsync(CancellationToken ct) => Task.FromResult(true); // whoever holds the file is alone

    /// <summary>Old pages stay in the file until it is rebuilt, and in the log until that is truncated.</summary>
    internal override async Task RebuildAsync(CancellationToken ct)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
        await command.ExecuteNonQueryAsync(ct);
    }

    internal override async Task OverwriteAsync(DispatchDb db, CancellationToken ct)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = "PRAGMA secure_delete=ON";
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Empties the log, which holds earlier versions of pages.</summary>
    /// <exception cref="IOException">A reader was still on one of them.</exception>
    internal override async Task ScrubAsync(IReadOnlyList<string> tables, CancellationToken ct)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        if (await command.ExecuteScalarAsync(ct) is not 0L) throw new IOException("The log is being read.");
    }

    internal override string InItsWords(string sql) => sql
        .Replace("{int64}", "INTEGER", StringComparison.Ordinal)
        .Replace("{text}", "TEXT", StringComparison.Ordinal)
        .Replace("{real}", "REAL", StringComparison.Ordinal)
        .Replace("{bytes}", "BLOB", StringComparison.Ordinal)
        .Replace("{random}", "LOWER(HEX(RANDOMBLOB(16)))", StringComparison.Ordinal)
        .Replace("{identity}", "INTEGER PRIMARY KEY AUTOINCREMENT", StringComparison.Ordinal);

    protected override Task TakeTurnAsync(DispatchDb db, CancellationToken ct) => Task.CompletedTask; // the gate suffices

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using (var pool = new SqliteConnection(_connectionString)) SqliteConnection.ClearPool(pool);
            _hold.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Held : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
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

    /// <exception cref="InvalidOperationException">The database would acknowledge commits that are not on disk.</exception>
    public static void MakeDurable(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        // What is deleted, or moved to another page, is overwritten where that needs no further write; an erasure overwrites all of it.
        command.CommandText = $"PRAGMA busy_timeout={SqliteDatabase.BusyTimeoutMs}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=FAST; PRAGMA wal_autocheckpoint={SqliteDatabase.LogPages};";
        command.ExecuteNonQuery();
        var mode = Read(command, "PRAGMA journal_mode") as string;
        var synchronous = Read(command, "PRAGMA synchronous");
        if (mode != "wal" || synchronous is not Full)
            throw new InvalidOperationException($"The database is not durable: journal_mode={mode}, synchronous={synchronous}; wal and 2 (FULL) are required.");
    }

    private static object? Read(DbCommand command, string pragma)
    {
        command.CommandText = pragma;
        return command.ExecuteScalar();
    }
}
