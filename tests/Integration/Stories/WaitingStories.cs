using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>What waits for a callback, and for a grid worker of another community, is on a list of those who may.</summary>
public sealed class WaitingStories : StreetStory
{
    [Fact]
    public async Task Whoever_calls_back_knows_who_can_be_called_and_how_often_nobody_was_reached_and_no_number()
    {
        var (with, without) = (await Blow(new { name = "李", phone = "13812345678" }), await Blow(null));
        foreach (var call in new[] { with, without }) await Verify(call);
        await Do("duty", with, "callback", new { result = "noAnswer" });
        var tried = Street.Now;
        var answer = await (await Street.As("duty")).Read("/api/callbacks");
        Assert.DoesNotContain("138", answer.Text, StringComparison.Ordinal);
        Assert.Equal([new CallbackLine(with, true, 1, tried), new CallbackLine(without, false, 0, null)], answer.Value<List<CallbackLine>>().OrderBy(l => l.CallNo));
        Assert.Empty((await (await Street.As("community02")).Read("/api/callbacks")).Value<List<CallbackLine>>()); // of its own community only
        Assert.Equal(2, (await (await Street.As("community01")).Read("/api/callbacks")).Value<List<CallbackLine>>().Count);
        (await (await Street.As("grid001")).Read("/api/callbacks")).Problem(403, Codes.Forbidden);
        await Do("duty", without, "recuse", new { });
        Assert.Equal(with, Assert.Single((await (await Street.As("duty")).Read("/api/callbacks")).Value<List<CallbackLine>>()).CallNo);
    }

    [Fact]
    public async Task Where_a_whole_community_took_part_the_case_is_on_the_list_of_a_worker_of_another()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        Assert.Empty(await Elsewhere("grid008"));
        foreach (var n in Enumerable.Range(2, 6)) (await (await Street.As("community01")).Send("/api/roster/retire", new { post = (await Street.PostOf($"grid{n:D3}")).Value })).Value<RosterTaken>();
        Assert.Equal(call.CallNo, Assert.Single(await Elsewhere("grid008")).CallNo);
        Assert.Empty(await Elsewhere("grid001"));
        (await (await Street.As("property03")).Read("/api/review")).Problem(403, Codes.Forbidden);
        await Do("grid008", call.CallNo, "verify", new { passed = true });
        Assert.Empty(await Elsewhere("grid008"));
    }

    [Fact]
    public async Task The_source_of_a_case_is_on_its_card_and_counts_apart()
    {
        var page = await Street.Blow();
        var patrol = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "08", description = "灯", source = "patrol" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(("page", "patrol"), ((await Street.Card(page.CallNo)).Source, (await Street.Card(patrol.CallNo)).Source));
        var groups = (await (await Street.As("duty")).Read("/api/rates?by=source")).Value<RatesView>().Groups;
        Assert.Equal([("page", "居民自己吹哨", 1), ("patrol", "巡查上报", 1)], groups.Select(g => (g.Code, g.Name, (int)g.Cases)));
        Assert.Equal([patrol.CallNo], (await (await Street.As("duty")).Read("/api/history?source=patrol")).Value<HistoryView>().Calls.Select(c => c.CallNo));
    }

    [Fact]
    public async Task A_case_is_found_by_the_citys_number()
    {
        var call = await Street.Blow();
        await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var until = Street.Now.AddDays(3);
        await IsRefused("duty", call.CallNo, "handUp", 422, Codes.OrderIncomplete, new { until, note = "超出街道权限", cityNo = "找王主任" });
        await Do("duty", call.CallNo, "handUp", new { until, note = "超出街道权限", cityNo = "TZ-12345-20260311-77" });
        Assert.Equal("TZ-12345-20260311-77", (await Street.Card(call.CallNo)).CityNo);
        Assert.Equal([call.CallNo], (await (await Street.As("duty")).Read("/api/history?q=12345-20260311")).Value<HistoryView>().Calls.Select(c => c.CallNo));
    }

    private async Task<string> Blow(object? contact) =>
        (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "08", description = "灯", contact })).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo;

    private async Task Verify(string no)
    {
        await OnScene("grid001", no);
        await Do("grid001", no, "resolve", new { report = "好" });
        await Do("grid003", no, "verify", new { passed = true });
    }

    private async Task<List<CallCard>> Elsewhere(string userName) => (await (await Street.As(userName)).Read("/api/review")).Value<List<CallCard>>();
}
