using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The leader's morning brief (晨报): yesterday, what was late, what repeats where, who waits for whom, 督办 slips.</summary>
public sealed class BriefTests
{
    [Fact]
    public async Task It_tells_of_yesterday_of_what_is_owed_and_of_what_repeats_and_names_nobody()
    {
        await using var street = await TestStreet.StartAsync();
        var kept = await street.Blow("004", "02");
        await street.Handle("grid004", kept.CallNo);
        var late = await street.Blow(); // S2: taken within 15 minutes, or late; resolved within 24 hours, or supervised
        await street.Blow("001", "11");
        await street.Blow("001", "11");
        await street.Blow("001", "11");
        var waiting = await street.Blow("007", "04");
        await street.Do("grid007", waiting.CallNo, "accept");
        await street.Do("grid007", waiting.CallNo, "summon", new { party = "gas" });
        await street.SweepAfter(TimeSpan.FromMinutes(20));
        await street.SweepAfter(TimeSpan.FromHours(24));

        var page = await Read(street, "leader", string.Empty);
        Assert.Contains("2026-03-11", page, StringComparison.Ordinal);
        Assert.Contains(">6</a></dd>", page, StringComparison.Ordinal);
        Assert.Matches($"(?s)督办单.*{late.CallNo}.*谁在等谁", page);
        Assert.Matches($"(?s)谁在等谁.*{waiting.CallNo}.*燃气公司.*当日超时", page);
        Assert.Matches($"(?s)当日超时.*{late.CallNo}.*接单.*哪里重复", page);
        Assert.Matches("(?s)哪里重复.*垃圾满溢.*>3</a></td>", page);
        Assert.DoesNotMatch($"(?s)督办单.*{kept.CallNo}", page);
        Assert.DoesNotContain(">6</a></dd>", await Read(street, "leader", "?day=2026-03-10"), StringComparison.Ordinal);
        Assert.Contains("Supervision slips", await Read(street, "leader", "?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_withdrawn_merged_or_handed_up_repeats_nothing()
    {
        await using var street = await TestStreet.StartAsync();
        var calls = new List<WhistleReceipt>();
        for (var i = 0; i < 4; i++) calls.Add(await street.Blow("001", "11"));
        Assert.Matches("(?s)哪里重复.*垃圾满溢.*>4</a></td>", await Read(street, "leader", "?day=2026-03-11"));
        (await street.Anyone.Send($"/api/track/{calls[0].TrackingCode}/withdraw")).Value<TrackedCall>();
        var page = await Read(street, "leader", "?day=2026-03-11");
        Assert.Matches("(?s)哪里重复.*垃圾满溢.*>3</a></td>", page);
        var rows = System.Text.RegularExpressions.Regex.Match(page, "href=\"/history(\\?[^\"]*category=11[^\"]*)\"").Groups[1].Value;
        var behind = (await (await street.As("leader")).Read("/api/history" + System.Net.WebUtility.HtmlDecode(rows))).Value<HistoryView>();
        Assert.Equal(calls[1..].Select(c => c.CallNo).Reverse(), behind.Calls.Select(c => c.CallNo)); // the number leads to its rows
        await street.Do("duty", calls[1].CallNo, "merge", new { into = calls[2].CallNo });
        Assert.DoesNotMatch("(?s)哪里重复.*垃圾满溢", await Read(street, "leader", "?day=2026-03-11"));

        await street.Blow("001", "11");
        Assert.Matches("(?s)哪里重复.*垃圾满溢.*>3</a></td>", await Read(street, "leader", "?day=2026-03-11"));
        await street.Do("grid001", calls[3].CallNo, "accept");
        await street.Do("grid001", calls[3].CallNo, "arrive");
        await street.Do("duty", calls[3].CallNo, "handUp", new { until = street.Now.AddDays(5), note = "市级已接" });
        await street.Do("duty", calls[3].CallNo, "resolve", new { report = "市级已办" });
        Assert.DoesNotMatch("(?s)哪里重复.*垃圾满溢", await Read(street, "leader", "?day=2026-03-11"));
    }

    [Fact]
    public async Task A_community_reads_of_itself_and_others_not_at_all()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await street.SweepAfter(TimeSpan.FromMinutes(16));
        await street.SweepAfter(TimeSpan.FromHours(24));
        var own = (await street.Card(call.CallNo)).Community;
        Assert.Contains(call.CallNo, await Read(street, $"community{own}", string.Empty), StringComparison.Ordinal);
        Assert.DoesNotContain(call.CallNo, await Read(street, own == "17" ? "community16" : "community17", string.Empty), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await street.As("grid001")).Read("/leader")).Status);
    }

