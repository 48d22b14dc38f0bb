using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>巡查: put into force by the administrator, walked on a phone without a network with two findings, and seen at the desk.</summary>
[Collection(ByThemselves.Name)]
public sealed class RoundPages(Street street)
{
    private const string Daily = """
        { "rhythms": [{ "code": "day", "name": "每日楼栋巡查", "nameEn": "Daily round", "procedure": "round", "place": "grid", "every": "day", "from": "00:00", "stops": ["building"],
          "checks": [{ "code": "lift", "name": "电梯能用，求助电话能通", "nameEn": "The lift runs" }, { "code": "stairs", "name": "楼道通畅", "nameEn": "The stairs are clear" }] }] }
        """;

    [Fact]
    public async Task A_round_with_two_findings_is_walked_without_a_network_and_seen_at_the_desk()
    {
        await using var host = await WebHost.StartAsync(); // its own street: rounds open in every grid
        await using var line = new Line(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        await using var underway = new Windows(street.Chromium, line.Url);
        var inspection = new Inspection("zh-CN");

        var admin = await windows.DeskAsync("admin", "/admin/rhythms");
        await admin.Find("button[formaction*=Shipped]").ClickAsync();
        await Expect(admin.Find("textarea[name=document]")).ToHaveValueAsync(new Regex("小区楼栋巡查"));
        await admin.Find("textarea[name=document]").FillAsync(Daily.Replace("\"round\"", "\"rounds\"", StringComparison.Ordinal));
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find(".error-box")).ToContainTextAsync("$.rhythms[0].procedure");
        await admin.Find("textarea[name=document]").FillAsync(Daily);
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find("tbody tr").First).ToContainTextAsync("每日楼栋巡查：17 处，共停留 51 次");
        await admin.Find("button[formaction*=Add]").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("第 1 版已启用");
        await inspection.LookAsync(admin, "rhythms");

        var phone = await underway.SignInAsync("grid001", "/m", new() { ViewportSize = new() { Width = 360, Height = 640 }, HasTouch = true, Locale = "zh-CN" });
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker");
        await phone.LiveAsync();
        await phone.TabAsync("tasks");
        await Expect(phone.Find("#rounds .stops > li")).ToHaveCountAsync(3);
        await Expect(phone.Find("#matters .call")).ToHaveCountAsync(0); // it stands once, with its places
        await inspection.LookAsync(phone, "rounds-phone");

        // Each place has a label: printed at the desk, typed or scanned on the way.
        await admin.Page.GotoAsync("/register/labels?place=grid:001");
        await Expect(admin.Find(".label")).ToHaveCountAsync(3);
        await inspection.LookAsync(admin, "register-labels");
        var last = phone.Find("#rounds .stops > li").Last;
        var code = await last.GetAttributeAsync("data-place");
        await Expect(admin.Find($".label-code[aria-label$='/register/{code}']")).ToBeVisibleAsync();
        await phone.Find("#rounds [data-says=scan]").TapAsync();
        await phone.Find("dialog.ask input").FillAsync("nowhere");
        await phone.Find("dialog.ask button[type=submit]").TapAsync();
        await Expect(phone.Find("dialog.ask .error-box")).ToHaveTextAsync("这一趟不经过“nowhere”。");
        await phone.Find("dialog.ask input").FillAsync($"{host.Url}/register/{code}");
        await phone.Find("dialog.ask button[type=submit]").TapAsync();
        await Expect(last.Locator("[data-says=fine]")).ToBeFocusedAsync();
        await Expect(last).ToBeInViewportAsync();

        await phone.KeptAsync();
        line.Cut();
        await Expect(phone.Find("#stale")).ToBeVisibleAsync();
        var stops = phone.Find("#rounds .stops > li");
        for (var i = 0; i < 2; i++)
        {
            await stops.Nth(i).Locator("[data-says=amiss]").TapAsync();
            await phone.Find("dialog.ask select").SelectOptionAsync("04");
            await phone.Find("dialog.ask textarea").FillAsync($"电梯停在 {i + 3} 楼");
            await phone.Find("dialog.ask input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "lift.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 800, 600) });
            await Expect(phone.Find("dialog.ask .photo-row img")).ToBeVisibleAsync();
            if (i == 0) await phone.ShootAsync("rounds-amiss");
            await phone.Find("dialog.ask button[type=submit]").TapAsync();
            await Expect(stops.Nth(i)).ToContainTextAsync("有信号自动上报");
        }

        await phone.Find("#rounds [data-says=rest]").TapAsync();
        await phone.Find("dialog.ask button[type=submit]").TapAsync();
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("3 条待上传");
        await phone.Page.ReloadAsync(); // the phone was put away
        await phone.TabAsync("tasks");
        await Expect(phone.Find("#rounds .stops > li").First).ToContainTextAsync("有信号自动上报");
        await phone.ShootAsync("rounds-offline", whole: true);
        line.Mend();
        await Expect(phone.Find("#rounds-done")).ToContainTextAsync("今天已走完 1 趟");
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();

        var desk = await windows.DeskAsync("duty", "/rounds");
        var row = desk.Find("tr[data-round='day 001']");
        await Expect(row).ToContainTextAsync("完成");
        await Expect(row).ToContainTextAsync("3 / 3");
        await Expect(row.Locator("a[href^='/desk/']")).ToHaveCountAsync(2);
        await Expect(desk.Find("#rounds-sum")).ToContainTextAsync("进行中 16");
        await inspection.LookAsync(desk, "rounds");
        await row.Locator("a[href^='/desk/']").First.ClickAsync();
        await Expect(desk.Find("#detail")).ToContainTextAsync("1号楼：电梯停在 3 楼");
        await Expect(desk.Find("#detail")).ToContainTextAsync("巡查上报");
        inspection.HoldsEverywhere();

        // A browser that reads codes needs one picture of the label.
        var camera = await windows.SignInAsync("grid008", "/m", new() { ViewportSize = new() { Width = 360, Height = 640 }, HasTouch = true, Locale = "zh-CN" });
        await camera.Page.AddInitScriptAsync("window.BarcodeDetector = class { async detect(image) { return image.width === 800 ? [{ rawValue: window.label }] : []; } };");
        await camera.Page.ReloadAsync();
        await camera.LiveAsync();
        await camera.TabAsync("tasks");
        var second = camera.Find("#rounds .stops > li").Nth(1);
        await camera.Page.EvaluateAsync("(code) => { window.label = location.origin + '/register/' + code; }", await second.GetAttributeAsync("data-place"));
        await camera.Find("#rounds [data-says=scan]").TapAsync();
        async Task PhotographAsync(int width) => await camera.Find("dialog.ask input[type=file]").SetInputFilesAsync(new FilePayload { Name = "label.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, width, 600) });
        await PhotographAsync(640);
        await Expect(camera.Find(".toast.bad")).ToContainTextAsync("没有认出编码");
        await PhotographAsync(800);
        await Expect(second.Locator("[data-says=fine]")).ToBeFocusedAsync();
    }
}
