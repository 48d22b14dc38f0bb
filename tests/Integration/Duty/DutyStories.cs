using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Duty;

/// <summary>On duty, taking over, handing over, gaps, and people in several teams.</summary>
[Trait("Database", "SQLite")] // what touches the tables differently has its stories in RosterStories on both
public sealed class DutyStories(SharedStreet shared) : DutyStory(shared), IClassFixture<SharedStreet>
{
    [Fact]
    public async Task A_swap_needs_the_others_yes_and_of_two_swaps_of_one_shift_the_first_yes_wins()
    {
        var (mine, theirs) = (await Shift("community07", "grid044", Tomorrow(8), Tomorrow(20)), await Shift("community07", "grid045", Tomorrow(32), Tomorrow(44)));
        var swap = await Ask<SwapView>("grid044", "/api/duty/swaps", new { shift = mine.Id, with = theirs.Post, @for = theirs.Id }, HttpStatusCode.Created);
        var other = await Ask<SwapView>("grid044", "/api/duty/swaps", new { shift = mine.Id, with = await Post("grid046") }, HttpStatusCode.Created);
        Assert.Equal(swap.Id, (await Ask<SwapView>("grid044", "/api/duty/swaps", new { shift = mine.Id, with = theirs.Post, @for = theirs.Id }, HttpStatusCode.Created)).Id); // asked twice is asked once
        Assert.Equal(mine.Post, (await View("grid044", "team:13", Tomorrow())).Shifts.Single(s => s.Id == mine.Id).Post); // nothing yet
        await IsRefused("grid044", $"/api/duty/swaps/{swap.Id}/agree", 404, Codes.SwapUnknown); // not one's own yes
        await IsRefused("grid046", $"/api/duty/swaps/{swap.Id}/agree", 404, Codes.SwapUnknown); // nor a third's
        Assert.Equal("agreed", (await Ask<SwapView>("grid045", $"/api/duty/swaps/{swap.Id}/agree")).State);
        await Ask<SwapView>("grid045", $"/api/duty/swaps/{swap.Id}/agree"); // the same yes once more is no fault
        await IsRefused("grid046", $"/api/duty/swaps/{other.Id}/agree", 409, Codes.SwapOver);
        var after = (await View("grid044", "team:13", Tomorrow())).Shifts;
        Assert.Equal((theirs.Post, mine.Post), (after.Single(s => s.Id == mine.Id).Post, after.Single(s => s.Id == theirs.Id).Post));
        Assert.Equal(2, (await Look<RosterPage>("community07", "/api/roster/journal?unit=team:13")).Lines.Count(l => l.What == "swapped"));
    }

    [Fact]
    public async Task A_swap_that_does_not_fit_is_refused_and_a_no_changes_nothing()
    {
        var mine = await Shift("community07", "grid047", Tomorrow(8), Tomorrow(20));
        var theirs = await Shift("community07", "grid048", Tomorrow(10), Tomorrow(22));
        await IsRefused("grid047", "/api/duty/swaps", 422, Codes.SwapUnfit, new { shift = mine.Id, with = await Post("grid044") }); // another team
        await IsRefused("grid047", "/api/duty/swaps", 422, Codes.SwapUnfit, new { shift = mine.Id, with = await Post("head14") }); // may not accept
        await IsRefused("grid047", "/api/duty/swaps", 422, Codes.SwapUnfit, new { shift = mine.Id, with = theirs.Post }); // they would have two at once
        await IsRefused("grid048", "/api/duty/swaps", 404, Codes.ShiftUnknown, new { shift = mine.Id, with = await Post("grid049") }); // not theirs to offer
        var swap = await Ask<SwapView>("grid047", "/api/duty/swaps", new { shift = mine.Id, with = theirs.Post, @for = theirs.Id }, HttpStatusCode.Created);
        Assert.Equal("declined", (await Ask<SwapView>("grid048", $"/api/duty/swaps/{swap.Id}/decline")).State);
        await IsRefused("grid048", $"/api/duty/swaps/{swap.Id}/agree", 409, Codes.SwapOver);
        var late = await Ask<SwapView>("grid047", "/api/duty/swaps", new { shift = mine.Id, with = await Post("grid049") }, HttpStatusCode.Created);
        await Reaches(Tomorrow(9)); // it has begun
        await IsRefused("grid049", $"/api/duty/swaps/{late.Id}/agree", 409, Codes.SwapOver);
    }

