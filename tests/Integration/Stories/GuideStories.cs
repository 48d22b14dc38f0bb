using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>首问: whoever took a report in can be reached to the end, whoever works on the case, and by no private number.</summary>
public sealed class GuideStories : StreetStory
{
    private const string Words = "水已经到二楼了";

    [Fact]
    public async Task A_note_reaches_the_guide_although_another_team_has_the_case()
    {
        await using var guide = await Screen.FilledAsync(Street, "grid001");
        var call = await Told("grid001", "001");
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Do("grid004", call.CallNo, "accept");
        await Note(call);
        await guide.Until(s => s.Wire.Any(frame => frame.Contains("\"callerNotes\":1", StringComparison.Ordinal)));
        var detail = (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal([Words], detail.Texts.Where(t => t.By == "caller").Select(t => t.Words));
        Assert.Equal(["01"], detail.Call.Guides!);
        await IsRefused("grid001", call.CallNo, "contact", 409, Codes.OutOfTurn, new { note = "回访" }); // the number is for those who work on it
        await IsRefused("grid001", call.CallNo, "arrive", 403, Codes.WrongTeam);
        Assert.Null((await Street.Card((await Street.Blow()).CallNo)).Guides); // a desk guides whoever whistles from a page: it sees every case anyway
    }

    [Fact]
    public async Task A_guide_of_another_community_sees_the_case_in_a_new_picture_too()
    {
        var call = await Told("grid008", "001");
        await Do("grid001", call.CallNo, "accept");
        await using var guide = await Screen.FilledAsync(Street, "grid008");
        await guide.Shows(call.CallNo, CallStates.Accepted);
    }

    [Fact]
    public async Task Whoever_has_recused_themselves_guides_nobody_and_the_communitys_desk_does()
    {
        var call = await Told("grid001", "001");
        Assert.Equal(new LeadCard("01", "gridWorker", "01"), (await Track(call)).Guide);
        await Do("grid004", (await Told("grid004", "004")).CallNo, "accept"); // a neighbour team is no part of it
        Assert.Equal(HttpStatusCode.OK, (await (await Street.As("grid001")).Send($"/api/calls/{call.CallNo}/recuse", new { })).Status);
        Assert.Equal(new LeadCard(null, "communityDesk", "01"), (await Track(call)).Guide);
        (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task The_guide_of_a_joined_caller_reads_what_that_caller_adds_where_it_continues()
    {
        var (leading, joined) = (await Street.Blow(), await Told("grid004", "001"));
        await Do("grid001", leading.CallNo, "accept");
        (await (await Street.As("grid004")).Read($"/api/calls/{leading.CallNo}")).Problem(404, Codes.CallNotFound);
        await Do("community01", joined.CallNo, "merge", new { into = leading.CallNo });
        await using var guide = await Screen.FilledAsync(Street, "grid004");
        await Note(joined);
        await guide.Until(s => s.Wire.Any(frame => frame.Contains("\"callerNotes\":1", StringComparison.Ordinal)));
        Assert.Equal((new LeadCard("02", "gridWorker", "01"), new LeadCard(null, "communityDesk", "01")), ((await Track(joined)).Guide, (await Track(leading)).Guide)); // each their own
        await Do("community01", joined.CallNo, "unmerge", new { note = "另一件事" });
        (await (await Street.As("grid004")).Read($"/api/calls/{leading.CallNo}")).Problem(404, Codes.CallNotFound);
    }

    [Fact]
    public async Task The_caller_is_given_the_desks_public_number_and_never_a_persons()
    {
        Assert.Equal("0632-5550101", (await Track(await Street.Blow())).GuidePhone);
        Assert.Equal("0632-5550102", (await Track(await Told("grid008", "008"))).GuidePhone);
        Assert.Equal("0632-5550100", (await Track(await Told("duty", "001"))).GuidePhone); // the street's own desk
        var page = await Street.Anyone.GetStringAsync(new Uri($"/t/{(await Street.Blow()).TrackingCode}", UriKind.Relative));
        Assert.Contains("href=\"tel:06325550101\"", page, StringComparison.Ordinal);
        Assert.Contains("写给首问人", page, StringComparison.Ordinal);
        var shown = (await Street.Anyone.Read("/api/street")).Json.GetProperty("communities")[0];
        Assert.Equal(("01", "0632-5550101"), (shown.Text("code"), shown.Text("dutyPhone")));
    }

    /// <summary>A whistle that a member of the staff wrote down for somebody on the phone.</summary>
    private async Task<WhistleReceipt> Told(string userName, string grid) =>
        (await (await Street.As(userName)).Send("/api/whistles", new { grid, category = "02", source = "phone", description = "电话反映" })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private async Task Note(WhistleReceipt call) => (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = Words })).Value<TrackedCall>();
}
