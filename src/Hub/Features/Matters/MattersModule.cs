using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>事项: opened by staff, answered by those who owe, followed through a link; whatever their procedure.</summary>
public sealed class MattersModule : Module
{
    private const int LinksAtOnce = 1_000;

    public override string Name => "Matters";

    public override IEnumerable<Right> Rights => Right.In(typeof(MatterRights));

    public override IEnumerable<Forgets> Forgets =>
    [
        new(LinksAtOnce, (services, now, ct) => services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.MatterLinks.Where(l => l.ExpiresAt <= now).OrderBy(l => l.ExpiresAt).Take(LinksAtOnce), ct), ct)),
    ];

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MatterWorlds>().AddSingleton<MatterCommands>().AddSingleton<MatterQueries>();
        services.AddSingleton<FollowCommands>().AddSingleton<FollowQueries>().AddSingleton<ProcedureCommands>();
        services.AddSingleton<CalloutCommands>().AddSingleton<CalloutQueries>().AddSingleton<DrillPlans>().AddSingleton<Drills>().AddSingleton<Safety>();
    }

    public override void AddCrons(IQuartzBuilder quartz) => quartz
        .ScheduleJob<Drills.Job>(trigger => trigger.WithIdentity("drills").WithCronSchedule(Drills.Job.Cron))
        .ScheduleJob<Safety.Job>(trigger => trigger.WithIdentity("safety").WithCronSchedule(Safety.Job.Cron));

    public override void MapTables(ModelBuilder model) => model.Entity<MatterLinkRow>().ToTable("matter_links").HasKey(r => r.Hash);
}
