using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;
using Answer = DispatchCenter.Integration.Harness.Answer;

namespace DispatchCenter.Integration.Matters;

/// <summary>代办 from the counter to the last word, over HTTP.</summary>
public sealed class ErrandStories : MatterTests
{
    [Fact]
    public async Task An_errand_goes_from_the_counter_to_the_callers_last_word_beside_whistles_in_one_journal()
    {
        var call = await Street.Blow();
        var opened = await It.Open(body: MatterScene.Errand(whose: "母亲", name: "王小二", phone: "13900001111"));
        var no = opened.CallNo;
        Assert.Matches("^M260311-0000[0-9]$", no);
        Assert.NotNull(opened.Promised);
        var owed = Assert.Single((await It.Inbox("grid001")).Owed);
        Assert.Equal(("take", "take"), (owed.Stage.Code, Assert.Single(owed.Owed).Key));
        Assert.Equal(["accepted", "notNeeded"], owed.Owed[0].Says.Select(s => s.Code));
        Assert.Empty((await It.Inbox("grid004")).Owed);

        Assert.Equal("papers", (await It.Say("grid001", no, "take", "accepted")).Matter!.Stage);
        await Street.Do("grid001", call.CallNo, "accept");
        Assert.Equal($"{no}-1", await It.Paper("grid001", no, "身份证"));
        Assert.Equal($"{no}-2", await It.Paper("grid001", no, "户口本"));
        await It.Say("grid001", no, "papers", "done");
        await Street.Do("grid001", call.CallNo, "arrive");
        await It.Say("grid001", no, "work", "done", new() { ["words"] = "办好了" });
        Assert.Equal(["giveBack-1", "giveBack-2"], (await It.Detail("grid001", no)).Mine.Select(m => m.Key));
        await It.GiveBack("grid001", no, 2);
        Assert.Equal("giveBack", (await It.Card(no)).Stage);
        await It.GiveBack("grid001", no, 1);

        var follow = $"/api/follow/{opened.TrackingCode}";
        var seen = (await Street.Anyone.Read(follow)).Value<FollowedMatter>();
        Assert.Equal(("followUp", "caller"), (Assert.Single(seen.Mine).Key, seen.Reader));
        Assert.NotNull(seen.PromiseKept);
        Assert.Equal(["身份证", "户口本"], seen.Items.Select(i => i.Values.Single(v => v.Key == "name").Value));
        var again = (await Street.Anyone.Send($"{follow}/answer", new { owed = "followUp", says = "notDone", form = new { words = "卡还没有到" } })).Value<FollowedMatter>();
        Assert.Equal("work", again.Stages.Single(s => s.State == "now").Key);
        await It.Say("grid001", no, "work2", "done", new() { ["words"] = "卡到了" });
        Assert.Equal("followUp", (await It.Card(no)).Stage); // no paper is held any more: there is nothing to give back
        Assert.Equal("answered_late", (await It.Say("grid001", no, "work", "morePapers", new() { ["words"] = "第一回" })).Code); // of the first round
        var last = (await Street.Anyone.Send($"{follow}/answer", new { owed = "followUp2", says = "satisfied" })).Value<FollowedMatter>();
        Assert.Equal(("satisfied", "满意"), (last.Outcome, last.OutcomeName));
        Assert.All((string[])["community01", "grid001"], who => Assert.Empty(It.Inbox(who).Result.Owed));
        Assert.Equal(no, Assert.Single((await It.List("duty", "?state=ended")).Matters).CallNo);
        Assert.Empty((await It.List("duty")).Matters);

        var told = await It.Told(no);
        Assert.StartsWith("opened opened entered", told[0], StringComparison.Ordinal);
        Assert.Contains(told, t => t.StartsWith("answered answered", StringComparison.Ordinal) && t.Contains("kept", StringComparison.Ordinal));
        Assert.EndsWith("left ended", told[^1], StringComparison.Ordinal);
        Assert.Equal(1, await It.EverythingFolds());
        await Street.SweepAfter(TimeSpan.FromDays(30));
        Assert.Equal(told.Length, (await Street.Journal(no)).Count); // no clock runs on
    }

