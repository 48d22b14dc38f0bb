namespace DispatchCenter.Browser;

/// <summary>信息员上报: the link is given at the community's desk, reports without a network, and shows what came of it.</summary>
public sealed class PersonalLink(Street street) : IAsyncDisposable
{
    // Every visible control of the form and the list: a thumb hits it.
    private const string Small = """
        () => [...document.querySelectorAll('main :is(button:not([aria-hidden]), select, textarea, label.check, label.tile, label.photo-pick, .reported a)')]
            .map((element) => [element, element.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && box.height < 60)
            .map(([element, box]) => `${element.tagName} ${element.textContent.trim().slice(0, 20)}: ${box.height}`)
        """;

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN", "informant-001", "001")]
    [InlineData("en", "informant-008", "008")]
    public async Task A_reporter_taps_without_a_network_and_is_told_what_came_of_it(string language, string entry, string grid)
    {
        var (inspection, isChinese) = (new Inspection(language), language == "zh-CN");
        var desk = await _windows.DeskAsync(grid == "001" ? "community01" : "community02", "/register/" + entry);
        await desk.Find("form[action*=Issue] button").ClickAsync();
        await Expect(desk.Find("#issued")).ToBeVisibleAsync();
        var link = (await desk.Find(".link-code").GetAttributeAsync("aria-label"))!;
        await Expect(desk.Find(".link-text")).ToContainTextAsync(link);
        await Expect(desk.Find("form[action*=Withdraw] button")).ToBeVisibleAsync();
        if (isChinese) await inspection.LookAsync(desk, "personal-link-given");

        var phone = await _windows.OpenAsync(new Uri(link).PathAndQuery + "?lang=" + language, new() { ViewportSize = new() { Width = 360, Height = 640 }, HasTouch = true, Locale = language });
        phone.Forgive("net::ERR_|status of 422");
        await Expect(phone.Find("#place option").First).ToContainTextAsync(isChinese ? "1号楼" : "building 1");
        await phone.Find("button.blow").TapAsync();
        await Expect(phone.Find("#category-error")).ToBeVisibleAsync();
        if (isChinese) await inspection.LookAsync(phone, "personal-link-missing");
        await phone.Page.GotoAsync(link);
        Assert.Empty(await phone.Page.EvaluateAsync<string[]>(Small));
        await inspection.LookAsync(phone, "personal-link-empty");
        await phone.Find("label.tile:has(input[value='02'])").TapAsync();
        await phone.Find("#words").FillAsync("二楼漏水");
        await phone.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "leak.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 1200, 900) });
        await Expect(phone.Find("#photo-row [data-sent]")).ToHaveCountAsync(1);
        if (isChinese) await phone.ShootAsync("personal-link-filled", whole: true);
        await phone.Page.Context.SetOfflineAsync(true);
        await phone.Find("button.blow").DblClickAsync();
        await Expect(phone.Find("#later")).ToBeVisibleAsync();
        await Expect(phone.Find("#words")).ToHaveValueAsync("二楼漏水");
        await phone.ShootAsync("personal-link-offline");
        await phone.Page.Context.SetOfflineAsync(false); // and it is sent by itself
        await Expect(phone.Find("#headline")).ToBeVisibleAsync();
        await Expect(phone.Find(".photos img")).ToHaveCountAsync(1);
        var callNo = await phone.Find("b.no").InnerTextAsync();

        await street.Api.GiveAsync("grid" + grid, callNo, "accept");
        await phone.Page.GotoAsync(link);
        await Expect(phone.Find(".reported li")).ToHaveCountAsync(1);
        await Expect(phone.Find(".reported li")).ToContainTextAsync(callNo);
        await Expect(phone.Find(".reported li")).ToContainTextAsync(isChinese ? "已接单，正在赶来" : "on the way");
        Assert.Empty(await phone.Page.EvaluateAsync<string[]>(Small));
        if (isChinese) await inspection.LookAsync(phone, "personal-link-list");
        inspection.HoldsEverywhere();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
