using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DispatchCenter.Crash;

/// <summary>A backup in the middle of a storm holds everything acknowledged before it, and neither it nor a restore leaves half of anything behind.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    private const int Some = 300;
    private const int Kills = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_backup_under_a_storm_loses_nothing_and_what_is_killed_can_be_run_again()
    {
        var random = new Random(11);
        using var folder = new TempFolder();
        using var place = new TempFolder();
        var backup = Path.Combine(place.Path, "night.backup");
        var town = await Town.PlantAsync(folder.Path, cases: 200, ahead: TimeSpan.FromSeconds(10), random);
        var ledger = new Ledger();
        List<Acknowledged> before;
        await using (var host = await WebHost.StartAsync(folder.Path))
        {
            await town.SignInAsync(host);
            var storm = new Storm(host, town.Workers, ledger, "backup");
            var running = storm.RunAsync(1);
            await ledger.MoreAsync(Some);
            for (var kill = 0; kill < Kills; kill++)
            {
                await KillAsync(() => WebHost.Command(folder.Path, "backup", backup), backup, random);
                WholeOrNotThere(backup);
            }

            before = [.. ledger.All];
            await DoneAsync(WebHost.Command(folder.Path, "backup", backup));
            await ledger.MoreAsync(Some); // acknowledged after it, and lost with the disk
            storm.Stop();
            await running;
            Assert.Empty(host.Errors);
        }

        using var anew = new TempFolder();
        var database = Path.Combine(anew.Path, "dispatch.db");
        Directory.CreateDirectory(Path.Combine(anew.Path, "keys"));
        foreach (var key in Directory.GetFiles(Path.Combine(folder.Path, "keys"))) File.Copy(key, Path.Combine(anew.Path, "keys", Path.GetFileName(key)));
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync(() => WebHost.Command(anew.Path, "restore", backup), database, random);
            WholeOrNotThere(database);
        }

        await DoneAsync(WebHost.Command(anew.Path, "restore", backup));
        await using var next = await WebHost.StartAsync(anew.Path);
        var book = new JournalBook(town.Auditor);
        await book.ReadOnAsync(next);
        book.AssertHolds(before);
        await DoneAsync(WebHost.Command(anew.Path, "audit", "verify"));
        output.WriteLine($"{before.Count} acknowledged before the backup, 0 lost; {ledger.Count - before.Count} after it; {2 * Kills} killed");
    }

    /// <summary>Kills a command as soon as it writes, or a little later.</summary>
    private static async Task KillAsync(Func<Process> start, string file, Random random)
    {
        using var process = start();
        var began = Stopwatch.GetTimestamp();
        while (!File.Exists(file + ".part"))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience) throw new InvalidOperationException($"Nothing was written: {await process.StandardError.ReadToEndAsync()}");
            Thread.SpinWait(50);
        }

        var (spun, spin) = (Stopwatch.GetTimestamp(), random.NextDouble() * 2);
        while (Stopwatch.GetElapsedTime(spun).TotalMilliseconds < spin) Thread.SpinWait(20);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>And not there after that, so that the command can be run again.</summary>
    private static void WholeOrNotThere(string file)
    {
        if (!File.Exists(file)) return;
        using (var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", command.ExecuteScalar());
        }

        File.Delete(file);
    }

    private static async Task DoneAsync(Process process)
    {
        using (process)
        {
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, said);
        }
    }
}
