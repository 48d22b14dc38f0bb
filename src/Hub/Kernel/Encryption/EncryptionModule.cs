using System.Data.Common;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>Encrypts columns, and renews the key that does.</summary>
public sealed class EncryptionModule : Module
{
    public override string Name => "Encryption";

    public override IEnumerable<Book> Books => [new(DataKeys.Book, (services, ct) => services.GetRequiredService<Database>().DataKeys.LoadAsync(ct))];

    public override void AddCrons(IQuartzBuilder quartz) => quartz.ScheduleJob<Job>(trigger => trigger.WithIdentity("re-encryption").WithCronSchedule(Job.Cron));

    public override void MapTables(ModelBuilder model)
    {
        model.Entity<DataKeyRow>().ToTable("data_keys").HasKey(r => r.Id);
        model.Entity<DataKeyRow>().Property(r => r.Id).ValueGeneratedNever();
        model.Entity<EncryptedColumnRow>().ToTable("encrypted_columns").HasKey(r => r.Name);
    }

    [DisallowConcurrentExecution]
    internal sealed class Job(Database database, TimeProvider time, ILogger<Job> log) : IJob
    {
        /// <summary>At second 30 of every minute; nothing to do is one query.</summary>
        public const string Cron = "30 * * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                var (keys, now) = (database.DataKeys, time.GetUtcNow());
                await keys.LoadAsync(cancellationToken);
                if (now - keys.Since > DataKeys.Life) await keys.RotateAsync(now, cancellationToken);
                if (await new Reencryption(database).RunAsync(cancellationToken) is > 0 and var rows) HubLog.Reencrypted(log, rows, database.DataKeys.Newest);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                HubLog.ReencryptionFailed(log, e);
            }
        }
    }
}
