using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.AuditVerify;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Web.Kernel;

/// <summary>The administrator's commands, for use while no server runs on the same file.</summary>
internal static class Commands
{
    /// <summary>
    /// Imports a street's own files; prints the imported counts and every rejected line. All or nothing on disk. Refused, with a list, if people, cases, shifts or channels would be
    /// left hanging on what vanishes, unless that is wanted.
    /// </summary>
    public static async Task<int> ImportStreetAsync(string folder, bool anyway, string[] settings)
    {
        var import = StreetFiles.ReadFolder(FromCaller(folder));
        // Open the database before printing: nothing is imported while a server holds the file, and unusable files touch no database.
        using var database = import is StreetImport.Taken ? await OpenAsync(settings) : null;
        Say(string.Empty, import.RefusedLines);
        Console.WriteLine($"taken {import.TakenLines}, refused {import.RefusedLines.Length}");
        if (import is not StreetImport.Taken taken)
        {
            foreach (var why in ((StreetImport.Refused)import).Reasons) Console.Error.WriteLine($"{why.Code} {why.Chinese} {why.English}");
            return 1;
        }

        foreach (var warning in taken.Warnings) Console.WriteLine($"! {warning.Code} {warning.Chinese} {warning.English}");
        var policies = new PolicyBook(database!, TimeProvider.System);
        await policies.LoadAsync(CancellationToken.None);
        var streets = new StreetBook(database!, policies, TimeProvider.System);
        await streets.LoadAsync(CancellationToken.None);
        if (!anyway && await LeavesHangingAsync(await Orphans.OfMapAsync(database!, streets.Map, taken.Map, TimeProvider.System.GetUtcNow(), CancellationToken.None))) return 1;
        await streets.AddAsync(taken.Map, "import", CancellationToken.None);
        return 0;
    }

    /// <summary>
    /// Imports a city's table of standards; prints the imported count, every rejected line, and the lines without a category. Another table than the one in force is refused
    /// unless it is to replace that.
    /// </summary>
    public static async Task<int> ImportStandardsAsync(string file, bool replace, string[] settings)
    {
        Database? opened = null;
        var import = await StandardsFile.ReadAsync(FromCaller(file), async () =>
        {
            var policies = new PolicyBook(opened = await OpenAsync(settings), TimeProvider.System);
            await policies.LoadAsync(CancellationToken.None);
            return policies.Current.Latest;
        });
        using var database = opened;
        Say(string.Empty, import.Refused);
        Say("! ", import.Remarks);
        Console.WriteLine($"taken {import.Taken.Length}, refused {import.Refused.Length}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        if (import.Taken.IsEmpty) return 1;
        var standards = new StandardsBook(database!, TimeProvider.System);
        await standards.LoadAsync(CancellationToken.None);
        if (!replace && standards.View.Standards.Count is > 0 and var inForce && !standards.Holds(import.Taken))
        {
            await Console.Error.WriteLineAsync($"standards_in_force 现行的有 {inForce} 条，与这张表不同。要整表替换，请加 --replace；什么都没有改。 {inForce} lines are in force, and differ from this table. To replace them, say --replace; nothing was changed.");
            return 1;
        }

        await standards.AddAsync(import.Taken, "import", CancellationToken.None);
        var unmapped = import.Taken.Where(s => s.Category is null).Select(s => s.Key).ToList();
        if (unmapped.Count > 0)
            Console.WriteLine($"未对应类别、只在吹哨指明时计时 / without a category; apply only if a whistle names them ({unmapped.Count}): {string.Join(' ', unmapped)}");
        return 0;
    }

    /// <summary>Imports a new policy version for new whistles; open cases keep theirs. Running nodes on the same database notice. Refused like a street's files.</summary>
    public static async Task<int> ImportPolicyAsync(string file, bool anyway, string[] settings)
    {
        try
        {
            var json = DocumentText.Of(await File.ReadAllBytesAsync(FromCaller(file)));
            using var database = await OpenAsync(settings);
            var policies = new PolicyBook(database, TimeProvider.System);
            await policies.LoadAsync(CancellationToken.None);
            if (!anyway && await LeavesHangingAsync(await Orphans.OfPolicyAsync(database, policies.Current.Latest, PolicyBook.Check(json), CancellationToken.None))) return 1;
            Console.WriteLine($"政策版本 / policy version {await policies.AddAsync(json, "import", CancellationToken.None)}");
            return 0;
        }
        catch (Exception e) when (e is UnusableDocumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"政策文件不能使用，什么也没有改变：{(e as UnusableDocumentException)?.Chinese ?? e.Message} The policy file cannot be used; nothing was changed: {e.Message}");
            return 1;
        }
    }

