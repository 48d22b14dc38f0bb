using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>The proof: who was told of a case, by what and when, and what they answered; figures of it; and a channel that fails is known at the desks within a minute.</summary>
public sealed class ProofStories(ReachStreet shared) : GatewayStory(shared)
{
    [Fact]
    public async Task A_case_tells_its_desks_who_was_told_by_what_when_and_what_they_answered_and_nobody_else()
    {
        await BothAsync();
        await Phone("grid001", "13900000001");
        await Phone("police01", "13900000002");
        var call = await Street.Blow(category: "01");
        await Send();
        var rung = Street.Now;
        await SendAfter(TimeSpan.FromSeconds(50));
        await Replied("13900000002", $"2 {CodeIn(Receiver.Of("sms").Single(r => r.Phone == "13900000002").Text)}");
        await SendAfter(TimeSpan.FromSeconds(10));
        await Pressed("13900000001", "1");

        var told = (await Read("community01", call.CallNo)).Value<CaseTold>().Messages;
        var text = Assert.Single(told, m => m is { By: "sms", Kind: "gridWorker", Team: "01", State: "sent" });
        Assert.Equal(("post", "ringing", rung, (string?)null), (text.To, text.Event, text.SentAt, text.Answer));
        Assert.Equal("cannot", Assert.Single(told, m => m is { By: "sms", Kind: "police", State: "sent" }).Answer);
        var pressed = Assert.Single(told, m => m is { By: "voice", Kind: "gridWorker", State: "sent" });
        Assert.Equal(("accept", Street.Now), (pressed.Answer, pressed.AnsweredAt));
        Assert.Contains(told, m => m is { By: "sms", Kind: "property", State: "skipped", Why: "no_number" });
        var raw = (await Read("duty", call.CallNo)).Text;
        foreach (var secret in (string[])["13900000001", "13900000002", (await Street.PostOf("grid001")).Value]) Assert.DoesNotContain(secret, raw, StringComparison.Ordinal);

        (await Read("community02", call.CallNo)).Problem(404, Codes.CallNotFound);
        (await Read("grid001", call.CallNo)).Problem(403, Codes.Forbidden);
    }

    [Fact]
    public async Task Figures_say_how_many_were_reached_by_each_channel_how_fast_and_how_cases_were_accepted()
    {
        await BothAsync();
        await Phone("grid001", "13900000001");
        var before = await Figures();
        var one = await Street.Blow(category: "01");
        await SendAfter(TimeSpan.FromSeconds(4));
        await Replied("13900000001", $"1 {CodeIn(Receiver.Of("sms")[^1].Text)}");
        var two = await Street.Blow(category: "01");
        await Street.Do("police01", two.CallNo, "accept");
        var figures = await Figures();
        var sms = figures.Channels.Single(c => c.By == "sms");
        Assert.Equal((1, 0), (sms.Sent, sms.Failed));
        Assert.True(sms.NoNumber >= 1 && sms.Called > sms.NoNumber);
        Assert.Equal(4, sms.MedianSeconds);
        Assert.Equal(1, figures.Answers.Single(a => a.Via == "sms").Accepted - (before.Answers.FirstOrDefault(a => a.Via == "sms")?.Accepted ?? 0));
        Assert.Equal(1, figures.Answers.Single(a => a.Via == "page").Accepted - (before.Answers.FirstOrDefault(a => a.Via == "page")?.Accepted ?? 0));
        var team = figures.Teams.Single(t => t.Team == "01");
        Assert.Equal((1, 4.0), (team.Reached, team.FirstSeconds));
        Assert.True(one.CallNo.Length > 0 && figures.Since == Street.Now - TimeSpan.FromDays(30));
        (await (await Street.As("community01")).Read("/api/reach/figures")).Problem(403, Codes.Forbidden);
    }

    [Fact]
    public async Task A_channel_over_which_nothing_leaves_is_known_at_the_desks_within_a_minute_and_no_longer_once_it_works()
    {
        await Channel("sms", "sms", timeoutSeconds: 5);
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Phone("grid001", "13900000001");
        Receiver.Answer = _ => (500, string.Empty);
        await Street.Blow(category: "01");
        var looks = 0;
        while ((await Presence("duty")).Failing.Count == 0 && ++looks < 12)
        {
            await SendAfter(Reachability.LookEvery);
            await Street.Service<Reachability>().LookAsync(CancellationToken.None);
        }

        Assert.True(looks < 12, "not known after a minute");
        Assert.Equal("sms", Assert.Single((await Presence("duty")).Failing).By);
        Assert.Single((await Presence("community01")).Failing);
        Assert.Empty((await Presence("grid001")).Failing);
        Receiver.Answer = _ => Receiver.Good;
        for (var i = 0; i < 24; i++) await SendAfter(TimeSpan.FromSeconds(30));
        await Street.Service<Reachability>().LookAsync(CancellationToken.None);
        Assert.Empty((await Presence("duty")).Failing);
    }

    private async Task BothAsync()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" }, new { on = "ringing", to = "team", by = "voice", after = 45 });
        await Gateway("sms", "sms");
        await Gateway("voice", "voice");
    }

    private async Task<Answer> Read(string userName, string no) => await (await Street.As(userName)).Read($"/api/calls/{no}/told");

    private async Task<ReachFigures> Figures() => (await (await Street.As("leader")).Read("/api/reach/figures")).Value<ReachFigures>();

    private async Task<PresenceView> Presence(string userName) => (await (await Street.As(userName)).Read("/api/presence")).Value<PresenceView>();
}
