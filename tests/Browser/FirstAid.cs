using System.Net;

namespace DispatchCenter.Browser;

/// <summary>What can hurt a resident today: a photo that delays a whistle, a lost network, and no advice on what to do meanwhile.</summary>
public sealed class FirstAid(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_whistle_is_acknowledged_though_its_photos_are_still_on_their_way_and_they_go_after_it()
    {
        var resident = await _windows.ResidentAsync("/s/09");
        resident.Forgive("net::ERR_");
        await resident.Page.RouteAsync("**/api/photos", _ => Task.CompletedTask); // on this network no photo arrives in time
        var held = new TaskCompletionSource();
        await resident.Page.RouteAsync("**/api/track/*/photos", async route =>
        {
            if (route.Request.Method == "POST")
                await held.Task;
            await route.ContinueAsync();
        });
        await resident.Find("input[name=category][value='04']").CheckAsync();
        await ChooseAsync(resident, 2);
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        await Expect(resident.Find("#later")).ToContainTextAsync("还有 2 张照片没传完");
        await resident.ShootAsync("first-aid-photos-on-their-way", whole: true);
        var callNo = await resident.Find("b.no").InnerTextAsync();
        held.SetResult();
        await Expect(resident.Find(".photos img")).ToHaveCountAsync(2);
        await Expect(resident.Find("#later")).ToHaveCountAsync(0);
        Assert.Equal(2, await PhotosOf(callNo, "09"));
    }

    [Fact]
    public async Task A_whistle_tapped_without_network_goes_by_itself_once_and_after_the_page_was_closed()
    {
        var resident = await _windows.ResidentAsync("/g/083");
        resident.Forgive("net::ERR_|ERR_INTERNET");
        await resident.Find("input[name=category][value='01']").CheckAsync();
        await resident.Find("#words").FillAsync("水一直在冒，断网时按的");
        await ChooseAsync(resident, 1);
        await Expect(resident.Find("#photo-row [data-sent]")).ToHaveCountAsync(1);
        var context = resident.Page.Context;
        await context.SetOfflineAsync(true);
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("自动发出");
        await Expect(resident.Find("button.blow")).ToBeDisabledAsync();
        await resident.ShootAsync("first-aid-offline");
        await resident.Page.CloseAsync();

        await context.SetOfflineAsync(false);
        var later = await context.NewPageAsync();
        await later.GotoAsync("/");
        await Expect(later.Locator("#later")).ToContainTextAsync("已经发出");
        await later.Locator("#later a").ClickAsync();
        await Expect(later.Locator("#headline")).ToBeVisibleAsync();
        await Expect(later.Locator(".photos img")).ToHaveCountAsync(1);
        var (_, board) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/board");
        Assert.Single(board!["calls"]!.AsArray(), card => (string?)card!["grid"] == "083");
        await later.ReloadAsync();
        await Expect(later.Locator("#later")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_whistle_that_waits_is_told_on_the_page_and_goes_the_moment_the_network_is_back()
    {
        var resident = await _windows.ResidentAsync("/s/11");
        resident.Forgive("net::ERR_|ERR_INTERNET");
        await resident.Find("input[name=category][value='12']").CheckAsync();
        await resident.Page.WaitForFunctionAsync("() => performance.getEntriesByName(new URL('/js/case/later.js', location.href).href).length > 0");
        await resident.Page.Context.SetOfflineAsync(true);
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("没有网络");
        await resident.Page.Context.SetOfflineAsync(false);
        await Expect(resident.Find("#headline")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_caller_of_something_urgent_sees_whom_to_call_first_until_somebody_has_it(bool script)
    {
        var place = await street.Api.PlaceAsync("05");
        foreach (var (width, height, large) in new[] { (360, 640, false), (390, 844, false), (360, 640, true) })
        {
            var resident = await _windows.ResidentAsync("/s/05", script);
            await resident.Page.SetViewportSizeAsync(width, height);
            if (large)
                await resident.Find("a.print").ClickAsync();
            var first = resident.Find("form .call-first");
            await Expect(first).ToBeHiddenAsync();
            await resident.Find("input[name=category][value='12']").CheckAsync();
            await Expect(first).ToBeHiddenAsync();
            await resident.Find("input[name=danger]").CheckAsync();
            await Expect(first.Locator("a")).ToHaveCountAsync(3);
            await Expect(first).ToBeInViewportAsync();
            await resident.Find("input[name=danger]").UncheckAsync();
            await resident.Find("input[name=category][value='06']").CheckAsync();
            await Expect(first).ToBeInViewportAsync(new() { Ratio = 1 });
            Assert.InRange((await first.BoundingBoxAsync())!.Height, 60, 104);
            Assert.Equal(["tel:110", "tel:119", "tel:120"], await first.Locator("a").EvaluateAllAsync<string[]>("links => links.map((link) => link.getAttribute('href'))"));
            await resident.ShootAsync($"first-aid-form-{width}{(large ? "-large" : "")}{(script ? "" : "-noscript")}");
            await resident.Find("button.blow").ClickAsync();
            await Expect(resident.Find("#live .call-first a")).ToHaveCountAsync(3);
            await Expect(resident.Find("#live .call-first")).ToBeInViewportAsync(new() { Ratio = 1 });
            await Expect(resident.Find("#waits")).ToContainTextAsync("最晚");
            await resident.ShootAsync($"first-aid-track-{width}{(large ? "-large" : "")}{(script ? "" : "-noscript")}", whole: true);
            var callNo = await resident.Find("b.no").InnerTextAsync();
            await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
            if (!script)
                await resident.Page.ReloadAsync();
            await Expect(resident.Find("#headline")).ToHaveTextAsync("已接单，正在赶来");
            await Expect(resident.Find(".call-first")).ToHaveCountAsync(0);
            await Expect(resident.Find("#told")).ToContainTextAsync("已接单");
        }
    }

    [Fact]
    public async Task Without_script_a_photo_that_is_not_taken_stops_no_urgent_whistle_and_is_said()
    {
        var resident = await _windows.ResidentAsync("/s/04", script: false);
        await resident.Find("input[name=category][value='04']").CheckAsync();
        await resident.Find("#phone").FillAsync("１１０");
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.HEIC", MimeType = "image/heic", Buffer = "\0\0\0\u0018ftypheic"u8.ToArray() });
        await resident.Find("button.blow").ClickAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        await Expect(resident.Find("#left")).ToContainTextAsync("照片没有收到，可以在这里补传。");
        await Expect(resident.Find("#left")).ToContainTextAsync("电话号码不对，没有记下。");
        await resident.ShootAsync("first-aid-left-out", whole: true);
        await resident.Page.GetByRole(AriaRole.Link, new() { Name = "补传照片" }).ClickAsync();
        await Expect(resident.Find("input[type=file]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_joined_caller_is_asked_for_what_is_taken_and_who_withdraws_reads_no_contradiction()
    {
        var (first, firstCode) = await street.Api.WhistleInAsync("090");
        var (_, receipt) = await street.Api.AskAsync(null, HttpMethod.Post, "/api/whistles", new() { ["grid"] = "090", ["category"] = "02", ["joins"] = first });
        var resident = await _windows.ResidentAsync((string)receipt!["trackingUrl"]!, script: false);
        await Expect(resident.Find("#together")).ToBeVisibleAsync();
        await resident.Page.GetByRole(AriaRole.Link, new() { Name = "补充说明" }).ClickAsync();
        await resident.Find("#words").FillAsync("四楼也在漏");
        await resident.Find("main button[type=submit]").ClickAsync();
        await Expect(resident.Find("#yours")).ToContainTextAsync("四楼也在漏");

        var own = await _windows.ResidentAsync("/t/" + firstCode + "?act=withdraw", script: false);
        await own.Find("main button[type=submit]").ClickAsync();
        await Expect(own.Find("#headline")).ToHaveTextAsync("您已撤回，这件事还在为别人办");
        await Expect(own.Find("#live a.button")).ToHaveCountAsync(0);
        await own.ShootAsync("first-aid-withdrew", whole: true);

        await street.Api.ResolveAsync("grid090", first);
        var (status, _) = await street.Api.AskAsync("grid091", HttpMethod.Post, $"/api/calls/{first}/verify", new() { ["passed"] = true, ["note"] = "看过" });
        Assert.Equal(HttpStatusCode.OK, status);
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已核查，等您评价");
        await resident.Find("a.blow").ClickAsync();
        await resident.Find("input[name=solved][value=yes]").CheckAsync();
        await resident.Find("input[name=satisfaction][value=satisfied]").CheckAsync();
        await resident.Find("main button[type=submit]").ClickAsync();
        await Expect(resident.Find(".ok-box").First).ToHaveTextAsync("谢谢您的评价。");
        await Expect(resident.Find("a.blow")).ToHaveCountAsync(0);
        await resident.ShootAsync("first-aid-joined", whole: true);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task ChooseAsync(Window resident, int photos)
    {
        var picture = await Pictures.JpegAsync(street.Chromium, 1200, 900);
        await resident.Find("input[type=file]").SetInputFilesAsync(Enumerable.Range(0, photos).Select(n => new FilePayload { Name = $"{n}.jpg", MimeType = "image/jpeg", Buffer = picture }));
        await Expect(resident.Find("#photo-row img")).ToHaveCountAsync(photos);
    }

    private async Task<int> PhotosOf(string callNo, string station)
    {
        var place = await street.Api.PlaceAsync(station);
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + callNo);
        return detail!["photos"]!.AsArray().Count;
    }
}
