using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using DispatchCenter.AuditVerify;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// The command <c>doctor</c>: one line for each thing that is unsafe, with its mend. Exit code 0 if there is none, 1 if there is, 2 if it could not look. Changes nothing, also while
/// the server runs.
/// </summary>
internal static class DoctorCommandLine
{
    /// <summary>Nodes do not believe each other's messages beyond 90 s; this much is seen by people.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] settings)
    {
        var setup = Read(settings);
        var options = setup.Options;
        var isUnsafe = false;
        foreach (var finding in Doctor.OfSettings(setup, TimeProvider.System.GetUtcNow()).Concat(Doctor.OfFiles(options))) Say(finding);
        if (options.PostgreSql is null && !File.Exists(options.DatabasePath))
        {
            Console.WriteLine("- 还没有数据库，账号与审计链没有看。 There is no database yet: accounts and the audit chain were not looked at.");
        }
        else
        {
            try
            {
                await foreach (var finding in OfDataAsync(options)) Say(finding);
            }
            catch (Exception e) when (e is DbException or CryptographicException or IOException or UnauthorizedAccessException)
            {
                if (isUnsafe) Console.WriteLine($"- 数据库没有看：{e.Message} The database was not looked at: {e.Message}");
                else throw new SettingsException($"数据库不能查看：{e.Message}", $"The database cannot be looked at: {e.Message}");
            }
        }

        if (!isUnsafe) Console.WriteLine("没有发现不安全的地方。 Nothing unsafe was found.");
        return isUnsafe ? 1 : 0;

        void Say(Finding finding)
        {
            isUnsafe |= finding.IsUnsafe;
            Console.WriteLine(finding);
        }
    }

    internal static Setup Read(string[] settings)
    {
        var builder = Server.Builder(settings);
        var said = builder.Configuration;
        return new Setup(
            Settings.Read(said, builder.Environment), Server.AddressesOf(said), said.GetValue<bool>("FORWARDEDHEADERS_ENABLED"),
            builder.Environment.IsDevelopment(), said.GetValue<bool>("DOTNET_RUNNING_IN_CONTAINER"), said["OTEL_EXPORTER_OTLP_ENDPOINT"]);
    }

    private static async IAsyncEnumerable<Finding> OfDataAsync(DispatchOptions options)
    {
        await using DbConnection connection = options.PostgreSql is { } server
            ? new NpgsqlConnection(server) : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.DatabasePath, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync();
        var given = 0;
        var (admins, auditors, lateAt) = (0, 0, 0L);
        await foreach (var row in RowsAsync(connection, "SELECT role, password_hash FROM accounts"))
        {
            if (await row.IsDBNullAsync(1)) continue; // closed
            var role = row.GetString(0);
            if (role.Equals(nameof(Role.Admin), StringComparison.OrdinalIgnoreCase)) admins++;
            if (role.Equals(nameof(Role.Auditor), StringComparison.OrdinalIgnoreCase)) auditors++;
            if (AccountCommands.IsGiven(row.GetString(1))) given++;
        }

        await foreach (var row in RowsAsync(connection, "SELECT link_at FROM head")) lateAt = row.GetInt64(0);
        if (admins == 0) yield return new(false, "还没有管理员：执行 admin create。", "There is no administrator yet: run admin create.");
        if (auditors == 0) yield return new(false, "没有审计员，没有人看得到管理员做过什么：在 /admin 添加一个不是管理员的人。", "There is no auditor, so nobody sees what administrators do: add one at /admin who is not an administrator.");
        if (given > 0)
            yield return new(false, string.Create(CultureInfo.InvariantCulture, $"{given} 个账号还在用发下去的初始密码：请本人登录修改，或在 /admin 停用。"), string.Create(CultureInfo.InvariantCulture, $"{given} accounts still have the password they were issued: let their owners change it, or close them at /admin."));
        if (DateTimeOffset.FromUnixTimeMilliseconds(lateAt) - TimeProvider.System.GetUtcNow() > ClockTolerance)
            yield return new(true, "本机的时钟落后于数据库里最后的记录：用 NTP 校时。", "This machine's clock is behind the last record in the database: set it by NTP.");
        if (options.PostgreSql is not null)
            await foreach (var row in RowsAsync(connection, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"))
                if ((DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)) - TimeProvider.System.GetUtcNow()).Duration() > ClockTolerance)
                    yield return new(true, "本机与数据库服务器的时钟相差超过 5 秒：都用 NTP 校时。", "The clocks of this machine and of the database server differ by more than 5 s: set both by NTP.");

        var key = ChainKey.PublicPath(options.ChainKeyPath);
        if (!File.Exists(key))
        {
            yield return new(true, $"没有 {key}，审计链不能核对：放回密钥文件夹。", $"There is no {key}, so the audit chain cannot be verified: put the keys' folder back.");
            yield break;
        }

        using var source = Source.Open(options.PostgreSql ?? options.DatabasePath);
        if (!Verifier.Run(source, new Trust { Keys = [await File.ReadAllTextAsync(key)], Quick = true }).IsWhole)
            yield return new(true, "审计链核对不符：执行 audit verify，看是哪几处。", "The audit chain does not verify: run audit verify to see where.");
    }

#pragma warning disable CA2100 // fixed texts
    private static async IAsyncEnumerable<DbDataReader> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) yield return reader;
    }
#pragma warning restore CA2100
}
