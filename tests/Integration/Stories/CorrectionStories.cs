using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>更正: the clocks are those that the first receipt should have had; what has lapsed has lapsed.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class CorrectionStories : StreetStory
{
    [Fact]
    public async Task A_level_raised_makes_the_clocks_those_of_the_first_receipt_and_what_is_past_lapses_at_once()
    {
        var call = await Street.Blow(category: "08"); // S3
        var receipt = Street.Now;
        await Passes(TimeSpan.FromMinutes(20));
        var card = await Do("community01", call.CallNo, "correct", new { level = "S2" });
        Assert.Equal([receipt.AddMinutes(15), receipt.AddHours(1), receipt.AddHours(24)], card.Answers.Select(a => a.Due));
        Assert.Equal(1, await Street.Sweep());
        var tracked = await Track(call);
        Assert.Equal(("S2", true, false), (tracked.Level, tracked.Steps[0].Breached, tracked.Steps[1].Breached));
        Assert.Equal(["whistled", "corrected level:S2", "warned accept overtaken", "lapsed accept climbed:community"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_lift_with_nobody_inside_is_corrected_to_S2_and_what_has_lapsed_stays_lapsed()
    {
        var call = await Street.Blow(category: "06"); // S1
        var receipt = Street.Now;
        await Passes(TimeSpan.FromMinutes(3) + Moment);
        await Do("grid001", call.CallNo, "accept");
        var card = await Do("grid001", call.CallNo, "correct", new { level = "S2" });
        Assert.Equal((true, receipt.AddMinutes(3)), (card.Answers[0].Breached, card.Answers[0].Due));
        Assert.Equal([receipt.AddHours(1), receipt.AddHours(24)], card.Answers.Skip(1).Select(a => a.Due));
        Assert.Equal(receipt.AddHours(24), (await Track(call)).Steps[2].Due);
        Assert.Equal(["accepted", "corrected level:S2"], (await Told(call.CallNo))[^2..]);
    }

    [Fact]
    public async Task Corrected_to_a_dispute_with_the_property_it_leaves_the_propertys_hands_and_sight()
    {
        await using var property = await Screen.FilledAsync(Street, "property01");
        var call = await Street.Blow(category: "22");
        await Do("property01", call.CallNo, "accept");
        await property.Shows(call.CallNo, CallStates.Accepted);
        var card = await Do("community01", call.CallNo, "correct", new { category = "23" });
        Assert.Equal((CallStates.Ringing, null), (card.State, card.Lead));
        await property.Until(s => !s.Cases.ContainsKey(call.CallNo));
        Assert.DoesNotContain(property.Frames[^1].Calls, c => c.CallNo == call.CallNo);
        (await (await Street.As("property01")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        Assert.Equal(CallStates.Ringing, (await Track(call)).State);
        Assert.Equal(["whistled", "accepted", "corrected category:23 recused:lead"], await Told(call.CallNo));
    }

    [Fact]
    public async Task The_place_is_corrected_within_the_community_and_the_team_of_the_place_is_rung()
    {
        await using var there = await Screen.FilledAsync(Street, "grid005");
        var call = await Street.Blow();
        var card = await Do("community01", call.CallNo, "correct", new { grid = "005" });
        Assert.Equal(("005", "02"), (card.Grid, Assert.Single(card.Teams)));
        await there.Shows(call.CallNo, CallStates.Ringing);
        Assert.Equal("005", (await Track(call)).Grid);
        Assert.Equal(["whistled", "corrected grid:005"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_correction_that_changes_nothing_is_none()
    {
        var call = await Street.Blow();
        await IsRefused("community01", call.CallNo, "correct", 422, Codes.NothingToCorrect, new { category = "02", level = "S2", grid = "001" });
        await IsRefused("community01", call.CallNo, "correct", 422, Codes.NothingToCorrect, new { });
        await IsRefused("community02", call.CallNo, "correct", 404, Codes.CallNotFound, new { level = "S1" });
        Assert.Equal(1, (await Track(call)).Version);
        Assert.Equal(["whistled"], await Told(call.CallNo));
    }

    [Fact]
    public async Task An_extension_that_was_granted_is_never_longer_than_the_span_of_the_corrected_level()
    {
        var call = await Street.Blow(category: "08");
        var receipt = Street.Now;
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 21, note = "等配件" });
        await Do("community01", call.CallNo, "rule", new { kind = "extension", granted = true });
        Assert.Equal(At("03-19 09:00"), (await Answer(call.CallNo, "resolve")).Due); // six working days
        await Do("community01", call.CallNo, "correct", new { level = "S1" });
        Assert.Equal(receipt.AddHours(4), (await Track(call)).Steps[2].Due);
        Assert.Equal(["granted petition:extension minutes:1260 until:03-19 09:00", "corrected level:S1"], (await Told(call.CallNo))[^2..]);
    }
}
