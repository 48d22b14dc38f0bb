using System.Data.Common;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace DispatchCenter.Hub;

/// <summary>The schedules of background jobs.</summary>
internal static class Ticks
{
    /// <summary>The scheduler whose jobs are in the shared database.</summary>
    private const string Street = "street";

    /// <summary>
    /// The sweep ticks in memory on every node. Jobs that run once for all nodes are in the shared database, in the scheduler's
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
            services.AddQuartz(Street, quartz =>
            {
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(NpgsqlFactory.Instance, shared);
                    store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
                    store.ProvisionSchema();
                });
                quartz.AddCrons(modules);
            });
            services.AddHostedService<Revival>();
        }

        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    /// <summary>
    /// During a rolling update, a node of the other version may take a job that it does not have; the store then sets its trigger aside for good.
    /// A node that has the job repairs it.
    /// </summary>
    private sealed class Revival(ISchedulerFactory schedulers, TimeProvider time, ILogger<Revival> log) : BackgroundService
    {
        private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(LookEvery, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (await schedulers.LookupScheduler(Street, stoppingToken) is not { } street) continue;
                    foreach (var key in await street.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), stoppingToken))
                    {
                        if (await street.GetTriggerState(key, stoppingToken) != TriggerState.Error) continue;
                        if (await street.ResetTriggerFromErrorState(key, stoppingToken)) HubLog.TriggerRevived(log, key.Name); // else another node was first
                    }
                }
                catch (Exception e) when (e is SchedulerException or DbException)
                {
                    HubLog.RevivalFailed(log, e);
                }
            }
        }
    }

    private static void AddCrons(this IQuartzBuilder quartz, IReadOnlyList<Module> modules)
    {
        foreach (var module in modules) module.AddCrons(quartz);
        quartz.ScheduleJob<Cleaner>(trigger => trigger.WithIdentity("forget keys").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(Cleaner.Every).RepeatForever()));
    }

    /// <summary>Quartz's tick of the sweep. If another node sweeps, this one skips it.</summary>
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
