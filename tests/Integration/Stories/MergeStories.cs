using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>并案与我也遇到: one case, every caller told, counted once, and reversible.</summary>
public sealed class MergeStories : StreetStory
{
    [Fact]
    public async Task Both_callers_keep_their_codes_and_follow_the_one_case()
    {
        var (first, second) = (await Street.Blow(), await Street.Blow());
        await Do("grid001", first.CallNo, "accept");
        await Do("community01", second.CallNo, "merge", new { into = first.CallNo });
        await Do("grid001", first.CallNo, "arrive");
        var (one, other) = (await Track(first), await Track(second));
        Assert.Equal((first.CallNo, CallStates.OnScene, (bool?)null), (one.CallNo, one.State, one.Together));
        Assert.Equal((second.CallNo, CallStates.OnScene, (bool?)true), (other.CallNo, other.State, other.Together));
        Assert.Equal((true, false), (other.CanWithdraw, other.CanEvaluate)); // their own part; nothing is to be evaluated yet
        Assert.Equal((1, second.CallNo), ((await Street.Card(first.CallNo)).Others, (await Street.Card(second.CallNo)).CallNo));
        Assert.Equal(["whistled", $"merged into:{first.CallNo}"], await Told(second.CallNo));
        Assert.Equal(["whistled", "accepted", $"joined other:{second.CallNo}", "arrived"], await Told(first.CallNo));
    }

    [Fact]
    public async Task A_merged_case_leaves_boards_after_a_last_look_and_no_clock_of_it_runs()
    {
        await using var duty = await Screen.FilledAsync(Street, "duty");
        var (first, second) = (await Street.Blow(), await Street.Blow());
        await duty.Shows(second.CallNo, CallStates.Ringing);
        await Do("duty", second.CallNo, "merge", new { into = first.CallNo });
        Assert.Equal(first.CallNo, (await duty.Shows(second.CallNo, CallStates.Merged)).MergedInto);
        Assert.True(CallState.HasEnded(duty.Cases[second.CallNo].State));
        Assert.DoesNotContain((await (await Street.As("duty")).Read("/api/board")).Value<Board>().Calls, c => c.CallNo == second.CallNo);
        await Passes(TimeSpan.FromDays(2));
        Assert.False((await Street.Card(second.CallNo)).Answers[0].Breached);
        Assert.Equal(["whistled", $"merged into:{first.CallNo}"], await Told(second.CallNo));
    }

    [Fact]
    public async Task Taken_out_again_it_stands_where_it_stood_by_the_clocks_of_its_receipt()
    {
        var (first, second) = (await Street.Blow(), await Street.Blow());
        await Do("grid001", second.CallNo, "accept");
        await Do("community01", second.CallNo, "merge", new { into = first.CallNo });
        await Passes(TimeSpan.FromMinutes(70));
        var card = await Do("community01", second.CallNo, "unmerge", new { });
        Assert.Equal((CallStates.Accepted, second.Answers[1].Due), (card.State, card.Answers[1].Due));
        await Street.Sweep();
        Assert.Equal("communityDesk", (await Track(second)).Lead!.Post); // 二应 had lapsed meanwhile
        Assert.Null((await Street.Card(first.CallNo)).Others);
        Assert.Equal([$"unmerged into:{first.CallNo}", "warned arrive overtaken", "lapsed arrive climbed:community lead:community"], (await Told(second.CallNo))[^3..]);
        Assert.Contains($"parted other:{second.CallNo}", await Told(first.CallNo));
    }

    [Fact]
    public async Task Taken_out_again_it_rings_who_is_on_duty_now()
    {
        var (first, second) = (await Street.Blow(), await Street.Blow());
        await Do("community01", second.CallNo, "merge", new { into = first.CallNo });
        await Street.SignOff("grid001", "grid002", "grid003", "property01", "police01");
        await Street.Sweep();
        var card = await Do("community01", second.CallNo, "unmerge", new { });
        Assert.Equal("community", card.Rung);
        Assert.Contains("02", card.Teams);
        Assert.Equal(CallStates.Ringing, (await Track(second)).State);
        Assert.Equal([$"unmerged into:{first.CallNo} skipped:team climbed:community"], (await Told(second.CallNo))[^1..]);
    }

    [Fact]
    public async Task A_desk_does_not_merge_into_what_it_does_not_see_and_learns_nothing_of_it()
    {
        var (mine, theirs) = (await Street.Blow(), await Street.Blow("008"));
        foreach (var into in (string[])[theirs.CallNo, "W260311-99999", mine.CallNo]) await IsRefused("community01", mine.CallNo, "merge", 409, Codes.CannotMerge, new { into });
        await IsRefused("community02", mine.CallNo, "merge", 404, Codes.CallNotFound, new { into = theirs.CallNo });
        await Do("duty", mine.CallNo, "merge", new { into = theirs.CallNo }); // the street sees both
        Assert.Equal(theirs.CallNo, (await Street.Card(mine.CallNo)).MergedInto);
        Assert.Equal(["whistled", $"merged into:{theirs.CallNo}"], await Told(mine.CallNo));
    }

