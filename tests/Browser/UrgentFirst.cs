using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>特急 and 有人遇险 that nobody has accepted, or that are late, come first and stay in sight, whatever else is overdue.</summary>
public sealed class UrgentFirst(Street shared, OwnStreet street) : IAsyncDisposable, IClassFixture<OwnStreet>
{
    private const string Grid = "127";

    /// <summary>The order of some cards, named by what they are, and how many rows a flood of them has.</summary>
    private const string Order = """
        async () => {
          const { arrange } = await import('/js/case/board.js');
          const now = Date.parse('2026-03-12T10:00:00Z');
          const at = (minutes) => new Date(now + minutes * 60000).toISOString();
          const answer = (kind, due, more) => ({ key: kind, kind, party: 'team', from: at(-60), due: at(due), met: false, metAt: null, breached: due < 0, required: true, ...more });
          const card = (callNo, level, state, answers, more) => ({ callNo, version: 1, category: '05', level, flags: [], community: '01', grid: '001', station: null, state, rung: 'team', teams: ['01'],
            lead: state === 'ringing' ? null : { team: '01', post: 'gridWorker' }, answers, nextDue: null, breachAt: answers.find((one) => !one.met)?.due ?? null, openedAt: at(-5), ...more });
          const met = { met: true, metAt: at(-30) };
          const cards = [
            ...Array.from({ length: 24 }, (_, i) => card('S2 late ' + i, 'S2', 'ringing', [answer('accept', -40)])),
            card('S1 on its way', 'S1', 'accepted', [answer('accept', -1, met), answer('arrive', 10)]),
            card('S1 not arrived', 'S1', 'accepted', [answer('accept', -1, met), answer('arrive', -20)]),
            card('S1 not made safe', 'S1', 'onScene', [answer('accept', -1, met), answer('arrive', -1, met), answer('resolve', -5)]),
            card('S1 was late once', 'S1', 'onScene', [answer('accept', -9, { ...met, breached: true }), answer('arrive', -1, met), answer('resolve', 50)]),
            card('S1 suspended', 'S1', 'accepted', [answer('accept', -1, met), answer('arrive', -1)], { suspendedUntil: at(600) }),
            card('S2 danger', 'S2', 'ringing', [answer('accept', 12)], { flags: ['danger'] }),
            card('S1 new', 'S1', 'ringing', [answer('accept', 3)]),
          ];
          const filters = { level: '', state: '', community: '', category: '', q: '', grid: '', team: '', flag: '' };
          const { rows, heaps, keys } = arrange(cards, filters, now, new Set());
          return [...rows.slice(0, 5), rows.length, [...heaps.values()].map((heap) => heap.members.length).join(), keys.findIndex((key) => key.callNo === 'S1 on its way') > 20].map(String);
        }
        """;

    private readonly Windows _windows = new(shared.Chromium, street.Url);

    [Fact]
    public async Task Nobody_took_it_comes_before_it_is_late_and_both_before_all_else_and_no_heap_holds_either()
    {
        var desk = await _windows.DeskAsync("duty");
        Assert.Equal(["S1 new", "S2 danger", "S1 not arrived", "S1 not made safe", "=001:05", "8", "24", "true"], await desk.Page.EvaluateAsync<string[]>(Order));
    }

    [Theory]
    [InlineData(-120, 15)] // 24 late rows
    [InlineData(-9, 0)] // one group of a flood, of the same category and grid
    [InlineData(-120, 0)] // the same two hours later: it stays one row for as long as nobody has accepted it
    public async Task On_the_desk_it_is_the_first_row_and_in_sight_above_24_that_are_overdue(int opened, int apart)
    {
        var desk = await DeskOfLateOnesAsync(opened, 24, apart: apart);
        await Expect(desk.Find(".queue-row:not([hidden])").First).ToBeVisibleAsync();
        await Expect(desk.Find(".queue-row.heap:not([hidden])")).ToHaveCountAsync(apart == 0 ? 1 : 0);
        var (urgent, _) = await street.Api.WhistleInAsync(Grid, "05", danger: true);
        await Expect(desk.Call(urgent)).ToHaveAttributeAsync("aria-rowindex", "1");
        await Expect(desk.Call(urgent)).ToBeInViewportAsync();
        await desk.ShootAsync($"urgent-desk{opened}-{apart}");
        await street.Api.GiveAsync("grid127", urgent, "accept");
    }

    [Fact]
    public async Task While_a_row_is_under_the_cursor_none_moves_and_what_is_urgent_is_said_in_sight_and_one_tap_away()
    {
        var desk = await DeskOfLateOnesAsync(-120, 60, apart: 15);
        await desk.Find("#queue").EvaluateAsync("list => { list.scrollTop = 20 * parseFloat(getComputedStyle(list).getPropertyValue('--row')); }");
        var row = desk.Find(".queue-row[aria-rowindex='24']");
        await row.HoverAsync();
        var before = await row.BoundingBoxAsync();
        var no = await row.GetAttributeAsync("data-no");
        var (urgent, _) = await street.Api.WhistleInAsync(Grid, "06", danger: true);
        await Expect(desk.Find("#held")).ToHaveTextAsync(new Regex("^\\d+ 条变动，有特急 · R 刷新$"));
        var bar = desk.Find("#urgent-bar");
        await Expect(bar).ToContainTextAsync("特急");
        await Expect(bar).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(before!.Y, (await desk.Call(no!).BoundingBoxAsync())!.Y);
        await desk.ShootAsync("urgent-held");

        await bar.ClickAsync();
        await Expect(desk.Find(".queue-row[aria-selected=true]:not([hidden])")).ToBeInViewportAsync();
        await Expect(desk.Call(urgent)).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await street.Api.GiveAsync("grid127", urgent, "accept");
    }

