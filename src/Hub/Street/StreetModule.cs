using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Street;

/// <summary>The street's configuration and staff: map, policy with holidays, procedures, city standards, posts with shifts, accounts.</summary>
public sealed class StreetModule : Module
{
    /// <summary>How early to warn that the holiday list is about to end.</summary>
    public static readonly TimeSpan HolidayNotice = TimeSpan.FromDays(60);

    private const int SessionsAtOnce = 1_000;

    public override string Name => "Street";

    public override IEnumerable<Right> Rights => Right.In(typeof(StreetRights));

    public override IEnumerable<Book> Books =>
    [
        new(PolicyBook.Name, (services, ct) => services.GetRequiredService<PolicyBook>().LoadAsync(ct)),
        new(ProcedureBook.Name, (services, ct) => services.GetRequiredService<ProcedureBook>().LoadAsync(ct), PolicyBook.Name), // the policy says how long a working day is
        new(StreetBook.Name, (services, ct) => services.GetRequiredService<StreetBook>().LoadAsync(ct)),
        new(StandardsBook.Name, (services, ct) => services.GetRequiredService<StandardsBook>().LoadAsync(ct)),
        new(Roster.Name, (services, ct) => services.GetRequiredService<Roster>().LoadAsync(ct), AccountBook.Name), // a post without a holder is never on duty
        new(AccountBook.Name, (services, ct) => services.GetRequiredService<AccountBook>().LoadAsync(ct), Roster.Name), // an account knows its post
    ];

    public override IEnumerable<Forgets> Forgets =>
    [
        new(SessionsAtOnce, (services, now, ct) =>
        {
            var before = now - AccountBook.SessionLife;
            return services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.EndedSessions.Where(s => s.At <= before).OrderBy(s => s.At).Take(SessionsAtOnce), ct), ct);
        }),
    ];

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<PolicyBook>().AddSingleton<ProcedureBook>().AddSingleton<StreetBook>().AddSingleton<StandardsBook>().AddSingleton<Roster>().AddSingleton<AccountBook>();

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<PostRow>().ToTable("posts").HasKey(r => r.Id);
        model.Entity<ShiftRow>(shift =>
        {
            shift.ToTable("shifts").HasKey(r => r.Id);
            shift.Property(r => r.From).HasColumnName("from_at");
            shift.Property(r => r.Until).HasColumnName("until_at");
        });
        model.Entity<AccountPostRow>().ToTable("account_posts").HasKey(r => new { r.Account, r.Post });
        model.Entity<EndedSessionRow>().ToTable("ended_sessions").HasKey(r => r.Session);
        model.Entity<SecondFactorRow>().ToTable("second_factors").HasKey(r => r.Account);
        model.Entity<RecoveryCodeRow>().ToTable("recovery_codes").HasKey(r => new { r.Account, r.Hash });
        model.Entity<RosterJournalRow>().ToTable("roster_journal").HasKey(r => r.Id);
    }

    public override Task OpenAsync(IServiceProvider services, CancellationToken ct)
    {
        var (policies, now) = (services.GetRequiredService<PolicyBook>().Current, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var today = DateOnly.FromDateTime(now.ToOffset(WorkCalendar.Offset).DateTime);
        if (policies.CalendarOf(policies.Latest.Version).ListedThrough is { } last && today.AddDays(HolidayNotice.Days) > last)
            HubLog.HolidaysEnd(services.GetRequiredService<ILogger<PolicyBook>>(), last.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }
}
