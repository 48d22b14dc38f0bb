using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>失联: who is on duty and cannot be reached is shown, told of, and by a setting no longer counted.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class UnreachableStories(ReachStreet shared) : ReachStory(shared)
{
    [Fact]
    public async Task Who_could_not_be_reached_for_three_minutes_is_shown_by_post_alone_and_its_team_and_desk_are_told_once()
    {
        await Channel("room", "weCom", "team:03");
        await Channel("desk", "feishu", "community:02");
        await using (var screen = await Screen.FilledAsync(Street, "grid008"))
        {
            await Passes(Reachability.Patience, Street);
            var (all, here) = (await View("duty"), (await Street.PostOf("grid008")).Value);
            Assert.Contains(here, all.Online);
            Assert.DoesNotContain(all.Unreachable, u => u.Post == here);
            var team = all.Places.Single(p => p is { Kind: "team", Code: "03" });
            Assert.Equal((6, 1, 1), (team.OnDuty, team.Online, team.Reachable)); // four grid workers, property and police
            Assert.DoesNotContain(all.Unreachable, u => u.Kind is "buildingHead" or "leader"); // nobody waits for them
            Assert.Equal(["03"], (await View("police03")).Places.Select(p => p.Code));
            Assert.All((await View("community02")).Unreachable, u => Assert.Equal("02", u.Community));
        }

        Street.FastForward(TimeSpan.FromSeconds(1));
        await Send();
        var told = Receiver.Of("room").Count;
        Assert.InRange(told, 1, 5);
        Assert.Contains("联系不上", Receiver.Of("room")[0].Text, StringComparison.Ordinal);
        Assert.NotEmpty(Receiver.Of("desk"));
        await Passes(TimeSpan.FromMinutes(5), Street);
        await Send();
        Assert.InRange(Receiver.Of("room").Count, told, told + 1); // grid008 has gone meanwhile; the others are not told of again
    }

    [Fact]
    public async Task A_number_behind_a_channel_that_works_makes_a_post_reachable_and_one_that_fails_does_not()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms");
        await Phone("grid012", "13900000012");
        var post = (await Street.PostOf("grid012")).Value;
        await Passes(Reachability.Patience, Street);
        Assert.DoesNotContain((await View("duty")).Unreachable, u => u.Post == post);
        Receiver.Answer = _ => (401, string.Empty);
        await Street.Blow("012");
        await Send();
        await Passes(Reachability.Patience, Street);
        Assert.Contains((await View("duty")).Unreachable, u => u.Post == post);
    }

    [Fact]
    public async Task A_landline_behind_a_channel_for_texts_makes_no_post_reachable_and_behind_one_for_calls_it_does()
    {
        await Rules(new { on = "ringing", to = "team", by = "sms" });
        await Channel("sms", "sms");
        await Phone("grid012", "0632-5550100");
        var post = (await Street.PostOf("grid012")).Value;
        await Passes(Reachability.Patience, Street);
        Assert.Contains((await View("duty")).Unreachable, u => u.Post == post);
        await Channel("voice", "voice");
        await Passes(Reachability.Patience, Street);
        Assert.DoesNotContain((await View("duty")).Unreachable, u => u.Post == post);
    }

    [Fact]
    public async Task Where_the_street_has_decided_so_a_team_that_nobody_can_reach_is_skipped_at_once_and_who_acts_all_the_same_is_heard()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:UnreachableIsAbsent=true");
        await street.Sweep();
        var before = await street.Blow();
        Assert.Equal("team", (await street.Card(before.CallNo)).Rung);
        await using var desk = await Screen.FilledAsync(street, "community01");
        await Passes(Reachability.Patience, street);
        await street.Sweep(); // what rings already climbs as well
        Assert.Equal("community", (await street.Card(before.CallNo)).Rung);
        var call = await street.Blow();
        Assert.Equal("community", (await street.Card(call.CallNo)).Rung);
        Assert.Equal("street", (await street.Card((await street.Blow("008")).CallNo)).Rung); // nor is anybody at the desk of community 02
        Assert.Equal(CallStates.Accepted, (await street.Do("grid001", before.CallNo, "accept")).State);
        await using var back = await Screen.FilledAsync(street, "grid002");
        await street.Service<Reachability>().LookAsync(CancellationToken.None);
        Assert.Equal("team", (await street.Card((await street.Blow()).CallNo)).Rung);
    }

    [Fact]
    public async Task Otherwise_nobody_is_skipped_for_it()
    {
        await Passes(Reachability.Patience, Street);
        Assert.NotEmpty(Street.Service<Reachability>().Unreachable);
        Assert.Equal("team", (await Street.Card((await Street.Blow("120")).CallNo)).Rung);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // SignalR's own limit counts from a first ping on: then the socket's does
    public async Task A_client_that_falls_silent_without_a_goodbye_is_offline_within_45_seconds(bool pinged)
    {
        var hub = Street.Service<IOptions<HubOptions<DispatchHub>>>().Value;
        Assert.True(Presence.ClientSilence + RedisLife.BeatEvery + TimeSpan.FromSeconds(5) <= TimeSpan.FromSeconds(45));
        var all = Street.Service<IOptions<HubOptions>>().Value;
        var socket = Street.Service<IOptions<WebSocketOptions>>().Value;
        var pings = (socket.KeepAliveInterval, socket.KeepAliveTimeout);
        Assert.Equal((Presence.ClientSilence, null), (all.ClientTimeoutInterval, hub.ClientTimeoutInterval)); // the hub has none of its own
        Assert.Equal(Presence.ClientSilence, socket.KeepAliveInterval + socket.KeepAliveTimeout);
        var moment = TimeSpan.FromSeconds(1); // the machine's second instead of thirty
        if (pinged) hub.ClientTimeoutInterval = all.ClientTimeoutInterval = moment;
        else (socket.KeepAliveInterval, socket.KeepAliveTimeout) = (moment, moment);
        try
        {
            await using var silent = await RawHub.WatchAsync(Street.Anyone.BaseAddress!, await Street.TokenOf("grid050"));
            var post = await Street.PostOf("grid050");
            await Eventually.Holds(() => Street.Service<Presence>().Now.Contains(post));
            if (pinged) await silent.Say("""{"type":6}""");
            await Eventually.Holds(() => !Street.Service<Presence>().Now.Contains(post)); // its socket is open still
        }
        finally
        {
            (hub.ClientTimeoutInterval, all.ClientTimeoutInterval) = (null, Presence.ClientSilence);
            (socket.KeepAliveInterval, socket.KeepAliveTimeout) = pings;
        }
    }

    [Fact]
    public async Task After_a_standstill_nobody_is_unreachable_before_three_minutes_of_looking()
    {
        await Passes(Reachability.Patience - TimeSpan.FromSeconds(30), Street);
        Street.FastForward(TimeSpan.FromHours(1)); // the machine slept
        await Street.Service<Reachability>().LookAsync(CancellationToken.None);
        Assert.Empty(Street.Service<Reachability>().Unreachable);
    }

    /// <summary>Time goes by, look after look.</summary>
    internal static async Task Passes(TimeSpan span, TestStreet street)
    {
        await street.Service<Reachability>().LookAsync(CancellationToken.None);
        for (var gone = TimeSpan.Zero; gone < span; gone += TimeSpan.FromSeconds(30))
        {
            street.FastForward(TimeSpan.FromSeconds(30));
            await street.Service<Reachability>().LookAsync(CancellationToken.None);
        }
    }

    private async Task<PresenceView> View(string userName) => (await (await Street.As(userName)).Read("/api/presence")).Value<PresenceView>();
}

/// <summary>The same on a street that has told nobody yet.</summary>
public sealed class UnreachableBeforeStories(ReachStreet shared) : ReachStory(shared)
{
    [Fact]
    public async Task Who_was_unreachable_before_there_was_a_channel_is_told_of_once_there_is_one()
    {
        await UnreachableStories.Passes(Reachability.Patience, Street);
        await Channel("room", "weCom", "team:04");
        await UnreachableStories.Passes(TimeSpan.FromSeconds(30), Street);
        await Send();
        Assert.Contains("有 6 条消息", Assert.Single(Receiver.Of("room")).Text, StringComparison.Ordinal); // the whole team, together
    }
}
