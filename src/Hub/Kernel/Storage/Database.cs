using System.Data.Common;
using DispatchCenter.Hub.Feed;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// The database at hand: opens connections that are durable and begins the two kinds of transaction. Its two kinds, a SQLite file for
/// one process and a PostgreSQL database for many nodes, are the only places that know their words.
/// </summary>
public abstract class Database : IDisposable
{
    /// <summary>For EF contexts.</summary>
    public abstract DbContextOptions<DispatchDb> Options { get; }

    /// <summary>What it is called in messages: never with a password.</summary>
    public abstract string Name { get; }

    /// <summary>Beside it stands, in a file of this node, how far it had come: see <see cref="EpochGuard"/>.</summary>
    public abstract string HeadNote { get; }

    /// <summary>Whether other nodes write to it too.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Writers of this process outside the desk pass here one at a time, and stay short; the desk passes here a batch at a time.</summary>
    public SemaphoreSlim WriteGate { get; } = new(1, 1);

    /// <summary>Put after a reading of the head, it locks the street for writing until the transaction ends.</summary>
    internal abstract string HeadLock { get; }

    /// <summary>Whose tables a context has.</summary>
    public required IReadOnlyList<Module> Modules { get; init; }

    /// <summary>Opens the database of these options.</summary>
    /// <exception cref="SettingsException">It cannot be used; the message says what to mend.</exception>
    public static Database Take(DispatchOptions options, IReadOnlyList<Module> modules) => options.PostgreSql is { } connection
        ? PostgresDatabase.Of(connection, Path.Combine(options.DataPath, "postgresql.head"), modules) : SqliteDatabase.Take(options.DatabasePath, modules);

    /// <summary>
    /// Whether an exception says that the storage cannot take a write just now (a full disk, a lock that is held, a server that is
    /// away), and not that a program is wrong.
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

    /// <summary>Whether the server behind it is away: whatever else is asked of it now would fail as well.</summary>
    public static bool IsAway(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (PostgresDatabase.IsLost(e)) return true;
        return false;
    }

    public DispatchDb Context() => new(Options, Modules);

    /// <summary>Waits a little for a server that is starting, and checks that what it acknowledges is on its disk.</summary>
    /// <exception cref="SettingsException">The database cannot be used.</exception>
    public abstract Task ReachAsync(CancellationToken ct);

    /// <summary>Opens a durable connection.</summary>
    public abstract DbConnection Open();

    /// <summary>Opens a durable connection without holding a thread.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken ct);

    /// <summary>Begins a transaction for writing.</summary>
    public abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Begins a transaction that reads one moment of the database and blocks nobody.</summary>
    public abstract DbTransaction BeginSnapshot(DbConnection connection);

    /// <summary>Runs a short write outside the desk in a transaction: all of it or nothing. On a shared database the nodes take turns as well.</summary>
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

    /// <summary>Holds back the start of other nodes on the same database until disposed: one migrates and seeds, the others find it done.</summary>
    /// <exception cref="SettingsException">Another node has held it for too long.</exception>
    public abstract Task<IAsyncDisposable> HoldStartAsync(CancellationToken ct);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A migration in the words of this database.</summary>
    internal abstract string InItsWords(string sql);

    /// <summary>Waits until no other node writes outside its desk; holds until the transaction ends.</summary>
    protected abstract Task TakeTurnAsync(DispatchDb db, CancellationToken ct);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) WriteGate.Dispose();
    }
}
