using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>The caller is told each climb, skip, return and pause in a plain sentence, and while nobody has taken it, to whom it has gone.</summary>
public sealed class ToldStories : StreetStory
{
    [Fact]
    public async Task Nobody_is_left_with_the_same_words_while_an_urgent_case_climbs()
    {
        var call = await Street.Blow(category: "04");
        Assert.Equal("waits_team", await Waits(call));
        await Passes(TimeSpan.FromMinutes(3) + Moment);
        Assert.Equal("waits_community", await Waits(call));
        await Passes(TimeSpan.FromMinutes(3));
        Assert.Equal("waits_street", await Waits(call));
        Assert.Equal(["told_whistled", "told_climbed_community", "told_climbed_street"], await Codes(call));
        await Do("community01", call.CallNo, "accept");
        Assert.Null(await Waits(call));
        Assert.Equal("told_accepted", (await Codes(call))[^1]);
    }

    [Fact]
    public async Task A_tier_with_nobody_on_duty_is_said_to_be_skipped_and_an_empty_street_to_be_empty()
    {
        await Street.SignOff("grid001", "grid002", "grid003", "property01", "police01");
        await Street.Sweep();
        var skipped = await Street.Blow(category: "04");
        Assert.Equal(["told_whistled", "told_skipped_team", "told_climbed_community"], await Codes(skipped));
        var posts = new List<string> { "community01", "duty", "duty2", "leader" };
        posts.AddRange(Enumerable.Range(1, 7).Select(n => $"grid{n:D3}"));
        posts.AddRange(["property02", "police02"]);
        await Street.SignOff([.. posts]);
        await Street.Sweep();
        var alone = await Street.Blow(category: "04");
        Assert.Equal("waits_nobody", await Waits(alone));
        Assert.Contains("told_nobody", await Codes(alone));
        Assert.Contains("110", (await Json(alone)).GetProperty("waits").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_night_a_case_of_service_hours_says_when_somebody_takes_it()
    {
        await Reaches(At("03-11 23:00"));
        var call = await Street.Blow(category: "08");
        var waits = (await Json(call)).GetProperty("waits");
        Assert.Equal("waits_hours", waits.GetProperty("code").GetString());
        Assert.Contains("3月12日 10:00", waits.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("10:00", waits.GetProperty("textEn").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_a_pause_a_hand_up_and_a_reopening_are_told()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "return", new { reason = "unsafe" });
        Assert.Equal(["told_whistled", "told_accepted", "told_returned"], (await Codes(call))[..3]);
        Assert.NotNull(await Waits(call));
        await OnScene("grid004", call.CallNo);
        await Do("grid004", call.CallNo, "request", new { kind = "suspension", until = At("03-12 09:00"), note = "等配件" });
        await Do("community01", call.CallNo, "rule", new { kind = "suspension", granted = true });
        Assert.Equal("told_suspended", (await Codes(call))[^1]);
        await Do("community01", call.CallNo, "resume", new { });
        await Do("duty", call.CallNo, "handUp", new { until = At("03-13 09:00"), note = "市里的管" });
        await Do("duty", call.CallNo, "resolve", new { report = "好" });
        await Do("grid002", call.CallNo, "verify", new { passed = true });
        await Evaluate(call, false, "dissatisfied");
        Assert.Equal(["told_resumed", "told_handedUp", "told_resolved", "told_verified", "told_reopened"], (await Codes(call))[^5..]);
    }

    [Fact]
    public async Task Who_has_joined_is_told_so_and_then_what_becomes_of_the_case_that_theirs_goes_on_in()
    {
        var first = await Street.Blow();
        var second = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = first.CallNo })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await Do("grid001", first.CallNo, "accept");
        Assert.Equal(["told_whistled", "told_merged", "told_accepted"], await Codes(second));
        Assert.Equal(["told_whistled", "told_accepted"], await Codes(first));
    }

    [Fact]
    public async Task No_sentence_names_a_person_a_post_or_who_has_taken_themselves_out()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "recuse", new { });
        await Do("grid002", call.CallNo, "accept");
        var told = (await Json(call)).GetProperty("told");
        Assert.Equal(["told_whistled", "told_accepted", "told_lost", "told_accepted"], await Codes(call));
        foreach (var name in new[] { "grid001", "grid002" }) Assert.DoesNotContain((await Street.PostOf(name)).Value, told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("回避", told.GetRawText(), StringComparison.Ordinal);
        Assert.All(told.EnumerateArray(), one => Assert.Matches("[A-Za-z]{2}", one.GetProperty("textEn").GetString()!));
        Assert.All(told.EnumerateArray(), one => Assert.DoesNotContain("{", one.GetRawText()[1..^1], StringComparison.Ordinal));
    }

    private async Task<JsonElement> Json(WhistleReceipt call) => (await Street.Anyone.Read($"/api/track/{call.TrackingCode}")).Json;

    private async Task<string[]> Codes(WhistleReceipt call) => [.. (await Json(call)).GetProperty("told").EnumerateArray().Select(one => one.GetProperty("code").GetString()!)];

    private async Task<string?> Waits(WhistleReceipt call) => (await Json(call)).TryGetProperty("waits", out var waits) ? waits.GetProperty("code").GetString() : null;
}
