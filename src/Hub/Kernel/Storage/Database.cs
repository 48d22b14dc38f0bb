using System.Data.Common;
using DispatchCenter.Hub.Feed;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// The database: opens durable connections and begins the two kinds of transaction. Its two implementations, a SQLite file for
/// one process and PostgreSQL for several nodes, are the only places that know the difference.
/// </summary>
public abstract class Database : IDisposable
{
    /// <summary>For EF contexts.</summary>
    public abstract DbContextOptions<DispatchDb> Options { get; }

    /// <summary>Its name in messages, never with a password.</summary>
    public abstract string Name { get; }

    /// <summary>A local file of this node that records how far the database had come: see <see cref="EpochGuard"/>.</summary>
    public abstract string HeadNote { get; }

    /// <summary>Whether other nodes write to it, too.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Serialises this process's writers outside the desk, which keep their transactions short, and the desk's batches.</summary>
    public SemaphoreSlim WriteGate { get; } = new(1, 1);

    /// <summary>Appended to a read of the head row; locks the street for writing until the transaction ends.</summary>
    internal abstract string HeadLock { get; }

    /// <summary>The modules whose tables a context has.</summary>
    public required IReadOnlyList<Module> Modules { get; init; }

    /// <summary>Opens the database that the options name.</summary>
    /// <exception cref="SettingsException">It cannot be used; the message says how to fix it.</exception>
    public static Database Take(DispatchOptions options, IReadOnlyList<Module> modules) => options.PostgreSql is { } connection
        ? PostgresDatabase.Of(connection, Path.Combine(options.DataPath, "postgresql.head"), modules) : SqliteDatabase.Take(options.DatabasePath, modules);

    /// <summary>
    /// Whether an exception means that storage cannot accept a write right now (full disk, lock held, server
    /// unreachable) rather than a bug.
    /// </summary>
    public static bool IsUnavailable(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED }) return true;
            if (PostgresDatabase.PassesByItself(e)) return true;
        }

        return false;
    }

    /// <summary>Whether the database server is unreachable, so any other query would fail as well.</summary>
    public static bool IsAway(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (PostgresDatabase.IsLost(e)) return true;
        return false;
    }

    public DispatchDb Context() => new(Options, Modules);

    /// <summary>Waits a little for a server that is starting, and checks that its commits are durable.</summary>
    /// <exception cref="SettingsException">The database cannot be used.</exception>
    public abstract Task ReachAsync(CancellationToken ct);

    /// <summary>Opens a durable connection.</summary>
    public abstract DbConnection Open();

    /// <summary>Opens a durable connection asynchronously.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken ct);

    /// <summary>Begins a write transaction.</summary>
    public abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Begins a read transaction on one snapshot, which blocks nobody.</summary>
    public abstract DbTransaction BeginSnapshot(DbConnection connection);

    /// <summary>Runs a short write outside the desk in a transaction. On a shared database the nodes take turns as well.</summary>
    public async Task<T> WriteAsync<T>(Func<DispatchDb, Task<T>> write, CancellationToken ct)
    {
        await WriteGate.WaitAsync(ct);
        try
        {
            await using var db = Context();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await TakeTurnAsync(db, ct);
            var result = await write(db);
            await transaction.CommitAsync(ct);
            return result;
        }
        finally
        {
            WriteGate.Release();
        }
    }

    /// <summary>Blocks other nodes from starting on the same database until disposed: one migrates and seeds, the others find it done.</summary>
    /// <exception cref="SettingsException">Another node has held it for too long.</exception>
    public abstract Task<IAsyncDisposable> HoldStartAsync(CancellationToken ct);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A migration in this database's SQL dialect.</summary>
    internal abstract string InItsWords(string sql);

    /// <summary>Waits until no other node writes outside its desk; holds the lock until the transaction ends.</summary>
    protected abstract Task TakeTurnAsync(DispatchDb db, CancellationToken ct);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) WriteGate.Dispose();
    }
}
