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
            var first = resident.Find("main > .urgent");
            await resident.Find("input[name=category][value='12']").CheckAsync();
            await resident.Find("#words").ScrollIntoViewIfNeededAsync();
            await Expect(first).Not.ToBeInViewportAsync();
            await resident.Find("input[name=danger]").CheckAsync();
            await resident.Find("#phone").ScrollIntoViewIfNeededAsync();
            await Expect(first).ToBeInViewportAsync(new() { Ratio = 1 });
            await resident.Find("input[name=danger]").UncheckAsync();
            await resident.Find("input[name=category][value='06']").CheckAsync();
            await Expect(first).ToBeInViewportAsync(new() { Ratio = 1 });
            Assert.InRange((await first.BoundingBoxAsync())!.Height, 60, 104);
            Assert.Equal(["tel:110", "tel:119", "tel:120", "tel:122"], await first.Locator("a").EvaluateAllAsync<string[]>("links => links.map((link) => link.getAttribute('href'))"));
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
        await resident.Find("a.blow").ClickAsync(); // two taps in all
        await resident.Page.GetByRole(AriaRole.Button, new() { Name = "解决了，满意" }).ClickAsync();
        await Expect(resident.Find(".ok-box").First).ToHaveTextAsync("谢谢您的评价。");
        await Expect(resident.Find("a.blow")).ToHaveCountAsync(0);
        await resident.ShootAsync("first-aid-joined", whole: true);
    }

    [Theory]
    [InlineData(360, 640, true, false)]
    [InlineData(320, 568, true, false)]
    [InlineData(320, 568, false, false)]
    [InlineData(320, 568, true, true)]
    public async Task Whoever_is_trapped_whistles_in_two_taps_without_scrolling_and_need_not_say_of_what_kind(int width, int height, bool script, bool large)
    {
        var resident = await _windows.ResidentAsync("/g/121", script);
        await resident.Page.SetViewportSizeAsync(width, height);
        if (large)
            await resident.Find("a.print").ClickAsync();
        var danger = resident.Find(".check.danger");
        await Expect(danger).ToBeInViewportAsync(new() { Ratio = 1 });
        var bar = (await resident.Find(".send").BoundingBoxAsync())!;
        var box = (await danger.BoundingBoxAsync())!;
        Assert.True(box.Y + box.Height <= bar.Y, $"the tick ends at {box.Y + box.Height}, below the bar at {bar.Y}");
        await danger.ClickAsync();
        await resident.ShootAsync($"trapped-{width}{(large ? "-large" : "")}{(script ? "" : "-noscript")}");
        await Expect(resident.Find("main > .urgent")).ToBeInViewportAsync(new() { Ratio = 1 });
        await resident.Find("button.blow").ClickAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        var callNo = await resident.Find("b.no").InnerTextAsync();
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("S1", (string?)detail!["call"]!["level"]);
        Assert.Equal("26", (string?)detail["call"]!["category"]);
        await WithdrawAsync(resident);
    }

    [Fact]
    public async Task A_tile_of_something_urgent_says_what_to_do_now_in_sight_of_whoever_has_tapped_it()
    {
        foreach (var (width, height, script) in new[] { (360, 640, true), (320, 568, true), (360, 640, false) })
        {
            var resident = await _windows.ResidentAsync("/g/122", script);
            await resident.Page.SetViewportSizeAsync(width, height);
            await resident.Find(".tile:has([value='06'])").ClickAsync();
            var words = resident.Find(".about-tile:visible .first-aid");
            await Expect(words).ToContainTextAsync("别扒门");
            await Expect(words.Locator("a")).ToHaveAttributeAsync("href", "tel:96333");
            if (script)
                await Expect(words).ToBeInViewportAsync(new() { Ratio = 1 });
            await Expect(resident.Find("main > .urgent")).ToBeInViewportAsync(new() { Ratio = 1 });
            await resident.ShootAsync($"what-to-do-{width}{(script ? "" : "-noscript")}");
            await resident.Find("button.blow").ClickAsync();
            await Expect(resident.Find("#live .first-aid")).ToContainTextAsync("别扒门"); // until somebody has accepted it
            await WithdrawAsync(resident);
        }
    }

    [Fact]
    public async Task A_phone_keeps_its_own_whistles_until_told_to_forget_them_and_offers_none_as_somebody_elses()
    {
        var resident = await _windows.ResidentAsync("/g/123");
        await resident.Find(".tile:has([value='02'])").ClickAsync();
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#headline")).ToBeVisibleAsync();
        var callNo = await resident.Find("b.no").InnerTextAsync();
        var track = resident.Page.Url;

        var other = await _windows.ResidentAsync("/g/123");
        await other.Find(".tile:has([value='02'])").ClickAsync();
        await Expect(other.Find(".near:visible button")).ToHaveCountAsync(1);
        await Expect(other.Find("#mine")).ToBeHiddenAsync();

        await resident.Page.GotoAsync("/g/123");
        await Expect(resident.Find("#mine a")).ToHaveTextAsync($"排水堵塞 · {callNo}");
        Assert.Equal(track.Split('?')[0], await resident.Find("#mine a").EvaluateAsync<string>("link => link.href"));
        await resident.Find(".tile:has([value='02'])").ClickAsync();
        await Expect(resident.Find(".near")).ToHaveCountAsync(0);
        await resident.Find("#mine").ScrollIntoViewIfNeededAsync();
        await resident.ShootAsync("own-whistles", whole: true);
        await resident.Find("#mine button").TapAsync();
        await Expect(resident.Find("#mine")).ToBeHiddenAsync();
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#mine")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task No_bar_is_high_or_stands_over_what_is_being_written()
    {
        foreach (var (large, english) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var resident = await _windows.ResidentAsync("/g/123" + (english ? "?lang=en" : ""));
            await resident.Page.SetViewportSizeAsync(320, 568);
            if (large)
                await resident.Find("a.print").ClickAsync();
            await resident.Find(".tile:has([value='06'])").ClickAsync();
            foreach (var bar in new[] { ".send", "main > .urgent" })
                Assert.True((await resident.Find(bar).BoundingBoxAsync())!.Height is > 40 and <= 104, $"{bar}: large {large}, English {english}");
            await resident.Find("#words").FocusAsync();
            await resident.Page.SetViewportSizeAsync(320, 300); // with the keyboard up
            await resident.Find("#words").ScrollIntoViewIfNeededAsync();
            foreach (var bar in new[] { ".send", "main > .urgent" })
                Assert.Equal("static", await resident.Find(bar).EvaluateAsync<string>("bar => getComputedStyle(bar).position"));
        }
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task WithdrawAsync(Window resident)
    {
        await resident.Page.GotoAsync(resident.Page.Url.Split('?')[0] + "?act=withdraw");
        await resident.Find("main button[type=submit]").ClickAsync();
    }

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
