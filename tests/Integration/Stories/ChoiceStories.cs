using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>派谁: a desk is advised whom to send, a post is told of itself alone, and whom a case rings it rings all the same.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class ChoiceStories : StreetStory
{
    [Fact]
    public async Task A_desk_sees_its_teams_with_their_reasons_the_freest_near_one_first_and_who_has_nobody_last()
    {
        var call = await Street.Blow();
        var before = await Ask("community01", call);
        Assert.Equal("balanced", before.Order);
        Assert.Equal([("01", "own", 5, 5, 0), ("02", "community", 6, 6, 0)], before.Teams.Select(t => (t.Team, t.Nearness, t.OnDuty, t.Free, t.Open)));
        Assert.Equal(("gridWorker", "001", 0, true), (before.Teams[0].Post, before.Teams[0].Grid, before.Teams[0].Metres, before.Teams[0].OnTime));

        // Everybody of team 01 gets something in hand: the neighbours are sooner there, and the street sees those of other communities too.
        foreach (var who in new[] { "grid001", "grid002", "grid003", "property01", "police01" }) await OnScene(who, (await Street.Blow()).CallNo);
        var after = await Ask("community01", call);
        Assert.Equal(["02", "01"], after.Teams.Select(t => t.Team));
        Assert.Equal((0, 5), (after.Teams[1].Free, after.Teams[1].Open));
        Assert.True(after.Teams[0].Minutes < after.Teams[1].Minutes);
        Assert.Contains((await Ask("duty", call)).Teams, t => t.Nearness is "adjacent" or "elsewhere");

        // Nobody of team 02 is on duty: it stands last and says so. The case rings the team that it rang, advised or not.
        await Street.SignOff("grid004", "grid005", "grid006", "grid007", "property02", "police02");
        var empty = (await Ask("community01", call)).Teams[^1];
        Assert.Equal(("02", 0, null, null), (empty.Team, empty.OnDuty, empty.Minutes, empty.Post));
        Assert.Equal(["01"], (await Street.Card(call.CallNo)).Teams);
        await Do("grid003", call.CallNo, "accept"); // busy and not advised, and the first to tap
        Assert.DoesNotContain((await Ask("community01", call)).Teams, t => t.Team == "01"); // it has it
    }

    [Fact]
    public async Task A_post_is_told_whether_it_is_advised_and_what_it_has_taken_and_nothing_of_anybody_else()
    {
        var call = await Street.Blow();
        Assert.Equal(new OwnChoice(true, 0, 0), (await Ask("grid001", call)).Own);
        var other = await Ask("grid002", call);
        Assert.Equal((new OwnChoice(false, 0, 0), 0), (other.Own, other.Teams.Count));
        var hidden = await Street.Blow(hide: true);
        (await (await Street.As("property01")).Read($"/api/calls/{hidden.CallNo}/candidates")).Problem(404, Codes.CallNotFound);
        (await (await Street.As("grid044")).Read($"/api/calls/{call.CallNo}/candidates")).Problem(404, Codes.CallNotFound);
        (await (await Street.As("head01")).Read($"/api/calls/{call.CallNo}/candidates")).Problem(403, Codes.Forbidden);
        (await (await Street.As("duty")).Read("/api/calls/W260311-99999/candidates")).Problem(404, Codes.CallNotFound);

        await Street.Handle("grid002", call.CallNo);
        (await (await Street.As("duty")).Read($"/api/calls/{call.CallNo}/candidates")).Problem(409, Codes.OutOfTurn);
        await Do("grid001", call.CallNo, "verify", new { passed = true });
        await Evaluate(call, solved: true, "satisfied");
        (await (await Street.As("duty")).Read($"/api/calls/{call.CallNo}/candidates")).Problem(409, Codes.CallOver);
    }

    [Fact]
    public async Task What_a_team_has_taken_in_30_days_is_counted_anew_after_ten_minutes_and_forgotten_after_30_days()
    {
        var call = await Street.Blow("004");
        await Ask("duty", call); // counted: nothing yet
        for (var i = 0; i < 3; i++) await Do("grid001", (await Street.Blow()).CallNo, "accept");
        await Do("police02", (await Street.Blow("005")).CallNo, "accept");
        Assert.All((await Ask("community01", call)).Teams, t => Assert.Equal((0, null), (t.Taken, t.Share)));
        await Passes(LoadQueries.MaxAge);
        Assert.Equal([("01", 3, 0.75), ("02", 1, 0.25)], (await Ask("community01", call)).Teams.OrderBy(t => t.Team).Select(t => (t.Team, t.Taken, t.Share!.Value)));
        Assert.Equal((3, 3), (await Ask("grid001", await Street.Blow())).Own is { } mine ? (mine.Taken, mine.TeamTaken) : default);
        Assert.Equal((0, 3), (await Ask("grid002", await Street.Blow())).Own is { } next ? (next.Taken, next.TeamTaken) : default);

        Street.FastForward(LoadQueries.Span);
        Assert.All((await Ask("community01", await Street.Blow())).Teams, t => Assert.Equal(0, t.Taken));
    }

    [Fact]
    public async Task A_street_orders_by_distance_alone_where_its_policy_says_so()
    {
        var call = await Street.Blow();
        await OnScene("grid001", (await Street.Blow()).CallNo);
        Assert.NotEqual("001", (await Ask("duty", call)).Teams[0].Grid);
        await Street.Service<PolicyBook>().AddAsync(PolicyBook.DefaultJson().Replace("\"warnFraction\"", "\"choice\": { \"order\": \"nearestFirst\", \"skills\": {} }, \"warnFraction\"", StringComparison.Ordinal), "test", CancellationToken.None);
        var nearest = await Ask("duty", call);
        Assert.Equal("nearestFirst", nearest.Order);
        Assert.Equal(nearest.Teams.Select(t => t.Metres).Order(), nearest.Teams.Select(t => t.Metres));
    }

    private async Task<CandidatesView> Ask(string userName, WhistleReceipt call) => (await (await Street.As(userName)).Read($"/api/calls/{call.CallNo}/candidates")).Value<CandidatesView>();
}
