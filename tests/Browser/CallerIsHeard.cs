namespace DispatchCenter.Browser;

/// <summary>What a caller adds is seen and heard by the lead and the desk until they have read it; and a caller can be phoned.</summary>
public sealed class CallerIsHeard(Street street) : IAsyncDisposable
{
    private const string News = "来电人补充";

    /// <summary>Counts the tones the page plays.</summary>
    private const string Listen = "() => { window.tones = 0; const make = AudioContext.prototype.createOscillator; AudioContext.prototype.createOscillator = function () { window.tones++; return make.call(this); }; }";

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_note_that_the_caller_adds_is_seen_and_heard_on_the_leads_phone_and_at_the_desk_until_it_is_read()
    {
        var place = await street.Api.PlaceAsync("08");
        var (callNo, code) = await street.Api.WhistleAsync("08", "22");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        var desk = await _windows.DeskAsync("duty", "/desk?q=" + callNo); // of a long queue only the rows in view are there
        foreach (var (window, arm) in new[] { (phone, "#arm"), (desk, "#sound") })
        {
            await window.LiveAsync();
            await window.InSightAsync(callNo);
            await window.Find(arm).ClickAsync();
            await Expect(window.Find(arm)).ToHaveAttributeAsync("aria-pressed", "true");
            await window.Page.EvaluateAsync(Listen);
            await Expect(window.Call(callNo)).Not.ToContainTextAsync(News);
        }

        var caller = await _windows.ResidentAsync($"/t/{code}?act=note");
        await caller.Find("#words").FillAsync("水已经到二楼了");
        await caller.Find("main form button[type=submit]").TapAsync();
        await Expect(caller.Find(".ok-box")).ToBeVisibleAsync();

        foreach (var window in new[] { phone, desk })
        {
            await Expect(window.Call(callNo)).ToContainTextAsync(News);
            await window.Page.WaitForFunctionAsync("() => window.tones > 0");
            await Expect(window.Call(callNo)).Not.ToContainTextAsync("二楼"); // the feed carries no text
        }

        await phone.ShootAsync("m-caller-note");
        await desk.ShootAsync("desk-caller-note");
        foreach (var window in new[] { phone, desk })
        {
            await window.Page.ReloadAsync();
            await Expect(window.Call(callNo)).ToContainTextAsync(News);
        }

        await phone.TaskAsync(callNo);
        await Expect(phone.Find("dialog .caller-said")).ToContainTextAsync("水已经到二楼了");
        await phone.ShootAsync("m-caller-note-open");
        await phone.Find("dialog .back").TapAsync();
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .caller-said")).ToContainTextAsync("水已经到二楼了");
        await desk.ShootAsync("desk-caller-note-open");
        foreach (var window in new[] { phone, desk })
        {
            await Expect(window.Call(callNo)).Not.ToContainTextAsync(News);
            await window.Page.ReloadAsync();
            await window.LiveAsync();
            await window.InSightAsync(callNo);
            await Expect(window.Call(callNo)).Not.ToContainTextAsync(News);
        }
    }

    [Fact]
    public async Task What_the_caller_adds_while_the_case_lies_open_comes_into_the_pane_by_itself()
    {
        var place = await street.Api.PlaceAsync("08");
        var (callNo, code) = await street.Api.WhistleAsync("08", "17");
        var desk = await OpenAsync("/desk?q=" + callNo, callNo);
        await Expect(desk.Find("#detail .caller-said")).ToHaveCountAsync(0);
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{code}/note", new System.Text.Json.Nodes.JsonObject { ["note"] = "狗又出来了" });
        await Expect(desk.Find("#detail .caller-said")).ToContainTextAsync("狗又出来了");
    }

