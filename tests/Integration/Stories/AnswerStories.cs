using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>接单 by the key pressed in a call and by the reply to a text: the same command as a tap, believed by its signature, and counted once. <c>DISPATCH_RACES</c> says how often a key and a tap race (400).</summary>
public sealed class AnswerStories(ReachStreet shared) : GatewayStory(shared)
{
    [Fact]
    public async Task A_key_pressed_in_the_call_accepts_for_its_post_and_the_journal_says_by_what()
    {
        await VoiceAsync();
        await Phone("grid001", "13900000001");
        await Phone("police01", "13900000002");
        var call = await Street.Blow(category: "01");
        await Send();
        Assert.All(Receiver.Of("voice"), r => Assert.Contains("接单请按 1，去不了请按 2", r.Text, StringComparison.Ordinal));
        var reply = await Pressed("13900000001", "1");
        Assert.Equal((true, "ok"), (reply.Ok, reply.Code));
        Assert.Null(reply.Call); // a gateway is told what came of it, and nothing of the case
        var card = await Street.Card(call.CallNo);
        Assert.Equal(("accepted", "01"), (card.State, card.Lead?.Team));
        var line = (await Street.Journal(call.CallNo)).Single(e => e.What == "accepted");
        Assert.Equal((await Street.PostOf("grid001")).Value, line.By);
        Assert.Contains(line.Detail, d => d is Detail.Via { Channel: "voice" });

        // The other one is told by the same call that somebody has won, and who.
        var late = await Pressed("13900000002", "1");
        Assert.Equal((false, Codes.AlreadyAccepted), (late.Ok, late.Code));
        Assert.Contains("网格员", late.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 {0}")]
    [InlineData("１　{0}")]
    [InlineData("  1{0}\n")]
    [InlineData("１，{0}。")]
    [InlineData("接单 1 {0} 谢谢")]
    public async Task A_reply_with_the_code_accepts_however_it_is_typed(string form)
    {
        await SmsAsync();
        await Phone("grid001", "13900000001");
        var call = await Street.Blow();
        await Send();
        var code = CodeIn(Receiver.Of("sms")[0].Text);
        var reply = await Replied("＋86 139 0000 0001", string.Format(CultureInfo.InvariantCulture, form, code));
        Assert.Equal((true, "ok"), (reply.Ok, reply.Code));
        Assert.Equal("accepted", (await Street.Card(call.CallNo)).State);
        Assert.Contains((await Street.Journal(call.CallNo)).Single(e => e.What == "accepted").Detail, d => d is Detail.Via { Channel: "sms" });
        await Send();
        Assert.Contains("已由您接单", Receiver.Of("sms")[^1].Text, StringComparison.Ordinal); // told the same way
    }

    [Fact]
    public async Task Who_replies_after_somebody_else_has_accepted_is_told_by_text()
    {
        await SmsAsync();
        await Phone("grid001", "13900000001");
        var call = await Street.Blow();
        await Send();
        var code = CodeIn(Receiver.Of("sms")[0].Text);
        await Street.Do("police01", call.CallNo, "accept");
        Assert.Equal(Codes.AlreadyAccepted, (await Replied("13900000001", $"1 {code}")).Code);
        await Send();
        Assert.Contains("已经有人接了", Receiver.Of("sms")[^1].Text, StringComparison.Ordinal);
        Assert.Contains(call.CallNo, Receiver.Of("sms")[^1].Text, StringComparison.Ordinal);
        Assert.Equal((await Street.PostOf("police01")).Value, (await Street.Journal(call.CallNo)).Single(e => e.What == "accepted").By);
    }

    [Fact]
    public async Task What_is_nobodys_of_no_case_off_duty_too_late_or_not_understood_changes_nothing()
    {
        await SmsAsync();
        await Phone("grid001", "13900000001");
        await Phone("grid002", "13900000003");
        await Phone("grid060", "13900000009");
        var call = await Street.Blow();
        await Send();
        var texts = Receiver.Of("sms").ToDictionary(r => r.Phone, r => CodeIn(r.Text));
        var code = texts["13900000001"];
        Assert.NotEqual(code, texts["13900000003"]); // of one case and one person
        Assert.Equal("answer_stranger", (await Replied("13911111111", $"1 {code}")).Code);
        Assert.Equal("answer_stranger", (await Replied("not a number", $"1 {code}")).Code);
        Assert.Equal("answer_unknown", (await Replied("13900000009", $"1 {code}")).Code); // another's code
        Assert.Equal("answer_unknown", (await Replied("13900000001", $"1 {texts["13900000003"]}")).Code);
        Assert.Equal("answer_unknown", (await Replied("13900000001", "1 000001")).Code);
        foreach (var odd in (string[])["1", "", "好的", $"1 {code} {code}", code, $"12 {code}", $"9 {code}", new string('1', 300)])
            Assert.Contains((await Replied("13900000001", odd)).Code, (string[])["answer_key", "answer_unknown"]);
        Assert.Equal("ringing", (await Street.Card(call.CallNo)).State);

        await Street.SignOff("grid001");
        Assert.Equal(Codes.NotOnDuty, (await Replied("13900000001", $"1 {code}")).Code);
        var before = Receiver.Of("sms").Count(r => r.Phone == "13900000001");
        await Send();
        Assert.Equal(before, Receiver.Of("sms").Count(r => r.Phone == "13900000001")); // nothing leaves for who is off duty
        await BackOnDuty("grid001");

        await Street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw", new { });
        await Street.Handle("police01", (await Street.Blow()).CallNo);
        var ended = await Street.Card(call.CallNo);
        if (ended.State != "ringing") Assert.False((await Replied("13900000001", $"1 {code}")).Ok);
        Street.FastForward(AnswerCommands.Answerable + Moment);
        Assert.Equal("answer_unknown", (await Replied("13900000001", $"1 {code}")).Code);
    }

    [Fact]
    public async Task A_report_twice_is_one_answer_and_one_id_says_one_thing()
    {
        await VoiceAsync();
        await Phone("grid001", "13900000001");
        var call = await Street.Blow(category: "01");
        await Send();
        var body = JsonSerializer.Serialize(new { id = "cb-1", @ref = Receiver.Of("voice")[0].Key, key = "1" });
        var at = Street.Now;
        Assert.True((await Report("voice", body, at)).Value<Reply>().Ok);
        await Street.Do("grid001", call.CallNo, "return", new { reason = "other", note = "x" });
        Assert.True((await Report("voice", body, at)).Value<Reply>().Ok); // the same answer, and nothing is accepted again
        Assert.Equal("ringing", (await Street.Card(call.CallNo)).State);
        Assert.Single(await Street.Journal(call.CallNo), e => e.What == "accepted");

        await SendAfter(TimeSpan.FromSeconds(1)); // it rings again: two at once would be one call with a count
        // Many at once, as a gateway that lost our answers sends them; over several connections.
        var next = await Street.Blow(category: "01");
        await Send();
        var twice = JsonSerializer.Serialize(new { id = "cb-2", @ref = Receiver.Of("voice").Last(r => r.Json.GetProperty("text").GetString()!.Contains(next.CallNo, StringComparison.Ordinal)).Key, key = "1" });
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Report("voice", twice, Street.Now)));
        Assert.All(all, a => Assert.True(a.Value<Reply>().Ok, a.Text));
        Assert.Single(await Street.Journal(next.CallNo), e => e.What == "accepted");
    }

