using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>叫应: everybody on duty is called by all channels until each has answered; who is silent is known at every minute, and climbs.</summary>
public sealed class CalloutStories(ReachStreet shared) : GatewayStory(shared)
{
    private const string Storm = "暴雨红色预警：立即巡查低洼地带。";

    [Fact]
    public async Task Of_221_posts_with_a_tenth_silent_the_list_is_exact_at_every_minute_and_the_report_is_right()
    {
        await Rules(
            new { on = "calledOut", to = "lead", by = "sms" }, new { on = "calledOut", to = "lead", by = "voice", after = 60 }, new { on = "calledOut", to = "lead", by = "voice", after = 240 });
        await Gateway("sms", "sms");
        await Gateway("voice", "voice");
        var numbers = await NumbersForAll();
        var away = Street.Service<Roster>().Held.Where(p => p.Kind is PostKind.BuildingHead or PostKind.Leader).Select(p => p.Id).ToHashSet(); // who owes no answers is off duty
        foreach (var post in away) await Street.Service<Roster>().SignOffAsync(post, Street.Now, CancellationToken.None);
        var called = numbers.Keys.Where(p => !away.Contains(p)).ToList();
        Assert.Equal(221, called.Count);
        var silent = called.Where((_, i) => i % 10 == 5).ToHashSet();

        Assert.Equal(new CalloutCount(221, away.Count, 0), await Count(new { }));
        var receipt = await Call(new { text = Storm });
        Assert.Equal((221, away.Count), (receipt.Asked, receipt.Absent));
        var no = receipt.CallNo;
        await SendAll();
        Assert.Equal(221, Receiver.Of("sms").Count);
        Assert.DoesNotContain(Receiver.Of("sms"), r => r.Text.Contains("暴雨", StringComparison.Ordinal)); // no words outside the pages
        var codes = Receiver.Of("sms").ToDictionary(r => r.Phone!, r => CodeIn(r.Text));
        var opened = Street.Now;

        // Nine in ten answer, some every minute for eight minutes: by reply, by key, a few on the page.
        var willing = called.Where(p => !silent.Contains(p)).ToList();
        var (answered, inTime) = (new Dictionary<string, double>(), 0);
        for (var minute = 1; minute <= 12; minute++)
        {
            Street.FastForward(TimeSpan.FromMinutes(1));
            await Street.Sweep();
            await SendAll();
            foreach (var post in willing.Where((_, i) => i % 8 == minute - 1))
            {
                var reply = minute % 2 == 0 ? await Pressed(numbers[post], "1") : await Replied(numbers[post], $"１ {codes[numbers[post]]}");
                Assert.Equal((true, "ok"), (reply.Ok, reply.Code));
                answered.Add(post.Value, (Street.Now - opened).TotalSeconds);
                if (minute <= 5) inTime++;
            }

            var view = await View(no);
            Assert.Equal((221, answered.Count, inTime, away.Count), (view.Figures.Asked, view.Figures.Answered, view.Figures.InTime, view.Figures.Absent));
            Assert.Equal(called.Select(p => p.Value).Except(answered.Keys).Order(), view.Posts.Where(p => p.State == "waiting").Select(p => p.Post).Order());
            Assert.Equal(answered.Keys.Order(), view.Posts.Where(p => p.State == "answered").Select(p => p.Post).Order());
            Assert.Equal(away.Select(p => p.Value).Order(), view.Posts.Where(p => p.State == "absent").Select(p => p.Post).Order());
            Assert.All(view.Posts.Where(p => p.State == "answered"), p => Assert.Equal(answered[p.Post], p.Seconds));

            // Each part climbs by itself, as long as somebody in it is silent.
            var waits = view.Posts.Where(p => p.State == "waiting").Select(p => p.Community ?? string.Empty).ToHashSet();
            Assert.All(view.Parts.Where(p => waits.Contains(p.Community)), p => Assert.Equal(minute <= 5 ? "team" : minute <= 10 && p.Community.Length > 0 ? "community" : "street", p.Rung));
        }

        // Whoever has answered is rung no more; whoever has not was called once more by voice.
        var calls = Receiver.Of("voice").GroupBy(r => r.Phone!).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(silent, p => Assert.Equal(2, calls[numbers[p]]));
        Assert.All(willing.Where((_, i) => i % 8 < 3), p => Assert.True(calls.GetValueOrDefault(numbers[p]) <= 1));

        // After two hours it ends by itself, and the report says who never answered.
        Street.FastForward(TimeSpan.FromHours(2));
        await Street.Sweep();
        var report = await View(no);
        Assert.NotNull(report.EndedAt);
        Assert.Equal(silent.Select(p => p.Value).Order(), report.Posts.Where(p => p.State == "silent").Select(p => p.Post).Order());
        Assert.Equal((answered.Count, inTime), (report.Figures.Answered, report.Figures.InTime));
        var sorted = answered.Values.Order().ToList();
        Assert.Equal((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, report.Figures.MedianSeconds);
        Assert.Equal((opened + TimeSpan.FromHours(2), Storm, false), (report.EndedAt, report.Text, report.Drill));
        Assert.All(report.Posts.Where(p => p.State == "answered"), p => Assert.Contains(p.Via, (string?[])["sms", "voice"]));

        var csv = Encoding.UTF8.GetString(await (await Street.As("duty")).GetByteArrayAsync(new Uri($"/api/callouts/{no}/report.csv", UriKind.Relative)));
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 221 + away.Count, lines.Length);
        Assert.Equal(silent.Count, lines.Count(l => l.Contains("未应答", StringComparison.Ordinal)));
        await new MatterScene(Street).EverythingFolds();
        foreach (var post in away) await Street.Service<Roster>().AddShiftAsync(post, Street.Now, null, CancellationToken.None);
    }