    /// <summary>Imports the holidays of whole years, all or nothing.</summary>
    public static async Task<int> ImportHolidaysAsync(string file, string[] settings)
    {
        var path = FromCaller(file);
        var import = Holidays.Read(Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, TimeProvider.System.GetUtcNow().ToOffset(WorkCalendar.Offset).Year);
        Say(string.Empty, import.Refused);
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        if (!import.IsUsable)
        {
            await Console.Error.WriteLineAsync("什么也没有改变。 Nothing was changed.");
            return 1;
        }

        using var database = await OpenAsync(settings);
        var policies = new PolicyBook(database, TimeProvider.System);
        await policies.LoadAsync(CancellationToken.None);
        Console.WriteLine($"taken {import.Days.Count}, 政策版本 / policy version {await policies.AddHolidaysAsync(import.Days, "import", CancellationToken.None)}");
        return 0;
    }

    /// <summary>Imports a roster file; prints the imported count and every rejected line.</summary>
    public static async Task<int> ImportRosterAsync(string file, string[] settings)
    {
        using var database = await OpenAsync(settings);
        var streets = await StreetsAsync(database);
        using var roster = new Roster(database, TimeProvider.System);
        await roster.LoadAsync(CancellationToken.None);
        var path = FromCaller(file);
        var import = await new RosterFile(database, roster, new CoverBook(roster, streets), TimeProvider.System)
            .TakeAsync(null, Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, CancellationToken.None);
        Say(string.Empty, import.Refused);
        Console.WriteLine($"taken {import.Taken}, refused {import.Refused.Count}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        return import.Taken > 0 ? 0 : 1;
    }

    /// <summary>Creates accounts from a table; prints every rejected line, and each new account's first password, which is not stored.</summary>
    public static async Task<int> ImportStaffAsync(string file, string[] settings)
    {
        using var database = await OpenAsync(settings);
        var streets = await StreetsAsync(database);
        using var roster = new Roster(database, TimeProvider.System);
        await roster.LoadAsync(CancellationToken.None);
        using var accounts = new AccountBook(database, roster, TimeProvider.System, Options.Create(new IdentityOptions()));
        var path = FromCaller(file);
        var import = await new AccountCommands(database, roster, streets, accounts, null, TimeProvider.System)
            .TakeAsync(null, Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, CancellationToken.None);
        Say(string.Empty, import.Refused);
        foreach (var fresh in import.Made) Console.WriteLine($"{fresh.UserName},{fresh.Password}");
        Console.WriteLine($"taken {import.Taken}, made {import.Made.Count}, refused {import.Refused.Count}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        return import.Taken > 0 ? 0 : 1;
    }

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

    private static void Say(string mark, IEnumerable<RefusedLine> lines)
    {
        foreach (var line in lines) Console.WriteLine($"{mark}{line.File}:{line.Line} {line.Why.Code} {line.Why.Chinese} {line.Why.English}");
    }

    private static async Task<bool> LeavesHangingAsync(IReadOnlyList<Outcome> orphans)
    {
        if (orphans.Count == 0) return false;
        var refused = Outcome.Of("would_orphan", ("--anyway", "--anyway"));
        foreach (var line in orphans.Prepend(refused)) await Console.Error.WriteLineAsync($"{line.Code} {line.Message} {line.MessageEn}");
        return true;
    }

    private static async Task<StreetBook> StreetsAsync(Database database)
    {
        var policies = new PolicyBook(database, TimeProvider.System);
        await policies.LoadAsync(CancellationToken.None);
        var streets = new StreetBook(database, policies, TimeProvider.System);
        await streets.LoadAsync(CancellationToken.None);
        return streets;
    }

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
