using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>Whoever stands behind a case writes, withdraws and evaluates their own part: joined, merged, of a child.</summary>
public sealed class JoinedStories : StreetStory
{
    [Fact]
    public async Task What_a_joined_caller_writes_reaches_the_case_that_theirs_goes_on_in_and_stays_theirs()
    {
        var (first, second) = await Together();
        await Do("grid001", first.CallNo, "accept");
        await Post(second, "note", new { note = "三楼也有水" });
        await Post(first, "note", new { note = "钥匙在门卫" });
        var id = (await Street.Anyone.Send("/api/photos", MadePhotos.Jpeg(), contentType: "image/jpeg")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        await Post(second, "note", new { photos = new[] { id } });
        var late = (await Street.Anyone.Send($"/api/track/{second.TrackingCode}/photos", MadePhotos.Png(), contentType: "image/png")).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        // Whoever works on it reads both, as a caller's words.
        var detail = (await (await Street.As("grid001")).Read($"/api/calls/{first.CallNo}")).Value<CallDetail>();
        Assert.Equal([("caller", "三楼也有水"), ("caller", "钥匙在门卫")], detail.Texts.Select(t => (t.By, t.Words)));
        Assert.Equal([id, late], detail.Photos.Select(p => p.Id));
        Assert.Equal(4, (await Told(first.CallNo)).Count(line => line.StartsWith("noted", StringComparison.Ordinal)));
        // Neither caller reads or sees what is the other's.
        Assert.Equal(["我也遇到", "三楼也有水"], await Said(second));
        Assert.Equal(["试", "钥匙在门卫"], await Said(first));
        Assert.Equal([id, late], (await Street.Anyone.Read($"/api/track/{second.TrackingCode}/photos")).Value<List<CallPhoto>>().Select(p => p.Id));
        Assert.Empty((await Street.Anyone.Read($"/api/track/{first.TrackingCode}/photos")).Value<List<CallPhoto>>());
        (await Street.Anyone.Read($"/api/track/{first.TrackingCode}/photos/{id}")).Problem(404, Codes.NotFound);
        using var own = await Street.Anyone.GetAsync(new Uri($"/api/track/{second.TrackingCode}/photos/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_joined_caller_evaluates_their_own_part_once_and_the_case_goes_on_waiting_for_its_own_caller()
    {
        var (first, second) = await VerifiedTogether();
        Assert.True((await Track(second)).CanEvaluate);
        var heard = await Post(second, "evaluation", new { solved = true, satisfaction = "satisfied", words = "很快" });
        Assert.Equal((false, CallStates.Verified), (heard.CanEvaluate, heard.State));
        await Post(second, "evaluation", new { solved = true, satisfaction = "satisfied" });
        Assert.Equal((true, CallStates.Verified), ((await Track(first)).CanEvaluate, (await Track(first)).State));
        Assert.Single(await Told(first.CallNo), line => line.Contains($"of:{second.CallNo}", StringComparison.Ordinal) && line.Contains("satisfaction:satisfied", StringComparison.Ordinal));
        Assert.Equal([("caller", "很快")], (await (await Street.As("grid001")).Read($"/api/calls/{first.CallNo}")).Value<CallDetail>().Texts.Where(t => t.Kind == "evaluation").Select(t => (t.By, t.Words)));
        Assert.Equal(CallStates.Closed, (await Evaluate(first, true, "mostlySatisfied")).State);
    }

    [Fact]
    public async Task Who_was_asked_is_heard_though_the_cases_own_caller_was_quicker()
    {
        var (first, second) = await VerifiedTogether();
        await Evaluate(first, true, "satisfied");
        Assert.True((await Track(second)).CanEvaluate);
        var heard = await Post(second, "evaluation", new { solved = false, satisfaction = "dissatisfied", words = "我家还漏" });
        Assert.Equal((false, CallStates.Closed), (heard.CanEvaluate, heard.State));
        Assert.Contains(await Told(first.CallNo), line => line.Contains($"of:{second.CallNo}", StringComparison.Ordinal) && line.Contains("notSolved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Not_solved_for_one_of_them_is_not_solved()
    {
        var (first, second) = await VerifiedTogether();
        var heard = await Post(second, "evaluation", new { solved = false, satisfaction = "dissatisfied" });
        Assert.Equal(CallStates.OnScene, heard.State);
        Assert.Equal((CallStates.OnScene, false), ((await Track(first)).State, (await Track(first)).CanEvaluate));
        Assert.StartsWith($"reopened of:{second.CallNo} notSolved", (await Told(first.CallNo))[^1], StringComparison.Ordinal);
        // Dealt with once more, both are asked once more.
        await Do("grid001", first.CallNo, "resolve", new { report = "好" });
        await Do("grid003", first.CallNo, "verify", new { passed = true });
        Assert.Equal((true, true), ((await Track(first)).CanEvaluate, (await Track(second)).CanEvaluate));
    }

    [Fact]
    public async Task A_joined_caller_takes_back_their_own_part_and_the_case_goes_on_for_the_others()
    {
        var (first, second) = await Together();
        Assert.True((await Track(second)).CanWithdraw);
        Assert.Equal(CallStates.Withdrawn, (await Post(second, "withdraw")).State);
        Assert.Equal(CallStates.Withdrawn, (await Post(second, "withdraw")).State);
        Assert.Equal((CallStates.Ringing, (int?)null), ((await Track(first)).State, (await Street.Card(first.CallNo)).Others));
        Assert.Equal(["whistled", $"joined other:{second.CallNo}", $"parted other:{second.CallNo}"], await Told(first.CallNo));
        Assert.Equal(["whistled", $"merged into:{first.CallNo}", "withdrawn"], await Told(second.CallNo));
        (await Street.Anyone.Send($"/api/track/{second.TrackingCode}/note", new { note = "晚了" })).Problem(409, Codes.CallOver);
    }

    [Fact]
    public async Task Who_takes_back_a_whistle_that_others_have_joined_is_out_of_it_by_one_tap_and_is_asked_nothing_more()
    {
        var (first, second) = await Together();
        var mine = await Post(first, "withdraw");
        Assert.Equal((CallStates.Ringing, false, false), (mine.State, mine.CanWithdraw, mine.CanEvaluate));
        Assert.True((await Street.Anyone.Read($"/api/track/{first.TrackingCode}")).Json.GetProperty("withdrew").GetBoolean());
        foreach (var _ in "twice") await Post(first, "withdraw");
        Assert.Equal(["whistled", $"joined other:{second.CallNo}", "noted callerWithdrew"], await Told(first.CallNo));
        await Street.Handle("grid001", first.CallNo);
        await Do("grid002", first.CallNo, "verify", new { passed = true });
        Assert.Equal((false, true), ((await Track(first)).CanEvaluate, (await Track(second)).CanEvaluate));
        (await Street.Anyone.Send($"/api/track/{first.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied" })).Problem(409, Codes.CallOver);
        // Its own caller is out of it: whoever is still behind it says whether it is done.
        var heard = await Post(second, "evaluation", new { solved = true, satisfaction = "satisfied" });
        Assert.Equal((CallStates.Closed, false), (heard.State, heard.CanEvaluate));
    }

    [Fact]
    public async Task When_the_last_behind_a_case_has_taken_back_their_part_it_is_withdrawn()
    {
        var (first, second) = await Together();
        await Post(first, "withdraw");
        await Post(second, "withdraw");
        Assert.Equal(CallStates.Withdrawn, (await Street.Card(first.CallNo)).State);
        Assert.Equal((CallStates.Withdrawn, CallStates.Withdrawn), ((await Track(first)).State, (await Track(second)).State));
        Assert.Equal($"withdrawn other:{second.CallNo}", (await Told(first.CallNo))[^1]);
    }

    [Fact]
    public async Task The_caller_of_a_parent_is_led_to_its_child_and_evaluates_it()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        (await (await Street.As("community01")).Send($"/api/calls/{call.CallNo}/child", new { category = "02", note = "换管" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var child = (await Street.Anyone.Read($"/api/track/{call.TrackingCode}")).Json.GetProperty("children")[0];
        var (no, path) = (child.GetProperty("callNo").GetString()!, child.GetProperty("trackingUrl").GetString()!);
        await Street.Handle("grid001", no);
        await Do("grid002", no, "verify", new { passed = true });
        var code = path["/t/".Length..];
        Assert.Equal(CallStates.Closed, (await Street.Anyone.Send($"/api/track/{code}/evaluation", new { solved = true, satisfaction = "satisfied" })).Value<TrackedCall>().State);
        // Of the child they read what became of it, not what staff wrote to staff.
        Assert.DoesNotContain("换管", (await Street.Anyone.Read($"/api/track/{code}")).Text, StringComparison.Ordinal);
    }

    private async Task<(WhistleReceipt First, WhistleReceipt Second)> Together()
    {
        var first = await Street.Blow();
        var second = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = first.CallNo, description = "我也遇到" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.True((await Track(second)).Together);
        return (first, second);
    }

    private async Task<(WhistleReceipt First, WhistleReceipt Second)> VerifiedTogether()
    {
        var (first, second) = await Together();
        await Street.Handle("grid001", first.CallNo);
        await Do("grid002", first.CallNo, "verify", new { passed = true });
        return (first, second);
    }

    private async Task<TrackedCall> Post(WhistleReceipt call, string act, object? body = null) => (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/{act}", body)).Value<TrackedCall>();

    private async Task<string[]> Said(WhistleReceipt call) =>
        [.. (await Street.Anyone.Read($"/api/track/{call.TrackingCode}")).Json.GetProperty("said").EnumerateArray().Select(one => one.GetProperty("words").GetString()!)];
}