    [Fact]
    public async Task Whoever_is_called_reads_it_on_the_page_and_answers_with_one_tap_and_nobody_answers_for_another()
    {
        var no = (await Call(new { text = Storm, drill = true, choose = new { teams = new[] { "01" }, kinds = new[] { "gridWorker", "police" } } })).CallNo;
        var (part, grid, police) = (Assert.Single((await View(no)).Parts).CallNo, await Street.PostOf("grid001"), await Street.PostOf("police01"));
        var it = new MatterScene(Street);
        var item = Assert.Single((await it.Inbox("grid001")).Owed, o => o.Matter.CallNo == part);
        Assert.Equal((true, Storm, part, "done"), (item.Rings, item.Text, item.Matter.CallNo, Assert.Single(Assert.Single(item.Owed).Says).Code));
        Assert.Contains("drill", item.Matter.Flags);
        await it.Say("grid001", part, "heard", "done");
        Assert.DoesNotContain((await it.Inbox("grid001")).Owed, o => o.Matter.CallNo == part);
        await it.Say("grid001", part, "heard", "done"); // a second tap says the same

        Street.FastForward(TimeSpan.FromMinutes(11));
        await Street.Sweep();
        var climbed = Assert.Single((await it.Inbox("community01")).Owed, o => o.Matter.CallNo == part);
        Assert.Equal((true, false, 0), (climbed.Climbed, climbed.Rings, climbed.Owed.Count));
        Refused(Codes.NotEntitled, await it.Try("community01", part, "answer", new { owed = "heard", says = "done" }));
        Refused(Codes.CallNotFound, await it.Try("grid060", part, "answer", new { owed = "heard", says = "done" }));
        var view = await View(no);
        Assert.Equal(["waiting"], view.Posts.Where(p => p.Post == police.Value).Select(p => p.State));
        Assert.Equal((grid.Value, null), view.Posts.Where(p => p.State == "answered").Select(p => (p.Post, p.Via)).First());
    }

