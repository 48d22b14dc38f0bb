namespace DispatchCenter.Browser;

/// <summary>一呼三应 as people see it, on four screens that stay open throughout. On its own host, so the desk shows only this case.</summary>
public sealed class TheJourney(Street street) : IAsyncLifetime
{
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
    public async Task A_whistle_rings_is_taken_reached_resolved_verified_and_evaluated_and_every_screen_shows_each_step_by_itself()
    {
        var place = await _api.PlaceAsync("01");
        var resident = await _windows.ResidentAsync("/s/01");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        var desk = await _windows.DeskAsync("duty");
        var review = await _windows.DeskAsync(place.Neighbour, "/review");
        Window[] staff = [phone, desk, review];
        foreach (var window in staff)
        {
            await window.LiveAsync();
            await window.MarkAsync();
        }

        await Expect(phone.Find("#inbox-empty")).ToBeVisibleAsync();
        await Expect(desk.Find("#queue-empty")).ToBeVisibleAsync();
        await Expect(resident.Find("h1")).ToHaveTextAsync(place.StationName);
        await resident.ShootAsync("journey-1-whistle", whole: true);
        await phone.ShootAsync("journey-1-phone-empty");

        // 吹哨
        await resident.Find("input[name=category][value='02']").CheckAsync();
        await resident.Find("#words").FillAsync("3 号楼 2 单元门口，井里往外冒水");
        await resident.Find("#name").FillAsync("王女士");
        await resident.Find("#phone").FillAsync("13800001234");
        await resident.ShootAsync("journey-2-whistle-filled", whole: true);
        await resident.Find("button.blow").TapAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        await resident.MarkAsync();
        var callNo = await resident.Find("b.no").InnerTextAsync();
        await resident.ShootAsync("journey-3-track-ringing", whole: true);

        // It rings.
        var card = phone.Find("#inbox").Locator($"[data-no='{callNo}']");
        await Expect(card).ToContainTextAsync("排水堵塞");
        await Expect(card).ToContainTextAsync(place.StationName);
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("1");
        await phone.ShootAsync("journey-3-phone-rings");
        var row = desk.Call(callNo);
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("待接单");
        await Expect(row.Locator(".c-who")).ToHaveTextAsync(place.TeamName);
        await Expect(desk.Find("#figure-ringing")).ToHaveTextAsync("1");
        await desk.ShootAsync("journey-3-desk-rings");

        // 一应接单
        await phone.TapAsync(callNo, "accept");
        await Expect(phone.Find(".toast.ok")).ToHaveTextAsync("已接单。");
        card = phone.Find("dialog.sheet");
        await Expect(phone.Find("#tasks").Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("已接单");
        await Expect(row.Locator(".c-who")).ToHaveTextAsync(place.TeamName + " 网格员");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已接单，正在赶来");
        await Expect(resident.Find(".steps li.done")).ToContainTextAsync(place.TeamName + " 网格员");
        await phone.ShootAsync("journey-4-phone-accepted");
        await resident.ShootAsync("journey-4-track-accepted", whole: true);

        // 二应到场
        await card.Locator("[data-command=arrive]").TapAsync();
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("已到场");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已到场，正在处理");

        // 三应办结, with a text
        await card.Locator("[data-command=resolve]").TapAsync();
        await phone.Find("dialog.ask textarea").FillAsync("疏通了下水道，积水已退。");
        await phone.ShootAsync("journey-5-phone-resolve");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("待核查");
        await Expect(desk.Find("#figure-verify")).ToHaveTextAsync("1");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已办结，网格员正在核查");
        await Expect(phone.Find("#tasks-empty")).ToBeVisibleAsync();

        // 核查 by a grid worker who took no part
        await review.Call(callNo).Locator("button").ClickAsync();
        await Expect(review.Find("#detail")).ToContainTextAsync("疏通了下水道");
        await review.ShootAsync("journey-6-review");
        await review.Find("#detail [data-command=pass]").ClickAsync();
        await review.Find("dialog textarea").FillAsync("现场看过，路面已干。");
        await review.ShootAsync("journey-6-review-pass");
        await review.Find("dialog button[value=yes]").ClickAsync();
        await Expect(review.Find("#list-empty")).ToBeVisibleAsync();
        await Expect(row.Locator(".c-state")).ToHaveTextAsync("待评价");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已核查，等您评价");
        await row.ClickAsync();
        await Expect(desk.Find("#detail")).ToContainTextAsync("现场看过，路面已干。");
        await desk.ShootAsync("journey-7-desk-verified");
        await resident.ShootAsync("journey-7-track-verified", whole: true);
        await resident.SameDocumentAsync();

        // 评价
        await resident.Find("a.blow").TapAsync();
        await resident.Find("input[name=solved][value=yes]").CheckAsync();
        await resident.Find("input[name=satisfaction][value=satisfied]").CheckAsync();
        await resident.Find("#words").FillAsync("来得很快，谢谢。");
        await resident.ShootAsync("journey-8-evaluate", whole: true);
        await resident.Find("main button[type=submit]:not([name])").TapAsync();
        await Expect(resident.Find(".ok-box")).ToHaveTextAsync("谢谢您的评价。");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已结束");
        await resident.ShootAsync("journey-9-track-closed", whole: true);
        await Expect(desk.Find("#figure-open")).ToHaveTextAsync("0");
        await Expect(desk.Find("#detail")).ToContainTextAsync("这件事已经离开看板。");
        await desk.ShootAsync("journey-9-desk-closed");
        foreach (var window in staff)
            await window.SameDocumentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }
}