    [Fact]
    public async Task The_callback_desk_says_why_calls_the_caller_and_notes_what_came_of_it()
    {
        var place = await street.Api.PlaceAsync("08");
        var (callNo, code) = await street.Api.WhistleAsync("08", "25");
        await street.Api.VerifyAsync(place, callNo);
        var desk = await OpenAsync("/callback", callNo);
        await Expect(desk.Find("#detail")).ToContainTextAsync("138******34");
        await desk.Find("#detail [data-why=callback]").ClickAsync(); // one: why
        await Expect(desk.Find("#detail .contact-open a")).ToHaveAttributeAsync("href", "tel:13800001234"); // two: dial
        await desk.ShootAsync("callback-contact");
        await desk.Find("#detail [data-result=satisfied]").ClickAsync(); // three: what came of it
        await Expect(desk.Find($"#list [data-no='{callNo}']")).ToHaveCountAsync(0);
        await Expect(desk.Find(".undo")).ToBeVisibleAsync();
        await desk.Page.GotoAsync("/desk"); // whoever leaves has meant it
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已结束");
        var (_, audit) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/reads?callNo=" + callNo);
        Assert.Contains("回访", audit!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_desk_calls_the_caller_of_any_open_case_and_a_leader_does_not()
    {
        var place = await street.Api.PlaceAsync("08");
        var (callNo, _) = await street.Api.WhistleAsync("08", "26");
        var desk = await OpenAsync("/desk?q=" + callNo, callNo);
        await CallAsync(desk);
        await desk.ShootAsync("desk-contact");
        await desk.Find("#detail .contact-open button").ClickAsync();
        await Expect(desk.Find("#detail")).Not.ToContainTextAsync("13800001234");
        var leader = await OpenAsync("/desk?community=" + place.Community, callNo, "leader");
        await Expect(leader.Find("#detail [data-command=contact]")).ToHaveCountAsync(0);
        var phone = await _windows.MemberAsync(place.Workers[0]);
        await phone.TaskAsync(callNo);
        await Expect(phone.Find("dialog .timeline")).ToBeVisibleAsync();
        await Expect(phone.Find("dialog [data-command=contact]")).ToHaveCountAsync(0); // a team accepts the case first
    }

    [Fact]
    public async Task The_place_that_a_resident_attached_leads_the_way_once_somebody_says_why()
    {
        var place = await street.Api.PlaceAsync("08");
        var (status, receipt) = await street.Api.AskAsync(null, HttpMethod.Post, "/api/whistles", new System.Text.Json.Nodes.JsonObject
        {
            ["station"] = "08", ["category"] = "11", ["description"] = "没有留电话",
            ["location"] = new System.Text.Json.Nodes.JsonObject { ["lat"] = 35.05, ["lon"] = 117.16, ["datum"] = "wgs84" },
        });
        Assert.Equal(System.Net.HttpStatusCode.Created, status);
        var callNo = (string)receipt!["callNo"]!;
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        await phone.TaskAsync(callNo);
        await phone.Find("dialog [data-command=contact]").TapAsync();
        await phone.Find("dialog.ask label", "找不到地方").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("dialog .contact-open")).ToContainTextAsync("没有留电话");
        await Expect(phone.Find("dialog a[href^='geo:35.05']")).ToBeVisibleAsync();
        await Expect(phone.Find("dialog a[href*='coordinate=gaode']")).ToBeVisibleAsync();
        await Expect(phone.Find("dialog .contact-open")).ToContainTextAsync("WGS-84");
        await phone.ShootAsync("m-contact-place");
    }

    [Fact]
    public async Task A_caller_who_left_no_number_is_said_to_have_none()
    {
        var place = await street.Api.PlaceAsync("08");
        var (_, receipt) = await street.Api.AskAsync(null, HttpMethod.Post, "/api/whistles", new System.Text.Json.Nodes.JsonObject { ["station"] = "08", ["category"] = "12" });
        var callNo = (string)receipt!["callNo"]!;
        await street.Api.VerifyAsync(place, callNo);
        var desk = await OpenAsync("/callback", callNo);
        await Expect(desk.Find($"#silent [data-no='{callNo}']")).ToHaveCountAsync(1);
        await Expect(desk.Find("#detail")).ToContainTextAsync("来电人没有留电话");
        await desk.ShootAsync("callback-silent");
        await Expect(desk.Find("#detail [data-command=contact]")).ToHaveCountAsync(0);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task<Window> OpenAsync(string path, string callNo, string account = "duty")
    {
        var desk = await _windows.DeskAsync(account, path);
        await desk.LiveAsync();
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        return desk;
    }

    /// <summary>Gives a reason, and has a number to dial.</summary>
    private static async Task CallAsync(Window desk)
    {
        await desk.Find("#detail [data-command=contact]").ClickAsync();
        await desk.Find("dialog.ask label", "回访").ClickAsync();
        await desk.Find("dialog.ask textarea").FillAsync("问是否解决");
        await desk.Find("dialog.ask button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .contact-open a")).ToHaveAttributeAsync("href", "tel:13800001234");
    }
}
