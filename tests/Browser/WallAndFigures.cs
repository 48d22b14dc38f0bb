using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>The kiosk, and the figures that lead to their rows.</summary>
public sealed class WallAndFigures(Street street) : IAsyncDisposable
{
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

        // One tab stop for the map; the arrows go through it, and what the focus is on is said. A kiosk leads nowhere.
        Assert.Equal(1, await wall.Find("#map [tabindex='0']").CountAsync());
        await wall.Find("#map [tabindex='0']").FocusAsync();
        var before = await wall.Page.EvaluateAsync<string>("() => document.activeElement.dataset.grid");
        await wall.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(wall.Find("#map [tabindex='0']")).Not.ToHaveAttributeAsync("data-grid", before);
        await Expect(wall.Find("#map [tabindex='0']")).ToBeFocusedAsync();
        await Expect(wall.Find("#map [tabindex='0']")).ToHaveAttributeAsync("aria-label", new Regex("未结"));
        Assert.Equal(0, await wall.Find("#wall a").CountAsync());
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
            // Other tests whistle meanwhile: what was counted before one of them is counted again.
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

        // The night stays on the next page, and the system's choice no longer counts.
        await desk.Find("[data-theme-to=night]").ClickAsync();
        await desk.Page.GotoAsync("/stats");
        await Expect(desk.Find("html")).ToHaveAttributeAsync("data-theme", "night");
        await Expect(desk.Find("#minutes-plot canvas")).ToBeVisibleAsync();
        await desk.ShootAsync("stats-night", whole: true);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
