using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>Opens the windows of one journey, each with its own cookies, and fails at the end if any of them complained.</summary>
public sealed class Windows(IBrowser chromium, string url) : IAsyncDisposable
{
    private readonly ConcurrentBag<Window> _windows = [];

    public Windows(Street street)
        : this(street.Chromium, street.Host.Url)
    {
    }

    /// <summary>A resident's phone.</summary>
    public Task<Window> ResidentAsync(string path, bool script = true) => OpenAsync(path, Phone(script));

    /// <summary>A phone on which a team member has signed in.</summary>
    public Task<Window> MemberAsync(string account, string path = "/m") => SignInAsync(account, path, Phone(script: true));

    /// <summary>A desk's screen on which someone has signed in.</summary>
    public Task<Window> DeskAsync(string account, string path = "/desk") => SignInAsync(account, path, Screen());

    /// <summary>A screen on the wall, signed in to its own account.</summary>
    /// <param name="board">What answers in place of the board.</param>
    /// <param name="live">False: no changes are delivered afterwards, whatever happens in the street.</param>
    public async Task<Window> WallAsync(string account, string path, Func<IRoute, Task>? board = null, bool live = true)
    {
        var window = await OpenAsync("/signin?returnUrl=" + Uri.EscapeDataString(path), new() { ViewportSize = new() { Width = 1920, Height = 1080 } });
        if (board is not null)
            await window.Page.RouteAsync("**/api/board*", board);
        if (!live)
            await window.Page.RouteWebSocketAsync(new Regex("/hubs/"), _ => { });
        await EnterAsync(window, account, path);
        return window;
    }

    /// <summary>A desk's screen on which nobody has signed in.</summary>
    public Task<Window> ScreenAsync(string path) => OpenAsync(path, Screen());

    /// <summary>As a person does it: through the form, then on to the destination.</summary>
    public async Task<Window> SignInAsync(string account, string path, BrowserNewContextOptions looks)
    {
        var window = await OpenAsync("/signin?returnUrl=" + Uri.EscapeDataString(path), looks);
        await EnterAsync(window, account, path);
        return window;
    }

    private static async Task EnterAsync(Window window, string account, string path)
    {
        await window.Page.Locator("#user").FillAsync(account);
        await window.Page.Locator("#password").FillAsync(StreetApi.Password);
        await window.Page.Locator("main form[method=post]").First.Locator("button[type=submit]").ClickAsync();
        await window.Page.WaitForURLAsync("**" + path);
    }

    public async Task<Window> OpenAsync(string path, BrowserNewContextOptions looks)
    {
        looks.BaseURL = url;
        looks.Locale ??= "zh-CN";
        looks.TimezoneId ??= "Asia/Shanghai";
        looks.ReducedMotion = ReducedMotion.Reduce;
        var context = await chromium.NewContextAsync(looks);
        var window = new Window(await context.NewPageAsync(), url);
        _windows.Add(window);
        window.Answer = await window.Page.GotoAsync(path);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
            await window.Page.Context.CloseAsync();
        var complaints = string.Join('\n', _windows.SelectMany(window => window.Complaints));
        Assert.True(complaints.Length == 0, complaints);
    }

    private static BrowserNewContextOptions Phone(bool script) => new()
    {
        ViewportSize = new ViewportSize { Width = 390, Height = 844 },
        HasTouch = true,
        JavaScriptEnabled = script,
    };

    private static BrowserNewContextOptions Screen() => new() { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } };
}

/// <summary>One page, which records every console error, every exception, every violation of its policy and every foreign address.</summary>
public sealed class Window
{
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentBag<Regex> _forgiven = [];

