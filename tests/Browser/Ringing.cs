using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>The ring: armed once per shift, heard in every room, and anyone who would hear nothing is told so.</summary>
public sealed class Ringing(Street street) : IAsyncDisposable
{
    private const string Grid = "094";

    /// <summary>The browser's sound: counts its tones and, as browsers do, stays silent until someone touches the page.</summary>
    internal const string Ear = """
        window.tones = 0;
        let touched = false; // not navigator.userActivation: whatever a test reads from the page counts as a gesture there
        for (const touch of ['pointerup', 'touchend', 'keydown']) addEventListener(touch, (event) => { touched ||= event.isTrusted; }, true);
        const silent = { setValueAtTime() {}, linearRampToValueAtTime() {} };
        const node = (more) => ({ connect: (next) => next, start() {}, stop() {}, frequency: {}, gain: silent, ...more });
        window.AudioContext = class extends EventTarget {
          state = 'suspended'; currentTime = 0; destination = node();
          resume() {
            if (!touched) return new Promise(() => {});
            this.state = 'running';
            this.dispatchEvent(new Event('statechange'));
            return Promise.resolve();
          }
          createOscillator() { window.tones++; return node(); }
          createGain() { return node(); }
        };
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_desk_that_was_armed_once_rings_in_every_room_after_the_first_key()
    {
        var desk = await ListeningAsync("duty", "/duty/start");
        await desk.Find("#arm").ClickAsync();
        await Expect(desk.Find("#bell")).ToBeHiddenAsync();
        foreach (var path in new[] { "/desk", "/intake", "/callback", "/history", "/stats", "/leader", "/roster", "/duty/start", "/admin/posters", "/wall" })
        {
            await desk.Page.GotoAsync(path);
            await Expect(desk.Find("#bell")).ToHaveAttributeAsync("data-why", "held");
            await desk.ShootAsync("ring-held" + path.Replace('/', '-'));
            await desk.Page.Keyboard.PressAsync("F2");
            await Expect(desk.Find("#bell")).ToBeHiddenAsync();
            await RingsAsync(desk, path);
        }
    }

    [Fact]
    public async Task A_phone_that_was_armed_rings_after_a_reload_and_forgets_it_with_the_sign_out()
    {
        var phone = await ListeningAsync("grid094", "/m", hand: true);
        await Expect(phone.Find("#bell")).ToHaveAttributeAsync("data-why", "off");
        await phone.LiveAsync();
        await phone.Find("#bell").TapAsync();
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#bell")).ToHaveAttributeAsync("data-why", "held");
        await phone.Find("#bell").TapAsync();
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();
        await RingsAsync(phone, "/m");
        foreach (var path in new[] { "/review", "/roster", "/intake", "/password" })
        {
            await phone.Page.GotoAsync(path);
            await phone.Find("#bell").TapAsync();
            await RingsAsync(phone, path);
        }

        await phone.Page.GotoAsync("/"); // no trace of it on a page without a ring
        await phone.Find("form[action='/signout'] button").TapAsync();
        await Expect(phone.Find("form[action='/signout']")).ToHaveCountAsync(0);
        await phone.Page.GotoAsync("/signin?returnUrl=/m");
        await SignInAsync(phone, "grid094");
        await Expect(phone.Find("#bell")).ToHaveAttributeAsync("data-why", "off");
    }

    [Theory]
    [InlineData("duty2", "/desk", 1440, 900)]
    [InlineData("duty2", "/history", 1366, 768)]
    [InlineData("grid094", "/m", 390, 844)]
    [InlineData("grid094", "/review", 360, 640)]
    [InlineData("grid094", "/intake", 360, 640)]
    public async Task What_would_be_silent_says_so_across_its_width_and_covers_no_field_that_has_the_focus(string account, string path, int width, int height)
    {
        var window = await ListeningAsync(account, path);
        await window.Page.SetViewportSizeAsync(width, height);
        var bell = window.Find("#bell");
        await Expect(bell).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(bell).ToContainTextAsync("铃声没开");
        var box = (await bell.BoundingBoxAsync())!;
        Assert.Equal(width, box.Width, 1);
        Assert.InRange(box.Height, 44, 104);
        var covered = await window.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('main :is(input, select, textarea, button, a)')].filter((field) => field.offsetParent && field.checkVisibility()).filter((field) => {
              field.focus();
              const [a, b] = [field.getBoundingClientRect(), document.getElementById('bell').getBoundingClientRect()];
              return document.activeElement === field && a.bottom > b.top + 1 && a.top < b.bottom;
            }).map((field) => field.outerHTML.slice(0, 80))
            """);
        Assert.Empty(covered);
        await window.ShootAsync($"ring-off{path.Replace('/', '-')}-{width}");
        await Expect(window.Find("body")).ToHaveAttributeAsync("data-link", "live"); // the script has loaded
        await ArmAsync(window);
        await RingsAsync(window, path);
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_heard_and_a_device_without_sound_is_said_too()
    {
        await using var line = new Line(street.Host.Url);
        await using var windows = new Windows(street.Chromium, line.Url);
        var phone = await windows.MemberAsync("grid095");
        phone.Forgive("net::ERR_|fetching the script|WebSocket connection to|Failed to fetch|service worker");
        await phone.Page.AddInitScriptAsync(Ear);
        await phone.Page.ReloadAsync();
        await phone.LiveAsync();
        await ArmAsync(phone);
        await phone.Page.EvaluateAsync("() => { window.tones = 0; }");
        line.Cut();
        await Expect(phone.Find("#bell")).ToHaveAttributeAsync("data-why", "lost");
        await phone.Page.WaitForFunctionAsync("() => window.tones > 0");
        await phone.ShootAsync("ring-lost");
        line.Mend();
        await phone.Find("#bell").ClickAsync(); // at once, not after the pause
        await phone.LiveAsync();
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();

        await phone.Page.AddInitScriptAsync("window.AudioContext = undefined;");
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#bell")).ToHaveAttributeAsync("data-why", "broken");
    }

    [Theory]
    [InlineData("constructor() { throw new Error('no device'); }")]
    [InlineData("state = 'suspended'; resume() { if (window.mended) { this.state = 'running'; this.onstate?.(); } return new Promise(() => {}); } addEventListener(_, act) { this.onstate = act; }")]
    public async Task A_device_whose_sound_does_not_start_at_a_touch_is_said_to_be_silent_until_it_does(string sound)
    {
        var desk = await _windows.DeskAsync("duty");
        await desk.Page.AddInitScriptAsync($"window.AudioContext = class {{ {sound} currentTime = 0; createOscillator() {{ return {{ frequency: {{}}, connect: (next) => next, start() {{}}, stop() {{}} }}; }} createGain() {{ return {{ gain: {{ setValueAtTime() {{}}, linearRampToValueAtTime() {{}} }}, connect: (next) => next }}; }} }};");
        await desk.Page.ReloadAsync();
        await desk.LiveAsync();
        var bell = desk.Find("#bell");
        await Expect(bell).ToHaveAttributeAsync("data-why", "off");
        await bell.ClickAsync();
        await Expect(bell).ToHaveTextAsync("这台设备放不出声音，请看着屏幕或换一台。点这里再试");
        await bell.ClickAsync();
        await Expect(bell).ToHaveAttributeAsync("data-why", "broken");
        await desk.ShootAsync("ring-broken");
        if (!sound.Contains("mended", StringComparison.Ordinal)) return;
        await desk.Page.EvaluateAsync("() => { window.mended = true; }");
        await bell.ClickAsync();
        await Expect(bell).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Of_two_tabs_one_rings_and_neither_says_that_it_is_silent()
    {
        var first = await ListeningAsync("grid096", "/m");
        await first.LiveAsync();
        await ArmAsync(first);
        var second = await first.Page.Context.NewPageAsync();
        await second.AddInitScriptAsync(Ear);
        await second.GotoAsync(street.Host.Url + "/m");
        await Expect(second.Locator("#link")).ToHaveAttributeAsync("data-state", "live");
        await second.Keyboard.PressAsync("F2");
        await Expect(second.Locator("#bell")).ToBeHiddenAsync();
        await first.Page.EvaluateAsync("() => { window.tones = 0; }");
        await second.EvaluateAsync("() => { window.tones = 0; }");
        var (callNo, _) = await street.Api.WhistleInAsync("096", "04");
        await first.Page.WaitForFunctionAsync("() => window.tones > 0");
        await Expect(second.Locator($"[data-no='{callNo}']")).ToBeVisibleAsync();
        Assert.Equal(0, await second.EvaluateAsync<int>("() => window.tones"));

        // The page that rang is closed: the other takes over.
        await first.Page.CloseAsync();
        var (next, _) = await street.Api.WhistleInAsync("096", "04");
        await second.WaitForFunctionAsync("() => window.tones > 0");
        foreach (var no in new[] { callNo, next }) await street.Api.GiveAsync("grid096", no, "accept");
    }

    [Fact]
    public async Task What_rings_while_one_page_gives_way_to_another_is_heard_on_the_other()
    {
        var phone = await ListeningAsync("grid093", "/m");
        await phone.LiveAsync();
        await phone.Find("#bell").ClickAsync();
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();
        await RingsAsync(phone, "/m", "093"); // from here on a 特急 of this minute has been heard
        // The page before it still holds the lock, as in the moment when a browser lets it go.
        var before = await phone.Page.Context.NewPageAsync();
        await before.GotoAsync(street.Host.Url + "/s/01");
        await before.EvaluateAsync("() => { void navigator.locks.request('ring', { steal: true }, () => new Promise((resolve) => { window.release = resolve; })); }");
        await phone.Page.ReloadAsync();
        await phone.LiveAsync();
        await phone.Page.Keyboard.PressAsync("F2");
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();
        await RingsAsync(phone, "the page that takes over", "093", async callNo =>
        {
            await Expect(phone.Find($"[data-no='{callNo}']")).ToBeVisibleAsync();
            await before.EvaluateAsync("() => window.release()");
        });

        // A call that comes between two pages is new to the second one.
        await phone.Page.GotoAsync("about:blank");
        await RingsAsync(phone, "a page that was opened after the call", "093", async _ =>
        {
            await phone.Page.GotoAsync("/m");
            await phone.LiveAsync();
            await phone.Page.Keyboard.PressAsync("F2");
        }, isOpen: false);
    }

    [Theory]
    [InlineData("leader", "/desk")]
    [InlineData("wall", "/wall")]
    [InlineData("auditor", "/audit")]
    [InlineData("duty2", "/wall")]
    public async Task Whom_nobody_calls_is_asked_for_nothing(string account, string path)
    {
        var window = await ListeningAsync(account, path);
        await Expect(window.Find("main")).ToBeVisibleAsync();
        await Expect(window.Find("#bell:visible")).ToHaveCountAsync(0);
        await window.Page.GotoAsync("/s/01");
        await Expect(window.Find("#bell")).ToHaveCountAsync(0);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    /// <summary>Arms the sound and hears that it is armed: nothing counted afterwards is that tone.</summary>
    internal static async Task ArmAsync(Window window)
    {
        await window.Find("#bell").ClickAsync();
        await Expect(window.Find("#bell")).ToBeHiddenAsync();
        await window.Page.WaitForFunctionAsync("() => window.tones > 0");
    }

    private async Task<Window> ListeningAsync(string account, string path, bool hand = false)
    {
        var window = await _windows.OpenAsync("/signin?returnUrl=" + Uri.EscapeDataString(path), new() { ViewportSize = new() { Width = hand ? 390 : 1440, Height = hand ? 844 : 900 }, HasTouch = hand });
        await window.Page.AddInitScriptAsync(Ear);
        await SignInAsync(window, account);
        await Expect(window.Page).ToHaveURLAsync(new Regex(Regex.Escape(path) + "$"));
        return window;
    }

    private static async Task SignInAsync(Window window, string account)
    {
        await window.Find("#user").FillAsync(account);
        await window.Find("#password").FillAsync(StreetApi.Password);
        await window.Find("#password").PressAsync("Enter");
    }

    /// <summary>A new 特急 is heard; afterwards it is accepted.</summary>
    private async Task RingsAsync(Window window, string where, string grid = Grid, Func<string, Task>? then = null, bool isOpen = true)
    {
        if (isOpen) await Expect(window.Find("body")).ToHaveAttributeAsync("data-link", "live");
        await window.Page.EvaluateAsync("() => { window.tones = 0; }");
        var (callNo, _) = await street.Api.WhistleInAsync(grid, "04");
        if (then is not null) await then(callNo);
        try
        {
            await window.Page.WaitForFunctionAsync("() => window.tones > 0", null, new() { Timeout = 15_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Nothing rang at {where}.");
        }

        await street.Api.GiveAsync("grid" + grid, callNo, "accept");
    }
}