    [Fact]
    public async Task A_filter_that_leaves_it_out_does_not_hide_it()
    {
        var desk = await DeskOfLateOnesAsync(-120, 3, "&level=S3");
        var (urgent, _) = await street.Api.WhistleInAsync(Grid, "06", danger: true);
        await Expect(desk.Find("#urgent-bar")).ToBeInViewportAsync(new() { Ratio = 1 });
        await street.Api.GiveAsync("grid127", urgent, "accept");
    }

    [Fact]
    public async Task On_the_wall_it_is_the_first_of_the_ten()
    {
        var wall = await _windows.WallAsync("wall", "/wall", route => DoctoredBoard.AnswerAsync(route, 40, card =>
        {
            Late(card, -120);
            if (!((string)card["callNo"]!).EndsWith("39", StringComparison.Ordinal)) return;
            card["level"] = "S1";
            foreach (var answer in card["answers"]!.AsArray())
                (answer!["due"], answer["breached"]) = (TimeProvider.System.GetUtcNow().AddMinutes(3), false);
            card["breachAt"] = TimeProvider.System.GetUtcNow().AddMinutes(3);
        }, alone: true), live: false);
        await Expect(wall.Find("#top li[data-no]").First).ToHaveAttributeAsync("data-no", "X000000-00039");
        await Expect(wall.Find("#top li[data-no]").First).ToBeInViewportAsync();
        await wall.ShootAsync("urgent-wall");
    }

    [Fact]
    public async Task On_a_phone_it_stands_above_all_that_ring_also_when_it_is_in_hand_and_is_said_where_one_has_scrolled_past_it()
    {
        var (ours, _) = await street.Api.WhistleInAsync("113", "06", danger: true);
        await street.Api.GiveAsync("grid113", ours, "accept");
        for (var i = 0; i < 8; i++) await street.Api.WhistleInAsync("113", "11");
        var phone = await _windows.MemberAsync("grid113");
        await phone.LiveAsync();
        await Expect(phone.Find("main .call").First).ToHaveAttributeAsync("data-no", ours);
        await Expect(phone.Call(ours)).ToBeInViewportAsync();
        await phone.ShootAsync("urgent-phone");

        await phone.Page.EvaluateAsync("() => scrollTo(0, 2000)");
        var (fresh, _) = await street.Api.WhistleInAsync("113", "04");
        await Expect(phone.Find("#urgent-bar")).ToBeInViewportAsync(new() { Ratio = 1 });
        await phone.ShootAsync("urgent-phone-scrolled");
        await phone.Find("#urgent-bar").TapAsync();
        await Expect(phone.Call(fresh)).ToBeInViewportAsync();
        await Expect(phone.Find("main .call").First).ToHaveAttributeAsync("data-no", fresh);
        await Expect(phone.Page).ToHaveTitleAsync(new Regex("特急 1"));
        await street.Api.GiveAsync("grid113", fresh, "accept");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>A desk that shows one grid, with this many ringing, late cases of one category in it, the last opened so many minutes ago and each so many before the next.</summary>
    private async Task<Window> DeskOfLateOnesAsync(int opened, int count, string filter = "", int apart = 0)
    {
        var desk = await _windows.OpenAsync("/signin?returnUrl=" + Uri.EscapeDataString($"/desk?grid={Grid}{filter}"), new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await desk.Page.RouteAsync("**/api/board*", route => DoctoredBoard.AnswerAsync(route, count, card => Late(card, opened - apart * int.Parse(((string)card["callNo"]!)[^5..], CultureInfo.InvariantCulture)), alone: true));
        await desk.Find("#user").FillAsync("duty2");
        await desk.Find("#password").FillAsync(StreetApi.Password);
        await desk.Find("#password").PressAsync("Enter");
        await desk.LiveAsync();
        return desk;
    }

    /// <summary>It rings, was not accepted in time, and has the same category and place as all others.</summary>
    private static void Late(JsonObject card, int opened)
    {
        var at = TimeProvider.System.GetUtcNow().AddMinutes(opened);
        (card["category"], card["level"], card["state"], card["lead"], card["flags"], card["grid"]) = ("05", "S2", "ringing", null, new JsonArray(), Grid);
        (card["openedAt"], card["breachAt"], card["nextDue"]) = (at, at.AddMinutes(8), at.AddMinutes(8));
        foreach (var answer in card["answers"]!.AsArray())
            (answer!["from"], answer["due"], answer["met"], answer["metAt"], answer["breached"]) = (at, at.AddMinutes(8), false, null, true);
    }
}
