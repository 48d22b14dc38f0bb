using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub;

/// <summary>Assembles the engine from its modules.</summary>
public static class HubSetup
{
    /// <param name="ticking">False in tests that advance the clock and sweep themselves.</param>
    /// <param name="modules">The default list, unless a test adds its own.</param>
    public static IServiceCollection AddDispatchEngine(this IServiceCollection services, DispatchOptions options, bool ticking = true, IReadOnlyList<Module>? modules = null)
    {
        modules ??= Modules.All;
        ModuleList.Check(modules);
        services.AddSingleton(options).AddSingleton(modules).AddSingleton<Secrets>();
        services.AddKeys(options);
        services.AddSingleton(_ => Database.Take(options, modules));
        services.AddScoped(provider => provider.GetRequiredService<Database>().Context());
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<BookWatch>().AddHostedService(provider => provider.GetRequiredService<BookWatch>());
        services.AddSingleton<ChainNote>().AddHostedService(provider => provider.GetRequiredService<ChainNote>());
        foreach (var module in modules) module.AddServices(services);
        if (!ticking) return services;
        foreach (var module in modules) module.AddTicking(services);
        services.AddTicks(options, modules);
        return services;
    }

    /// <summary>Migrates, seeds and loads before anything is served.</summary>
    /// <exception cref="SettingsException">The start must not go on; the message says how to fix it.</exception>
    public static async Task OpenStreetAsync(this IServiceProvider services, CancellationToken ct = default)
    {
        var (options, database, time) = (services.GetRequiredService<DispatchOptions>(), services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>());
        await database.ReachAsync(ct);
        await using var hold = await database.HoldStartAsync(ct);
        KeyFolder.Open(options, services); // here, where no other node creates keys of its own
        Close(options, database, services.GetRequiredService<ILogger<Database>>());
        Migrations.Run(database);
        await EncryptionOpening.RunAsync(database, options, services.GetRequiredService<IDataProtectionProvider>(), time, services.GetRequiredService<ILogger<Database>>(), ct);
        await services.GetRequiredService<EpochGuard>().CheckAsync(ct);
        var (policies, streets) = (services.GetRequiredService<PolicyBook>(), services.GetRequiredService<StreetBook>());
        await policies.LoadAsync(ct);
        await streets.LoadAsync(ct);
        await SeedAsync(options, database, streets, time, ct);
        await services.GetRequiredService<BookWatch>().LookAsync(ct);
        foreach (var module in services.GetRequiredService<IReadOnlyList<Module>>()) await module.OpenAsync(services, ct);
        if (database.IsShared && options.KeysAreTheAccounts) HubLog.KeysNotShared(services.GetRequiredService<ILogger<Database>>(), options.KeysPath);
    }

    /// <summary>Takes from everybody else what earlier versions, a copy that was put back or a generous umask have left open.</summary>
    private static void Close(DispatchOptions options, Database database, ILogger log)
    {
        foreach (var folder in (string[])[options.DataPath, options.KeysPath])
            if (Directory.Exists(folder) && !PrivateFiles.CloseFolder(folder, KeyFolder.InData)) HubLog.OpenToOthers(log, folder);
        var beside = Path.GetFileName(database.Notes); // the database's own name, or the server's
        foreach (var file in PrivateFiles.CloseFiles(options.KeysPath).Concat(PrivateFiles.CloseFiles(Path.GetDirectoryName(database.Notes)!, beside)))
            HubLog.OpenToOthers(log, file);
    }

    private static async Task SeedAsync(DispatchOptions options, Database database, StreetBook streets, TimeProvider time, CancellationToken ct)
    {
        await using var db = database.Context();
        var seeded = await DemoStaff.IsSeededAsync(db, ct);
        if (!options.Demo && seeded)
            throw new SettingsException(
                "这个数据库是演示数据库，含有公开口令的演示账号，不能用于正式运行。请用 Dispatch:Database 指定另一个文件。",
                "This is a demo database, and the password of its accounts is public. Set Dispatch:Database to another file.");
        if (!options.Demo || seeded) return;
        if (streets.Map.Grids.Length == 0)
        {
            if (StreetFiles.ReadDemo() is not StreetImport.Taken demo) throw new InvalidOperationException("The demo street cannot be read.");
            await streets.AddAsync(demo.Map, "system", ct);
        }

        await DemoStaff.SeedAsync(database, streets.Map, options.DemoPassword, time, ct);
        if (options.DemoRegister) await DemoRegister.SeedAsync(new RegisterBook(database, streets, time), time, ct);
    }
}
