using System.Net;

namespace DispatchCenter.Browser;

/// <summary>The street's exceptions, through the buttons people press.</summary>
public sealed class Exceptions(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_called_party_answers_by_its_link_and_only_then_the_case_can_be_resolved()
    {
        var place = await street.Api.PlaceAsync("04");
        var (callNo, _) = await street.Api.WhistleAsync("04", "09", words: "The road has sunk.");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await street.Api.GiveAsync(place.Workers[0], callNo, "arrive");

        var phone = await _windows.MemberAsync(place.Workers[0]);
        phone.Forgive("status of 409");
        await phone.TapAsync(callNo, "resolve");
        await phone.Find("dialog textarea").FillAsync("路面已回填。");

        // 街道吹哨
        var desk = await OpenAsync(callNo, place);
        await desk.Find("#detail [data-command=summon]").ClickAsync();
        await desk.Find("dialog input[value=water]").CheckAsync();
        await desk.ShootAsync("summon-ask");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("dialog")).ToContainTextAsync("供水公司应在");
        await desk.Find("dialog [data-command=link]").ClickAsync();
        var link = await desk.Find("#party-link").InputValueAsync();
        Assert.StartsWith(street.Host.Url + "/d/", link, StringComparison.Ordinal);
        await desk.ShootAsync("summon-link");
        await desk.Find("dialog button[value=no]").ClickAsync();
        await Expect(desk.Find("#detail [data-answer=party-water]")).ToContainTextAsync("部门报到（供水公司）");
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync("呼叫部门 街道值班 · 供水公司");

        // A silent party holds the case up: the report dialog says so and keeps its text, and afterwards no button offers it.
        await phone.Find("dialog button[value=yes]").TapAsync();
        await Expect(phone.Find("dialog .error-box")).ToContainTextAsync("还有应答方没有回应");
        await Expect(phone.Find("dialog textarea")).ToHaveValueAsync("路面已回填。");
        await phone.ShootAsync("m-refused");
        await phone.Find("dialog button[value=no]").TapAsync();
        await Expect(phone.Call(callNo)).ToContainTextAsync("还在等供水公司回应");
        await Expect(phone.Call(callNo).Locator("[data-command=resolve]")).ToHaveCountAsync(0);

        // 部门报到, on a phone without a sign-in and without JavaScript.
        var party = await _windows.ResidentAsync(new Uri(link).AbsolutePath, script: false);
        await Expect(party.Find("h1")).ToHaveTextAsync("街道吹哨，请供水公司报到");
        await Expect(party.Find("main")).ToContainTextAsync("The road has sunk.");
        await Expect(party.Find("main")).Not.ToContainTextAsync("Wang");
        await Expect(party.Find("main")).Not.ToContainTextAsync("1380000");
        await Expect(party.Find("dl a[href^='https://uri.amap.com/marker?position=122.']")).ToHaveTextAsync("怎么走");
        await Expect(party.Find("dl a[href^='tel:0632555']")).ToBeVisibleAsync(); // a desk's number, nobody's own
        Assert.Contains("no-store", await party.Answer!.HeaderValueAsync("cache-control"), StringComparison.Ordinal);
        Assert.Equal("no-referrer", await party.Answer.HeaderValueAsync("referrer-policy"));
        await party.ShootAsync("party", whole: true);
        party.Forgive("status of 422"); // without a reason
        await party.Find("#not-ours summary").TapAsync();
        await party.Find("#not-ours button").TapAsync();
        await Expect(party.Find("#not-ours .error-box")).ToContainTextAsync("理由"); // a reason is asked for
        await party.Find("#why").FillAsync("不是我们的管线。");
        await party.ShootAsync("party-not-ours", whole: true);
        await party.Find("#not-ours button").TapAsync();
        await Expect(party.Find("#disclaimed")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail [data-answer=party-water]")).ToContainTextAsync("说不归它管");
        await Expect(desk.Find("#detail")).ToContainTextAsync("不是我们的管线。");
        await Expect(desk.Call(callNo).Locator("[data-need=disclaimed]")).ToHaveCountAsync(1);
        await desk.ShootAsync("summon-not-ours");
        await party.Find("#note").FillAsync("阀门已关，正在抢修。");
        await party.Find("button[value=attend]").DblClickAsync();
        await Expect(party.Find("#met")).ToBeVisibleAsync();
        await Expect(party.Find("button[value=attend]")).ToHaveCountAsync(0);
        await party.ShootAsync("party-met", whole: true);
        await party.Find("button[value=finish]").TapAsync();
        await Expect(party.Find("#done")).ToBeVisibleAsync();
        await Expect(party.Find("main button")).ToHaveCountAsync(0);

        await Expect(desk.Find("#detail [data-answer=party-water]")).ToContainTextAsync("说已办完");
        await Expect(desk.Find("#detail")).ToContainTextAsync("阀门已关，正在抢修。");
        // 楼长 watches: what a volunteer may not do is not offered.
        var head = await _windows.MemberAsync(place.Head);
        await head.TabAsync("tasks");
        await Expect(head.Find("#tasks").Locator($"[data-no='{callNo}'] button")).ToHaveTextAsync(["详情"]);

        await ResolveAsync(phone, callNo);
        await Expect(desk.Call(callNo).Locator(".c-state")).ToHaveTextAsync("待核查");
        await desk.ShootAsync("summon-answered");
        var (_, journal) = await street.Api.AskAsync("auditor", HttpMethod.Get, "/api/journal?limit=1000");
        Assert.Single(journal!["entries"]!.AsArray(), line => (string?)line!["callNo"] == callNo && (string?)line["what"] == "attended");
    }

    [Fact]
    public async Task Two_whistles_about_one_thing_are_merged_and_taken_apart_again_and_the_caller_is_told_of_both()
    {
        var place = await street.Api.PlaceAsync("07");
        var (first, _) = await street.Api.WhistleAsync("07", "08", words: "The lamp at gate 2 is dark.");
        await street.Api.GiveAsync(place.Workers[0], first, "accept");
        var (second, code) = await street.Api.WhistleAsync("07", "08", words: "No lamp at gate 2.");
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");

        var desk = await OpenAsync(second, place);
        await MoreAsync(desk, "merge");
        await desk.Find($"dialog input[value='{first}']").CheckAsync();
        await desk.ShootAsync("merge-ask");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find(".undo")).ToContainTextAsync("已并案。");
        await Expect(resident.Find("#together")).ToBeVisibleAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已接单，正在赶来");
        await Expect(resident.Find("b.no")).ToHaveTextAsync(second);
        await resident.ShootAsync("track-together", whole: true);

        // It has left the board and stays in the pane; the other case says how many it represents.
        await Expect(desk.Find("#detail .state.merged")).ToBeVisibleAsync();
        await desk.ShootAsync("merged");
        await desk.Find($"#detail .detail-head [data-open='{first}']").ClickAsync();
        await Expect(desk.Find("#detail .flag.joined")).ToHaveTextAsync("另有 1 人反映");
        await desk.Find($"#detail .timeline [data-open='{second}']").ClickAsync();

        await desk.Find("#detail [data-command=unmerge]").ClickAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .detail-head .state")).ToHaveTextAsync("待接单");
        await Expect(resident.Find("#together")).ToHaveCountAsync(0);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");
        await Expect(desk.Call(second)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_caller_who_says_that_it_is_not_solved_brings_the_case_back_to_the_team()
    {
        var place = await street.Api.PlaceAsync("04");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        var (callNo, code) = await street.Api.WhistleAsync("04", "22");
        await street.Api.VerifyAsync(place, callNo);
        var resident = await _windows.ResidentAsync("/t/" + code);
        await resident.Find("a.blow").TapAsync();
        await resident.Find("input[name=solved][value=no]").CheckAsync();
        await resident.Find("input[name=satisfaction][value=dissatisfied]").CheckAsync();
        await resident.Find("main button[type=submit]:not([name])").TapAsync();
        await Expect(resident.Find(".ok-box")).ToContainTextAsync("重新");

        await phone.InSightAsync(callNo);
        var card = phone.Find("#tasks").Locator($"[data-no='{callNo}']");
        await Expect(card.Locator(".flag.reopened")).ToHaveTextAsync("重办");
        await Expect(card.Locator("[data-command=resolve]")).ToBeVisibleAsync();
        await phone.ShootAsync("reopened");
    }

    [Fact]
    public async Task A_lead_asks_for_more_time_and_the_tier_above_decides_it()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, code) = await street.Api.WhistleAsync("07", "16");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        var phone = await _windows.MemberAsync(place.Workers[0]);
        await phone.TaskAsync(callNo);
        await phone.Find(".sheet .more summary").TapAsync();
        await phone.ShootAsync("m-more");
        await phone.Find(".sheet [data-command=requestSuspension]").TapAsync();
        await phone.Find("dialog.ask textarea").FillAsync("等产权单位的图纸");
        await phone.ShootAsync("m-ask-suspension");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find(".toast.ok")).ToHaveTextAsync("已申请，等上一级审批。");
        await Expect(phone.Call(callNo).Locator(".flag.asked")).ToHaveTextAsync("待审批：挂起");

        // 社区 decides; the dialog asks for a missing reason and keeps what was chosen.
        var desk = await OpenAsync(callNo, place, "community" + place.Community);
        desk.Forgive("status of 422");
        await desk.Find("#detail [data-command=ruleSuspension]").ClickAsync();
        await desk.Find("dialog input[value=no]").CheckAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("dialog .error-box")).ToHaveTextAsync("请写明理由。");
        await desk.Find("dialog input[value=yes]").CheckAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find(".toast.ok")).ToHaveTextAsync("审批已记下。");
        await Expect(desk.Find("#detail .flag.suspended")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail .clock")).ToContainTextAsync("挂起至");
        await desk.ShootAsync("suspended");
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("#suspended")).ToContainTextAsync("时限暂停到");
        await resident.ShootAsync("track-suspended", whole: true);

        await desk.Find("#detail [data-command=resume]").ClickAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .clock")).ToContainTextAsync("还剩");
        await Expect(resident.Find("#suspended")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_desk_sends_a_team_corrects_and_declines_only_with_a_reason_and_a_second_person()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, code) = await street.Api.WhistleAsync("07", "26");
        var desk = await OpenAsync(callNo, place);
        await desk.Find("#detail [data-command=designate]").ClickAsync();
        await desk.Find($"dialog .choice label:has(input[value='{place.Team}'])").ClickAsync();
        await desk.Find("dialog textarea").FillAsync("就近");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .flag.designated")).ToHaveTextAsync("指派");
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync(place.TeamName);

        await MoreAsync(desk, "correct");
        await desk.Find("dialog select").First.SelectOptionAsync("17");
        await desk.ShootAsync("correct-ask");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync("类别改为违规养犬");
        await desk.ShootAsync("corrected");

        await MoreAsync(desk, "requestDecline");
        await desk.Find("dialog textarea").FillAsync("不属街道职权");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .flag.asked")).ToHaveTextAsync("待审批：不予受理");
        await Expect(desk.Find("#detail [data-command=ruleDecline]")).ToHaveCountAsync(0);
        var second = await OpenAsync(callNo, place, "duty2");
        await second.Find("#detail [data-command=ruleDecline]").ClickAsync();
        await second.Find("dialog input[value=yes]").CheckAsync();
        await second.Find("dialog textarea").FillAsync("同意，已告知诉求渠道");
        await second.Find("dialog button[value=yes]").ClickAsync();
        await Expect(second.Find("#detail .state.declined")).ToBeVisibleAsync();
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("main")).ToContainTextAsync("12345");
        await resident.ShootAsync("track-declined", whole: true);
    }

    [Fact]
    public async Task What_is_handed_up_waits_for_the_city_and_its_caller_is_told()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, code) = await street.Api.WhistleAsync("07", "09");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await street.Api.GiveAsync(place.Workers[0], callNo, "arrive");
        var desk = await OpenAsync(callNo, place);
        await MoreAsync(desk, "handUp");
        await desk.Find("dialog textarea").FillAsync("市政道路，街道无权开挖");
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Call(callNo).Locator(".c-state")).ToHaveTextAsync("已上报");
        await Expect(desk.Find("#detail .clock")).ToContainTextAsync("市级答复 还剩 4天23小时");
        await desk.ShootAsync("handed-up");
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已上报市级，等市里答复");
        await resident.ShootAsync("track-handed-up", whole: true);
    }

    [Fact]
    public async Task Whoever_is_reached_by_telephone_has_evaluated_with_it()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, code) = await street.Api.WhistleAsync("07", "25");
        await street.Api.VerifyAsync(place, callNo);
        var desk = await OpenAsync(callNo, place);
        await desk.Find("#detail [data-command=callback]").ClickAsync();
        await Expect(desk.Find("dialog [value=satisfied]")).ToBeHiddenAsync();
        await desk.Find("dialog input[value=reached]").CheckAsync();
        await desk.Find("dialog input[name]").And(desk.Find("[value=yes]")).CheckAsync();
        await desk.Find("dialog input[value=satisfied]").CheckAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#detail .state.closed")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync("接通、已解决、满意");
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("#headline")).ToHaveTextAsync("已结束");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_neighbour_who_meets_the_same_joins_it_with_one_tap(bool script)
    {
        var place = await street.Api.PlaceAsync("07");
        var category = script ? "13" : "14";
        var (first, _) = await street.Api.WhistleAsync("07", category);
        await street.Api.WhistleAsync("07", category, words: "Kept from property staff.", hide: true);
        var resident = await _windows.ResidentAsync("/s/07", script);
        var near = resident.Find($"[aria-labelledby='near-{category}']");
        await Expect(near).ToBeHiddenAsync();
        await resident.Find($"input[name=category][value='{category}']").CheckAsync();
        await Expect(near).ToBeVisibleAsync();
        await Expect(near.Locator("button")).ToHaveCountAsync(1); // a case hidden from someone is shown to nobody
        await resident.ShootAsync("whistle-near" + (script ? "" : "-noscript"), whole: true);
        await near.Locator("button").ClickAsync();
        await Expect(resident.Find("#together")).ToBeVisibleAsync();
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + first);
        Assert.Equal(1, (int)detail!["call"]!["others"]!);
    }

    [Fact]
    public async Task An_officer_writes_down_a_whistle_for_a_caller_and_is_asked_once_whether_it_is_one_that_is_known()
    {
        var place = await street.Api.PlaceAsync("04");
        var desk = await _windows.DeskAsync("duty");
        desk.Forgive("status of 422");
        await desk.Page.GotoAsync("/intake"); // the page of its own, for narrow screens and without script
        await Expect(desk.Find("h1")).ToHaveTextAsync("代录");
        await desk.Find("#place").SelectOptionAsync("g:" + place.Grid);
        await desk.Find("#category").SelectOptionAsync("12");
        await desk.Find("#words").FillAsync("楼道里堆了旧家具");
        await desk.Find("#phone").FillAsync("13800001234");
        await desk.Find("main form button[type=submit]").ClickAsync();
        await Expect(desk.Find(".error-box:not([hidden])")).ToHaveTextAsync("请选怎么来的。");
        await desk.Find("input[name=source][value=phone]").CheckAsync();
        await desk.ShootAsync("intake", whole: true);
        await desk.Find("main form button[type=submit]").ClickAsync();
        var first = await desk.Find("#receipt b.no").InnerTextAsync();
        await desk.ShootAsync("intake-done", whole: true);
        var track = new Uri(await desk.Find("#track-link").InputValueAsync()).AbsolutePath;
        var caller = await _windows.ResidentAsync(track);
        await Expect(caller.Find("b.no")).ToHaveTextAsync(first);

        // The next caller may mean the same thing.
        var phone = await _windows.MemberAsync(place.Workers[0], "/intake");
        await Expect(phone.Find("#place")).ToHaveValueAsync("g:" + place.Grid);
        await phone.Find("#category").SelectOptionAsync("12");
        await phone.Find("input[name=source][value=counter]").CheckAsync();
        await phone.Find("main form button[type=submit]").TapAsync();
        await Expect(phone.Find("#similar")).ToContainTextAsync(first);
        await phone.ShootAsync("intake-similar", whole: true);
        await phone.Find($"#similar button[value='{first}']").TapAsync();
        await Expect(phone.Find("#receipt")).ToBeVisibleAsync();
        var (status, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + first);
        Assert.Equal((HttpStatusCode.OK, 1), (status, (int)detail!["call"]!["others"]!));
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>The desk with the case open in its pane.</summary>
    private async Task<Window> OpenAsync(string callNo, Place place, string account = "duty")
    {
        var desk = await _windows.DeskAsync(account, "/desk?community=" + place.Community);
        await desk.LiveAsync();
        await desk.Find("input[name=q]").FillAsync(callNo);
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Find("input[name=q]").FillAsync("");
        return desk;
    }

    private static async Task MoreAsync(Window desk, string command)
    {
        var more = desk.Find("#detail .more");
        if (await more.GetAttributeAsync("open") is null)
            await more.Locator("summary").ClickAsync();
        await more.Locator($"[data-command={command}]").ClickAsync();
    }

    private static async Task ResolveAsync(Window phone, string callNo)
    {
        await phone.TapAsync(callNo, "resolve");
        await phone.Find("dialog textarea").FillAsync("路面已回填。");
        await phone.Find("dialog button[value=yes]").TapAsync();
    }
}
