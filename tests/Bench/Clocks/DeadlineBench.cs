using DispatchCenter.Bench.Durable;
using DispatchCenter.Bench.Sides;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Bench.Clocks;

/// <summary>
/// d1: arming and cancelling a deadline. Ours is a column of the case's row, written in the desk's batches: once alone, as if nothing else
/// of the case changed, and once as what it adds to changes that write the row anyway. The peer is a trigger of its own in Quartz's
/// persistent store, on the same kind of file and as durable.
/// </summary>
internal static class DeadlineBench
{
    private const double Goal = 50;

    /// <summary>Cases whose clocks are armed in turns.</summary>
    private const int Cases = 2_000;

    /// <summary>Deadlines in a transaction: the desk's average batch with 64 callers.</summary>
    private const int Batch = 32;

    public static async Task<int> RunAsync(TimeSpan measured, int callers, int pairs)
    {
        using var material = await Material.PrepareAsync(Cases);
        Report.Say($"machine: {Report.Machine(Path.GetTempPath())}");
        var (added, whole) = (new List<double>(), new List<double>());
        var rounds = await Pairs.RunAsync(
            pairs,
            () => ColumnAsync(material, measured),
            () => TriggerAsync(material, measured, callers),
            (i, column, trigger) => Report.Say($"{i}: column {column.Rate:0}/s ({column.CpuMicroseconds:0.0} µs cpu), trigger {trigger.Rate:0}/s ({trigger.CpuMicroseconds:0} µs cpu); {column.Rate / trigger.Rate:0}×"));
        for (var i = 0; i < pairs; i++)
        {
            added.Add(AddedDeadline.Measure(material, measured, Batch));
            whole.Add((await CaseAsync(material, measured, callers)).Rate);
        }

        Report.Say($"added to a change: {Report.Spread(added, " µs", "0.0")}; whole cases, opened and withdrawn through the desk with their clocks: {Report.Spread(whole, "/s", "0")}");

        double[] ratios = [.. rounds.Select(r => r.Ours.Rate / r.Peer.Rate)], cpu = [.. rounds.Select(r => r.Peer.CpuMicroseconds / r.Ours.CpuMicroseconds)];
        var (peer, alone) = (Report.Median(rounds.Select(r => r.Peer.Rate)), Report.Median(ratios));
        return Report.Finish(
            new Row(
                "d1",
                "arm + cancel a deadline vs a persistent Quartz trigger each: alone · added to a change of its case",
                $"≥{Goal:0}×",
                FormattableString.Invariant($"{(alone < Goal ? "**missed:** " : string.Empty)}alone {alone:0}× ({Report.Median(rounds.Select(r => r.Ours.Rate)):0}/s over {peer:0}/s; processor time {Report.Median(cpu):0}×) · added to a change {Added(Report.Median(added), peer)}; a whole case opened and withdrawn through the desk {Report.Median(whole) / peer:0.0}×"),
                $"{Report.Range(ratios, "×", "0")}; {Report.Range(cpu, "×", "0")} · {Report.Range(added, " µs", "0.0")}",
                FormattableString.Invariant($"`tests/Bench d1`, {pairs} pairs of {measured.TotalSeconds:0} s in turns, and {pairs} times {measured.TotalSeconds:0} s for what is added")),
            alone >= Goal);
    }

    /// <summary>A difference that the noise hides is no ratio.</summary>
    private static string Added(double microseconds, double peer) => microseconds <= 0
        ? FormattableString.Invariant($"less than the noise ({microseconds:0.0} against {1e6 / peer:0} µs)")
        : FormattableString.Invariant($"{1e6 / peer / microseconds:0}× ({microseconds:0.0} against {1e6 / peer:0} µs)");

    /// <summary>The clock of a case of which nothing else changes: its row, in a batch; armed in one transaction, cancelled in the next.</summary>
    private static Task<Run> ColumnAsync(Material material, TimeSpan measured)
    {
        var stretch = new Stretch(measured);
        return stretch.MeasureAsync(() => { }, () => Batch, Task.Run(() =>
        {
            using var database = SqliteDatabase.Take(material.Copy(), Modules.All);
            using var connection = database.Open();
            using var ask = connection.CreateCommand();
            ask.CommandText = "SELECT no FROM calls";
            var numbers = new List<string>();
            using (var reader = ask.ExecuteReader())
                while (reader.Read()) numbers.Add(reader.GetString(0));
            using var write = connection.CreateCommand();
            write.CommandText = "UPDATE calls SET next_due = @due WHERE no = @no";
            var (due, no) = (write.CreateParameter(), write.CreateParameter());
            (due.ParameterName, no.ParameterName) = ("@due", "@no");
            write.Parameters.Add(due);
            write.Parameters.Add(no);
            for (var at = 0; !stretch.IsOver; at += Batch)
            {
                foreach (var arm in (bool[])[true, false])
                {
                    using var transaction = database.BeginWrite(connection);
                    write.Transaction = transaction;
                    for (var i = 0; i < Batch; i++)
                    {
                        due.Value = arm ? DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - at - i : DBNull.Value;
                        no.Value = numbers[(at + i) % numbers.Count];
                        write.ExecuteNonQuery();
                    }

                    transaction.Commit();
                }

                for (var i = 0; i < Batch; i++) stretch.Count();
            }
        }));
    }

    /// <summary>A durable job that has a trigger for every deadline, in a store of its own.</summary>
    private static async Task<Run> TriggerAsync(Material material, TimeSpan measured, int callers)
    {
        var file = Path.Combine(material.NewFolder(), "quartz.db");
        var connection = $"Data Source={file};Default Timeout=60";
        await using (var first = new SqliteConnection(connection))
        {
            await first.OpenAsync();
            await using var wal = first.CreateCommand();
            wal.CommandText = "PRAGMA journal_mode = WAL"; // synchronous is FULL by default, as the street's
            await wal.ExecuteNonQueryAsync();
        }

        await using var services = new ServiceCollection().AddLogging().AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.UseSqlite(SqliteFactory.Instance, connection);
            store.ProvisionSchema();
        })).BuildServiceProvider();
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        var job = JobBuilder.Create<Nothing>().WithIdentity("lapse").StoreDurably().Build();
        await scheduler.AddJob(job);
        var (stretch, number) = (new Stretch(measured), 0L);
        var run = await stretch.MeasureAsync(() => { }, () => 1, [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stretch.IsOver)
            {
                var key = new TriggerKey($"{Interlocked.Increment(ref number)}");
                await scheduler.ScheduleJob(TriggerBuilder.Create().WithIdentity(key).ForJob(job).StartAt(DateTimeOffset.UnixEpoch.AddYears(100)).Build());
                await scheduler.UnscheduleJob(key);
                stretch.Count();
            }
        }))]);
        await scheduler.Shutdown();
        return run;
    }

    /// <summary>For comparison: everything that a case is, not its clocks alone.</summary>
    private static async Task<Run> CaseAsync(Material material, TimeSpan measured, int callers)
    {
        await using var desk = await DeskArm.OpenAsync(material.NewFolder());
        return await desk.BlowAndWithdrawAsync(new Stretch(measured), callers);
    }

    private sealed class Nothing : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
