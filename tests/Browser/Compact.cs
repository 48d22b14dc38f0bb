using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A dispatcher sees many rows at once: 18 at 1440×900, 14 at 1366×768, each whole, and nothing that appears takes their room.</summary>
public sealed class Compact(Street street) : IAsyncDisposable
{
    /// <summary>What is cut off in the rows in sight: text may end in an ellipsis where its cell says so, but no line is cut in its height.</summary>
    private const string Cut = """
        () => [...document.querySelectorAll('.queue-row:not([hidden])')].flatMap((row) => [...row.querySelectorAll('.left, .deadline, .level, .what-words, .c-where, .state, .c-who')]
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height > 0)
          .filter((one) => one.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom + 1 || one.getBoundingClientRect().top < row.getBoundingClientRect().top - 1)
          .map((one) => one.className + ' ' + one.textContent)
          .concat([...row.querySelectorAll('.left, .deadline, .unheard, .level, .state, .flag.danger, .heap-count')].filter((one) => one.offsetParent && (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > one.closest('[role=gridcell]').getBoundingClientRect().right + 1)).map((one) => 'narrow ' + one.textContent)))
        """;

    /// <summary>Words of the open case's name that are broken in two: the name is wider than the room for it.</summary>
    private const string Broken = """
        () => {
          const name = document.querySelector('#detail h2');
          const text = [...name.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
          return [...text.data.matchAll(/[A-Za-z]+/g)].filter((word) => {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
          }).map((word) => word[0]);
        }
        """;

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData(1440, 900, 18, "zh")]
    [InlineData(1366, 768, 14, "zh")]
    [InlineData(1440, 900, 18, "en")]
    [InlineData(1280, 800, 14, "zh")]
    [InlineData(1280, 800, 12, "en")]
    public async Task So_many_rows_fit_and_none_is_cut(int width, int height, int rows, string language)
    {
        await street.Api.WhistleInAsync("128", "01");
        var every = new[] { "supervised", "reopened", "propertyRecused", "nobodyOnDuty", "joined", "danger" };
        var desk = await _windows.WallAsync("duty2", "/desk?kind=whistle", route => DoctoredBoard.AnswerAsync(route, 60, card =>
        {
            if (card["flags"]!.AsArray().Any(flag => (string)flag! == "danger")) card["flags"] = new JsonArray([.. every.Select(flag => JsonValue.Create(flag))]); // as many as a row may have, the gravest last
        }));
        await desk.Page.SetViewportSizeAsync(width, height);
        await desk.Page.GotoAsync("/desk?kind=whistle&lang=" + language);
        await desk.LiveAsync();
        await desk.Find("#sound").ClickAsync(); // armed: no bar asks for it
        await Expect(desk.Find("#queue .queue-row:not([hidden])").First).ToBeVisibleAsync();
        // Without the bar of what calls elsewhere in this street.
        var fit = await desk.Page.EvaluateAsync<int>("() => { const box = document.querySelector('#queue'); return Math.floor((box.clientHeight + document.getElementById('bars').offsetHeight) / document.querySelector('.queue-row:not([hidden])').getBoundingClientRect().height); }");
        await desk.ShootAsync($"desk-compact-{width}-{language}");
        Assert.True(fit >= rows, $"{fit} rows fit, {rows} should.");
        Assert.Empty(await desk.Page.EvaluateAsync<string[]>(Cut));
        Assert.False(await desk.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));
        await desk.Page.Keyboard.PressAsync("j");
        await Expect(desk.Find("#detail h2")).ToBeVisibleAsync();
        var narrow = await desk.Page.EvaluateAsync<string[]>(Broken);
        Assert.Empty(narrow);
    }

    [Theory]
    [InlineData("/desk")]
    [InlineData("/matters")]
    [InlineData("/callback")]
    [InlineData("/history")]
    [InlineData("/stats")]
    [InlineData("/leader")]
    [InlineData("/persons")]
    [InlineData("/roster")]
    [InlineData("/duty/start")]
    [InlineData("/intake")]
    public async Task At_200_percent_every_room_of_a_desk_is_read_without_scrolling_sideways(string path)
    {
        var desk = await _windows.DeskAsync("duty2", path);
        await desk.Page.SetViewportSizeAsync(720, 450); // 1440×900 enlarged twice
        if (path == "/desk")
        {
            await desk.LiveAsync();
            var (callNo, _) = await street.Api.WhistleInAsync("128", "11");
            await desk.Page.GotoAsync("/desk?q=" + callNo);
            await desk.LiveAsync();
            await Expect(desk.Call(callNo)).ToBeVisibleAsync();
            Assert.True(await desk.Page.EvaluateAsync<int>("() => document.querySelector('#queue').clientHeight") >= 180);
        }

        var inspection = new Inspection("zh-CN");
        await inspection.LookAsync(desk, "zoom" + path.Replace('/', '-'));
        inspection.HoldsEverywhere();
        Assert.False(await desk.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