    [Fact]
    public async Task Ended_by_the_desk_nobody_is_called_any_more_and_the_silent_stay_in_the_report()
    {
        await Rules(new { on = "calledOut", to = "lead", by = "sms" }, new { on = "calledOut", to = "lead", by = "voice", after = 300 });
        await Gateway("sms", "sms");
        await Gateway("voice", "voice");
        await Phone("grid001", "13900000001");
        var no = (await Call(new { text = Storm, drill = true, choose = new { grids = new[] { "001" } } })).CallNo;
        await Send();
        Assert.Contains("演练", Assert.Single(Receiver.Of("sms")).Text, StringComparison.Ordinal);
        Refused(Codes.ReasonMissing, await Post("duty", $"/api/callouts/{no}/end", new { }));
        Assert.Equal(HttpStatusCode.NoContent, (await Post("duty", $"/api/callouts/{no}/end", new { note = "演练结束" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Post("duty", $"/api/callouts/{no}/end", new { note = "演练结束" })).Status);
        await SendAfter(TimeSpan.FromMinutes(10));
        Assert.Empty(Receiver.Of("voice"));
        var view = await View(no);
        Assert.NotNull(view.EndedAt);
        Assert.All(view.Posts, p => Assert.Equal("silent", p.State));
        Assert.Equal("answer_heard_over", (await Replied("13900000001", $"1 {CodeIn(Receiver.Of("sms")[0].Text)}")).Code); // after the end
    }

    [Fact]
    public async Task Keys_that_say_something_else_strangers_and_who_is_off_duty_answer_nothing()
    {
        await Rules(new { on = "calledOut", to = "lead", by = "sms" }, new { on = "calledOut", to = "lead", by = "voice" });
        await Gateway("sms", "sms");
        await Gateway("voice", "voice");
        await Phone("grid001", "13900000001");
        await Phone("grid060", "13900000009");
        var no = (await Call(new { text = Storm, choose = new { grids = new[] { "001" }, kinds = new[] { "gridWorker" } } })).CallNo;
        await Send();
        var code = CodeIn(Receiver.Of("sms")[0].Text);
        Assert.EndsWith("应答请按 1。", Receiver.Of("voice")[0].Text, StringComparison.Ordinal);
        foreach (var key in (string?[])["2", "", null, "9", "11"]) Assert.Equal("answer_heard_key", (await Pressed("13900000001", key)).Code);
        Assert.Equal("answer_stranger", (await Replied("13911111111", $"1 {code}")).Code);
        Assert.Equal("answer_unknown", (await Replied("13900000009", $"1 {code}")).Code);
        await Street.SignOff("grid001");
        Assert.Equal(Codes.NotOnDuty, (await Pressed("13900000001", "1")).Code);
        await BackOnDuty("grid001");
        Assert.Equal(0, (await View(no)).Figures.Answered);
        Assert.Equal("ok", (await Pressed("13900000001", "1")).Code);
        Assert.Equal("ok", (await Pressed("13900000001", "1")).Code); // a second call says the same
        Assert.Equal((1, 1), ((await View(no)).Figures.Answered, (await View(no)).Figures.Asked));
        Assert.NotNull((await View(no)).EndedAt);
    }

    [Fact]
    public async Task A_person_with_two_posts_is_called_once_and_bad_input_says_what_is_wrong()
    {
        foreach (var (body, code) in new (object, string)[]
        {
            (new { }, "field_missing"), (new { text = "  " }, "field_missing"), (new { text = new string('长', 2_001) }, "field_too_long"), (new { text = Storm, choose = new { kinds = new[] { "mayor" } } }, "callout_unknown"),
            (new { text = Storm, choose = new { communities = new[] { "99" } } }, "callout_unknown"), (new { text = Storm, choose = new { grids = Enumerable.Repeat("001", 3).Append("999") } }, "callout_unknown"),
            (new { text = Storm, choose = new { teams = new[] { "77" } } }, "callout_unknown"), (new { text = Storm, choose = new { kinds = new[] { "buildingHead" }, grids = Enumerable.Range(0, 600).Select(i => $"x{i}") } }, Codes.OutOfBounds),
        }) Refused(code, await Post("duty", "/api/callouts", body));
        Assert.Equal(HttpStatusCode.Forbidden, (await Post("community01", "/api/callouts", new { text = Storm })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await Street.As("grid001")).Read("/api/callouts")).Status);
        Refused(Codes.CallNotFound, await (await Street.As("duty")).Read("/api/callouts/M26031100001"));
        var errand = (await new MatterScene(Street).Open()).CallNo;
        Refused(Codes.CallNotFound, await (await Street.As("duty")).Read($"/api/callouts/{errand}"));

        // The same request with its key is the same call-out.
        var body2 = new { text = Storm, choose = new { grids = new[] { "002" } } };
        var (one, again) = ((await Post("duty", "/api/callouts", body2, "callout-key-1")).Value<CalloutReceipt>(HttpStatusCode.Created), (await Post("duty", "/api/callouts", body2, "callout-key-1")).Value<CalloutReceipt>(HttpStatusCode.Created));
        Assert.Equal(one, again);
        Assert.Single((await View(one.CallNo)).Parts);
    }

    [Fact]
    public async Task One_that_was_acknowledged_is_sent_to_everybody_although_the_process_died_in_between()
    {
        var desk = Street.Service<DispatchDesk>();
        var by = Street.Service<Roster>().FindPost((await Street.PostOf("duty")).Value)!;
        var called = new[] { await Street.PostOf("grid001"), await Street.PostOf("community05"), await Street.PostOf("duty2") };
        var begin = new DeskRequest.Begin(Callouts.Whole, by, null, null, Origin.Staff, $$$"""{"form":"warning","values":{"text":"{{{Storm}}}"}}""", Caller.Unknown)
        {
            Drill = true, Chosen = new Dictionary<string, ImmutableArray<PostId>> { [Callouts.Called] = [.. called], [Callouts.Absent] = [] }.ToImmutableDictionary(),
        };
        var no = ((DeskReply.Done)await desk.Submit(begin, null)).Matter.No.Value;
        Assert.True((await View(no)).Sending);
        await Street.Service<Drills>().LookAsync(CancellationToken.None);
        await Street.Service<Drills>().LookAsync(CancellationToken.None);
        var view = await View(no);
        Assert.Equal((false, 3, 3), (view.Sending, view.Parts.Count, view.Posts.Count));
        Assert.Equal(called.Select(p => p.Value).Order(), view.Posts.Select(p => p.Post).Order());
        Assert.Equal(Storm, Assert.Single((await new MatterScene(Street).Inbox("grid001")).Owed, o => o.Matter.CallNo == view.Parts.First(p => p.Community == "01").CallNo).Text);
    }

    [Fact]
    public async Task A_drill_comes_once_a_month_within_its_hours_and_nobody_can_look_up_when()
    {
        var now = Street.Now;
        foreach (var (plan, code) in new (object, string)[]
        {
            (new { on = true, from = "9:00", until = "17:00", text = "演练" }, "drill_hours"), (new { on = true, from = "17:00", until = "09:00", text = "演练" }, "drill_hours"), (new { on = true, from = "09:00", until = "25:00", text = "演练" }, "drill_hours"),
            (new { on = true, from = "09:00", until = "17:00" }, Codes.ReasonMissing), (new { on = true, from = "09:00", until = "17:00", text = "演练", choose = new { teams = new[] { "no" } } }, "callout_unknown"),
        }) Refused(code, await PutAs("duty", "/api/callouts/plan", plan));
        var kept = (await PutAs("duty", "/api/callouts/plan", new { on = true, from = "09:00", until = "17:30", text = "演练：请应答", choose = new { grids = new[] { "003" } } })).Value<DrillPlan>();
        Assert.Equal(kept.Text, (await List()).Plan.Text);
        var drills = Street.Service<Drills>();
        var begun = new List<DateTimeOffset>();
        while (Street.Now < now.AddDays(92)) // every quarter of an hour for three months, and at night every two hours
        {
            Street.FastForward(Street.Now.ToOffset(TimeSpan.FromHours(8)).Hour is >= 8 and < 18 ? TimeSpan.FromMinutes(15) : TimeSpan.FromHours(2));
            var before = await CountOfDrills();
            await drills.LookAsync(CancellationToken.None);
            if (await CountOfDrills() > before) begun.Add(Street.Now);
        }

        var months = begun.Select(at => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM", CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(months.Distinct(), months); // once in each
        foreach (var whole in (int[])[1, 2]) Assert.Contains(now.ToOffset(TimeSpan.FromHours(8)).AddMonths(whole).ToString("yyyy-MM", CultureInfo.InvariantCulture), months);
        Assert.All(begun, at => Assert.InRange(at.ToOffset(TimeSpan.FromHours(8)).TimeOfDay, TimeSpan.FromHours(9), TimeSpan.FromHours(17.75)));
        var sums = (await List()).Sums;
        Assert.Contains(sums, s => s.Drill && s.Callouts >= begun.Count);
        (await PutAs("duty", "/api/callouts/plan", new { on = false, from = "09:00", until = "17:30" })).Value<DrillPlan>();
    }

    private static void Refused(string code, Answer answer) => answer.Problem(Sentences.Find(code).Status, code);

    private async Task<int> CountOfDrills()
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Matters.CountAsync(m => m.Procedure == Callouts.Whole);
    }

    /// <summary>A number for every post that somebody holds, without a request for each.</summary>
    private async Task<Dictionary<PostId, string>> NumbersForAll()
    {
        var keys = new Dictionary<PostId, string>();
        await Street.Service<Database>().WriteAsync(async db =>
        {
            foreach (var user in await db.Users.Where(u => u.Post != null).OrderBy(u => u.Post).ToListAsync())
            {
                var number = string.Create(CultureInfo.InvariantCulture, $"139{keys.Count:D8}");
                user.Phone = db.DataKeys.Encrypt(Account.PhoneColumn, number);
                keys.Add(new(user.Post!), number);
            }

            return await db.SaveChangesAsync();
        }, CancellationToken.None);
        return keys;
    }

    /// <summary>Sends all that is due, however many turns that takes.</summary>
    private async Task SendAll()
    {
        for (var turn = 0; turn < 4; turn++) await Send();
    }

    private async Task<CalloutReceipt> Call(object body) => (await Post("duty", "/api/callouts", body)).Value<CalloutReceipt>(HttpStatusCode.Created);

    private async Task<CalloutCount> Count(object choose) => (await Post("duty", "/api/callouts/count", new { choose })).Value<CalloutCount>();

    private async Task<CalloutView> View(string no) => (await (await Street.As("duty")).Read($"/api/callouts/{no}")).Value<CalloutView>();

    private async Task<CalloutList> List() => (await (await Street.As("duty")).Read("/api/callouts")).Value<CalloutList>();

    private async Task<Answer> Post(string userName, string path, object body, string? key = null) => await (await Street.As(userName)).Send(path, body, key);

    private async Task<Answer> PutAs(string userName, string path, object body) =>
        await (await Street.As(userName)).Ask(HttpMethod.Put, path, new StringContent(System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
}