    [Fact]
    public async Task What_was_not_signed_now_by_this_gateway_is_refused_whatever_it_says()
    {
        await VoiceAsync();
        await Phone("grid001", "13900000001");
        var call = await Street.Blow(category: "01");
        await Send();
        var body = JsonSerializer.Serialize(new { id = "x1", @ref = Receiver.Of("voice")[0].Key, key = "1" });
        (await Report("voice", body, Street.Now, secret: "another-secret-of-someone")).Problem(401, "answer_signature");
        (await Report("nothing", body, Street.Now)).Problem(401, "answer_signature"); // and does not say which channels there are
        (await Report("voice", body, Street.Now, sent: body + " ")).Problem(401, "answer_signature");
        (await Street.Anyone.Send("/api/channels/voice/answers", body)).Problem(401, "answer_signature");
        (await Report("voice", body, Street.Now - AnswerCommands.Fresh - TimeSpan.FromSeconds(1))).Problem(401, "answer_stale");
        (await Report("voice", body, Street.Now + AnswerCommands.Fresh + TimeSpan.FromSeconds(1))).Problem(401, "answer_stale");
        foreach (var odd in (string[])["", "[]", "null", "{", "{\"ref\":\"x\"}", "{\"id\":\"\"}", "{\"id\":\"一\"}", $"{{\"id\":\"{new string('a', 65)}\"}}", "{\"id\":1}"])
            (await Report("voice", odd, Street.Now)).Problem(422, "answer_invalid");
        (await Report("voice", $"{{\"id\":\"{new string('a', AnswerCommands.Limit)}\"}}", Street.Now)).Problem(413, Codes.BodyTooLarge);
        Assert.Equal("answer_unknown", (await Report("voice", """{"id":"x2","ref":"nothing","key":"1"}""", Street.Now)).Value<Reply>().Code);
        Assert.Equal("answer_key", (await Pressed("13900000001", "5")).Code);
        Assert.Equal("answer_key", (await Pressed("13900000001", null)).Code);
        Assert.Equal("ringing", (await Street.Card(call.CallNo)).State);
        await Put("/api/channels/voice", new { answers = false });
        (await Report("voice", body, Street.Now)).Problem(401, "answer_signature");
        foreach (var bad in new object[] { new { kind = "sms", url = Receiver.Url, answers = true }, new { kind = "sms", url = Receiver.Url, answers = true, secret = "short" }, new { kind = "webhook", addresses = new[] { "*" }, url = Receiver.Url, answers = true } })
            (await Put("/api/channels/bad", bad)).Problem(422, "channel_invalid");
    }

