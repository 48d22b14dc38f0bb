namespace DispatchCenter.Browser;

/// <summary>The desk's common jobs by keys alone, as few as they are promised to be.</summary>
public sealed class DeskKeys(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_designation_is_D_a_digit_and_Enter_and_its_reason_is_said()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty", "/desk?q=" + callNo);
        await desk.LiveAsync();
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("j");
        await desk.Page.Keyboard.PressAsync("d");
        await Expect(desk.Find("dialog.ask input[name]:checked").First).ToBeVisibleAsync(); // the first candidate stands there
        await desk.ShootAsync("desk-designate-keys");
        await desk.Page.Keyboard.PressAsync("1");
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
        await Expect(desk.Find("#detail .flag.designated")).ToHaveTextAsync("指派");
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Contains(detail!["texts"]!.AsArray(), text => (string)text!["words"]! == "就近");
    }

    [Fact]
    public async Task Ctrl_and_Enter_send_from_the_words_and_Escape_closes_only_what_lies_on_top()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty", "/desk/" + callNo);
        await desk.LiveAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("d");
        await Expect(desk.Find("dialog.ask")).ToBeVisibleAsync();
        await desk.Page.EvaluateAsync("() => document.activeElement.blur()"); // as after a click beside the fields
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();

        await desk.Find("#detail .more summary").ClickAsync();
        await desk.Find("#detail [data-command=note]").ClickAsync();
        await desk.Find("dialog textarea").FillAsync("已电话联系");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("#detail")).ToContainTextAsync("已电话联系");
    }

    [Fact]
    public async Task Two_officers_at_one_case_the_second_reads_of_the_first_and_may_press_again()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty", "/desk/" + callNo);
        desk.Forgive("status of 409");
        await desk.LiveAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("d");
        var teams = desk.Find("dialog input[name]:not([disabled])");
        await Expect(teams.First).ToBeVisibleAsync();
        var (_, candidates) = await street.Api.AskAsync("duty2", HttpMethod.Get, $"/api/calls/{callNo}/candidates");
        var other = (string)candidates!["teams"]!.AsArray().Where(one => (int)one!["onDuty"]! > 0).ElementAt(1)!["team"]!;
        await street.Api.GiveAsync("duty2", callNo, "designate", new() { ["team"] = other, ["note"] = "专业对口" });
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("dialog .error-box")).ToContainTextAsync("另一位值班员刚刚指派了");
        await desk.ShootAsync("desk-designated-meanwhile");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.NotEqual(other, (string)detail!["call"]!["teams"]![0]!);
    }

    [Fact]
    public async Task A_designation_that_was_not_heard_of_is_told_however_often_the_connection_was_lost_before()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty", "/desk/" + callNo);
        desk.Forgive("status of 409|net::ERR_");
        await desk.LiveAsync();
        await desk.Page.RouteAsync("**/designate", route => route.AbortAsync()); // long before it is needed
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("d");
        await Expect(desk.Find("dialog input[name]:not([disabled])").First).ToBeVisibleAsync();
        var (_, candidates) = await street.Api.AskAsync("duty2", HttpMethod.Get, $"/api/calls/{callNo}/candidates");
        var other = (string)candidates!["teams"]!.AsArray().Where(one => (int)one!["onDuty"]! > 0).ElementAt(1)!["team"]!;
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("dialog .error-box")).ToContainTextAsync("没有收到回音");
        await desk.Page.UnrouteAllAsync();
        await street.Api.GiveAsync("duty2", callNo, "designate", new() { ["team"] = other, ["note"] = "专业对口" });
        await Expect(desk.Find("dialog [role=status]")).ToContainTextAsync("这件刚有变动");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("dialog .error-box")).ToContainTextAsync("另一位值班员刚刚指派了");
        var (_, still) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal(other, (string)still!["call"]!["teams"]![0]!);
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.NotEqual(other, (string)detail!["call"]!["teams"]![0]!);
    }

    [Fact]
    public async Task Officers_at_one_case_see_each_other_and_what_one_tells_the_caller_is_read_on_their_page()
    {
        var (callNo, track) = await street.Api.WhistleAsync("10", "11");
        var first = await _windows.DeskAsync("duty", "/desk/" + callNo);
        await first.LiveAsync();
        await Expect(first.Find("#detail .timeline")).ToBeVisibleAsync();
        await Expect(first.Find("#detail .beside")).ToBeHiddenAsync();
        var second = await _windows.DeskAsync("duty2", "/desk/" + callNo);
        await second.LiveAsync();
        await Expect(second.Find("#detail .beside")).ToContainTextAsync("同时在看这件的：街道值班");
        await Expect(first.Find("#detail .beside")).ToContainTextAsync("同时在看这件的：街道值班");
        await first.ShootAsync("desk-beside");

        var resident = await _windows.ResidentAsync("/t/" + track);
        await first.Find("#detail .more summary").ClickAsync();
        await first.Find("#detail [data-command=tell]").ClickAsync();
        await first.Find("dialog textarea").FillAsync("垃圾车 15:00 到。");
        await first.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(first.Find("#detail .timeline li").First).ToContainTextAsync("垃圾车 15:00 到。");
        await Expect(resident.Find("#told")).ToContainTextAsync("办理的人告诉您：垃圾车 15:00 到。");
        await resident.ShootAsync("track-told");
    }

    [Fact]
    public async Task A_search_from_any_room_opens_the_case_by_its_callers_words()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11", words: "凤尾竹旁的垃圾桶。");
        var room = await _windows.DeskAsync("duty", "/stats");
        await room.Page.Keyboard.PressAsync("/");
        await room.Page.Keyboard.TypeAsync("凤尾竹");
        await room.Page.Keyboard.PressAsync("Enter");
        await Expect(room.Find(".hit")).ToHaveCountAsync(1);
        await Expect(room.Find(".hit")).ToContainTextAsync("原话");
        await room.ShootAsync("search");
        await room.Page.Keyboard.PressAsync("Enter");
        await room.Page.WaitForURLAsync("**/desk/" + callNo);
        await Expect(room.Find("#detail")).ToContainTextAsync("凤尾竹旁的垃圾桶。");

        await room.Page.Keyboard.PressAsync("/"); // at the desk itself, it opens beside the list
        await room.Page.Keyboard.TypeAsync(callNo[^4..]);
        await room.Page.Keyboard.PressAsync("Enter");
        await Expect(room.Find($".hit[data-no='{callNo}']")).ToBeVisibleAsync();
        await room.Page.Keyboard.PressAsync("Escape");
        await Expect(room.Find("dialog")).ToHaveCountAsync(0);
        await Expect(room.Find("#detail .timeline")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_typed_into_the_search_survives_Escape()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        await desk.Find("input[name=q]").ClickAsync();
        await desk.Page.Keyboard.TypeAsync(callNo[^5..]);
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(desk.Find("input[name=q]")).ToHaveValueAsync(callNo[^5..]);
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
