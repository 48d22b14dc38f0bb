using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>吹哨: blown by residents and staff, answered, verified, evaluated; with its photos, parties and exceptions.</summary>
public sealed class WhistlesModule : Module
{
    private const int LinksAtOnce = 1_000;

    /// <summary>Photos are about 300 KB each.</summary>
    private const int PhotosAtOnce = 50;

    public override string Name => "Whistles";

    public override IEnumerable<Right> Rights => Right.In(typeof(WhistleRights));

    public override IEnumerable<Forgets> Forgets =>
    [
        new(LinksAtOnce, (services, now, ct) => services.GetRequiredService<Database>().WriteAsync(db => db.DeleteAsync(db.PartyLinks.Where(l => l.ExpiresAt <= now).OrderBy(l => l.ExpiresAt).Take(LinksAtOnce), ct), ct)),
        new(AnswerCommands.Bite, (services, now, ct) => services.GetRequiredService<AnswerCommands>().ForgetAsync(now, ct)),
        new(PhotosAtOnce, (services, _, ct) => services.GetRequiredService<PhotoStore>().ForgetAsync(PhotosAtOnce, ct)),
    ];

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<Intake>().AddSingleton<CallerStory>().AddSingleton<CallerQueries>().AddSingleton<CallerCommands>().AddSingleton<IWhistles>(services => services.GetRequiredService<CallerCommands>()).AddSingleton<ReportCommands>().AddSingleton<ShareCommands>().AddSingleton<PhotoStore>().AddSingleton<StationQueries>();
        services.AddSingleton<CallQueries>().AddSingleton<StaffCommands>().AddSingleton<AnswerCommands>().AddSingleton<PartyCommands>().AddSingleton<SimilarCallQueries>().AddSingleton<CallSearch>().AddSingleton<WaitingQueries>();
    }
}
