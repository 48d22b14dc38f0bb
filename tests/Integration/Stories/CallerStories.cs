using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>代录与首问、演练、回避: who took a matter in guides its caller; an exercise stays one; the recused learn nothing.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class CallerStories : StreetStory
{
    [Fact]
    public async Task The_officer_who_wrote_a_phone_call_down_stays_the_callers_guide_to_the_end()
    {
        var call = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone", description = "电话反映" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var guide = await Street.PostOf("grid001");
        await Do("grid002", call.CallNo, "accept");
        await Do("community01", call.CallNo, "designate", new { team = "02", note = "就近" });
        await Street.Handle("grid004", call.CallNo);
        await Do("grid006", call.CallNo, "verify", new { passed = true });
        await Evaluate(call, true, "satisfied");
        Assert.Equal(CallStates.Closed, (await Track(call)).State);
        Assert.Equal(guide.Value, (await Street.Journal(call.CallNo))[0].By);
        Assert.Equal(guide, await GuideOf(call.CallNo));
        Assert.Null(await GuideOf((await Street.Blow()).CallNo)); // from a page it is the community's desk: a post, not the fastest thumb
    }

    [Fact]
    public async Task What_was_told_at_the_counter_rings_like_any_other()
    {
        await using var police = await Screen.FilledAsync(Street, "police01");
        var call = (await (await Street.As("community01")).Send("/api/whistles", new { grid = "001", category = "02", source = "counter" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        await police.Shows(call.CallNo, CallStates.Ringing);
        (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", source = "counter" })).Problem(403, "source_forbidden");
        Assert.Equal(CallStates.Ringing, (await Track(call)).State);
        Assert.Equal((await Street.PostOf("community01")).Value, (await Street.Journal(call.CallNo))[0].By);
        // The caller and who works on it read which post that is, never who.
        Assert.Equal(new LeadCard(null, "communityDesk", "01"), (await Track(call)).Guide);
        Assert.Equal(new LeadCard(null, "communityDesk", "01"), (await (await Street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Guide);
        var told = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "02", source = "phone" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(new LeadCard("01", "gridWorker", "01"), (await Track(told)).Guide);
    }

    [Fact]
    public async Task An_exercise_is_called_one_to_the_end_and_never_goes_with_a_real_case()
    {
        var drill = (await (await Street.As("grid001")).Send("/api/whistles", new { grid = "001", category = "02", drill = true })).Value<WhistleReceipt>(HttpStatusCode.Created);
        var real = await Street.Blow();
        foreach (var (no, into) in new[] { (drill.CallNo, real.CallNo), (real.CallNo, drill.CallNo) }) await IsRefused("community01", no, "merge", 409, Codes.CannotMerge, new { into });
        var joined = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = drill.CallNo })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal((null, CallStates.Ringing), ((await Track(joined)).Together, (await Track(joined)).State));
        await Street.Handle("grid001", drill.CallNo);
        await Do("grid002", drill.CallNo, "verify", new { passed = true });
        Assert.Equal(CallStates.Closed, (await Evaluate(drill, true, "satisfied")).State);
        Assert.All(await Street.Journal(drill.CallNo), e => Assert.Contains("\"drill\"", System.Text.Encoding.UTF8.GetString(e.Card), StringComparison.Ordinal));
        Assert.DoesNotContain(CallFlags.Drill, (await Street.Card(real.CallNo)).Flags);
        // Nobody but an officer takes a case out of the rates: a page that says so has blown a real whistle.
        var said = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", drill = true })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.DoesNotContain(CallFlags.Drill, (await Street.Card(said.CallNo)).Flags);
    }

    [Fact]
    public async Task A_case_about_the_property_never_rings_it_and_every_order_finds_nothing()
    {
        await using var property = await Screen.FilledAsync(Street, "property01");
        var call = await Street.Blow(category: "23");
        await Do("grid001", call.CallNo, "accept");
        foreach (var (order, body) in ((string, object?)[])[
            ("correct", new { level = "S1" }), ("summon", new { party = "water" }), ("release", new { answer = "x", note = "好" }), ("request", new { kind = "decline", note = "好" }),
            ("resume", new { }), ("merge", new { into = "W260311-99999" }), ("designate", new { team = "02", note = "好" }), ("emergency", new { number = "110" }), ("link", new { answer = "x" })])
            await IsRefused("property01", call.CallNo, order, 404, Codes.CallNotFound, body);
        (await (await Street.As("property01")).Read($"/api/calls/{call.CallNo}/similar")).Problem(404, Codes.CallNotFound);
        var plain = await Street.Blow();
        await property.Shows(plain.CallNo, CallStates.Ringing);
        Assert.False(property.EverSaw(call.CallNo));
        Assert.Contains(CallFlags.PropertyRecused, (await Street.Card(call.CallNo)).Flags);
        Assert.Equal(["whistled", "accepted"], await Told(call.CallNo));
    }

    [Fact]
    public async Task Cases_about_the_same_thing_are_suggested_and_none_that_the_asker_may_not_see()
    {
        var (call, like, hidden) = (await Street.Blow(), await Street.Blow(), await Street.Blow(hide: true));
        await Street.Blow("008"); // of another community
        Assert.Equal([like.CallNo], (await Similar("property01", call.CallNo)).Select(s => s.CallNo));
        Assert.Equal([like.CallNo, hidden.CallNo], (await Similar("community01", call.CallNo)).Select(s => s.CallNo).Order());
        Assert.Equal(CallStates.Ringing, (await Track(hidden)).State);
        Assert.Equal(["whistled"], await Told(call.CallNo)); // a person merges, never the machine
    }

    private async Task<List<SimilarCall>> Similar(string userName, string no) => (await (await Street.As(userName)).Read($"/api/calls/{no}/similar")).Value<List<SimilarCall>>();

    private async Task<Domain.Duty.PostId?> GuideOf(string no)
    {
        await using var db = Street.Service<Database>().Context();
        return CallJson.Read(await db.Calls.Where(c => c.No == no).Select(c => c.Body).SingleAsync()).Guide;
    }
}
