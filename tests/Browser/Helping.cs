namespace DispatchCenter.Browser;

/// <summary>请邻队增援, on the phones of both teams.</summary>
public sealed class Helping(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_lead_calls_a_neighbour_whose_phone_rings_and_who_says_it_comes_while_the_lead_keeps_the_case()
    {
        var place = await street.Api.PlaceAsync("09");
        var (callNo, code) = await street.Api.WhistleAsync("09", "02");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await street.Api.GiveAsync(place.Workers[0], callNo, "arrive");
        var neighbour = await _windows.MemberAsync(place.Neighbour);
        await neighbour.LiveAsync();
        await Expect(neighbour.Call(callNo)).ToHaveCountAsync(0);

        var phone = await _windows.MemberAsync(place.Workers[0]);
        await phone.TaskAsync(callNo);
        await phone.Find("dialog [data-command=help]").TapAsync();
        await Expect(phone.Find("dialog.ask")).ToContainTextAsync("仍归牵头的队");
        await phone.Find("dialog.ask select").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await phone.ShootAsync("help-ask");
        await phone.Find("dialog.ask button[value=yes]").TapAsync();

        await Expect(phone.Find(".toast.ok")).ToContainTextAsync("还由原队牵头");
        await neighbour.TabAsync("inbox");
        await Expect(neighbour.Find("#inbox").Locator($"[data-no='{callNo}']")).ToContainTextAsync("请你们增援");
        await neighbour.ShootAsync("help-called", whole: true);
        await neighbour.TapAsync(callNo, "come");
        await Expect(neighbour.Find("#tasks").Locator($"[data-no='{callNo}']")).ToContainTextAsync("正在增援");
        await Expect(neighbour.Call(callNo).Locator("[data-command=resolve], [data-command=return]")).ToHaveCountAsync(0);
        await neighbour.ShootAsync("help-helping", whole: true);
        await Expect(phone.Call(callNo).Locator("[data-command=resolve]")).ToHaveCountAsync(1);
        var resident = await _windows.ResidentAsync("/t/" + code);
        await Expect(resident.Find("main")).ToContainTextAsync("也来帮忙");
        await Expect(resident.Find("ol.steps")).Not.ToContainTextAsync("help");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
