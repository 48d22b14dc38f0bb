using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// Hand-written, forward-only migrations, run at start under the write lock in one transaction with their version numbers: first the
/// shared series, then each module's own.
/// </summary>
public static class Migrations
{
    /// <summary>The version of the shared series that this program needs.</summary>
    public static int Latest => Scripts().Last().Version;

    /// <summary>Migrates the database to <see cref="Latest"/>, or to <paramref name="upTo"/> in tests.</summary>
    /// <exception cref="SettingsException">The database belongs to a newer program, or a migration fails.</exception>
    public static void Run(Database database, int? upTo = null)
    {
        try
        {
            RunAll(database, upTo);
        }
        catch (DbException e)
        {
            throw new SettingsException(
                $"数据库 {database.Name} 的表不能建立或升级：{e.Message.TrimEnd('.')}。请检查磁盘空间，以及账号有没有建表的权限。",
                $"The database {database.Name} cannot be migrated: {e.Message.TrimEnd('.')}. Check the free disk space and whether the account may create tables.");
        }
    }

    private static void RunAll(Database database, int? upTo)
    {
        using var connection = database.Open();
        using var transaction = database.BeginWrite(connection);
        Execute(connection, transaction, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)");
        var have = Number(Execute(connection, transaction, "SELECT COALESCE(MAX(version), 0) FROM schema_version"));
        if (have > Latest)
            throw new SettingsException(
                $"数据库版本 {have} 比本程序的 {Latest} 新，请使用新版程序。",
                $"The database has schema version {have}, newer than this program's {Latest}. Use the newer program.");
        foreach (var (version, sql) in Scripts().Where(s => s.Version > have && s.Version <= (upTo ?? int.MaxValue)))
        {
            Execute(connection, transaction, database.InItsWords(sql));
            Execute(connection, transaction, $"INSERT INTO schema_version (version) VALUES ({version})");
        }

        if (upTo is null) RunModules(database, connection, transaction);
        transaction.Commit();
    }

    /// <summary>Migrations that modules number themselves.</summary>
    private static void RunModules(Database database, DbConnection connection, DbTransaction transaction)
    {
        Execute(connection, transaction, "CREATE TABLE IF NOT EXISTS module_versions (module TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (module, version))");
        foreach (var module in database.Modules)
        {
            var scripts = Of(module);
            var have = Number(Execute(connection, transaction, $"SELECT COALESCE(MAX(version), 0) FROM module_versions WHERE module = '{module.Name}'"));
            if (have > scripts.Count)
                throw new SettingsException(
                    $"数据库里 {module.Name} 的版本 {have} 比本程序的 {scripts.Count} 新，请使用新版程序。",
                    $"The database has version {have} of {module.Name}, newer than this program's {scripts.Count}. Use the newer program.");
            foreach (var (version, sql) in scripts.Skip(have))
            {
                Execute(connection, transaction, database.InItsWords(sql));
                Execute(connection, transaction, $"INSERT INTO module_versions (module, version) VALUES ('{module.Name}', {version})");
            }
        }
    }

    /// <summary>A module's own migrations: 0001 and on, in its Migrations folder.</summary>
    /// <exception cref="InvalidOperationException">A number is duplicated or missing.</exception>
    internal static IReadOnlyList<(int Version, string Sql)> Of(Module module)
    {
        List<(int Version, string Sql)> scripts = [.. Scripts(module.GetType().Assembly, $"{module.GetType().Namespace}.Migrations.")];
        for (var i = 0; i < scripts.Count; i++)
            if (scripts[i].Version != i + 1) throw new InvalidOperationException($"The migrations of {module.Name} must be numbered from 0001 without gaps: found {scripts[i].Version:D4} instead of {i + 1:D4}.");
        return scripts;
    }

    private static int Number(object? value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);

    private static object? Execute(DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static IEnumerable<(int Version, string Sql)> Scripts() => Scripts(typeof(Migrations).Assembly, $"{typeof(Migrations).Namespace}.Migrations.");

    private static IEnumerable<(int Version, string Sql)> Scripts(Assembly assembly, string prefix) =>
        assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture), Read(assembly, name)));

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
