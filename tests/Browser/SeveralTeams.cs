using System.Net;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A person in two teams has one page: every case says whose it is, and is dealt with as that team's post.</summary>
public sealed class SeveralTeams(Street street) : IAsyncDisposable
{
    /// <summary>What a browser writes when a post is taken away while its stream is open.</summary>
    private const string NotHeld = "status of 403|WebSocket connection to";

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData(360, 640)]
    [InlineData(320, 568)]
    public async Task What_rings_for_either_team_stands_on_one_page_and_is_taken_for_the_team_that_it_calls(int width, int height)
    {
        var second = await PostAsync("police33", "34", "community16");
        var (own, _) = await street.Api.WhistleInAsync("118");
        var (other, _) = await street.Api.WhistleInAsync("120");
        Assert.NotEqual(await TeamOfAsync(own), await TeamOfAsync(other));

        var phone = await _windows.MemberAsync("police33");
        await phone.Page.SetViewportSizeAsync(width, height);
        await phone.LiveAsync();
        foreach (var (callNo, team) in new[] { (own, "33"), (other, "34") })
        {
            await phone.InSightAsync(callNo);
            await Expect(phone.Call(callNo).Locator("[data-for]")).ToHaveAttributeAsync("data-for", team);
        }

        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，2 个在岗");
        await Expect(phone.Find("#posts li")).ToHaveCountAsync(2);
        await phone.ShootAsync($"m-two-posts-{width}", whole: true);

        foreach (var (callNo, team) in new[] { (other, "34"), (own, "33") })
        {
            await phone.TapAsync(callNo, "accept");
            await Expect(phone.Find("dialog.sheet .foot [data-command=arrive]")).ToBeVisibleAsync(); // the task opens, with its next step
            await Expect(phone.Find("dialog.sheet [data-why=find]")).ToBeVisibleAsync(); // and may be asked how to reach the caller
            await phone.BackFromTaskAsync();
            Assert.Equal(team, await TeamOfAsync(callNo));
        }

        // Off duty in the second post: its cases go, the others stay.
        await phone.Find($"#posts [data-post='{second}']").TapAsync();
        await phone.Find("dialog.ask button[value=yes]").TapAsync();
        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，1 个在岗");
        await Expect(phone.Call(other)).ToHaveCountAsync(0);
        await phone.InSightAsync(own);
        await phone.Find($"#posts [data-post='{second}']").TapAsync();
        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，2 个在岗");
        phone.Forgive(NotHeld);
        await RetireAsync(second, "community16");
        await Expect(phone.Find("#posts")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_tap_without_a_network_goes_as_the_post_that_it_was_made_for()
    {
        var second = await PostAsync("police34", "33", "community16");
        var (callNo, _) = await street.Api.WhistleInAsync("118", "18");
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync("police34");
        phone.Forgive("net::ERR_|WebSocket connection to|Failed to fetch|fetching the script|service worker");
        await phone.LiveAsync();
        await phone.KeptAsync(callNo);
        line.Cut();
        await phone.TapAsync(callNo, "accept");
        await Expect(phone.Find("#outbox")).ToBeVisibleAsync();
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#outbox")).ToBeVisibleAsync();
        line.Mend();
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        Assert.Equal("33", await TeamOfAsync(callNo));
        await RetireAsync(second, "community16");
    }

    [Fact]
    public async Task A_shift_that_begins_or_ends_elsewhere_is_known_on_the_open_page()
    {
        var second = await PostAsync("police34", "33", "community16", onDuty: false);
        await street.Api.AskAsync("police34", HttpMethod.Post, "/api/duty/signOff", []);
        var phone = await _windows.MemberAsync("police34");
        await phone.LiveAsync();
        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，0 个在岗");
        await street.Api.AskAsync("police34", HttpMethod.Post, "/api/duty/take?post=" + second, []);
        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，1 个在岗");
        await street.Api.AskAsync("police34", HttpMethod.Post, "/api/duty/take", []);
        await Expect(phone.Find("#me")).ToHaveTextAsync("2 个岗位，2 个在岗");
        phone.Forgive(NotHeld);
        await RetireAsync(second, "community16");
        await Expect(phone.Find("#posts")).ToBeHiddenAsync();
        await street.Api.AskAsync("police34", HttpMethod.Post, "/api/duty/signOff", []);
        await Expect(phone.Find("#me")).ToContainTextAsync("不在岗");
        await street.Api.AskAsync("police34", HttpMethod.Post, "/api/duty/take", []);
        await Expect(phone.Find("#me")).ToHaveTextAsync("归鹭管家二队 · 社区民警 · 在岗");
    }

    [Fact]
    public async Task A_tap_for_a_post_that_was_taken_away_meanwhile_is_refused_in_words_and_holds_up_no_other()
    {
        var second = await PostAsync("police33", "34", "community16");
        var (gone, _) = await street.Api.WhistleInAsync("120", "18");
        var (own, _) = await street.Api.WhistleInAsync("118", "18");
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync("police33");
        phone.Forgive("net::ERR_|WebSocket connection to|Failed to fetch|fetching the script|service worker|" + NotHeld);
        await phone.LiveAsync();
        await phone.KeptAsync(gone, own);
        line.Cut();
        await phone.TapAsync(gone, "accept");
        await phone.TapAsync(own, "accept");
        await Expect(phone.Find("#outbox-count")).ToHaveTextAsync("2 条待上传");
        await RetireAsync(second, "community16");
        line.Mend();
        await Expect(phone.Find("#refused")).ToContainTextAsync("这个岗位不是您的，或已收回。");
        await Expect(phone.Find("#outbox")).ToBeHiddenAsync();
        Assert.Equal("33", await TeamOfAsync(own));
    }

    [Fact]
    public async Task A_call_for_help_to_the_second_team_is_asked_for_though_a_colleague_of_the_first_leads()
    {
        var second = await PostAsync("police33", "34", "community16");
        var (callNo, _) = await street.Api.WhistleInAsync("118", "18");
        await street.Api.GiveAsync("grid118", callNo, "accept");
        await street.Api.GiveAsync("grid118", callNo, "arrive");
        await street.Api.GiveAsync("grid118", callNo, "help", new() { ["team"] = "34" });
        var phone = await _windows.MemberAsync("police33");
        await phone.LiveAsync();
        await phone.TapAsync(callNo, "come");
        await Expect(phone.Find("dialog.sheet")).ToBeVisibleAsync();
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Contains(detail!["call"]!["answers"]!.AsArray(), answer => (string?)answer!["kind"] == "help" && (bool)answer["met"]!);
        await RetireAsync(second, "community16");
    }

    [Fact]
    public async Task A_post_that_is_given_or_an_own_one_that_is_taken_while_the_page_lies_open_changes_what_it_shows()
    {
        var (_, of) = await street.Api.AskAsync("property33", HttpMethod.Get, "/api/me");
        var phone = await _windows.MemberAsync("property33");
        await phone.LiveAsync();
        var (callNo, _) = await street.Api.WhistleInAsync("120", "18");
        await PostAsync("property33", "34", "community16");
        await phone.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))"); // the phone is taken out again
        await phone.InSightAsync(callNo);
        await Expect(phone.Find("#posts li")).ToHaveCountAsync(2);

        phone.Forgive(NotHeld);
        await RetireAsync((string)of!["post"]!, "community16");
        await Expect(phone.Find("#me")).ToHaveTextAsync("归鹭管家二队 · 物业 · 在岗");
        await phone.InSightAsync(callNo);
        var (next, _) = await street.Api.WhistleInAsync("120", "18");
        await phone.TapAsync(next, "accept");
        Assert.Equal("34", await TeamOfAsync(next));
    }

    [Fact]
    public async Task A_photo_of_the_second_teams_case_is_sent_and_seen()
    {
        var second = await PostAsync("police33", "34", "community16");
        var (callNo, _) = await street.Api.WhistleInAsync("120", "18");
        var phone = await _windows.MemberAsync("police33");
        await phone.LiveAsync();
        await phone.TapAsync(callNo, "accept");
        await phone.Find("dialog.sheet input[data-photo=before]").SetInputFilesAsync(new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = await Pictures.JpegAsync(street.Chromium, 640, 480) });
        await Expect(phone.Find(".toast.ok", "照片已上传。")).ToBeVisibleAsync();
        await phone.TaskAsync(callNo);
        await phone.Page.WaitForFunctionAsync("() => document.querySelector('dialog .photo img')?.naturalWidth > 0");
        await RetireAsync(second, "community16");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>Gives an account a post in another team, and goes on duty in it.</summary>
    private async Task<string> PostAsync(string account, string team, string by, bool onDuty = true)
    {
        var (_, post) = await street.Api.AskAsync(by, HttpMethod.Post, "/api/roster/posts", new JsonObject { ["userName"] = account, ["team"] = team });
        var id = (string)post!["id"]!;
        if (onDuty) await street.Api.AskAsync(account, HttpMethod.Post, "/api/duty/take?post=" + id, []);
        return id;
    }

    private async Task RetireAsync(string post, string by) =>
        Assert.Equal(HttpStatusCode.OK, (await street.Api.AskAsync(by, HttpMethod.Post, "/api/roster/retire", new JsonObject { ["post"] = post })).Status);

    /// <summary>The team that has a case, or that it calls.</summary>
    private async Task<string?> TeamOfAsync(string callNo)
    {
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        return (string?)detail!["call"]!["lead"]?["team"] ?? (string?)detail["call"]!["teams"]![0];
    }
}
