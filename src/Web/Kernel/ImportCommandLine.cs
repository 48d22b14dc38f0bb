using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Web.Kernel;

/// <summary>The commands that read in a street's own tables.</summary>
internal static class ImportCommandLine
{
    /// <summary>
    /// Imports a street's own files; prints the imported counts and every rejected line. All or nothing on disk. Refused, with a list, if people, cases, shifts or channels would be
    /// left hanging on what vanishes, unless that is wanted.
    /// </summary>
    public static async Task<int> StreetAsync(string folder, bool anyway, string[] settings)
    {
        var import = StreetFiles.ReadFolder(Commands.FromCaller(folder));
        // Open the database before printing: nothing is imported while a server holds the file, and unusable files touch no database.
        using var database = import is StreetImport.Taken ? await Commands.OpenAsync(settings) : null;
        StreetBook? streets = null;
        if (database is not null)
        {
            var policies = new PolicyBook(database, TimeProvider.System);
            await policies.LoadAsync(CancellationToken.None);
            await (streets = new StreetBook(database, policies, TimeProvider.System)).LoadAsync(CancellationToken.None);
            import = StreetFiles.ReadFolder(Commands.FromCaller(folder), StreetCodes.Of(streets.Map, policies.Current.Latest));
        }

        Say(string.Empty, import.RefusedLines);
        Console.WriteLine($"taken {import.TakenLines}, refused {import.RefusedLines.Length}");
        if (import is not StreetImport.Taken taken)
        {
            foreach (var why in ((StreetImport.Refused)import).Reasons) Console.Error.WriteLine($"{why.Code} {why.Chinese} {why.English}");
            return 1;
        }

        Say("! ", taken.Remarks);
        foreach (var warning in taken.Warnings) Console.WriteLine($"! {warning.Code} {warning.Chinese} {warning.English}");
        if (!anyway && await LeavesHangingAsync(await Orphans.OfMapAsync(database!, streets!.Map, taken.Map, TimeProvider.System.GetUtcNow(), CancellationToken.None))) return 1;
        await streets!.AddAsync(taken.Map, "import", CancellationToken.None);
        return 0;
    }

