using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>核查、回访与评价: a handler never closes its own case; who was reached has evaluated, who was not has not.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class CallbackStories : StreetStory
{
    [Fact]
    public async Task A_grid_worker_who_took_no_part_verifies_and_then_the_caller_has_the_word()
    {
        var call = await Street.Blow();
        await Street.Handle("grid001", call.CallNo);
        await IsRefused("grid001", call.CallNo, "verify", 403, Codes.TookPart, new { passed = true });
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied" })).Problem(409, "evaluate_too_early");
        await Do("grid005", call.CallNo, "verify", new { passed = true }); // of the community's other team
        Assert.Equal(Street.Now.AddDays(7), (await Track(call)).EvaluateBy);
        Assert.Equal(CallStates.Closed, (await Evaluate(call, true, "mostlySatisfied")).State);
        Assert.Equal(["resolved", "verified", "evaluated solved satisfaction:mostlySatisfied"], (await Told(call.CallNo))[^3..]);
    }

    [Fact]
    public async Task Not_passed_it_goes_back_to_the_scene_with_a_fresh_clock_and_the_first_stays_on_record()
    {
        var call = await Street.Blow();
        await Street.Handle("grid001", call.CallNo);
        await Passes(TimeSpan.FromHours(2));
        await Do("grid002", call.CallNo, "verify", new { passed = false, note = "仍漏" });
        var steps = (await Track(call)).Steps;
        Assert.Equal(["accept", "arrive", "resolve", "resolve2"], steps.Select(s => s.Key));
        Assert.Equal((true, Street.Now.AddHours(24)), (steps[2].Met, steps[3].Due));
        await Do("grid001", call.CallNo, "resolve", new { report = "再修" });
        await IsRefused("grid002", call.CallNo, "verify", 403, Codes.TookPart, new { passed = true }); // who rejected has taken part
        Assert.Equal(["resolved", "rejected", "resolved"], (await Told(call.CallNo))[^3..]);
    }

    [Fact]
    public async Task A_verification_that_nobody_makes_in_a_working_day_climbs_to_the_community()
    {
        var call = await Street.Blow();
        await Street.Handle("grid001", call.CallNo);
        await Reaches(At("03-12 09:00"));
        Assert.Equal("team", (await Street.Card(call.CallNo)).Rung);
        await Passes(Moment);
        Assert.Equal("community", (await Street.Card(call.CallNo)).Rung);
        Assert.Equal(CallStates.Resolved, (await Track(call)).State);
        Assert.Equal("lapsed verify climbed:community", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task Who_is_reached_has_evaluated_with_it()
    {
        var call = await Verified();
        await IsRefused("grid003", call.CallNo, "callback", 403, Codes.NotEntitled, new { result = "noAnswer" });
        await Do("community01", call.CallNo, "callback", new { result = "reached", solved = true, satisfaction = "satisfied", note = "电话回访" });
        Assert.Equal((CallStates.Closed, false), ((await Track(call)).State, (await Track(call)).CanEvaluate));
        Assert.Equal("evaluated outcome:reached solved satisfaction:satisfied", (await Told(call.CallNo))[^1]);
        Assert.Equal((await Street.PostOf("community01")).Value, (await Street.Journal(call.CallNo))[^1].By);
    }

    [Fact]
    public async Task No_answer_keeps_the_clock_and_silence_is_never_satisfaction()
    {
        var call = await Verified();
        var by = (await Track(call)).EvaluateBy;
        foreach (var result in (string[])["noAnswer", "refused"])
        {
            await Passes(TimeSpan.FromDays(1));
            await Do("community01", call.CallNo, "callback", new { result });
            Assert.Equal((CallStates.Verified, by), ((await Track(call)).State, (await Track(call)).EvaluateBy));
        }

        await Reaches(by!.Value + Moment);
        Assert.Equal(CallStates.Closed, (await Track(call)).State);
        Assert.Equal(["calledBack outcome:noAnswer", "calledBack outcome:refused", "warned evaluate overtaken", "closed evaluate unrated"], (await Told(call.CallNo))[^4..]);
    }

    [Fact]
    public async Task Who_handled_it_never_calls_back()
    {
        var call = await Street.Blow(category: "01");
        await Street.Handle("community01", call.CallNo); // the desk took the S1 itself
        await Do("grid002", call.CallNo, "verify", new { passed = true });
        await IsRefused("community01", call.CallNo, "callback", 403, Codes.TookPart, new { result = "reached", solved = true, satisfaction = "satisfied" });
        await Do("duty", call.CallNo, "callback", new { result = "reached", solved = true, satisfaction = "satisfied" });
        Assert.Equal(CallStates.Closed, (await Track(call)).State);
        Assert.Equal((await Street.PostOf("duty")).Value, (await Street.Journal(call.CallNo))[^1].By);
    }

    [Fact]
    public async Task Not_solved_reopens_with_a_fresh_clock_and_the_second_time_goes_a_tier_up()
    {
        var call = await Verified();
        await Do("community01", call.CallNo, "callback", new { result = "reached", solved = false, satisfaction = "dissatisfied" });
        Assert.Equal((CallStates.OnScene, "gridWorker"), ((await Track(call)).State, (await Track(call)).Lead!.Post));
        await Do("grid001", call.CallNo, "resolve", new { report = "再修" });
        await Do("grid003", call.CallNo, "verify", new { passed = true });
        await Evaluate(call, false, "dissatisfied");
        var tracked = await Track(call);
        Assert.Equal((CallStates.OnScene, "communityDesk", "resolve3"), (tracked.State, tracked.Lead!.Post, tracked.Steps[^1].Key));
        Assert.Contains(CallFlags.Reopened, (await Street.Card(call.CallNo)).Flags);
        Assert.Equal("reopened notSolved satisfaction:dissatisfied climbed:community lead:community", (await Told(call.CallNo))[^1]);
        Assert.Contains("reopened outcome:reached notSolved satisfaction:dissatisfied", await Told(call.CallNo));
    }
}
