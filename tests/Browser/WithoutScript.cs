using System.Net;

namespace DispatchCenter.Browser;

/// <summary>The resident needs no JavaScript.</summary>
public sealed class WithoutScript(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_resident_without_JavaScript_whistles_follows_and_evaluates_and_a_double_tap_makes_one_case()
    {
        var place = await street.Api.PlaceAsync("02");
        var resident = await _windows.ResidentAsync("/s/02", script: false);
        var forms = new List<IRequest>();
        resident.Page.Request += (_, request) =>
        {
            if (request.Method == "POST")
                forms.Add(request);
        };

        // Nothing chosen: the page says so, and the text stays.
        await resident.Find("#words").FillAsync("路口积水，车过不去");
        await resident.Find("button.blow").ClickAsync();
        await Expect(resident.Find("#category-error")).ToHaveTextAsync("请选一样：是什么事？");
        await Expect(resident.Find("#words")).ToHaveValueAsync("路口积水，车过不去");
        await resident.ShootAsync("noscript-1-nothing-chosen", whole: true);

        await resident.Find("input[name=category][value='09']").CheckAsync();
        await resident.Find("button.blow").DblClickAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        var callNo = await resident.Find("b.no").InnerTextAsync();
        var track = new Uri(resident.Page.Url);
        await resident.ShootAsync("noscript-2-track", whole: true);

        // The same form once more, as a phone that lost the answer would send it.
        var sent = forms[^1];
        var again = await street.Api.PostFormAsync(sent.Url, sent.PostDataBuffer!, sent.Headers["content-type"]);
        Assert.Equal((HttpStatusCode.Redirect, track.AbsolutePath), again);
        var (_, board) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/board");
        Assert.Equal([callNo], board!["calls"]!.AsArray().Where(card => (string?)card!["station"] == "02").Select(card => (string)card!["callNo"]!));

        // A note, then the self-refreshing page.
        await resident.Page.GetByRole(AriaRole.Link, new() { Name = "补充说明" }).ClickAsync();
        await resident.Find("#words").FillAsync("在公交站旁边");
        // A photo as a camera takes it: without script the browser sends it whole, and twice if the finger taps twice.
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_0001.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 900, 600) });
        await resident.Find("main button[type=submit]").DblClickAsync();
        await Expect(resident.Find(".ok-box")).ToHaveTextAsync("补充的话已经送到。");
        await Expect(resident.Find(".photos img")).ToHaveCountAsync(1);

        await street.Api.VerifyAsync(place, callNo);
        await resident.Page.GotoAsync(track.AbsolutePath);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已核查，等您评价");
        await Expect(resident.Find("noscript meta[http-equiv=refresh]")).ToHaveAttributeAsync("content", "20");

        await resident.Find("a.blow").ClickAsync();
        await resident.Find("main button[type=submit]:not([name])").ClickAsync();
        await Expect(resident.Find(".error-box")).ToHaveTextAsync("请选：解决了没有？");
        await resident.ShootAsync("noscript-3-evaluate-missing", whole: true);
        await resident.Find("input[name=solved][value=yes]").CheckAsync();
        await resident.Find("input[name=satisfaction][value=mostlySatisfied]").CheckAsync();
        await resident.Find("main button[type=submit]:not([name])").DblClickAsync();
        await Expect(resident.Find(".ok-box")).ToHaveTextAsync("谢谢您的评价。");
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已结束");
        await resident.ShootAsync("noscript-4-closed", whole: true);

        var (_, journal) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/journal?limit=1000");
        var lines = journal!["entries"]!.AsArray().Where(line => (string?)line!["callNo"] == callNo).Select(line => (string)line!["what"]!).ToList();
        Assert.Single(lines, "whistled");
        Assert.Single(lines, "noted");
        Assert.Single(lines, "evaluated");
        resident.Forgive("status of 422");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
