using System.Data.Common;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace DispatchCenter.Hub;

/// <summary>When things run by themselves.</summary>
internal static class Ticks
{
    /// <summary>
    /// The sweep ticks in memory on every node. What is to be done once for all nodes is kept in the shared database, by the scheduler's
    /// own clustered store; in a single process both are one.
    /// </summary>
    public static void AddTicks(this IServiceCollection services, DispatchOptions options, IReadOnlyList<Module> modules)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<SweepTick>(trigger => trigger.WithIdentity("sweep").StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(Sweep.Tick).RepeatForever()));
            if (options.PostgreSql is null) quartz.AddCrons(modules);
        });
        if (options.PostgreSql is { } shared)
        {
            services.AddQuartz("street", quartz =>
            {
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(NpgsqlFactory.Instance, shared);
                    store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
                    store.ProvisionSchema();
                });
                quartz.AddCrons(modules);
            });
        }

        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    private static void AddCrons(this IQuartzBuilder quartz, IReadOnlyList<Module> modules)
    {
        foreach (var module in modules) module.AddCrons(quartz);
        quartz.ScheduleJob<Cleaner>(trigger => trigger.WithIdentity("forget keys").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromHours(1)).RepeatForever()));
    }

    /// <summary>Quartz's tick of the sweep. Where another node sweeps, this one saves itself the work.</summary>
    [DisallowConcurrentExecution]
    internal sealed class SweepTick(Sweep sweep, RedisLife life, ILogger<Sweep> log) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                if (!await life.AnotherSweepsAsync(Sweep.Tick)) await sweep.RunAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                HubLog.SweepFailed(log, e);
                await life.LetGoAsync();
            }
        }
    }
}
