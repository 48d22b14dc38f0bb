using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.AuditVerify;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace DispatchCenter.Web.Kernel;

/// <summary>The administrator's commands, for use while no server runs on the same file.</summary>
internal static class Commands
{
    /// <summary>After a database restore: every page that was open starts over.</summary>
    public static async Task<int> RestoredAsync(string[] settings)
    {
        using var database = await OpenAsync(settings);
        if (await EpochGuard.StartOverAsync(database, TimeProvider.System, CancellationToken.None) is not { } epoch)
        {
            await Console.Error.WriteLineAsync($"数据库 {database.Name} 是空的，请先放回备份。 The database {database.Name} is empty; restore the backup first.");
            return 1;
        }

        var repeated = await Erasing(database).RepeatAsync(CancellationToken.None);
        if (repeated > 0) Console.WriteLine($"再次删除了备份以后已要求删除的 {repeated} 件。 Repeated {repeated} erasures that the backup did not know.");
        Console.WriteLine($"已开始新纪元 {epoch}：打开着的页面都会重新读取。 New epoch {epoch}: every open page starts over.");
        return 0;
    }

    /// <summary>Adds a data key. On PostgreSQL also while nodes run.</summary>
    public static async Task<int> RotateKeysAsync(string[] settings)
    {
        using var database = await OpenAsync(settings);
        await database.DataKeys.RotateAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Console.WriteLine($"新的数据密钥 {database.DataKeys.Newest} 已生效。 Data key {database.DataKeys.Newest} is in use.");
        return 0;
    }

    /// <summary>After a leak of the keys' folder, with all nodes stopped: makes a new key for the folder and one for the data, so that the folder's older files can go.</summary>
    public static async Task<int> ReplaceKeysAsync(string[] settings)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var database = await OpenAsync(settings, keys => keys.CreateNewKey(now, now.AddDays(90)));
        await database.DataKeys.WrapAgainAsync(CancellationToken.None);
        await database.DataKeys.RotateAsync(now, CancellationToken.None);
        Console.WriteLine("数据密钥已改由新密钥保护。现在可以移走密钥文件夹里较旧的 key-*.xml 和全部 *.secret；此前的备份仍需要它们。 The data keys are protected by a new key. Move the older key-*.xml and all *.secret files out of the keys' folder; backups from before still need them.");
        return 0;
    }

    /// <summary>
    /// Verifies the audit chain of the database by the independent program, with the key and the note beside it; also while a server runs. Exit code 0 whole, 1 not, 2 unreadable.
    /// </summary>
    public static async Task<int> VerifyAuditAsync(string[] settings)
    {
        var options = Read(settings);
        var note = ChainNote.FileOf(Database.NotesOf(options));
        try
        {
            var trust = new Trust { Keys = [await File.ReadAllTextAsync(ChainKey.PublicPath(options.ChainKeyPath))], Ends = File.Exists(note) ? [Tell.ReadEnd(note)] : [] };
            using var source = Source.Open(options.PostgreSql ?? options.DatabasePath);
            return Tell.Report(Verifier.Run(source, trust), Console.Out);
        }
        catch (Exception e) when (e is DbException or CryptographicException or IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync($"不能核对。 Cannot be verified: {e.Message}");
            return 2;
        }
    }

    /// <summary>Creates the first administrator; prompts for the password.</summary>
    public static async Task<int> CreateAdminAsync(string name, string[] settings)
    {
        using var database = await OpenAsync(settings);
        var password = Secret($"密码（至少 {AccountCommands.ShortestPassword} 个字符）/ password (at least {AccountCommands.ShortestPassword} characters): ");
        if (!Console.IsInputRedirected && Secret("再输一遍 / again: ") != password)
        {
            await Console.Error.WriteLineAsync("两遍不一样，没有创建账号。 The passwords do not match; no account was created.");
            return 1;
        }

        if (password.Length < AccountCommands.ShortestPassword)
        {
            await Console.Error.WriteLineAsync("密码太短，没有创建账号。 The password is too short; no account was created.");
            return 1;
        }

        return await database.WriteAsync(async db =>
        {
            var normalized = name.ToUpperInvariant();
            if (await db.Users.AnyAsync(u => u.NormalizedUserName == normalized))
            {
                await Console.Error.WriteLineAsync("账号已存在。 The account already exists.");
                return 1;
            }

            var account = new Account { UserName = name, NormalizedUserName = normalized, Role = Role.Admin, SecurityStamp = Guid.NewGuid().ToString("N") };
            account.PasswordHash = new PasswordHasher<Account>().HashPassword(account, password);
            db.Users.Add(account);
            db.Act(Acts.BySystem, TimeProvider.System.GetUtcNow(), Acts.AdminMade, Acts.Of(account));
            await db.SaveChangesAsync();
            await db.ChangedAsync(AccountBook.Name, CancellationToken.None);
            Console.WriteLine($"已创建管理员 {name}。 Created administrator {name}.");
            return 0;
        }, CancellationToken.None);
    }

    /// <summary>For the last administrator, who has lost everything: removes the second factor of an account; its password stays.</summary>
    public static async Task<int> ResetSecondFactorAsync(string name, string[] settings)
    {
        using var database = await OpenAsync(settings);
        var outcome = await new SecondFactorCommands(database, null, Read(settings), TimeProvider.System).ResetAsync(Acts.BySystem, name, CancellationToken.None);
        if (outcome.Ok) Console.WriteLine($"{name} 的二次验证已去掉，登录只要密码。 {name} has no second factor any more and signs in with the password alone.");
        else await Console.Error.WriteLineAsync($"{outcome.Code} {outcome.Message} {outcome.MessageEn}");
        return outcome.Ok ? 0 : 1;
    }

    /// <summary>Reads a line without echo; from a file or a pipe, a plain line.</summary>
    private static string Secret(string question)
    {
        Console.Write(question);
        if (Console.IsInputRedirected) return Console.ReadLine() ?? string.Empty;
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        Console.WriteLine();
        return typed.ToString();
    }

    /// <summary>Relative to the caller's folder: `dotnet run` starts in the project's.</summary>
    internal static string FromCaller(string path) => Path.GetFullPath(path, Environment.GetEnvironmentVariable("PWD") ?? Environment.CurrentDirectory);

    internal static DispatchOptions Read(string[] settings)
    {
        var builder = Server.Builder(settings);
        return Settings.Read(builder.Configuration, builder.Environment);
    }

    internal static ErasureCommands Erasing(Database database) => new(database, new ErasureList(database), TimeProvider.System, NullLogger<ErasureCommands>.Instance);

    internal static async Task<Database> OpenAsync(string[] settings, Action<IKeyManager>? renew = null)
    {
        var options = Read(settings);
        var database = Database.Take(options, Modules.All);
        try
        {
            await database.ReachAsync(CancellationToken.None);
            await using var hold = await database.HoldStartAsync(CancellationToken.None);
            var keys = KeyFolder.Alone(options);
            renew?.Invoke(keys.GetRequiredService<IKeyManager>());
            Migrations.Run(database);
            await EncryptionOpening.RunAsync(database, options, keys.GetRequiredService<IDataProtectionProvider>(), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
