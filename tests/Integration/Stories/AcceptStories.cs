using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>接单与升级: the first tap wins, and what nobody takes climbs 管家队 → 社区 → 街道.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class AcceptStories : StreetStory
{
    [Fact]
    public async Task The_first_tap_wins_and_every_screen_of_the_team_learns_which_team_and_post()
    {
        await using var police = await Screen.FilledAsync(Street, "police01");
        await using var head = await Screen.FilledAsync(Street, "head01");
        var call = await Street.Blow();
        await police.Shows(call.CallNo, CallStates.Ringing);
        await Do("grid001", call.CallNo, "accept");
        await IsRefused("police01", call.CallNo, "accept", 409, Codes.AlreadyAccepted);
        var lead = new LeadCard("01", "gridWorker", "01");
        Assert.Equal((lead, lead), ((await police.Shows(call.CallNo, CallStates.Accepted)).Lead, (await head.Shows(call.CallNo, CallStates.Accepted)).Lead));
        Assert.Equal(lead, (await Track(call)).Lead);
        Assert.Equal(["whistled", "accepted"], await Told(call.CallNo));
    }

    [Fact]
    public async Task What_nobody_takes_rings_the_communitys_other_teams_and_then_the_street_designates()
    {
        await using var other = await Screen.FilledAsync(Street, "grid004");
        var call = await Street.Blow();
        await Passes(TimeSpan.FromMinutes(15) + Moment);
        Assert.Equal(["01", "02"], (await other.Shows(call.CallNo, CallStates.Ringing)).Teams);
        await Passes(TimeSpan.FromMinutes(15));
        Assert.Equal("street", (await Street.Card(call.CallNo)).Rung);
        var card = await Do("duty", call.CallNo, "designate", new { team = "02", note = "一队抢修未归" });
        Assert.Equal((CallStates.Ringing, "02"), (card.State, Assert.Single(card.Teams)));
        Assert.Contains(CallFlags.Designated, card.Flags);
        Assert.Equal("02", (await Do("grid004", call.CallNo, "accept")).Lead!.Team);
        Assert.True((await Track(call)).Steps[0].Breached);
        Assert.Equal(["whistled", "warned accept overtaken", "lapsed accept climbed:community", "doubleLapsed accept climbed:street", "designated team:02", "accepted"], await Told(call.CallNo));
    }

    [Fact]
    public async Task An_S1_rings_both_desks_at_second_zero_and_the_one_who_takes_it_keeps_it()
    {
        await using var duty = await Screen.FilledAsync(Street, "duty");
        var call = await Street.Blow(category: "01");
        Assert.Equal(("S1", "team"), ((await duty.Shows(call.CallNo, CallStates.Ringing)).Level, duty.Cases[call.CallNo].Rung));
        Assert.Equal(new LeadCard(null, "streetDesk", null), (await Do("duty", call.CallNo, "accept")).Lead);
        Assert.Equal((CallStates.Accepted, "streetDesk"), ((await Track(call)).State, (await Track(call)).Lead!.Post));
        Assert.Equal(["whistled", "accepted"], await Told(call.CallNo));
    }

    [Fact]
    public async Task Somebody_called_119_because_software_cannot_and_it_is_written_down_once()
    {
        var call = await Street.Blow(category: "04");
        await Do("community01", call.CallNo, "emergency", new { number = "119", note = "已拨打" });
        await Do("community01", call.CallNo, "emergency", new { number = "119" });
        await IsRefused("community01", call.CallNo, "emergency", 422, Codes.OutOfBounds, new { number = "12345" });
        Assert.Equal(CallStates.Ringing, (await Track(call)).State);
        Assert.Equal(["whistled", "emergencyConfirmed number:119"], await Told(call.CallNo));
        Assert.Equal((await Street.PostOf("community01")).Value, (await Street.Journal(call.CallNo))[^1].By);
    }

    [Fact]
    public async Task Who_accepted_and_does_not_come_loses_the_lead_and_the_community_calls_a_second_whistle()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        await Passes(TimeSpan.FromHours(1) + Moment);
        Assert.Equal("communityDesk", (await Track(call)).Lead!.Post);
        await Do("community01", call.CallNo, "summon", new { party = "water" });
        await Do("grid001", call.CallNo, "arrive"); // the team stays attached
        var card = await Street.Card(call.CallNo);
        Assert.Equal((CallStates.OnScene, "01"), (card.State, Assert.Single(card.Teams)));
        Assert.Equal(
            ["whistled", "accepted", "warned arrive overtaken", "lapsed arrive climbed:community lead:community", "summoned answer:party-water party:water", "arrived"], await Told(call.CallNo));
    }

    [Fact]
    public async Task The_second_officer_s_designation_is_warned_of_the_first_and_replaces_it_only_when_they_know()
    {
        var call = await Street.Blow();
        await Do("duty", call.CallNo, "designate", new { team = "02", note = "就近", instead = "" });
        var late = (await (await Street.As("duty2")).Send($"/api/calls/{call.CallNo}/designate", new { team = "03", note = "就近", instead = "" })).Problem(409, Codes.DesignatedMeanwhile);
        Assert.Contains("02", late.Title, StringComparison.Ordinal);
        Assert.Equal(["02"], (await Street.Card(call.CallNo)).Teams);
        await Do("duty2", call.CallNo, "designate", new { team = "03", note = "就近", instead = "02" });
        await Do("duty", call.CallNo, "designate", new { team = "02", note = "就近" }); // who says nothing of what they saw replaces whatever stands
        Assert.Equal(["02"], (await Street.Card(call.CallNo)).Teams);
    }
}
