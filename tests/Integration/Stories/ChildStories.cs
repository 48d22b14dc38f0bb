using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>子案: what is left to do once the matter has been made safe; it counts in no rate.</summary>
public sealed class ChildStories : StreetStory
{
    [Fact]
    public async Task Made_safe_the_repair_becomes_a_child_case_that_is_not_S1_and_counts_nowhere()
    {
        var call = await Street.Blow(category: "01"); // S1
        await OnScene("grid001", call.CallNo);
        var child = await OpenChild("grid001", call.CallNo, new { note = "更换管段" });
        await Do("grid001", call.CallNo, "resolve", new { report = "已关阀" });
        var card = await Street.Card(child.CallNo);
        Assert.Equal(("S2", CallStates.Ringing, call.CallNo), (card.Level, card.State, card.Parent));
        Assert.Contains(CallFlags.Child, card.Flags);
        Assert.DoesNotContain(CallFlags.Child, (await Street.Card(call.CallNo)).Flags);
        Assert.Equal(CallStates.Resolved, (await Track(call)).State);
        Assert.Equal(["whistled", "accepted", "arrived", $"childOpened child:{child.CallNo}", "resolved"], await Told(call.CallNo));
        Assert.Equal(["whistled"], await Told(child.CallNo));
    }

    [Fact]
    public async Task A_child_hides_what_its_parent_hides_and_is_a_drill_where_its_parent_is()
    {
        await using var property = await Screen.FilledAsync(Street, "property01");
        var call = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "02", hideFromProperty = true, drill = true })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await Do("grid001", call.CallNo, "accept");
        var child = await OpenChild("grid001", call.CallNo, new { note = "善后", category = "01" });
        var card = await Street.Card(child.CallNo);
        Assert.Equal(("01", "S2"), (card.Category, card.Level));
        Assert.Equal([CallFlags.Drill, CallFlags.PropertyRecused, CallFlags.Child], card.Flags);
        await Street.Blow();
        await property.Next();
        Assert.False(property.EverSaw(call.CallNo) || property.EverSaw(child.CallNo));
        (await (await Street.As("property01")).Send($"/api/calls/{call.CallNo}/child", new { note = "善后" })).Problem(404, Codes.CallNotFound);
        Assert.Equal($"childOpened child:{child.CallNo}", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task A_child_has_no_children_and_nothing_goes_on_in_one()
    {
        var (call, other) = (await Street.Blow(), await Street.Blow());
        await Do("grid001", call.CallNo, "accept");
        var child = await OpenChild("grid001", call.CallNo, new { note = "善后" });
        await Do("grid001", child.CallNo, "accept");
        var before = Street.Fingerprint();
        (await (await Street.As("grid001")).Send($"/api/calls/{child.CallNo}/child", new { note = "再善后" })).Problem(403, Codes.NotEntitled);
        (await (await Street.As("grid001")).Send($"/api/calls/{call.CallNo}/child", new { })).Problem(422, Codes.TextMissing);
        (await (await Street.As("grid001")).Send($"/api/calls/{other.CallNo}/child", new { note = "没接" })).Problem(409, Codes.OutOfTurn);
        Assert.Equal(before, Street.Fingerprint());
        await IsRefused("community01", other.CallNo, "merge", 409, Codes.CannotMerge, new { into = child.CallNo }); // it would be counted nowhere
        Assert.Equal(CallStates.Ringing, (await Track(other)).State);
        Assert.Equal(["whistled"], await Told(other.CallNo));
    }

    private async Task<WhistleReceipt> OpenChild(string userName, string no, object body) =>
        (await (await Street.As(userName)).Send($"/api/calls/{no}/child", body)).Value<WhistleReceipt>(HttpStatusCode.Created);
}
