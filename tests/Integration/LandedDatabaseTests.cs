using System.Data.Common;
using System.IO.Compression;
using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// A street as the program of November 2026 left it when it was killed, after two minutes in which the simulator lived every exception of it under limits of minutes: once on
/// SQLite, once on PostgreSQL. Everything is there, every entry reads, and the street goes on.
/// </summary>
public sealed class LandedDatabaseTests
{
    private static readonly Left OnSqlite = new(Cases: 136, Open: 21, Entries: 893, Then: new(2026, 11, 28, 23, 37, 55, TimeSpan.Zero));

    private static readonly Left OnPostgreSql = new(Cases: 149, Open: 29, Entries: 954, Then: new(2026, 11, 29, 1, 55, 40, TimeSpan.Zero));

    /// <param name="Then">Some seconds after its last entry.</param>
    private sealed record Left(int Cases, int Open, int Entries, DateTimeOffset Then);

    private sealed record Row(string No, string State, int Version, string Tracking, string? Recused);

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_street_of_that_program_is_opened_and_goes_on()
    {
        var folder = TestStreet.NewFolder();
        await using (var packed = Packed("street-2026-11.db.gz"))
        await using (var file = File.Create(Path.Combine(folder, "dispatch.db"))) await packed.CopyToAsync(file);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "dispatch.db")};Pooling=false");
        var before = await BeforeAsync(connection);
        await using var street = await TestStreet.StartInAsync(folder, OnSqlite.Then, "--Dispatch:Demo=true");
        await EverythingIsThereAsync(street, OnSqlite, before.Cases, before.Whats);
        await ItGoesOnAsync(street, OnSqlite, before.Cases);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task A_street_of_that_program_on_the_shared_database_is_opened_and_goes_on()
    {
        var folder = TestStreet.NewFolder();
        var setting = await RestoreAsync(folder);
        await using var connection = new NpgsqlConnection($"{setting.Split('=', 2)[1]};Pooling=false");
        var before = await BeforeAsync(connection);
        await using var street = await TestStreet.StartInAsync(folder, OnPostgreSql.Then, "--Dispatch:Demo=true", setting);
        await EverythingIsThereAsync(street, OnPostgreSql, before.Cases, before.Whats);
        await ItGoesOnAsync(street, OnPostgreSql, before.Cases);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task The_jobs_that_program_has_left_in_the_shared_store_go_on()
    {
        var folder = TestStreet.NewFolder();
        await using var street = await TestStreet.StartInAsync(folder, OnPostgreSql.Then, ticking: true, "--Dispatch:Demo=true", await RestoreAsync(folder));
        var then = street.Now.UtcTicks;
        await Eventually.Holds(async () =>
        {
            street.FastForward(TimeSpan.FromMinutes(10));
            return await street.Ask($"SELECT COUNT(*) FROM qrtz_triggers WHERE prev_fire_time > {then} AND NOT EXISTS (SELECT 1 FROM qrtz_fired_triggers WHERE state = 'EXECUTING')") is 8L;
        });
        Assert.Equal("auditor, drills, forget keys, gaps, patterns, re-encryption, rhythms, safety", await street.Ask("SELECT STRING_AGG(trigger_name, ', ' ORDER BY trigger_name) FROM qrtz_triggers WHERE trigger_state IN ('WAITING', 'ACQUIRED', 'BLOCKED')"));
        Assert.Equal(0L, await street.Ask("SELECT COUNT(*) FROM qrtz_triggers WHERE trigger_state = 'ERROR'"));
        Assert.Equal(8L, await street.Ask("SELECT COUNT(*) FROM qrtz_job_details"));
        Assert.DoesNotContain(street.Log.Lines, l => l.Contains("Quartz", StringComparison.Ordinal) && l.StartsWith("Error", StringComparison.Ordinal));
    }

    private static async Task EverythingIsThereAsync(TestStreet street, Left left, List<Row> cases, List<string> said)
    {
        Assert.Equal((left.Cases, left.Entries), (cases.Count, said.Count));

        // Every entry reads, in order and without a hole, with the card of its moment.
        var journal = new List<JournalLine>();
        while ((await (await street.As("auditor")).Read($"/api/journal?after={journal.Count}&limit=500")).Value<JournalPage>().Entries is { Count: > 0 } page) journal.AddRange(page);
        Assert.Equal(Enumerable.Range(1, left.Entries).Select(i => (long)i), journal.Select(e => e.Seq));
        Assert.Equal(said, journal.Select(e => $"{e.What} {string.Join(' ', e.Detail)}"));
        Assert.DoesNotContain(journal.SelectMany(e => e.Detail), text => Details.One(text) is Detail.Unknown);
        Assert.All(journal, e => Assert.Equal(e.CallNo, e.Card!.CallNo));

        // Every case is there, for the desk, for its caller, and on the board.
        foreach (var row in cases)
        {
            var seen = (await (await street.As("duty")).Read($"/api/calls/{row.No}")).Value<CallDetail>();
            Assert.Equal((row.State, row.Version), (seen.Call.State, seen.Call.Version));
            var tracked = (await street.Anyone.Read($"/api/track/{row.Tracking}")).Value<TrackedCall>();
            if (row.State != CallStates.Merged) Assert.Equal(row.State, tracked.State); // whose case goes on in another sees that one
        }

        Assert.Equal(left.Open, (await (await street.As("leader")).Read("/api/board")).Value<Board>().Total);
        Assert.Equal(left.Cases, (await (await street.As("leader")).Read("/api/history?from=2026-11-29&to=2026-11-29")).Value<HistoryView>().Total);
        Assert.Equal(HttpStatusCode.OK, (await (await street.As("leader")).Read("/api/rates?from=2026-11-29&to=2026-11-29")).Status);
    }

    private static async Task ItGoesOnAsync(TestStreet street, Left left, List<Row> cases)
    {
        // Its clocks act, each once: whatever was owed within the hour has lapsed by then.
        while (await street.Sweep() > 0)
        {
        }

        for (var minute = 0; minute < 60; minute++)
            while (await street.SweepAfter(TimeSpan.FromSeconds(60)) > 0)
            {
            }

        var after = await (await street.As("auditor")).Read($"/api/journal?after={left.Entries}&limit=500");
        var lapsed = after.Value<JournalPage>().Entries.Where(e => e.What == "lapsed").Select(e => (e.CallNo, e.Answer, e.Due)).ToList();
        Assert.NotEmpty(lapsed);
        Assert.Equal(lapsed.Count, lapsed.Distinct().Count());

        Assert.Empty(HonestStreet.Verify(street, t => t with { EverySignature = true }).Faults);

        // And people go on: what rings is taken and brought to its end, the next whistle has the next number of the day.
        var next = await street.Blow();
        Assert.Equal($"W261129-{left.Cases + 1:D5}", next.CallNo);
        foreach (var row in cases.Where(c => c.State == CallStates.Ringing && c.Recused is null))
        {
            var worker = (await street.Card(row.No)).Teams is [var team, ..] ? team : null;
            if (worker is null) continue;
            var grid = (await street.Card(row.No)).Grid;
            Assert.Equal(CallStates.Accepted, (await street.Do($"grid{grid}", row.No, "accept")).State);
            await street.Do($"grid{grid}", row.No, "arrive");
            Assert.Equal(CallStates.Resolved, (await street.Do($"grid{grid}", row.No, "resolve", new { report = "已办好" })).State);
        }
    }

    private static GZipStream Packed(string name) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", name)), CompressionMode.Decompress);

    /// <summary>Puts what was dumped into a database of the folder's own; the setting names it.</summary>
    private static async Task<string> RestoreAsync(string folder)
    {
        using var dump = new StreamReader(Packed("street-2026-11.pg.sql.gz"));
        var setting = await TestStreet.DatabaseOfAsync(folder, "template0");
        await using var connection = new NpgsqlConnection($"{setting.Split('=', 2)[1]};Pooling=false");
        await connection.OpenAsync();
        await using var restore = new NpgsqlCommand(await dump.ReadToEndAsync(), connection);
        await restore.ExecuteNonQueryAsync();
        return setting;
    }

    private static async Task<(List<Row> Cases, List<string> Whats)> BeforeAsync(DbConnection connection)
    {
        await connection.OpenAsync();
        var (cases, said) = (new List<Row>(), new List<string>());
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT no, state, version, tracking, recused FROM calls ORDER BY no";
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) cases.Add(new Row(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        command.CommandText = "SELECT what || ' ' || detail FROM journal ORDER BY seq";
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) said.Add(reader.GetString(0));
        await connection.CloseAsync();
        return (cases, said);
    }
}
