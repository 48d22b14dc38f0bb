using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Callers;
using DispatchCenter.Hub.Calls;
using DispatchCenter.Hub.Desk;
using DispatchCenter.Hub.Duty;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.History;
using DispatchCenter.Hub.Photos;
using DispatchCenter.Hub.Rates;
using DispatchCenter.Hub.Reach;
using DispatchCenter.Hub.Sla;
using DispatchCenter.Hub.Standards;
using DispatchCenter.Hub.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace DispatchCenter.Hub;

/// <summary>Puts the engine together.</summary>
public static class HubSetup
{
    /// <summary>The warning about the end of the holiday list comes this early.</summary>
    public static readonly TimeSpan HolidayNotice = TimeSpan.FromDays(60);

    /// <param name="ticking">False in tests that move the clock by hand and sweep themselves.</param>
    public static IServiceCollection AddDispatchEngine(this IServiceCollection services, DispatchOptions options, bool ticking = true)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => Database.Take(options));
        services.AddScoped(provider => provider.GetRequiredService<Database>().Context());
        services.AddSingleton<PolicyBook>().AddSingleton<StreetBook>().AddSingleton<StandardsBook>().AddSingleton<Roster>().AddSingleton<LoadReader>().AddSingleton<ChoiceDesk>().AddSingleton<AccountBook>().AddSingleton<AccountDesk>();
        services.AddSingleton(provider => new ReachBook(provider.GetRequiredService<Database>(), provider.GetService<IDataProtectionProvider>(), provider.GetRequiredService<OutboxMeters>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JournalReader>().AddSingleton<SnapshotReader>().AddSingleton<CallReader>().AddSingleton<RateDesk>().AddSingleton<BriefDesk>();
        services.AddSingleton<HistoryDesk>().AddSingleton<StatsDesk>().AddSingleton<ReadsDesk>();
        services.AddSingleton<LiveFeed>().AddSingleton<CatchUp>().AddSingleton<Presence>().AddSingleton<PresenceNotes>().AddSingleton<Reachability>().AddSingleton<OutboxMeters>().AddSingleton<Outbox>().AddSingleton<Courier>().AddSingleton<NoticeText>().AddSingleton<OutboxWorker>().AddSingleton<ReachDesk>().AddSingleton<FeedMeters>();
        services.AddSingleton<RedisLink>().AddSingleton<RedisLife>().AddSingleton<RedisBus>().AddSingleton<IFeedBus>(provider => provider.GetRequiredService<RedisBus>());
        services.AddSingleton<DispatchDesk>().AddSingleton<DeskMeters>().AddSingleton<Intake>().AddSingleton<CallerStory>().AddSingleton<CallerReader>().AddSingleton<CallerDesk>().AddSingleton<PhotoBook>().AddSingleton<StationDesk>().AddSingleton<StaffDesk>().AddSingleton<OrderDesk>().AddSingleton<PartyDesk>().AddSingleton<SimilarCalls>().AddSingleton<Sweep>().AddSingleton<EpochGuard>().AddSingleton<BookWatch>();
        services.AddSingleton<CoverBook>().AddSingleton<GapWatch>().AddSingleton<RosterDesk>().AddSingleton<PatternDesk>().AddSingleton<RosterReader>().AddSingleton<RosterFile>();
        services.AddSingleton<DutyClock>().AddSingleton<DutyDesk>().AddSingleton<DutyHandOver>().AddSingleton<DutyReader>().AddSingleton<SwapDesk>().AddSingleton<FeedDesk>();
        services.AddSingleton<Auditor>().AddSingleton<AuditorMeters>();
        services.AddSingleton<Readiness>().AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisLife>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisBus>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<CatchUp>());
        services.AddHostedService(provider => provider.GetRequiredService<EpochGuard>());
        services.AddHostedService(provider => provider.GetRequiredService<BookWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<DispatchDesk>());
        if (!ticking) return services;
        services.AddHostedService(provider => provider.GetRequiredService<Reachability>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
        services.AddTicks(options);
        return services;
    }

    /// <summary>Migrates, seeds and loads; before anything is served.</summary>
    /// <exception cref="SettingsException">The start must not go on; the message says what to mend.</exception>
    public static async Task OpenStreetAsync(this IServiceProvider services, CancellationToken ct = default)
    {
        var (options, database, time) = (services.GetRequiredService<DispatchOptions>(), services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>());
        await database.ReachAsync(ct);
        await using var hold = await database.HoldStartAsync(ct);
        // The key that tokens are made with is made here, where no other node makes one of its own.
        services.GetService<IDataProtectionProvider>()?.CreateProtector("start").Protect("start");
        Migrations.Run(database);
        await services.GetRequiredService<EpochGuard>().CheckAsync(ct);
        var (policies, streets) = (services.GetRequiredService<PolicyBook>(), services.GetRequiredService<StreetBook>());
        await policies.LoadAsync(ct);
        await streets.LoadAsync(ct);
        await SeedAsync(options, database, streets, time, ct);
        await services.GetRequiredService<BookWatch>().LookAsync(ct);
        await services.GetRequiredService<LiveFeed>().LoadAsync(ct);
        services.GetRequiredService<FeedMeters>();
        services.GetRequiredService<DeskMeters>();
        services.GetRequiredService<OutboxMeters>();
        services.GetRequiredService<AuditorMeters>(); // says 0 before the first run
        if (database.IsShared && options.KeysPath == options.OwnKeysPath) HubLog.KeysNotShared(services.GetRequiredService<ILogger<Database>>(), options.KeysPath);
        WarnOfHolidays(policies, time, services.GetRequiredService<ILogger<PolicyBook>>());
    }

    private static async Task SeedAsync(DispatchOptions options, Database database, StreetBook streets, TimeProvider time, CancellationToken ct)
    {
        await using var db = database.Context();
        var seeded = await DemoStaff.IsSeededAsync(db, ct);
        if (!options.Demo && seeded)
            throw new SettingsException(
                "这个数据库是演示数据库，含有公开口令的演示账号，不能用于正式运行。请用 Dispatch:Database 指定另一个文件。",
                "This is a demo database with accounts whose password is public. Name another file with Dispatch:Database.");
        if (!options.Demo || seeded) return;
        if (streets.Map.Grids.Length == 0)
        {
            if (StreetFiles.ReadDemo() is not StreetImport.Taken demo) throw new InvalidOperationException("The demo street cannot be read.");
            await streets.AddAsync(demo.Map, "system", ct);
        }

        await DemoStaff.SeedAsync(database, streets.Map, options.DemoPassword, time, ct);
    }

    private static void WarnOfHolidays(PolicyBook policies, TimeProvider time, ILogger log)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(WorkCalendar.Offset).DateTime);
        var calendar = policies.Current.CalendarOf(policies.Current.Latest.Version);
        if (calendar.ListedThrough is { } last && today.AddDays(HolidayNotice.Days) > last)
            HubLog.HolidaysEnd(log, last.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The sweep ticks in memory on every node. What is to be done once for all nodes is kept in the shared database, by the scheduler's
    /// own clustered store; in a single process both are one.
    /// </summary>
    private static void AddTicks(this IServiceCollection services, DispatchOptions options)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<Sweep.Job>(trigger => trigger.WithIdentity("sweep").StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(Sweep.Tick).RepeatForever()));
            if (options.PostgreSql is null) quartz.AddCrons();
        });
        if (options.PostgreSql is { } shared)
        {
            services.AddQuartz("street", quartz =>
            {
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(NpgsqlFactory.Instance, shared);
                    store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
                    store.ProvisionSchema();
                });
                quartz.AddCrons();
            });
        }

        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    private static void AddCrons(this IQuartzBuilder quartz) => quartz
        .ScheduleJob<Auditor.Job>(trigger => trigger.WithIdentity("auditor").WithCronSchedule(Auditor.Job.Cron))
        .ScheduleJob<GapWatch.Job>(trigger => trigger.WithIdentity("gaps").WithCronSchedule(GapWatch.Job.Cron))
        .ScheduleJob<PatternDesk.Job>(trigger => trigger.WithIdentity("patterns").WithCronSchedule(PatternDesk.Job.Cron))
        .ScheduleJob<KeyCleaner>(trigger => trigger.WithIdentity("forget keys").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromHours(1)).RepeatForever()));
}
