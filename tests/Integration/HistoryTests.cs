using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Cases of past days, the figures of some days, the day so far, and who looked at what. Grid 001 is in community 01, grid 044 in 07.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task A_case_is_found_by_day_place_matter_and_outcome_whether_it_is_open_or_over()
    {
        var kept = await _street.Blow("001", "02");
        await _street.Handle("grid001", kept.CallNo);
        var gone = await _street.Blow("001", "11");
        (await _street.Anyone.Send($"/api/track/{gone.TrackingCode}/withdraw")).Value<TrackedCall>();
        var far = await _street.Blow("044", "02");
        await _street.SweepAfter(TimeSpan.FromMinutes(20)); // S2: taken within 15 minutes, or late
        await _street.Do("grid044", far.CallNo, "accept");

        Assert.Equal([far.CallNo, gone.CallNo, kept.CallNo], await Numbers("duty", "")); // the newest first
        Assert.Equal([kept.CallNo], await Numbers("duty", "?category=02&grid=001"));
        Assert.Equal([far.CallNo], await Numbers("duty", "?late=accept"));
        Assert.Equal([far.CallNo], await Numbers("duty", "?late=any&community=07&level=S2&team=13"));
        Assert.Equal([gone.CallNo], await Numbers("duty", "?state=withdrawn"));
        Assert.Equal([far.CallNo, kept.CallNo], await Numbers("duty", "?valid=1"));
        Assert.Equal([kept.CallNo], await Numbers("duty", "?answer=accept&share=0"));
        Assert.Equal([far.CallNo], await Numbers("duty", "?answer=accept&share=10")); // between once and twice its limit
        Assert.Equal([far.CallNo, gone.CallNo, kept.CallNo], await Numbers("duty", "?hour=9"));
        Assert.Empty(await Numbers("duty", "?hour=10"));
        Assert.Empty(await Numbers("duty", "?from=2026-03-10&to=2026-03-10"));
        Assert.Equal([kept.CallNo], await Numbers("duty", $"?from=2026-03-01&to=2026-03-02&q={kept.CallNo}")); // a whole number is found on whatever day
        Assert.Equal([far.CallNo], await Numbers("community07", ""));
        Assert.Empty(await Numbers("community07", $"?q={kept.CallNo}"));
        Assert.Equal([far.CallNo, gone.CallNo, kept.CallNo], await Numbers("auditor", "?community="));
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_without_a_hole_or_a_repeat()
    {
        var blown = new List<string>();
        for (var i = 0; i < HistoryQueries.PageLimit + 3; i++)
        {
            blown.Add((await _street.Blow("001", i % 2 == 0 ? "02" : "11")).CallNo);
            if (i % 10 == 0) _street.FastForward(TimeSpan.FromMilliseconds(1)); // many of one instant
        }

        var first = await Find("duty", "");
        Assert.Equal((HistoryQueries.PageLimit, HistoryQueries.PageLimit + 3), (first.Calls.Count, first.Total));
        var second = await Find("duty", $"?before={first.Next}");
        Assert.Null(second.Next);
        Assert.Equal(Enumerable.Reverse(blown), first.Calls.Concat(second.Calls).Select(c => c.CallNo));
    }

    [Fact]
    public async Task Figures_of_some_days_tell_when_whistles_came_and_how_long_their_answers_took()
    {
        var quick = await _street.Blow("001", "02");
        await _street.Handle("grid001", quick.CallNo);
        var late = await _street.Blow("044", "02");
        await _street.Blow("044", "11");
        var gone = await _street.Blow("001", "11");
        (await _street.Anyone.Send($"/api/track/{gone.TrackingCode}/withdraw")).Value<TrackedCall>();
        await _street.SweepAfter(TimeSpan.FromMinutes(20));
        await _street.Do("grid044", late.CallNo, "accept");

        var leader = await _street.As("leader");
        var stats = (await leader.Read("/api/stats")).Value<StatsView>();
        Assert.Equal(3, stats.Cases); // the one withdrawn is no case
        Assert.Equal([("02", 2), ("11", 1)], stats.Arrivals.Select(a => (a.Category, a.Hours[9])));
        var accept = stats.Answers.Single(a => a is { Kind: "accept", Level: "S2" });
        Assert.Equal((2, 1, 0, 1, 1, 900L), (accept.Met, accept.Late, accept.Owed, accept.Bins[0], accept.Bins[10], accept.Limit));
        Assert.Equal((0L, 1200L), (accept.P50, accept.P99));
        Assert.Equal(accept.Met, accept.Bins.Sum());
        Assert.Equal(0, (await (await _street.As("community02")).Read("/api/stats")).Value<StatsView>().Cases);

        var csv = await leader.Read("/api/stats.csv?table=answers");
        Assert.Equal(HttpStatusCode.OK, csv.Status);
        Assert.Equal(1 + 9, csv.Text.TrimEnd().Split("\r\n").Length); // a head, and three kinds at three levels
        var bytes = await leader.GetByteArrayAsync("/api/stats.csv?table=answers");
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]); // the byte order mark
        Assert.Contains(",accept,S2,2,1,0,1,", csv.Text, StringComparison.Ordinal);
        Assert.Equal(1 + (2 * 24), (await leader.Read("/api/stats.csv?table=arrivals")).Text.TrimEnd().Split("\r\n").Length);

        var today = (await (await _street.As("wall")).Read("/api/today")).Value<TodayView>();
        Assert.Equal((new DateOnly(2026, 3, 11), 4, 1, 1, 4), (today.Day, today.Received, today.Over, today.Late, today.Hours[9]));
    }

    [Fact]
    public async Task Behind_each_figure_stand_exactly_the_cases_that_it_counts()
    {
        var praised = await Done("001", "grid001", "grid002");
        await Say(praised, solved: true, "satisfied");
        await Say(await Done("044", "grid044", "grid045"), solved: false, "dissatisfied");
        await Done("001", "grid001", "grid002"); // nobody has said how it went
        var city = await _street.Blow("001", "02");
        await _street.Do("grid001", city.CallNo, "accept");
        await _street.Do("grid001", city.CallNo, "arrive");
        await _street.Do("duty", city.CallNo, "handUp", new { until = _street.Now.AddDays(5), note = "市级管网" });
        await _street.Do("duty", city.CallNo, "resolve", new { report = "市级已修" }); // no case of the street, though it is back
        var back = await _street.Blow("001", "02");
        await _street.Do("grid001", back.CallNo, "accept");
        await _street.Do("grid001", back.CallNo, "return", new { reason = "unsafe" });
        await _street.Handle("grid001", (await _street.Blow("001", "02")).CallNo);
        var gone = await _street.Blow("001", "11");
        (await _street.Anyone.Send($"/api/track/{gone.TrackingCode}/withdraw")).Value<TrackedCall>();
        await _street.SweepAfter(TimeSpan.FromHours(2));
        await _street.Blow("044", "02"); // not due yet

        foreach (var who in (string[])["leader", "community07"])
        {
            var line = (await (await _street.As(who)).Read("/api/rates")).Value<RatesView>().Groups.Single();
            (string Code, int Of)[] figures =
            [
                ("cases", line.Cases), ("breached", line.Breached), ("response", line.Response.Of), ("solved", line.Solved.Of), ("satisfied", line.Satisfied.Of), ("resolvedOnTime", line.ResolvedOnTime.Of),
                ("callback", line.Callback.Of), ("firstTeam", line.FirstTeam.Of), ("returned", line.Returned.Of), ("redone", line.Redone.Of),
            ];
            foreach (var (code, of) in figures)
                Assert.Equal((code, of, of), (await Find(who, $"?rate={code}")) is var view ? (code, view.Calls.Count, view.Total ?? -1) : default);
            if (who == "leader") Assert.Equal(7, figures.Select(f => f.Of).Distinct().Count()); // or one figure's rows could stand for another's
        }

        Assert.Equal([praised.CallNo], await Numbers("duty", "?rate=satisfied&community=01"));
        Assert.DoesNotContain(city.CallNo, await Numbers("duty", "?rate=cases"));
        Assert.Empty(await Numbers("duty", "?rate=satisfied&community=02")); // beside what else is asked
    }

    [Fact]
    public async Task An_auditor_reads_who_looked_at_which_case_and_all_that_happened_to_it()
    {
        var call = await _street.Blow("001", "02");
        var other = await _street.Blow("001", "11");
        await (await _street.As("duty")).Read($"/api/calls/{call.CallNo}");
        await (await _street.As("grid001")).Read($"/api/calls/{other.CallNo}");
        await (await _street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "call back" });

        var auditor = await _street.As("auditor");
        var reads = (await auditor.Read("/api/reads")).Value<ReadsView>().Reads;
        Assert.Contains(reads, r => r is { By: "streetDesk", Looked: "detail" } && r.CallNo == call.CallNo);
        Assert.Equal(("gridWorker", other.CallNo), reads.Where(r => r.CallNo == other.CallNo).Select(r => (r.By, r.CallNo)).Single());
        Assert.All((await auditor.Read($"/api/reads?callNo={call.CallNo}")).Value<ReadsView>().Reads, r => Assert.Equal(call.CallNo, r.CallNo));
        Assert.DoesNotContain("\"duty\"", (await auditor.Read("/api/reads")).Text, StringComparison.Ordinal); // posts, never accounts
        Assert.Equal([1], (await auditor.Read($"/api/journal?callNo={call.CallNo}")).Value<JournalPage>().Entries.Select(e => e.Version));
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_in_words()
    {
        foreach (var address in (string[])
        [
            "/api/history?from=2026-03-12&to=2026-03-11",
            "/api/history?from=2025-01-01&to=2026-03-11",
            "/api/history?level=S4",
            "/api/history?hour=24",
            "/api/history?late=never",
            "/api/history?rate=luck",
            "/api/history?share=1",
            "/api/history?answer=accept&share=12",
            "/api/history?before=1",
            "/api/history?before=x.W260311-00001",
            "/api/stats?from=yesterday",
            "/api/stats.csv?table=everything",
        ])
            (await (await _street.As("duty")).Read(address)).Problem(400, Codes.BadRequest);
        (await (await _street.As("auditor")).Read("/api/reads?before=last")).Problem(400, Codes.BadRequest);
    }

    /// <summary>A case that is dealt with and verified.</summary>
    private async Task<WhistleReceipt> Done(string grid, string lead, string verifier)
    {
        var call = await _street.Blow(grid, "02");
        await _street.Handle(lead, call.CallNo);
        await _street.Do(verifier, call.CallNo, "verify", new { passed = true });
        return call;
    }

    private async Task Say(WhistleReceipt call, bool solved, string satisfaction) =>
        (await _street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved, satisfaction })).Value<TrackedCall>();

    private async Task<HistoryView> Find(string userName, string query) => (await (await _street.As(userName)).Read("/api/history" + query)).Value<HistoryView>();

    private async Task<IEnumerable<string>> Numbers(string userName, string query) => (await Find(userName, query)).Calls.Select(c => c.CallNo);
}
