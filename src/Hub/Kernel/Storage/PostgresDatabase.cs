using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using DispatchCenter.Hub.Kernel.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// A PostgreSQL database shared by several nodes. Durable: a commit is acknowledged once it is on the server's disk (fsync and
/// synchronous_commit, asserted on every physical connection). The lock on the street's head row serialises the batches of all nodes.
/// </summary>
public sealed class PostgresDatabase : Database
{
    /// <summary>Connections per node, unless the connection string says otherwise.</summary>
    public const int DefaultPool = 30;

    /// <summary>Statement time-out.</summary>
    public const int CommandSeconds = 10;

    /// <summary>How long the start waits for a server that is not up yet.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long the start waits for another node's migration.</summary>
    public static readonly TimeSpan HoldPatience = TimeSpan.FromMinutes(5);

    // Advisory locks of this program: any two numbers that nothing else in the database uses.
    private const long StartLock = 0x4d554c494e01;
    private const long TurnLock = 0x4d554c494e02;
    private const long RunLock = 0x4d554c494e03;

    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource _source;
    private NpgsqlConnection? _running;

    private PostgresDatabase(NpgsqlConnectionStringBuilder settings, string notes)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{settings.Database}");
        Notes = notes;
        ConnectionString = settings.ConnectionString;
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            connection => Durable.Check(Durable.Read(connection)),
            async connection => Durable.Check(await Durable.ReadAsync(connection)));
        _source = source.Build();
        Options = WithOurs(new DbContextOptionsBuilder<DispatchDb>().UseNpgsql(), new Connections(_source));
    }

    protected override DbContextOptions<DispatchDb> Options { get; }

    public override string Name { get; }

    public override string Notes { get; }

    public override bool IsShared => true;

    internal override string HeadLock => " FOR UPDATE";

    internal override string AskDefault => "SELECT column_default FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table AND column_name = @column";

    /// <summary>For other code with tables there. Contains the password.</summary>
    internal string ConnectionString { get; }

    /// <exception cref="SettingsException">The text is not a connection string.</exception>
    public static PostgresDatabase Of(string connectionString, string notes, IReadOnlyList<Module> modules) => new(Read(connectionString), notes) { Modules = modules };

    /// <summary>Parses a connection string and fills in defaults.</summary>
    /// <exception cref="SettingsException">It is invalid, or lacks a host or database.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            var said = new DbConnectionStringBuilder { ConnectionString = connectionString };
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrWhiteSpace(settings.Host) || string.IsNullOrWhiteSpace(settings.Database))
                throw new ArgumentException("Host and Database are required");
            if (!said.Keys.Cast<string>().Any(k => k.Replace(" ", string.Empty, StringComparison.Ordinal).Equals("maximumpoolsize", StringComparison.OrdinalIgnoreCase)))
                settings.MaxPoolSize = DefaultPool;
            settings.ApplicationName ??= "DispatchCenter";
            settings.CommandTimeout = CommandSeconds;
            settings.Timeout = Math.Min(settings.Timeout, CommandSeconds);
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
            settings.IncludeErrorDetail = false; // error details may contain row values
            return settings;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or OverflowException or InvalidCastException)
        {
            throw new SettingsException(
                "Dispatch:Database 不是可用的 PostgreSQL 连接串。应形如 Host=…;Port=5432;Database=…;Username=…;Password=…",
                $"Dispatch:Database is not a valid PostgreSQL connection string ({e.GetType().Name}). Example: Host=…;Port=5432;Database=…;Username=…;Password=…");
        }
    }

    public override async Task ReachAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(ct);
                if (!await PostgresBackup.IsUnfinishedAsync(connection, ct)) return;
                throw new SettingsException(
                    $"数据库 {Name} 的恢复没有做完。请再执行一次 restore。",
                    $"A restore into the database {Name} was cut off. Run restore again.");
            }
            catch (Exception e) when (IsAway(e) && TimeProvider.System.GetElapsedTime(began) < StartPatience)
            {
                await Task.Delay(TryAgain, TimeProvider.System, ct);
            }
            catch (Exception e) when (e is DbException or NotDurableException or SocketException or TimeoutException)
            {
                throw new SettingsException(
                    $"不能使用 PostgreSQL 数据库 {Name}：{Why(e)}。请检查 Dispatch:Database。",
                    $"The PostgreSQL database {Name} cannot be used: {Why(e)}. Check Dispatch:Database.");
            }
        }
    }

    public override DbConnection Open() => _source.OpenConnection();

    public override async Task<DbConnection> OpenAsync(CancellationToken ct) => await _source.OpenConnectionAsync(ct);

    public override DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public override DbTransaction BeginSnapshot(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    public override async Task<IAsyncDisposable> HoldStartAsync(CancellationToken ct)
    {
        var connection = await _source.OpenConnectionAsync(ct);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await using var ask = new NpgsqlCommand($"SELECT pg_try_advisory_lock({StartLock})", connection);
            if (await ask.ExecuteScalarAsync(ct) is true) return new StartHold(connection);
            if (TimeProvider.System.GetElapsedTime(began) > HoldPatience)
            {
                await connection.DisposeAsync();
                throw new SettingsException(
                    $"另一个节点正在升级数据库 {Name}，等待超过 {HoldPatience.TotalMinutes:0} 分钟。请查看那个节点。",
                    $"Another node has been migrating the database {Name} for more than {HoldPatience.TotalMinutes:0} minutes. Check that node.");
            }

            await Task.Delay(TryAgain, TimeProvider.System, ct);
        }
    }

    /// <summary>
    /// Every running node shares a lock of its session, so the server itself knows when the last one has gone. One that loses its session is no longer counted: a node that
    /// starts after that begins an epoch that was not needed, and pages reload once.
    /// </summary>
    internal override async Task<bool> EnterAsync(CancellationToken ct)
    {
        _running = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await _running.OpenAsync(ct);
        await using var ask = new NpgsqlCommand($"SELECT pg_try_advisory_lock({RunLock})", _running);
        var isFirst = await ask.ExecuteScalarAsync(ct) is true;
        await using var share = new NpgsqlCommand(isFirst ? $"SELECT pg_advisory_lock_shared({RunLock}), pg_advisory_unlock({RunLock})" : $"SELECT pg_advisory_lock_shared({RunLock})", _running);
        await share.ExecuteNonQueryAsync(ct);
        return isFirst;
    }

    /// <summary>Transient: the server is unreachable or starting, its disk is full, it has no free connection, or a wait timed out.</summary>
    internal static bool PassesByItself(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState[..2] is "08" or "53" or "57" or "58" || refused.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable,
        NpgsqlException lost => lost.IsTransient || lost.InnerException is SocketException or IOException or TimeoutException,
        _ => false,
    };

    internal static bool IsLost(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState[..2] is "08" or "57" || refused.SqlState is PostgresErrorCodes.TooManyConnections,
        NpgsqlException lost => lost.InnerException is SocketException or IOException or TimeoutException or null,
        _ => false,
    };

    /// <summary>VACUUM is the server's own, and would have to lock tables to rebuild them: docs/operating.md says how.</summary>
    internal override Task RebuildAsync(CancellationToken ct) => Task.CompletedTask;

    internal override Task OverwriteAsync(DispatchDb db, CancellationToken ct) => Task.CompletedTask; // its pages are the server's: see ScrubAsync

    /// <summary>Dead rows go at once instead of at the next autovacuum. The server's own log keeps them until it is recycled.</summary>
    internal override async Task ScrubAsync(IReadOnlyList<string> tables, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"VACUUM {string.Join(", ", tables)}";
        await command.ExecuteNonQueryAsync(ct);
    }

    internal override string InItsWords(string sql) => sql
        .Replace("{int64}", "BIGINT", StringComparison.Ordinal)
        .Replace("{text}", "TEXT", StringComparison.Ordinal)
        .Replace("{real}", "DOUBLE PRECISION", StringComparison.Ordinal)
        .Replace("{bytes}", "BYTEA", StringComparison.Ordinal)
        .Replace("{random}", "GEN_RANDOM_UUID()::TEXT", StringComparison.Ordinal)
        .Replace("{identity}", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", StringComparison.Ordinal);

    protected override async Task TakeTurnAsync(DispatchDb db, CancellationToken ct) => await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({TurnLock})", ct);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _running?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The server's own message if there is one; it contains no secret.</summary>
    private static string Why(Exception e) => e is PostgresException refused ? refused.MessageText : (e.InnerException ?? e).Message;

    /// <summary>
    /// Hands EF its connections. Given the source itself, EF would keep a model and compiled queries for every database that a process has opened; tests open hundreds.
    /// </summary>
    private sealed class Connections(NpgsqlDataSource source) : DbConnectionInterceptor
    {
        public override InterceptionResult<DbConnection> ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
            InterceptionResult<DbConnection>.SuppressWithResult(source.CreateConnection());
    }

    private sealed class StartHold(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({StartLock})", connection);
                await release.ExecuteNonQueryAsync();
            }
            catch (DbException)
            {
                // A lost connection has already released it.
            }

            await connection.DisposeAsync();
        }
    }

    /// <summary>The settings that make a commit durable. A session that weakens them is reset when its connection returns to the pool.</summary>
    private static class Durable
    {
        private const string Ask =
            "SELECT current_setting('synchronous_commit') || ' ' || current_setting('fsync') || ' ' || current_setting('full_page_writes')";

        public static string Read(NpgsqlConnection connection)
        {
            using var ask = new NpgsqlCommand(Ask, connection);
            return Convert.ToString(ask.ExecuteScalar(), CultureInfo.InvariantCulture)!;
        }

        public static async Task<string> ReadAsync(NpgsqlConnection connection)
        {
            await using var ask = new NpgsqlCommand(Ask, connection);
            return Convert.ToString(await ask.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
        }

        public static void Check(string settings)
        {
            if (settings is not ("on on on" or "remote_apply on on"))
                throw new NotDurableException($"the database is not durable: synchronous_commit, fsync and full_page_writes are {settings}; all must be on");
        }
    }
}

/// <summary>The database would acknowledge commits that are not on disk.</summary>
internal sealed class NotDurableException(string message) : Exception(message);
