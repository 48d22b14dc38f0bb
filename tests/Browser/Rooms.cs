using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>Every page in every state that looks different, for the tests that visit all of them.</summary>
internal static class Rooms
{
    /// <summary>A page's state, the window it is shown in, and a name for how it got there.</summary>
    public delegate Task Look(Window window, string name);

    /// <summary>What residents and strangers see.</summary>
    public static async Task PublicAsync(Street street, Windows windows, string language, Look look)
    {
        var lang = "?lang=" + language;
        var place = await street.Api.PlaceAsync("10");
        var window = await windows.ResidentAsync("/" + lang);
        window.Forgive("status of (404|422)");
        await look(window, "home");
        foreach (var (path, name) in new[]
        {
            ("/s", "places"), ("/s/10", "whistle"), ("/g/" + place.Grid, "whistle-grid"), ("/s/99", "whistle-unknown"),
            ("/t/0000000000000000000000", "track-unknown"), ("/no/such/page", "not-found"), ("/signin", "signin"),
        })
        {
            await window.Page.GotoAsync(path + lang);
            await look(window, name);
        }

        await window.Find("main form button[type=submit]").First.ClickAsync();
        await Expect(window.Find("#signin-error")).ToBeVisibleAsync();
        await look(window, "signin-refused");

        await window.Page.GotoAsync($"/s/10{lang}&print=large");
        await window.Find("#who summary").TapAsync();
        await window.Find("#solved summary").TapAsync();
        await look(window, "whistle-large");
        await window.Page.GotoAsync($"/s/10{lang}&print=plain");
        await window.Find("#phone").FillAsync("12");
        await window.Find("button.blow").TapAsync();
        await Expect(window.Find("#category-error")).ToBeVisibleAsync();
        await window.Find("input[name=category][value='06']").CheckAsync();
        await window.Find("input[name=danger]").CheckAsync();
        await window.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 640, 480) });
        await Expect(window.Find("#photo-row img")).ToBeVisibleAsync();
        await look(window, "whistle-refused");
        await window.Find("#phone").FillAsync("13800001234");
        await window.Find("button.blow").TapAsync();
        await Expect(window.Find("#headline")).ToBeVisibleAsync();
        await look(window, "track-ringing");
        var callNo = await window.Find("b.no").InnerTextAsync();
        var track = new Uri(window.Page.Url).AbsolutePath;
        foreach (var act in new[] { "note", "withdraw" })
        {
            await window.Page.GotoAsync($"{track}?act={act}");
            await look(window, "track-" + act);
        }

        await window.Page.GotoAsync(track);
        await street.Api.VerifyAsync(place, callNo);
        await Expect(window.Find("a.blow")).ToBeVisibleAsync();
        await look(window, "track-verified");
        await window.Find("a.blow").TapAsync();
        await window.Find("main button[type=submit]:not([name])").TapAsync();
        await Expect(window.Find(".error-box")).ToBeVisibleAsync();
        await look(window, "track-evaluate-refused");
        await window.Find("input[name=solved][value=no]").CheckAsync();
        await window.Find("input[name=satisfaction][value=dissatisfied]").CheckAsync();
        await window.Find("main button[type=submit]:not([name])").TapAsync();
        await Expect(window.Find(".ok-box")).ToBeVisibleAsync();
        await look(window, "track-reopened");

        var (other, code) = await street.Api.WhistleAsync("10");
        await street.Api.VerifyAsync(place, other);
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{code}/evaluation", new() { ["solved"] = true, ["satisfaction"] = "satisfied" });
        await window.Page.GotoAsync("/t/" + code);
        await look(window, "track-closed");
        var (_, gone) = await street.Api.WhistleAsync("10");
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{gone}/withdraw");
        await window.Page.GotoAsync("/t/" + gone);
        await look(window, "track-withdrawn");
        await TogetherAsync(street, window, lang, look);
        await PartyAsync(street, place, window, lang, look);
        await FollowAsync(street, place, window, lang, look);
    }

    /// <summary>A matter, as the person it is for follows it.</summary>
    private static async Task FollowAsync(Street street, Place place, Window window, string lang, Look look)
    {
        await window.Page.GotoAsync("/f/0000000000000000000000" + lang);
        await look(window, "follow-unknown");
        var (no, follow) = await street.Api.ErrandAsync(place);
        await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
        foreach (var original in new[] { "original", "copy" })
            await street.Api.AnswerAsync(place.Workers[0], no, "papers", "item", new() { ["name"] = "ID", ["copies"] = "1", ["original"] = original });
        await window.Page.GotoAsync(follow + lang);
        await look(window, "follow");
        await window.Page.GotoAsync($"{follow}?print=large");
        await look(window, "follow-large");
        await window.Page.GotoAsync($"{follow}?print=plain&act=note");
        await window.Find("main form button[type=submit]").TapAsync();
        await Expect(window.Find(".error-box")).ToBeVisibleAsync();
        await look(window, "follow-note-refused");
        await window.Page.GotoAsync(follow + "?act=withdraw");
        await look(window, "follow-withdraw");
        await street.Api.AnswerAsync(place.Workers[0], no, "papers", "done");
        await street.Api.AnswerAsync(place.Workers[0], no, "work", "done", new() { ["words"] = "Done." });
        foreach (var paper in new[] { "giveBack-1", "giveBack-2" })
            await street.Api.AnswerAsync(place.Workers[0], no, paper, "done", new() { ["receivedBy"] = "Wang", ["signature"] = "M10 10L50 50" });
        await window.Page.GotoAsync(follow);
        await look(window, "follow-asked");
        await window.Find("#live a.blow").TapAsync();
        await Expect(window.Find("main form textarea")).ToBeVisibleAsync();
        await look(window, "follow-answer");
        await window.Find("button[value=satisfied]").TapAsync();
        await Expect(window.Find(".ok-box").First).ToBeVisibleAsync();
        await look(window, "follow-over");
    }

    /// <summary>我也遇到.</summary>
    private static async Task TogetherAsync(Street street, Window window, string lang, Look look)
    {
        await street.Api.WhistleAsync("10", "12");
        await window.Page.GotoAsync("/s/10" + lang);
        await window.Find("input[name=category][value='12']").CheckAsync();
        await Expect(window.Find(".near:has(#near-12)")).ToBeVisibleAsync();
        await look(window, "whistle-near");
        await window.Find(".near:has(#near-12) button").First.TapAsync();
        await Expect(window.Find("#together")).ToBeVisibleAsync();
        await look(window, "track-together");
    }

    /// <summary>The page of a called party.</summary>
    private static async Task PartyAsync(Street street, Place place, Window window, string lang, Look look)
    {
        await window.Page.GotoAsync("/d/0000000000000000000000" + lang);
        await look(window, "party-unknown");
        var (called, code) = await street.Api.WhistleAsync("10", "01", words: "");
        await street.Api.GiveAsync(place.Workers[0], called, "accept");
        await street.Api.GiveAsync("duty", called, "summon", new() { ["party"] = "water" });
        var (_, link) = await street.Api.AskAsync("duty", HttpMethod.Post, $"/api/calls/{called}/link", new() { ["answer"] = "party-water" });
        await window.Page.GotoAsync((string)link!["url"]! + lang);
        await look(window, "party");
        await window.Find("button.blow").TapAsync();
        await Expect(window.Find("#met")).ToBeVisibleAsync();
        await look(window, "party-met");
        await window.Page.GotoAsync("/t/" + code);
        await look(window, "track-party");
    }

    /// <summary>The phone of a team.</summary>
    public static async Task PhoneAsync(Street street, Windows windows, string language, Look look)
    {
        var place = await street.Api.PlaceAsync("11");
        var (taken, _) = await street.Api.WhistleAsync("11", "06", danger: true);
        var (onScene, _) = await street.Api.WhistleAsync("11", "15");
        var (resolved, _) = await street.Api.WhistleAsync("11", "11");
        var (ringing, _) = await street.Api.WhistleAsync("11", "23");
        await street.Api.GiveAsync(place.Workers[0], taken, "accept");
        await street.Api.GiveAsync(place.Police, onScene, "accept");
        await street.Api.GiveAsync(place.Police, onScene, "arrive");
        await street.Api.ResolveAsync(place.Workers[0], resolved);

        var phone = await windows.MemberAsync(place.Workers[0], "/m?lang=" + language);
        phone.Forgive("net::ERR_|WebSocket connection to|Failed to fetch");
        foreach (var callNo in new[] { taken, ringing })
            await Expect(phone.Call(callNo)).ToBeVisibleAsync();
        await phone.Find("#arm").TapAsync();
        await Expect(phone.Find("#arm")).ToHaveAttributeAsync("aria-pressed", "true");
        await look(phone, "m");
        await phone.TabAsync("after");
        await Expect(phone.Call(resolved)).ToBeVisibleAsync();
        await look(phone, "m-after");
        await phone.TabAsync("tasks");
        await look(phone, "m-tasks");

        await phone.TapAsync(onScene, "resolve");
        await look(phone, "m-ask-resolve");
        await phone.Find("dialog button[value=no]").TapAsync();
        await phone.TapAsync(taken, "return");
        await phone.Find("dialog input[value=unsafe]").CheckAsync();
        await look(phone, "m-ask-return");
        await phone.Find("dialog button[value=no]").TapAsync();
        await phone.TaskAsync(taken);
        await Expect(phone.Find("dialog .timeline")).ToBeVisibleAsync();
        await look(phone, "m-detail");
        await phone.Find("dialog .more summary").TapAsync();
        await look(phone, "m-detail-more");
        await phone.Find("dialog [data-command=requestExtension]").TapAsync();
        await look(phone, "m-ask-extension");
        await phone.Find("dialog.ask button[value=no]").TapAsync();
        await phone.Find("dialog.sheet .back").TapAsync();

        await MattersAsync(street, place, phone, look);
        await phone.Page.Context.SetOfflineAsync(true);
        await phone.TabAsync("inbox");
        await phone.TapAsync(ringing, "accept");
        await Expect(phone.Find("#outbox-count")).ToBeVisibleAsync();
        await look(phone, "m-waiting");
        await phone.Page.Context.SetOfflineAsync(false);
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        await phone.Page.GotoAsync("/intake?source=patrol");
        await look(phone, "patrol");
        await phone.Page.GotoAsync("/intake");
        await look(phone, "intake");
        await phone.Find("#category").SelectOptionAsync("15");
        await phone.Find("input[name=source][value=phone]").CheckAsync();
        await phone.Find("main form button[type=submit]").TapAsync();
        await Expect(phone.Find("#similar")).ToBeVisibleAsync();
        await look(phone, "intake-similar");
        await phone.Find("#similar button").Last.TapAsync();
        await Expect(phone.Find("#receipt")).ToBeVisibleAsync();
        await look(phone, "intake-done");

        phone.Forgive("status of 403");
        await phone.Page.GotoAsync("/desk");
        await look(phone, "forbidden");
        await phone.Page.GotoAsync("/");
        await look(phone, "home-worker");
        await phone.Page.GotoAsync("/password");
        await look(phone, "password");
        await phone.Page.GotoAsync("/second-factor");
        await look(phone, "second-factor");
    }

    /// <summary>What a worker owes in matters, and its dialogs.</summary>
    private static async Task MattersAsync(Street street, Place place, Window phone, Look look)
    {
        var (papers, _) = await street.Api.ErrandAsync(place);
        var (back, _) = await street.Api.ErrandAsync(place);
        foreach (var no in new[] { papers, back })
        {
            await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
            await street.Api.AnswerAsync(place.Workers[0], no, "papers", "item", new() { ["name"] = "ID", ["original"] = "copy" });
        }

        await street.Api.AnswerAsync(place.Workers[0], back, "papers", "done");
        await street.Api.AnswerAsync(place.Workers[0], back, "work", "cannot");
        await Expect(phone.Call(back).Locator(".owed [data-says=done]")).ToBeVisibleAsync();
        await Expect(phone.Call(papers).Locator("[data-receipt]")).ToBeVisibleAsync();
        await look(phone, "m-matters");
        await phone.StillAsync(papers);
        await phone.Call(papers).Locator("[data-says=item]").TapAsync();
        await look(phone, "m-matter-collect");
        await phone.Find("dialog button[data-says=done]").TapAsync();
        await look(phone, "m-matter-sure");
        await phone.Find("dialog.ask").Last.Locator("button[value=no]").TapAsync();
        await Expect(phone.Find("dialog")).ToHaveCountAsync(1);
        await phone.Find("dialog.ask button[value=no]").TapAsync();
        await phone.StillAsync(back);
        await phone.Call(back).Locator("[data-says=done]").TapAsync();
        await phone.Find("dialog .sign").FocusAsync();
        await look(phone, "m-matter-sign");
        await phone.Find("dialog button[value=no]").TapAsync();
        await phone.TapAsync(papers, "look");
        await Expect(phone.Find("dialog .facts")).ToBeVisibleAsync();
        await look(phone, "m-matter-look");
        await phone.Find("dialog.sheet .back").TapAsync();
    }

    /// <summary>Desk and verification.</summary>
    public static async Task DesksAsync(Street street, Windows windows, string language, Look look)
    {
        var place = await street.Api.PlaceAsync("12");
        var (resolved, _) = await street.Api.WhistleAsync("12", "22");
        await street.Api.ResolveAsync(place.Workers[0], resolved);

        var posters = await windows.DeskAsync("admin", "/admin/posters?lang=" + language);
        await look(posters, "posters");
        await posters.Page.GotoAsync("/admin?q=grid00");
        await look(posters, "admin");
        await posters.Page.GotoAsync("/admin/outbox");
        await look(posters, "outbox");
        await posters.Page.GotoAsync("/admin/policy");
        await look(posters, "policy");
        await posters.Find("[id='answers.0.limits.S1']").FillAsync("0");
        await posters.Find("#begins ~ p button").ClickAsync();
        await Expect(posters.Find(".field-error").First).ToBeVisibleAsync();
        await look(posters, "policy-refused");
        var review = await windows.DeskAsync(place.Neighbour, "/review?lang=" + language);
        await Expect(review.Call(resolved)).ToBeVisibleAsync();
        await look(review, "review");
        await review.Call(resolved).Locator("button").ClickAsync();
        await Expect(review.Find("#detail .timeline")).ToBeVisibleAsync();
        await look(review, "review-open");
        await review.Find("#detail [data-command=fail]").ClickAsync();
        await look(review, "review-fail");
        await review.Find("dialog button[value=no]").ClickAsync();

        await MattersAtADeskAsync(street, windows, place, posters, language, look);
        var desk = await windows.ScreenAsync("/?lang=" + language);
        await desk.Page.RouteAsync("**/api/board*", route => DoctoredBoard.AnswerAsync(route, 40));
        await desk.Page.GotoAsync("/signin?returnUrl=/desk");
        await desk.Find("#user").FillAsync("duty");
        await desk.Find("#password").FillAsync(StreetApi.Password);
        await desk.Find("#password").PressAsync("Enter");
        await desk.LiveAsync();
        await Expect(desk.Find(".queue-row:not([hidden])").First).ToBeVisibleAsync();
        await look(desk, "desk");
        await desk.Find("input[name=q]").FillAsync(resolved);
        await desk.Call(resolved).ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await look(desk, "desk-open");
        var (open, _) = await street.Api.WhistleAsync("12", "22");
        await street.Api.GiveAsync(place.Workers[0], open, "accept");
        await street.Api.GiveAsync(place.Workers[0], open, "arrive");
        await street.Api.GiveAsync("duty", open, "summon", new() { ["party"] = "housing" });
        await desk.Find("input[name=q]").FillAsync(open);
        await desk.Call(open).ClickAsync();
        await Expect(desk.Find("#detail [data-answer=party-housing]")).ToBeVisibleAsync();
        await desk.Find("#detail .more summary").ClickAsync();
        await look(desk, "desk-more");
        foreach (var command in await desk.Find("#detail .acts button").EvaluateAllAsync<string[]>("buttons => buttons.map((button) => button.dataset.command)"))
        {
            await desk.Find($"#detail [data-command={command}]").ClickAsync();
            await Expect(desk.Find("dialog[open]")).ToBeVisibleAsync();
            await look(desk, "desk-ask-" + command);
            await desk.Find("dialog button[value=no]").ClickAsync();
        }

        await street.Api.GiveAsync(place.Neighbour, resolved, "verify", new() { ["passed"] = true, ["note"] = "Seen on the spot." });
        await desk.Find("input[name=q]").FillAsync(resolved);
        await desk.Call(resolved).ClickAsync();
        await desk.Find("#detail [data-command=callback]").ClickAsync();
        await desk.Find("dialog input[value=reached]").CheckAsync();
        await look(desk, "desk-ask-callback");
        await desk.Find("dialog button[value=no]").ClickAsync();
        await desk.Find("input[name=q]").FillAsync("NONE");
        await Expect(desk.Find("#queue-empty")).ToBeVisibleAsync();
        await look(desk, "desk-empty");
        await desk.Find("#filters button[type=reset]").ClickAsync();
        await desk.Find("#keys-help").ClickAsync();
        await look(desk, "desk-keys");
        await desk.Find("dialog button[value=no]").ClickAsync();
        await desk.Page.SetViewportSizeAsync(390, 844);
        await look(desk, "desk-narrow-open");
        await desk.Find("#detail .back").ClickAsync();
        await look(desk, "desk-narrow");
        await desk.Page.SetViewportSizeAsync(1440, 900);
        await BesideTheDeskAsync(street, windows, desk, resolved, language, look);
    }

    /// <summary>The list of matters, one of them with what it asks, a public notice, and the administrator's procedures.</summary>
    private static async Task MattersAtADeskAsync(Street street, Windows windows, Place place, Window admin, string language, Look look)
    {
        await admin.Page.GotoAsync("/admin/procedures");
        await look(admin, "procedures");
        await admin.Find("textarea[name=document]").FillAsync("{}");
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find("#result .error-box")).ToBeVisibleAsync();
        await look(admin, "procedures-mistakes");
        var code = "seen" + (language == "en" ? "En" : "Zh");
        await admin.Find("textarea[name=document]").FillAsync(MattersRoom.Document(code, "公示", "public"));
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find("#result tbody tr").First).ToBeVisibleAsync();
        await look(admin, "procedures-tried");
        await admin.Find("button[formaction*=Add]").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToBeVisibleAsync();
        var notice = await MattersRoom.OpenAsync(street, code, place);
        var anyone = await windows.ResidentAsync($"/matters/{notice}?lang={language}", script: false);
        await Expect(anyone.Find("#notice")).ToBeVisibleAsync();

        var (no, _) = await street.Api.ErrandAsync(place);
        await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
        await street.Api.AnswerAsync(place.Workers[0], no, "papers", "item", new() { ["name"] = "ID", ["original"] = "copy" });
        await street.Api.MatterAsync(place.Workers[0], no, "request", new() { ["kind"] = "extension", ["minutes"] = 60, ["note"] = "Papers are missing." });
        var desk = await windows.DeskAsync("community" + place.Community, "/matters?lang=" + language);
        await Expect(desk.Find($"#all [data-no='{no}']")).ToBeVisibleAsync();
        await desk.Find("#begin").ClickAsync();
        await desk.Find("#new input[value=errand]").CheckAsync(new() { Force = true });
        await look(desk, "matters");
        await desk.Page.GotoAsync("/matters/" + no);
        await Expect(desk.Find("#timeline li").First).ToBeVisibleAsync();
        await look(desk, "matter");
        foreach (var command in await desk.Find(".acts button").EvaluateAllAsync<string[]>("buttons => buttons.map((button) => button.dataset.command)"))
        {
            await desk.Find($".acts [data-command='{command}']").ClickAsync();
            await Expect(desk.Find("dialog[open]")).ToBeVisibleAsync();
            await look(desk, "matter-ask-" + command.Replace(':', '-'));
            await desk.Find("dialog button[value=no]").ClickAsync();
        }
    }

    /// <summary>叫应: the list with the form of a new one, and one of them while it runs and once it is over.</summary>
    private static async Task CallOutsAsync(Street street, Window desk, Look look)
    {
        var place = await street.Api.PlaceAsync("08");
        var (_, sent) = await street.Api.AskAsync("duty", HttpMethod.Post, "/api/callouts", new() { ["text"] = "Test.", ["drill"] = true, ["choose"] = new JsonObject { ["teams"] = new JsonArray(place.Team) } });
        var no = (string)sent!["callNo"]!;
        await desk.Page.GotoAsync("/callout");
        await Expect(desk.Find($"#list [data-no='{no}']")).ToBeVisibleAsync();
        await look(desk, "callout");
        await desk.Find("#begin").ClickAsync();
        await desk.Find("#new input[value=some]").CheckAsync(new() { Force = true });
        await Expect(desk.Find(".callout-count")).Not.ToBeEmptyAsync();
        await look(desk, "callout-new");
        var (_, view) = await street.Api.AskAsync("duty", HttpMethod.Get, $"/api/callouts/{no}");
        await street.Api.AnswerAsync(place.Workers[0], (string)view!["parts"]![0]!["callNo"]!, "heard", "done");
        await desk.Page.GotoAsync("/callout?no=" + no);
        await desk.Find("#one summary").ClickAsync();
        await Expect(desk.Find("[data-state=answered] [data-post]")).ToBeVisibleAsync();
        await look(desk, "callout-one");
        await desk.Page.SetViewportSizeAsync(320, 568);
        await look(desk, "callout-one-narrow");
        await desk.Page.SetViewportSizeAsync(1440, 900);
        await desk.Find("[data-command=end]").ClickAsync();
        await Expect(desk.Find("dialog[open]")).ToBeVisibleAsync();
        await look(desk, "callout-ask-end");
        await desk.Find("dialog button[value=no]").ClickAsync();
        await street.Api.AskAsync("duty", HttpMethod.Post, $"/api/callouts/{no}/end", new() { ["note"] = "Over." });
        await Expect(desk.Find("#one [data-open=false]")).ToBeVisibleAsync();
        await look(desk, "callout-over");
    }

    /// <summary>The other rooms of a duty officer, and those of the auditor and the wall.</summary>
    private static async Task BesideTheDeskAsync(Street street, Windows windows, Window desk, string verified, string language, Look look)
    {
        await desk.Page.GotoAsync("/callback");
        await desk.Call(verified).Locator("button").ClickAsync();
        await Expect(desk.Find("#detail [data-result], #detail [data-command=callback]").And(desk.Find(":visible")).First).ToBeVisibleAsync();
        await look(desk, "callback");
        await desk.Page.GotoAsync("/history?late=any");
        await Expect(desk.Find("#found .empty, #found table")).ToBeVisibleAsync();
        await look(desk, "history-late");
        await desk.Page.GotoAsync("/history?q=" + verified);
        await desk.Find($"tr[data-no='{verified}'] button").ClickAsync();
        await Expect(desk.Find("dialog .timeline")).ToBeVisibleAsync();
        await look(desk, "history-case");
        await desk.Page.GotoAsync("/history?grid=001&hour=9&answer=accept&share=3&valid=1&flag=danger&team=01");
        await Expect(desk.Find("#chips .chip")).ToHaveCountAsync(6);
        await look(desk, "history-chips");
        await desk.Page.GotoAsync("/stats");
        await Expect(desk.Find("#minutes-plot canvas")).ToBeVisibleAsync();
        await look(desk, "stats");
        foreach (var summary in await desk.Find(".chart summary").AllAsync()) await summary.ClickAsync();
        await look(desk, "stats-tables");
        await desk.Page.GotoAsync("/leader");
        await look(desk, "leader");
        await CallOutsAsync(street, desk, look);
        await desk.Page.GotoAsync("/styleguide");
        await Expect(desk.Find(".queue-row:not([hidden])")).ToHaveCountAsync(8);
        await look(desk, "styleguide");

        var wall = await windows.WallAsync("wall", "/wall?lang=" + language, route => DoctoredBoard.AnswerAsync(route, 90));
        await Expect(wall.Find("#top li[data-no]")).ToHaveCountAsync(10);
        await look(wall, "wall");
        await wall.Page.GotoAsync("/wall?distance=6");
        await Expect(wall.Find("#top li[data-no]").First).ToBeVisibleAsync();
        await look(wall, "wall-6m");

        var auditor = await windows.DeskAsync("auditor", "/audit?lang=" + language);
        await Expect(auditor.Find("#found tbody tr").First).ToBeVisibleAsync();
        await look(auditor, "audit");
        await auditor.Page.GotoAsync($"/audit?tab=reads&callNo={verified}");
        await Expect(auditor.Find("#found tbody tr").First).ToBeVisibleAsync();
        await look(auditor, "audit-reads");
    }
}
