using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Register;

/// <summary>名册: places down to the door, bodies, and people in roles; and who answers for a place.</summary>
public sealed class RegisterModule : Module
{
    /// <summary>How long it is kept who looked somebody up: three years, as for other looks at persons.</summary>
    public static readonly TimeSpan LooksKept = TimeSpan.FromDays(3 * 365);

    private const int LooksAtOnce = 1_000;

    public override string Name => "Register";

    public override IEnumerable<Right> Rights => Right.In(typeof(RegisterRights));

    public override IEnumerable<Book> Books => [new(RegisterBook.Name, (services, ct) => services.GetRequiredService<RegisterBook>().LoadAsync(ct), StreetBook.Name)];

    public override IEnumerable<Forgets> Forgets =>
    [
        new(LooksAtOnce, (services, now, ct) =>
        {
            var before = now - LooksKept;
            return services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.RegisterLooks.Where(l => l.At <= before).OrderBy(l => l.At).Take(LooksAtOnce), ct), ct);
        }),
        new(LooksAtOnce, (services, now, ct) => services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.HouseholdLinks.Where(l => l.ExpiresAt <= now).OrderBy(l => l.ExpiresAt).Take(LooksAtOnce), ct), ct)),
        new(PersonalLinks.Bite, (services, now, ct) => services.GetRequiredService<PersonalLinks>().ForgetAsync(now, ct)),
    ];

    public override void AddServices(IServiceCollection services) => services.AddSingleton<RegisterBook>().AddSingleton<RegisterQueries>().AddSingleton<RegisterCommands>().AddSingleton<RegisterFile>().AddSingleton<PartyNumbers>().AddSingleton<PersonalLinks>();

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<EntryRow>().ToTable("register_entries").HasKey(r => new { r.Code, r.Version });
        model.Entity<EntryFieldsRow>().ToTable("register_fields").HasKey(r => r.Code);
        model.Entity<PersonalLinkRow>().ToTable("register_links").HasKey(r => r.Entry);
        model.Entity<ReportRow>().ToTable("register_reports").HasKey(r => r.CallNo);
        model.Entity<RegisterLookRow>().ToTable("register_looks").HasKey(r => r.Id);
        model.Entity<HouseholdLinkRow>().ToTable("household_links").HasKey(r => r.Entry);
        model.Entity<HouseholdConsentRow>().ToTable("household_consents").HasKey(r => r.Id);
        model.Entity<HouseholdRequestRow>().ToTable("household_requests").HasKey(r => r.Id);
    }
}
