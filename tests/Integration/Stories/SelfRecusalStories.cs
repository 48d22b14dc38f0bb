using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>本人回避: whoever takes themselves out of a case sees neither what it is nor when something happens in it; everybody else does.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class SelfRecusalStories : StreetStory
{
    [Fact]
    public async Task Whoever_has_taken_themselves_out_sees_no_more_of_it_on_any_screen_and_is_not_called()
    {
        await using var police = await Screen.FilledAsync(Street, "police01");
        await using var worker = await Screen.FilledAsync(Street, "grid001"); // of the same team
        var call = await Street.Blow();
        await police.Shows(call.CallNo, CallStates.Ringing);
        var reply = (await (await Street.As("police01")).Send($"/api/calls/{call.CallNo}/recuse", new { })).Value<Reply>();
        Assert.Null(reply.Call);
        await police.Until(s => !s.Cases.ContainsKey(call.CallNo));
        police.Forget();

        // From here on: not in a delta, not in a snapshot, not by its number, not in what is like it, and no order finds it.
        await Do("grid001", call.CallNo, "accept");
        await Do("grid001", call.CallNo, "arrive");
        await worker.Shows(call.CallNo, CallStates.OnScene);
        var other = await Street.Blow();
        await police.Shows(other.CallNo, CallStates.Ringing);
        Assert.False(police.EverSaw(call.CallNo));
        Assert.Equal([1], police.Frames.Select(f => f.Calls.Count)); // not even an empty frame told that something had happened
        await using var again = await Screen.FilledAsync(Street, "police01");
        await using var mate = await Screen.FilledAsync(Street, "property01");
        Assert.Equal([other.CallNo], again.Cases.Keys);
        Assert.Contains(call.CallNo, mate.Cases.Keys);
        await using var behind = await Screen.OpenAsync(Street, "police01", 1);
        await behind.Shows(other.CallNo, CallStates.Ringing);
        Assert.False(behind.Cases.ContainsKey(call.CallNo));
        (await (await Street.As("police01")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        Assert.DoesNotContain(call.CallNo, (await (await Street.As("police01")).Read($"/api/calls/{other.CallNo}/similar")).Value<List<SimilarCall>>().Select(s => s.CallNo));
        foreach (var (order, body) in ((string, object?)[])[("recuse", new { }), ("note", new { note = "好" }), ("resolve", new { report = "好" })])
            await IsRefused("police01", call.CallNo, order, 404, Codes.CallNotFound, body);
        Assert.DoesNotContain("police", (await Told(call.CallNo))[1], StringComparison.Ordinal);
        Assert.Equal("recused", (await Told(call.CallNo))[1]);
    }

    [Fact]
    public async Task A_desk_that_takes_itself_out_keeps_its_board_and_loses_the_case_and_the_brief_leaves_it_out()
    {
        var (call, other) = (await Street.Blow(), await Street.Blow("002"));
        await using var duty = await Screen.FilledAsync(Street, "duty");
        await using var duty2 = await Screen.FilledAsync(Street, "duty2");
        Assert.Equal(2, (await Board("duty")).Total);
        await (await Street.As("duty")).Send($"/api/calls/{call.CallNo}/recuse", new { });
        await duty.Until(s => !s.Cases.ContainsKey(call.CallNo));
        await duty2.Until(s => s.Highest(call.CallNo) == 2);
        await Passes(TimeSpan.FromMinutes(15) + Moment);
        await duty2.Until(s => s.Highest(call.CallNo) > 3);
        await duty.Until(s => s.Highest(other.CallNo) > 1);
        Assert.Equal(1, duty.Highest(call.CallNo));
        var board = await Board("duty");
        Assert.Equal((1, other.CallNo), (board.Total, board.Calls.Single().CallNo));
        Assert.Equal(2, (await Board("duty2")).Total);
        var page = await Brief("duty");
        Assert.True(page.Contains(other.CallNo, StringComparison.Ordinal) && !page.Contains(call.CallNo, StringComparison.Ordinal));
        Assert.Contains(call.CallNo, await Brief("duty2"), StringComparison.Ordinal);
        await IsRefused("duty", call.CallNo, "correct", 404, Codes.CallNotFound, new { level = "S1" });

        await Do("duty2", call.CallNo, "correct", new { level = "S1" }); // somebody else of the desk goes on
        Assert.Equal("S1", (await Street.Card(call.CallNo)).Level);
    }

    [Fact]
    public async Task What_comes_of_the_case_hides_as_much_and_a_lead_who_goes_is_followed_by_the_team_at_once()
    {
        await using var leads = await Screen.FilledAsync(Street, "grid001");
        await using var mate = await Screen.FilledAsync(Street, "grid002");
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await leads.Shows(call.CallNo, CallStates.OnScene);
        await (await Street.As("grid001")).Send($"/api/calls/{call.CallNo}/recuse", new { });
        await mate.Until(s => s.Highest(call.CallNo) == 4);
        Assert.Equal((CallStates.Ringing, "01"), (mate.Cases[call.CallNo].State, mate.Cases[call.CallNo].Teams.Single()));
        await leads.Until(s => !s.Cases.ContainsKey(call.CallNo));
        leads.Forget();
        await OnScene("grid002", call.CallNo);
        var child = (await (await Street.As("grid002")).Send($"/api/calls/{call.CallNo}/child", new { note = "善后" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var same = await Street.Blow("004"); // where the recused one does not hear it ring
        await Do("duty", same.CallNo, "merge", new { into = call.CallNo });
        var plain = await Street.Blow();
        await leads.Shows(plain.CallNo, CallStates.Ringing);
        Assert.All(new[] { call, child, same }, hidden => Assert.False(leads.EverSaw(hidden.CallNo)));
        Assert.Equal("recused recused:lead", (await Told(call.CallNo))[3]);
        Assert.Equal([await Street.PostOf("grid001")], (await Street.Journal(child.CallNo))[0].Audience.Recusal.Posts);
    }

    private async Task<Board> Board(string userName) => (await (await Street.As(userName)).Read("/api/board")).Value<Board>();

    private async Task<string> Brief(string userName)
    {
        var day = Street.Now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return await (await Street.As(userName)).GetStringAsync($"/brief?day={day}");
    }
}
