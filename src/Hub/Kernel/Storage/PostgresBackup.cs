using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>Copies of a PostgreSQL database by its own tools, <c>pg_dump</c> and <c>pg_restore</c>, which must be on the PATH and not older than the server.</summary>
public static class PostgresBackup
{
    /// <summary>A table that stands in a database from the first step of a restore until what was restored has been verified; no node starts on it.</summary>
    internal const string Mark = "restore_unfinished";

    /// <summary>An advisory lock: one restore at a time.</summary>
    internal const long Lock = 0x4d554c494e04;

    /// <summary>Writes one instant of the database to a file, also while nodes run.</summary>
    /// <exception cref="SettingsException">A tool is missing, or reports an error.</exception>
    public static async Task<BackupHead> WriteAsync(string connectionString, string file, CancellationToken ct)
    {
        var draft = file + SqliteBackup.Draft;
        File.Delete(draft);
        try
        {
            PrivateFiles.Create(draft);
            await using var connection = await OpenAsync(connectionString, ct);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", connection, transaction);
            var snapshot = (string)(await export.ExecuteScalarAsync(ct))!;
            var head = await BackupHead.ReadAsync(connection, transaction, ct);
            await RunAsync("pg_dump", connectionString, ["--format=custom", "--no-owner", "--no-privileges", $"--snapshot={snapshot}", $"--file={draft}"], ct);
            PrivateFiles.Place(draft, file);
            return head;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Whether there is nothing of anybody in the database, or only what a restore has left that was cut off.</summary>
    public static async Task<bool> IsEmptyAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        return await AskAsync(connection, Empty, ct) is true;
    }

    /// <summary>Restores a file into an empty database, and looks at it there. Until that is done no node starts on it, and a restore that was cut off begins again.</summary>
    /// <param name="isGood">Looks at the database once everything is in it.</param>
    /// <returns>Whether it is in place; if not, the database is empty again.</returns>
    /// <exception cref="SettingsException">A tool is missing, or reports an error.</exception>
    public static async Task<bool> RestoreAsync(string connectionString, string file, Func<bool> isGood, CancellationToken ct)
    {
        await using var connection = await OpenAsync(connectionString, ct);
        if (await AskAsync(connection, $"SELECT pg_try_advisory_lock({Lock})", ct) is not true) // held as long as this connection
            throw new SettingsException("另一个恢复正在往这个数据库里写。请等它结束。", "Another restore is writing into this database. Wait until it has ended.");
        if (await AskAsync(connection, Empty, ct) is not true) throw new SettingsException("数据库里已经有东西了，没有恢复。", "The database is not empty any more; nothing was restored.");
        await ClearAsync(connection, ct);
        await RunAsync(connection, $"CREATE TABLE {Mark} ()", ct);
        var isIn = false;
        try
        {
            await RunAsync("pg_restore", connectionString, ["--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction", file], ct);
            isIn = isGood();
        }
        finally
        {
            if (!isIn) await ClearAsync(connection, ct);
        }

        if (isIn) await RunAsync(connection, $"DROP TABLE {Mark}", ct);
        return isIn;
    }

    /// <summary>Whether a restore was cut off in this database.</summary>
    internal static async Task<bool> IsUnfinishedAsync(NpgsqlConnection connection, CancellationToken ct) => await AskAsync(connection, $"SELECT to_regclass('{Mark}') IS NOT NULL", ct) is true;

    private const string Empty = $"SELECT to_regclass('{Mark}') IS NOT NULL OR NOT EXISTS ({Tables})";

    private const string Tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()";

    private static async Task ClearAsync(NpgsqlConnection connection, CancellationToken ct) => await RunAsync(
        connection,
        $"DO $$ DECLARE t text; BEGIN FOR t IN {Tables} ORDER BY tablename = '{Mark}' LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', t); END LOOP; END $$",
        ct);

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

#pragma warning disable CA2100 // made of the constants above
    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
#pragma warning restore CA2100

    /// <summary>The password goes to the tool by its environment, which other accounts cannot read.</summary>
    private static async Task RunAsync(string tool, string connectionString, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(tool, [.. arguments, "--no-password", $"--dbname={settings.Database}"]) { RedirectStandardError = true };
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
        [
            ("PGHOST", settings.Host), ("PGPORT", settings.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", settings.Username), ("PGPASSWORD", settings.Password),
            ("PGPASSFILE", settings.Passfile), ("PGSSLROOTCERT", settings.RootCertificate ?? (settings.SslMode == SslMode.VerifyFull ? "system" : null)), ("PGSSLCERT", settings.SslCertificate), ("PGSSLKEY", settings.SslKey), ("PGSSLMODE", InLibpq(settings.SslMode)), ("PGAPPNAME", "DispatchCenter"),
        ])
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var said = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            if (process.ExitCode == 0) return;
            var why = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] ? first : string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}");
            throw new SettingsException($"{tool} 没有成功：{why}", $"{tool} failed: {why}");
        }
        catch (Win32Exception)
        {
            throw new SettingsException($"找不到 {tool}。请安装 PostgreSQL 的客户端工具，版本不低于服务器。", $"{tool} is not on the PATH. Install PostgreSQL's client tools, not older than the server.");
        }
    }

    private static string InLibpq(SslMode mode) => mode switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        SslMode.Disable => "disable",
        SslMode.Allow => "allow",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    };
}
