using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>Notifications outside the pages, their channels, and unreachable posts.</summary>
public sealed class ReachModule : Module
{
    public override string Name => "Reach";

    public override IEnumerable<Right> Rights => Right.In(typeof(ReachRights));

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<Reachability>().AddSingleton<Outbox>().AddSingleton<Courier>().AddSingleton<NoticeText>().AddSingleton<OutboxWorker>().AddSingleton<ReachCommands>();

    public override void AddTicking(IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<Reachability>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
    }
}
