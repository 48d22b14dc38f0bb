using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using DispatchCenter.AuditVerify;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Backups of the database, without the keys, and their way back. A file or a database is whole or not there, wherever a command is cut off: it can be run again.
/// </summary>
internal static class BackupCommandLine
{
    /// <summary>Writes a backup, also while the server runs, and prints how far it goes.</summary>
    public static Task<int> BackupAsync(string named, string[] settings) => SayWhyNotAsync(async () =>
    {
        var file = Commands.FromCaller(named);
        var options = Commands.Read(settings);
        if (File.Exists(file)) return await RefuseAsync($"{file} 已经存在，没有备份。", $"{file} exists already; nothing was written.");
        if (options.PostgreSql is null && !File.Exists(options.DatabasePath))
            return await RefuseAsync($"没有数据库 {options.DatabasePath}。请检查 Dispatch:Database 与 Dispatch:DataPath。", $"There is no database {options.DatabasePath}. Check Dispatch:Database and Dispatch:DataPath.");
        var head = options.PostgreSql is { } server
            ? await PostgresBackup.WriteAsync(server, file, CancellationToken.None) : await SqliteBackup.WriteAsync(options.DatabasePath, file, CancellationToken.None);
        var hash = await Sha256Async(file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}\nseq {head.Seq}\nend {head.End}\nsha256 {hash}"));
        return 0;
    });

    /// <summary>Verifies a backup, puts it where there is no database yet, begins a new epoch and repeats erasures.</summary>
    public static async Task<int> RestoreAsync(string named, string[] settings)
    {
        var placed = await SayWhyNotAsync(() => PlaceAsync(named, settings));
        if (placed != 0) return placed;
        try
        {
            return await Commands.RestoredAsync(settings);
        }
        catch (Exception e) when (e is DbException or CryptographicException or IOException or UnauthorizedAccessException or InvalidDataException or SettingsException)
        {
            throw new SettingsException($"数据库已经放回，但还没有收尾：{e.Message} 解决以后执行 restored。", $"The database is in place, but not finished: {e.Message} Once that is mended, run restored.");
        }
    }

    private static async Task<int> PlaceAsync(string named, string[] settings)
    {
        var file = Commands.FromCaller(named);
        var options = Commands.Read(settings);
        if (!File.Exists(file)) return await RefuseAsync($"没有文件 {file}。", $"There is no file {file}.");
        var key = ChainKey.PublicPath(options.ChainKeyPath);
        if (!File.Exists(key))
            return await RefuseAsync($"没有 {key}，备份不能核对。请先放回与这份备份配套的密钥文件夹。", $"There is no {key} to verify the backup with. Put back the keys' folder that belongs to it first.");
        var isIn = options.PostgreSql is { } server ? await RestoreAsync(server, file, key) : await RestoreAsync(options, file, key);
        return isIn ? 0 : 1;
    }

    private static async Task<bool> RestoreAsync(DispatchOptions options, string file, string key)
    {
        var path = options.DatabasePath;
        if (SqliteBackup.FilesOf(file) is [_, var beside, ..])
        {
            await RefuseAsync($"{beside} 与 {file} 并存：这是正在使用的数据库，不是备份。", $"{beside} lies beside {file}: that is a database in use, not a backup.");
            return false;
        }

        PrivateFiles.Folder(Path.GetDirectoryName(path)!);
        using var hold = SqliteDatabase.Hold(path);
        if (SqliteBackup.FilesOf(path) is [var there, ..])
        {
            await RefuseAsync($"{there} 已经存在，没有恢复。请先移走它，或用 Dispatch:Database 指定另一个文件。", $"{there} exists already; nothing was restored. Move it away first, or set Dispatch:Database to another file.");
            return false;
        }

        return SqliteBackup.Restore(file, path, draft => IsWhole(draft, key));
    }

    private static async Task<bool> RestoreAsync(string server, string file, string key)
    {
        if (await PostgresBackup.IsEmptyAsync(server, CancellationToken.None)) return await PostgresBackup.RestoreAsync(server, file, () => IsWhole(server, key), CancellationToken.None);
        await RefuseAsync("数据库里已经有表，没有恢复。请新建一个空的数据库。", "The database holds tables already; nothing was restored. Create an empty one.");
        return false;
    }

    private static bool IsWhole(string database, string key)
    {
        using var source = Source.Open(database);
        var report = Verifier.Run(source, new Trust { Keys = [File.ReadAllText(key)] });
        Tell.Report(report, report.IsWhole ? Console.Out : Console.Error);
        if (!report.IsWhole) Console.Error.WriteLine("备份核对不符，没有恢复。 The backup does not verify; nothing was restored.");
        return report.IsWhole;
    }

    private static async Task<int> RefuseAsync(string zh, string en)
    {
        await Console.Error.WriteLineAsync($"{zh} {en}");
        return 1;
    }

    /// <exception cref="SettingsException">Storage or the network refuses.</exception>
    private static async Task<int> SayWhyNotAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is DbException or CryptographicException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingsException($"没有完成，什么也没有留下：{e.Message}", $"Not done, and nothing is left of it: {e.Message}");
        }
    }

    private static async Task<string> Sha256Async(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
