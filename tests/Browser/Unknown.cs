using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>A page does not show what it does not know as nothing: no 0, no "nobody calls".</summary>
public sealed class Unknown(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("grid114", "/m", "#inbox-count, #tasks-count, #after-count", "#inbox-empty")]
    [InlineData("grid114", "/review", "#list-count", "#list-empty")]
    [InlineData("duty2", "/callback", "#list-count", "#list-empty")]
    [InlineData("duty2", "/desk", ".figures b", "#queue-empty")]
    [InlineData("wall", "/wall", ".wall-figure b", "#top li")]
    public async Task Before_it_has_been_read_and_where_it_cannot_be_a_page_says_so_and_counts_nothing(string account, string path, string counts, string empty)
    {
        await street.Api.WhistleInAsync("114");
        var window = await _windows.OpenAsync("/signin?returnUrl=" + path, new() { ViewportSize = new() { Width = 390, Height = 844 } });
        window.Forgive("Failed to load resource|WebSocket connection to");
        await window.Page.RouteAsync(new Regex("/hubs/|/api/board|/api/today"), route => route.AbortAsync());
        await window.Page.RouteWebSocketAsync(new Regex("/hubs/"), socket => socket.CloseAsync());
        await SignInAsync(window, account);
        await NothingIsCountedAsync("正在读取…");
        await window.ShootAsync($"unknown{path.Replace('/', '-')}-1");
        await Expect(window.Find("#link")).ToHaveAttributeAsync("data-state", "stale");
        await NothingIsCountedAsync("读不到，正在重试。");
        await window.ShootAsync($"unknown{path.Replace('/', '-')}-2");

        async Task NothingIsCountedAsync(string words)
        {
            await Expect(window.Find(empty).First).ToHaveTextAsync(words);
            foreach (var text in await window.Find(counts).AllTextContentsAsync())
                Assert.DoesNotContain(text, (string[])["0", ""]);
            Assert.DoesNotContain("没有人吹哨", await window.Find("body").InnerTextAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_phone_that_read_that_nobody_calls_takes_it_back_when_the_connection_is_lost_and_says_it_again_when_it_is_back()
    {
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync("grid111");
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker");
        await phone.LiveAsync();
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("0");
        await Expect(phone.Find("#inbox-empty")).ToHaveTextAsync("现在没有人吹哨。");
        line.Cut();
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("—");
        await Expect(phone.Find("#inbox-empty")).ToHaveTextAsync("读不到，正在重试。");
        line.Mend();
        await phone.LiveAsync();
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("0");
    }

    [Fact]
    public async Task Where_WebSockets_are_refused_a_phone_is_live_all_the_same()
    {
        var window = await _windows.OpenAsync("/signin?returnUrl=/m", new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await window.Page.RouteWebSocketAsync(new Regex("/hubs/"), socket => socket.CloseAsync());
        await SignInAsync(window, "grid114");
        await window.LiveAsync();
        var (callNo, _) = await street.Api.WhistleInAsync("114", "11");
        await Expect(window.Call(callNo)).ToBeVisibleAsync();
        await window.InSightAsync(callNo);
        await window.StillAsync(callNo);
        await window.Call(callNo).Locator("[data-command=accept]").ClickAsync();
        await Expect(window.Find("#tasks").Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task SignInAsync(Window window, string account)
    {
        await window.Find("#user").FillAsync(account);
        await window.Find("#password").FillAsync(StreetApi.Password);
        await window.Find("#password").PressAsync("Enter");
    }
}
