using System.Diagnostics.Metrics;
using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>站外消息: who is told of what, when, and what happens where a gateway fails.</summary>
public sealed class OutboxStories(ReachStreet shared) : ReachStory(shared)
{
    [Fact]
    public async Task An_S1_reaches_the_room_at_once_every_number_on_duty_and_a_locked_phone_rings_after_45_seconds_unless_somebody_took_it()
    {
        await Channel("room", "weCom", "team:01");
        await Channel("sms", "sms");
        await Channel("voice", "voice");
        foreach (var (who, number) in new[] { ("grid001", "13900000001"), ("police01", "13900000002"), ("head01", "13900000003") }) await Phone(who, number);
        var call = await Street.Blow(category: "01");
        await Send();
        var said = Assert.Single(Receiver.Of("room")).Text;
        Assert.All(new[] { call.CallNo, "特急", "供水爆管" }, part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.DoesNotContain("试", said, StringComparison.Ordinal); // no free text
        Assert.Equal(["13900000001", "13900000002"], Receiver.Of("sms").Select(r => r.Phone).Order()); // 楼长 are volunteers
        await SendAfter(TimeSpan.FromSeconds(45) - Moment);
        Assert.Empty(Receiver.Of("voice"));
        await SendAfter(Moment);
        Assert.Equal(2, Receiver.Of("voice").Count);

        var taken = await Street.Blow(category: "01");
        await Street.Do("grid001", taken.CallNo, "accept");
        Assert.Contains("ringing voice team:01 cancelled", await Outbox(taken.CallNo)); // in the transaction of the accept
        await SendAfter(TimeSpan.FromMinutes(2));
        Assert.Equal(2, Receiver.Of("voice").Count);
    }

    [Fact]
    public async Task Who_has_posts_in_two_teams_is_told_once_of_what_rings_in_both()
    {
        var post = (await (await Street.As("community07")).Send("/api/roster/posts", new { userName = "police14", team = "15" })).Value<RosterPost>(HttpStatusCode.Created);
        (await (await Street.As("police14")).Send($"/api/duty/take?post={post.Id}", new { })).Value<RosterShift>();
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms");
        await Phone("police14", "13900000014");
        await Phone("police15", "13900000015");
        var call = await Street.Blow("044", "01"); // of team 13; then of all three
        await Send();
        Assert.Empty(Receiver.Of("sms"));
        Street.FastForward(TimeSpan.FromMinutes(3) + Moment);
        await Street.Sweep();
        await Send();
        Assert.Equal(["13900000014", "13900000015"], Receiver.Of("sms").Select(r => r.Phone).Order());
        await Street.Do("community07", call.CallNo, "accept");
        var next = await Street.Blow("047", "01"); // the next event is told again
        await Send();
        Assert.Contains("13900000014", Receiver.Of("sms").Skip(2).Select(r => r.Phone));
        await Street.Do("police14", next.CallNo, "accept");
    }

    [Fact]
    public async Task Who_has_no_number_takes_nothing_from_the_rate_of_a_gateway_and_holds_up_nobody_who_has_one()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms", perMinute: 4); // one at once
        await Phone("police01", "13900000001");
        var call = await Street.Blow(category: "01");
        await Send();
        Assert.Equal("13900000001", Assert.Single(Receiver.Of("sms")).Phone);
        Assert.Single(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));

