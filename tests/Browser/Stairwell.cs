namespace DispatchCenter.Browser;

/// <summary>A manager's phone without a network, or with something else going wrong under the thumb.</summary>
public sealed class Stairwell(Street street) : IAsyncDisposable
{
    /// <summary>How much this phone keeps for reading without a network.</summary>
    private const string KeptHere = "() => new Promise((resolve) => { indexedDB.open('phone').onsuccess = (event) => { event.target.result.transaction('kept').objectStore('kept').count().onsuccess = (count) => { event.target.result.close(); resolve(count.target.result); }; }; })";

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task What_is_tapped_without_a_network_survives_a_reload_and_counts_once_when_there_is_one()
    {
        var place = await street.Api.PlaceAsync("09");
        var (first, _) = await street.Api.WhistleAsync("09");
        var (second, _) = await street.Api.WhistleAsync("09", "15");
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync(place.Workers[0]);
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker|status of 409");
        await phone.LiveAsync();
        await Expect(phone.Call(second)).ToBeVisibleAsync();
        await phone.KeptAsync(first, second);

        line.Cut();
        await Expect(phone.Find("#stale")).ToBeVisibleAsync();
        await phone.TapAsync(first, "accept");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("1 条待上传");
        await phone.TapAsync(first, "arrive");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("2 条待上传");
        // Twice, by key: a tap on a card that has just moved would be ignored.
        await phone.Call(second).Locator("[data-command=accept]").EvaluateAsync("button => { button.click(); button.click(); }");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("3 条待上传");
        await Expect(phone.Call(first)).ToContainTextAsync("待上传：我到场了");
        await phone.ShootAsync("stairwell-1-queued", whole: true);
        await LongAgoAsync(phone);

        // The page is reopened, still offline: it says that it is old, and what waits is there.
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("3 条待上传");
        await Expect(phone.Find("#stale")).ToContainTextAsync("还没有连上：下面是");
        await phone.TabAsync("tasks");
        await Expect(phone.Find("#tasks").Locator($"[data-no='{first}'] [data-command=resolve]")).ToBeVisibleAsync();
        await phone.ShootAsync("stairwell-2-reloaded", whole: true);
        Assert.Empty(await LinesAsync(first, "accepted"));

        line.Mend();
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        await phone.LiveAsync();
        await Expect(phone.Find("#stale")).ToBeHiddenAsync();
        await Expect(phone.Find("#tasks").Locator($"[data-no='{second}']")).ToBeVisibleAsync();
        foreach (var (callNo, what) in new[] { (first, "accepted"), (first, "arrived"), (second, "accepted") })
            Assert.Single(await LinesAsync(callNo, what));
        var claimed = (await LinesAsync(first, "accepted"))[0];
        Assert.StartsWith("claimed:", Assert.Single(claimed["detail"]!.AsArray().Select(detail => (string)detail!), detail => detail.StartsWith("claimed", StringComparison.Ordinal)), StringComparison.Ordinal);
        await phone.ShootAsync("stairwell-3-sent", whole: true);

        // The open case says when it was tapped; the caller's number stays hidden until someone gives a reason.
        await phone.TaskAsync(first);
        await Expect(phone.Find("dialog .timeline")).ToContainTextAsync("联网后送到");
        var (_, map) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/street");
        var at = map!["stations"]!.AsArray().Single(station => (string?)station!["code"] == "09")!["position"]!.AsArray().Select(degrees => ((double)degrees!).ToString("F6", System.Globalization.CultureInfo.InvariantCulture)).ToList();
        await Expect(phone.Find("dialog .foot a[href*='uri.amap.com']")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex($"position={at[1]},{at[0]}&coordinate=wgs84"));
        await Expect(phone.Find("dialog")).ToContainTextAsync("138******34");
        await Expect(phone.Find("dialog")).Not.ToContainTextAsync("13800001234");
        await phone.Find("dialog [data-command=contact]").TapAsync();
        await phone.Find("dialog.ask textarea").FillAsync("问是几单元");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("dialog .contact-open a[href^='tel:']")).ToHaveAttributeAsync("href", "tel:13800001234");
        await phone.ShootAsync("stairwell-4-contact");

