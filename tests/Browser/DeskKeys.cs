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
    public async Task What_was_typed_into_the_search_survives_Escape()
    {
        var (callNo, _) = await street.Api.WhistleAsync("10", "11");
        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        await desk.Page.Keyboard.PressAsync("/");
        await desk.Page.Keyboard.TypeAsync(callNo[^5..]);
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(desk.Find("input[name=q]")).ToHaveValueAsync(callNo[^5..]);
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
