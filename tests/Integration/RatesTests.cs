using System.Net.Http.Headers;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The three rates from the real journal, over HTTP. Grid 001 is of team 01 in community 01, grid 044 of team 13 in community 07.</summary>
public sealed class RatesTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task A_morning_of_the_street_is_counted_as_it_was()
    {
        await Evaluated("001", "grid001", "grid002", solved: true, "satisfied");
        await Evaluated("001", "grid001", "grid002", solved: true, "mostlySatisfied");
        await Evaluated("044", "grid044", "grid045", solved: false, "dissatisfied");
        var late = await _street.Blow("001", "02");
        var gone = await _street.Blow("001", "02");
        (await _street.Anyone.Send($"/api/track/{gone.TrackingCode}/withdraw")).Value<TrackedCall>();
        await _street.SweepAfter(TimeSpan.FromMinutes(20));
        await _street.Do("grid001", late.CallNo, "accept");
        await _street.SweepAfter(TimeSpan.FromMinutes(41));

        var street = Assert.Single((await Ask("leader", "")).Groups);
        Assert.Equal(("street", 4, 1), (street.Code, street.Cases, street.Breached)); // the one withdrawn is no case
        Assert.Equal((0.75, 4), (street.Response.Value, street.Response.Of));
        Assert.Equal((2 / 3.0, 3), (street.Solved.Value, street.Solved.Of));
        Assert.Equal((0.6, 3), (Math.Round(street.Satisfied.Value!.Value, 10), street.Satisfied.Of));
        Assert.Equal(100 * ((0.30 * 0.75) + (0.35 * 2 / 3) + (0.35 * 0.6)), street.Score.Value!.Value, 8);
        Assert.True(street.Response.Low < 0.75 && street.Response.High > 0.75);
        Assert.Equal((1.0, 3), (street.FirstTeam.Value, street.FirstTeam.Of));
        Assert.Equal((1 / 3.0, 3), (street.Redone.Value, street.Redone.Of));
        Assert.Equal((0L, 0L, 0L, 20L * 60), (street.Time.Push, street.Time.Department, street.Time.Pause, street.Time.Reach));
        Assert.Null(street.Rank);

        Assert.Equal([("01", 2), ("13", 1), ("community:01", 1)], (await Ask("duty", "?by=team")).Groups.Select(g => (g.Code, g.Cases))); // who finally had it
        Assert.Equal([("01", 3), ("07", 1)], (await Ask("auditor", "?by=community")).Groups.Select(g => (g.Code, g.Cases)));
        Assert.Equal(("02", "排水堵塞", "Blocked drain"), (await Ask("duty", "?by=category")).Groups.Select(g => (g.Code, g.Name, g.NameEn)).Single());
    }

    [Fact]
    public async Task Exceptions_count_as_the_street_has_defined_them()
    {
        // Held up by a department from the first hour on until after the limit of 24 hours.
        var held = (await _street.Blow("001", "02")).CallNo;
        await _street.Do("grid001", held, "accept");
        await _street.Do("grid001", held, "arrive");
        await _street.SweepAfter(TimeSpan.FromHours(1));
        var key = (await _street.Do("grid001", held, "summon", new { party = "water" })).Answers[^1].Key;
        await _street.SweepAfter(TimeSpan.FromHours(24));
        await _street.Do("duty", held, "attend", new { answer = key });
        await _street.Do("grid001", held, "resolve", new { report = "好" });

        // One that went on in another, and one taken out again.
        var (into, merged, back) = ((await _street.Blow("002", "02")).CallNo, (await _street.Blow("002", "02")).CallNo, (await _street.Blow("002", "02")).CallNo);
        await _street.Do("duty", merged, "merge", new { into });
        await _street.Do("duty", back, "merge", new { into });
        _street.FastForward(TimeSpan.FromMinutes(10));
        await _street.Do("duty", back, "unmerge", new { });

        var (street, teams) = ((await Ask("leader", "")).Groups.Single(), (await Ask("leader", "?by=team")).Groups);
        Assert.Equal((3, 1), (street.Cases, street.Breached));
        Assert.Equal((0.0, 1), (street.ResolvedOnTime.Value, street.ResolvedOnTime.Of)); // the breach is on record
        var team = teams.Single(g => g.Cases == 1 && g.Time.Department > 0);
        Assert.Equal((1, 0), (team.Breached, team.ResolvedOnTime.Of)); // and is not charged to who had it
        Assert.Equal((24L * 3600, 3600L + 600), (street.Time.Department, street.Time.Human)); // an hour on the scene, ten minutes of waiting for 核查
        Assert.Equal((10L * 60, 10L * 60), (street.Time.Reach, street.Time.Pause));
    }

    [Fact]
    public async Task A_past_instant_gives_the_same_answer_for_good()
    {
        await Evaluated("001", "grid001", "grid002", solved: true, "satisfied");
        var late = await _street.Blow("001", "02");
        await _street.SweepAfter(TimeSpan.FromHours(1) + Moment);
        var asOf = _street.Now;
        var then = await Ask("leader", $"?by=team&asOf={asOf:yyyy-MM-ddTHH:mm:ss.fff}Z");
        _street.FastForward(Moment);
        await _street.Do("duty", late.CallNo, "accept");
        await _street.SweepAfter(TimeSpan.FromDays(3));
        await Evaluated("001", "grid001", "grid002", solved: true, "dissatisfied");
        Assert.Equivalent(then, await Ask("leader", $"?by=team&from={then.From:yyyy-MM-dd}&to={then.To:yyyy-MM-dd}&asOf={asOf:yyyy-MM-ddTHH:mm:ss.fff}Z"), strict: true);
        Assert.NotEqual(then.Groups.Count, (await Ask("leader", "?by=team")).Groups.Count); // the street's desk has a case since
    }

    [Fact]
    public async Task Days_begin_at_midnight_in_Shanghai_and_are_those_of_the_whistle()
    {
        _street.FastForward(TimeSpan.FromHours(15) - Moment); // Wednesday, a moment before midnight
        await _street.Blow();
        _street.FastForward(Moment);
        await _street.Blow();
        await _street.Blow();
        Assert.Equal([("2026-03-11", 1), ("2026-03-12", 2)], (await Ask("duty", "?by=day")).Groups.Select(g => (g.Code, g.Cases)));
        Assert.Equal(1, (await Ask("duty", "?from=2026-03-11&to=2026-03-11")).Groups.Single().Cases);
        Assert.Equal(2, (await Ask("duty", "?from=2026-03-12&to=2026-03-12")).Groups.Single().Cases);
        Assert.Empty((await Ask("duty", "?from=2026-03-10&to=2026-03-10")).Groups);
    }

    [Fact]
    public async Task A_community_sees_its_own_alone()
    {
        await _street.Blow("001");
        await _street.Blow("044");
        foreach (var by in (string[])["street", "community", "category", "day"])
            Assert.Equal(1, (await Ask("community07", $"?by={by}")).Groups.Single().Cases);
        Assert.Equal("07", (await Ask("community07", "?by=community")).Groups.Single().Code);
        Assert.Empty((await Ask("community02", "")).Groups);
    }

    [Fact]
    public async Task Under_twenty_cases_nobody_is_ranked_and_from_twenty_on_teams_are()
    {
        for (var n = 0; n < 19; n++) await Evaluated("001", "grid001", "grid002", solved: true, "satisfied");
        await Evaluated("044", "grid044", "grid045", solved: true, "satisfied");
        await _street.SweepAfter(TimeSpan.FromHours(2));
        Assert.All((await Ask("leader", "?by=team")).Groups, group => Assert.Null(group.Rank));
        await Evaluated("001", "grid001", "grid002", solved: true, "satisfied");
        Assert.Equal([("01", 1), ("13", null)], (await Ask("leader", "?by=team")).Groups.Select(g => (g.Code, g.Rank)));
        Assert.Equal([null], (await Ask("leader", "?by=category")).Groups.Select(g => g.Rank));
    }

    [Theory]
    [InlineData("from=2026-03-12&to=2026-03-11")]
    [InlineData("from=2025-03-11&to=2026-03-11")]
    [InlineData("from=11.3.2026")]
    [InlineData("to=yesterday")]
    [InlineData("by=person")]
    [InlineData("by=1")]
    [InlineData("asOf=2026-03-12T09:00:00%2B08:00")] // it has not come yet
    [InlineData("asOf=now")]
    public async Task What_cannot_be_asked_is_a_problem(string query) =>
        (await (await _street.As("leader")).Read($"/api/rates?{query}")).Problem(400, Codes.BadRequest);

    [Theory]
    [InlineData("asOf=2026-03-11T08:00:00")]
    [InlineData("asOf=2026-03-11T08:00:00+08:00")] // in an address, a plus sign is a space
    [InlineData("asOf=2026-03-11")]
    public async Task A_time_without_its_offset_is_asked_for_again(string query) =>
        (await (await _street.As("leader")).Read($"/api/rates?{query}")).Problem(422, Codes.TimeOffsetMissing);

    [Fact]
    public async Task A_spreadsheet_gets_a_table_with_a_mark_and_no_formula()
    {
        await Evaluated("001", "grid001", "grid002", solved: true, "satisfied");
        var leader = await _street.As("leader");
        foreach (var answer in new[]
        {
            await leader.Read("/api/rates.csv?by=team"),
            await leader.Ask(HttpMethod.Get, "/api/rates?by=team", shape: r => r.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"))),
        })
        {
            Assert.Equal("text/csv", answer.ContentHeaders.ContentType?.MediaType);
            Assert.Equal("attachment", answer.ContentHeaders.ContentDisposition?.DispositionType);
            Assert.StartsWith("起日 from,", answer.Text, StringComparison.Ordinal); // the reader has taken the mark away
            var rows = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(2, rows.Length);
            Assert.Equal(rows[0].Split(',').Length, rows[1].Split(',').Length);
            Assert.Contains(",01,", rows[1], StringComparison.Ordinal);
        }

        Assert.Equal(Encoding.UTF8.GetPreamble(), (await leader.GetByteArrayAsync("/api/rates.csv"))[..3]);
        foreach (var formula in (string[])["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1+1", "\u3000=1", "＝1+1", "＋1", "－1", "＠x", "=\u2026"]) Assert.StartsWith("'", Cell(formula).TrimStart('"'), StringComparison.Ordinal);
        Assert.Equal("\"a \"\"b\"\", c\"", Cell("a \"b\", c"));

        static string Cell(string value) => Encoding.UTF8.GetString(Csv.Write((string[][])[[value]])).TrimStart('\uFEFF')[..^2];
    }

    [Fact]
    public async Task Pages_of_the_journal_are_read_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, RateJournalQueries.Page + 10).Select(_ => _street.Blow()));
        Assert.Equal(RateJournalQueries.Page + 10, (await Ask("duty", "")).Groups.Single().Cases); // all at the same instant
    }

    [Fact]
    public async Task Finding_the_cases_of_some_days_asks_the_index()
    {
        var database = _street.Service<Database>();
        await using var connection = database.Open();
        await using var command = connection.CreateCommand();
        const string Query = "SELECT at, call_no FROM journal WHERE version = 1 AND (at, call_no) > (1, 'a') AND at < 9 ORDER BY at, call_no LIMIT 256";
        command.CommandText = database.IsShared ? $"SET enable_seqscan = off; EXPLAIN {Query}" : $"EXPLAIN QUERY PLAN {Query}";
        var plan = new StringBuilder();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) plan.AppendLine(reader.GetValue(reader.FieldCount - 1).ToString());
        Assert.Contains("journal_opened", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan.ToString(), StringComparison.Ordinal);
    }

    private async Task<RatesView> Ask(string userName, string query) => (await (await _street.As(userName)).Read($"/api/rates{query}")).Value<RatesView>();

    private async Task Evaluated(string grid, string lead, string verifier, bool solved, string satisfaction)
    {
        var call = await _street.Blow(grid, "02");
        await _street.Handle(lead, call.CallNo);
        await _street.Do(verifier, call.CallNo, "verify", new { passed = true });
        (await _street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved, satisfaction })).Value<TrackedCall>();
    }
}