    [Fact]
    public async Task A_matter_keeps_the_document_it_began_with_and_a_new_one_has_the_new()
    {
        var old = (await It.Open()).CallNo;
        Assert.Equal("errand 2", (await It.Add(Documents.ShortErrand)).Code);
        var young = (await It.Open()).CallNo;
        Assert.Equal((1, 2), ((await It.Card(old)).ProcedureVersion, (await It.Card(young)).ProcedureVersion));
        Assert.Equal(["接手", "马上接手"], (await It.Inbox("grid001")).Owed.OrderBy(o => o.Matter.CallNo).Select(o => o.Stage.Name));
        Assert.Equal(["take", "papers", "work", "giveBack", "followUp"], (await It.Detail("duty", old)).Stages.Select(s => s.Key));
        Assert.Equal(["take", "work"], (await It.Detail("duty", young)).Stages.Select(s => s.Key));
        await It.Say("grid001", old, "take", "accepted");
        await It.Say("grid001", young, "take", "accepted");
        Assert.Equal(("papers", "work"), ((await It.Card(old)).Stage, (await It.Card(young)).Stage));
        await Street.RestartAsync();
        await It.Paper("grid001", old, "身份证");
        await It.Say("grid001", old, "papers", "done");
        await It.Say("grid001", young, "work", "done");
        Assert.Equal(("work", null), ((await It.Card(old)).Stage, (await It.Card(young)).Stage));
        Assert.Equal("快办", (await It.Detail("duty", young)).Procedure.Name);
        Assert.Equal("代办", (await It.Detail("duty", old)).Procedure.Name);
    }