    [Fact]
    public async Task Nothing_is_merged_into_a_case_that_is_merged_itself_or_over()
    {
        var calls = new List<WhistleReceipt>();
        for (var i = 0; i < 4; i++) calls.Add(await Street.Blow());
        await Do("community01", calls[1].CallNo, "merge", new { into = calls[0].CallNo });
        await Street.Anyone.Send($"/api/track/{calls[3].TrackingCode}/withdraw");
        foreach (var into in (string[])[calls[1].CallNo, calls[3].CallNo]) await IsRefused("community01", calls[2].CallNo, "merge", 409, Codes.CannotMerge, new { into });
        await IsRefused("community01", calls[0].CallNo, "merge", 409, Codes.CannotMerge, new { into = calls[2].CallNo }); // others have joined it
        Assert.Equal(CallStates.Ringing, (await Track(calls[2])).State);
        Assert.Equal(["whistled"], await Told(calls[2].CallNo));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_goes_on_together_hides_what_either_hides(bool intoHidden)
    {
        await using var property = await Screen.FilledAsync(Street, "property01");
        var (open, hidden) = (await Street.Blow(), await Street.Blow(hide: true));
        await Do("property01", open.CallNo, "accept");
        await property.Shows(open.CallNo, CallStates.Accepted);
        var (from, into) = intoHidden ? (open, hidden) : (hidden, open);
        await Do("community01", from.CallNo, "merge", new { into = into.CallNo });
        await property.Until(s => !s.Cases.ContainsKey(open.CallNo));
        Assert.False(property.EverSaw(hidden.CallNo));
        foreach (var no in (string[])[open.CallNo, hidden.CallNo]) (await (await Street.As("property01")).Read($"/api/calls/{no}")).Problem(404, Codes.CallNotFound);
        Assert.Equal(CallStates.Ringing, (await Track(open)).State); // what property had in hand, nobody has
        Assert.Contains((await Told(into.CallNo))[^1], (string[])[$"joined other:{from.CallNo}", $"joined other:{from.CallNo} recused:lead"]);
        Assert.Equal(CallStates.Ringing, (await Do("community01", from.CallNo, "unmerge", new { })).State);
        Assert.Equal("01", (await Do("grid001", open.CallNo, "accept")).Lead!.Team);
    }

    [Fact]
    public async Task Who_met_the_same_joins_with_their_own_whistle_and_rings_nobody_twice()
    {
        var first = await Street.Blow();
        var second = await Joins(first.CallNo, "02");
        Assert.Equal((true, CallStates.Ringing), ((await Track(second)).Together, (await Track(second)).State));
        Assert.Equal(1, (await Street.Card(first.CallNo)).Others);
        Assert.Equal(["whistled", $"merged into:{first.CallNo}"], await Told(second.CallNo));
        Assert.Equal(["whistled", $"joined other:{second.CallNo}"], await Told(first.CallNo));
    }

    [Fact]
    public async Task Joining_a_case_that_has_meanwhile_ended_becomes_a_case_of_its_own()
    {
        var first = await Street.Blow();
        await Street.Anyone.Send($"/api/track/{first.TrackingCode}/withdraw");
        var second = await Joins(first.CallNo, "02");
        Assert.Equal((null, CallStates.Ringing), ((await Track(second)).Together, (await Track(second)).State));
        Assert.Equal(["01"], (await Street.Card(second.CallNo)).Teams);
        Assert.Equal(["whistled"], await Told(second.CallNo));
    }

    [Fact]
    public async Task Who_names_another_matter_or_another_place_or_is_in_danger_gets_a_case_of_their_own()
    {
        var first = await Street.Blow();
        var others = new[]
        {
            await Joins(first.CallNo, "03"), await Joins(first.CallNo, "02", grid: "002"), await Joins(first.CallNo, "02", danger: true), await Joins("W260311-99999", "02"),
            await Joins((await Street.Blow(hide: true)).CallNo, "02"), // hidden from somebody: a number that was guessed opens nothing
        };
        foreach (var other in others)
        {
            Assert.Equal((null, CallStates.Ringing), ((await Track(other)).Together, (await Track(other)).State));
            Assert.Equal(["whistled"], await Told(other.CallNo));
        }

        Assert.Equal("S1", (await Track(others[2])).Level);
        Assert.Null((await Street.Card(first.CallNo)).Others);
    }

    private async Task<WhistleReceipt> Joins(string joins, string category, string grid = "001", bool danger = false) =>
        (await Street.Anyone.Send("/api/whistles", new { grid, category, danger, joins, description = "我也遇到" })).Value<WhistleReceipt>(HttpStatusCode.Created);
}
