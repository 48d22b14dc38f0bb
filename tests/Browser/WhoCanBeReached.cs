using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>在线和失联 as the desk and a team's phone show them.</summary>
public sealed class WhoCanBeReached(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_desk_counts_who_is_online_and_names_places_where_nobody_would_hear_a_call_and_a_phone_tells_of_colleagues()
    {
        var place = await street.Api.PlaceAsync("08");
        var (_, view) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/presence");
        Assert.NotEmpty(view!["places"]!.AsArray());

        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        await Expect(desk.Find("#reach-text")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^在线 [1-9][0-9]*/[1-9][0-9]*")); // at least this desk

        var team = view["places"]!.AsArray().First(one => (string?)one!["kind"] == "team")!;
        team["online"] = 0;
        team["reachable"] = 0;
        view["unreachable"] = new JsonArray(Unreachable("p1", "gridWorker"), Unreachable("p2", "gridWorker"), Unreachable("p3", "police"));
        await desk.Page.RouteAsync("**/api/presence", route => route.FulfillAsync(new() { ContentType = "application/json", Body = view.ToJsonString() }));
        await desk.Page.ReloadAsync();
        await Expect(desk.Find("#reach-text")).ToContainTextAsync("失联 3");
        await desk.Find("#reach-text").ClickAsync();
        await Expect(desk.Find("#reach-list li").First).ToContainTextAsync("失联：网格员 2、社区民警 1");
        await desk.ShootAsync("desk-reach");

        var phone = await _windows.OpenAsync("/signin", new() { ViewportSize = new() { Width = 390, Height = 844 }, HasTouch = true });
        await phone.Page.RouteAsync("**/api/presence", route => route.FulfillAsync(new() { ContentType = "application/json", Body = view.ToJsonString() }));
        await phone.Page.GotoAsync("/signin?returnUrl=/m");
        await phone.Find("#user").FillAsync(place.Workers[0]);
        await phone.Find("#password").FillAsync(StreetApi.Password);
        await phone.Find("#password").PressAsync("Enter");
        await phone.LiveAsync();
        await Expect(phone.Find("#reach")).ToHaveTextAsync("同队有人三分钟以上联系不上：网格员 2、社区民警 1。请互相提醒打开页面。");
        await phone.ShootAsync("m-reach");

        JsonObject Unreachable(string post, string kind) => new() { ["post"] = post, ["kind"] = kind, ["team"] = (string?)team["code"], ["community"] = null, ["since"] = (string?)view["at"] };
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
