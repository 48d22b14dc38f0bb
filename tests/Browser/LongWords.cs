namespace DispatchCenter.Browser;

/// <summary>A caller writes as much as is allowed, and a word that never ends: it is read whole, and pushes nothing aside.</summary>
public sealed class LongWords(Street street) : IAsyncDisposable
{
    /// <summary>The longest description, in characters.</summary>
    private const int Longest = 2_000;

    /// <summary>What sticks out of the page, or is cut off in its box although the reader has no way to scroll it.</summary>
    private const string StickingOut = """
        () => [document.documentElement, ...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && !one.matches('.visually-hidden'))
          .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && (one === document.documentElement || (getComputedStyle(one).overflowX === 'hidden' && getComputedStyle(one).textOverflow !== 'ellipsis')))
          .map((one) => one.outerHTML.slice(0, 120))
        """;

    /// <summary>What would be cut off on paper: boxes that scroll.</summary>
    private const string CutOnPaper = """
        () => [...document.querySelectorAll('main .said')].filter((said) => {
          for (let box = said; box; box = box.parentElement) if (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY !== 'visible' && box !== document.documentElement) return true;
          return !said.checkVisibility();
        }).map((said) => said.textContent.slice(0, 20))
        """;

    private static readonly string Words = (new string('W', 400) + string.Concat(Enumerable.Repeat("水从三号楼的墙里渗出来，", 200)))[..Longest];

    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(1440, 900)]
    public async Task They_fit_the_story_the_lists_the_search_and_the_paper(int width, int height)
    {
        var place = await street.Api.PlaceAsync("10");
        var (callNo, _) = await street.Api.WhistleAsync("10", "11", words: Words);
        await street.Api.GiveAsync(place.Workers[0], callNo, "accept");
        await street.Api.GiveAsync(place.Workers[0], callNo, "arrive");
        await street.Api.GiveAsync(place.Workers[0], callNo, "resolve", new() { ["report"] = Words[..1_000] });
        await street.Api.GiveAsync(place.Neighbour, callNo, "verify", new() { ["passed"] = true, ["note"] = Words[..1_000] });
        var callOut = await street.Api.CallOutAsync(place.Team, Words, "teams"); // a row whose stage has a name of its own
        var desk = await _windows.DeskAsync("duty");
        await desk.Page.SetViewportSizeAsync(width, height);
        foreach (var path in new[] { $"/desk/{callNo}", $"/history?q={callNo}", "/callback", "/leader" })
        {
            await desk.Page.GotoAsync(path);
            if (path == "/callback")
            {
                await Expect(desk.Call(callNo)).ToBeVisibleAsync();
                await desk.Call(callNo).Locator("button").ClickAsync();
            }

            if (path.Contains(callNo, StringComparison.Ordinal) && path.StartsWith("/history", StringComparison.Ordinal)) await Expect(desk.Find("main")).ToContainTextAsync(callNo);
            else if (path != "/leader") await Expect(desk.Find("#detail .timeline .said").First).ToBeVisibleAsync();
            Assert.Empty(await desk.Page.EvaluateAsync<string[]>(StickingOut));
            await desk.ShootAsync($"long{path.Split('?')[0].Replace('/', '-').Replace(callNo, "case", StringComparison.Ordinal)}-{width}");
        }

        await desk.Page.GotoAsync("/desk/" + callNo);
        await Expect(desk.Find("#detail .timeline .said").First).ToBeVisibleAsync();
        await desk.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Empty(await desk.Page.EvaluateAsync<string[]>(CutOnPaper));
        await desk.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screens", $"long-print-{width}.png"), FullPage = true });
        await desk.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await desk.Page.Keyboard.PressAsync("f");
        Assert.Empty(await desk.Page.EvaluateAsync<string[]>(StickingOut));
        await desk.Page.Keyboard.PressAsync("/");
        await desk.Page.Keyboard.TypeAsync(Words[..20]);
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Find(".hit").First).ToBeVisibleAsync();
        Assert.False(await desk.Page.EvaluateAsync<bool>("() => { const box = document.querySelector('dialog[open]'); return box.scrollWidth > box.clientWidth + 1; }"));
        await desk.ShootAsync($"long-search-{width}");
        await street.Api.EndCallOutAsync(callOut);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
