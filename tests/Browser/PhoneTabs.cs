namespace DispatchCenter.Browser;

/// <summary>The team's phone: three tabs with their counts and nearest clocks, urgency above them all, and a tap that leads on.</summary>
public sealed class PhoneTabs(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData(360, 640, "072")]
    [InlineData(320, 568, "073")]
    public async Task Thirty_open_cases_fit_in_three_screens_and_an_S1_stands_above_the_fold(int width, int height, string grid)
    {
        await using var host = await WebHost.StartAsync();
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        for (var i = 0; i < 29; i++) await api.WhistleInAsync(grid, "21", words: $"第 {i} 处");
        var (urgent, _) = await api.WhistleInAsync(grid, "04");
        var phone = await PhoneAsync(windows, grid, width, height);
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("30");
        await Expect(phone.Find("#inbox-clock")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d\d:\d\d$"));
        await Expect(phone.Find("#tasks-count")).ToHaveTextAsync("0");
        await Expect(phone.Find("#inbox .call.short")).ToHaveCountAsync(29);
        await phone.ShootAsync($"phone-tabs-thirty-{width}");
        var end = await phone.Find("#inbox .call").Last.EvaluateAsync<double>("box => box.getBoundingClientRect().bottom + scrollY");
        if (height >= 640) Assert.InRange(end, 0, 3 * height);
        var top = await phone.Call(urgent).Locator("[data-command=accept]").EvaluateAsync<double>("button => button.getBoundingClientRect().bottom");
        Assert.InRange(top, 0, height);
        await phone.Find("#tab-after").TapAsync();
        await Expect(phone.Call(urgent)).ToBeVisibleAsync(); // in whichever tab
        Assert.False(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }

    [Theory]
    [InlineData(360, 640, "074")]
    [InlineData(320, 568, "075")]
    public async Task Who_accepts_goes_on_with_the_task_the_way_is_one_tap_and_the_residents_phone_two(int width, int height, string grid)
    {
        var (callNo, _) = await street.Api.WhistleInAsync(grid, "04", words: "三单元一楼，厨房有煤气味，老人在家。");
        var phone = await PhoneAsync(_windows, grid, width, height);
        await phone.TapAsync(callNo, "accept");
        var task = phone.Find("dialog.sheet");
        await Expect(task.Locator(".said").First).ToContainTextAsync("厨房有煤气味");
        await phone.ShootAsync($"phone-task-{width}");
        var way = task.Locator("a[href*='uri.amap.com']").First;
        await Expect(way).ToBeInViewportAsync(new() { Ratio = 1 });
        var step = task.Locator(".foot [data-command=arrive]");
        await Expect(step).ToBeInViewportAsync(new() { Ratio = 1 });

        await task.Locator("[data-why]").First.TapAsync(); // one
        await Expect(task.Locator(".contact-open a[href='tel:13800001234']")).ToBeVisibleAsync(); // two
        await Expect(task.Locator(".contact-open a[href='sms:13800001234']")).ToBeVisibleAsync(); // who cannot hear is written to
        await step.TapAsync();
        await Expect(task.Locator(".foot [data-command=resolve]")).ToBeVisibleAsync();
        await task.Locator(".back").TapAsync();
        await Expect(phone.Find("#urgent").Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        await Expect(phone.Find("#tasks-count")).Not.ToHaveTextAsync("0");
    }

    [Fact]
    public async Task An_empty_tab_gives_way_to_one_where_something_waits_and_the_one_in_use_stays()
    {
        var phone = await PhoneAsync(_windows, "076", 360, 640);
        await Expect(phone.Find("#tab-inbox")).ToHaveAttributeAsync("aria-selected", "true");
        var (first, _) = await street.Api.WhistleInAsync("076", "15");
        await Expect(phone.Call(first)).ToBeVisibleAsync();
        await street.Api.GiveAsync("grid076", first, "accept");
        await Expect(phone.Find("#tab-tasks")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(phone.Call(first)).ToBeVisibleAsync();
        await street.Api.WhistleInAsync("076", "15");
        await Expect(phone.Find("#inbox-count")).ToHaveTextAsync("1");
        await Expect(phone.Call(first)).ToBeVisibleAsync();
        await phone.Find("#tab-tasks").PressAsync("ArrowLeft");
        await Expect(phone.Find("#tab-inbox")).ToBeFocusedAsync();
        await Expect(phone.Call(first)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_was_taken_down_for_another_team_neither_rings_here_nor_is_offered_and_can_be_read()
    {
        var phone = await PhoneAsync(_windows, "074", 360, 640);
        var body = new System.Text.Json.Nodes.JsonObject { ["grid"] = "076", ["category"] = "04", ["description"] = "电话里说闻到煤气味。", ["source"] = "phone" };
        var (_, receipt) = await street.Api.AskAsync("grid074", HttpMethod.Post, "/api/whistles", body);
        var callNo = (string)receipt!["callNo"]!;
        await Expect(phone.Find("#others").Locator($"[data-no='{callNo}']")).ToHaveCountAsync(1);
        await Expect(phone.Find("#urgent").Locator($"[data-no='{callNo}']")).ToHaveCountAsync(0);
        await phone.InSightAsync(callNo);
        await Expect(phone.Call(callNo).Locator("[data-command=accept]")).ToHaveCountAsync(0);
        await Expect(phone.Call(callNo)).ToContainTextAsync("首问");
        await street.Api.ResolveAsync("grid076", callNo);
    }

    [Fact]
    public async Task A_tap_meant_for_a_card_does_not_accept_the_line_that_has_just_taken_its_place()
    {
        await using var host = await WebHost.StartAsync();
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        for (var i = 0; i < 3; i++) await api.WhistleInAsync("072", "21");
        var phone = await PhoneAsync(windows, "072", 360, 640);
        await Expect(phone.Find("#inbox .call:not(.short)")).ToHaveCountAsync(3);
        var tapped = phone.Page.EvaluateAsync("""
            () => new Promise((resolve) => {
              const look = () => {
                const lines = document.querySelectorAll('#inbox .call.short [data-command=accept]');
                if (lines.length < 4) return requestAnimationFrame(look);
                lines[1].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }));
                resolve();
              };
              look();
            })
            """);
        await api.WhistleInAsync("072", "21");
        await tapped;
        await Expect(phone.Find(".toast")).ToHaveTextAsync("卡片刚刚移动了，没有按到。请看清再按。");
        await Expect(phone.Find("#tasks-count")).ToHaveTextAsync("0");
    }

    private static async Task<Window> PhoneAsync(Windows windows, string grid, int width, int height)
    {
        var phone = await windows.MemberAsync("grid" + grid);
        await phone.Page.SetViewportSizeAsync(width, height);
        await phone.LiveAsync();
        return phone;
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