        // What was sent does count.
        await Street.Blow(category: "01");
        await Send();
        Assert.Single(Receiver.Of("sms"));
        await SendAfter(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Receiver.Of("sms").Count);
    }

    [Fact]
    public async Task A_wait_outlives_a_restart_and_a_change_that_was_rolled_back_says_nothing()
    {
        await Rules(new { on = "ringing", to = "team", by = "robot", after = 600 });
        await Channel("room", "feishu", "team:02", secret: "geheim");
        var call = await Street.Blow("004");
        await Assert.ThrowsAnyAsync<Exception>(() => Street.Do("grid001", call.CallNo, "accept")); // not theirs: refused
        await Street.RestartAsync();
        await SendAfter(TimeSpan.FromSeconds(600) - Moment);
        Assert.Empty(Receiver.Of("room"));
        await SendAfter(Moment);
        Assert.Contains("https://street.example/m", Assert.Single(Receiver.Of("room")).Text, StringComparison.Ordinal);
        Assert.Equal(["ringing room team:02 sent"], await Outbox(call.CallNo));
    }

    [Fact]
    public async Task Who_is_on_duty_when_a_message_leaves_is_told_and_nobody_else()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" }, new { on = "ringing", to = "team", by = "robot" });
        await Channel("sms", "sms");
        await Channel("room", "dingTalk", "team:01");
        await Phone("grid001", "13900000001");
        await Phone("grid002", "13900000002");
        var call = await Street.Blow();
        await Street.SignOff("grid001");
        await Send();
        Assert.Equal("13900000002", Assert.Single(Receiver.Of("sms")).Phone);
        Assert.Single(Receiver.Of("room"));

        // Between the expansion and the sending as well: the gateway was down meanwhile.
        Receiver.Answer = _ => (503, string.Empty);
        var later = await Street.Blow();
        await Send();
        await Street.SignOff("grid002", "grid003", "property01", "police01");
        Receiver.Answer = _ => Receiver.Good;
        var before = Receiver.Of("sms").Count;
        await SendAfter(TimeSpan.FromMinutes(10));
        Assert.Equal(before, Receiver.Of("sms").Count);
        Assert.Contains(await Outbox(later.CallNo), line => line.EndsWith("skipped off_duty", StringComparison.Ordinal));
        Assert.Contains("ringing room team:01 skipped nobody_on_duty", await Outbox(later.CallNo));
        await BackOnDuty("grid001", "grid002", "grid003", "property01", "police01");
        Assert.NotEmpty(await Outbox(call.CallNo));
    }

    [Fact]
    public async Task Hours_ahead_without_anybody_on_duty_are_told_to_the_community_and_when_it_does_nothing_to_the_street_and_only_once()
    {
        var roster = Street.Service<Roster>();
        var community = roster.Posts.First(p => p.Team?.Value == "20").Community;
        await Rules(new { on = "gap", to = "community", by = "robot" }, new { on = "gap", to = "street", by = "robot" });
        await Channel("desk", "weCom", $"community:{community}");
        await Channel("street", "feishu", "street");
        var team = roster.Posts.Where(p => p.Team?.Value == "20" && DutyUnit.Mans(p)).ToList();
        foreach (var post in team) await roster.SignOffAsync(post.Id, Street.Now, CancellationToken.None);
        var hour = Cover.HourOf(Street.Now).AddHours(48);
        await roster.AddShiftAsync(team[0].Id, Street.Now, hour, CancellationToken.None);
        await LookForGaps();
        var told = Assert.Single(Receiver.Of("desk")).Text;
        Assert.Contains(hour.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), told, StringComparison.Ordinal);
        Assert.Contains("没有人值班", told, StringComparison.Ordinal);
        Assert.Contains("https://street.example/roster", told, StringComparison.Ordinal);
        Assert.Empty(Receiver.Of("street"));
        Street.FastForward(GapWatch.CommunityFirst);
        await LookForGaps();
        Assert.Single(Receiver.Of("desk")); // hours that come into sight belong to what was told
        Assert.Contains("没有人值班", Assert.Single(Receiver.Of("street")).Text, StringComparison.Ordinal);
        foreach (var post in team) await roster.AddShiftAsync(post.Id, Street.Now, null, CancellationToken.None);

        async Task LookForGaps()
        {
            await Street.Service<GapWatch>().LookAsync(CancellationToken.None);
            await Send();
        }
    }

    [Theory]
    [InlineData(0, "22")] // looked at on the very hour, the next one stands at the edge of sight
    [InlineData(20, "23")]
    public async Task Hours_that_an_edit_adds_behind_a_told_stretch_are_told_of_too_and_those_that_time_alone_brings_are_not(int minute, string number)
    {
        Street.FastForward(Cover.HourOf(Street.Now).AddHours(1).AddMinutes(minute) - Street.Now);
        var roster = Street.Service<Roster>();
        var team = roster.Posts.Where(p => p.Team?.Value == number && DutyUnit.Mans(p)).ToList();
        await Rules(new { on = "gap", to = "community", by = "robot" });
        await Channel("desk", "weCom", $"community:{team[0].Community}");
        foreach (var post in team) await roster.SignOffAsync(post.Id, Street.Now, CancellationToken.None);
        var hour = Cover.HourOf(Street.Now).AddHours(24);
        await roster.AddShiftAsync(team[0].Id, Street.Now, hour, CancellationToken.None);
        await roster.AddShiftAsync(team[1].Id, hour.AddHours(6), hour.AddHours(10), CancellationToken.None);
        await roster.AddShiftAsync(team[0].Id, hour.AddHours(10), hour.AddHours(40), CancellationToken.None);
        var first = await ToldAsync();
        Assert.Equal((24, 6), first[0]);
        Assert.Equal(64, Assert.Single(first, told => told != first[0]).From); // up to the edge of sight
        await roster.SignOffAsync(team[1].Id, hour.AddHours(6), CancellationToken.None);
        Assert.Equal([(30, 4)], await ToldAsync());
        Assert.Empty(await ToldAsync());
        Street.FastForward(TimeSpan.FromHours(1));
        Assert.Empty(await ToldAsync());
        foreach (var post in team) await roster.AddShiftAsync(post.Id, Street.Now, null, CancellationToken.None);

        // From which hour after the beginning, and how many.
        async Task<List<(int From, int Hours)>> ToldAsync()
        {
            var seen = await CountAsync();
            await Street.Service<GapWatch>().LookAsync(CancellationToken.None);
            await using var db = Street.Service<Database>().Context();
            var rows = await db.Outbox.AsNoTracking().Where(m => m.Event == "gap" && m.Id > seen).OrderBy(m => m.Id).Select(m => m.Subject).ToListAsync();
            return [.. rows.Select(s => s.Split('|')).Where(g => g[0] == $"team:{number}").Select(g => ((int)(DateTimeOffset.FromUnixTimeSeconds(long.Parse(g[1], System.Globalization.CultureInfo.InvariantCulture)) - hour.AddHours(-24)).TotalHours, int.Parse(g[2], System.Globalization.CultureInfo.InvariantCulture))).Order()];
        }

        async Task<long> CountAsync()
        {
            await using var db = Street.Service<Database>().Context();
            return await db.Outbox.MaxAsync(m => (long?)m.Id) ?? 0;
        }
    }

    [Fact]
    public async Task A_case_that_is_hidden_from_property_goes_neither_to_their_numbers_nor_to_a_room_that_they_read()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" }, new { on = "ringing", to = "team", by = "robot" });
        await Channel("sms", "sms");
        await Channel("room", "weCom", "team:01");
        await Phone("grid001", "13900000001");
        await Phone("property01", "13900000009");
        var call = await Street.Blow(hide: true);
        await Send();
        Assert.Equal("13900000001", Assert.Single(Receiver.Of("sms")).Phone);
        Assert.Empty(Receiver.Of("room"));
        Assert.Contains("ringing room team:01 skipped recused", await Outbox(call.CallNo));
    }

    [Fact]
    public async Task A_caller_is_told_of_each_step_at_the_number_on_file_then_and_it_stands_nowhere_else()
    {
        await Rules(new { on = "whistled", to = "caller", by = "sms" }, new { on = "accepted", to = "caller", by = "sms" }, new { on = "arrived", to = "caller", by = "sms" });
        await Channel("sms", "sms");
        var call = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "水", contact = new { name = "李", phone = "13812345678" } })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await Street.Do("grid001", call.CallNo, "accept");
        await Send();
        var told = Receiver.Of("sms");
        Assert.Equal(2, told.Count);
        Assert.All(told, r => Assert.Equal("13812345678", r.Phone));
        Assert.All(told, r => Assert.Contains($"https://street.example/t/{call.TrackingCode}", r.Text, StringComparison.Ordinal));
        Assert.Contains("收到", told[0].Text, StringComparison.Ordinal); // in order
        Assert.Contains("接单", told[1].Text, StringComparison.Ordinal);
        await using (var db = Street.Service<Database>().Context()) await db.Callers.Where(c => c.CallNo == call.CallNo).ExecuteDeleteAsync();
        await Street.Do("grid001", call.CallNo, "arrive");
        await Send();
        Assert.Equal(2, Receiver.Of("sms").Count);
        Assert.Equal("arrived sms caller skipped no_number", (await Outbox(call.CallNo))[^1]);
        var everything = string.Join('\n', Street.Log.Lines) + (await (await Street.As("admin")).Read("/api/outbox?state=sent")).Text + await Street.Metrics();
        Assert.DoesNotContain("13812345678", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(call.TrackingCode, everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0632-5550100", "no_text")]
    [InlineData("13812345678转12", "no_text")]
    [InlineData("400-812-3456", "no_text")]
    [InlineData("+852 2123 4567", "no_text")]
    [InlineData("+86 138-1234-5678", "13812345678")]
    [InlineData("00852 9123 4567", "+85291234567")]
    public async Task No_text_goes_to_a_number_that_cannot_take_one_and_the_gateway_gets_the_one_form(string said, string outcome)
    {
        await Rules(new { on = "whistled", to = "caller", by = "sms" });
        await Channel("sms", "sms");
        var call = (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", contact = new { phone = said } })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        Assert.Equal(outcome == "no_text" ? true : null, call.PhoneNoText);
        await Send();
        if (outcome == "no_text") Assert.Equal(["whistled sms caller skipped no_text"], await Outbox(call.CallNo));
        else Assert.Equal(outcome, Assert.Single(Receiver.Of("sms")).Phone);
        if (outcome == "no_text") Assert.Empty(Receiver.Of("sms"));
    }

    [Fact]
    public async Task Staffs_numbers_have_the_one_form_and_an_unusual_one_is_asked_about_once()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms");
        await Phone("grid001", "＋86 139 0000 0001");
        (await Put("/api/staff/grid002/phone", new { phone = "1390000000" })).Problem(422, "phone_unusual");
        (await Put("/api/staff/grid002/phone", new { phone = "----123" })).Problem(422, "phone_invalid");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await Put("/api/staff/grid002/phone", new { phone = "179 0000 0002", anyway = true })).Status);
        await Phone("police01", "0632-5550100");
        var call = await Street.Blow();
        await Send();
        Assert.Equal(["13900000001", "17900000002"], Receiver.Of("sms").Select(r => r.Phone).Order());
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith("skipped no_text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_storm_becomes_one_message_with_a_count_and_the_first_S1s_stay_by_themselves()
    {
        await Rules(new { on = "ringing", to = "team", by = "robot" });
        await Channel("room", "weCom", "team:01");
        var urgent = await Street.Blow(category: "01");
        for (var i = 0; i < 30; i++) await Street.Blow(category: "08");
        await Send();
        var said = Receiver.Of("room");
        Assert.Equal(2, said.Count);
        Assert.Single(said, r => r.Text.Contains(urgent.CallNo, StringComparison.Ordinal));
        Assert.Single(said, r => r.Text.Contains(" 30 ", StringComparison.Ordinal));
        Assert.Equal(30, (await Page("collapsed")).Counts["collapsed"]);

        // And never more than the robot takes in a minute, however many come apart from each other.
        for (var i = 0; i < 60; i++)
        {
            await Street.Blow(category: "08");
            await SendAfter(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(Receiver.Of("room").Count - 2, 1, 20);
    }

    [Fact]
    public async Task A_gateway_that_answers_500_or_hangs_gets_the_same_key_again_and_what_follows_in_the_case_waits_for_it()
    {
        await Rules(new { on = "any", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*", secret: "whsec_plJ3nmyCDGBKInavdOK15jslAAAAAAAAAAAA", timeoutSeconds: 1);
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        var attempt = 0;
        Receiver.Answer = _ => ++attempt switch { 1 => (500, "oops"), 2 => null, _ => Receiver.Good };
        await Send();
        Assert.Single(Receiver.Of("hook")); // accepted waits behind whistled
        await SendAfter(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Receiver.Of("hook").Count);
        await SendAfter(TimeSpan.FromSeconds(2));
        var got = Receiver.Of("hook");
        Assert.Equal(["call.whistled", "call.whistled", "call.whistled", "call.accepted"], got.Select(r => r.Json.GetProperty("type").GetString()));
        Assert.Equal([3, 1], got.GroupBy(r => r.Key).Select(g => g.Count()));
        Assert.Single(got.Take(3).Select(r => r.Body).Distinct()); // the time of the event, whenever it is sent
        Assert.Equal(3, got.Take(3).Select(r => r.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(got, r => Assert.Equal(Formats.SignWebhook("whsec_plJ3nmyCDGBKInavdOK15jslAAAAAAAAAAAA", r.Headers["webhook-id"], r.Headers["webhook-timestamp"], r.Body), r.Headers["webhook-signature"]));
        Assert.Equal(["whistled hook street sent", "accepted hook street sent"], await Outbox(call.CallNo));

        // Each says which entry of the journal it tells of and which version its case has since, as the feed does.
        var about = got.DistinctBy(r => r.Key).Select(r => r.Json.GetProperty("data")).Select(d => (d.GetProperty("seq").GetInt64(), d.GetProperty("version").GetInt64()));
        await using var db = Street.Service<Database>().Context();
        var entries = await db.Journal.AsNoTracking().Where(e => e.CallNo == call.CallNo && (e.What == "whistled" || e.What == "accepted")).OrderBy(e => e.Seq).ToListAsync();
        Assert.Equal(entries.Select(e => (e.Seq, (long)e.Version)), about);
    }

    [Fact]
    public async Task What_fails_ten_times_is_dead_is_seen_and_is_sent_again_by_the_administrator()
    {
        await Rules(new { on = "accepted", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*");
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        Receiver.Answer = _ => (503, string.Empty);
        for (var i = 0; i < 12; i++) await SendAfter(Hub.Features.Reach.Outbox.LongestRetry);
        Assert.Equal(Hub.Features.Reach.Outbox.MostAttempts, Receiver.Of("hook").Count);
        var dead = Assert.Single((await Page("dead")).Lines);
        Assert.Equal(("status_503", 10, call.CallNo), (dead.Why, dead.Attempts, dead.CallNo));
        Assert.NotNull((await (await Street.As("admin")).Read("/api/channels")).Value<ChannelsView>().Channels[0].FailingSince);
        Receiver.Answer = _ => Receiver.Good;
        await Resend($"{dead.Id}/resend");
        await Send();
        Assert.Equal(dead.Key, Receiver.Of("hook")[^1].Key); // receivers still know it
        Assert.Null((await (await Street.As("admin")).Read("/api/channels")).Value<ChannelsView>().Channels[0].FailingSince);
        (await (await Street.As("admin")).Send($"/api/outbox/{dead.Id}/resend")).Problem(404, "message_unknown");
    }

    [Fact]
    public async Task A_webhook_that_is_gone_for_good_is_turned_off_and_said_so()
    {
        await Rules(new { on = "any", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*");
        Receiver.Answer = _ => (410, string.Empty);
        var call = await Street.Blow();
        await Send();
        await Street.Do("grid001", call.CallNo, "accept");
        await SendAfter(TimeSpan.FromHours(1));
        Assert.Single(Receiver.Of("hook"));
        Assert.False((await (await Street.As("admin")).Read("/api/channels")).Value<ChannelsView>().Channels[0].Enabled);
        Assert.Equal("webhook", Assert.Single(await Street.Service<Hub.Features.Reach.Outbox>().FailingAsync(CancellationToken.None)).By); // so the desks see it
        Assert.Equal("status_410", Assert.Single((await Page("dead")).Lines).Why);
        Assert.Contains("\"by\":\"system\",\"what\":\"channelPut\"", (await (await Street.As("auditor")).Read("/api/acts")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_robot_that_rejects_the_signature_in_a_200_is_not_asked_again_until_its_secret_is_mended()
    {
        await Rules(new { on = "ringing", to = "team", by = "robot" });
        await Channel("room", "dingTalk", "team:01", secret: "SECwrong");
        Receiver.Answer = _ => (200, """{"errcode":310000,"errmsg":"sign not match"}""");
        var call = await Street.Blow();
        await SendAfter(TimeSpan.Zero);
        await SendAfter(TimeSpan.FromMinutes(1));
        Assert.Contains("&sign=", Assert.Single(Receiver.Of("room")).Query.Replace("?timestamp", "&timestamp", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["ringing room team:01 dead code_310000"], await Outbox(call.CallNo));
        Receiver.Answer = _ => Receiver.Good;
        await Put("/api/channels/room", new { secret = "SECright" });
        await Resend("resend?channel=room");
        await Send();
        Assert.Equal(["ringing room team:01 sent"], await Outbox(call.CallNo));

        // A redirect is not followed either.
        Receiver.Answer = _ => (302, string.Empty);
        var next = await Street.Blow();
        await Send();
        Assert.Empty(Receiver.Of("elsewhere"));
        Assert.Equal(["ringing room team:01 dead redirect"], await Outbox(next.CallNo));
    }

    [Fact]
    public async Task What_a_node_had_lent_when_it_died_is_sent_under_the_same_key_after_its_lease_and_by_one_other_only()
    {
        await Rules(new { on = "accepted", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*", timeoutSeconds: 5);
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        var outbox = Street.Service<Outbox>();
        var lent = Assert.Single((await outbox.TurnAsync([], new Dictionary<string, int>(), CancellationToken.None)).Lent);
        Assert.Empty((await outbox.TurnAsync([], new Dictionary<string, int>(), CancellationToken.None)).Lent); // nobody else gets it
        await SendAfter(TimeSpan.FromSeconds(15));
        Assert.Empty(Receiver.Of("hook"));
        await SendAfter(Moment);
        Assert.Equal(lent.Key, Assert.Single(Receiver.Of("hook")).Key);
        // The dead node's verdict, should it come all the same, changes nothing.
        await outbox.TurnAsync([new Attempt(lent, new Verdict(Ending.Refused, "late"))], new Dictionary<string, int>(), CancellationToken.None);
        Assert.Equal(["accepted hook street sent"], await Outbox(call.CallNo));
    }

    [Fact]
    public async Task What_waits_and_how_late_the_first_of_it_is_can_be_measured()
    {
        await Rules(new { on = "accepted", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*");
        await Put("/api/channels/hook", new { enabled = false });
        Assert.Equal((0d, 0d), await Measured());
        await Put("/api/channels/hook", new { enabled = true });
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        Street.FastForward(TimeSpan.FromSeconds(40));
        Assert.Equal((1d, 40d), await Measured());
        await Send();
        Assert.Equal((0d, 0d), await Measured());
    }

    [Fact]
    public async Task A_day_later_nothing_leaves_by_itself_and_what_is_sent_again_has_a_new_key()
    {
        await Rules(new { on = "accepted", to = "street", by = "webhook" });
        await Channel("hook", "webhook", "*");
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        await Put("/api/channels/hook", new { enabled = false });
        await SendAfter(Hub.Features.Reach.Outbox.KeyWindow + Moment);
        var dead = Assert.Single((await Page("dead")).Lines);
        Assert.Equal("too_old", dead.Why);
        await Put("/api/channels/hook", new { enabled = true });
        await Resend($"{dead.Id}/resend");
        await Send();
        Assert.NotEqual(dead.Key, Assert.Single(Receiver.Of("hook")).Key);
    }

    [Fact]
    public async Task Without_a_channel_nothing_is_written_and_what_a_removed_channel_leaves_behind_is_seen()
    {
        await Street.Blow(category: "01");
        Assert.Empty((await Page("waiting")).Counts);
        await Channel("room", "weCom", "team:01");
        var call = await Street.Blow(category: "01");
        await Channel("other", "weCom", "team:36");
        await (await Street.As("admin")).Ask(HttpMethod.Delete, "/api/channels/room");
        await Send();
        Assert.Contains("ringing room team:01 dead channel_gone", await Outbox(call.CallNo));
    }

    [Fact]
    public async Task Secrets_never_come_back_and_bad_channels_and_rules_are_refused_with_a_reason()
    {
        await Channel("room", "dingTalk", "team:01", secret: "SECgeheim");
        var shown = (await (await Street.As("admin")).Read("/api/channels")).Text;
        Assert.DoesNotContain("SECgeheim", shown, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Receiver.Url}/room", shown, StringComparison.Ordinal);
        await using (var db = Street.Service<Database>().Context())
        {
            var row = await db.Channels.AsNoTracking().SingleAsync();
            Assert.DoesNotContain("geheim", row.Secret + row.Endpoint + row.Settings, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", row.Endpoint, StringComparison.Ordinal);
        }

        foreach (var url in (string[])["http://example.com/x", "https://example.com/x", "ftp://127.0.0.1/", "https://user:pw@127.0.0.1/", "nonsense"])
            (await Put("/api/channels/bad", new { kind = "webhook", addresses = new[] { "street" }, url })).Problem(422, "channel_url");
        foreach (var bad in new object[]
        {
            new { kind = "pigeon", url = Receiver.Url }, new { kind = "weCom", addresses = new[] { "team:99" }, url = Receiver.Url }, new { kind = "weCom", addresses = new[] { "*" }, url = Receiver.Url },
            new { kind = "sms", perMinute = 0, url = Receiver.Url }, new { kind = "sms", template = "[1]", url = Receiver.Url }, new { kind = "webhook", addresses = new[] { "*" }, secret = "short", url = Receiver.Url }, new { kind = "sms" },
        }) (await Put("/api/channels/bad", bad)).Problem(422, "channel_invalid");
        foreach (var bad in new object[]
        {
            new { }, new { rules = "x" }, new { rules = new object[] { new { on = "nothing", to = "team", by = "sms" } } }, new { rules = new object[] { new { on = "ringing", to = "caller", by = "sms" } } },
            new { rules = new object[] { new { on = "accepted", to = "caller", by = "voice" } } }, new { rules = new object[] { new { on = "ringing", to = "team", by = "sms", after = -1 } } },
            new { rules = new object[] { new { on = "ringing", to = "team", by = "sms", levels = new[] { "S9" } } } }, new { link = "javascript:1", rules = Array.Empty<object>() },
        })
        {
            var problem = (await Put("/api/reach", new { rules = bad })).Problem(422, "reach_invalid");
            Assert.Matches("：.*\\p{IsCJKUnifiedIdeographs}", problem.Title); // the reason too, and not in English alone
            Assert.DoesNotMatch("\\p{IsCJKUnifiedIdeographs}", problem.Detail);
        }

        Assert.Equal(0, (await (await Street.As("admin")).Read("/api/reach")).Value<ReachView>().Version);
        await Rules(new { on = "ringing", to = "team", by = "robot" });
        Assert.Equal(1, (await (await Street.As("admin")).Read("/api/reach")).Value<ReachView>().Version);
        (await Put("/api/staff/grid001/phone", new { phone = "abc" })).Problem(422, "phone_invalid");
        (await Put("/api/staff/nobody/phone", new { phone = "13900000001" })).Problem(404, "staff_unknown");
        Assert.Contains("room", (await (await Street.As("admin")).Ask(HttpMethod.Get, "/admin/outbox", shape: r => r.Headers.Add("Accept", "text/html"))).Text, StringComparison.Ordinal);
    }

    /// <summary>What the node's gauges say once it has looked.</summary>
    private async Task<(double Waiting, double Overdue)> Measured()
    {
        await Street.Service<Outbox>().MeasureAsync(CancellationToken.None);
        var read = new Dictionary<string, double>();
        using var listener = new MeterListener();
        var meter = Street.Service<OutboxMeters>().Meter;
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => read[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => read[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return (read["dispatch.outbox.waiting"], read["dispatch.outbox.overdue"]);
    }
}