    [Fact]
    public async Task A_role_that_nobody_can_take_is_skipped_at_once_and_told()
    {
        await using var desk = await Screen.FilledAsync(Street, "community01");
        await It.Add(Documents.Nobody);
        var no = (await It.Open("grid001", new { procedure = "nobody", grid = "001" })).CallNo;
        Assert.Equal(["opened opened entered skipped climbed"], await It.Told(no));
        var card = await desk.ShowsMatter(no, "ask");
        Assert.Equal(("community", "communityDesk@community:01"), (card.Rung, Assert.Single(Assert.Single(card.Owed).Asked)));
        Assert.Equal(no, Assert.Single((await It.Inbox("community01")).Owed).Matter.CallNo);
        await It.Say("community01", no, "ask", "done");
        await desk.ShowsMatter(no, null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_who_give_the_last_answer_at_once_one_counts_and_the_other_is_told(bool form)
    {
        await It.Add(Documents.Council("council", form));
        var no = (await It.Open(body: new { procedure = "council", community = "01" })).CallNo;
        await It.Say("grid001", no, "talk", "done", form ? new() { ["words"] = "同意" } : null);
        object Body(string who) => form ? new { owed = "talk", says = "done", form = new { words = $"{who}也同意" } } : new { owed = "talk", says = "done" };
        string[] both = ["grid002", "grid003"];
        Answer[] answers;
        foreach (var who in both) await Street.As(who);
        var held = await Street.HoldDesk();
        var waiting = both.Select(who => It.Try(who, no, "answer", Body(who), $"last-{who}")).ToList();
        await Eventually.Holds(() => Street.Service<DispatchDesk>().Waiting == 2);
        held.Dispose();
        answers = await Task.WhenAll(waiting);
        var lost = answers.ToList().FindIndex(a => form ? a.Value<MatterReply>().Code == "answered_late" : a.Status == HttpStatusCode.Conflict);
        if (!form) answers[lost].Problem(409, Codes.AlreadyAnswered);
        Assert.Equal("ok", answers[1 - lost].Value<MatterReply>().Code);
        Assert.Equal("close", (await It.Card(no)).Stage);
        Assert.Equal(form ? 4 : 3, (await Street.Journal(no)).Count);

        // Asked again with their keys, now and after a restart, they hear the same, and nothing happens.
        await Street.RestartAsync();
        for (var i = 0; i < 2; i++)
        {
            var again = await It.Try(both[i], no, "answer", Body(both[i]), $"last-{both[i]}");
            Assert.Equal(answers[i].Status, again.Status);
            if (again.Status == HttpStatusCode.OK) Assert.Equal(answers[i].Value<MatterReply>().Code, again.Value<MatterReply>().Code);
        }

        Assert.Equal(form ? 4 : 3, (await Street.Journal(no)).Count);
        if (!form) return;
        var line = (await It.Detail("duty", no)).Timeline.Single(l => l.What == "late");
        Assert.Equal($"{both[lost]}也同意", Assert.Single(line.Values!).Value);
    }

    [Fact]
    public async Task What_a_phone_sends_after_its_stage_is_kept_and_a_paper_is_owed_back()
    {
        var no = (await It.Open()).CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, "身份证");
        await It.Reaches((await It.Card(no)).Due!.Value + MatterScene.Moment);
        Assert.Equal("community", (await It.Card(no)).Rung);
        await It.Say("community01", no, "papers", "done"); // in the place of the worker, whose phone is offline
        Assert.Equal("work", (await It.Card(no)).Stage);

        Assert.Equal($"{no}-2", await It.Paper("grid001", no, "照片", tapped: 600));
        var taken = (await Street.Journal(no))[^1];
        Assert.Equal(("itemTaken", Street.Now.AddSeconds(-600)), (taken.What, Assert.Single(taken.Detail.OfType<Detail.Claimed>()).At));
        Assert.Equal("work", (await It.Card(no)).Stage);
        await It.Say("grid001", no, "work", "done", new() { ["words"] = "办好了" });
        Assert.Equal(2, (await It.Card(no)).Owed.Count);
        Assert.Equal($"{no}-3", await It.Paper("grid001", no, "介绍信", tapped: 3_600)); // while papers are given back
        Assert.Equal(["giveBack-1", "giveBack-2", "giveBack-3"], (await It.Card(no)).Owed.Select(o => o.Key));

        var late = await It.Say("grid001", no, "work", "cannot", new() { ["words"] = "窗口说不行" }, tapped: 7_200);
        Assert.Equal("answered_late", late.Code);
        Assert.Equal("late", (await Street.Journal(no))[^1].What);
        Assert.Equal("窗口说不行", (await It.Detail("grid001", no)).Timeline[^1].Values!.Single().Value);
        for (var item = 1; item <= 3; item++) await It.GiveBack("grid001", no, item);
        Assert.Equal(("followUp", null), ((await It.Card(no)).Stage, (await It.Card(no)).ItemsHeld));
        Assert.Equal(["身份证", "照片", "介绍信"], (await It.Detail("duty", no)).Items.Select(i => i.Values[0].Value));
    }

    [Fact]
    public async Task A_key_makes_a_request_safe_to_repeat_even_after_a_restart()
    {
        var body = MatterScene.Errand();
        var first = await It.TryOpen("community01", body, "open-once");
        var no = first.Value<MatterReceipt>(HttpStatusCode.Created).CallNo;
        await It.Say("grid001", no, "take", "accepted", key: "take-once");
        Assert.Equal($"{no}-1", await It.Paper("grid001", no, "身份证", key: "paper-one"));
        Assert.Equal($"{no}-2", await It.Paper("grid001", no, "户口本", key: "paper-two"));
        var before = Street.Fingerprint();
        for (var life = 0; life < 2; life++)
        {
            var again = await It.TryOpen("community01", body, "open-once");
            Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
            (await It.TryOpen("community01", MatterScene.Errand(what: "别的"), "open-once")).Problem(422, Codes.IdempotencyKeyReused);
            Assert.Equal("ok", (await It.Say("grid001", no, "take", "accepted", key: "take-once")).Code);
            (await It.Try("grid001", no, "answer", new { owed = "take", says = "notNeeded" }, "take-once")).Problem(422, Codes.IdempotencyKeyReused);
            Assert.Equal($"{no}-1", await It.Paper("grid001", no, "身份证", key: "paper-one"));
            Assert.Equal($"{no}-2", await It.Paper("grid001", no, "户口本", key: "paper-two"));
            Assert.Equal(before, Street.Fingerprint());
            await Street.RestartAsync();
        }

        Assert.Equal(4, (await Street.Journal(no)).Count);
    }

    [Fact]
    public async Task Two_papers_handed_in_at_once_each_keep_what_was_written_on_their_receipt()
    {
        var no = (await It.Open()).CallNo;
        await It.Say("grid001", no, "take", "accepted");
        string[] names = ["身份证", "户口本", "照片"];
        var held = await Street.HoldDesk();
        var waiting = names.Select(name => It.Paper("grid001", no, name)).ToList();
        await Eventually.Holds(() => Street.Service<DispatchDesk>().Waiting == names.Length);
        held.Dispose();
        var receipts = await Task.WhenAll(waiting);
        Assert.Equal([$"{no}-1", $"{no}-2", $"{no}-3"], receipts.Order());
        var items = (await It.Detail("grid001", no)).Items;
        for (var i = 0; i < names.Length; i++) Assert.Equal(names[i], items.Single(item => item.Receipt == receipts[i]).Values[0].Value);
    }

    [Fact]
    public async Task A_cancelled_errand_still_gives_its_papers_back()
    {
        var opened = await It.Open();
        var no = opened.CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await It.Paper("grid001", no, "身份证");
        Assert.Equal("giveBack", (await Street.Anyone.Send($"/api/follow/{opened.TrackingCode}/cancel")).Value<FollowedMatter>().Stages.Single(s => s.State == "now").Key);
        Assert.Contains("cancelled", (await It.Card(no)).Flags);
        await It.GiveBack("grid001", no, 1);
        Assert.Equal("cancelled", (await It.Card(no)).Outcome);
        (await It.Try("grid001", no, "answer", new { owed = "take", says = "accepted" })).Problem(409, Codes.CallOver);
    }

    [Fact]
    public async Task A_child_of_a_whistle_is_hidden_from_whom_its_parent_is_hidden_and_frames_say_that_it_is_gone()
    {
        var call = await Street.Blow();
        await Street.Do("grid001", call.CallNo, "accept");
        var no = (await It.Open("grid001", MatterScene.Errand(parent: call.CallNo))).CallNo;
        Assert.Equal(call.CallNo, (await It.Card(no)).Parent);
        await using var police = await Screen.FilledAsync(Street, "police01");
        await using var worker = await Screen.FilledAsync(Street, "grid001");
        Assert.Contains(no, police.Matters.Keys);
        await (await Street.As("police01")).Send($"/api/calls/{call.CallNo}/recuse", new { });
        await police.Until(s => !s.Matters.ContainsKey(no) && !s.Cases.ContainsKey(call.CallNo));
        Assert.Contains(police.Frames, f => f.MattersGone?.Contains(no) is true);
        await worker.Until(s => s.Highest(no) == 2);
        (await It.Read("police01", no)).Problem(404, Codes.CallNotFound);
        Assert.Equal("hidden hidden", (await It.Told(no))[^1]);
        await using var late = await Screen.FilledAsync(Street, "police01");
        Assert.Empty(late.Matters);
        Assert.Empty((await It.List("police01")).Matters);
        police.Forget();
        await It.Say("grid001", no, "take", "accepted");
        await worker.ShowsMatter(no, "papers");
        var other = await Street.Blow();
        await police.Shows(other.CallNo, CallStates.Ringing);
        Assert.False(police.EverSaw(no));

        // What is hidden from property is hidden from it in a child as well.
        var hidden = await Street.Blow(hide: true);
        await Street.Do("grid001", hidden.CallNo, "accept");
        var child = (await It.Open("grid001", MatterScene.Errand(parent: hidden.CallNo))).CallNo;
        (await It.Read("property01", child)).Problem(404, Codes.CallNotFound);
        Assert.DoesNotContain(child, (await It.List("property01")).Matters.Select(m => m.CallNo));
        await using var property = await Screen.FilledAsync(Street, "property01");
        Assert.DoesNotContain(child, property.Matters.Keys);
    }

    [Fact]
    public async Task Who_takes_themselves_out_of_a_matter_sees_no_more_of_it_and_another_is_asked()
    {
        var no = (await It.Open()).CallNo;
        await It.Say("grid001", no, "take", "accepted");
        await using var worker = await Screen.FilledAsync(Street, "grid001");
        Assert.Contains(no, worker.Matters.Keys);
        var reply = (await It.Try("grid001", no, "recuse")).Value<MatterReply>();
        Assert.Null(reply.Matter);
        await worker.Until(s => !s.Matters.ContainsKey(no));
        Assert.Equal("communityDesk@community:01", Assert.Single(Assert.Single((await It.Card(no)).Owed).Asked));
        Assert.Empty((await It.Inbox("grid001")).Owed);
        (await It.Try("grid001", no, "answer", new { owed = "papers", says = "done" })).Problem(404, Codes.CallNotFound);
        Assert.Equal(no, Assert.Single((await It.Inbox("community01")).Owed).Matter.CallNo);
    }

    [Fact]
    public async Task Who_is_off_duty_owes_nothing_and_answers_nothing_and_who_has_left_sees_nothing()
    {
        var no = (await It.Open()).CallNo;
        Assert.Single((await It.Inbox("grid001")).Owed);
        await Street.SignOff("grid001");
        Assert.Empty((await It.Inbox("grid001")).Owed);
        (await It.Try("grid001", no, "answer", new { owed = "take", says = "accepted" })).Problem(403, Codes.NotOnDuty);
        (await It.Read("grid001", no)).Problem(403, Codes.NotOnDuty);
        var device = await Street.As("grid001");
        await using (var db = Street.Service<Database>().Context())
        {
            var admin = new Hub.Kernel.Rights.Staff(await db.Users.Where(a => a.UserName == "admin").Select(a => a.Id).SingleAsync(), "admin", Hub.Kernel.Rights.Role.Admin, null);
            Assert.True((await Street.Service<Hub.Features.People.AccountCommands>().CloseAsync(admin, "grid001", CancellationToken.None)).Ok);
        }

        foreach (var path in (string[])[$"/api/matters/{no}", "/api/matters", "/api/matters/inbox"]) Assert.Equal(HttpStatusCode.Unauthorized, (await device.Read(path)).Status);
    }
}
