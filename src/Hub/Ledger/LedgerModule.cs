using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The only way to change a case: desk, batch, store, journal, clocks, and the outbox written with them.</summary>
public sealed class LedgerModule : Module
{
    private const int KeysAtOnce = 5_000;

    public override string Name => "Ledger";

    public override IEnumerable<Right> Rights => Right.In(typeof(LedgerRights));

    public override IEnumerable<Book> Books => [new(ReachBook.Name, (services, ct) => services.GetRequiredService<ReachBook>().LoadAsync(ct))];

    public override IEnumerable<Forgets> Forgets =>
    [
        new(KeysAtOnce, ForgetKeysAsync),
        new(ErasureCommands.Bite, (services, _, ct) => services.GetRequiredService<ErasureCommands>().CatchUpAsync(ct)),
        new(Retention.Bite, (services, now, ct) => services.GetRequiredService<Retention>().PersonsAsync(now, ct)),
        new(Retention.Bite, (services, now, ct) => services.GetRequiredService<Retention>().WordsAsync(now, ct)),
        new(Retention.Bite, (services, now, ct) => services.GetRequiredService<Retention>().PhotosAsync(now, ct)),
        new(Retention.Bite, (services, now, ct) => services.GetRequiredService<Retention>().LooksAsync(now, ct)),
    ];

    /// <summary>Keys of a day; what the outbox still has to do; and of a channel what its messages change.</summary>
    public override IEnumerable<string> Unchained => ["idempotency", "outbox", "channels.failing_since", "channels.tokens", "channels.tokens_at"];

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<JournalQueries>().AddSingleton<SnapshotQueries>().AddSingleton<StaffSight>().AddSingleton<OutboxMeters>().AddSingleton<ErasureList>().AddSingleton<ErasureCommands>().AddSingleton<HeldQueries>().AddSingleton<HeldEntries>();
        services.AddSingleton(provider => new Retention(provider.GetRequiredService<Database>(), provider.GetRequiredService<DispatchOptions>().Keep));
        services.AddSingleton(provider => new ReachBook(provider.GetRequiredService<Database>(), provider.GetService<IDataProtectionProvider>(), provider.GetRequiredService<OutboxMeters>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DispatchDesk>().AddSingleton<DeskMeters>().AddSingleton<Readiness>().AddSingleton<Sweep>().AddSingleton<Auditor>().AddSingleton<AuditorMeters>();
        services.AddHostedService(provider => provider.GetRequiredService<DispatchDesk>());
    }

    public override void AddCrons(IQuartzBuilder quartz) => quartz.ScheduleJob<Auditor.Job>(trigger => trigger.WithIdentity("auditor").WithCronSchedule(Auditor.Job.Cron));

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<HeadRow>().ToTable("head").HasKey(r => r.Street);
        model.Entity<EpochRow>().ToTable("epochs").HasKey(r => r.Epoch);
        model.Entity<CallRow>().ToTable("calls").HasKey(r => r.No);
        model.Entity<MatterRow>().ToTable("matters").HasKey(r => r.No);
        model.Entity<CallRow>().Property(r => r.Tracking).IsCode();
        model.Entity<MatterRow>().Property(r => r.Tracking).IsCode();
        model.Entity<JournalRow>().ToTable("journal").HasKey(r => r.Seq);
        model.Entity<JournalRow>().Property(r => r.Seq).ValueGeneratedNever();
        model.Entity<KeyRow>().ToTable("idempotency").HasKey(r => new { r.Scope, r.Key });
        model.Entity<WordsRow>().ToTable("words").HasKey(r => new { r.CallNo, r.Version, r.Kind });
        model.Entity<PhotoRow>().ToTable("photos").HasKey(r => r.Id);
        model.Entity<PhotoFileRow>().ToTable("photo_files").HasKey(r => new { r.Photo, r.Size });
        model.Entity<CallerRow>(caller =>
        {
            caller.ToTable("callers").HasKey(r => r.CallNo);
            caller.Property(r => r.ClearLat).HasColumnName("lat");
            caller.Property(r => r.ClearLon).HasColumnName("lon");
            caller.Property(r => r.ClearDatum).HasColumnName("datum");
        });
        model.Entity<ShareRow>().ToTable("shares").HasKey(r => r.CallNo);
        model.Entity<ShareRow>().Property(r => r.Code).IsCode();
        model.Entity<ReadRow>().ToTable("reads").HasKey(r => r.Id);
        model.Entity<OutboxRow>().ToTable("outbox").HasKey(r => r.Id);
        model.Entity<ErasureRow>().ToTable("erasures").HasKey(r => r.CallNo);
        model.Entity<ChannelRow>().ToTable("channels").HasKey(r => r.Code);
        model.Entity<GatewayAnswerRow>().ToTable("gateway_answers").HasKey(r => new { r.Channel, r.Id });
        model.Entity<PartyLinkRow>().ToTable("party_links").HasKey(r => r.Hash);
    }

    public override async Task OpenAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<ErasureCommands>().RepeatAsync(ct);
        // They exist from the start and report 0 before anything has happened.
        services.GetRequiredService<DeskMeters>();
        services.GetRequiredService<OutboxMeters>();
        services.GetRequiredService<AuditorMeters>();
    }

    private static Task<int> ForgetKeysAsync(IServiceProvider services, DateTimeOffset now, CancellationToken ct)
    {
        var before = (now - DeskBatch.KeyLife).ToUnixTimeMilliseconds();
        return services.GetRequiredService<Database>().WriteAsideAsync(
            db => db.Database.ExecuteSqlAsync($"DELETE FROM idempotency WHERE (scope, key) IN (SELECT scope, key FROM idempotency WHERE at < {before} LIMIT {KeysAtOnce})", ct), ct);
    }
}