    [Fact]
    public async Task Who_cannot_come_is_not_called_again_and_the_next_message_leaves_at_once()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" }, new { on = "ringing", to = "team", by = "voice", after = 45 }, new { on = "ringing", to = "team", by = "robot", after = 300 });
        await Gateway("sms", "sms");
        await Gateway("voice", "voice");
        await Channel("room", "weCom", "team:01");
        await Phone("grid001", "13900000001");
        await Phone("grid002", "13900000003");
        var call = await Street.Blow(category: "01");
        await Send();
        Assert.Empty(Receiver.Of("voice"));
        var code = CodeIn(Receiver.Of("sms").Single(r => r.Phone == "13900000001").Text);
        var reply = await Replied("13900000001", $"2 {code}");
        Assert.True(reply.Ok, reply.Code);
        await Send();
        Assert.Equal(["13900000003"], Receiver.Of("voice").Select(r => r.Phone)); // now, and not who cannot
        Assert.Empty(Receiver.Of("room"));
        Assert.True((await Replied("13900000001", $"2 {code}")).Ok); // once more: nothing moves
        await Send();
        Assert.Empty(Receiver.Of("room"));
        await SendAfter(TimeSpan.FromSeconds(45));
        Assert.Single(Receiver.Of("voice"));
        Assert.True((await Pressed("13900000003", "2")).Ok);
        await Send();
        Assert.Single(Receiver.Of("room"));
        Assert.Equal("ringing", (await Street.Card(call.CallNo)).State);
        await using (var db = Street.Service<Database>().Context())
            Assert.Equal(["cannot ok", "cannot ok", "cannot ok"], await db.GatewayAnswers.AsNoTracking().Where(a => a.CallNo == call.CallNo).Select(a => a.Says + " " + a.Code).ToListAsync());

