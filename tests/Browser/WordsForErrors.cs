using System.Net;

namespace DispatchCenter.Browser;

/// <summary>Errors are explained in words, with a status for machines.</summary>
public sealed class WordsForErrors(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("/s/99", "没有找到这个地方", "二维码可能旧了", "station")]
    [InlineData("/g/999", "没有找到这个地方", "从列表里选地方", "grid")]
    [InlineData("/t/0000000000000000000000", "没有找到这件事", "可能不完整，或者已经过期", "track")]
    [InlineData("/no/such/page", "没有这一页", "网址可能打错了", "page")]
    public async Task What_is_not_there_is_a_404_in_words_with_a_way_on(string path, string title, string words, string name)
    {
        var window = await _windows.ResidentAsync(path);
        window.Forgive("status of 404");
        Assert.Equal(404, window.Answer!.Status);
        await Expect(window.Find("h1")).ToHaveTextAsync(title);
        await Expect(window.Find("main")).ToContainTextAsync(words);
        await Expect(window.Find("a.urgent-call").First).ToHaveAttributeAsync("href", "tel:110");
        await window.ShootAsync("error-" + name, whole: true);
        await window.Find("main a.button[href='/s']").ClickAsync();
        await Expect(window.Find("h1")).ToHaveTextAsync("事情在哪里？");
    }

    [Fact]
    public async Task An_unknown_tracking_code_is_a_problem_with_its_own_code()
    {
        var (status, problem) = await street.Api.AskAsync(null, HttpMethod.Get, "/api/track/0000000000000000000000");
        Assert.Equal((HttpStatusCode.NotFound, "tracking_unknown"), (status, (string?)problem!["code"]));
    }

    [Fact]
    public async Task A_wrong_password_is_told_beside_the_form_and_the_account_stays_filled_in()
    {
        var window = await _windows.ScreenAsync("/signin");
        window.Forgive("status of 422");
        await window.Find("#user").FillAsync("grid001");
        await window.Find("#password").FillAsync("not the password");
        var answer = await window.Page.RunAndWaitForResponseAsync(
            () => window.Find("main form button[type=submit]").First.ClickAsync(), response => response.Request.Method == "POST");
        Assert.Equal(422, answer.Status);
        await Expect(window.Find("#signin-error")).ToHaveTextAsync("账号或密码不对。");
        await Expect(window.Find("#user")).ToHaveValueAsync("grid001");
        await Expect(window.Find("#password")).ToHaveValueAsync("");
        await window.ShootAsync("error-password");
    }

    [Theory]
    [InlineData("grid001", "/desk")]
    [InlineData("duty", "/m")]
    [InlineData("property01", "/review")]
    [InlineData("wall", "/desk")]
    public async Task A_room_that_is_not_for_this_account_is_a_403_in_words(string account, string room)
    {
        var window = await _windows.DeskAsync(account, "/");
        window.Forgive("status of 403");
        var answer = await window.Page.GotoAsync(room);
        Assert.Equal(403, answer!.Status);
        await Expect(window.Find("h1")).ToHaveTextAsync("您没有权限看这一页");
        await window.ShootAsync("error-forbidden" + room.Replace('/', '-'));
    }

    [Theory]
    [InlineData("/desk?level=S1", "duty")]
    [InlineData("/review", "grid001")]
    public async Task Whoever_has_not_signed_in_does_so_and_gets_where_they_wanted(string room, string account)
    {
        var window = await _windows.ScreenAsync(room);
        await Expect(window.Find("h1")).ToHaveTextAsync("工作人员登录");
        await window.Find("#user").FillAsync(account);
        await window.Find("#password").FillAsync(StreetApi.Password);
        await window.Find("#password").PressAsync("Enter");
        await window.LiveAsync();
        Assert.EndsWith(room, window.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var window = await _windows.DeskAsync("duty2");
        await window.LiveAsync();
        await window.Find(".top form button").ClickAsync();
        await Expect(window.Find("h1")).ToHaveTextAsync("一呼三应，邻里有事吹个哨");
        await window.Page.GotoAsync("/desk");
        await Expect(window.Find("h1")).ToHaveTextAsync("工作人员登录");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
