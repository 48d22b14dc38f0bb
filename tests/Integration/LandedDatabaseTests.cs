using System.IO.Compression;
using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// A street as the program of November 2026 left it, after two minutes in which the simulator lived every exception of it under limits of minutes: 136 cases,
/// 893 entries, 21 cases open. Everything is there, every entry reads, and the street goes on.
/// </summary>
public sealed class LandedDatabaseTests
{
    private const int Cases = 136, Open = 21, Entries = 893;

    /// <summary>Some seconds after its last entry.</summary>
    private static readonly DateTimeOffset Then = new(2026, 11, 28, 23, 37, 55, TimeSpan.Zero);

    private sealed record Row(string No, string State, int Version, string Tracking, string? Recused);

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_street_of_that_program_is_opened_and_goes_on()
    {
        var folder = TestStreet.NewFolder();
        await UnpackAsync(folder);
        var (cases, whats) = await BeforeAsync(folder);
        Assert.Equal((Cases, Entries), (cases.Count, whats.Count));
        await using var street = await TestStreet.StartInAsync(folder, Then, "--Dispatch:Demo=true");

        // Every entry reads, in order and without a hole, with the card of its moment.
        var journal = new List<JournalLine>();
        while ((await (await street.As("auditor")).Read($"/api/journal?after={journal.Count}&limit=500")).Value<JournalPage>().Entries is { Count: > 0 } page) journal.AddRange(page);
        Assert.Equal(Enumerable.Range(1, Entries).Select(i => (long)i), journal.Select(e => e.Seq));
        Assert.Equal(whats, journal.Select(e => e.What));
        Assert.All(journal, e => Assert.Equal(e.CallNo, e.Card.CallNo));

        // Every case is there, for the desk, for its caller, and on the board.
        foreach (var row in cases)
        {
            var seen = (await (await street.As("duty")).Read($"/api/calls/{row.No}")).Value<CallDetail>();
            Assert.Equal((row.State, row.Version), (seen.Call.State, seen.Call.Version));
            var tracked = (await street.Anyone.Read($"/api/track/{row.Tracking}")).Value<TrackedCall>();
            if (row.State != CallStates.Merged) Assert.Equal(row.State, tracked.State); // whose case goes on in another sees that one
        }

        Assert.Equal(Open, (await (await street.As("leader")).Read("/api/board")).Value<Board>().Total);
        Assert.Equal(Cases, (await (await street.As("leader")).Read("/api/history?from=2026-11-29&to=2026-11-29")).Value<HistoryView>().Total);
        Assert.Equal(HttpStatusCode.OK, (await (await street.As("leader")).Read("/api/rates?from=2026-11-29&to=2026-11-29")).Status);

        // Its clocks act, each once: whatever was owed within the hour has lapsed by then.
        while (await street.Sweep() > 0)
        {
        }

        for (var minute = 0; minute < 60; minute++)
            while (await street.SweepAfter(TimeSpan.FromSeconds(60)) > 0)
            {
            }

        var after = await (await street.As("auditor")).Read($"/api/journal?after={Entries}&limit=500");
        var lapsed = after.Value<JournalPage>().Entries.Where(e => e.What == "lapsed").Select(e => (e.CallNo, e.Answer, e.Due)).ToList();
        Assert.NotEmpty(lapsed);
        Assert.Equal(lapsed.Count, lapsed.Distinct().Count());

        // And people go on: what rings is taken and brought to its end, the next whistle has the next number of the day.
        var next = await street.Blow();
        Assert.Equal($"W261129-{Cases + 1:D5}", next.CallNo);
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

    private static async Task UnpackAsync(string folder)
    {
        await using var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "street-2026-11.db.gz"));
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        await using var file = File.Create(Path.Combine(folder, "dispatch.db"));
        await unpacked.CopyToAsync(file);
    }

    private static async Task<(List<Row> Cases, List<string> Whats)> BeforeAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "dispatch.db")};Pooling=false");
        await connection.OpenAsync();
        var (cases, whats) = (new List<Row>(), new List<string>());
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT no, state, version, tracking, recused FROM calls ORDER BY no";
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) cases.Add(new Row(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        command.CommandText = "SELECT what FROM journal ORDER BY seq";
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) whats.Add(reader.GetString(0));
        return (cases, whats);
    }
}
