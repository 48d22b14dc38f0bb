using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>A telephone number that looks wrong: staff are asked once and keep what they typed, a resident's whistle never waits. Grid 124 is its own.</summary>
public sealed class UnusualNumber(Street street) : IAsyncDisposable
{
    private const string Grid = "124", CutShort = "138 0013 800";

    private static readonly Regex Asked = new("看起来不完整或不存在，确定就再按一次");

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_desk_is_asked_once_about_it_and_again_about_another_and_hears_that_no_text_reaches_it()
    {
        var desk = await _windows.DeskAsync("duty", "/desk?grid=" + Grid);
        desk.Forgive("status of 422");
        await desk.LiveAsync();
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
        await desk.Page.Keyboard.PressAsync("n");
        await desk.Find("#intake-phone").FillAsync(CutShort);
        await desk.Find(".intake-panel details summary").ClickAsync();
        await desk.Find($".where-map [data-grid='{Grid}']").ClickAsync();
        await desk.Find("#intake-category").SelectOptionAsync("11");
        await desk.Find("#intake-words").FillAsync("桶满了");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find(".intake-panel .error-box")).ToHaveTextAsync(Asked);
        await Expect(desk.Find("#intake-phone")).ToHaveValueAsync(CutShort);
        await Expect(desk.Find("#intake-words")).ToHaveValueAsync("桶满了");
        await desk.ShootAsync("intake-unusual");

        await desk.Find("#intake-phone").FillAsync("0632-555010");
        await desk.Page.RunAndWaitForResponseAsync(() => desk.Page.Keyboard.PressAsync("Control+Enter"), answer => answer.Status == 422); // asked again, in the same words
        await Expect(desk.Find(".intake-panel [aria-busy=true]")).ToHaveCountAsync(0);
        await Expect(desk.Find(".intake-panel .error-box")).ToHaveTextAsync(Asked);
        await Expect(desk.Find("#intake-no")).ToHaveCountAsync(0);
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("#read-aloud")).ToBeVisibleAsync();
        await Expect(desk.Find("#no-text")).ToHaveTextAsync(new Regex("收不到短信"));
        await desk.ShootAsync("intake-unusual-done");
    }

    [Fact]
    public async Task An_errand_at_the_counter_is_asked_about_it_once()
    {
        var place = await street.Api.PlaceAsync("08");
        var counter = await _windows.DeskAsync("community" + place.Community, "/matters");
        counter.Forgive("status of 422");
        await counter.LiveAsync();
        await counter.Find("#begin").ClickAsync();
        await counter.Find("#new input[value=errand]").CheckAsync();
        await counter.Find("#new select").First.SelectOptionAsync(place.Grid);
        await counter.Find("#new input[value=counter]").CheckAsync();
        await counter.Find("#new input[type=tel]").FillAsync(CutShort);
        await counter.Find("#new textarea").FillAsync("替老人办理高龄补贴");
        await counter.Find("#new button[type=submit]").ClickAsync();
        await Expect(counter.Find("#new .error-box")).ToHaveTextAsync(Asked);
        await counter.Find("#new button[type=submit]").ClickAsync();
        await Expect(counter.Find("#opened-no")).ToBeVisibleAsync();
        await Expect(counter.Find("#no-text")).ToBeVisibleAsync();
        await counter.ShootAsync("matters-no-text");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_residents_whistle_goes_at_the_first_press_and_its_page_says_what_is_wrong_with_the_number(bool script)
    {
        var resident = await _windows.ResidentAsync("/g/" + Grid, script);
        await resident.Find("input[name=category][value='12']").CheckAsync();
        await resident.Find("#phone").FillAsync(CutShort);
        await resident.Find("main form.whistle button[type=submit]").Last.ClickAsync();
        await Expect(resident.Find("#left")).ToHaveTextAsync(new Regex("电话号码看起来不完整或不存在，已照样记下"));
        await resident.ShootAsync("track-unusual-number" + (script ? "" : "-plain"));
    }

    [Fact]
    public async Task An_extension_is_dialled_after_a_pause()
    {
        var desk = await _windows.DeskAsync("duty", "/desk?grid=" + Grid);
        string[] said = ["13800138000", "0632-5550100", "0632-5550100-12", "+85291234567", "17012345678-1234", "+86 138-0013-8000"];
        var dialled = await desk.Page.EvaluateAsync<string[]>("said => import('/js/case/dial.js').then((dial) => said.map(dial.telOf))", said);
        Assert.Equal(["tel:13800138000", "tel:06325550100", "tel:06325550100,12", "tel:+85291234567", "tel:17012345678,1234", "tel:+8613800138000"], dialled);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
