using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>疑难与上报: the long limit with a plan, and what the city has to do.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class HardCaseStories : StreetStory
{
    [Fact]
    public async Task A_difficult_case_gets_fifteen_working_days_from_the_first_receipt_with_a_plan()
    {
        var call = await Street.Blow(category: "22"); // S3
        await OnScene("grid001", call.CallNo);
        await Passes(TimeSpan.FromHours(30));
        await IsRefused("community01", call.CallNo, "difficult", 422, Codes.ReasonMissing, new { });
        await IsRefused("grid001", call.CallNo, "difficult", 403, Codes.NotEntitled, new { note = "难" });
        await Do("community01", call.CallNo, "difficult", new { note = "分三步：查漏、协商、维修" });
        Assert.Equal(At("04-01 09:00"), (await Track(call)).Steps[2].Due);
        Assert.Contains(CallFlags.Difficult, (await Street.Card(call.CallNo)).Flags);
        Assert.Equal("difficult", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task What_has_lapsed_is_not_made_good_by_calling_it_difficult()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Passes(TimeSpan.FromHours(24) + Moment);
        await IsRefused("community01", call.CallNo, "difficult", 409, Codes.TooLate, new { note = "方案" });
        Assert.True((await Track(call)).Overdue);
        Assert.DoesNotContain("difficult", await Told(call.CallNo));
    }

    [Fact]
    public async Task Handed_up_the_street_leads_and_only_the_citys_clock_runs()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var until = Street.Now.AddDays(5);
        await IsRefused("community01", call.CallNo, "handUp", 403, Codes.NotEntitled, new { until, note = "市级管网" });
        await IsRefused("duty", call.CallNo, "handUp", 422, Codes.OutOfBounds, new { until = Street.Now.AddDays(-1), note = "市级管网" });
        var card = await Do("duty", call.CallNo, "handUp", new { until, note = "市级管网" });
        Assert.Equal((CallStates.HandedUp, "streetDesk", until, "01"), (card.State, card.Lead!.Post, card.BreachAt!.Value, Assert.Single(card.Teams)));
        await Passes(TimeSpan.FromDays(5));
        Assert.False((await Track(call)).Steps[2].Breached); // our clocks stand still
        await Passes(Moment);
        Assert.True((await Track(call)).Overdue);
        await Do("duty", call.CallNo, "resolve", new { report = "市级已修" });
        Assert.Equal(CallStates.Resolved, (await Track(call)).State);
        Assert.Equal([$"handedUp until:{Wall(until)}", "warned outside", "lapsed outside supervised", "resolved"], (await Told(call.CallNo))[^4..]);
    }

    [Fact]
    public async Task A_party_that_was_called_before_the_city_may_still_answer_or_be_released()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        foreach (var party in (string[])["water", "gas"]) await Do("grid001", call.CallNo, "summon", new { party });
        var link = await Link("grid001", call.CallNo, "party-water");
        await Do("duty", call.CallNo, "handUp", new { until = Street.Now.AddDays(5), note = "市级管网" });
        await IsRefused("duty", call.CallNo, "resolve", 409, Codes.AnswersOwed, new { report = "好" });
        Assert.True((await Street.Anyone.Send(link + "/attend", new { })).Value<PartyView>().Met);
        await Do("duty", call.CallNo, "release", new { answer = "party-gas", note = "市级已处理" });
        await Do("duty", call.CallNo, "resolve", new { report = "市级已修" });
        Assert.Equal(CallStates.Resolved, (await Track(call)).State);
        Assert.Equal(["handedUp until:03-16 09:00", "attended answer:party-water party:water", "released answer:party-gas party:gas", "resolved"], (await Told(call.CallNo))[^4..]);
    }
}
