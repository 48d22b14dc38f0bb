using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What the sweep cannot see, because its column was spoilt, the auditor finds in the case itself.</summary>
public sealed class AuditorTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private TestStreet _street = null!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await _street.Sweep(); // the first one tells ringing cases who is on duty: there are none yet
    }

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task A_case_that_the_sweep_has_lost_is_found_and_its_clock_acts_as_late_as_it_is()
    {
        var no = (await _street.Blow("001", "02")).CallNo; // S2: accept within 15 minutes, warned at 12
        await Spoil(no, null);
        Assert.Equal(0, await _street.SweepAfter(TimeSpan.FromMinutes(15) + Moment)); // it sees nothing
        Assert.Equal(new Auditor.Finding(1, 1, 1), await Audit());
        Assert.Equal(["whistled", "warned", "lapsed"], (await _street.Journal(no)).Select(e => e.What));
        Assert.Equal("community", (await _street.Card(no)).Rung);
        Assert.Contains(_street.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("auditor", StringComparison.Ordinal) && line.Contains(no, StringComparison.Ordinal));
        Assert.Equal(1, await _street.SweepAfter(TimeSpan.FromMinutes(15))); // and the sweep sees it again: twice the limit
        Assert.Equal(new Auditor.Finding(1, 0, 0), await Audit());
    }

    [Fact]
    public async Task A_clock_still_to_come_that_the_column_hides_is_put_back_before_it_is_late()
    {
        var (lost, early) = ((await _street.Blow("001", "02")).CallNo, (await _street.Blow("001", "02")).CallNo);
        await Spoil(lost, null);
        await Spoil(early, _street.Now.AddDays(1));
        var before = await Versions();
        Assert.Equal(new Auditor.Finding(2, 2, 2), await Audit());
        Assert.Equal(before, await Versions()); // nothing has happened to the cases
        Assert.Equal(2, await _street.SweepAfter(TimeSpan.FromMinutes(12) + Moment));
    }

    [Fact]
    public async Task In_a_healthy_street_there_is_nothing_to_find_and_a_clock_a_minute_late_is_the_sweeps_own_business()
    {
        await _street.Blow("001", "02");
        await _street.Handle("grid044", (await _street.Blow("044", "03")).CallNo);
        Assert.Equal(new Auditor.Finding(2, 0, 0), await Audit());
        _street.FastForward(TimeSpan.FromMinutes(12) + Auditor.Grace);
        Assert.Equal(new Auditor.Finding(2, 0, 0), await Audit());
        _street.FastForward(Moment);
        Assert.Equal(new Auditor.Finding(2, 1, 1), await Audit());
        await _street.SweepAfter(TimeSpan.FromDays(30));
        Assert.Equal(0, (await Audit()).Found);
    }

    [Fact]
    public async Task Closed_cases_are_not_looked_at()
    {
        var call = await _street.Blow("001", "02");
        (await _street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw")).Value<TrackedCall>();
        Assert.Equal(new Auditor.Finding(0, 0, 0), await Audit());
    }

    [Fact]
    public async Task A_run_is_bounded_and_the_next_goes_on_from_there_even_after_a_restart()
    {
        await _street.Blow("001", "02");
        await Multiply(Auditor.PerRun + 10);
        Assert.Equal(Auditor.PerRun, (await Audit()).Looked);
        await _street.RestartAsync();
        Assert.Equal(11, (await Audit()).Looked);
        Assert.Equal(Auditor.PerRun, (await Audit()).Looked); // from the oldest again
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_reported_and_hides_no_other()
    {
        var (broken, lost) = ((await _street.Blow("001", "02")).CallNo, (await _street.Blow("001", "02")).CallNo);
        await Sql($"UPDATE calls SET body = '{{}}' WHERE no = '{broken}'");
        await Spoil(lost, null);
        Assert.Equal(new Auditor.Finding(2, 2, 1), await Audit());
    }

    [Fact]
    public async Task It_is_counted_in_the_metrics()
    {
        var meter = _street.Service<AuditorMeters>().Meter; // the page of metrics is of the whole process, and other streets live in it
        using var found = new Counted(meter, "dispatch.auditor.found");
        using var repaired = new Counted(meter, "dispatch.auditor.repaired");
        using var ran = new Counted(meter, "dispatch.auditor.last_run");
        await Audit();
        await Spoil((await _street.Blow("001", "02")).CallNo, null);
        await Audit();
        Assert.Equal((1, 1, _street.Now.ToUnixTimeSeconds()), (found.Sum, repaired.Sum, ran.Gauge()));
        var metrics = await _street.Metrics();
        foreach (var name in (string[])["found_total", "repaired_total", "last_run_seconds"]) Assert.Matches($"(?m)^dispatch_auditor_{name}[{{ ]", metrics);
    }

    [Fact]
    public async Task It_goes_by_the_index_of_open_cases()
    {
        var database = _street.Service<Database>();
        await using var connection = database.Open();
        await using var command = connection.CreateCommand();
        const string Query = "SELECT opened_at, no, version, next_due, body FROM calls WHERE is_open = 1 AND (opened_at, no) > (1, 'a') ORDER BY opened_at, no LIMIT 256";
        command.CommandText = database.IsShared ? $"SET enable_seqscan = off; EXPLAIN {Query}" : $"EXPLAIN QUERY PLAN {Query}";
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) plan.Add(reader.GetValue(reader.FieldCount - 1).ToString()!);
        Assert.Contains(plan, line => line.Contains("calls_open", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal) || line.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    private Task<Auditor.Finding> Audit() => _street.Service<Auditor>().RunAsync(CancellationToken.None);

    private Task Spoil(string no, DateTimeOffset? column) => Sql($"UPDATE calls SET next_due = {column?.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "NULL"} WHERE no = '{no}'");

    /// <summary>Adds copies of the one case under other numbers.</summary>
    private Task Multiply(int copies) => Sql(
        $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies}) "
        + "INSERT INTO calls (no, version, state, level, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, body, card) "
        + "SELECT 'X' || (100000 + i), version, state, level, community, grid, is_open, next_due, breach_at, opened_at + i / 3, tracking || i, audience, body, card FROM calls, n");

    private async Task<List<int>> Versions()
    {
        await using var db = _street.Service<Database>().Context();
        return await db.Calls.OrderBy(c => c.No).Select(c => c.Version).ToListAsync();
    }

    private async Task Sql(string sql)
    {
        await using var connection = _street.Service<Database>().Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
