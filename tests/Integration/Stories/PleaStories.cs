using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>延期、挂起、不予受理: asked by who has it, decided a tier above, never by the asker; to ask stops no clock.</summary>
[Trait("Database", "SQLite")] // the rules are the same on both; what touches the tables has its stories on both
public sealed class PleaStories : StreetStory
{
    [Fact]
    public async Task A_request_stops_no_clock()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var due = (await Answer(call.CallNo, "resolve")).Due;
        await Do("grid001", call.CallNo, "request", new { kind = "suspension", until = Street.Now.AddDays(3), note = "等配件" });
        Assert.Equal(due, (await Answer(call.CallNo, "resolve")).Due);
        await Passes(TimeSpan.FromHours(24) + Moment);
        var tracked = await Track(call);
        Assert.Equal((true, true, null), (tracked.Overdue, tracked.Steps[2].Breached, tracked.SuspendedUntil));
        Assert.Contains(CallFlags.Asked, (await Street.Card(call.CallNo)).Flags);
        Assert.Contains("lapsed resolve supervised", await Told(call.CallNo));
    }

    [Fact]
    public async Task A_decision_that_nobody_makes_in_two_service_hours_climbs_to_the_street()
    {
        await using var duty = await Screen.FilledAsync(Street, "duty");
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 2, note = "等配件" });
        await Passes(TimeSpan.FromHours(2));
        Assert.Equal("team", (await Street.Card(call.CallNo)).Rung);
        await Passes(Moment);
        await duty.Until(s => s.Cases.TryGetValue(call.CallNo, out var c) && c.Rung == "street");
        Assert.Equal("lapsed decideExtension climbed:street", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task An_extension_is_decided_above_granted_once_and_at_most_the_span()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var due = (await Answer(call.CallNo, "resolve")).Due;
        await IsRefused("grid001", call.CallNo, "request", 422, Codes.OutOfBounds, new { kind = "extension", hours = 24.1, note = "等" });
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 24, note = "等配件" });
        await IsRefused("grid001", call.CallNo, "request", 409, Codes.AlreadyRequested, new { kind = "extension", hours = 1, note = "等" });
        await IsRefused("grid001", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "extension", granted = true });
        await IsRefused("police01", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "extension", granted = true });
        await IsRefused("community02", call.CallNo, "rule", 404, Codes.CallNotFound, new { kind = "extension", granted = true });
        await Do("community01", call.CallNo, "rule", new { kind = "extension", granted = true });
        Assert.Equal(due.AddHours(24), (await Track(call)).Steps[2].Due);
        Assert.Contains(CallFlags.Extended, (await Street.Card(call.CallNo)).Flags);
        await IsRefused("grid001", call.CallNo, "request", 409, Codes.AlreadyRequested, new { kind = "extension", hours = 1, note = "等" });
        Assert.Equal([$"requested petition:extension minutes:1440 until:{Wall(due.AddHours(24))}", $"granted petition:extension minutes:1440 until:{Wall(due.AddHours(24))}"], (await Told(call.CallNo))[^2..]);
    }

    [Fact]
    public async Task Whoever_decides_reads_what_is_asked_and_the_deadline_that_it_would_set()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        Assert.Null((await Asked(call.CallNo)));
        var (due, until) = ((await Answer(call.CallNo, "resolve")).Due, Street.Now.AddDays(3));
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 2.5, note = "等配件" });
        await Do("grid001", call.CallNo, "request", new { kind = "suspension", until, note = "等配件" });
        var asked = (await Asked(call.CallNo))!;
        Assert.Equal([("extension", 150, null, due.AddHours(2.5)), ("suspension", null, until, null)], asked.Select(p => (p.Kind, p.Minutes, p.Until, p.NewDue)));
        Assert.All(asked, p => Assert.Equal(Street.Now.AddHours(2), p.DecideBy));
        await Do("community01", call.CallNo, "rule", new { kind = "extension", granted = true });
        Assert.Equal(due.AddHours(2.5), (await Answer(call.CallNo, "resolve")).Due); // as it was said
        Assert.Equal(["suspension"], (await Asked(call.CallNo))!.Select(p => p.Kind));
    }

    [Fact]
    public async Task Whoever_asks_for_longer_is_shown_what_is_usually_asked_and_the_deadline_each_would_make()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        var due = (await Answer(call.CallNo, "resolve")).Due;
        var usual = (await Detail("grid001", call.CallNo)).Extensions!;
        Assert.All(usual, e => Assert.Equal(due.AddHours(e.Hours), e.NewDue));
        Assert.Equal([4, 8, 16, 24], usual.Select(e => e.Hours)); // the longest of them within its own limit of a day
        Assert.Null((await Detail("community01", call.CallNo)).Extensions);
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = usual[^1].Hours, note = "等配件" });
        Assert.Null((await Detail("grid001", call.CallNo)).Extensions);
        Assert.Equal(usual[^1].NewDue, (await Asked(call.CallNo))!.Single().NewDue);
    }

    [Fact]
    public async Task Where_the_community_leads_the_street_decides_whoever_asked()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        await Passes(TimeSpan.FromHours(1) + Moment); // the community has it; the team stays attached
        await Do("grid001", call.CallNo, "arrive");
        await Do("grid001", call.CallNo, "request", new { kind = "extension", hours = 5, note = "等配件" });
        await IsRefused("community01", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "extension", granted = true });
        await Do("duty", call.CallNo, "rule", new { kind = "extension", granted = true });
        Assert.Equal(At("03-12 14:00"), (await Track(call)).Steps[2].Due);
        Assert.Equal("granted petition:extension minutes:300 until:03-12 14:00", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task What_the_street_asks_a_second_person_at_the_street_decides_and_no_desk_below()
    {
        var call = await Street.Blow(category: "26");
        await IsRefused("duty", call.CallNo, "request", 422, Codes.ReasonMissing, new { kind = "decline" });
        await Do("duty", call.CallNo, "request", new { kind = "decline", note = "恶作剧" });
        await IsRefused("duty", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "decline", granted = true, note = "同意" });
        await IsRefused("community01", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "decline", granted = true, note = "同意" });
        await IsRefused("duty2", call.CallNo, "rule", 422, Codes.ReasonMissing, new { kind = "decline", granted = true });
        await Do("duty2", call.CallNo, "rule", new { kind = "decline", granted = true, note = "不属于本街道受理范围" });
        var tracked = await Track(call);
        Assert.Equal((CallStates.Declined, "不属于本街道受理范围"), (tracked.State, tracked.Reason)); // visibly, with the reason
        Assert.Equal(["whistled", "requested petition:decline", "declined petition:decline"], await Told(call.CallNo));
    }

    [Fact]
    public async Task The_leader_decides_too_and_a_denial_says_why_and_changes_no_clock()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        var due = (await Answer(call.CallNo, "resolve")).Due;
        await Do("grid001", call.CallNo, "request", new { kind = "suspension", until = Street.Now.AddDays(2), note = "等雨停" });
        await IsRefused("leader", call.CallNo, "rule", 422, Codes.ReasonMissing, new { kind = "suspension", granted = false });
        await Do("leader", call.CallNo, "rule", new { kind = "suspension", granted = false, note = "请先围挡" });
        Assert.Equal((due, null), ((await Track(call)).Steps[2].Due, (await Track(call)).SuspendedUntil));
        Assert.Equal(["requested petition:suspension until:03-13 09:00", "denied petition:suspension until:03-13 09:00"], (await Told(call.CallNo))[^2..]);
        await IsRefused("leader", call.CallNo, "rule", 409, Codes.NothingRequested, new { kind = "suspension", granted = true });
    }

    [Fact]
    public async Task A_suspension_keeps_what_was_left_in_working_time_across_a_weekend()
    {
        var call = await Street.Blow(category: "08"); // S3: three working days, to Monday 09:00
        await OnScene("grid001", call.CallNo);
        Assert.Equal(At("03-16 09:00"), (await Answer(call.CallNo, "resolve")).Due);
        await Reaches(At("03-13 17:00")); // Friday: an hour of working time is left
        await Do("grid001", call.CallNo, "request", new { kind = "suspension", until = At("03-14 10:00"), note = "等配件" });
        await Do("community01", call.CallNo, "rule", new { kind = "suspension", granted = true });
        Assert.Equal(At("03-14 10:00"), (await Track(call)).SuspendedUntil);
        await IsRefused("community01", call.CallNo, "correct", 409, Codes.CallSuspended, new { level = "S2" });
        await Reaches(At("03-14 10:00") + Moment); // Saturday
        Assert.Equal((At("03-16 09:30"), null), ((await Track(call)).Steps[2].Due, (await Track(call)).SuspendedUntil));
        Assert.Equal("resumed suspension", (await Told(call.CallNo))[^1]);
    }

    [Fact]
    public async Task A_late_tick_at_the_suspensions_end_does_not_move_it()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Passes(TimeSpan.FromHours(4));
        await Do("grid001", call.CallNo, "request", new { kind = "suspension", until = Street.Now.AddHours(10), note = "等配件" });
        await Do("community01", call.CallNo, "rule", new { kind = "suspension", granted = true });
        await Passes(TimeSpan.FromHours(15)); // five hours late
        Assert.Equal(At("03-12 19:00"), (await Track(call)).Steps[2].Due); // 24 h and the 10 of the pause
        var entry = (await Street.Journal(call.CallNo))[^1];
        Assert.Equal(("resumed", At("03-11 23:00"), TimeSpan.FromHours(5)), (entry.What, entry.Due, entry.At - entry.Due!.Value));
    }

    [Fact]
    public async Task Who_goes_on_early_ends_the_suspension_and_a_step_does_so_by_itself()
    {
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        foreach (var how in (string[])["resume", "arrive"])
        {
            await Do("grid001", call.CallNo, "request", new { kind = "suspension", until = Street.Now.AddHours(10), note = "等人" });
            await Do("community01", call.CallNo, "rule", new { kind = "suspension", granted = true });
            await Passes(TimeSpan.FromHours(1));
            await Do("grid001", call.CallNo, how, new { });
        }

        var tracked = await Track(call);
        Assert.Equal((At("03-12 11:00"), null, false), (tracked.Steps[2].Due, tracked.SuspendedUntil, tracked.Steps[1].Breached));
        Assert.Equal("arrived resumed", (await Told(call.CallNo))[^1]);
        Assert.Contains("resumed", await Told(call.CallNo));
    }

    private async Task<IReadOnlyList<PleaView>?> Asked(string callNo) => (await Detail("community01", callNo)).Petitions;

    private async Task<CallDetail> Detail(string account, string callNo) => (await (await Street.As(account)).Read($"/api/calls/{callNo}")).Value<CallDetail>();
}