        // Who has thought better of it may still come.
        Assert.True((await Replied("13900000001", $"1 {code}")).Ok);
        Assert.Equal("answer_over", (await Pressed("13900000003", "2")).Code);
    }

    [Fact]
    public async Task Two_accounts_with_one_number_are_told_apart_by_the_code()
    {
        await SmsAsync();
        await Phone("grid001", "13900000001");
        await Phone("grid005", "13900000001");
        var one = await Street.Blow("001");
        var other = await Street.Blow("005");
        await Send();
        var codes = Receiver.Of("sms").Where(r => r.Phone == "13900000001").ToDictionary(r => r.Text.Contains(one.CallNo, StringComparison.Ordinal) ? one.CallNo : other.CallNo, r => CodeIn(r.Text));
        Assert.True((await Replied("13900000001", $"1 {codes[other.CallNo]}")).Ok);
        Assert.Equal("ringing", (await Street.Card(one.CallNo)).State);
        Assert.Equal("accepted", (await Street.Card(other.CallNo)).State);
    }

    [Fact]
    public async Task Without_answers_a_message_does_not_ask_for_one()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms", secret: Secret);
        await Phone("grid001", "13900000001");
        await Street.Blow();
        await Send();
        Assert.DoesNotContain("回复", Assert.Single(Receiver.Of("sms")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_key_and_a_tap_at_the_same_time_one_wins_and_the_other_is_told()
    {
        const int Teams = 20;
        var rounds = (int.TryParse(Environment.GetEnvironmentVariable("DISPATCH_RACES"), CultureInfo.InvariantCulture, out var races) ? races : 400) / Teams;
        await Gateway("voice", "voice");
        await Rules(new { on = "ringing", to = "team", by = "voice" });
        var rivals = await Task.WhenAll(Enumerable.Range(1, Teams).Select(RivalsAsync));
        var (keys, taps) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var calls = await Task.WhenAll(rivals.Select(r => Street.Blow(r.Grid, "08")));
            await SendAfter(TimeSpan.FromSeconds(1));
            var asked = Receiver.Of("voice").ToDictionary(r => r.Phone);
            var won = await Task.WhenAll(rivals.Select((r, i) => RaceAsync($"race-{round}-{i}", calls[i].CallNo, asked[r.Number].Key, r.Police, keyFirst: (round + i) % 2 == 0)));
            (keys, taps) = (keys + won.Count(byKey => byKey), taps + won.Count(byKey => !byKey));
            Receiver.Forget();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Teams * rounds} races: {keys} by key, {taps} by tap, one winner each.");
        Assert.Equal(Teams * rounds, keys + taps);
        Assert.True(keys > 0 && taps > 0, $"{keys} by key, {taps} by tap"); // else it was no race
    }

    /// <summary>Of one team a grid worker with a telephone, and a policeman with the page open.</summary>
    private async Task<(string Grid, string Number, HttpClient Police)> RivalsAsync(int team)
    {
        var (police, number) = ($"police{team:D2}", $"1390001{team:D4}");
        var roster = Street.Service<Roster>();
        var of = roster.FindPost((await Street.PostOf(police)).Value)!.Team;
        var worker = roster.Held.First(p => p is { Kind: PostKind.GridWorker } && p.Team == of);
        await Phone($"grid{worker.Grid}", number);
        return (worker.Grid!.Value.Value, number, await Street.As(police));
    }

    /// <param name="keyFirst">The tap waits until the report is written down, just before the desk is asked.</param>
    /// <returns>Whether the key won.</returns>
    private async Task<bool> RaceAsync(string id, string callNo, string asked, HttpClient police, bool keyFirst)
    {
        var key = Report("voice", JsonSerializer.Serialize(new { id, @ref = asked, key = "1" }), Street.Now);
        for (var written = !keyFirst; !written; written = await IsWrittenAsync(id)) await Task.Yield();
        var tap = police.Send($"/api/calls/{callNo}/accept");
        await Task.WhenAll(key, tap);
        var pressed = (await key).Value<Reply>();
        Assert.True(pressed.Ok != ((await tap).Status == HttpStatusCode.OK), $"{id}: {pressed.Code} {(int)(await tap).Status}");
        Assert.Equal(Codes.AlreadyAccepted, pressed.Ok ? (await tap).Problem(409, Codes.AlreadyAccepted).Code : pressed.Code);
        Assert.Single(await Street.Journal(callNo), e => e.What == "accepted");
        return pressed.Ok;
    }

    private async Task<bool> IsWrittenAsync(string id)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.GatewayAnswers.AnyAsync(a => a.Id == id);
    }

    [Fact]
    public async Task Neither_a_number_nor_what_was_written_is_kept()
    {
        await SmsAsync();
        await Phone("grid001", "13900000001");
        var call = await Street.Blow();
        await Send();
        var code = CodeIn(Receiver.Of("sms")[0].Text);
        await Replied("13900000001", $"1 {code} 我叫王小明");
        await Replied("13977777777", "王小明");
        await using var db = Street.Service<Database>().Context();
        var rows = string.Join('\n', (await db.GatewayAnswers.AsNoTracking().ToListAsync()).Select(a => JsonSerializer.Serialize(a))) + string.Join('\n', (await db.Outbox.AsNoTracking().ToListAsync()).Select(o => JsonSerializer.Serialize(o))) + string.Join('\n', Street.Log.Lines);
        foreach (var mark in (string[])["13900000001", "13977777777", "王小明", code]) Assert.DoesNotContain(mark, rows, StringComparison.Ordinal);
        Assert.NotEmpty(await Outbox(call.CallNo));
        Street.FastForward(AnswerCommands.Keep + Moment);
        await Street.CleanUp();
        Assert.Empty(await db.GatewayAnswers.AsNoTracking().ToListAsync());
    }

    private async Task VoiceAsync()
    {
        await Rules(new { on = "ringing", to = "team", by = "voice" });
        await Gateway("voice", "voice");
    }

    private async Task SmsAsync()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Gateway("sms", "sms");
    }
}
