using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>From the whistle to the rating, each caller reads each step in the same plain sentences: on the page, on the phone, with 我也遇到, merged by a desk, or of what was left over.</summary>
[Trait("Database", "SQLite")] // what is told is made from the journal, which both keep alike
public sealed class EveryCallerStories : StreetStory
{
    private const string Received = "哨已收到。", Merged = "已与同类问题合在一起办。", Arrived = "处理的人已到场。", Resolved = "已办结，由没有参与的网格员核查。", Passed = "核查通过。";

    private readonly Dictionary<string, int> _read = [];

    public static TheoryData<string> Kinds => ["page", "phone", "joined", "merged"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_case_that_climbs_to_the_street(string kind)
    {
        var (no, reader) = await Open(kind, "04");
        await Passes(TimeSpan.FromMinutes(3) + Moment);
        await Reads(reader, "已转到晨曦社区：社区值班和其他管家队都在叫。");
        await Passes(TimeSpan.FromMinutes(3));
        await Reads(reader, "已转到街道值班。");
        await Do("community01", no, "accept");
        await Reads(reader, "晨曦社区值班已接单。");
        await Do("community01", no, "arrive");
        await Reads(reader, Arrived);
        await Do("community01", no, "resolve", new { report = "已关阀" });
        await Reads(reader, Resolved);
        await Do("grid002", no, "verify", new { passed = true });
        await Reads(reader, Passed);
        await Rates(kind, no, reader);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_case_that_is_returned_waits_goes_to_the_city_and_is_reopened(string kind)
    {
        var (no, reader) = await Open(kind, "02");
        await Do("grid001", no, "accept");
        await Reads(reader, "晨曦管家一队（网格员）已接单。");
        await Do("grid001", no, "return", new { reason = "unsafe" });
        await Reads(reader, "接单的队办不了，已交回，马上另外叫人。", "已转到晨曦社区：社区值班和其他管家队都在叫。");
        await Do("grid004", no, "accept");
        await Do("grid004", no, "arrive");
        await Reads(reader, "晨曦管家二队（网格员）已接单。", Arrived);
        await Do("grid004", no, "request", new { kind = "suspension", until = At("03-12 09:00"), note = "等配件" });
        await Reads(reader); // what is only asked for is nobody's news
        await Do("community01", no, "rule", new { kind = "suspension", granted = true });
        await Reads(reader, "要等条件，时限暂停到 3月12日 09:00。");
        await Do("community01", no, "resume", new { });
        await Reads(reader, "暂停结束，接着计时。");
        await Do("duty", no, "handUp", new { until = At("03-13 09:00"), note = "市里的管" });
        await Reads(reader, "街道办不了，已上报市级。");
        await Do("duty", no, "resolve", new { report = "市里修好了" });
        await Do("grid002", no, "verify", new { passed = true });
        await Reads(reader, Resolved, Passed);
        await Evaluate(reader, false, "dissatisfied"); // anybody's word reopens it
        await Reads(reader, "有人说没有解决，重新办理。");
        await Do("duty", no, "resolve", new { report = "又修了" });
        await Do("grid003", no, "verify", new { passed = true });
        await Reads(reader, Resolved, Passed);
        await Rates(kind, no, reader);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_case_of_the_night_whose_team_is_away(string kind)
    {
        await Street.SignOff("grid001", "grid002", "grid003", "property01", "police01");
        await Reaches(At("03-11 23:00"));
        var (no, reader) = await Open(kind, "08", ["本网格的管家队现在没有人在岗，直接往上转。", "已转到晨曦社区：社区值班和其他管家队都在叫。"]);
        var waits = (await Track(reader)).Waits!;
        Assert.Equal("waits_hours", waits.Code);
        Assert.Contains("3月12日 10:00", waits.Text, StringComparison.Ordinal);
        await Reaches(At("03-12 07:59"));
        await Reads(reader); // the clocks rest
        Assert.Equal(waits.Text, (await Track(reader)).Waits!.Text.Replace("10:00", "3月12日 10:00", StringComparison.Ordinal)); // today by now
        await Reaches(At("03-12 10:00") + Moment);
        await Reads(reader); // it has been with the community since the night
        await Reaches(At("03-12 12:00") + Moment);
        await Reads(reader, "已转到街道值班。");
        Assert.Equal("waits_street", (await Track(reader)).Waits!.Code);
        await Do("grid004", no, "accept");
        await Do("grid004", no, "arrive");
        await Do("grid004", no, "resolve", new { report = "换了灯" });
        await Reads(reader, "晨曦管家二队（网格员）已接单。", Arrived, Resolved);
        Assert.Null((await Track(reader)).Waits);
        await Do("grid005", no, "verify", new { passed = true });
        await Reads(reader, Passed);
        await Rates(kind, no, reader);
    }

    [Fact]
    public async Task What_was_left_over_is_followed_and_rated_by_the_caller_it_came_from_and_by_nobody_who_joined()
    {
        var (parent, reader) = await Open("page", "02");
        var joined = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = parent })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await Reads(joined, Received, Merged);
        await OnScene("grid001", parent);
        await (await Street.As("grid001")).Send($"/api/calls/{parent}/child", new { note = "换管" });
        await Reads(reader, "晨曦管家一队（网格员）已接单。", Arrived, "剩下的事另立一件，接着办。");
        await Reads(joined, "晨曦管家一队（网格员）已接单。", Arrived, "剩下的事另立一件，接着办。");
        Assert.Null((await Track(joined)).Children);
        var line = Assert.Single((await Track(reader)).Children!);
        var child = new WhistleReceipt(line.CallNo, line.TrackingUrl["/t/".Length..], line.TrackingUrl, []);
        await Reads(child, Received);
        await Do("grid002", child.CallNo, "accept");
        await Reads(child, "晨曦管家一队（网格员）已接单。");
        await Do("grid002", child.CallNo, "arrive");
        await Do("grid002", child.CallNo, "resolve", new { report = "换好了" });
        await Do("grid003", child.CallNo, "verify", new { passed = true });
        await Reads(child, Arrived, Resolved, Passed);
        await Rates("page", child.CallNo, child);
        await Reads(reader); // the child's steps are told on its own page
    }

    /// <summary>A whistle of this kind, as far as its caller has read of it; with the number of the case in which it is handled.</summary>
    private async Task<(string No, WhistleReceipt Reader)> Open(string kind, string category, string[]? further = null)
    {
        var first = kind == "phone"
            ? (await (await Street.As("community01")).Send("/api/whistles", new { grid = "001", category, source = "phone", description = "电话反映" })).Value<WhistleReceipt>(HttpStatusCode.Created)
            : await Street.Blow(category: category);
        await Reads(first, [Received, .. further ?? []]);
        if (kind is "page" or "phone") return (first.CallNo, first);
        var second = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category, description = "我也遇到", joins = kind == "joined" ? first.CallNo : null })).Value<WhistleReceipt>(HttpStatusCode.Created);
        if (kind == "merged") await Do("community01", second.CallNo, "merge", new { into = first.CallNo });
        await Reads(second, [Received, .. further ?? [], Merged]);
        return (first.CallNo, second);
    }

    /// <summary>The caller reads these sentences, and no other, since they last looked.</summary>
    private async Task Reads(WhistleReceipt reader, params string[] sentences)
    {
        var told = (await Track(reader)).Told;
        Assert.Equal(sentences, told.Skip(_read.GetValueOrDefault(reader.CallNo)).Select(line => line.Text));
        _read[reader.CallNo] = told.Count;
    }

    /// <summary>The caller's own word closes their own case; that of who has joined is heard, and the case goes on waiting.</summary>
    private async Task Rates(string kind, string no, WhistleReceipt reader)
    {
        Assert.True((await Track(reader)).CanEvaluate);
        await Evaluate(reader, true, "satisfied");
        var isOwn = kind is "page" or "phone";
        await Reads(reader, isOwn ? "评价已收到，这件事结束。" : "您的评价已收到。");
        Assert.Equal(isOwn ? CallStates.Closed : CallStates.Verified, (await Street.Card(no)).State);
        Assert.False((await Track(reader)).CanEvaluate);
    }
}
