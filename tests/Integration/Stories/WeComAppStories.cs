using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>企业微信 application messages: to named members who are on duty, with a token that expires in the middle.</summary>
public sealed class WeComAppStories(ReachStreet shared) : ReachStory(shared)
{
    private const string Token = "cgi-bin/gettoken", Sending = "cgi-bin/message/send";

    /// <summary>Of each story its own, so that no token is known before.</summary>
    private readonly string _secret = Guid.NewGuid().ToString("N");

    private int _tokens;

    private IReadOnlyList<Received> Sent => [.. Receiver.Of("app").Where(r => r.Rest == Sending)];

    private IReadOnlyList<Received> Fetched => [.. Receiver.Of("app").Where(r => r.Rest == Token)];

    [Fact]
    public async Task Each_on_duty_gets_a_card_with_a_link_and_one_token_serves_them_all()
    {
        await AppAsync(_ => """{"errcode":0,"errmsg":"ok"}""");
        await Street.SignOff("grid002");
        var call = await Street.Blow(category: "01");
        await Send();
        var to = Sent.Select(r => r.Json.GetProperty("touser").GetString()).Order().ToList();
        Assert.Contains("grid001", to);
        Assert.DoesNotContain("grid002", to);
        Assert.Equal(to.Distinct(), to);
        Assert.Single(Fetched);
        Assert.Equal($"?corpid=ww1&corpsecret={_secret}", Fetched[0].Query);
        Assert.All(Sent, r =>
        {
            Assert.Equal("?access_token=token-1", r.Query);
            Assert.Equal(("textcard", 1000002, 1, 14400), (r.Json.GetProperty("msgtype").GetString(), r.Json.GetProperty("agentid").GetInt32(), r.Json.GetProperty("enable_duplicate_check").GetInt32(), r.Json.GetProperty("duplicate_check_interval").GetInt32()));
            var card = r.Json.GetProperty("textcard");
            Assert.StartsWith("https://street.example/m#", card.GetProperty("url").GetString(), StringComparison.Ordinal);
            Assert.Contains(call.CallNo, card.GetProperty("title").GetString(), StringComparison.Ordinal);
            Assert.Contains("特急", card.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("试", r.Body, StringComparison.Ordinal); // no free text
        });
        Street.FastForward(TimeSpan.FromHours(2) - WeComApps.Spare);
        await Street.Blow(category: "01");
        await Send();
        Assert.Equal("?access_token=token-2", Sent[^1].Query); // renewed before it expires
        await BackOnDuty("grid002");
    }

    [Theory]
    [InlineData(40014)]
    [InlineData(42001)]
    public async Task A_token_that_expires_in_the_middle_is_renewed_and_the_message_is_sent(int code)
    {
        await AppAsync(r => r.Query.EndsWith("token-1", StringComparison.Ordinal) ? $$"""{"errcode":{{code}}}""" : """{"errcode":0}""");
        var call = await Street.Blow();
        await Send();
        Assert.DoesNotContain(await Outbox(call.CallNo), line => line.Contains("waiting", StringComparison.Ordinal) || line.Contains("dead", StringComparison.Ordinal));
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));
        Assert.InRange(Fetched.Count, 2, 2 + Sent.Count);

        // One that is never taken is tried again later, and not for ever at once.
        await AppAsync(_ => $$"""{"errcode":{{code}}}""");
        var next = await Street.Blow();
        await Send();
        Assert.Contains(await Outbox(next.CallNo), line => line.EndsWith($"waiting code_{code}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_that_wait_for_a_token_that_does_not_come_end_with_their_time_and_do_not_ask_one_after_the_other()
    {
        await AppAsync(_ => """{"errcode":0}""");
        await Put("/api/channels/app", new { timeoutSeconds = 1 });
        Receiver.Answer = r => r.Rest == Token ? null : Receiver.Good;
        var call = await Street.Blow(category: "01");
        await Send();
        var waiting = (await Outbox(call.CallNo)).Count(line => line.EndsWith("waiting timeout", StringComparison.Ordinal));
        Assert.True(waiting >= 4, $"{waiting} messages");
        Assert.InRange(Fetched.Count, 1, waiting - 1);
    }

    [Fact]
    public async Task Too_fast_is_tried_again_after_a_minute_and_a_retry_says_the_same()
    {
        await AppAsync(_ => """{"errcode":45009}""");
        var call = await Street.Blow();
        await Send();
        var first = Sent.Select(r => r.Body).Order(StringComparer.Ordinal).ToList();
        await SendAfter(Formats.SlowDown - TimeSpan.FromSeconds(1));
        Assert.Equal(first.Count, Sent.Count);
        Answering(_ => """{"errcode":0}""");
        await SendAfter(TimeSpan.FromSeconds(2));
        Assert.Equal(first, Sent.Skip(first.Count).Select(r => r.Body).Order(StringComparer.Ordinal)); // so that the service drops what it has had
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));
        await Street.Blow();
        await Send();
        Assert.Empty(first.Intersect(Sent.Skip(2 * first.Count).Select(r => r.Body))); // and nothing else
    }

    [Fact]
    public async Task Who_is_no_member_is_skipped_a_wrong_secret_is_seen_and_a_test_shows_whether_it_is_right()
    {
        await AppAsync(_ => """{"errcode":81013}""");
        var call = await Street.Blow();
        await Send();
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith("skipped no_member", StringComparison.Ordinal));
        Assert.Null((await (await Street.As("admin")).Read("/api/channels")).Value<ChannelsView>().Channels[0].FailingSince);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await (await Street.As("admin")).Send("/api/channels/app/test", new { })).Status);
        await Send();
        Assert.Equal("test", (await Page("sent")).Lines[0].Event);

        await Put("/api/channels/app", new { secret = "wrong" });
        Receiver.Answer = _ => (200, """{"errcode":40001}""");
        await Street.Blow();
        await Send();
        Assert.Equal("code_40001", (await Page("dead")).Lines[0].Why);
        foreach (var bad in new object[] { new { kind = "weComApp", url = Receiver.Url, secret = "x" }, new { kind = "weComApp", url = $"{Receiver.Url}/?corpid=ww1&agentid=x", secret = "x" }, new { kind = "weComApp", url = $"{Receiver.Url}/?corpid=ww1&agentid=1" }, new { kind = "weComApp", secret = "x" } })
            (await Put("/api/channels/bad", bad)).Problem(422, "channel_invalid");
        (await Put("/api/reach", new { rules = new { rules = new[] { new { on = "summoned", to = "party", by = "app" } } } })).Problem(422, "reach_invalid");
    }

    private async Task AppAsync(Func<Received, string> answer)
    {
        await Rules(new { on = "ringing", to = "team", by = "app" });
        (await Put("/api/channels/app", new { kind = "weComApp", url = $"{Receiver.Url}/app?corpid=ww1&agentid=1000002", secret = _secret })).Value<ChannelsView>();
        Answering(answer);
    }

    private void Answering(Func<Received, string> answer) =>
        Receiver.Answer = r => (200, r.Rest == Token ? JsonSerializer.Serialize(new { errcode = 0, access_token = $"token-{Interlocked.Increment(ref _tokens)}", expires_in = 7200 }) : answer(r));
}
