using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>待我处理: the first figure of the desk is what needs the officer, each row with what it needs; it is gone once it is done.</summary>
public sealed class ForMe(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task What_waits_for_a_decision_and_what_has_climbed_is_first_and_nobody_elses_is_among_it()
    {
        var place = await street.Api.PlaceAsync("10");
        var (asked, _) = await street.Api.WhistleAsync("10", "11");
        var (quiet, _) = await street.Api.WhistleAsync("10", "15");
        await street.Api.GiveAsync(place.Workers[0], asked, "accept");
        await street.Api.GiveAsync(place.Workers[0], quiet, "accept");
        var desk = await _windows.DeskAsync("community" + place.Community);
        await desk.LiveAsync();
        await Expect(desk.Find("#figures a").First).ToContainTextAsync("待我处理");
        var before = int.Parse(await desk.Find("#figure-mine").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

        await street.Api.GiveAsync(place.Workers[0], asked, "request", new JsonObject { ["kind"] = "extension", ["hours"] = 1, ["note"] = "要等配件" });
        await Expect(desk.Find("#figure-mine")).ToHaveTextAsync($"{before + 1}");
        await Expect(desk.Call(asked).Locator("[data-need]")).ToHaveTextAsync("待审批");
        await desk.Find("a[data-figure=mine]").ClickAsync();
        await Expect(desk.Call(asked)).ToBeVisibleAsync();
        await Expect(desk.Call(quiet)).ToBeHiddenAsync();
        await desk.ShootAsync("desk-mine");
        await desk.Page.ReloadAsync(); // the address keeps what is shown
        await Expect(desk.Call(asked)).ToBeVisibleAsync();

        var elsewhere = await _windows.DeskAsync("community15", "/desk?state=mine");
        await elsewhere.LiveAsync();
        await Expect(elsewhere.Call(asked)).ToHaveCountAsync(0);

        // Whoever decides reads what is asked, in the case and where the answer is given.
        await desk.Call(asked).ClickAsync();
        await Expect(desk.Find("#detail [data-plea=extension]")).ToContainTextAsync("申请延长 1 小时，到");
        await desk.Find("#detail [data-command=ruleExtension]").ClickAsync();
        await Expect(desk.Find("dialog")).ToContainTextAsync("申请延长 1 小时，到");
        await desk.ShootAsync("desk-approve");
        await desk.Find("dialog input[value=yes]").CheckAsync();
        await desk.Find("dialog button[value=yes]").ClickAsync();
        await Expect(desk.Find("#figure-mine")).ToHaveTextAsync($"{before}");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