    internal Window(IPage page, string url)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"{page.Url}: {message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"{page.Url}: exception: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _complaints.Enqueue($"{page.Url} asked a stranger: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>The answer to the first address.</summary>
    public IResponse? Answer { get; internal set; }

    public IEnumerable<string> Complaints => _complaints.Where(complaint => !_forgiven.Any(one => one.IsMatch(complaint)));

    /// <summary>For journeys that break something on purpose: matching complaints are expected.</summary>
    public void Forgive(string pattern) => _forgiven.Add(new Regex(pattern));

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Find(string selector, string text) => Page.Locator(selector, new() { HasText = text });

    /// <summary>A card on a phone, a row on the desk, or an item in the verification list. The desk keeps spare rows, hidden.</summary>
    public ILocator Call(string callNo) => Page.Locator($"[data-no='{callNo}']:not([hidden])");

    /// <summary>One of the phone's tabs: inbox, tasks or after.</summary>
    public Task TabAsync(string tab) => Find("#tab-" + tab).ClickAsync();

    /// <summary>Opens a case on the phone, from its card or from its line.</summary>
    public async Task TaskAsync(string callNo)
    {
        await InSightAsync(callNo);
        await Call(callNo).Locator(".short-words, .acts > .row-wrap > button:last-child, .acts > button.plain:last-child").Last.ClickAsync();
    }

    /// <summary>Chooses the tab in which a case stands, if it stands in one.</summary>
    public async Task InSightAsync(string callNo)
    {
        var tab = await Call(callNo).EvaluateAsync<string>("card => card.closest('[role=tabpanel][hidden]')?.id.replace('-box', '') ?? ''");
        if (tab.Length > 0) await TabAsync(tab);
        await Expect(Call(callNo)).ToBeVisibleAsync();
    }

    /// <summary>Taps a command on a case's card in whichever tab it stands, and again if the page says that the card has just moved.</summary>
    public async Task TapAsync(string callNo, string command)
    {
        await Page.EvaluateAsync("() => { window.onTap ??= (addEventListener('click', (event) => { window.tapped = event; }, true), true); }");
        do
        {
            await InSightAsync(callNo);
            await StillAsync(callNo);
            await Page.EvaluateAsync("() => { window.tapped = null; }");
            await Call(callNo).Locator($"[data-command={command}]").TapAsync();
            await Page.WaitForFunctionAsync("() => window.tapped");
        }
        while (await Page.EvaluateAsync<bool>("() => window.tapped.defaultPrevented"));
    }

    /// <summary>Whoever accepts on the phone sees the whole task; closes it again.</summary>
    public async Task BackFromTaskAsync()
    {
        await Expect(Find("dialog.sheet .foot .button").First).ToBeVisibleAsync();
        await Find("dialog.sheet .back").ClickAsync();
        await Expect(Find("dialog.sheet")).ToHaveCountAsync(0);
    }

    /// <summary>Waits until the service worker and the snapshot of the cases are stored: from then on the phone's page opens offline.</summary>
    public async Task KeptAsync(params string[] cases) => await Page.EvaluateAsync("""
        async (cases) => {
            const isKept = async () => {
                if (!(await caches.match('/m'))) return false;
                const database = await new Promise((resolve) => { indexedDB.open('phone').onsuccess = (event) => resolve(event.target.result); });
                const picture = await new Promise((resolve) => { database.transaction('kept').objectStore('kept').get('picture').onsuccess = (event) => resolve(event.target.result); });
                database.close();
                return picture !== undefined && cases.every((one) => picture.cards.some((card) => card.callNo === one));
            };
            for (let look = 0; look < 600; look++) {
                if (await isKept()) return;
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error('The page is not kept.');
        }
        """, cases);

    /// <summary>From the next page on, adds up in <c>jumped</c> how far what stood there is pushed about (cumulative layout shift), and in <c>jumps</c> what.</summary>
    public Task WatchJumpsAsync() => Page.AddInitScriptAsync("window.jumped = 0; window.jumps = []; new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) { window.jumped += one.value; window.jumps.push(`${one.value.toFixed(3)} ` + one.sources.map(({ node, previousRect: a, currentRect: b }) => `${(node?.outerHTML ?? '?').slice(0, 60)} ${a.y}+${a.height} → ${b.y}+${b.height}`).join(' | ')); } }).observe({ type: 'layout-shift', buffered: true });");

    /// <summary>The staff pages are only up to date once this says so.</summary>
    public Task LiveAsync() => Expect(Page.Locator("#link")).ToHaveAttributeAsync("data-state", "live");

    /// <summary>Waits until a case has stood still for so long that a tap on it is not ignored.</summary>
    public async Task StillAsync(string callNo) => await Page.WaitForFunctionAsync("""
        (callNo) => {
          const card = document.querySelector(`[data-no='${callNo}']:not([hidden])`);
          const last = (window.still ??= {});
          if (!card || card.offsetTop !== last.top) Object.assign(last, { top: card?.offsetTop, since: performance.now() });
          return card && performance.now() - last.since > 400;
        }
        """, callNo);

    /// <summary>Marks the document: a reload would lose the mark.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("() => { window.sameDocument = true; }");

    public async Task SameDocumentAsync() => Assert.True(await Page.EvaluateAsync<bool>("() => window.sameDocument === true"), $"{Page.Url} was loaded again");

    /// <summary>A screenshot for people, under artifacts/screens. Anything over the page or scrolling within it is captured as seen.</summary>
    public async Task ShootAsync(string name, bool whole = false) => await Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Repository.Root, "artifacts", "screens", name + ".png"),
        FullPage = whole && await Page.Locator("dialog[open], body.board, body.wall").CountAsync() == 0,
    });
}
