using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>Notifications outside the pages, their channels, and unreachable posts.</summary>
public sealed class ReachModule : Module
{
    public override string Name => "Reach";

    public override IEnumerable<Right> Rights => Right.In(typeof(ReachRights));

    public override IEnumerable<Forgets> Forgets => [new(PushPhones.Bite, (services, now, ct) => services.GetRequiredService<PushPhones>().ForgetOldAsync(now, ct))];

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<PushSender>().AddSingleton<PushPhones>().AddSingleton<PushCourier>().AddSingleton<WeComApps>().AddSingleton<Reachability>().AddSingleton<Outbox>().AddSingleton<Courier>().AddSingleton<NoticeText>().AddSingleton<OutboxWorker>().AddSingleton<ReachCommands>().AddSingleton<ReachProof>();

    public override void AddTicking(IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<Reachability>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
    }

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<PushPhoneRow>().ToTable("push_phones").HasKey(r => r.Session);
        model.Entity<PushPhoneRow>().Property(r => r.Endpoint).IsCode();
    }
}
