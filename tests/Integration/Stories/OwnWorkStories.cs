using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>Nobody verifies, calls back or rates what they reported or handled.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class OwnWorkStories : StreetStory
{
    [Fact]
    public async Task Whoever_reported_a_case_from_the_round_does_not_verify_it()
    {
        var call = await Written("grid001", "patrol");
        await Street.Handle("grid002", call.CallNo);
        Assert.DoesNotContain("verify", await Commands("grid001", call.CallNo));
        await IsRefused("grid001", call.CallNo, "verify", 403, Codes.TookPart, new { passed = true });
        await Do("grid003", call.CallNo, "verify", new { passed = true });
        Assert.Equal(["resolved", "verified"], (await Told(call.CallNo))[^2..]);
    }

    [Fact]
    public async Task A_case_from_the_round_has_no_caller_who_could_rate_it()
    {
        var call = await Written("grid001", "patrol");
        await Street.Handle("grid002", call.CallNo);
        await Do("grid003", call.CallNo, "verify", new { passed = true });
        Assert.False((await Track(call)).CanEvaluate);
        foreach (var client in new[] { Street.Anyone, await Street.As("grid001") })
            (await client.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied" })).Problem(409, "no_caller");
        await Passes(TimeSpan.FromDays(7) + Moment);
        Assert.Equal("closed evaluate unrated", (await Told(call.CallNo))[^1]);
        var street = Assert.Single((await (await Street.As("leader")).Read("/api/rates?from=2026-03-11&to=2026-03-11")).Value<RatesView>().Groups);
        Assert.Equal((1, 0, 0), (street.Cases, street.Solved.Of, street.Satisfied.Of));
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("counter")]
    public async Task Whoever_wrote_a_callers_words_down_neither_calls_back_nor_rates_in_their_place(string source)
    {
        var call = await Written("community01", source);
        await Street.Handle("grid001", call.CallNo);
        await Do("grid002", call.CallNo, "verify", new { passed = true });
        Assert.DoesNotContain("callback", await Commands("community01", call.CallNo));
        await IsRefused("community01", call.CallNo, "callback", 403, Codes.TookPart, new { result = "reached", solved = true, satisfaction = "satisfied" });
        await MayNotRate("community01", call);
        Assert.Equal(CallStates.Closed, (await Evaluate(call, true, "satisfied")).State); // the caller, by their own code
    }

    [Fact]
    public async Task Whoever_handled_a_case_does_not_rate_it_by_the_callers_code()
    {
        var call = await Verified();
        foreach (var name in (string[])["grid001", "grid002"]) await MayNotRate(name, call);
        Assert.True((await (await Street.As("grid005")).Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>().CanEvaluate); // a neighbour of the case, and nothing more
        Assert.Equal(CallStates.Closed, (await Evaluate(call, true, "satisfied")).State);
    }

    [Fact]
    public async Task Whoever_wrote_down_a_whistle_about_the_same_matter_does_not_verify_it()
    {
        var call = await Street.Blow();
        var joined = (await (await Street.As("grid002")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone", joins = call.CallNo })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.True((await Track(joined)).Together);
        await Street.Handle("grid001", call.CallNo);
        await IsRefused("grid002", call.CallNo, "verify", 403, Codes.TookPart, new { passed = true });
        await Do("grid003", call.CallNo, "verify", new { passed = true });
    }

    [Fact]
    public async Task The_page_of_a_case_offers_its_officer_no_rating_and_takes_none()
    {
        var call = await Written("community01", "phone");
        await Street.Handle("grid001", call.CallNo);
        await Do("grid002", call.CallNo, "verify", new { passed = true });
        var cookie = await Street.CookieOf("community01");
        var path = $"/t/{call.TrackingCode}";
        Assert.DoesNotContain("act=evaluate", (await Street.Anyone.Ask(HttpMethod.Get, path, shape: r => r.Headers.Add("Cookie", cookie))).Text, StringComparison.Ordinal);
        var form = new FormUrlEncodedContent([KeyValuePair.Create("solved", "yes"), KeyValuePair.Create("satisfaction", "satisfied")]);
        Assert.Equal(HttpStatusCode.Forbidden, (await Street.Anyone.Ask(HttpMethod.Post, path + "?handler=evaluate", form, shape: r => r.Headers.Add("Cookie", cookie))).Status);
        Assert.Equal(CallStates.Verified, (await Street.Card(call.CallNo)).State);
        Assert.Contains("act=evaluate", (await Street.Anyone.Read(path)).Text, StringComparison.Ordinal);
    }

    private async Task MayNotRate(string userName, WhistleReceipt call)
    {
        var client = await Street.As(userName);
        Assert.False((await client.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>().CanEvaluate);
        (await client.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied" })).Problem(403, Codes.TookPart);
        Assert.Equal(CallStates.Verified, (await Street.Card(call.CallNo)).State);
    }

    private async Task<WhistleReceipt> Written(string officer, string source) =>
        (await (await Street.As(officer)).Send("/api/whistles", new { grid = "001", category = "02", source, description = "积水" })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private async Task<string[]> Commands(string userName, string no) =>
        [.. (await (await Street.As(userName)).Read($"/api/calls/{no}")).Json.GetProperty("commands").EnumerateArray().Select(c => c.GetString()!)];
}
