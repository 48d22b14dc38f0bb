using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>退单与指派: a return names its reason, a designated team does not refuse, and who is sent is rung alone.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class ReturnStories : StreetStory
{
    [Fact]
    public async Task A_team_hands_back_what_it_has_no_power_for_and_the_next_is_rung_at_once_by_the_same_clocks()
    {
        var call = await Street.Blow();
        var due = call.Answers[0].Due;
        await Do("grid001", call.CallNo, "accept");
        await IsRefused("grid001", call.CallNo, "return", 422, Codes.ReasonUnknown, new { });
        var card = await Do("grid001", call.CallNo, "return", new { reason = "noPower", note = "属供水公司" });
        Assert.Equal((CallStates.Ringing, "community", due), (card.State, card.Rung, card.Answers[0].Due));
        Assert.Equal(["02"], card.Teams);
        Assert.False((await Track(call)).Steps[0].Met);
        Assert.Equal(["whistled", "accepted", "returned reason:noPower climbed:community"], await Told(call.CallNo));
    }

    [Fact]
    public async Task The_third_return_goes_to_the_street_which_designates()
    {
        var call = await Street.Blow("044"); // community 07 has three teams
        foreach (var (member, team) in new[] { ("grid044", "13"), ("police14", "14"), ("police15", "15") })
        {
            await Do(member, call.CallNo, "accept");
            await Do(member, call.CallNo, "return", new { reason = team == "13" ? "wrongPlace" : "other", note = "不归我们" });
        }

        Assert.Equal("street", (await Street.Card(call.CallNo)).Rung);
        await Do("duty", call.CallNo, "designate", new { team = "13", note = "就近" });
        Assert.Equal("13", (await Do("police13", call.CallNo, "accept")).Lead!.Team);
        Assert.Equal((await Street.PostOf("duty")).Value, (await Street.Journal(call.CallNo))[^2].By);
        Assert.Equal(["returned reason:other climbed:street", "designated team:13", "accepted"], (await Told(call.CallNo))[^3..]);
    }

    [Fact]
    public async Task A_designated_team_refuses_only_for_want_of_power_or_of_safety_and_then_the_street_decides()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Do("grid004", call.CallNo, "accept");
        await IsRefused("grid004", call.CallNo, "return", 409, Codes.TeamDesignated, new { reason = "other", note = "忙" });
        var card = await Do("grid004", call.CallNo, "return", new { reason = "unsafe", note = "带电" });
        Assert.Equal((CallStates.Ringing, "street"), (card.State, card.Rung));
        Assert.DoesNotContain(CallFlags.Designated, card.Flags);
        Assert.Equal(["whistled", "designated team:02", "accepted", "returned reason:unsafe climbed:street"], await Told(call.CallNo));
    }

    [Fact]
    public async Task Who_is_sent_is_rung_alone_even_when_the_shift_changes()
    {
        await using var before = await Screen.FilledAsync(Street, "police01");
        var call = await Street.Blow();
        await before.Shows(call.CallNo, CallStates.Ringing);
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await before.Until(s => !s.Cases.ContainsKey(call.CallNo));
        await Street.SignOff("police03");
        Assert.Equal(0, await Street.Sweep());
        Assert.Equal(["02"], (await Street.Card(call.CallNo)).Teams);
        await IsRefused("grid001", call.CallNo, "accept", 404, Codes.CallNotFound);
        Assert.Equal(["whistled", "designated team:02"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_designated_team_that_goes_off_duty_is_skipped_at_once()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Street.SignOff("grid004", "grid005", "grid006", "grid007", "property02", "police02");
        await Street.Sweep();
        Assert.Contains("01", (await Street.Card(call.CallNo)).Teams);
        Assert.Equal("rang rang:team", (await Told(call.CallNo))[^1]);
        await IsRefused("community01", call.CallNo, "designate", 409, Codes.NobodyOnDuty, new { team = "02", note = "再派" });
    }

    [Fact]
    public async Task A_case_in_hand_is_sent_to_another_team_and_the_first_sees_it_no_longer()
    {
        await using var first = await Screen.FilledAsync(Street, "grid001");
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await first.Shows(call.CallNo, CallStates.OnScene);
        await IsRefused("community01", call.CallNo, "designate", 422, Codes.ReasonMissing, new { team = "02" });
        await IsRefused("grid001", call.CallNo, "designate", 403, Codes.NotEntitled, new { team = "02", note = "给二队" });
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "首派不准" });
        await first.Until(s => !s.Cases.ContainsKey(call.CallNo));
        Assert.Equal((CallStates.Ringing, false), ((await Track(call)).State, (await Track(call)).Steps[1].Met));
        Assert.Equal("designated team:02 from:01", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task Where_another_team_takes_what_a_designated_one_left_lying_it_is_not_the_designated_one()
    {
        var call = await Street.Blow();
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Passes(TimeSpan.FromMinutes(15) + Moment); // it climbs, and the community's others ring as well
        var card = await Do("grid001", call.CallNo, "accept");
        Assert.Equal("01", card.Lead!.Team);
        Assert.DoesNotContain(CallFlags.Designated, card.Flags);
        Assert.Equal(CallStates.Ringing, (await Do("grid001", call.CallNo, "return", new { reason = "other", note = "忙" })).State);
        Assert.Equal("returned reason:other", (await Told(call.CallNo))[^1]);
    }
}
