using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>What a caller adds reaches whoever has the case: the feed says that there is something, never what.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class CallerNoteStories : StreetStory
{
    private const string Words = "水已经到二楼了";

    [Fact]
    public async Task The_card_counts_what_the_caller_has_added_and_holds_no_word_of_it()
    {
        await using var lead = await Screen.FilledAsync(Street, "grid001");
        await using var desk = await Screen.FilledAsync(Street, "duty");
        var call = await Street.Blow();
        Assert.Null(await Notes(call.CallNo));
        await Do("grid001", call.CallNo, "accept");
        await Note(call);
        foreach (var screen in new[] { lead, desk })
        {
            await screen.Until(s => s.Wire.Any(frame => frame.Contains("\"callerNotes\":1", StringComparison.Ordinal)));
            Assert.DoesNotContain(screen.Wire, frame => frame.Contains(Words, StringComparison.Ordinal));
        }

        await Note(call);
        await Do("grid001", call.CallNo, "note", new { note = "在路上" }); // the team's own words are no news to it
        Assert.Equal(2, await Notes(call.CallNo));
        var texts = (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Texts;
        Assert.Equal([("caller", Words), ("caller", Words), ("gridWorker", "在路上")], texts.Select(t => (t.By, t.Words)));
    }

    [Fact]
    public async Task A_word_that_the_caller_takes_back_where_others_wait_is_counted_too()
    {
        var call = await Street.Blow();
        var other = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = call.CallNo })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        Assert.True((await Track(other)).Together);
        await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
        Assert.Equal(("noted callerWithdrew", 1), ((await Told(call.CallNo))[^1], await Notes(call.CallNo)));
    }

    private async Task Note(WhistleReceipt call) =>
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = Words })).Value<TrackedCall>();

    private async Task<int?> Notes(string no)
    {
        var board = (await (await Street.As("duty")).Read("/api/board")).Json.GetProperty("calls").EnumerateArray();
        return board.Single(c => c.Text("callNo") == no).TryGetProperty("callerNotes", out var count) ? count.GetInt32() : null;
    }
}

/// <summary>The same for whoever has the case and does not look at a page.</summary>
public sealed class CallerNoteMessages(ReachStreet shared) : ReachStory(shared)
{
    private const string Words = "水已经到二楼了";

    [Fact]
    public async Task Whoever_has_the_case_is_told_and_no_message_holds_a_word_of_it()
    {
        await Channel("room", "weCom", "team:01");
        await Channel("desk", "weCom", "community:01");
        var call = await Street.Blow();
        await Note(call);
        // Nobody has it: whom it rings; and the desk that guides a caller from a page.
        Assert.Equal(["ringing room team:01 waiting", "callerNoted room team:01 waiting", "callerNoted desk community:01 waiting"], await Outbox(call.CallNo));
        await Street.Do("grid001", call.CallNo, "accept");
        await Street.Do("grid001", call.CallNo, "note", new { note = "在路上" }); // their own words are no news
        await Note(call);
        Assert.Equal(["callerNoted room team:01 waiting", "callerNoted desk community:01 waiting"], (await Outbox(call.CallNo))[3..]);
        await Send();
        Assert.Contains(Receiver.Of("room"), r => r.Text.Contains("来电人补充了说明", StringComparison.Ordinal));
        Assert.All(Receiver.Of("room"), r => Assert.DoesNotContain(Words, r.Text, StringComparison.Ordinal));
        var desks = await Street.Blow(category: "01");
        await Street.Do("community01", desks.CallNo, "accept");
        await Note(desks);
        Assert.Single(await Outbox(desks.CallNo), line => line.StartsWith("callerNoted", StringComparison.Ordinal)); // the desk leads and guides: once
        (await Put("/api/reach", new { rules = new { rules = new[] { new { on = "gap", to = "lead", by = "robot" } } } })).Problem(422, "reach_invalid");
    }

    [Fact]
    public async Task Whoever_guides_the_caller_is_told_although_another_team_has_the_case()
    {
        await Channel("room", "weCom", "team:01");
        await Channel("other", "weCom", "team:02");
        await Channel("desk", "weCom", "community:01");
        var call = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone" })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await Street.Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Street.Do("grid004", call.CallNo, "accept");
        await Note(call);
        Assert.Equal(["callerNoted other team:02 waiting", "callerNoted room team:01 waiting"], (await Outbox(call.CallNo)).Where(line => line.StartsWith("callerNoted", StringComparison.Ordinal)));
        (await Put("/api/reach", new { rules = new { rules = new[] { new { on = "accepted", to = "guide", by = "robot" } } } })).Problem(422, "reach_invalid");
    }

    private async Task Note(WhistleReceipt call) => (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = Words })).Value<TrackedCall>();
}
