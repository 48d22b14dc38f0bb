using System.Net;

namespace DispatchCenter.Browser;

/// <summary>回避: people a case is about, or whom its caller fears, are neither told nor shown.</summary>
public sealed class Recusal(Street street) : IAsyncDisposable
{
    private const string AboutProperty = "23";

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Property_staff_see_neither_a_case_about_them_nor_one_that_its_caller_hides_from_them()
    {
        var place = await street.Api.PlaceAsync("05");
        var property = await _windows.MemberAsync(place.Property);
        var worker = await _windows.MemberAsync(place.Workers[0]);
        await property.LiveAsync();
        await worker.LiveAsync();

        var resident = await _windows.ResidentAsync("/s/05");
        await resident.Find("input[name=category][value='11']").CheckAsync();
        await resident.Page.GetByText("不让物业知道").ClickAsync();
        await resident.Find("button.blow").TapAsync();
        var hidden = await resident.Find("b.no").InnerTextAsync();
        var (about, _) = await street.Api.WhistleAsync("05", AboutProperty);
        var (plain, _) = await street.Api.WhistleAsync("05", "11");

        foreach (var callNo in new[] { hidden, about, plain })
            await Expect(worker.Call(callNo)).ToBeVisibleAsync();
        await Expect(worker.Call(hidden)).ToContainTextAsync("物业回避");
        await Expect(worker.Call(about)).ToContainTextAsync("物业回避");

        // Changes arrive in order: once the last is visible, so is everything before it.
        await Expect(property.Call(plain)).ToBeVisibleAsync();
        await Expect(property.Call(hidden)).ToHaveCountAsync(0);
        await Expect(property.Call(about)).ToHaveCountAsync(0);
        foreach (var callNo in new[] { hidden, about })
        {
            var (status, problem) = await street.Api.AskAsync(place.Property, HttpMethod.Get, "/api/calls/" + callNo);
            Assert.Equal((HttpStatusCode.NotFound, "call_not_found"), (status, (string?)problem!["code"]));
        }

        await worker.ShootAsync("recusal-worker", whole: true);
        await property.ShootAsync("recusal-property");

        // Nor after it was accepted, resolved and verified.
        await street.Api.VerifyAsync(place, hidden);
        await street.Api.GiveAsync(place.Workers[0], plain, "accept");
        await property.TabAsync("tasks");
        await Expect(property.Find("#tasks").Locator($"[data-no='{plain}']")).ToBeVisibleAsync();
        await Expect(property.Call(hidden)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_building_head_sees_the_card_but_is_offered_no_way_to_take_it()
    {
        var place = await street.Api.PlaceAsync("06");
        var head = await _windows.MemberAsync(place.Head);
        var (callNo, _) = await street.Api.WhistleAsync("06");
        await Expect(head.Call(callNo)).ToContainTextAsync("楼长可以看，不接单。");
        await Expect(head.Call(callNo).Locator("[data-command]")).ToHaveCountAsync(0);
        await head.ShootAsync("head");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
