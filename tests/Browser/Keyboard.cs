using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>The duty desk without a mouse.</summary>
public sealed class Keyboard(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_desk_is_worked_by_keys_alone()
    {
        // In a grid where no other journey whistles, so a filter leaves only these three.
        var urgent = await street.Api.WhistleInAsync("050", "01");
        var second = await street.Api.WhistleInAsync("050", "02");
        var calm = await street.Api.WhistleInAsync("050", "11", words: "The bin is full.");
        var desk = await _windows.DeskAsync("duty", "/desk?grid=050");
        await desk.LiveAsync();
        await Expect(desk.Call(calm.CallNo)).ToBeVisibleAsync();
        var keys = desk.Page.Keyboard;

        await keys.PressAsync("j");
        await SelectedAsync(desk, urgent.CallNo);
        await keys.PressAsync("j");
        await SelectedAsync(desk, second.CallNo);
        await keys.PressAsync("J");
        await SelectedAsync(desk, calm.CallNo);
        await keys.PressAsync("j");
        await SelectedAsync(desk, calm.CallNo);
        await keys.PressAsync("k");
        await SelectedAsync(desk, second.CallNo);
        await keys.PressAsync("ArrowDown");
        await SelectedAsync(desk, calm.CallNo);
        await Expect(desk.Find("#detail")).Not.ToContainTextAsync("The bin is full.");

        await keys.PressAsync("Enter");
        await Expect(desk.Find("#detail")).ToContainTextAsync("The bin is full.");
        await desk.ShootAsync("keyboard-open");

        // It rings only its team, so the desk is not offered to accept it. An S1 case rings the desk too.
        await Expect(desk.Find("#detail [data-command=designate]")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail").Locator("[data-command=accept], [data-command=arrive], [data-command=resolve], [data-command=return]")).ToHaveCountAsync(0);
        await keys.PressAsync("k");
        await keys.PressAsync("k");
        await SelectedAsync(desk, urgent.CallNo);
        await keys.PressAsync("Enter");

        // From the row to its command by Tab, accepted with Enter.
        var accept = desk.Find("#detail [data-command=accept]");
        await Expect(accept).ToBeVisibleAsync();
        for (var presses = 0; presses < 10 && !await accept.EvaluateAsync<bool>("button => button === document.activeElement"); presses++)
            await keys.PressAsync("Tab");
        await Expect(accept).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(desk.Call(urgent.CallNo).Locator(".c-state")).ToHaveTextAsync("已接单");
        await Expect(desk.Find("#detail [data-command=arrive]")).ToBeVisibleAsync();

        // Away and back; the search; leaving the search.
        await keys.PressAsync("Escape");
        await Expect(desk.Find("#detail .empty")).ToHaveTextAsync("点一行，或按 J / K 选、Enter 打开。");
        await desk.Find("input[name=q]").FocusAsync();
        await keys.TypeAsync(urgent.CallNo[^5..]);
        await Expect(desk.Find(".queue-row:not([hidden])")).ToHaveCountAsync(1);
        await Expect(desk.Page).ToHaveURLAsync(new Regex("q=" + urgent.CallNo[^5..]));
        await keys.PressAsync("Escape");
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Orders_are_given_taken_back_and_switched_off_by_keys()
    {
        var urgent = await street.Api.WhistleInAsync("130", "01"); // 特急 rings the desk too, so it may accept
        var desk = await _windows.DeskAsync("duty2", "/desk?q=" + urgent.CallNo);
        await desk.LiveAsync();
        var keys = desk.Page.Keyboard;
        await Expect(desk.Call(urgent.CallNo)).ToBeVisibleAsync();
        await keys.PressAsync("j");

        // Five seconds to undo: nothing has been sent.
        await keys.PressAsync("a");
        await Expect(desk.Find(".undo")).ToContainTextAsync("就要接单");
        await desk.ShootAsync("desk-undo");
        await keys.PressAsync("z");
        await Expect(desk.Find(".undo")).ToHaveCountAsync(0);
        Assert.Equal("ringing", (string?)(await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + urgent.CallNo)).Body!["call"]!["state"]);

        // Letters switched off: arrows, Enter and Escape still work.
        await keys.PressAsync("?");
        await desk.Find("#keys-on").FocusAsync();
        await keys.PressAsync("Space");
        await keys.PressAsync("Escape");
        await desk.Find("#queue").FocusAsync();
        await keys.PressAsync("a");
        await keys.PressAsync("d");
        await Expect(desk.Find(".undo, dialog")).ToHaveCountAsync(0);
        await keys.PressAsync("Escape");
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Find("#keys-help").FocusAsync();
        await keys.PressAsync("Enter");
        await desk.Find("#keys-on").FocusAsync();
        await keys.PressAsync("Space");
        await keys.PressAsync("Escape");
        await desk.Find("#queue").FocusAsync();

        foreach (var (key, command) in new[] { ("d", "指派"), ("m", "并案") })
        {
            await keys.PressAsync(key);
            await Expect(desk.Find("dialog h2")).ToHaveTextAsync(command);
            await keys.PressAsync("Escape");
            await Expect(desk.Find("dialog")).ToHaveCountAsync(0);
            await desk.Find("#queue").FocusAsync();
        }

        // Held, and sent at once because the page is left.
        await keys.PressAsync("a");
        await Expect(desk.Find(".undo")).ToBeVisibleAsync();
        await desk.Page.GotoAsync("/history?q=" + urgent.CallNo);
        await Expect(desk.Find($"tr[data-no='{urgent.CallNo}']")).ToContainTextAsync("已接单");
    }

    [Fact]
    public async Task A_flood_is_put_together_by_grid_and_matter_and_one_banner_counts_it()
    {
        for (var i = 0; i < 10; i++)
            await street.Api.WhistleInAsync("129", i < 6 ? "05" : i < 9 ? "22" : "24");
        var desk = await _windows.DeskAsync("duty", "/desk?grid=129");
        await desk.LiveAsync();
        await Expect(desk.Find("#flood")).ToContainTextAsync("10 分钟 10 件未接");
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", "3");
        var heap = desk.Find(".queue-row.heap:not([hidden])").First;
        await Expect(heap).ToContainTextAsync("6 件");
        await desk.ShootAsync("desk-flood");
        await heap.ClickAsync();
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", "9");
        await desk.ShootAsync("desk-flood-open");
        await heap.ClickAsync();
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", "3");
    }

    [Fact]
    public async Task A_row_under_the_cursor_stays_where_it_is_and_the_change_is_counted()
    {
        var (calm, _) = await street.Api.WhistleInAsync("058", "11");
        var desk = await _windows.DeskAsync("duty2", "/desk?grid=058"); // where no other journey whistles
        await desk.Call(calm).HoverAsync();
        var before = await desk.Call(calm).BoundingBoxAsync();
        var (urgent, _) = await street.Api.WhistleInAsync("058", "01", danger: true);
        await Expect(desk.Find("#held")).ToHaveTextAsync("1 条变动，有特急 · R 刷新");
        Assert.Equal(before!.Y, (await desk.Call(calm).BoundingBoxAsync())!.Y);
        await desk.ShootAsync("desk-held");
        await desk.Page.Keyboard.PressAsync("r");
        await Expect(desk.Call(urgent)).ToHaveAttributeAsync("aria-rowindex", "1");
        await Expect(desk.Find("#held")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_board_of_five_thousand_is_scrolled_to_its_end_with_few_rows_in_the_document()
    {
        await street.Api.WhistleAsync("09"); // on an empty street the feed would start with an empty snapshot
        // Whistles from other journeys may form a flood, whose rows are grouped; a search for a number shows every row.
        var desk = await _windows.OpenAsync("/signin?returnUrl=" + Uri.EscapeDataString("/desk?q=0"), new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await desk.Page.RouteAsync("**/api/board*", route => DoctoredBoard.AnswerAsync(route, 5_000));
        await desk.Find("#user").FillAsync("leader");
        await desk.Find("#password").FillAsync(StreetApi.Password);
        await desk.Find("#password").PressAsync("Enter");
        await desk.LiveAsync();
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", new Regex("^5\\d{3}$"), new() { Timeout = 120_000 }); // bounds a failure when both processors are busy
        await desk.Find("#queue").EvaluateAsync("list => { list.scrollTop = list.scrollHeight; }");
        var last = await desk.Find("#queue").GetAttributeAsync("aria-rowcount");
        await Expect(desk.Find($".queue-row[aria-rowindex='{last}']:not([hidden])")).ToBeVisibleAsync();
        Assert.InRange(await desk.Find(".queue-row").CountAsync(), 1, 60);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task SelectedAsync(Window desk, string callNo)
    {
        await Expect(desk.Call(callNo)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(desk.Find(".queue-row[aria-selected=true]:not([hidden])")).ToHaveCountAsync(1);
        var row = await desk.Call(callNo).GetAttributeAsync("id");
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-activedescendant", row!);
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
    }
}

/// <summary>
/// The board's answer with cases as only time would produce them: late, climbed, supervised, reopened. Only the snapshot is doctored; the feed
/// continues unchanged after it.
/// </summary>
internal static class DoctoredBoard
{
    private static readonly string[] Categories = ["01", "02", "06", "08", "11", "15", "22", "23"];

    /// <param name="alone">Without the street's own cases.</param>
    public static async Task AnswerAsync(IRoute route, int count, Action<JsonObject>? alter = null, bool alone = false)
    {
        var answer = await route.FetchAsync();
        using var http = new HttpClient();
        var grids = JsonNode.Parse(await http.GetStringAsync(new Uri(new Uri(route.Request.Url), "/api/street")))!["grids"]!.AsArray();
        var board = JsonNode.Parse(await answer.TextAsync())!;
        var now = TimeProvider.System.GetUtcNow();
        var calls = board["calls"]!.AsArray();
        if (alone) calls.Clear();
        for (var i = 0; i < count; i++)
        {
            var card = Card(i, now, grids[i * 17 % grids.Count]!);
            alter?.Invoke(card);
            calls.Add(card);
        }

        board["total"] = calls.Count;
        await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = board.ToJsonString() });
    }

    private static JsonObject Card(int i, DateTimeOffset now, JsonNode grid)
    {
        // Every combination of state, level, flags and clock: overdue, amber, calm.
        var states = new[] { "ringing", "accepted", "onScene", "resolved", "verified" };
        var state = states[i % states.Length];
        var met = Array.IndexOf(["ringing", "accepted", "onScene"], state) is var at && at >= 0 ? at : 3;
        var opened = now.AddHours(-1 - (i % 7));
        var due = now.AddMinutes(new[] { -4, 3, 45, 600, -90 }[i / states.Length % 5] + (i % 11));
        var answers = new JsonArray();
        foreach (var (kind, index) in new[] { "accept", "arrive", "resolve" }.Select((kind, index) => (kind, index)))
        {
            answers.Add(new JsonObject
            {
                ["key"] = kind,
                ["kind"] = kind,
                ["party"] = index == 0 ? "team" : "lead",
                ["from"] = opened,
                ["due"] = due.AddMinutes(30 * (index - met)),
                ["met"] = index < met,
                ["metAt"] = index < met ? opened.AddMinutes(index) : null,
                ["breached"] = index == met && due < now,
                ["required"] = true,
            });
        }

        var flags = new[] { Array.Empty<string>(), ["danger"], ["propertyRecused"], ["supervised", "reopened"], ["nobodyOnDuty"], ["drill"] }[i % 6];
        var team = (i % 36) + 1;
        return new JsonObject
        {
            ["callNo"] = $"X000000-{i:D5}",
            ["version"] = 1,
            ["category"] = Categories[i % Categories.Length],
            ["level"] = "S" + ((i % 3) + 1),
            ["flags"] = new JsonArray([.. flags.Select(flag => JsonValue.Create(flag))]),
            ["community"] = (string)grid["community"]!,
            ["grid"] = (string)grid["code"]!,
            ["state"] = state,
            ["rung"] = new[] { "team", "community", "street" }[i % 3],
            ["teams"] = new JsonArray($"{team:D2}"),
            ["lead"] = met == 0 ? null : new JsonObject { ["team"] = $"{team:D2}", ["post"] = "gridWorker" },
            ["answers"] = answers,
            ["nextDue"] = due,
            ["breachAt"] = met < 3 ? due : null,
            ["openedAt"] = opened,
        };
    }
}
