using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Feed;

/// <summary>The only way out: sends committed changes to every watcher who may see them, here and on other nodes.</summary>
public sealed class FeedModule : Module
{
    public override string Name => "Feed";

    public override IEnumerable<Right> Rights => Right.In(typeof(FeedRights));

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>().AddSingleton<CatchUp>().AddSingleton<Presence>().AddSingleton<PresenceNotes>().AddSingleton<FeedMeters>().AddSingleton<BusSeal>().AddSingleton<EpochGuard>();
        services.AddSingleton<RedisLink>().AddSingleton<RedisLife>().AddSingleton<RedisBus>().AddSingleton<IFeedBus>(provider => provider.GetRequiredService<RedisBus>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisLife>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisBus>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<CatchUp>());
    }

    public override async Task OpenAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<LiveFeed>().LoadAsync(ct);
        services.GetRequiredService<FeedMeters>();
        if (services.GetRequiredService<RedisLink>().IsConfigured) _ = services.GetRequiredService<BusSeal>().Fingerprint; // made here, where no other node makes its own
        await services.GetRequiredService<PresenceNotes>().CheckKeysAsync(ct);
    }
}
