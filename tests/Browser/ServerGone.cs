namespace DispatchCenter.Browser;

/// <summary>The server is killed while people look at it. Nobody touches a page until it has recovered on its own.</summary>
public sealed class ServerGone(Street street) : IAsyncLifetime
{
    private const float Patience = 60_000;

    private WebHost _host = null!;
    private StreetApi _api = null!;
    private Windows _windows = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        _api = new StreetApi(_host.Url);
        _windows = new Windows(street.Chromium, _host.Url);
    }

    [Fact]
    public async Task While_the_server_is_away_the_pages_say_so_and_afterwards_they_show_by_themselves_what_happened()
    {
        var place = await _api.PlaceAsync("04");
        var (first, track) = await _api.WhistleAsync("04");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        var desk = await _windows.DeskAsync("duty");
        var resident = await _windows.ResidentAsync("/t/" + track);
        Window[] staff = [phone, desk];
        foreach (var window in staff)
        {
            await Expect(window.Call(first)).ToBeVisibleAsync();
            await window.LiveAsync();
        }

        foreach (var window in new[] { phone, desk, resident })
        {
            window.Forgive("WebSocket connection to|Failed to load resource: net::ERR_(CONNECTION|INCOMPLETE)");
            await window.MarkAsync();
        }

        await _host.KillAsync();
        foreach (var window in staff)
            await Expect(window.Find("#link-text")).ToHaveTextAsync("正在连接");
        await phone.TapAsync(first, "accept");
        await Expect(phone.Find(".toast")).ToHaveTextAsync("没有网络，已记下，连上就发。");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("1 条待上传");
        foreach (var window in staff)
        {
            await Expect(window.Find("#link-text")).ToHaveTextAsync("连接中断");
            await Expect(window.Find("#stale")).ToContainTextAsync("下面是旧数据");
        }

        await phone.ShootAsync("gone-1-phone");
        await desk.ShootAsync("gone-1-desk");

        await _host.StartAgainAsync();
        var (second, _) = await _api.WhistleAsync("04", "11");
        var patience = new LocatorAssertionsToBeVisibleOptions { Timeout = Patience };
        var gone = new LocatorAssertionsToBeHiddenOptions { Timeout = Patience };
        await phone.TabAsync("inbox");
        await Expect(phone.Find("#inbox").Locator($"[data-no='{second}']")).ToBeVisibleAsync(patience);
        await phone.TabAsync("tasks");
        await Expect(phone.Find("#tasks").Locator($"[data-no='{first}']")).ToBeVisibleAsync();
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync(gone);
        await Expect(desk.Call(second)).ToBeVisibleAsync(patience);
        await Expect(desk.Call(first).Locator(".c-state")).ToHaveTextAsync("已接单");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已接单，正在赶来");
        foreach (var window in staff)
        {
            await window.LiveAsync();
            await Expect(window.Find("#stale")).ToBeHiddenAsync();
        }

        // And it works again.
        await phone.TabAsync("inbox");
        await phone.TapAsync(second, "accept");
        await Expect(desk.Call(second).Locator(".c-state")).ToHaveTextAsync("已接单");
        await phone.ShootAsync("gone-2-phone-back");
        await desk.ShootAsync("gone-2-desk-back");
        foreach (var window in new[] { phone, desk, resident })
            await window.SameDocumentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }
}