    [Theory]
    [InlineData("?day=yesterday")]
    [InlineData("?day=2027-01-01")]
    [InlineData("?day=2026-02-30")]
    public async Task A_day_that_is_none_or_to_come_is_refused(string query)
    {
        await using var street = await TestStreet.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await (await street.As("leader")).Read("/leader" + query)).Status);
    }

    [Fact]
    public async Task A_long_list_says_how_much_it_leaves_out()
    {
        await using var street = await TestStreet.StartAsync();
        for (var i = 1; i <= BriefQueries.Lines + 5; i++) await street.Blow(i.ToString("000", System.Globalization.CultureInfo.InvariantCulture));
        while (await street.SweepAfter(TimeSpan.FromHours(24)) > 0)
        {
            // Every lapse of a batch, until nothing is due.
        }

        Assert.Contains("另有 5 件", await Read(street, "leader", "?day=" + street.Now.ToOffset(TimeSpan.FromHours(8)).AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_cause_is_one_line_with_its_count_and_who_was_on_duty_stands_above_all()
    {
        await using var street = await TestStreet.StartAsync();
        for (var i = 0; i < 40; i++) await street.Blow();
        var other = await street.Blow("004", "02");
        foreach (var hours in new[] { 0.4, 24 })
        {
            await street.SweepAfter(TimeSpan.FromHours(hours));
            while (await street.SweepAfter(TimeSpan.Zero) > 0)
            {
                // Every lapse of a batch, until nothing is due.
            }
        }

        var page = await Read(street, "leader", "?day=2026-03-11");
        Assert.Matches("演示街道 · 晨报 · <time datetime=\"2026-03-11\">", System.Net.WebUtility.HtmlDecode(page));
        Assert.Matches("(?s)当日值班：.*带班领导.*街道值班 2 岗", page);
        var late = System.Text.RegularExpressions.Regex.Match(page, "(?s)id=\"lapses\".*?</section>").Value;
        Assert.Contains("等 40 件", late, StringComparison.Ordinal);
        Assert.Equal(31, System.Text.RegularExpressions.Regex.Matches(late, "/history\\?q=W[0-9-]+").Select(m => m.Value).Distinct().Count()); // each by its number, as many as a line holds
        Assert.Contains(other.CallNo, late, StringComparison.Ordinal);
        Assert.InRange(System.Text.RegularExpressions.Regex.Count(late, "<tr>"), 3, 6); // the head, and for two causes each late answer
        Assert.InRange(System.Text.RegularExpressions.Regex.Count(await Read(street, "leader", string.Empty), "class=\"slip\""), 2, 2);
        Assert.Contains("晨曦社区", await Read(street, "community01", "?day=2026-03-11"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_is_due_when_the_decision_is_not_when_the_case_owes_its_next_answer()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await street.Do("grid001", call.CallNo, "accept");
        await street.Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 5, note = "等配件" });
        var decide = (await (await street.As("leader")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Petitions!.Single().DecideBy;
        Assert.NotEqual(decide, (await street.Card(call.CallNo)).NextDue);
        var waits = System.Text.RegularExpressions.Regex.Match(await Read(street, "leader", "?day=2026-03-11"), "(?s)id=\"waits\".*?</section>").Value;
        Assert.Contains($"{decide.ToOffset(TimeSpan.FromHours(8)):HH:mm}</td>", waits, StringComparison.Ordinal);
    }

    private static async Task<string> Read(TestStreet street, string userName, string query)
    {
        var answer = await (await street.As(userName)).Ask(HttpMethod.Get, "/leader" + query, shape: r => r.Headers.Add("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text;
    }
}
