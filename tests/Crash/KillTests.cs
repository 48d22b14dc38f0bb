using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;
using Path = System.IO.Path;

namespace DispatchCenter.Crash;

/// <summary>
/// kill -9 in the middle of a storm, again and again, on one file. <c>DISPATCH_KILLS</c> says how often (20), <c>DISPATCH_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int MostBeforeKill = 400;
    private const int Repeats = 8;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_every_clock_acts_once_over_kills()
    {
        var kills = Number("DISPATCH_KILLS", 20);
        var seed = Number("DISPATCH_SEED", Environment.TickCount & 0xFFFF);
        output.WriteLine($"{kills} kills, DISPATCH_SEED={seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var town = await Town.PlantAsync(folder.Path, cases: 1_500, ahead: TimeSpan.FromSeconds(90), random);
        var ledger = new Ledger();
        JournalBook? book = null;
        for (var kill = 0; kill < kills; kill++)
        {
            await using var host = await WebHost.StartAsync(folder.Path);
            if (book is null)
            {
                await town.SignInAsync(host);
                book = new JournalBook(town.Auditor);
            }
            else
            {
                await CheckAsync(host, book, ledger);
            }

            await KillInAStormAsync(host, new Storm(host, town.Workers, ledger, $"k{kill:D4}"), ledger, random);
            output.WriteLine($"kill {kill + 1}: {ledger.Count} acknowledged, {ledger.Open.Count} left hanging, {book.Count} entries read before");
        }

        await using (var last = await WebHost.StartAsync(folder.Path))
        {
            await CheckAsync(last, book!, ledger);
            var by = TimeProvider.System.GetUtcNow();
            await book!.CatchUpAsync(last, by);
            book.AssertHolds(ledger.All);
            book.AssertNothingElse(town.Planted, ledger.All);
            book.AssertClocks(by);
            await book.AssertUnchangedAsync(last);
        }

        AssertSound(Path.Combine(folder.Path, "dispatch.db"));
        output.WriteLine($"{AssertFolds(Path.Combine(folder.Path, "dispatch.db"))} matters are the fold of their lines");
        output.WriteLine($"{ledger.Count} acknowledged, 0 lost; {book.Count} entries, {book.ClockActs} acts of clocks");
    }

    /// <summary>What was acknowledged before the kill is there; what was not is asked again; what was is asked again too, to no effect.</summary>
    private static async Task CheckAsync(WebHost host, JournalBook book, Ledger ledger)
    {
        await book.ReadOnAsync(host);
        book.AssertHolds(ledger.All);
        await Storm.RepeatAsync(host, ledger.All.TakeLast(Repeats));
        await Storm.SettleAsync(host, ledger);
        Assert.Empty(ledger.Open);
        Assert.Empty(host.Errors);
    }

    private static async Task KillInAStormAsync(WebHost host, Storm storm, Ledger ledger, Random random)
    {
        var enough = ledger.MoreAsync(random.Next(1, MostBeforeKill));
        var running = storm.RunAsync(random.Next());
        await enough;
        // Acknowledgements come at the end of a batch: some part of a millisecond later is anywhere in the next one.
        var spun = Stopwatch.GetTimestamp();
        var spin = random.NextDouble() * 5;
        while (Stopwatch.GetElapsedTime(spun).TotalMilliseconds < spin) Thread.SpinWait(20);
        host.Kill();
        await running;
        Assert.Empty(host.Errors);
    }

    private static void AssertSound(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
    }

    /// <summary>Every matter's row is what the facts of its lines fold into; returns how many there are.</summary>
    private static int AssertFolds(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        var folded = new Dictionary<string, Proceeding>();
        using (var lines = connection.CreateCommand())
        {
            lines.CommandText = "SELECT call_no, detail FROM journal WHERE kind = 'procedure' ORDER BY seq";
            using var reader = lines.ExecuteReader();
            while (reader.Read()) folded[reader.GetString(0)] = folded.GetValueOrDefault(reader.GetString(0)).After(ProceedingJson.Facts(Details.Read(reader.GetString(1))));
        }

        using var rows = connection.CreateCommand();
        rows.CommandText = "SELECT no, body, version FROM matters";
        using var row = rows.ExecuteReader();
        var count = 0;
        for (; row.Read(); count++)
        {
            var matter = folded[row.GetString(0)];
            Assert.Equal(row.GetInt32(2), matter.Version);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(row.GetString(1)), JsonNode.Parse(ProceedingJson.Write(matter))), $"{matter.No} is not the fold of its lines.");
        }

        Assert.Equal(folded.Count, count);
        return count;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