    [Fact]
    public async Task Two_take_one_duty_at_once_and_one_has_it_and_the_other_is_told_which_post_does()
    {
        await Empty("grid051", "grid052", "grid053", "grid054", "property15", "police15");
        var gap = new { unit = "team:15", from = Tomorrow(20), until = Tomorrow(32) };
        string[] askers = ["grid051", "grid052", "police15", "property15"];
        foreach (var asker in askers) await Street.As(asker);
        var answers = await Task.WhenAll(askers.Select(async a => await (await Street.As(a)).Send("/api/duty/take", gap)));
        var winner = Assert.Single(answers, a => a.Status == HttpStatusCode.OK).Value<RosterShift>();
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Matches("网格员|民警|物业", a.Problem(409, Codes.DutyTaken).Title));
        Assert.Equal((gap.from, gap.until), (winner.From, winner.Until!.Value));
        var won = askers[Array.FindIndex(answers, a => a.Status == HttpStatusCode.OK)];
        Assert.Equal(winner.Id, (await Ask<RosterShift>(won, "/api/duty/take", gap)).Id); // the winner's repeat
        var posts = Street.Service<Roster>().Posts.Where(p => p.Team?.Value == "15").Select(p => p.Id.Value).ToList(); // other teams' stories may have the same hours
        Assert.Single(await Rows(db => db.Shifts.Where(s => posts.Contains(s.Post) && s.From == gap.from && s.Until == gap.until && s.Slot == string.Empty)));
        await IsRefused("head15", "/api/duty/take", 403, Codes.MayNotAccept, gap); // a volunteer mans nothing
        await IsRefused("grid047", "/api/duty/take", 404, Codes.UnitUnknown, gap);
    }

    [Fact]
    public async Task Who_takes_a_duty_by_choice_is_on_duty_and_called_and_who_signs_off_is_not()
    {
        await Empty("grid055", "grid056", "grid057", "property16", "police16");
        var call = await Street.Blow("055");
        Assert.Equal("community", (await Street.Card(call.CallNo)).Rung); // the empty tier is skipped at once
        await Ask<RosterShift>("grid056", "/api/duty/take");
        await Ask<RosterShift>("grid056", "/api/duty/take"); // a second tap is no second shift
        Assert.True((await Look<DutyView>("grid056", "/api/duty")).OnDuty);
        await using var screen = await Screen.FilledAsync(Street, "grid056");
        var next = await Street.Blow("055");
        await screen.Shows(next.CallNo, CallStates.Ringing);
        await Ask<Reply>("grid056", "/api/duty/signOff");
        await Ask<Reply>("grid056", "/api/duty/signOff");
        Assert.False(await OnDuty("grid056"));
        var after = await Street.Blow("055");
        Street.FastForward(LiveFeed.LookEvery);
        await screen.Until(s => s.Cases.Count == 0);
        Assert.False(screen.EverSaw(after.CallNo));
    }

    [Fact]
    public async Task What_is_in_hand_at_the_end_of_a_shift_goes_on_to_the_next_with_a_note_that_the_journal_does_not_hold()
    {
        await Empty("grid062", "grid063", "grid064", "grid065", "property18", "police18");
        await Shift("community09", "grid062", Tomorrow(8), Tomorrow(20));
        await Shift("community09", "grid063", Tomorrow(20), Tomorrow(32));
        await Reaches(Tomorrow(19));
        var call = await Street.Blow("062", "08");
        await Street.Do("grid062", call.CallNo, "accept");
        await Ask<Reply>("grid062", "/api/duty/note", new { note = "灯杆钥匙在物业" });
        await Reaches(Tomorrow(-4)); // 20:00
        Assert.Equal($"handedOver to:{await Post("grid063")}", (await Told(call.CallNo))[^1]);
        var note = Assert.Single((await Look<DutyView>("grid063", "/api/duty")).Notes);
        Assert.Equal(("灯杆钥匙在物业", "gridWorker"), (note.Words, note.By));
        await Street.Do("grid063", call.CallNo, "arrive");
        Assert.DoesNotContain(await Rows(db => db.Journal.Where(j => j.CallNo == call.CallNo)), j => j.Detail.Contains("钥匙", StringComparison.Ordinal));
        Assert.DoesNotContain(await Rows(db => db.RosterJournal), j => j.Detail.Contains("钥匙", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_signs_off_hands_over_at_once_and_the_words_stay_with_the_case()
    {
        var call = await Street.Blow("066");
        await Street.Do("grid066", call.CallNo, "accept");
        await Ask<Reply>("grid066", "/api/duty/signOff", new { note = "已约好下午三点" });
        Assert.StartsWith("handedOver to:", (await Told(call.CallNo))[^1], StringComparison.Ordinal); // nobody waits for a tick
        var words = Assert.Single(await Rows(db => db.Words.Where(w => w.CallNo == call.CallNo && w.Kind == "handOver")));
        Assert.Equal("已约好下午三点", Street.Service<Database>().DataKeys.Decrypt(words.Words));
        Assert.Equal(CallStates.OnScene, (await Street.Do("grid066", call.CallNo, "arrive")).State); // who accepted may still finish
    }

    [Fact]
    public async Task With_nobody_next_what_is_in_hand_climbs_at_once_and_the_community_and_then_the_street_has_it()
    {
        string[] team = ["grid070", "grid071", "grid072", "property20", "police20"];
        var call = await Street.Blow("070");
        await Street.Do("grid070", call.CallNo, "accept");
        await Empty(team);
        Assert.Equal("handedOver skipped:team climbed:community lead:community", (await Told(call.CallNo))[^1]);
        await Empty("community10");
        Assert.Equal("handedOver skipped:communityDesk climbed:street lead:street", (await Told(call.CallNo))[^1]);
        Assert.Equal("streetDesk", (await Street.Card(call.CallNo)).Lead!.Post);
    }

    [Fact]
    public async Task Somebody_who_is_removed_while_on_duty_leaves_a_case_that_goes_on_and_is_rostered_no_more()
    {
        var call = await Street.Blow("076");
        await Street.Do("grid076", call.CallNo, "accept");
        await Shift("community11", "grid076", Tomorrow(8), Tomorrow(20));
        var post = await Post("grid076");
        await using var screen = await Screen.FilledAsync(Street, "grid076");
        await Ask<RosterTaken>("community11", "/api/roster/retire", new { post });
        await Sweep();
        Assert.StartsWith("handedOver to:", (await Told(call.CallNo))[^1], StringComparison.Ordinal);
        await screen.Ended(); // whoever is removed watches nothing any more
        Assert.DoesNotContain((await View("community11", "team:22", Tomorrow())).Posts, p => p.Id == post);
        await IsRefused("community11", "/api/roster/shifts", 404, Codes.PostUnknown, new { post, from = Tomorrow(8), until = Tomorrow(20) });
        await Ask<RosterTaken>("community11", "/api/roster/patterns", await DayNight("team:22", Tomorrow(), "grid076", "grid077"));
        Assert.DoesNotContain(await Rows(db => db.Shifts.Where(s => s.Post == post && s.State != ShiftRow.Off)), s => s.Until is null || s.Until > Street.Now);

        // An account that is deleted takes its post along, without a word to the roster.
        var second = await Street.Blow("080");
        await Street.Do("grid080", second.CallNo, "accept");
        await using (var db = Street.Service<Database>().Context()) await db.Users.Where(u => u.UserName == "grid080").ExecuteDeleteAsync();
        await Street.Service<Database>().WriteAsync(async db => { await db.ChangedAsync(AccountBook.Name, CancellationToken.None); return 0; }, CancellationToken.None);
        await Street.Service<BookWatch>().LookAsync(CancellationToken.None);
        await Sweep();
        Assert.StartsWith("handedOver to:", (await Told(second.CallNo))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_is_found_72_hours_ahead_told_to_the_community_and_then_to_the_street_and_closed_when_covered()
    {
        await Reaches(Tomorrow(9)); // in the evening the first hour of the next shift is near, and what is near is the street's at once
        var until = Tomorrow(8).AddDays(1);
        await Empty("grid083", "grid084", "grid085", "property24", "police24");
        await Shift("community12", "grid083", Street.Now.AddMinutes(1), until.AddHours(-24));
        await Shift("community12", "grid084", until.AddHours(-24), until);
        await LookAhead();
        var gaps = (await Look<DutyGaps>("community12", "/api/duty/gaps")).Gaps.Where(g => g.Unit == "team:24").ToList();
        Assert.Equal(until, gaps[^1].From);
        Assert.InRange(gaps[^1].Until, Street.Now + GapWatch.Ahead, Street.Now + GapWatch.Ahead + TimeSpan.FromHours(1));
        Assert.DoesNotContain((await Look<DutyGaps>("duty", "/api/duty/gaps")).Gaps, g => g.Unit == "team:24" && g.From >= until); // the community first
        Street.FastForward(GapWatch.CommunityFirst);
        await LookAhead();
        Assert.Contains((await Look<DutyGaps>("duty", "/api/duty/gaps")).Gaps, g => g.Unit == "team:24" && g.From == until);
        var rows = await Rows(db => db.Gaps.Where(g => g.Unit == "team:24" && g.FromAt == until));
        await LookAhead();
        Assert.Equal(rows[0].FoundAt, (await Rows(db => db.Gaps.Where(g => g.Unit == "team:24" && g.FromAt == until)))[0].FoundAt); // told once
        await Ask<RosterShift>("grid085", "/api/duty/take", new { unit = "team:24", from = until, until = until.AddHours(24) });
        Assert.DoesNotContain((await Look<DutyGaps>("community12", "/api/duty/gaps")).Gaps, g => g.Unit == "team:24" && g.From < until.AddHours(24) && g.Until > until);
        Assert.Contains((await View("community12", "team:24", until, 5)).Gaps, g => g.From == until.AddHours(24)); // red from there on
    }

    [Fact]
    public async Task A_fallback_rota_counts_as_cover_and_is_on_duty_only_while_something_is_unmanned()
    {
        await Empty("grid094", "grid095", "grid096", "property27", "police27", "grid097", "police28");
        await Ask<RosterTaken>("community13", "/api/roster/patterns", new
        {
            unit = "community:13", code = "fallback", standby = true, start = Day(Street.Now.AddDays(-1)), kinds = new[] { new { code = "all", from = "00:00", until = "24:00", days = "every" } },
            cycle = new[] { new[] { "all" } }, crews = new[] { new[] { await Post("grid097") } },
        });
        await LookAhead();
        await Reaches(Tomorrow(9));
        Assert.True(await OnDuty("grid097")); // team 27 is unmanned
        await LookAhead();
        Assert.DoesNotContain((await Look<DutyGaps>("community13", "/api/duty/gaps")).Gaps, g => g.Unit == "team:27" && g.From > Street.Now);
        Assert.Contains((await View("community13", "team:27", Street.Now, 2)).Gaps, g => g.Fallback);
        var call = await Street.Blow("094");
        Assert.Contains("28", (await Street.Card(call.CallNo)).Teams); // whom the empty team's case rings instead
        await Street.Do("grid097", call.CallNo, "accept");
        await Ask<RosterShift>("grid095", "/api/duty/take");
        Assert.False(await OnDuty("grid097")); // not needed any more
    }

    [Fact]
    public async Task In_a_season_of_floods_the_leader_is_to_be_on_duty_and_a_gap_is_the_streets_at_once()
    {
        await Street.SignOff("leader");
        await LookAhead();
        Assert.Empty(await Rows(db => db.Gaps.Where(g => g.Unit == "leader" && g.ClosedAt == null)));
        await IsRefused("community01", "/api/roster/rules", 403, Codes.Forbidden, new { seasons = new[] { new { from = Tomorrow(), until = Tomorrow(24) } } });
        await IsRefused("duty", "/api/roster/rules", 422, Codes.PatternInvalid, new { seasons = new[] { new { from = Tomorrow(24), until = Tomorrow() } } });
        await Ask<DutyRules>("duty", "/api/roster/rules", new { seasons = new[] { new { from = Tomorrow(), until = Tomorrow(24) } } });
        Assert.Equal((Tomorrow(), Tomorrow(24)), Assert.Single((await Look<DutyGaps>("duty", "/api/duty/gaps")).Gaps.Where(g => g.Unit == "leader").Select(g => (g.From, g.Until))));
        await Shift("duty", "leader", Tomorrow(), Tomorrow(24));
        Assert.DoesNotContain((await Look<DutyGaps>("duty", "/api/duty/gaps")).Gaps, g => g.Unit == "leader");
    }

    [Fact]
    public async Task A_person_in_two_teams_has_a_post_in_each_and_acts_as_one_at_a_time()
    {
        await IsRefused("community14", "/api/roster/posts", 404, Codes.PostUnknown, new { userName = "police29", team = "31" }); // another community's team
        var post = await Ask<RosterPost>("community14", "/api/roster/posts", new { userName = "police29", team = "30" }, HttpStatusCode.Created);
        await IsRefused("community14", "/api/roster/posts", 422, Codes.PostUnfit, new { userName = "police29", team = "30" });
        await IsRefused("community14", "/api/roster/posts", 422, Codes.PostUnfit, new { userName = "community14", team = "30" }); // a desk is no member
        var client = await Street.As("police29");
        var call = await Street.Blow("105");
        (await client.Send($"/api/calls/{call.CallNo}/accept")).Problem(404, Codes.CallNotFound);
        var accept = $"/api/calls/{call.CallNo}/accept?post={post.Id}";
        (await client.Send(accept)).Problem(403, Codes.NotOnDuty); // not rostered there
        await Shift("community14", "grid105", Tomorrow(8), Tomorrow(20));
        Assert.Equal(post.Id, (await client.Send($"/api/duty/take?post={post.Id}", new { })).Value<RosterShift>().Post);
        Assert.Equal("30", (await client.Send(accept)).Value<Reply>().Call!.Lead!.Team);
        (await client.Send($"/api/duty/take?post={await Post("grid106")}", new { })).Problem(403, Codes.PostNotHeld); // somebody else's, or nobody's
        (await client.Send("/api/duty/take?post=p0", new { })).Problem(403, Codes.PostNotHeld);
        Assert.Equal(2, (await Look<DutyView>("police29", "/api/duty")).Posts.Count);
    }

    [Fact]
    public async Task On_the_demo_street_everybody_is_on_duty_round_the_clock_and_a_roster_adds_to_it()
    {
        Assert.True(await OnDuty("grid116"));
        await Shift("community16", "grid116", Tomorrow(8), Tomorrow(20));
        await Reaches(Tomorrow(23));
        Assert.True(await OnDuty("grid116"));
        Assert.True(await OnDuty("property33"));
        await Ask<Reply>("grid116", "/api/duty/signOff");
        await Ask<RosterShift>("grid116", "/api/duty/take");
        Street.FastForward(TimeSpan.FromDays(3));
        Assert.True(await OnDuty("grid116"));
    }

    [Fact]
    public async Task A_calendar_feed_is_its_address_names_nobody_keeps_its_uids_and_ends_when_revoked()
    {
        await Ask<RosterTaken>("community17", "/api/roster/patterns", await DayNight("team:35", Tomorrow(), "grid124", "grid125"));
        var feed = await Ask<RosterFeed>("grid124", "/api/duty/feed", new { unit = "team:35" }, HttpStatusCode.Created);
        var text = (await Street.Anyone.Read(feed.Url)).Text;
        Assert.DoesNotContain("grid124", text, StringComparison.Ordinal);
        var uids = Uids(text);
        Assert.Equal(PatternCommands.Horizon * 2, uids.Count);
        var own = (await Ask<RosterFeed>("grid124", "/api/duty/feed", new { }, HttpStatusCode.Created)).Url;
        Assert.Equal(PatternCommands.Horizon, Uids((await Street.Anyone.Read(own)).Text).Count);
        await Ask<RosterTaken>("community17", "/api/roster/patterns", await DayNight("team:35", Tomorrow(), "grid125", "grid126"));
        var later = (await Street.Anyone.Read(feed.Url)).Text;
        Assert.Equal(uids.Order(), Uids(later).Order()); // moved, not made anew
        Assert.Contains("SEQUENCE:1", later, StringComparison.Ordinal);
        Assert.DoesNotContain(feed.Url[5..^4], string.Join(' ', (await Rows(db => db.RosterFeeds)).Select(f => f.Hash)), StringComparison.Ordinal);
        (await Street.Anyone.Read("/cal/AAAAAAAAAAAAAAAAAAAAAA.ics")).Problem(404, Codes.LinkUnknown);
        (await (await Street.As("grid124")).Send("/api/duty/feed", new { unit = "team:36" })).Problem(404, Codes.UnitUnknown);
        await Ask<Reply>("grid124", "/api/duty/feeds/revoke");
        (await Street.Anyone.Read(feed.Url)).Problem(404, Codes.LinkUnknown);

        static List<string> Uids(string calendar) => [.. calendar.Replace("\r\n ", string.Empty, StringComparison.Ordinal).Split("\r\n").Where(l => l.StartsWith("UID:", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_table_is_taken_line_by_line_with_a_reason_for_each_that_is_not_and_goes_out_again_as_it_came()
    {
        var day = Day(Tomorrow());
        var table = $"who,from,until,standby\r\ngrid127,{day} 08:00,{day} 20:00,\r\ngrid128,{day} 20:00,{Day(Tomorrow(24))} 08:00,yes\r\nnobody,{day} 08:00,{day} 20:00,\r\n"
            + $"grid127,{day} 19:00,{day} 23:00,\r\ngrid127,{day} 8am,{day} 20:00,\r\ngrid127,2020-01-01 08:00,2020-01-01 20:00,\r\ngrid129,{day} 08:00,{day} 20:00,perhaps\r\ngrid001,{day} 08:00,{day} 20:00,\r\n\"grid129,{day}\r\n";
        var taken = await Import(table);
        Assert.Equal(
            (2, "4 roster_who_unknown 5 roster_overlaps 6 roster_time_invalid 7 roster_past 8 roster_standby_invalid 9 roster_who_unknown 10 broken_quotes"),
            (taken.Made, string.Join(' ', taken.Refused.Select(r => $"{r.Line} {r.Code}"))));
        Assert.Equal((2, 7), ((await Import(table)).Made, taken.Refused.Count)); // once more changes nothing
        string[] posts = [await Post("grid127"), await Post("grid128"), await Post("grid129")];
        Assert.Equal(["False", "True"], (await Rows(db => db.Shifts.Where(s => posts.Contains(s.Post) && s.Until != null).OrderBy(s => s.From))).Select(s => s.Standby.ToString()));
        var csv = (await (await Street.As("community17")).Read($"/api/roster.csv?unit=team:36&from={day}&to={day}")).Text;
        Assert.Contains($"grid127,{day} 08:00,{day} 20:00,\r\n", csv, StringComparison.Ordinal);
        Assert.Empty((await Import(csv.TrimStart('\uFEFF'))).Refused);
        (await (await Street.As("community17")).Send("/api/roster/import", "x"u8.ToArray(), contentType: "text/csv")).Problem(400, Codes.BadRequest);

        async Task<RosterTaken> Import(string text) => (await (await Street.As("community17")).Send("/api/roster/import", System.Text.Encoding.UTF8.GetBytes(text), contentType: "text/csv")).Value<RosterTaken>();
    }

    [Fact]
    public async Task A_gap_that_runs_begins_now_and_never_in_the_past()
    {
        Street.FastForward(TimeSpan.FromMinutes(17));
        await Empty("grid112", "grid113", "grid114", "grid115", "property32", "police32");
        await LookAhead();
        Street.FastForward(TimeSpan.FromMinutes(5));
        var seen = await Look<DutyGaps>("duty", "/api/duty/gaps");
        Assert.Contains(seen.Gaps, g => g.Unit == "team:32");
        Assert.All(seen.Gaps, g => Assert.True(g.From >= seen.AsOf, $"{g.Unit} {g.From:O}"));
    }

    [Fact]
    public async Task The_whole_night_shows_every_unit_its_reader_manages_with_its_shifts_and_gaps()
    {
        var night = await Look<RosterNight>("duty", "/api/roster/tonight");
        Assert.Equal(36 + 17 + 2, night.Units.Count);
        Assert.Equal((8, 0), (night.Until.ToOffset(WorkCalendar.Offset).Hour, night.Until.ToOffset(WorkCalendar.Offset).Minute));
        Assert.Contains(night.Units, u => u.Unit == "street" && u.Shifts.Count > 0);
        Assert.All(night.Units.SelectMany(u => u.Shifts), s => Assert.Contains(night.Posts, p => p.Id == s.Post));
        Assert.Equal(["community:01", "team:01", "team:02"], (await Look<RosterNight>("community01", "/api/roster/tonight")).Units.Select(u => u.Unit).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_handed_over_is_what_stands_on_the_board_and_what_was_ticked_is_kept()
    {
        var urgent = await Street.Blow("130", "01");
        var late = await Street.Blow("130", "02");
        await Street.SweepAfter(TimeSpan.FromMinutes(16));
        var list = await Look<HandOverView>("duty", "/api/duty/handOver");
        Assert.Contains(list.Items, i => i.Key == $"urgent:{urgent.CallNo}" && i.CallNo == urgent.CallNo);
        Assert.Contains(list.Items, i => i.Key == $"late:{late.CallNo}" || i.Key == "late:rest");
        Assert.Equal("ok", (await Ask<Reply>("duty", "/api/duty/handOver", new { ticked = new[] { $"urgent:{urgent.CallNo}" } })).Code);
        var last = (await Look<HandOverView>("duty2", "/api/duty/handOver")).Last!;
        Assert.Equal(("tookOver", "streetDesk", 1), (last.What, last.By, last.Ticked));
        Assert.True(last.Left >= 1);
        var kept = (await Look<ActsView>("auditor", "/api/acts?list=roster")).Acts.First(a => a.What == "tookOver");
        Assert.Contains($"ticked:urgent:{urgent.CallNo}", kept.Detail, StringComparison.Ordinal);
        Assert.Contains("left:", kept.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(urgent.CallNo, (await (await Street.As("duty2")).Read("/api/roster/journal?unit=street")).Text, StringComparison.Ordinal); // who is recused since learns no number
        await IsRefused("duty", "/api/duty/handOver", 400, Codes.BadRequest, new { ticked = new[] { "late:<b>" } });
        await IsRefused("duty", "/api/duty/handOver", 400, Codes.BadRequest, new { note = "x" });
        await IsRefused("grid130", "/api/duty/handOver", 403, Codes.Forbidden, new { ticked = Array.Empty<string>() });
        Assert.DoesNotContain((await Look<HandOverView>("grid001", "/api/duty/handOver")).Items, i => i.Community == "17"); // a team's list holds what its phones are sent
        var own = (await Look<HandOverView>("grid130", "/api/duty/handOver")).Items.First(i => i.CallNo == late.CallNo);
        Assert.Equal("ok", (await Ask<Reply>("grid130", "/api/duty/signOff", new { ticked = new[] { own.Key } })).Code);
        var signedOff = (await Look<ActsView>("auditor", "/api/acts?list=roster")).Acts.First(a => a.What == "handedOver");
        Assert.Contains($"ticked:{own.Key}", signedOff.Detail, StringComparison.Ordinal);
    }
}