    /// <summary>
    /// Imports a city's table of standards; prints the imported count, every rejected line, and the lines without a category. Another table than the one in force is refused
    /// unless it is to replace that; and then still, like a street's files, if it would leave cases or mappings hanging.
    /// </summary>
    public static async Task<int> StandardsAsync(string file, bool replace, bool anyway, string[] settings)
    {
        (Database? opened, StandardsBook? standards) = (null, null);
        var import = await StandardsFile.ReadAsync(Commands.FromCaller(file), async () =>
        {
            var policies = new PolicyBook(opened = await Commands.OpenAsync(settings), TimeProvider.System);
            await policies.LoadAsync(CancellationToken.None);
            await (standards = new StandardsBook(opened, TimeProvider.System)).LoadAsync(CancellationToken.None);
            return policies.Current.Latest;
        }, () => standards!.View.Standards);
        using var database = opened;
        Say(string.Empty, import.Refused);
        Say("! ", import.Remarks);
        Console.WriteLine($"taken {import.Taken.Length}, refused {import.Refused.Length}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        if (import.Taken.IsEmpty) return 1;
        if (!replace && standards!.View.Standards.Count is > 0 and var inForce && !standards.Holds(import.Taken))
        {
            await Console.Error.WriteLineAsync($"standards_in_force 现行的有 {inForce} 条，与这张表不同。要整表替换，请加 --replace；什么都没有改。 {inForce} lines are in force, and differ from this table. To replace them, say --replace; nothing was changed.");
            return 1;
        }

        if (!anyway && await LeavesHangingAsync(await Orphans.OfStandardsAsync(database!, standards!.View.Standards, import.Taken, CancellationToken.None))) return 1;
        await standards!.AddAsync(import.Taken, "import", CancellationToken.None);
        var unmapped = import.Taken.Where(s => s.Category is null).Select(s => s.Key).ToList();
        if (unmapped.Count > 0)
            Console.WriteLine($"未对应类别、只在吹哨指明时计时 / without a category; apply only if a whistle names them ({unmapped.Count}): {string.Join(' ', unmapped)}");
        return 0;
    }

    /// <summary>Imports a new policy version for new whistles; open cases keep theirs. Running nodes on the same database notice. Refused like a street's files.</summary>
    public static async Task<int> PolicyAsync(string file, bool anyway, string[] settings)
    {
        try
        {
            var json = DocumentText.Of(await File.ReadAllBytesAsync(Commands.FromCaller(file)));
            using var database = await Commands.OpenAsync(settings);
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
    public static async Task<int> HolidaysAsync(string file, string[] settings)
    {
        var path = Commands.FromCaller(file);
        var import = Holidays.Read(Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, TimeProvider.System.GetUtcNow().ToOffset(WorkCalendar.Offset).Year);
        Say(string.Empty, import.Refused);
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        if (!import.IsUsable)
        {
            await Console.Error.WriteLineAsync("什么也没有改变。 Nothing was changed.");
            return 1;
        }

        using var database = await Commands.OpenAsync(settings);
        var policies = new PolicyBook(database, TimeProvider.System);
        await policies.LoadAsync(CancellationToken.None);
        Console.WriteLine($"taken {import.Days.Count}, 政策版本 / policy version {await policies.AddHolidaysAsync(import.Days, "import", CancellationToken.None)}");
        return 0;
    }

    /// <summary>Imports a roster file; prints the imported count and every rejected line.</summary>
    public static async Task<int> RosterAsync(string file, string[] settings)
    {
        using var database = await Commands.OpenAsync(settings);
        var streets = await StreetsAsync(database);
        using var roster = new Roster(database, TimeProvider.System);
        await roster.LoadAsync(CancellationToken.None);
        var path = Commands.FromCaller(file);
        var import = await new RosterFile(database, roster, new CoverBook(roster, streets), TimeProvider.System)
            .TakeAsync(null, Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, CancellationToken.None);
        Say(string.Empty, import.Refused);
        Console.WriteLine($"taken {import.Taken}, refused {import.Refused.Count}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        return import.Taken > 0 ? 0 : 1;
    }

    /// <summary>Creates accounts from a table; prints every rejected line, and each new account's first password, which is not stored.</summary>
    public static async Task<int> StaffAsync(string file, string[] settings)
    {
        using var database = await Commands.OpenAsync(settings);
        var streets = await StreetsAsync(database);
        using var roster = new Roster(database, TimeProvider.System);
        await roster.LoadAsync(CancellationToken.None);
        using var accounts = new AccountBook(database, roster, TimeProvider.System, Options.Create(new IdentityOptions()));
        var path = Commands.FromCaller(file);
        var import = await new AccountCommands(database, roster, streets, accounts, null, TimeProvider.System)
            .TakeAsync(null, Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, CancellationToken.None);
        Say(string.Empty, import.Refused);
        foreach (var fresh in import.Made) Console.WriteLine($"{fresh.UserName},{fresh.Password}");
        Console.WriteLine($"taken {import.Taken}, made {import.Made.Count}, refused {import.Refused.Count}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        return import.Taken > 0 ? 0 : 1;
    }

    /// <summary>Imports entries of the register; prints the imported count and every rejected line.</summary>
    public static async Task<int> RegisterAsync(string file, bool anyway, string[] settings)
    {
        using var database = await Commands.OpenAsync(settings);
        var book = await RegisterOfAsync(database);
        var path = Commands.FromCaller(file);
        var import = await new RegisterFile(book, TimeProvider.System).TakeAsync(null, Path.GetFileName(path), () => File.Exists(path) ? File.OpenRead(path) : null, anyway, CancellationToken.None);
        Say(string.Empty, import.Refused);
        Console.WriteLine($"taken {import.Taken}, refused {import.Refused.Length}");
        if (import.Unusable is { } why) await Console.Error.WriteLineAsync($"{why.Code} {why.Chinese} {why.English}");
        return import.Taken > 0 ? 0 : 1;
    }

    /// <summary>Imports a new version of the kinds of the register. Refused if an entry would be left without its kind.</summary>
    public static async Task<int> KindsAsync(string file, string[] settings)
    {
        try
        {
            var json = DocumentText.Of(await File.ReadAllBytesAsync(Commands.FromCaller(file)));
            using var database = await Commands.OpenAsync(settings);
            Console.WriteLine($"名册类别版本 / version of the kinds {await (await RegisterOfAsync(database)).AddKindsAsync(json, "import", CancellationToken.None)}");
            return 0;
        }
        catch (Exception e) when (e is UnusableDocumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"名册类别文件不能使用，什么也没有改变：{(e as UnusableDocumentException)?.Chinese ?? e.Message} The kinds of the register cannot be used; nothing was changed: {e.Message}");
            return 1;
        }
    }

    internal static async Task<RegisterBook> RegisterOfAsync(Database database)
    {
        var book = new RegisterBook(database, await StreetsAsync(database), TimeProvider.System);
        await book.LoadAsync(CancellationToken.None);
        return book;
    }

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
}
