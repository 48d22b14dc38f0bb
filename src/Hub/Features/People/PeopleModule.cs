using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The street's staff: accounts, and the roster of their posts with patterns, swaps, leave, hand-over and calendars.</summary>
public sealed class PeopleModule : Module
{
    public override string Name => "People";

    public override IEnumerable<Right> Rights => Right.In(typeof(PeopleRights));

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<AccountCommands>().AddSingleton<SecondFactorCommands>().AddSingleton<SecondFactorQueries>().AddSingleton<LoadQueries>().AddSingleton<ChoiceQueries>();
        services.AddSingleton<CoverBook>().AddSingleton<GapWatch>().AddSingleton<RosterCommands>().AddSingleton<PatternCommands>().AddSingleton<RosterQueries>().AddSingleton<RosterFile>();
        services.AddSingleton<DutyClock>().AddSingleton<DutyCommands>().AddSingleton<DutyHandOver>().AddSingleton<HandOverList>().AddSingleton<DutyQueries>().AddSingleton<SwapCommands>().AddSingleton<CalendarCommands>();
        services.AddSingleton(provider => new BesideTheSweep(provider.GetRequiredService<DutyHandOver>().TellAsync));
    }

    public override void AddCrons(IQuartzBuilder quartz) => quartz
        .ScheduleJob<GapWatch.Job>(trigger => trigger.WithIdentity("gaps").WithCronSchedule(GapWatch.Job.Cron))
        .ScheduleJob<PatternCommands.Job>(trigger => trigger.WithIdentity("patterns").WithCronSchedule(PatternCommands.Job.Cron));

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<PatternRow>().ToTable("patterns").HasKey(r => new { r.Unit, r.Code, r.Version });
        model.Entity<AbsenceRow>(absence =>
        {
            absence.ToTable("absences").HasKey(r => r.Id);
            absence.Property(r => r.From).HasColumnName("from_at");
            absence.Property(r => r.Until).HasColumnName("until_at");
        });
        model.Entity<SwapRow>().ToTable("swaps").HasKey(r => r.Id);
        model.Entity<DutyWordsRow>().ToTable("duty_words").HasKey(r => r.Id);
        model.Entity<GapRow>().ToTable("gaps").HasKey(r => new { r.Unit, r.FromAt });
        model.Entity<RosterFeedRow>().ToTable("roster_feeds").HasKey(r => r.Hash);
    }
}
