using System.Globalization;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Data.Sqlite;

namespace DispatchCenter.Bench.Durable;

/// <summary>
/// b1: durable whistles a second through the desk, beside the same rows by EF with one transaction a call, and beside a raw loop with
/// the desk's batch. Every run begins on a copy of one file; the arms take turns, and a ratio is of runs of one round.
/// </summary>
internal static class DurableBench
{
    private const double GoalOverEf = 5;
    private const double GoalOverRaw = 0.5;
    private const int SampleRows = 2_000;

    public static async Task<int> RunAsync(TimeSpan measured, int callers, int pairs)
    {
        var root = Directory.CreateTempSubdirectory("dispatch-bench-").FullName;
        try
        {
            return await RunAsync(root, measured, callers, pairs);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string root, TimeSpan measured, int callers, int pairs)
    {
        var template = Path.Combine(root, "template.db");
        var rows = await PrepareAsync(Path.Combine(root, "sample"), template, callers);
        var arms = new Arms(root, template, rows, callers);
        Console.WriteLine($"machine: {Report.Machine(root)}");
        await arms.RoundAsync(TimeSpan.FromSeconds(1), reversed: false);
        var rounds = new List<(Run Desk, Run Ef, Run Raw)>();
        for (var i = 0; i < pairs; i++)
        {
            var (desk, ef, raw) = await arms.RoundAsync(measured, reversed: i % 2 == 1);
            rounds.Add((desk, ef, raw));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1}: desk {desk.Rate:0}/s (batch {desk.Batch:0}, {desk.CpuMicroseconds:0} µs cpu), EF {ef.Rate:0}/s ({arms.Peer}, {ef.CpuMicroseconds:0} µs cpu), raw {raw.Rate:0}/s ({raw.CpuMicroseconds:0} µs cpu); {desk.Rate / ef.Rate:0.00}× EF, {desk.Rate / raw.Rate:0.00}× raw; load {Report.Load()}"));
        }

        return Print(rounds, measured, callers);
    }

    private static int Print(List<(Run Desk, Run Ef, Run Raw)> rounds, TimeSpan measured, int callers)
    {
        double[] overEf = [.. rounds.Select(r => r.Desk.Rate / r.Ef.Rate)], overRaw = [.. rounds.Select(r => r.Desk.Rate / r.Raw.Rate)];
        double[] cpuOverEf = [.. rounds.Select(r => r.Ef.CpuMicroseconds / r.Desk.CpuMicroseconds)], cpuOverRaw = [.. rounds.Select(r => r.Raw.CpuMicroseconds / r.Desk.CpuMicroseconds)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"processor time for a whistle: desk {Report.Median(rounds.Select(r => r.Desk.CpuMicroseconds)):0} µs, EF {Report.Median(rounds.Select(r => r.Ef.CpuMicroseconds)):0} µs, raw {Report.Median(rounds.Select(r => r.Raw.CpuMicroseconds)):0} µs; {Report.Spread(cpuOverEf, "×", "0.0")} · {Report.Spread(cpuOverRaw, "×")}"));
        return Report.Finish(
            new Row(
                "b1",
                $"durable whistles/s, {callers} callers: over EF, one transaction a call · over a raw loop with the same batch",
                $"≥{GoalOverEf:0}× · ≥{GoalOverRaw}×",
                $"{Report.Number(Report.Median(rounds.Select(r => r.Desk.Rate)), "0")}/s; {Report.Number(Report.Median(overEf), "0.0")}× · {Report.Number(Report.Median(overRaw))}×; processor time {Report.Number(Report.Median(rounds.Select(r => r.Desk.CpuMicroseconds)), "0")} µs a whistle: {Report.Number(Report.Median(cpuOverEf), "0.0")}× · {Report.Number(Report.Median(cpuOverRaw))}×",
                $"{Report.Range(overEf, "×", "0.0")} · {Report.Range(overRaw, "×")}; {Report.Range(cpuOverEf, "×", "0.0")} · {Report.Range(cpuOverRaw, "×")}",
                $"`tests/Bench b1`, {rounds.Count} rounds of {measured.TotalSeconds:0} s each, in turns"),
            Report.Median(overEf) >= GoalOverEf && Report.Median(overRaw) >= GoalOverRaw);
    }

    /// <summary>Seeds a street, keeps it as the file that every run begins with, and lets the desk write the rows that the peers write again.</summary>
    private static async Task<List<WhistleRows>> PrepareAsync(string folder, string template, int callers)
    {
        Directory.CreateDirectory(folder);
        await (await DeskArm.OpenAsync(folder)).DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "dispatch.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"VACUUM INTO '{template}'";
            command.ExecuteNonQuery();
        }

        await using var desk = await DeskArm.OpenAsync(folder);
        await desk.RunAsync(new Stretch(TimeSpan.FromSeconds(2)), callers);
        return await WhistleRows.ReadAsync(desk.Database, SampleRows);
    }

    /// <summary>Every run on its own copy of the file.</summary>
    private sealed class Arms(string root, string template, IReadOnlyList<WhistleRows> rows, int callers)
    {
        /// <summary>Which way the EF peer was faster in the last round.</summary>
        public string Peer { get; private set; } = string.Empty;

        public async Task<(Run Desk, Run Ef, Run Raw)> RoundAsync(TimeSpan measured, bool reversed)
        {
            if (!reversed)
            {
                var desk = await DeskAsync(measured);
                var ef = await EfAsync(measured);
                return (desk, ef, await RawAsync(measured, (int)Math.Round(desk.Batch)));
            }
            else
            {
                var ef = await EfAsync(measured);
                var desk = await DeskAsync(measured);
                return (desk, ef, await RawAsync(measured, (int)Math.Round(desk.Batch)));
            }
        }

        private Task<Run> DeskAsync(TimeSpan measured) => OnCopyAsync(async folder =>
        {
            await using var desk = await DeskArm.OpenAsync(folder);
            return await desk.RunAsync(new Stretch(measured), callers);
        });

        /// <summary>Both ways of the peer; the faster one counts.</summary>
        private async Task<Run> EfAsync(TimeSpan measured)
        {
            var gated = await EfAsync(measured, gated: true);
            var free = await EfAsync(measured, gated: false);
            Peer = gated.Rate >= free.Rate ? "one context behind a gate" : "a context for each caller";
            return gated.Rate >= free.Rate ? gated : free;
        }

        private Task<Run> EfAsync(TimeSpan measured, bool gated) => OnCopyAsync(async folder =>
        {
            using var database = SqliteDatabase.Take(Path.Combine(folder, "dispatch.db"), Modules.All);
            return await new EfArm(database, rows, gated).RunAsync(new Stretch(measured), callers);
        });

        private Task<Run> RawAsync(TimeSpan measured, int batch) => OnCopyAsync(async folder =>
        {
            using var database = SqliteDatabase.Take(Path.Combine(folder, "dispatch.db"), Modules.All);
            return await new RawArm(database, rows, batch).RunAsync(new Stretch(measured));
        });

        private async Task<Run> OnCopyAsync(Func<string, Task<Run>> run)
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "run")).FullName;
            File.Copy(template, Path.Combine(folder, "dispatch.db"));
            GC.Collect();
            try
            {
                return await run(folder);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
