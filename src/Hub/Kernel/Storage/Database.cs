using System.Data.Common;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// The database: opens durable connections and begins the two kinds of transaction. Its two implementations, a SQLite file for
/// one process and PostgreSQL for several nodes, are the only places that know the difference.
/// </summary>
public abstract class Database : IDisposable
{
    private readonly Lazy<PooledDbContextFactory<DispatchDb>> _contexts;

    protected Database() => _contexts = new(() => new PooledDbContextFactory<DispatchDb>(Options));

    /// <summary>For EF contexts: see <see cref="WithOurs"/>.</summary>
    protected abstract DbContextOptions<DispatchDb> Options { get; }

    /// <summary>Its name in messages, never with a password.</summary>
    public abstract string Name { get; }

    /// <summary>The path of this node's local files about the database, without their endings: see <see cref="ChainNote"/> and <see cref="Ledger.ErasureList"/>.</summary>
    public abstract string Notes { get; }

    /// <summary>Whether other nodes write to it, too.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Serialises this process's writers outside the desk, which keep their transactions short, and the desk's batches.</summary>
    public SemaphoreSlim WriteGate { get; } = new(1, 1);

    /// <summary>Appended to a read of the head row; locks the street for writing until the transaction ends.</summary>
    internal abstract string HeadLock { get; }

    /// <summary>The modules whose tables a context has.</summary>
    public required IReadOnlyList<Module> Modules { get; init; }

    /// <summary>The record of every protected row; null until <see cref="ChainOpening"/> has run, and nothing is written before.</summary>
    public AuditChain? Chain { get; internal set; }

    /// <summary>Encrypts and decrypts what it holds of persons.</summary>
    public DataKeys DataKeys
    {
        get => field ?? throw new InvalidOperationException("The data keys are not open yet.");
        internal set
        {
            (field, IsEncrypted) = (value, true);
        }
    }

    /// <summary>Whether <see cref="EncryptionOpening"/> has begun.</summary>
    internal bool IsEncrypted { get; private set; }

    /// <summary>Opens the database that the options name.</summary>
    /// <exception cref="SettingsException">It cannot be used; the message says how to fix it.</exception>
    public static Database Take(DispatchOptions options, IReadOnlyList<Module> modules) => options.PostgreSql is { } connection
        ? PostgresDatabase.Of(connection, NotesOf(options), modules) : SqliteDatabase.Take(options.DatabasePath, modules);

    /// <summary>The <see cref="Notes"/> of the database that the options name.</summary>
    public static string NotesOf(DispatchOptions options) => options.PostgreSql is null ? options.DatabasePath : Path.Combine(options.DataPath, "postgresql");

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

    /// <summary>A context of the pool, for one use; disposing it gives it back.</summary>
    public DispatchDb Context()
    {
        var db = _contexts.Value.CreateDbContext();
        (db.IsWriting, db.Chained) = (false, null);
        return db;
    }

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

    /// <summary>
    /// Runs a short write outside the desk in a transaction, under the street's lock; the protected rows that it changes become a link of the chain. On a shared database
    /// the nodes take turns as well.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<DispatchDb, Task<T>> write, CancellationToken ct) => WriteAsync(write, chained: true, ct);

    /// <summary>The same without the street's lock, for tables that the chain leaves out: the desk of another node need not wait.</summary>
    public Task<T> WriteAsideAsync<T>(Func<DispatchDb, Task<T>> write, CancellationToken ct) => WriteAsync(write, chained: false, ct);

    private async Task<T> WriteAsync<T>(Func<DispatchDb, Task<T>> write, bool chained, CancellationToken ct)
    {
        await WriteGate.WaitAsync(ct);
        try
        {
            await using var db = Context();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await TakeTurnAsync(db, ct);
            db.IsWriting = true;
            if (chained && Chain is not null) db.Chained = await ChainedWrite.BeginAsync(Chain, db.Database.GetDbConnection(), transaction.GetDbTransaction(), HeadLock, ct);
            var result = await write(db);
            if (db.Chained is { } rows) await rows.SealAsync(ct);
            await transaction.CommitAsync(ct);
            return result;
        }
        finally
        {
            WriteGate.Release();
        }
    }

    /// <summary>Marks this node as running on the database until it ends, however it ends. Called at start, while no other node starts.</summary>
    /// <returns>Whether no other node runs on it.</returns>
    internal abstract Task<bool> EnterAsync(CancellationToken ct);

    /// <summary>Blocks other nodes from starting on the same database until disposed: one migrates and seeds, the others find it done.</summary>
    /// <exception cref="SettingsException">Another node has held it for too long.</exception>
    public abstract Task<IAsyncDisposable> HoldStartAsync(CancellationToken ct);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Rebuilds the file, so that nothing remains in it that its rows no longer hold, if the database is one.</summary>
    internal abstract Task RebuildAsync(CancellationToken ct);

    /// <summary>Makes what this transaction deletes from now on unreadable in the database's own pages, as far as the database can.</summary>
    internal abstract Task OverwriteAsync(DispatchDb db, CancellationToken ct);

    /// <summary>After rows were erased: removes what remains of them beside the pages, in the log and in dead versions of rows.</summary>
    internal abstract Task ScrubAsync(IReadOnlyList<string> tables, CancellationToken ct);

    /// <summary>Adds what every context of this database has.</summary>
    protected DbContextOptions<DispatchDb> WithOurs(DbContextOptionsBuilder<DispatchDb> builder, params IInterceptor[] interceptors)
    {
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new DatabaseOfContexts(this));
        return builder.ReplaceService<IModelCacheKeyFactory, DispatchDb.KeyOfModules>().AddInterceptors([.. interceptors, new ChainGuard()]).Options;
    }

    /// <summary>A migration in this database's SQL dialect.</summary>
    internal abstract string InItsWords(string sql);

    /// <summary>Asks for the default of @column in @table as an SQL expression; no row, or null, if it has none.</summary>
    internal abstract string AskDefault { get; }

    /// <summary>Waits until no other node writes outside its desk; holds the lock until the transaction ends.</summary>
    protected abstract Task TakeTurnAsync(DispatchDb db, CancellationToken ct);

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        WriteGate.Dispose();
        Chain?.Dispose();
    }
}
