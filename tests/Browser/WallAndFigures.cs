using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>The kiosk, and the figures that link to their rows.</summary>
[Collection(ByThemselves.Name)] // figures and the rows behind them are read one after the other: nobody may whistle in between
public sealed class WallAndFigures(Street street) : IAsyncDisposable
{
    private const string LongestName = "09"; // 道路破损/塌陷/积水

    // What is cut off: in the rows, the teams' names and the figures, including the stamp.
    private const string Cut = """
        () => {
          const spills = (inner, outer) => { const [a, b] = [inner.getBoundingClientRect(), outer.getBoundingClientRect()]; return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1; };
          const rows = [...document.querySelectorAll('#top li[data-no]:not([hidden])')];
          const told = rows.flatMap((row) => [...row.querySelectorAll('.left, .wall-what, .wall-where, .wall-by')].filter((one) => one.scrollWidth > one.clientWidth || spills(one, row)));
          const names = [...document.querySelectorAll('#teams li:not([hidden]) .wall-what')].filter((one) => one.scrollWidth > one.clientWidth);
          const figures = [...document.querySelectorAll('.wall-figure')].flatMap((box) => [...box.querySelectorAll('b, span')].filter((one) => one.scrollWidth > one.clientWidth + 1 || spills(one, box)));
          return [...told, ...names, ...figures].map((one) => `${one.className} ${one.textContent}`);
        }
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task The_wall_never_scrolls_whatever_the_distance_and_its_letters_are_as_high_as_the_farthest_seat_needs()
    {
        await street.Api.WhistleInAsync("128", "01");
        var wall = await _windows.WallAsync("wall", "/wall", route => DoctoredBoard.AnswerAsync(route, 90));
        foreach (var (distance, pixels) in new[] { (3, 24.5), (6, 48.9) }) // 16 minutes of arc on 55 inches
        {
            await wall.Page.GotoAsync("/wall?distance=" + distance);
            await Expect(wall.Find("#top li[data-no]:not([hidden])").First).ToBeVisibleAsync();
            await Expect(wall.Find("#map [data-tone=over]").First).ToBeVisibleAsync();
            Assert.Equal(pixels, await wall.Page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.documentElement).fontSize)"), 0.2);
            var over = await wall.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('.wall-figure, .wall-panel, .wall-list li:not([hidden]), main')].filter((one) => {
                  const box = one.getBoundingClientRect();
                  return box.bottom > innerHeight + 1 || box.right > innerWidth + 1;
                }).map((one) => one.className || one.id)
                """);
            Assert.Empty(over);
            Assert.False(await wall.Page.EvaluateAsync<bool>("() => document.documentElement.scrollHeight > innerHeight"));
        }

        // One tab stop for the map; the arrows move through it, and the focused grid is announced. A kiosk links nowhere.
        Assert.Equal(1, await wall.Find("#map [tabindex='0']").CountAsync());
        await wall.Find("#map [tabindex='0']").FocusAsync();
        var before = await wall.Page.EvaluateAsync<string>("() => document.activeElement.dataset.grid");
        await wall.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(wall.Find("#map [tabindex='0']")).Not.ToHaveAttributeAsync("data-grid", before);
        await Expect(wall.Find("#map [tabindex='0']")).ToBeFocusedAsync();
        await Expect(wall.Find("#map [tabindex='0']")).ToHaveAttributeAsync("aria-label", new Regex("未结"));
        Assert.Equal(0, await wall.Find("#wall a").CountAsync());
    }

    [Theory]
    [InlineData(1920, 1080, 3, 10)]
    [InlineData(1440, 900, 3, 10)]
    [InlineData(1366, 768, 3, 10)]
    [InlineData(1920, 1080, 6, 6)]
    [InlineData(1440, 900, 6, 6)]
    [InlineData(1366, 768, 6, 6)]
    [InlineData(390, 844, 3, 10)]
    public async Task A_row_of_the_wall_tells_its_clock_its_deadline_what_and_where_on_a_screen_of_any_number_of_pixels(int width, int height, int distance, int rows)
    {
        await street.Api.WhistleInAsync("128", "01");
        var wall = await _windows.WallAsync("wall", "/wall", route => DoctoredBoard.AnswerAsync(route, 90, card =>
        {
            card["category"] = LongestName;
            if (!((string)card["callNo"]!).EndsWith('1')) return;
            foreach (var answer in card["answers"]!.AsArray())
                answer!["due"] = answer["due"]!.GetValue<DateTimeOffset>().AddHours(-13); // yesterday's, at most hours of the day
        }));
        await wall.Page.SetViewportSizeAsync(width, height);
        await wall.Page.GotoAsync("/wall?distance=" + distance);
        await wall.LiveAsync();
        await Expect(wall.Find(".stamp b")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d:\d\d$"));
        await Expect(wall.Find("#top li[data-no]").First).ToBeVisibleAsync();
        Assert.Equal(string.Empty, string.Join(" | ", await wall.Page.EvaluateAsync<string[]>(Cut)));
        Assert.False(await wall.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));

        // As many as the heading says, each with the deadline beside its clock; late ones say so in words.
        var shown = wall.Find("#top li[data-no]:not([hidden])");
        var count = await shown.CountAsync();
        Assert.InRange(count, rows, 10);
        await Expect(wall.Find("#top-title")).ToHaveTextAsync(new Regex($"^最急的 {count} 件(，另有 \\d+ 件有关安危)?$"));
        await Expect(shown.Locator(".wall-by:visible", new() { HasTextRegex = new(@"(\d\d:\d\d|\d+/\d+) 前") })).ToHaveCountAsync(count);
        var late = await wall.Find("#top li[data-tone=over]:not([hidden]) .left").AllInnerTextsAsync();
        Assert.NotEmpty(late);
        Assert.All(late, words => Assert.StartsWith("超时", words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public async Task One_cause_is_one_row_with_its_community_and_team_and_every_life_at_stake_is_shown_however_far_down_it_stands(int distance)
    {
        var soon = TimeProvider.System.GetUtcNow().AddMinutes(100);
        await street.Api.WhistleInAsync("128", "01");
        var wall = await _windows.WallAsync("wall", $"/wall?distance={distance}", route => DoctoredBoard.AnswerAsync(route, 60, card =>
        {
            var i = int.Parse(((string)card["callNo"]!)[^5..], System.Globalization.CultureInfo.InvariantCulture);
            (card["flags"], card["level"], card["state"], card["rung"]) = (new JsonArray(), "S2", "ringing", "team");
            var (due, met) = (soon.AddMinutes(-240), false);
            if (i < 24) (card["category"], card["grid"], card["community"], card["teams"], card["lead"]) = ("05", "001", "01", new JsonArray("01"), null); // one cause
            else if (i == 59) (card["level"], card["state"], card["lead"], due, met) = ("S1", "accepted", new JsonObject { ["team"] = "03", ["post"] = "gridWorker" }, soon, true); // on its way, in time
            foreach (var answer in card["answers"]!.AsArray())
                (answer!["due"], answer["breached"], answer["met"]) = (due, !met, met && (string)answer["kind"]! == "accept");
            card["breachAt"] = due;
        }, alone: true), live: false);
        var cause = wall.Find("#top li[data-count='24']");
        await Expect(cause).ToContainTextAsync("×24");
        await Expect(cause.Locator(".wall-where")).ToContainTextAsync("晨曦");
        await Expect(cause.Locator(".wall-where")).ToContainTextAsync("管家一队");
        await Expect(wall.Find("#top li[data-count]:not([hidden]):has(.level.s1)")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(wall.Find("#watch")).ToHaveTextAsync("现在带班：带班领导 · 0632-5550100");
        await Expect(wall.Find(".map-names text:not(.covered)", "晨曦")).ToBeVisibleAsync(); // with the most overdue, its name gives way to none
        Assert.Equal(17, await wall.Find(".map-names text:not(.covered)").CountAsync()); // the others move aside
        Assert.InRange(await wall.Page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.querySelector('#watch')).fontSize) / parseFloat(getComputedStyle(document.documentElement).fontSize)"), 0.99, 1.01);
        Assert.Equal(string.Empty, string.Join(" | ", await wall.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.top > *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => `${one.innerText.slice(0, 20)} ${one.getBoundingClientRect().right} ${one.scrollWidth} ${one.clientWidth}`)")));
        await wall.ShootAsync("wall-causes-" + distance);
    }

    [Fact]
    public async Task What_rings_several_teams_is_a_delay_of_none_of_them()
    {
        var (several, alone) = (new JsonArray("09", "10", "11", "12", "13", "14", "15"), new JsonArray("33"));
        await street.Api.WhistleInAsync("128", "01");
        var wall = await _windows.WallAsync("wall", "/wall", route => DoctoredBoard.AnswerAsync(route, 6, card =>
        {
            // All ring and are late: the first rings several teams, the others one team.
            card["teams"] = ((string)card["callNo"]!).EndsWith('0') ? several.DeepClone() : alone.DeepClone();
            card["state"] = "ringing";
            card["lead"] = null;
            foreach (var answer in card["answers"]!.AsArray())
                (answer!["met"], answer["due"], answer["breached"]) = (false, card["openedAt"]!.DeepClone(), true);
        }, alone: true), live: false);
        foreach (var name in new[] { "槐香管家一队", "云织管家二队", "梧桐管家三队" })
        {
            await Expect(wall.Page.Locator("#teams li", new() { HasText = name })).ToContainTextAsync("1 件");
            await Expect(wall.Page.Locator("#teams li", new() { HasText = name })).Not.ToContainTextAsync("超时");
        }

        await Expect(wall.Page.Locator("#teams li", new() { HasText = "归鹭管家一队" })).ToContainTextAsync("超时 5");
    }

    [Fact]
    public async Task Every_number_of_the_desk_and_the_figures_leads_to_its_rows()
    {
        var (resolved, _) = await street.Api.WhistleInAsync("128", "12");
        await street.Api.ResolveAsync("grid128", resolved);
        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        await desk.Find("a[data-figure=verify]").ClickAsync();
        await Expect(desk.Page).ToHaveURLAsync(new Regex("state=resolved$"));
        var count = await desk.Find("#figure-verify").InnerTextAsync();
        await Expect(desk.Find("#queue")).ToHaveAttributeAsync("aria-rowcount", count);
        await Expect(desk.Call(resolved)).ToBeVisibleAsync();

        await desk.Page.GotoAsync("/stats");
        await Expect(desk.Find("#answers-table a").First).ToBeAttachedAsync();
        foreach (var table in new[] { "#arrivals-table", "#answers-table" })
        {
            // Other tests whistle meanwhile: a count taken before one of them is repeated.
            for (var tries = 1; ; tries++)
            {
                await desk.Page.GotoAsync("/stats");
                var number = desk.Find(table + " td a").First;
                await Expect(number).ToBeAttachedAsync();
                var told = await number.InnerTextAsync() is { Length: > 0 } text ? text : await number.TextContentAsync();
                await desk.Page.GotoAsync((await number.GetAttributeAsync("href"))!);
                await Expect(desk.Find("#found")).ToContainTextAsync(new Regex("共 \\d+ 件"));
                if ((await desk.Find("#found").InnerTextAsync()).Contains($"共 {told} 件", StringComparison.Ordinal)) break;
                Assert.True(tries < 5, $"{told} in {table} leads to other rows.");
            }
        }

        // Night mode carries over to the next page, and the system's choice no longer counts.
        await desk.Find("[data-theme-to=night]").ClickAsync();
        await desk.Page.GotoAsync("/stats");
        await Expect(desk.Find("html")).ToHaveAttributeAsync("data-theme", "night");
        await Expect(desk.Find("#minutes-plot canvas")).ToBeVisibleAsync();
        await desk.ShootAsync("stats-night", whole: true);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
