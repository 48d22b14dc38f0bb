namespace DispatchCenter.Browser;

/// <summary>A resident's phone with JavaScript: photos, the location, a lost network, and 长辈版.</summary>
public sealed class Residents(Street street) : IAsyncDisposable
{
    // Touch targets: every visible control.
    private const string Targets = """
        () => [...document.querySelectorAll('main a, main button:not([aria-hidden]), main label.tile, main label.check, main summary, main input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), main textarea, header a, header button')]
            .map((element) => [element, element.getBoundingClientRect()])
            .filter(([element, box]) => box.width > 0 && !element.closest('p'))
            .filter(([, box]) => box.height < 60)
            .map(([element, box]) => `${element.tagName} ${element.textContent.trim().slice(0, 20)}: ${box.height}`)
        """;

    private const string SmallText = """
        () => [...document.querySelectorAll('main *')].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .filter((element) => element.getClientRects().length > 0 && !element.closest('.visually-hidden') && parseFloat(getComputedStyle(element).fontSize) < 24)
            .map((element) => `${element.textContent.trim().slice(0, 20)}: ${getComputedStyle(element).fontSize}`)
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_photo_is_made_small_before_it_is_sent_and_a_lost_network_loses_nothing_that_was_written()
    {
        var place = await street.Api.PlaceAsync("06");
        var resident = await _windows.ResidentAsync("/s/06");
        resident.Forgive("net::ERR_|status of 422");
        await resident.Find("input[name=category][value='09']").CheckAsync();
        await resident.Find("#words").FillAsync("路面塌了一个坑");
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = "no photo"u8.ToArray() });
        await Expect(resident.Find("#photo-error")).ToContainTextAsync("不是照片");
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "b.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 3000, 2000) });
        await Expect(resident.Find("#photo-row [data-sent]")).ToHaveCountAsync(1);
        await Expect(resident.Find("#photo-error")).ToBeEmptyAsync();
        await resident.ShootAsync("resident-photo", whole: true);

        // Lost as the finger comes down.
        await resident.Page.Context.SetOfflineAsync(true);
        await resident.Find("button.blow").DblClickAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("没有网络，您的哨已存在这部手机里");
        await Expect(resident.Find("#words")).ToHaveValueAsync("路面塌了一个坑");
        await resident.ShootAsync("resident-offline");
        await resident.Page.Context.SetOfflineAsync(false); // and it is sent automatically
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        await Expect(resident.Find(".photos img")).ToHaveCountAsync(1);
        var callNo = await resident.Find("b.no").InnerTextAsync();
        await resident.ShootAsync("resident-track-photo", whole: true);
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal((1600, "whistle"), ((int)detail!["photos"]![0]!["width"]!, (string)detail["photos"]![0]!["kind"]!));
        Assert.Equal("路面塌了一个坑", (string)detail["description"]!);
    }

    [Fact]
    public async Task What_was_filled_in_outlives_a_change_of_print_or_language_and_nothing_of_it_outlives_the_sending()
    {
        await street.Api.PlaceAsync("07");
        var resident = await _windows.ResidentAsync("/s/07");
        await resident.Find("input[name=category][value='11']").CheckAsync();
        await resident.Find("#words").FillAsync("楼道里又堆满了");
        await resident.Find("#name").FillAsync("邻居");
        await resident.Find("#phone").FillAsync("13900000007");
        await resident.Find("input[name=hide]").CheckAsync();
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "b.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 1000, 800) });
        await Expect(resident.Find("#photo-row [data-sent]")).ToHaveCountAsync(1);
        await resident.Find("a.print").ClickAsync();
        await Expect(resident.Find("html.large")).ToHaveCountAsync(1);
        await FilledAsync(resident);
        await resident.Find("a[hreflang=en]").ClickAsync();
        await Expect(resident.Find("html[lang=en]")).ToHaveCountAsync(1);
        await FilledAsync(resident);
        await resident.Find("input[name=hide]").UncheckAsync();
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#phone")).ToHaveValueAsync("13900000007");
        await Expect(resident.Find("input[name=hide]")).Not.ToBeCheckedAsync(); // what was unchecked stays unchecked
        await resident.Find("input[name=hide]").CheckAsync();
        await resident.Find("a[hreflang='zh-CN']").ClickAsync();
        await Expect(resident.Find("html[lang='zh-CN']")).ToHaveCountAsync(1);
        await FilledAsync(resident);
        await resident.ShootAsync("resident-kept", whole: true);

        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#headline")).ToBeVisibleAsync();
        await Expect(resident.Find(".photos img")).ToHaveCountAsync(1);
        Assert.Equal(0, await resident.Page.EvaluateAsync<int>("() => sessionStorage.length"));
        await resident.Page.GotoAsync("/s/07");
        await Expect(resident.Find("html.js")).ToHaveCountAsync(1);
        foreach (var field in new[] { "#words", "#name", "#phone" })
            await Expect(resident.Find(field)).ToHaveValueAsync("");
        await Expect(resident.Find("form :checked")).ToHaveCountAsync(0);
        await Expect(resident.Find("#photo-row img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_whistle_whose_answer_was_lost_is_the_same_whistle_after_a_reload_and_a_street_that_is_too_busy_loses_nothing()
    {
        var resident = await _windows.ResidentAsync("/s/07");
        resident.Forgive("net::ERR_|status of 503");
        await resident.Find("input[name=category][value='11']").CheckAsync();
        await resident.Find("#words").FillAsync("楼道里又堆满了");
        await resident.Page.RouteAsync("**/s/07", route => route.Request.Method == "POST" ? route.FulfillAsync(new() { Status = 503, Body = "busy" }) : route.ContinueAsync());
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#no-answer")).ToContainTextAsync("您写的都在");
        await resident.Page.UnrouteAsync("**/s/07");

        // The request arrives, the answer does not.
        await resident.Page.RouteAsync("**/s/07", async route =>
        {
            if (route.Request.Method == "POST")
            {
                await route.FetchAsync(new() { MaxRedirects = 0 });
                await route.AbortAsync();
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("不会重复");
        var (_, before) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/journal?limit=1000");
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("不会重复");
        await resident.Page.UnrouteAsync("**/s/07");
        await resident.Find("#later a").ClickAsync();
        await Expect(resident.Find("#headline")).ToBeVisibleAsync();
        var callNo = await resident.Find("b.no").InnerTextAsync();
        Assert.Contains(before!["entries"]!.AsArray(), line => (string?)line!["callNo"] == callNo);
    }

    [Fact]
    public async Task Half_an_hour_later_nobody_finds_in_a_form_what_another_had_filled_in()
    {
        var resident = await _windows.ResidentAsync("/s/07");
        await resident.Find("#words").FillAsync("楼道里又堆满了");
        await resident.Find("#phone").FillAsync("13900000007");
        await resident.Page.Clock.SetFixedTimeAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(29));
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#phone")).ToHaveValueAsync("13900000007");
        await resident.Page.Clock.SetFixedTimeAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(60));
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("html.js")).ToHaveCountAsync(1);
        await Expect(resident.Find("#phone")).ToHaveValueAsync("");
        await Expect(resident.Find("#words")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_photo_that_could_not_be_kept_is_asked_for_again_in_words()
    {
        var resident = await _windows.ResidentAsync("/s/08");
        resident.Forgive("net::ERR_");
        await resident.Page.RouteAsync("**/api/photos", route => route.AbortAsync());
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "b.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 1000, 800) });
        await Expect(resident.Find("#photo-row img")).ToHaveCountAsync(1);
        await resident.Find("a.print").ClickAsync();
        await Expect(resident.Find("#photo-error")).ToHaveTextAsync("刚才选的照片没有留下来，请重新选一次。");
        await Expect(resident.Find("#photo-row img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_phone_says_where_it_is_when_it_is_asked_and_in_no_address()
    {
        var (_, map) = await street.Api.AskAsync(null, HttpMethod.Get, "/api/street");
        var grid = map!["grids"]!.AsArray()[40]!;
        var outline = grid["outline"]!.AsArray().Select(point => ((double)point![0]!, (double)point[1]!)).ToList();
        var resident = await _windows.ResidentAsync("/s");
        resident.Forgive("status of 422");
        await resident.Page.Context.GrantPermissionsAsync(["geolocation"]);
        await resident.Page.Context.SetGeolocationAsync(new Geolocation { Latitude = 39.9f, Longitude = 116.4f, Accuracy = 12 });
        await resident.Find("#here-find").TapAsync();
        await Expect(resident.Find("#here-wrong")).ToContainTextAsync("不在本街道的网格里");
        await resident.Page.Context.SetGeolocationAsync(new Geolocation { Latitude = (float)outline.Average(p => p.Item1), Longitude = (float)outline.Average(p => p.Item2), Accuracy = 12 });
        await resident.Page.GotoAsync("/s");
        await resident.Find("#here-find").TapAsync();
        await Expect(resident.Find("h1")).ToHaveTextAsync((string)grid["name"]!);
        Assert.Equal("/g/" + (string)grid["code"]!, new Uri(resident.Page.Url).PathAndQuery);
        await resident.Find("#here-ask").TapAsync();
        await Expect(resident.Find("#here-said")).ToContainTextAsync("误差约 12 米");
        await Expect(resident.Find("input[name=datum]")).ToHaveValueAsync("wgs84");
        await resident.Find("#here-ask").TapAsync();
        await Expect(resident.Find("input[name=lat]")).ToHaveValueAsync("");
        await resident.Find("#here-ask").TapAsync();
        await Expect(resident.Find("input[name=lat]")).Not.ToHaveValueAsync("");
        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#here-said")).ToContainTextAsync("误差约 12 米");
        await Expect(resident.Find("input[name=lat]")).Not.ToHaveValueAsync("");
        var again = resident.Page.WaitForResponseAsync(answer => answer.Status == 422);
        await resident.Find("button.blow").TapAsync(); // without a category: after the redraw, the location is still there and still shown
        await again;
        await resident.Page.WaitForLoadStateAsync();
        await Expect(resident.Find("#here-said")).ToContainTextAsync("已附上位置");
        await resident.Find("input[name=category][value='12']").CheckAsync();
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#headline")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task In_large_print_the_text_has_18_points_and_everything_to_press_60_pixels()
    {
        var (_, code) = await street.Api.WhistleAsync("06", "12");
        var resident = await _windows.ResidentAsync("/s/06", script: false);
        await resident.Find("a.print").ClickAsync();
        await Expect(resident.Find("html.large")).ToHaveCountAsync(1);
        foreach (var path in new[] { "/s/06", "/s", "/t/" + code, $"/t/{code}?act=note" })
        {
            await resident.Page.GotoAsync(path);
            foreach (var fold in await resident.Find("details").AllAsync())
                await fold.Locator("summary").ClickAsync();
            Assert.Empty(await resident.Page.EvaluateAsync<string[]>(SmallText));
            Assert.Empty(await resident.Page.EvaluateAsync<string[]>(Targets));
            await resident.ShootAsync("large" + path.Split('?')[0][..2].Replace('/', '-') + (path.Contains("act", StringComparison.Ordinal) ? "note" : path.Length > 2 ? "page" : ""), whole: true);
        }

        await resident.Find("a.print").ClickAsync();
        await Expect(resident.Find("html.large")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_place_says_who_serves_it_and_what_was_solved_there_without_a_person()
    {
        var place = await street.Api.PlaceAsync("03");
        var (callNo, code) = await street.Api.WhistleAsync("03", "08", words: "The lamp is dark.");
        await street.Api.VerifyAsync(place, callNo);
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{code}/evaluation", new() { ["solved"] = true, ["satisfaction"] = "satisfied" });
        var (hidden, hiddenCode) = await street.Api.WhistleAsync("03", "11", hide: true);
        await street.Api.VerifyAsync(place, hidden);
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{hiddenCode}/evaluation", new() { ["solved"] = true, ["satisfaction"] = "satisfied" });
        var resident = await _windows.ResidentAsync("/g/" + place.Grid, script: false);
        await resident.Find("#who summary").ClickAsync();
        await Expect(resident.Find("#who")).ToContainTextAsync("网格员");
        await Expect(resident.Find("#who")).ToContainTextAsync("在岗");
        await resident.Find("#solved summary").ClickAsync();
        await Expect(resident.Find("#solved")).ToContainTextAsync("路灯");
        await Expect(resident.Find("#solved")).Not.ToContainTextAsync("垃圾");
        await Expect(resident.Find("#solved")).Not.ToContainTextAsync(callNo);
        await resident.ShootAsync("resident-place", whole: true);
    }

    [Fact]
    public async Task The_posters_show_a_code_for_each_station_and_print_one_to_a_sheet()
    {
        var admin = await _windows.DeskAsync("admin", "/admin/posters");
        await Expect(admin.Find(".poster")).ToHaveCountAsync(12);
        await Expect(admin.Find(".poster-code svg").First).ToBeVisibleAsync();
        await admin.ShootAsync("posters", whole: true);
        await admin.Find("#base").FillAsync("javascript:alert(1)");
        await admin.Find("#station").SelectOptionAsync("05");
        await admin.Find("#size").SelectOptionAsync("a5");
        await admin.Find(".posters-form button").ClickAsync();
        await Expect(admin.Find("#base-error")).ToContainTextAsync("http://");
        await admin.Find("#base").FillAsync("https://dispatch.example");
        await admin.Find(".posters-form button").ClickAsync();
        await Expect(admin.Find(".poster")).ToHaveCountAsync(1);
        await Expect(admin.Find(".poster-code")).ToHaveAttributeAsync("aria-label", "https://dispatch.example/s/05");
        await admin.Page.GotoAsync("/admin/posters");
        var pdf = System.Text.Encoding.Latin1.GetString(await admin.Page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true }));
        Assert.Equal(12, System.Text.RegularExpressions.Regex.Count(pdf, @"/Type\s*/Page\b(?!s)"));
        await admin.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await admin.Page.SetViewportSizeAsync(794, 1123);
        await admin.ShootAsync("posters-print");
        var worker = await _windows.DeskAsync("grid001", "/");
        worker.Forgive("status of 403");
        Assert.Equal(403, (await worker.Page.GotoAsync("/admin/posters"))!.Status);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task FilledAsync(Window resident)
    {
        await Expect(resident.Find("input[name=category][value='11']")).ToBeCheckedAsync();
        await Expect(resident.Find("#words")).ToHaveValueAsync("楼道里又堆满了");
        await Expect(resident.Find("#name")).ToHaveValueAsync("邻居");
        await Expect(resident.Find("#phone")).ToHaveValueAsync("13900000007");
        await Expect(resident.Find("input[name=hide]")).ToBeCheckedAsync();
        await Expect(resident.Find("#photo-row [data-sent] img")).ToHaveCountAsync(1);
        await Expect(resident.Find("#photo-error")).ToBeEmptyAsync();
    }
}
