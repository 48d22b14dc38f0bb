using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A case tells its story once: each event with its words and hours, who comes next above it, and head and commands in sight.</summary>
public sealed class CaseStory(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Each_event_has_its_words_and_hours_and_the_order_is_the_readers()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("067", "09", words: "路上有个坑。");
        await street.Api.GiveAsync("grid067", callNo, "accept");
        await street.Api.GiveAsync("grid067", callNo, "request", new() { ["kind"] = "extension", ["hours"] = 2, ["note"] = "等沥青。" });
        await street.Api.GiveAsync("duty2", callNo, "rule", new() { ["kind"] = "extension", ["granted"] = true });
        await street.Api.GiveAsync("grid067", callNo, "note", new() { ["note"] = "围挡已放好。" });

        var desk = await _windows.DeskAsync("duty", "/desk/" + callNo);
        await desk.LiveAsync();
        var lines = desk.Find("#detail .timeline li");
        await Expect(lines).ToHaveCountAsync(5);
        await Expect(lines.Nth(0)).ToContainTextAsync("围挡已放好。");
        await Expect(lines.Nth(1)).ToContainTextAsync("延长 2 小时、到 ");
        await Expect(lines.Nth(2)).ToContainTextAsync("等沥青。");
        await Expect(lines.Nth(2)).ToContainTextAsync("延长 2 小时、到 ");
        await Expect(desk.Find("#detail .text")).ToHaveCountAsync(0); // no second list of the same words
        await desk.Find("#detail [data-command=turn]").ClickAsync();
        await Expect(lines.Nth(4)).ToContainTextAsync("围挡已放好。");
        await desk.Page.ReloadAsync();
        await Expect(lines.Nth(4)).ToContainTextAsync("围挡已放好。"); // remembered

        // Who comes next, by when, and how many of them are there.
        await Expect(desk.Find("#detail .detail-head [data-online]")).ToContainTextAsync("在岗");
        await desk.Find("#detail").EvaluateAsync("box => box.scrollTo(0, box.scrollHeight)");
        await Expect(desk.Find("#detail h2")).ToBeInViewportAsync();
        await Expect(desk.Find("#detail [data-command=designate]")).ToBeInViewportAsync();
        await desk.ShootAsync("desk-story");

        await desk.Find("#detail [data-command=whole]").ClickAsync();
        await Expect(desk.Find("#queue")).ToBeHiddenAsync();
        await desk.ShootAsync("desk-story-whole");
        await desk.Page.Keyboard.PressAsync("Escape");
        await Expect(desk.Find("#queue")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_row_says_that_nobody_whom_it_calls_is_online_and_after_a_designation_names_the_team()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("068", "11");
        var (_, candidates) = await street.Api.AskAsync("duty2", HttpMethod.Get, $"/api/calls/{callNo}/candidates");
        var team = candidates!["teams"]!.AsArray().First(one => (int)one!["onDuty"]! > 0)!;
        await street.Api.GiveAsync("duty2", callNo, "designate", new() { ["team"] = (string)team["team"]!, ["note"] = "就近" });
        var desk = await _windows.DeskAsync("duty", "/desk?grid=068");
        await desk.LiveAsync();
        await Expect(desk.Call(callNo).Locator(".c-who")).Not.ToContainTextAsync("街道");
        await Expect(desk.Call(callNo).Locator(".c-who")).ToContainTextAsync("队");
        await Expect(desk.Call(callNo).Locator(".c-who .unheard")).ToHaveTextAsync("无人在线");
        await desk.ShootAsync("desk-unheard");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
