using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace DispatchCenter.Hub.Storage;

/// <summary>Hand-written, forward-only migrations, run at start under the write lock, each in one transaction with its version number.</summary>
public static class Migrations
{
    private const string Folder = "Storage.Migrations.";

    /// <summary>The version that this program wants.</summary>
    public static int Latest => Scripts().Last().Version;

    /// <summary>Brings the database up to <see cref="Latest"/>, or to <paramref name="upTo"/> in tests.</summary>
    /// <exception cref="SettingsException">The database is of a newer program, or refuses the tables.</exception>
    public static void Run(Database database, int? upTo = null)
    {
        try
        {
            RunAll(database, upTo);
        }
        catch (DbException e)
        {
            throw new SettingsException(
                $"数据库 {database.Name} 的表不能建立或升级：{e.Message}。请检查磁盘空间，以及账号有没有建表的权限。",
                $"The tables of the database {database.Name} cannot be made or brought up to date: {e.Message}. Look at the disk's space, and whether the account may create tables.");
        }
    }

    private static void RunAll(Database database, int? upTo)
    {
        using var connection = database.Open();
        using var transaction = database.BeginWrite(connection);
        Execute(connection, transaction, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)");
        var have = Convert.ToInt32(Execute(connection, transaction, "SELECT COALESCE(MAX(version), 0) FROM schema_version"), CultureInfo.InvariantCulture);
        if (have > Latest)
            throw new SettingsException(
                $"数据库版本 {have} 比本程序的 {Latest} 新，请使用新版程序。",
                $"The database has schema version {have}, newer than this program's {Latest}. Start the newer program.");
        foreach (var (version, sql) in Scripts().Where(s => s.Version > have && s.Version <= (upTo ?? int.MaxValue)))
        {
            Execute(connection, transaction, database.InItsWords(sql));
            Execute(connection, transaction, $"INSERT INTO schema_version (version) VALUES ({version})");
        }

        transaction.Commit();
    }

    private static object? Execute(DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static IEnumerable<(int Version, string Sql)> Scripts()
    {
        var assembly = typeof(Migrations).Assembly;
        var prefix = $"{assembly.GetName().Name}.{Folder}";
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture), Read(assembly, name)));
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
