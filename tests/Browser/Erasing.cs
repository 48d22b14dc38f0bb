using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>删除个人信息, from the leader who is asked for it to whoever opens the case afterwards.</summary>
public sealed class Erasing(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_leader_sees_what_will_go_before_it_is_gone_and_the_case_says_why_it_is_empty()
    {
        var (callNo, code) = await street.Api.WhistleAsync("11", "11");
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{code}/withdraw", new JsonObject());
        var leader = await _windows.DeskAsync("leader", "/persons");
        var erase = leader.Find("form[action*=Erase]");
        await erase.Locator("input[name=callNo]").FillAsync(callNo);
        await erase.Locator("select").SelectOptionAsync("requested");
        await erase.Locator("button").ClickAsync();
        await Expect(leader.Find("#sure")).ToHaveTextAsync("要删除 1 处的个人信息吗？");
        await leader.ShootAsync("persons-sure", whole: true);
        await leader.Find("[aria-labelledby=sure] a").ClickAsync();
        await Expect(leader.Find("#sure")).ToHaveCountAsync(0);
        Assert.False(await IsErasedAsync(callNo));

        await erase.Locator("input[name=callNo]").FillAsync(callNo);
        await erase.Locator("select").SelectOptionAsync("requested");
        await erase.Locator("button").ClickAsync();
        await leader.Find("[aria-labelledby=sure] button").ClickAsync();
        await Expect(leader.Find(".ok-box")).ToContainTextAsync(callNo);
        Assert.True(await IsErasedAsync(callNo));

        var desk = await _windows.DeskAsync("duty", "/history?q=" + callNo);
        await desk.Page.GetByText(callNo).First.ClickAsync();
        await Expect(desk.Find("[data-erased]")).ToContainTextAsync("按删除要求，姓名、电话、文字和照片已于");
        await desk.ShootAsync("history-erased");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task<bool> IsErasedAsync(string callNo) => (await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo)).Body!["erasure"] is not null;
}