        // Photos from before and after, shrunk here.
        await phone.Find("input[data-photo=before]").SetInputFilesAsync(new FilePayload { Name = "IMG.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 2400, 1800) });
        await Expect(phone.Find(".toast.ok")).ToHaveTextAsync("照片已上传。");
        await phone.TaskAsync(first);
        await Expect(phone.Find("dialog .photos img")).ToHaveCountAsync(1);
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + first);
        Assert.Equal((1600, 1200), ((int)detail!["photos"]![0]!["width"]!, (int)detail["photos"]![0]!["height"]!));
        await phone.Find("input[data-photo=after]").SetInputFilesAsync(new FilePayload { Name = "notes.pdf", MimeType = "image/jpeg", Buffer = "%PDF"u8.ToArray() });
        await Expect(phone.Find(".toast.bad")).ToContainTextAsync("notes.pdf 不是照片");
        foreach (var (name, file, told) in new[] { ("a.heic", "\0\0\0\u0018ftypheic\0\0\0\0heic"u8.ToArray(), "HEIC"), ("a.mp4", "\0\0\0\u0018ftypisom\0\0\u0002\0isom"u8.ToArray(), "视频"), ("a.jpg", (await Pictures.JpegAsync(street.Chromium, 1200, 900))[..200], "不完整") })
        {
            await phone.Find("input[data-photo=after]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "image/jpeg", Buffer = file });
            await Expect(phone.Find(".toast.bad", told)).ToBeVisibleAsync();
        }

        await phone.ShootAsync("stairwell-5-photos");
    }

    /// <summary>A photo whose note did not get through for so long that the server has forgotten it.</summary>
    [Fact]
    public async Task A_forgotten_photo_is_sent_again_with_its_note()
    {
        var place = await street.Api.PlaceAsync("09");
        var (callNo, _) = await street.Api.WhistleAsync("09", "13");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        phone.Forgive("status of 422");
        var (sent, forgotten) = (0, 0);
        phone.Page.Request += (_, request) => sent += request.Method == "POST" && request.Url.EndsWith("/api/photos", StringComparison.Ordinal) ? 1 : 0;
        await phone.Page.RouteAsync("**/api/calls/*/note", route => forgotten++ > 0 ? route.ContinueAsync() : route.FulfillAsync(new()
        {
            Status = 422, ContentType = "application/problem+json", Body = """{"code":"photo_unknown","title":"x","detail":"x"}""",
        }));
        await phone.TaskAsync(callNo);
        await phone.Find("input[data-photo=before]").SetInputFilesAsync(new FilePayload { Name = "IMG.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 800, 600) });
        await Expect(phone.Find(".toast.ok")).ToHaveTextAsync("照片已上传。");
        Assert.Equal(2, sent);
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Single(detail!["photos"]!.AsArray());
    }

    [Fact]
    public async Task A_phone_that_keeps_nothing_and_has_no_service_worker_says_so_and_sends_all_the_same_and_a_wrong_clock_does_not_matter()
    {
        var place = await street.Api.PlaceAsync("09");
        var (callNo, _) = await street.Api.WhistleAsync("09", "13");
        var looks = new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 }, HasTouch = true, ServiceWorkers = ServiceWorkerPolicy.Block };
        var phone = await _windows.OpenAsync("/signin", looks);
        phone.Forgive("net::ERR_|WebSocket connection to|Failed to fetch|[Ss]ervice [Ww]orker|status of 409");
        // Full to the last byte, and an hour ahead.
        await phone.Page.AddInitScriptAsync("""
            IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
            const now = Date.now.bind(Date);
            Date.now = () => now() + 3600000;
            """);
        await phone.Page.GotoAsync("/signin?returnUrl=/m");
        await phone.Find("#user").FillAsync(place.Police);
        await phone.Find("#password").FillAsync(StreetApi.Password);
        await phone.Find("#password").PressAsync("Enter");
        await phone.LiveAsync();
        await Expect(phone.Call(callNo)).ToContainTextAsync("还剩");
        await phone.Page.Context.SetOfflineAsync(true);
        await phone.TapAsync(callNo, "accept");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("1 条待上传");
        await Expect(phone.Find("#outbox-help")).ToContainTextAsync("这台手机存不下");
        await phone.ShootAsync("stairwell-6-full");
        await phone.Page.Context.SetOfflineAsync(false);
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        await Expect(phone.Find("#tasks").Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        var line = Assert.Single(await LinesAsync(callNo, "accepted"));
        foreach (var claimed in line["detail"]!.AsArray().Select(detail => (string)detail!).Where(detail => detail.StartsWith("claimed:", StringComparison.Ordinal)))
            Assert.InRange(DateTimeOffset.Parse((string)line["at"]!, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(claimed[8..], System.Globalization.CultureInfo.InvariantCulture)), TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_tap_on_a_phone_that_was_signed_out_is_kept_says_why_it_waits_and_goes_when_its_account_is_back()
    {
        var place = await street.Api.PlaceAsync("09");
        var (callNo, _) = await street.Api.WhistleAsync("09", "18");
        var phone = await _windows.MemberAsync(place.Workers[1]);
        phone.Forgive("status of 401|no valid credentials"); // its stream ends with the session
        await Expect(phone.Call(callNo)).ToBeVisibleAsync();
        var other = await phone.Page.Context.NewPageAsync();
        await other.GotoAsync(street.Host.Url + "/m");
        await phone.KeptAsync(callNo);
        await phone.StillAsync(callNo);
        await other.GetByRole(AriaRole.Button, new() { Name = "退出" }).TapAsync();
        await other.WaitForURLAsync(street.Host.Url + "/");
        await phone.Call(callNo).Locator("[data-command=accept]").TapAsync(); // at once: the page leaves for the sign-in page soon
        await Expect(phone.Find(".toast")).ToContainTextAsync("您已退出登录");
        await Expect(phone.Find("#outbox-help")).ToContainTextAsync("重新登录就上传");
        await phone.ShootAsync("stairwell-8-signed-out");
        await Expect(phone.Find("#outbox-enter")).ToHaveAttributeAsync("href", "/signin?returnUrl=/m");
        await phone.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))"); // visible again: the other account's cases are gone
        await phone.Page.WaitForURLAsync("**/signin?returnUrl=%2Fm");
        Assert.Equal(0, await phone.Page.EvaluateAsync<int>(KeptHere)); // nobody's cases on a phone of nobody; the tap still waits
        await phone.Find("#user").FillAsync(place.Workers[1]);
        await phone.Find("#password").FillAsync(StreetApi.Password);
        await phone.Find("#password").PressAsync("Enter");
        await Expect(phone.Find("#urgent").Locator($"[data-no='{callNo}'] [data-command=arrive]")).ToBeVisibleAsync(); // one's own 特急 is above the other tasks
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        Assert.Single(await LinesAsync(callNo, "accepted"));
    }

    [Fact]
    public async Task Of_two_pages_of_one_phone_each_shows_what_waits_and_a_tap_that_came_too_late_is_told_after_all()
    {
        var place = await street.Api.PlaceAsync("09");
        var (callNo, _) = await street.Api.WhistleAsync("09", "18");
        var phone = await _windows.MemberAsync(place.Workers[1]);
        phone.Forgive("net::ERR_|WebSocket connection to|Failed to fetch|fetching the script|service worker|status of 409");
        var other = await phone.Page.Context.NewPageAsync();
        await other.GotoAsync(street.Host.Url + "/m");
        await Expect(phone.Call(callNo)).ToBeVisibleAsync();
        await Expect(other.Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        await phone.Page.Context.SetOfflineAsync(true);
        await phone.TapAsync(callNo, "accept");
        await Expect(other.Locator("#outbox-count")).ToHaveTextAsync("1 条待上传");
        await street.Api.GiveAsync(place.Police, callNo, "accept");
        await phone.Page.Context.SetOfflineAsync(false);
        await Expect(phone.Find("#refused")).ToContainTextAsync("没有办成：接单");
        var said = await phone.Find("#refused p").InnerTextAsync();
        Assert.Matches($"晚了一步：已由{place.TeamName} \\d\\d（社区民警）接单。$", said);
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#refused p")).ToHaveTextAsync(said);
        await Expect(other.Locator("#refused")).ToContainTextAsync("没有办成：接单");
        await phone.ShootAsync("stairwell-7-refused");
        await phone.Find("#refused button").TapAsync();
        await Expect(other.Locator("#refused .error-box")).ToHaveCountAsync(0);
        Assert.Single(await LinesAsync(callNo, "accepted"));
    }

    [Theory]
    [InlineData(360, 640, "077")]
    [InlineData(320, 568, "078")]
    public async Task A_task_that_was_opened_is_read_and_brought_to_its_end_without_a_network(int width, int height, string grid)
    {
        var (callNo, _) = await street.Api.WhistleInAsync(grid, "12", words: "二单元电梯口的灯坏了，老人怕摔。");
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync("grid" + grid);
        await phone.Page.SetViewportSizeAsync(width, height);
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker");
        await phone.LiveAsync();
        await phone.TapAsync(callNo, "accept");
        var task = phone.Find("dialog.sheet");
        await task.Locator("input[data-photo=before]").SetInputFilesAsync(new FilePayload { Name = "IMG.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 1200, 900) });
        await Expect(phone.Find(".toast.ok", "照片已上传。")).ToBeVisibleAsync();
        await phone.TaskAsync(callNo);
        await Expect(task.Locator(".photos img")).ToHaveCountAsync(1);
        await phone.KeptAsync(callNo);
        await phone.Page.WaitForFunctionAsync(HasTask, new object[] { callNo, 1 });
        await task.Locator(".back").TapAsync();

        line.Cut();
        await Expect(phone.Find("#stale")).ToBeVisibleAsync();
        await phone.Page.ReloadAsync(); // as when the system has closed the page meanwhile
        await Expect(phone.Find("#stale")).ToContainTextAsync("还没有连上");
        await phone.TaskAsync(callNo);
        await Expect(task.Locator("[data-kept]")).ToContainTextAsync("没有网络");
        await Expect(task.Locator(".said").First).ToContainTextAsync("老人怕摔");
        await Expect(task).ToContainTextAsync("138******34");
        Assert.True(await task.Locator(".photos img").EvaluateAsync<bool>("async (image) => { await image.decode(); return image.naturalWidth > 0; }"));
        await Expect(task.Locator("[data-why], [data-command=contact]")).ToHaveCountAsync(0); // nobody here knows the number
        await phone.ShootAsync($"stairwell-kit-{width}");
        await task.Locator(".foot [data-command=arrive]").TapAsync();
        await task.Locator(".foot [data-command=resolve]").TapAsync();
        var report = phone.Find("dialog.ask");
        await Expect(report.Locator("label:has([data-photo=after])")).ToBeInViewportAsync();
        await report.GetByLabel("已修好，恢复正常").CheckAsync();
        await report.Locator("input[data-photo=after]").SetInputFilesAsync(new FilePayload { Name = "after.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 1200, 900) });
        await Expect(report.Locator(".photo-row img")).ToHaveCountAsync(1);
        await phone.ShootAsync($"stairwell-report-{width}");
        await report.Locator("button[value=yes]").TapAsync();
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("3 条待上传");
        await Expect(task).ToHaveCountAsync(0);

        line.Mend();
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("resolved", (string?)detail!["call"]!["state"]);
        Assert.Contains(detail["texts"]!.AsArray(), text => (string?)text!["words"] == "已修好，恢复正常");
        Assert.Equal(["before", "after"], detail["photos"]!.AsArray().Select(photo => (string)photo!["kind"]!));
        await phone.Page.WaitForFunctionAsync(HasTask, new object?[] { callNo, null }); // resolved: no word of it stays on the phone
    }

    [Fact]
    public async Task Who_goes_off_duty_takes_nobodys_words_home()
    {
        await using var host = await WebHost.StartAsync();
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        var phone = await windows.MemberAsync("grid079");
        await phone.LiveAsync();
        if (await phone.Find("#shift").InnerTextAsync() == "签到") await phone.Find("#shift").TapAsync();
        await Expect(phone.Find("#shift")).ToHaveTextAsync("签退");
        var (callNo, _) = await api.WhistleInAsync("079", "12");
        await phone.TapAsync(callNo, "accept");
        await phone.Page.WaitForFunctionAsync(HasTask, new object[] { callNo, 0 });
        await phone.Find("dialog.sheet .back").TapAsync();
        await phone.Find("#shift").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("#shift")).ToHaveTextAsync("签到");
        await phone.Page.WaitForFunctionAsync(HasTask, new object?[] { callNo, null });
    }

    [Fact]
    public async Task The_screen_stays_on_for_a_shift_and_no_longer_the_icon_counts_what_rings_and_a_web_view_says_what_it_cannot()
    {
        await using var host = await WebHost.StartAsync();
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        var phone = await windows.MemberAsync("grid079");
        await phone.Page.AddInitScriptAsync("""
            window.lit = 0; window.badge = 0;
            Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request: async () => { window.lit++; const lock = new EventTarget(); lock.release = async () => { window.lit--; lock.dispatchEvent(new Event('release')); }; window.lock = lock; return lock; } } });
            navigator.setAppBadge = async (count) => { window.badge = count; };
            navigator.clearAppBadge = async () => { window.badge = 0; };
            """);
        await phone.Page.ReloadAsync();
        await phone.LiveAsync();
        if (await phone.Find("#shift").InnerTextAsync() == "签到") await phone.Find("#shift").TapAsync();
        await phone.Page.WaitForFunctionAsync("() => window.lit === 1");
        await phone.Page.EvaluateAsync("() => window.lock.release()"); // as the system does while the page is hidden
        await phone.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await phone.Page.WaitForFunctionAsync("() => window.lit === 1");
        var (callNo, _) = await api.WhistleInAsync("079", "12");
        await phone.Page.WaitForFunctionAsync("() => window.badge === 1");
        await phone.TapAsync(callNo, "accept");
        await phone.Page.WaitForFunctionAsync("() => window.badge === 0");
        await phone.Find("dialog.sheet .back").TapAsync();
        await Expect(phone.Find("#cannot")).ToBeHiddenAsync();
        await phone.Find("#shift").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await phone.Page.WaitForFunctionAsync("() => window.lit === 0");

        // A system that says no is not asked again with every change.
        await phone.Page.AddInitScriptAsync("window.asked = 0; Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request: async () => { window.asked++; throw new DOMException('low battery', 'NotAllowedError'); } } });");
        await phone.Page.ReloadAsync();
        await phone.LiveAsync();
        await phone.Find("#shift").TapAsync();
        await phone.Page.WaitForFunctionAsync("() => window.asked === 1");
        await api.WhistleInAsync("079", "12");
        await phone.Page.WaitForFunctionAsync("() => window.badge === 1");
        Assert.Equal(1, await phone.Page.EvaluateAsync<int>("() => window.asked"));

        await phone.Page.AddInitScriptAsync("Object.defineProperty(navigator, 'wakeLock', { value: undefined });");
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#cannot")).ToContainTextAsync("锁屏后不响");
    }

    /// <summary>Whether this phone keeps a task, with so many photos; null: whether it keeps no word of it.</summary>
    private const string HasTask = """
        async ([callNo, photos]) => {
            const database = await new Promise((resolve) => { indexedDB.open('phone').onsuccess = (event) => resolve(event.target.result); });
            const kept = await new Promise((resolve) => { database.transaction('kept').objectStore('kept').get(`task ${callNo}`).onsuccess = (event) => resolve(event.target.result); });
            database.close();
            return photos === null ? !kept : kept?.photos.size === photos;
        }
        """;

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>As if everything had been tapped two minutes earlier.</summary>
    private static Task<System.Text.Json.JsonElement?> LongAgoAsync(Window phone) => phone.Page.EvaluateAsync("""
        async () => {
            const database = await new Promise((resolve) => { indexedDB.open('phone').onsuccess = (event) => resolve(event.target.result); });
            const store = database.transaction('outbox', 'readwrite').objectStore('outbox');
            const entries = await new Promise((resolve) => { store.getAll().onsuccess = (event) => resolve(event.target.result); });
            for (const entry of entries) store.put({ ...entry, at: entry.at - 120000 });
            await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
            database.close();
        }
        """);

    private async Task<List<System.Text.Json.Nodes.JsonNode>> LinesAsync(string callNo, string what)
    {
        var (_, journal) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/journal?limit=1000");
        return [.. journal!["entries"]!.AsArray().Where(line => (string?)line!["callNo"] == callNo && (string?)line["what"] == what).Select(line => line!)];
    }
}
