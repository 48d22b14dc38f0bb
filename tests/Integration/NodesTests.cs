using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using StackExchange.Redis;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// Two nodes on one PostgreSQL and one Redis act as one. The clock stands still, so that nothing here comes from the journal: neither a
/// gap nor the look at the head ever falls due.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class NodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly RedisServer _redis = nodes.Redis;
    private readonly TestStreet _a = nodes.A;
    private readonly TestStreet _b = nodes.B;

    [Fact]
    public async Task A_whistle_on_one_node_rings_with_the_team_on_the_other()
    {
        using var received = new Counted(_b, "dispatch.bus.received");
        await using var team = await Screen.FilledAsync(_b, "grid001");
        await using var street = await Screen.FilledAsync(_b, "duty");
        for (var round = 0; round < 5; round++)
        {
            var call = await _a.Blow();
            await team.Shows(call.CallNo, CallStates.Ringing);
            await street.Shows(call.CallNo, CallStates.Ringing);
            await _b.Do("grid001", call.CallNo, "accept");
            await team.Shows(call.CallNo, CallStates.Accepted);
        }

        Assert.Equal((5, 0), (received.Sum, _b.Service<LiveFeed>().Behind));
    }

    [Fact]
    public async Task Of_two_who_accept_on_two_nodes_one_wins_and_everybody_is_told_which_team_and_post()
    {
        await using var first = await Screen.FilledAsync(_a, "grid001");
        await using var second = await Screen.FilledAsync(_b, "property01");
        for (var round = 0; round < 5; round++)
        {
            var call = await _a.Blow();
            var replies = await Task.WhenAll(first.Hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo), second.Hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo));
            var won = Assert.Single(replies, r => r.Ok);
            var lost = Assert.Single(replies, r => !r.Ok);
            Assert.Equal((Codes.AlreadyAccepted, "01"), (lost.Code, lost.Call!.Lead!.Team));
            Assert.Equal(won.Call!.Lead, lost.Call.Lead);
            Assert.Equal(won.Call.Lead, (await first.Shows(call.CallNo, CallStates.Accepted)).Lead);
            Assert.Equal(won.Call.Lead, (await second.Shows(call.CallNo, CallStates.Accepted)).Lead);
        }
    }

    [Fact]
    public async Task A_token_and_a_cookie_of_one_node_are_good_on_the_other()
    {
        using var device = _b.WithToken(await _a.TokenOf("grid001"));
        Assert.Equal("grid001", (await device.Read("/api/me")).Value<Me>().UserName);
        using var page = _b.NewClient();
        page.DefaultRequestHeaders.Add("Cookie", await _a.CookieOf("duty"));
        Assert.Equal("duty", (await page.Read("/api/me")).Value<Me>().UserName);
        await using var hub = _b.Hub(await _a.TokenOf("grid001"));
        await hub.StartAsync();
        var call = await _a.Blow();
        Assert.True((await hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo)).Ok);
    }

    [Fact]
    public async Task A_residents_page_at_one_node_follows_what_is_done_at_the_other()
    {
        var call = await _a.Blow();
        using var seat = _b.Service<LiveFeed>().Follow(call.CallNo, "10.0.0.1")!;
        await using var page = seat.Changes(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await page.MoveNextAsync());
        var changed = page.MoveNextAsync();
        await _a.Do("grid001", call.CallNo, "accept");
        Assert.True(await changed.AsTask().WaitAsync(TestStreet.Patience));
    }

    [Fact]
    public async Task What_travels_between_nodes_names_no_person_and_carries_no_words()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redis.Port}");
        var heard = new List<string>();
        var whole = new TaskCompletionSource();
        (await redis.GetSubscriber().SubscribeAsync(RedisChannel.Pattern("*"))).OnMessage(message =>
        {
            heard.Add(System.Text.Encoding.UTF8.GetString((byte[])message.Message!));
            if (heard[^1].Contains("accepted", StringComparison.Ordinal)) whole.TrySetResult();
        });
        var call = (await _a.Anyone.Send("/api/whistles", new
        {
            grid = "001", category = "02", description = "三楼王小二家漏水", contact = new { name = "王小二", phone = "13900001111" },
        })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        await _b.Do("grid001", call.CallNo, "accept");
        await whole.Task.WaitAsync(TestStreet.Patience);
        var all = string.Concat(heard) + await _redis.AskAsync("KEYS", "*");
        Assert.Contains(call.CallNo, all, StringComparison.Ordinal);
        foreach (var secret in (string[])["王小二", "漏水", "13900001111", "grid001", call.TrackingCode]) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }
}
