using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Promise 2 on the real desk and database: every clock is kept, late perhaps, never lost, never twice.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private TestStreet _street = null!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await _street.Sweep(); // the first one tells ringing cases who is on duty: there are none yet
    }

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task Exactly_at_an_instant_is_on_time_and_a_moment_later_it_acts()
    {
        var no = (await _street.Blow("001", "02")).CallNo; // S2: accept in 15 minutes, warned at 12
        Assert.Equal(0, await _street.SweepAfter(TimeSpan.FromMinutes(12)));
        Assert.Equal(1, await _street.SweepAfter(Moment));
        Assert.Equal(0, await _street.SweepAfter(TimeSpan.FromMinutes(3) - Moment)); // exactly at 15 minutes
        Assert.Equal(1, await _street.SweepAfter(Moment));
        Assert.Equal(0, await _street.SweepAfter(TimeSpan.FromMinutes(15) - Moment));
        Assert.Equal(1, await _street.SweepAfter(Moment)); // twice the limit
        Assert.Equal(["whistled", "warned accept", "lapsed accept climbed:community", "doubleLapsed accept climbed:street"], await Story(no));
        var card = await _street.Card(no);
        Assert.Equal(("ringing", "street", true), (card.State, card.Rung, card.Answers[0].Breached));
    }

    [Fact]
    public async Task A_lapse_rings_the_communitys_other_teams_and_its_desk()
    {
        var no = (await _street.Blow("044", "02")).CallNo; // community 07 has three teams
        Assert.Equal(["13"], (await _street.Card(no)).Teams);
        await _street.SweepAfter(TimeSpan.FromMinutes(15) + Moment);
        Assert.Equal(["13", "14", "15"], (await _street.Card(no)).Teams);
        Assert.Equal(new LeadCard(null, "communityDesk", "07"), (await _street.Do("community07", no, "accept")).Lead);
    }

    [Fact]
    public async Task A_tier_with_nobody_on_duty_is_skipped_at_once()
    {
        await _street.SignOff("grid001", "grid002", "grid003", "property01", "police01"); // head01 stays: a volunteer does not count
        var first = (await _street.Blow("001", "02")).CallNo;
        Assert.Equal(["whistled skipped:team climbed:community"], await Story(first));
        Assert.Equal(["02"], (await _street.Card(first)).Teams);

        await _street.SignOff("grid004", "grid005", "grid006", "grid007", "property02", "police02", "community01");
        var second = (await _street.Blow("001", "02")).CallNo;
        Assert.Equal(["whistled skipped:team skipped:community climbed:street"], await Story(second));
        Assert.Equal(new LeadCard(null, "streetDesk", null), (await _street.Do("duty", second, "accept")).Lead);

        await _street.SignOff("duty", "duty2");
        var third = (await _street.Blow("001", "02")).CallNo;
        Assert.Contains(CallFlags.NobodyOnDuty, (await _street.Card(third)).Flags);
    }

    [Fact]
    public async Task A_lead_that_does_not_arrive_loses_the_lead_to_the_community_and_stays_attached()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        await _street.Do("grid001", no, "accept");
        await _street.SweepAfter(TimeSpan.FromHours(1) + Moment);
        var card = await _street.Card(no);
        Assert.Equal(("accepted", "community", new LeadCard(null, "communityDesk", "01")), (card.State, card.Rung, card.Lead));
        Assert.Equal(["01"], card.Teams);
        Assert.Equal(["whistled", "accepted", "warned arrive overtaken", "lapsed arrive climbed:community lead:community"], await Story(no));
        Assert.Equal(CallStates.OnScene, (await _street.Do("police01", no, "arrive")).State);
    }

    [Fact]
    public async Task Where_the_communitys_desk_is_empty_the_street_takes_the_lead()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        await _street.Do("grid001", no, "accept");
        await _street.SignOff("community01");
        await _street.SweepAfter(TimeSpan.FromHours(1) + Moment);
        var card = await _street.Card(no);
        Assert.Equal(("street", new LeadCard(null, "streetDesk", null)), (card.Rung, card.Lead));
    }

    [Fact]
    public async Task A_resolve_that_lapses_is_supervised_and_the_resident_sees_it()
    {
        var call = await _street.Blow("001", "02");
        await _street.Do("grid001", call.CallNo, "accept");
        await _street.Do("grid001", call.CallNo, "arrive");
        await _street.SweepAfter(TimeSpan.FromHours(24) + Moment);
        var card = await _street.Card(call.CallNo);
        Assert.Equal((CallStates.OnScene, "street"), (card.State, card.Rung));
        Assert.Contains(CallFlags.Supervised, card.Flags);
        Assert.True((await _street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>().Overdue);
        await _street.Do("grid001", call.CallNo, "resolve", new { });
        Assert.True((await _street.Card(call.CallNo)).Answers[2].Breached); // met later, the breach stays
    }

    [Fact]
    public async Task A_verification_nobody_makes_climbs_and_an_evaluation_nobody_gives_closes_as_unrated()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        await _street.Handle("grid001", no);
        await _street.SweepAfter(TimeSpan.FromDays(1) + Moment); // one working day: Thursday 09:00
        Assert.Equal((CallStates.Resolved, "community"), ((await _street.Card(no)).State, (await _street.Card(no)).Rung));
        await _street.Do("grid002", no, "verify", new { passed = true });
        await _street.SweepAfter(TimeSpan.FromDays(7));
        Assert.Equal(CallStates.Verified, (await _street.Card(no)).State);
        await _street.SweepAfter(Moment);
        var card = await _street.Card(no);
        Assert.Equal((CallStates.Closed, null), (card.State, card.NextDue));
        Assert.Equal("closed evaluate unrated", (await Story(no))[^1]);
        Assert.Equal(0, await _street.SweepAfter(TimeSpan.FromDays(30)));
    }

    [Fact]
    public async Task A_sweep_that_is_hours_late_acts_on_everything_once_and_in_the_order_of_its_instants()
    {
        string[] calls = [(await _street.Blow("001", "01")).CallNo, (await _street.Blow("004", "02")).CallNo, (await _street.Blow("008", "08")).CallNo];
        await _street.SweepAfter(TimeSpan.FromHours(5));
        Assert.Equal(0, await _street.Sweep());
        foreach (var no in calls)
        {
            var acts = (await _street.Journal(no)).Where(e => e.Due is not null).ToList();
            Assert.Equal(acts.OrderBy(e => e.Due).Select(e => e.Seq), acts.Select(e => e.Seq));
            Assert.Equal(acts.Count, acts.DistinctBy(e => (e.Answer, e.What)).Count());
            Assert.All(acts, e => Assert.True(e.At > e.Due));
        }

        Assert.Equal(
            ["whistled", "warned accept overtaken", "lapsed accept climbed:community", "doubleLapsed accept climbed:street", "warned arrive overtaken", "lapsed arrive", "doubleLapsed arrive",
                "warned resolve overtaken", "lapsed resolve supervised", "doubleLapsed resolve"],
            await Story(calls[0]));
        Assert.Equal(["whistled", "warned accept overtaken", "lapsed accept climbed:community", "doubleLapsed accept climbed:street"], await Story(calls[2])); // 2 and 4 service hours
    }

    [Fact]
    public async Task Sweeps_at_once_act_once()
    {
        var calls = new List<string>();
        for (var i = 0; i < 20; i++) calls.Add((await _street.Blow($"{i + 1:D3}", "01")).CallNo);
        _street.FastForward(TimeSpan.FromMinutes(4));
        var acted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_street.Sweep)));
        Assert.Equal(20, acted.Sum());
        foreach (var no in calls) Assert.Equal(["whistled", "warned accept overtaken", "lapsed accept climbed:community"], await Story(no));
    }

    [Fact]
    public async Task An_answer_after_the_due_records_the_breach_first()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        _street.FastForward(TimeSpan.FromMinutes(15) + Moment); // no tick yet
        var card = await _street.Do("grid001", no, "accept");
        Assert.Equal((true, true), (card.Answers[0].Met, card.Answers[0].Breached));
        Assert.Equal(["whistled", "warned accept overtaken", "lapsed accept climbed:community", "accepted"], await Story(no));
        Assert.Equal(0, await _street.Sweep());
    }

    [Fact]
    public async Task An_answer_exactly_at_the_due_is_on_time_whatever_the_tick_does()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        _street.FastForward(TimeSpan.FromMinutes(15));
        await _street.Sweep();
        var card = await _street.Do("grid001", no, "accept");
        Assert.Equal((true, false), (card.Answers[0].Met, card.Answers[0].Breached));
        await _street.SweepAfter(Moment);
        Assert.False((await _street.Card(no)).Answers[0].Breached);
    }

    [Fact]
    public async Task Even_a_refused_answer_after_the_due_records_the_breach()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        _street.FastForward(TimeSpan.FromMinutes(15) + Moment);
        (await (await _street.As("grid001")).Send($"/api/calls/{no}/arrive")).Problem(409, Codes.OutOfTurn);
        Assert.Equal("lapsed accept climbed:community", (await Story(no))[^1]);
    }

    [Fact]
    public async Task Deadlines_survive_a_restart()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        await _street.CloseAsync();
        _street.FastForward(TimeSpan.FromMinutes(20));
        await _street.RestartAsync();
        await _street.Sweep();
        Assert.Equal(["whistled", "warned accept overtaken", "lapsed accept climbed:community"], await Story(no));
    }

    [Fact]
    public async Task When_the_shift_changes_ringing_cases_ring_who_came_and_skip_a_tier_that_emptied()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        await _street.SignOff("grid001", "grid002", "grid003", "property01", "police01");
        await _street.Sweep();
        Assert.Equal(["whistled", "rang skipped:team climbed:community"], await Story(no));
        Assert.Contains("02", (await _street.Card(no)).Teams);
        await _street.Sweep();
        Assert.Equal(2, (await _street.Card(no)).Version); // told once
    }

    [Fact]
    public async Task Not_solved_reopens_with_a_fresh_resolve_clock_and_the_second_time_goes_a_tier_up()
    {
        var call = await _street.Blow("001", "02");
        await _street.Handle("grid001", call.CallNo);
        for (var time = 1; time <= 2; time++)
        {
            await _street.Do($"grid00{time + 1}", call.CallNo, "verify", new { passed = true });
            _street.FastForward(TimeSpan.FromMinutes(1));
            await _street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = false, satisfaction = "dissatisfied" });
            var card = await _street.Card(call.CallNo);
            Assert.Equal((CallStates.OnScene, $"resolve{time + 1}", _street.Now.AddHours(24)), (card.State, card.Answers[^1].Key, card.Answers[^1].Due));
            Assert.Contains(CallFlags.Reopened, card.Flags);
            Assert.Equal(time == 1 ? "gridWorker" : "communityDesk", card.Lead!.Post);
            if (time == 1) await _street.Do("grid001", call.CallNo, "resolve", new { });
        }
    }

    [Fact]
    public async Task S1_is_told_to_the_desks_at_second_zero_without_moving_the_ladder()
    {
        await using var community = await Screen.FilledAsync(_street, "community01");
        await using var duty = await Screen.FilledAsync(_street, "duty");
        var no = (await _street.Blow("001", "02", danger: true)).CallNo;
        Assert.Equal(("S1", "team"), ((await community.Shows(no, "ringing")).Level, (await duty.Shows(no, "ringing")).Rung));
        Assert.Equal("communityDesk", (await _street.Do("community01", no, "accept")).Lead!.Post);
    }

    [Fact]
    public async Task A_shift_holds_from_its_beginning_to_just_before_its_end()
    {
        var no = (await _street.Blow("001", "02")).CallNo;
        var post = await _street.PostOf("police01");
        await _street.SignOff("police01");
        await _street.Service<Roster>().AddShiftAsync(post, _street.Now.AddMinutes(1), _street.Now.AddMinutes(2), CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => _street.Service<Roster>().AddShiftAsync(new PostId("p0001"), _street.Now, _street.Now, CancellationToken.None));
        var police = await _street.As("police01");
        _street.FastForward(TimeSpan.FromMinutes(1) - Moment);
        (await police.Send($"/api/calls/{no}/accept")).Problem(403, Codes.NotOnDuty);
        _street.FastForward(Moment);
        Assert.True((await police.Read("/api/me")).Value<Me>().OnDuty);
        _street.FastForward(TimeSpan.FromMinutes(1));
        (await police.Send($"/api/calls/{no}/accept")).Problem(403, Codes.NotOnDuty);
    }

    private async Task<string[]> Story(string no) =>
        [.. (await _street.Journal(no)).Select(e => string.Join(' ', new[] { e.What, e.By == JournalEntry.ByClock ? e.Answer : null }.Concat(Details.Texts(e.Detail)).OfType<string>()))];
}
