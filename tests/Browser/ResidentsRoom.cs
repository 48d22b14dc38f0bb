using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>The resident's own page on a small phone: who can be reached, what the family sees, a mended number, and a lost network.</summary>
public sealed class ResidentsRoom(Street street) : IAsyncDisposable
{
    /// <summary>Everything to press, with its height.</summary>
    private const string Small = """
        (least) => [...document.querySelectorAll('main a.button, main button, main input:not([type=hidden], [type=radio], [type=checkbox], [type=file])')]
            .map((element) => [element, element.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && box.height < least).map(([element, box]) => `${element.textContent.trim().slice(0, 20)}: ${box.height}`)
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Whoever_took_the_call_is_reached_from_the_page_although_another_team_has_the_case()
    {
        var (callNo, code) = await ToldAsync("grid101", "101");
        var helper = await OtherTeamAsync(callNo, "101");
        var guide = await _windows.MemberAsync("grid101");
        await guide.LiveAsync();
        var caller = await ResidentAsync("/t/" + code);
        await Expect(caller.Find("#guide a[href^='tel:']")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^tel:06325550"));
        await caller.ShootAsync("room-guide", whole: true);
        await FitsAsync(caller);
        await caller.Find("#guide a", "写给首问人").TapAsync();
        await Expect(caller.Find("main form")).ToContainTextAsync("首问（");
        await caller.Find("#words").FillAsync("水已经到二楼了");
        await caller.Find("main form button[type=submit]").TapAsync();
        await Expect(caller.Find(".ok-box")).ToBeVisibleAsync();
        await guide.TabAsync("tasks"); // it waits to be read
        await Expect(guide.Call(callNo)).ToContainTextAsync("来电人补充");
        await Expect(guide.Call(callNo)).ToContainTextAsync("首问在本队");
        await guide.ShootAsync("room-guide-phone");
        await guide.Call(callNo).Locator("button").Last.TapAsync();
        await Expect(guide.Find("dialog .caller-said")).ToContainTextAsync("水已经到二楼了");
        await guide.BackFromTaskAsync();
        await Expect(guide.Find("#others").Locator($"[data-no='{callNo}']")).ToHaveCountAsync(1); // others have it
        Assert.NotEqual("grid101", helper);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_familys_link_shows_the_steps_and_nothing_to_press_until_sharing_is_stopped(bool script)
    {
        var (_, code) = await WhistleAsync("102");
        var caller = await ResidentAsync("/t/" + code, script);
        await caller.Find("#family").ClickAsync();
        await caller.Find("main form button").ClickAsync();
        var link = await caller.Find("#family-link").InputValueAsync();
        Assert.Contains("/r/", link, StringComparison.Ordinal);
        await caller.ShootAsync($"room-share-{script}", whole: true);
        await FitsAsync(caller);
        var family = await ResidentAsync(new Uri(link).AbsolutePath, script);
        await Expect(family.Find(".steps li").First).ToBeVisibleAsync();
        await Expect(family.Find("main form, main button, main textarea, main img")).ToHaveCountAsync(0);
        await Expect(family.Find("main")).Not.ToContainTextAsync("漏水了");
        await Expect(family.Find("main")).Not.ToContainTextAsync("请您");
        await family.ShootAsync($"room-family-{script}", whole: true);
        await caller.Find("main form button").ClickAsync(); // 停止分享
        await Expect(caller.Find("#family-link")).ToHaveCountAsync(0);
        family.Forgive("status of 404");
        await family.Page.ReloadAsync();
        await Expect(family.Find("h1")).ToHaveTextAsync("这个链接打不开");
    }

    [Fact]
    public async Task A_mended_number_takes_the_old_one_off_the_screen_of_whoever_has_opened_it()
    {
        var (callNo, code) = await WhistleAsync("103");
        await street.Api.GiveAsync("grid103", callNo, "accept");
        var phone = await _windows.MemberAsync("grid103");
        await phone.LiveAsync();
        await phone.TaskAsync(callNo);
        await phone.Find("dialog [data-why=find]").TapAsync();
        await Expect(phone.Find("dialog .contact-open a").First).ToHaveAttributeAsync("href", "tel:13800001234");
        var caller = await ResidentAsync("/t/" + code);
        await caller.Find("a", "改号码").TapAsync();
        await Expect(caller.Find("main form")).ToContainTextAsync("138******34");
        await caller.ShootAsync("room-number", whole: true);
        await FitsAsync(caller);
        await caller.Find("#phone").FillAsync("139 8765 4321");
        await caller.Find("main form button", "用这个号码").TapAsync();
        await Expect(caller.Find(".ok-box")).ToContainTextAsync("号码已经改好");
        await Expect(phone.Find("dialog [data-changed]")).ToContainTextAsync("改了号码");
        await Expect(phone.Find("dialog")).Not.ToContainTextAsync("13800001234");
        await phone.ShootAsync("room-number-phone");
        await phone.Find("dialog [data-why=find]").TapAsync();
        await Expect(phone.Find("dialog .contact-open a").First).ToHaveAttributeAsync("href", "tel:13987654321");
    }

    [Fact]
    public async Task Without_a_network_the_page_says_how_old_it_is_and_what_is_written_goes_by_itself()
    {
        var (callNo, code) = await WhistleAsync("104");
        var caller = await ResidentAsync("/t/" + code);
        caller.Forgive("net::ERR_|Failed to fetch");
        await Expect(caller.Find("#offline")).ToBeHiddenAsync();
        await caller.Page.Context.SetOfflineAsync(true);
        await Expect(caller.Find("#offline")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^没有网络，下面是 .*\\d\\d:\\d\\d 的情况。$"));
        await caller.ShootAsync("room-offline");
        await caller.Page.Context.SetOfflineAsync(false);
        await Expect(caller.Find("#offline")).ToBeHiddenAsync();

        await caller.Find("a", "补充说明").TapAsync();
        await caller.Find("#words").FillAsync("门口等您");
        await caller.Page.Context.SetOfflineAsync(true);
        await caller.Find("main form button[type=submit]").TapAsync();
        await Expect(caller.Find("#later")).ToContainTextAsync("您写的已存在这部手机里");
        await caller.ShootAsync("room-note-offline");
        await caller.Page.Context.SetOfflineAsync(false);
        await Expect(caller.Find(".ok-box")).ToContainTextAsync("补充的话已经送到");
        await Expect(caller.Find("#yours li")).ToHaveCountAsync(2);
        var (_, detail) = await street.Api.AskAsync("grid104", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal(["门口等您"], detail!["texts"]!.AsArray().Select(text => (string)text!["words"]!));
    }

    [Fact]
    public async Task A_rating_tapped_without_a_network_counts_once_when_there_is_one()
    {
        var (callNo, code) = await WhistleAsync("105");
        foreach (var step in new[] { "accept", "arrive", "resolve" })
            await street.Api.GiveAsync("grid105", callNo, step, step == "resolve" ? new() { ["report"] = "好" } : null);
        await street.Api.GiveAsync("grid106", callNo, "verify", new() { ["passed"] = true });
        var caller = await ResidentAsync($"/t/{code}?act=evaluate");
        caller.Forgive("net::ERR_|Failed to fetch");
        await caller.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await caller.Page.Context.SetOfflineAsync(true);
        await caller.Find(".quick button").First.TapAsync();
        await Expect(caller.Find("#later")).ToContainTextAsync("您写的已存在这部手机里");
        await caller.Page.Context.SetOfflineAsync(false);
        await Expect(caller.Find(".ok-box")).ToContainTextAsync("谢谢您的评价");
        await Expect(caller.Find("#headline")).ToHaveTextAsync("已结束");
    }

    [Theory]
    [InlineData(360, 640, true)]
    [InlineData(320, 568, true)]
    [InlineData(320, 568, false)]
    public async Task From_the_page_of_the_case_two_taps_are_an_evaluation(int width, int height, bool script)
    {
        var (callNo, code) = await WhistleAsync("105");
        foreach (var step in new[] { "accept", "arrive", "resolve" })
            await street.Api.GiveAsync("grid105", callNo, step, step == "resolve" ? new() { ["report"] = "好" } : null);
        await street.Api.GiveAsync("grid106", callNo, "verify", new() { ["passed"] = true });
        var caller = await _windows.ResidentAsync("/t/" + code, script: script);
        await caller.Page.SetViewportSizeAsync(width, height);
        await Expect(caller.Find("a[href$='act=evaluate']")).ToBeInViewportAsync(); // without scrolling
        await caller.Find("a[href$='act=evaluate']").TapAsync();
        await Expect(caller.Find(".quick button").First).ToBeInViewportAsync();
        await caller.Find(".quick button").First.TapAsync();
        await Expect(caller.Find(".ok-box")).ToContainTextAsync("谢谢您的评价");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task<Window> ResidentAsync(string path, bool script = true)
    {
        var window = await _windows.ResidentAsync(path, script: script);
        await window.Page.SetViewportSizeAsync(360, 640);
        return window;
    }

    /// <summary>Nothing is wider than the phone, and everything can be hit; in large print too.</summary>
    private static async Task FitsAsync(Window window)
    {
        Assert.Empty(await window.Page.EvaluateAsync<string[]>(Small, 44));
        Assert.Equal(360, await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        var address = window.Page.Url;
        await window.Find("a.print").ClickAsync();
        await window.Page.GotoAsync(address);
        await Expect(window.Find("html.large")).ToHaveCountAsync(1);
        Assert.Empty(await window.Page.EvaluateAsync<string[]>(Small, 60));
        Assert.Equal(360, await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await window.Find("a.print").ClickAsync();
        await window.Page.GotoAsync(address);
        await Expect(window.Find("html.large")).ToHaveCountAsync(0);
    }

    private async Task<(string CallNo, string Code)> WhistleAsync(string grid)
    {
        var (_, receipt) = await street.Api.AskAsync(null, HttpMethod.Post, "/api/whistles", new JsonObject
        {
            ["grid"] = grid, ["category"] = "22", ["description"] = "漏水了", ["contact"] = new JsonObject { ["name"] = "王小明", ["phone"] = "13800001234" },
        });
        return ((string)receipt!["callNo"]!, (string)receipt["trackingCode"]!);
    }

    /// <summary>A whistle that a grid worker wrote down for somebody on the phone.</summary>
    private async Task<(string CallNo, string Code)> ToldAsync(string account, string grid)
    {
        var (_, receipt) = await street.Api.AskAsync(account, HttpMethod.Post, "/api/whistles", new JsonObject { ["grid"] = grid, ["category"] = "22", ["source"] = "phone", ["description"] = "电话反映" });
        return ((string)receipt!["callNo"]!, (string)receipt["trackingCode"]!);
    }

    /// <summary>The street sends a team that does not cover the grid, and it accepts.</summary>
    private async Task<string> OtherTeamAsync(string callNo, string grid)
    {
        var (_, map) = await street.Api.AskAsync(null, HttpMethod.Get, "/api/street");
        var other = map!["teams"]!.AsArray().First(team => team!["grids"]!.AsArray().All(g => (string)g! != grid) && team["grids"]!.AsArray().Any(g => string.CompareOrdinal((string)g!, "101") > 0 && string.CompareOrdinal((string)g!, "110") < 0))!;
        var worker = "grid" + (string)other["grids"]!.AsArray().First(g => string.CompareOrdinal((string)g!, "101") > 0)!;
        await street.Api.GiveAsync("duty", callNo, "designate", new() { ["team"] = (string)other["code"]!, ["note"] = "就近" });
        await street.Api.GiveAsync(worker, callNo, "accept");
        return worker;
    }
}
