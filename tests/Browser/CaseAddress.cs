using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>A case has an address: back, forward, reload and a link in a message lead to it, whether it is open or has ended.</summary>
public sealed class CaseAddress(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task An_opened_case_stays_open_over_a_reload_and_back_leads_to_the_list()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("071", "11");
        var (next, _) = await street.Api.WhistleInAsync("071", "22");
        var desk = await _windows.DeskAsync("duty", "/desk?grid=071");
        await desk.LiveAsync();
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await Expect(desk.Page).ToHaveURLAsync(new Regex($@"/desk/{callNo}\?grid=071$"));
        await Expect(desk.Page).ToHaveTitleAsync(new Regex(callNo));
        await desk.ShootAsync("desk-addressed");

        await desk.Page.ReloadAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail .no").First).ToHaveTextAsync(callNo);
        await Expect(desk.Call(callNo)).ToHaveAttributeAsync("aria-selected", "true");

        await desk.Call(next).ClickAsync();
        await Expect(desk.Page).ToHaveURLAsync(new Regex($"/desk/{next}"));
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.GoBackAsync();
        await Expect(desk.Find("#detail .no").First).ToHaveTextAsync(callNo);
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.GoBackAsync();
        await Expect(desk.Find("#detail .empty")).ToBeVisibleAsync();
        await Expect(desk.Page).ToHaveURLAsync(new Regex(@"/desk\?grid=071$"));
        await Expect(desk.Page).Not.ToHaveTitleAsync(new Regex(callNo));
        await desk.Page.GoForwardAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();

        // What is looked at now is not what the address says: reload opens nothing that nobody asked for.
        await desk.Page.Keyboard.PressAsync("Escape");
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Page).ToHaveURLAsync(new Regex($"/desk/{callNo}"));
        await desk.Page.Keyboard.PressAsync("k");
        await desk.Page.Keyboard.PressAsync("j");
        await Expect(desk.Page).ToHaveURLAsync(new Regex(@"/desk\?grid=071$"));
    }

    [Fact]
    public async Task A_link_opens_a_case_that_has_ended_and_says_so_if_there_is_none()
    {
        var (callNo, code) = await street.Api.WhistleAsync("11", "11");
        await street.Api.AskAsync(null, HttpMethod.Post, $"/api/track/{code}/withdraw", new JsonObject());
        var desk = await _windows.DeskAsync("duty", "/desk/" + callNo.ToLowerInvariant());
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync("撤回");
        desk.Forgive("status of 404");
        await desk.Page.GotoAsync("/desk/W000101-00001");
        await Expect(desk.Find("#detail .error-box")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_case_that_was_opened_without_network_reads_itself_when_it_is_back()
    {
        var (callNo, _) = await street.Api.WhistleAsync("11", "11");
        var desk = await _windows.DeskAsync("duty", "/desk?q=" + callNo);
        await desk.LiveAsync();
        desk.Forgive("ERR_INTERNET_DISCONNECTED|WebSocket");
        await desk.Page.Context.SetOfflineAsync(true);
        await desk.Call(callNo).ClickAsync();
        await Expect(desk.Find("#detail .error-box")).ToBeVisibleAsync();
        await desk.Page.Context.SetOfflineAsync(false);
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task While_no_case_is_open_the_pane_tells_what_happens_and_a_line_opens_its_case()
    {
        var place = await street.Api.PlaceAsync("11");
        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        var (callNo, _) = await street.Api.WhistleAsync("11", "11");
        var lines = desk.Find($"#detail .events [data-open={callNo}]");
        await Expect(lines).ToContainTextAsync("新来哨");
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await Expect(lines.First).ToContainTextAsync("已接单（" + place.TeamName);
        await desk.ShootAsync("desk-events");
        await lines.First.ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(lines.First).ToBeVisibleAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
