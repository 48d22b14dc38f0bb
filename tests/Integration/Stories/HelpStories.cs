using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>请邻队增援: a neighbour team helps, and the lead keeps the case and its clocks.</summary>
public sealed class HelpStories : StreetStory
{
    [Fact]
    public async Task A_neighbour_called_by_the_lead_hears_it_comes_reads_the_case_and_takes_nothing_from_the_lead()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var before = await Street.Card(call.CallNo);
        (await (await Street.As("grid004")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        await using var neighbour = await Screen.FilledAsync(Street, "grid004");
        var after = await Do("grid001", call.CallNo, "help", new { team = "02" });
        await neighbour.Until(s => s.Cases.TryGetValue(call.CallNo, out var c) && c.Answers.Any(a => a is { Kind: "help", Party: "02", Met: false }));
        Assert.Equal((before.State, before.Lead, before.NextDue, before.BreachAt), (after.State, after.Lead, before.NextDue, after.BreachAt));
        Assert.Equal(before.Answers, after.Answers.Where(a => a.Kind != "help"));
        Assert.Equal(["come", "cannotCome"], (await Detail("grid004", call.CallNo)).Commands.Where(c => c is "come" or "cannotCome" or "arrive" or "resolve" or "return" or "accept"));

        await Do("grid004", call.CallNo, "come");
        foreach (var command in (string[])["resolve", "return"]) (await (await Street.As("grid004")).Send($"/api/calls/{call.CallNo}/{command}", new { report = "好", reason = "noPower" })).Problem(403, Codes.WrongTeam);
        (await (await Street.As("grid004")).Send($"/api/calls/{call.CallNo}/contact", new { note = "找不到地方" })).Problem(409, Codes.OutOfTurn);
        await Do("grid004", call.CallNo, "note", new { note = "带了抽水泵" });
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
        (await (await Street.As("grid004")).Send($"/api/calls/{call.CallNo}/verify", new { passed = true })).Problem(403, Codes.TookPart);
        Assert.Equal(["whistled", "accepted", "arrived", "helpCalled team:02", "helpComes team:02", "noted", "resolved"], await Told(call.CallNo));
        var track = await Track(call);
        Assert.Contains(track.Told, line => line.Code == "told_helpComes");
        Assert.DoesNotContain(track.Steps, step => step.Kind == "help");
    }

    [Fact]
    public async Task A_neighbour_that_cannot_come_reads_the_case_no_longer_and_the_lead_may_call_another()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await using var neighbour = await Screen.FilledAsync(Street, "grid004");
        await Do("grid001", call.CallNo, "help", new { team = "02" });
        await neighbour.Until(s => s.Cases.ContainsKey(call.CallNo));
        await Do("grid004", call.CallNo, "cannotCome", new { note = "手上有急事" });
        await neighbour.Until(s => !s.Cases.ContainsKey(call.CallNo));
        (await (await Street.As("grid004")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        await IsRefused("grid001", call.CallNo, "help", 404, "team_unknown", new { team = "03" }); // another community's is the street's to call
        await Do("duty", call.CallNo, "help", new { team = "03" });
        await Do("grid008", call.CallNo, "come");
        await Do("grid001", call.CallNo, "help", new { team = "02" });
        await Do("grid001", call.CallNo, "release", new { answer = "help-02-2", note = "人够了" });
        (await (await Street.As("grid004")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        await Do("grid001", call.CallNo, "resolve", new { report = "好" });
    }

    [Fact]
    public async Task A_silent_neighbour_is_told_to_the_community_and_holds_nothing_up()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "help", new { team = "02" });
        await Passes(TimeSpan.FromMinutes(15)); // as the level's 接单
        Assert.False((await Answer(call.CallNo, "help-02")).Breached);
        await Passes(Moment);
        Assert.Equal("lapsed help-02 climbed:community", (await Told(call.CallNo))[^1]);
        Assert.Equal("01", (await Street.Card(call.CallNo)).Lead!.Team);
        Assert.Equal(CallStates.Resolved, (await Do("grid001", call.CallNo, "resolve", new { report = "好" })).State);
    }

    [Fact]
    public async Task Who_helps_counts_as_busy_as_who_leads()
    {
        var (call, other) = (await Street.Blow(), await Street.Blow());
        await OnScene("grid001", call.CallNo);
        async Task<int> Open(string team) => (await (await Street.As("duty")).Read($"/api/calls/{other.CallNo}/candidates")).Value<CandidatesView>().Teams.Single(t => t.Team == team).Open;
        Assert.Equal((1, 0), (await Open("01"), await Open("02")));
        await Do("grid001", call.CallNo, "help", new { team = "02" });
        Assert.Equal(0, await Open("02")); // called is not helping yet
        await Do("grid004", call.CallNo, "come");
        Assert.Equal((1, 1), (await Open("01"), await Open("02")));
    }

    private async Task<CallDetail> Detail(string userName, string no) => (await (await Street.As(userName)).Read($"/api/calls/{no}")).Value<CallDetail>();
}
