using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>周期与巡查: patterns that open matters by season and calendar, and the rounds that people walk.</summary>
public sealed class RoundsModule : Module
{
    /// <summary>How long it is kept what was due where: longer than a year, to compare.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const int AtOnce = 1_000;

    public override string Name => "Rounds";

    public override IEnumerable<Right> Rights => Right.In(typeof(RoundRights));

    public override IEnumerable<Book> Books => [new(RhythmBook.Name, (services, ct) => services.GetRequiredService<RhythmBook>().LoadAsync(ct), ProcedureBook.Name, RegisterBook.Name)];

    /// <summary>Anybody changes it by opening a page.</summary>
    public override IEnumerable<string> Unchained => ["station_scans"];

    public override IEnumerable<Forgets> Forgets =>
    [
        new(AtOnce, (services, now, ct) =>
        {
            var before = DueRounds.DayOf(DueRounds.Today(now - Kept));
            return services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.Rounds.Where(r => r.Day.CompareTo(before) < 0).OrderBy(r => r.Day).Take(AtOnce), ct), ct);
        }),
        new(AtOnce, (services, now, ct) =>
        {
            var before = now - Kept;
            return services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.RoundLooks.Where(l => l.At <= before).OrderBy(l => l.At).Take(AtOnce), ct), ct);
        }),
    ];

    public override void AddServices(IServiceCollection services) => services.AddSingleton<RhythmBook>().AddSingleton<RhythmRuns>().AddSingleton<StationScans>().AddSingleton<RoundQueries>().AddSingleton<RoundCommands>()
        .AddSingleton(provider => new VisitsDue(provider.GetRequiredService<RoundQueries>().IsDueAsync));

    public override void AddCrons(IQuartzBuilder quartz) => quartz.ScheduleJob<RhythmRuns.Job>(trigger => trigger.WithIdentity("rhythms").WithCronSchedule(RhythmRuns.Job.Cron));

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<RoundRow>().ToTable("rounds").HasKey(r => new { r.Rhythm, r.Place, r.Day });
        model.Entity<StationScanRow>().ToTable("station_scans").HasKey(r => r.Station);
        model.Entity<RoundLookRow>().ToTable("round_looks").HasKey(r => new { r.Matter, r.Stop, r.Tap });
    }
}
