using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>代办 from opening to the last receipt: on a small phone that loses its network, and on the page of the person it is for.</summary>
public sealed class Errand(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Papers_handed_over_without_a_network_are_taken_once_each_and_all_are_given_back_against_a_signature()
    {
        var place = await street.Api.PlaceAsync("06");
        var (no, follow) = await street.Api.ErrandAsync(place);
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await PhoneAsync(windows, place.Workers[0]);
        var card = phone.Call(no);
        await Expect(card).ToContainTextAsync("代办 · 接手");
        await Expect(card).ToContainTextAsync("接手 还剩");
        await FitsAsync(phone);
        await phone.ShootAsync("errand-1-take", whole: true);
        await phone.StillAsync(no);
        await card.Locator("[data-says=accepted]").TapAsync();
        await Expect(card).ToContainTextAsync("代办 · 收件");
        await KeptAsync(phone, no, "papers");
        await phone.MarkAsync();

        line.Cut();
        await TakeInAsync(phone, card, "身份证", "户口本");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("2 条待上传");
        await phone.Page.ReloadAsync();
        await Expect(card.Locator(".papers li.unsent")).ToHaveCountAsync(2);
        await MattersAsync(phone);
        await Expect(card.Locator(".papers")).ToContainTextAsync("没有网络，收据号稍后");
        await Expect(phone.Find("#matters-old")).ToBeVisibleAsync();
        await FitsAsync(phone);
        await phone.ShootAsync("errand-2-offline", whole: true);

        line.Mend();
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        await Expect(card.Locator("[data-receipt]")).ToHaveCountAsync(2);
        await Expect(card.Locator($"[data-receipt='{no}-1']")).ToContainTextAsync("身份证");
        await Expect(card.Locator($"[data-receipt='{no}-2']")).ToContainTextAsync("户口本");
        await phone.LiveAsync();
        await Expect(phone.Find("#matters-old")).ToBeHiddenAsync();
        Assert.Equal(2, (await DetailAsync(place, no))["items"]!.AsArray().Count);
        await phone.ShootAsync("errand-3-sent", whole: true);

        var caller = await _windows.ResidentAsync(follow, script: false);
        await Expect(caller.Find("#headline")).ToHaveTextAsync("正在办：收件");
        await Expect(caller.Find($"#papers [data-receipt='{no}-2']")).ToContainTextAsync("户口本");
        await Expect(caller.Find("#papers")).ToContainTextAsync("在我们这里");
        await caller.ShootAsync("errand-4-follow", whole: true);

        await MattersAsync(phone);
        await phone.StillAsync(no);
        await card.Locator("[data-says=done]").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(card).ToContainTextAsync("代办 · 办理");
        await phone.StillAsync(no);
        await card.Locator("[data-says=done]").TapAsync();
        await phone.Find("dialog.ask textarea").FillAsync("证明已开好。");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(card).ToContainTextAsync("代办 · 退还");
        await phone.ShootAsync("errand-5-give-back", whole: true);
        foreach (var left in new[] { 1, 0 })
        {
            await GiveBackAsync(phone, card);
            await Expect(card.Locator(".owed")).ToHaveCountAsync(left);
        }

        await Expect(phone.Find("#matters-empty")).ToBeVisibleAsync();
        await Expect(phone.Find("#matters-count")).ToHaveTextAsync("0");

        await caller.Page.ReloadAsync();
        await Expect(caller.Find("#headline")).ToHaveTextAsync("请您回答");
        await caller.Find("#live a.blow").TapAsync();
        await caller.Find("textarea").FillAsync("办得很好。");
        await caller.ShootAsync("errand-6-verdict", whole: true);
        await caller.Find("button[value=satisfied]").TapAsync();
        await Expect(caller.Find(".ok-box").First).ToHaveTextAsync("您的回答已经送到，谢谢。");
        await Expect(caller.Find("#headline")).ToHaveTextAsync("已结束：满意");
        await Expect(caller.Find("#papers li", "已退还")).ToHaveCountAsync(2);
        await caller.ShootAsync("errand-7-over", whole: true);
        var ended = (await DetailAsync(place, no))["matter"]!;
        Assert.Equal(("satisfied", 2, 0), ((string?)ended["outcome"], (int)ended["items"]!, (int?)ended["itemsHeld"] ?? 0));
    }

    [Fact]
    public async Task A_paper_taken_on_a_phone_without_a_network_is_owed_back_although_the_errand_was_withdrawn_meanwhile()
    {
        var place = await street.Api.PlaceAsync("06");
        var (no, follow) = await street.Api.ErrandAsync(place);
        await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
        await street.Api.AnswerAsync(place.Workers[0], no, "papers", "item", new JsonObject { ["name"] = "身份证" });
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await PhoneAsync(windows, place.Workers[0]);
        var card = phone.Call(no);
        await Expect(card.Locator("[data-receipt]")).ToHaveCountAsync(1);
        line.Cut();
        await TakeInAsync(phone, card, "房产证");

        var caller = await _windows.ResidentAsync(follow, script: false);
        await caller.Find("a[href$='act=withdraw']").TapAsync();
        await Expect(caller.Find("main form")).ToContainTextAsync("您交的 1 件材料会一件一件退还给您");
        await caller.ShootAsync("errand-8-withdraw", whole: true);
        await caller.Find("main form button.danger").TapAsync();
        await Expect(caller.Find("#headline")).ToHaveTextAsync("正在办：退还");

        line.Mend();
        await Expect(phone.Find("#matters-told")).ToContainTextAsync($"房产证 · 收据号 {no}-2");
        await Expect(phone.Find("#matters-told")).ToContainTextAsync("这一件照收，要退还。");
        await Expect(card).ToContainTextAsync("代办 · 退还");
        await Expect(card.Locator(".owed")).ToHaveCountAsync(2);
        await FitsAsync(phone);
        await phone.ShootAsync("errand-9-withdrawn", whole: true);
        await caller.Page.ReloadAsync();
        await Expect(caller.Find("#papers li", "在我们这里")).ToHaveCountAsync(2);
        foreach (var left in new[] { 1, 0 })
        {
            await GiveBackAsync(phone, card);
            await Expect(card.Locator(".owed")).ToHaveCountAsync(left);
        }

        await caller.Page.ReloadAsync();
        await Expect(caller.Find("#headline")).ToHaveTextAsync("已结束：已撤销");
        Assert.Null((await DetailAsync(place, no))["matter"]!["itemsHeld"]);
    }

    [Fact]
    public async Task A_paper_that_was_typed_and_not_taken_in_is_not_lost_by_saying_that_all_are()
    {
        var place = await street.Api.PlaceAsync("12");
        var (no, _) = await street.Api.ErrandAsync(place);
        await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
        var phone = await PhoneAsync(_windows, place.Workers[0]);
        await phone.StillAsync(no);
        await phone.Call(no).Locator("[data-says=item]").TapAsync();
        await phone.Find("dialog input").First.FillAsync("身份证");
        await phone.Find("dialog button[data-says=done]").TapAsync();
        await Expect(phone.Find("dialog .error-box")).ToHaveTextAsync("这一件还没有收下。收下它，或者清空再说。");
        await Expect(phone.Find("dialog")).ToHaveCountAsync(1);
        await phone.Find("dialog button[data-says=item]").TapAsync();
        await Expect(phone.Find($"dialog [data-receipt='{no}-1']")).ToContainTextAsync("身份证");
        await phone.Find("dialog button[data-says=done]").TapAsync();
        await phone.Find("dialog button[value=yes]").TapAsync();
        await Expect(phone.Call(no)).ToContainTextAsync("代办 · 办理");
    }

    [Fact]
    public async Task Of_two_who_take_an_errand_at_once_one_has_it_and_the_other_is_told_in_one_sentence()
    {
        // An errand that any grid worker of the community may take.
        var place = await street.Api.PlaceAsync("07");
        await AddAsync(place, "nextDoor", errand => errand["stages"]![0]!["asks"]![0]!["at"] = "community");
        var (no, _) = await street.Api.ErrandAsync(place, "nextDoor");
        var phones = new List<(Window Phone, IElementHandle Button)>();
        foreach (var worker in place.Workers.Take(2))
        {
            var phone = await PhoneAsync(_windows, worker);
            phone.Forgive("status of 409");
            phones.Add((phone, (await phone.Call(no).Locator("[data-says=accepted]").ElementHandleAsync())!));
        }

        await Task.WhenAll(phones.Select(one => one.Button.EvaluateAsync("button => button.click()")));
        foreach (var (phone, _) in phones) await Expect(phone.Find(".toast.ok").Or(phone.Find(".toast.bad"))).ToBeVisibleAsync();
        var won = new List<bool>();
        foreach (var (phone, _) in phones) won.Add(await phone.Find(".toast.ok").IsVisibleAsync());
        Assert.Single(won, true);
        var (winner, loser) = won[0] ? (phones[0].Phone, phones[1].Phone) : (phones[1].Phone, phones[0].Phone);
        await Expect(loser.Find(".toast.bad")).ToHaveTextAsync(new Regex("^[^。]+。$"));
        await Expect(loser.Call(no)).ToHaveCountAsync(0);
        await Expect(winner.Call(no)).ToContainTextAsync("代办 · 收件");
        await loser.ShootAsync("errand-10-loser");
    }

    [Fact]
    public async Task What_was_filled_in_without_a_network_is_not_lost_whether_it_comes_too_late_or_is_refused()
    {
        var place = await street.Api.PlaceAsync("01"); // no other journey of this host works there: somebody signs off
        var worker = place.Workers[0];
        var (late, _) = await street.Api.ErrandAsync(place);
        var (refused, _) = await street.Api.ErrandAsync(place);
        foreach (var no in new[] { late, refused }) await street.Api.AnswerAsync(worker, no, "take", "accepted");
        await street.Api.AnswerAsync(worker, late, "papers", "done");
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await PhoneAsync(windows, worker);
        phone.Forgive("status of 403");
        await phone.StillAsync(late);
        await MattersAsync(phone);
        line.Cut();
        await phone.Call(late).Locator("[data-says=cannot]").TapAsync();
        await phone.Find("dialog.ask textarea").FillAsync("窗口说要本人去。");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Call(late)).ToContainTextAsync("待上传：办不了");
        await Expect(phone.Call(late).Locator("[data-says=cannot]")).ToHaveCountAsync(0);
        await Expect(phone.Find("dialog.ask")).ToHaveCountAsync(0); // an answer that comes while it still waits is said there
        await street.Api.AnswerAsync(worker, late, "work", "done", new JsonObject { ["words"] = "已办好。" });
        line.Mend();
        await Expect(phone.Find("#matters-told")).ToContainTextAsync("这一步已经结束，没有改变结果；您写的已经记在案上。");
        await phone.Find("#matters-told button").TapAsync();
        await Expect(phone.Find("#matters-told .wait-box")).ToHaveCountAsync(0);

        line.Cut();
        await TakeInAsync(phone, phone.Call(refused), "残疾证");
        await street.Api.AskAsync(worker, HttpMethod.Post, "/api/duty/signOff", []);
        line.Mend();
        await Expect(phone.Find("#refused")).ToContainTextAsync("没有办成：收下一件");
        await Expect(phone.Find("#refused")).ToContainTextAsync("材料名称：残疾证");
        await phone.ShootAsync("errand-13-refused", whole: true);
        await Expect(phone.Find("#shift")).ToHaveTextAsync("签到");
        await phone.Find("#shift").TapAsync();
        await MattersAsync(phone);
        await Expect(phone.Call(refused)).ToBeVisibleAsync();
        await phone.Find("#refused button").First.TapAsync();
        await Expect(phone.Find("dialog input").First).ToHaveValueAsync("残疾证");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("#refused .error-box")).ToHaveCountAsync(0);
        await Expect(phone.Call(refused).Locator($"[data-receipt='{refused}-1']")).ToContainTextAsync("残疾证");
    }

    [Fact]
    public async Task An_errand_that_comes_out_of_a_whistle_is_found_from_the_whistles_pages_unless_it_is_for_somebody_else()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, track) = await street.Api.WhistleAsync("07", "22");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await street.Api.GiveAsync(place.Workers[0], callNo, "arrive");
        var numbers = new List<string>();
        foreach (var phone in new[] { null, "13800001234", "13900009999" })
        {
            var body = new JsonObject { ["procedure"] = "errand", ["grid"] = place.Grid, ["parent"] = callNo, ["form"] = new JsonObject { ["what"] = "A form for the repair fund." } };
            if (phone is not null) body["contact"] = new JsonObject { ["phone"] = phone };
            var (status, opened) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Post, "/api/matters", body);
            Assert.True(status == System.Net.HttpStatusCode.Created, $"{status} {opened}");
            numbers.Add((string)opened!["callNo"]!);
        }

        var resident = await _windows.ResidentAsync("/t/" + track, script: false);
        await Expect(resident.Find("[data-matter]")).ToHaveCountAsync(2);
        await Expect(resident.Find($"[data-matter='{numbers[2]}']")).ToHaveCountAsync(0);
        await resident.ShootAsync("errand-11-track", whole: true);
        await resident.Find($"[data-matter='{numbers[0]}']").TapAsync();
        await Expect(resident.Find("b.no")).ToHaveTextAsync(numbers[0]);

        var desk = await _windows.DeskAsync("duty", "/desk?q=" + callNo);
        await desk.LiveAsync();
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find($"#detail .timeline a[href='/matters/{numbers[0]}']")).ToBeVisibleAsync();
        await desk.ShootAsync("errand-12-desk");
    }

    [Fact]
    public async Task A_party_reads_through_its_link_only_what_it_is_asked()
    {
        var place = await street.Api.PlaceAsync("07");
        await AddAsync(place, "askParty", errand => errand["stages"]![4]!["asks"]![0]!["roles"] = new JsonArray("party:housing"));
        var (no, follow) = await street.Api.ErrandAsync(place, "askParty");
        await street.Api.AnswerAsync(place.Workers[0], no, "take", "accepted");
        await street.Api.AnswerAsync(place.Workers[0], no, "papers", "done");
        await street.Api.AnswerAsync(place.Workers[0], no, "work", "done");
        var (status, link) = await street.Api.AskAsync("community" + place.Community, HttpMethod.Post, $"/api/matters/{no}/link", new JsonObject { ["owed"] = "followUp" });
        Assert.True((int)status == 201, $"{status} {link}");

        var party = await _windows.ResidentAsync((string)link!["url"]!, script: false);
        await Expect(party.Find("#headline")).ToHaveTextAsync("请您回答");
        await Expect(party.Find(".steps, #papers, #promise, a[href$='act=withdraw']")).ToHaveCountAsync(0);
        await party.ShootAsync("errand-14-party", whole: true);
        await party.Find("#live a.blow").TapAsync();
        await party.Find("button[value=satisfied]").TapAsync();
        await Expect(party.Find("#headline")).ToHaveTextAsync("现在没有要您回答的");
        var caller = await _windows.ResidentAsync(follow, script: false);
        await Expect(caller.Find("#headline")).ToHaveTextAsync("已结束：满意");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>Adds a procedure that is the shipped errand except for one thing.</summary>
    private async Task AddAsync(Place place, string code, Action<JsonNode> change)
    {
        var errand = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Hub", "Street", "procedures", "errand.json")))!;
        errand["code"] = code;
        change(errand);
        var (added, named) = await street.Api.AskAsync("admin", HttpMethod.Post, "/api/procedures", new JsonObject { ["document"] = errand.ToJsonString(), ["grid"] = place.Grid });
        Assert.True(added == System.Net.HttpStatusCode.Created, $"{added} {named}");
    }

    private static async Task<Window> PhoneAsync(Windows windows, string account)
    {
        var phone = await windows.SignInAsync(account, "/m", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 640 }, HasTouch = true });
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker");
        await phone.LiveAsync();
        await MattersAsync(phone);
        return phone;
    }

    /// <summary>Whatever rings for the same team, the tab with its matters is chosen once they have been read.</summary>
    private static async Task MattersAsync(Window phone)
    {
        await phone.Find("#matters .call").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await phone.TabAsync("tasks");
    }

    /// <summary>One paper after the other, on a phone without a network.</summary>
    private static async Task TakeInAsync(Window phone, ILocator card, params string[] papers)
    {
        await MattersAsync(phone);
        await card.Locator("[data-says=item]").TapAsync();
        var before = await phone.Find("dialog .papers li.unsent").CountAsync();
        foreach (var (paper, i) in papers.Select((paper, i) => (paper, i)))
        {
            await phone.Find("dialog input").First.FillAsync(paper);
            await phone.Find("dialog button[data-says=item]").TapAsync();
            await Expect(phone.Find("dialog .papers li.unsent")).ToHaveCountAsync(before + i + 1);
            await Expect(phone.Find("dialog .papers li.unsent").Last).ToContainTextAsync(paper);
            await Expect(phone.Find("dialog .papers li.unsent").Last).ToContainTextAsync("没有网络，收据号稍后");
        }

        await FitsAsync(phone);
        await phone.ShootAsync("errand-collect");
        await phone.Find("dialog button[value=no]").TapAsync();
    }

    /// <summary>The next paper, signed for by a finger.</summary>
    private static async Task GiveBackAsync(Window phone, ILocator card)
    {
        await MattersAsync(phone);
        await card.Locator("[data-says=done]").First.ClickAsync();
        await phone.Find("dialog input").First.FillAsync("王大娘");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("dialog .error-box")).ToHaveTextAsync("请签名。");
        await phone.Find("dialog .sign").ScrollIntoViewIfNeededAsync();
        var pad = (await phone.Find("dialog .sign").BoundingBoxAsync())!;
        await phone.Page.Mouse.MoveAsync(pad.X + 30, pad.Y + 40);
        await phone.Page.Mouse.DownAsync();
        foreach (var (x, y) in new (float, float)[] { (80, 20), (110, 60), (160, 30), (200, 70) }) await phone.Page.Mouse.MoveAsync(pad.X + x, pad.Y + y, new() { Steps = 4 });
        await phone.Page.Mouse.UpAsync();
        await Expect(phone.Find("dialog .sign-foot")).ToContainTextAsync("已签");
        await FitsAsync(phone);
        await phone.ShootAsync("errand-sign");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("dialog")).ToHaveCountAsync(0);
    }

    /// <summary>Nothing scrolls sideways, and no bar takes more of a small phone than a thumb needs.</summary>
    private static async Task FitsAsync(Window phone)
    {
        var faults = await phone.Page.EvaluateAsync<string[]>("""
            () => {
              const faults = [document.documentElement, ...document.querySelectorAll('dialog')].filter((box) => box.scrollWidth > box.clientWidth).map((box) => `${box.tagName} scrolls sideways: ${box.scrollWidth}`);
              for (const bar of document.querySelectorAll('.top, .bars, dialog form > .row-wrap')) {
                const high = bar.getBoundingClientRect().height;
                if (['sticky', 'fixed'].includes(getComputedStyle(bar).position) && high > 104) faults.push(`${bar.className} is ${high} px high`);
              }
              return faults;
            }
            """);
        Assert.Empty(faults);
    }

    /// <summary>Waits until the service worker and what is owed are stored: from then on the page opens offline.</summary>
    private static async Task KeptAsync(Window phone, string no, string stage) => await phone.Page.EvaluateAsync("""
        async ([no, stage]) => {
            const isKept = async () => {
                if (!(await caches.match('/m'))) return false;
                const database = await new Promise((resolve) => { indexedDB.open('phone').onsuccess = (event) => resolve(event.target.result); });
                const read = (name) => new Promise((resolve) => { database.transaction('kept').objectStore('kept').get(name).onsuccess = (event) => resolve(event.target.result); });
                const [picture, matters] = [await read('picture'), await read('matters')];
                database.close();
                return picture && matters?.owed.some((item) => item.matter.callNo === no && item.stage.code === stage);
            };
            for (let look = 0; look < 600; look++) {
                if (await isKept()) return;
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error('The page is not kept.');
        }
        """, new[] { no, stage });

    private async Task<JsonNode> DetailAsync(Place place, string no) => (await street.Api.AskAsync("community" + place.Community, HttpMethod.Get, "/api/matters/" + no)).Body!;
}
