using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>事项 at the desks: opened, found, decided on and cancelled; and what the public reads of one.</summary>
public sealed class MattersRoom(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task An_errand_is_opened_at_the_counter_found_on_the_desk_given_more_time_and_cancelled_for_a_reason()
    {
        var place = await street.Api.PlaceAsync("08");
        var community = await _windows.DeskAsync(CommunityOf(place), "/matters");
        await community.LiveAsync();
        await community.Find("#begin").ClickAsync();
        await Choose(community, "errand");
        await community.Find("#new select").First.SelectOptionAsync(place.Grid);
        await community.Find("#new input[value=counter]").CheckAsync();
        await community.Find("#new input[type=tel]").FillAsync("13800001234");
        await community.Find("#new textarea").FillAsync("替老人办理高龄补贴");
        await community.ShootAsync("matters-new", whole: true);
        await community.Find("#new button[type=submit]").ClickAsync();
        var no = await community.Find("#opened-no").InnerTextAsync();
        await Expect(community.Find("#caller-link")).ToHaveValueAsync(new Regex("/f/[A-Za-z0-9_-]{20,}$"));
        await Expect(community.Find("#new img.code")).ToBeVisibleAsync();
        await community.ShootAsync("matters-opened", whole: true);
        await Expect(community.Find($"#all [data-no='{no}']")).ToContainTextAsync("代办 · 接手");

        var desk = await _windows.DeskAsync("duty", "/desk?kind=matter&q=" + no);
        await desk.LiveAsync();
        await Expect(desk.Call(no)).ToContainTextAsync("代办");
        await Expect(desk.Call(no)).ToContainTextAsync("网格员");
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", "1");
        await Expect(desk.Find("#queue-count")).ToContainTextAsync(" · 1 事项");
        await desk.Find("select[name=kind]").SelectOptionAsync("whistle");
        await Expect(desk.Call(no)).ToHaveCountAsync(0);
        await desk.Find("select[name=kind]").SelectOptionAsync("");
        await Expect(desk.Call(no)).ToBeVisibleAsync();
        await desk.Find("#queue").FocusAsync();
        await desk.Page.Keyboard.PressAsync("j");
        await Expect(desk.Find("#detail h2")).ToHaveTextAsync("代办");
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Page.WaitForURLAsync("**/matters/" + no);
        await Expect(desk.Find(".stage-line li")).ToHaveCountAsync(5);
        await Expect(desk.Find(".stage-line [data-state=now]")).ToContainTextAsync("接手");
        await Expect(desk.Find("#timeline")).ToContainTextAsync("开“代办”");
        await desk.ShootAsync("matter-open", whole: true);

        await desk.MarkAsync();
        await street.Api.MatterAsync(place.Workers[0], no, "request", new() { ["kind"] = "extension", ["minutes"] = 60, ["note"] = "材料还没有备齐" });
        await community.Page.GotoAsync("/matters/" + no);
        await Expect(community.Find("[data-plea=extension]")).ToContainTextAsync("申请延长 1 小时");
        await community.Find("[data-command='rule:extension']").ClickAsync();
        await Expect(community.Find("dialog")).ToContainTextAsync("申请延长 1 小时");
        await community.Find("dialog input[value=yes]").CheckAsync();
        await community.Find("dialog textarea").FillAsync("情况属实");
        await community.ShootAsync("matter-rule");
        await community.Find("dialog button[value=yes]").ClickAsync();
        await Expect(community.Find("#timeline")).ToContainTextAsync("审批：批准；时限延长");
        await Expect(desk.Find("#timeline")).ToContainTextAsync("时限延长"); // by itself
        await desk.SameDocumentAsync();

        await community.Find("[data-command=cancel]").ClickAsync();
        await community.Find("dialog textarea").FillAsync("本人已经自己办好");
        await community.Find("dialog button[value=yes]").ClickAsync();
        await Expect(community.Find("#timeline")).ToContainTextAsync("进入“退还”；这一步的结果：全部退还；结束：已撤销");
        await Expect(community.Find("#timeline")).ToContainTextAsync("本人已经自己办好");
        await Expect(community.Find(".detail-head .state")).ToHaveTextAsync("已结束");
        await community.ShootAsync("matter-cancelled", whole: true);
        await community.Page.GotoAsync("/matters?state=ended&procedure=errand");
        await Expect(community.Find($"#all [data-no='{no}']")).ToContainTextAsync("已撤销");
    }

    [Fact]
    public async Task Opening_proposes_ones_own_community_and_a_vote_suggests_no_answer()
    {
        var place = await street.Api.PlaceAsync("09");
        await AddAsync(Ballot("ballot"));
        var community = await _windows.DeskAsync(CommunityOf(place), "/matters");
        await community.LiveAsync();
        await community.Find("#begin").ClickAsync();
        await Choose(community, "errand");
        await Expect(community.Find("#new optgroup").First).ToHaveAttributeAsync("label", await community.Find($"#new option[value='{place.Grid}']").Locator("..").GetAttributeAsync("label") ?? "");
        await Choose(community, "ballot");
        await Expect(community.Find("#new select").First).ToHaveValueAsync(place.Community);
        await Expect(community.Find("#new input[value=staff]")).ToBeCheckedAsync();
        await community.Find("#new button[type=submit]").ClickAsync();
        await community.Find("#opened-no").ClickAsync();
        await Expect(community.Find("#timeline")).ToContainTextAsync("找不到事先选定的岗位");
        await Expect(community.Find("#mine .button")).ToHaveCountAsync(3);
        await Expect(community.Find("#mine .button:not(.plain)")).ToHaveCountAsync(0);
        await community.ShootAsync("matter-ballot", whole: true);
    }

    [Fact]
    public async Task A_matter_is_opened_out_of_a_whistle_and_each_leads_to_the_other()
    {
        var place = await street.Api.PlaceAsync("07");
        var (callNo, _) = await street.Api.WhistleAsync("07", "12");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        var desk = await _windows.DeskAsync("duty", "/desk?q=" + callNo);
        await desk.LiveAsync();
        await desk.Call(callNo).ClickAsync();
        await desk.Find("#detail .more summary").ClickAsync();
        await desk.ShootAsync("desk-matter-link");
        await desk.Find("#detail [data-link=matter]").ClickAsync();
        await Expect(desk.Find("#new")).ToContainTextAsync("由 " + callNo + " 转来");
        await Choose(desk, "errand");
        await Expect(desk.Find("#new select").First).ToHaveValueAsync(place.Grid);
        await desk.Find("#new textarea").FillAsync("代开证明");
        await desk.Find("#new button[type=submit]").ClickAsync();
        await desk.Find("#opened-no").ClickAsync();
        await Expect(desk.Find(".detail-head a")).ToHaveTextAsync(callNo);
        await desk.Find(".detail-head a").ClickAsync();
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_public_reads_the_public_fields_of_a_notice_and_nothing_of_a_sealed_matter()
    {
        var place = await street.Api.PlaceAsync("09");
        await AddAsync(Document("notice", "公示试验", "public"));
        await AddAsync(Document("secret", "密件试验", "sealed"));
        var (notice, secret) = (await OpenAsync(street, "notice", place), await OpenAsync(street, "secret", place));

        var anyone = await _windows.ResidentAsync("/matters/" + notice, script: false);
        Assert.Equal(200, anyone.Answer!.Status);
        await Expect(anyone.Find("#notice")).ToContainTextAsync("楼道加装扶手");
        await Expect(anyone.Find("main")).Not.ToContainTextAsync("内部的话");
        await anyone.ShootAsync("matter-notice", whole: true);
        await anyone.Page.GotoAsync("/matters/" + secret);
        await Expect(anyone.Page).ToHaveURLAsync(new Regex("/signin\\?returnUrl="));

        var outsider = await _windows.MemberAsync(place.Police, "/m");
        outsider.Forgive("status of 404");
        var told = await outsider.Page.GotoAsync("/matters/" + secret);
        Assert.Equal(404, told!.Status);
        var hidden = await outsider.Find("main").InnerTextAsync();
        await outsider.Page.GotoAsync("/matters/M260101-00000");
        Assert.Equal(hidden, await outsider.Find("main").InnerTextAsync());

        var inside = await _windows.DeskAsync(CommunityOf(place), "/matters/" + secret);
        await Expect(inside.Find("#timeline")).ToContainTextAsync("内部的话");
    }

    /// <summary>As an administrator does it: tries the document, then adds it.</summary>
    private async Task AddAsync(string document)
    {
        var admin = await _windows.DeskAsync("admin", "/admin/procedures");
        await admin.Find("textarea[name=document]").FillAsync("{}");
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find("#result .error-box li").First).ToBeVisibleAsync();
        await admin.Find("textarea[name=document]").FillAsync(document);
        await admin.Find("button[formaction*=Try]").ClickAsync();
        await Expect(admin.Find("#result tbody tr").First).ToContainTextAsync("show");
        await admin.ShootAsync("procedures-tried", whole: true);
        await admin.Find("button[formaction*=Add]").ClickAsync();
        await Expect(admin.Find(".ok-box")).ToContainTextAsync("已启用");
        await admin.Page.Context.CloseAsync();
    }

    internal static async Task<string> OpenAsync(Street street, string procedure, Place place)
    {
        var (_, opened) = await street.Api.AskAsync(CommunityOf(place), HttpMethod.Post, "/api/matters", new JsonObject
        {
            ["procedure"] = procedure, ["community"] = place.Community, ["form"] = new JsonObject { ["what"] = "楼道加装扶手", ["inside"] = "内部的话" },
        });
        return (string)opened!["callNo"]!;
    }

    internal static string Document(string code, string name, string visibility) => $$"""
        {
          "code": "{{code}}", "name": "{{name}}", "nameEn": "Trial {{code}}", "about": "试验用。", "aboutEn": "A trial.", "place": "community", "visibility": "{{visibility}}",
          "starters": ["communityDesk"], "opening": "facts",
          "forms": [{ "key": "facts", "fields": [
            { "key": "what", "name": "公示内容", "nameEn": "What is announced", "kind": "text", "required": true, "privacy": "public" },
            { "key": "inside", "name": "内部说明", "nameEn": "For staff", "kind": "text", "privacy": "staff" }] }],
          "stages": [{ "key": "show", "name": "公示期", "nameEn": "On show", "limit": "5wd",
            "asks": [{ "key": "close", "name": "结束公示", "nameEn": "End the notice", "roles": ["communityDesk"] }],
            "next": { "done": { "to": "end", "name": "公示结束", "nameEn": "Notice over" } } }]
        }
        """;

    /// <summary>A vote of chosen posts: if none is chosen, the community's desk is asked.</summary>
    private static string Ballot(string code) => $$"""
        {
          "code": "{{code}}", "name": "表决试验", "nameEn": "Trial {{code}}", "place": "community", "starters": ["communityDesk"],
          "stages": [{ "key": "show", "name": "表决", "nameEn": "Vote", "gate": "vote", "quorum": 1, "limit": "1d",
            "asks": [{ "key": "vote", "name": "表决", "nameEn": "Vote", "roles": ["chosen"], "need": "all" }],
            "next": { "passed": { "to": "end", "name": "通过", "nameEn": "Passed" }, "rejected": { "to": "end", "name": "未通过", "nameEn": "Rejected" }, "noQuorum": { "to": "end", "name": "人数不足", "nameEn": "No quorum" } } }]
        }
        """;

    private static Task Choose(Window window, string procedure) => window.Find($"#new input[value={procedure}]").CheckAsync(new() { Force = true });

    private static string CommunityOf(Place place) => "community" + place.Community;

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
