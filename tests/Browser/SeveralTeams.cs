using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A person in two teams has a page for each, and acts on it as that team's post.</summary>
public sealed class SeveralTeams(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task On_the_page_of_a_second_post_its_calls_ring_and_are_taken_for_its_team()
    {
        var (_, post) = await street.Api.AskAsync("community13", HttpMethod.Post, "/api/roster/posts", new JsonObject { ["userName"] = "police27", ["team"] = "28" });
        var second = (string)post!["id"]!;
        await street.Api.AskAsync("police27", HttpMethod.Post, "/api/duty/take?post=" + second, []);
        var (callNo, _) = await street.Api.WhistleInAsync("097");

        var phone = await _windows.MemberAsync("police27");
        await phone.LiveAsync();
        await Expect(phone.Call(callNo)).ToHaveCountAsync(0);
        await phone.Page.GotoAsync("/m?post=" + second);
        await phone.LiveAsync();
        await phone.TapAsync(callNo, "accept");
        await Expect(phone.Find("#tasks").Locator($"[data-no='{callNo}'] [data-command=arrive]")).ToBeVisibleAsync();
        await Expect(phone.Find(".toast.ok")).ToHaveTextAsync("已接单。");
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("28", (string?)detail!["call"]!["lead"]!["team"]);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
