using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>A page in the background: browsers let its timers stand still. On a street of its own, where nothing but the beat is heard.</summary>
public sealed class BackInSight(Street street) : IAsyncLifetime
{
    private WebHost _host = null!;
    private StreetApi _api = null!;
    private Windows _windows = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        _api = new StreetApi(_host.Url);
        _windows = new Windows(street.Chromium, _host.Url);
    }

    [Fact]
    public async Task A_desk_that_is_looked_at_again_shows_the_clocks_of_now_before_any_timer_has_run()
    {
        var (callNo, _) = await _api.WhistleInAsync("105", "01");
        var desk = await _windows.DeskAsync("duty2");
        await desk.Page.AddInitScriptAsync(Standstill.Script);
        await desk.Page.GotoAsync("/desk?grid=105");
        await desk.LiveAsync();
        await Expect(desk.Call(callNo).Locator(".left")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d$"));
        await Standstill.HideAsync(desk);
        var texts = await desk.Page.EvaluateAsync<string[]>("""
            async (row) => {
              const left = () => document.querySelector(row + ' .left').textContent;
              const before = left();
              window.later = 10_000;
              window.hidden = false;
              document.dispatchEvent(new Event('visibilitychange'));
              return [before, left()];
            }
            """, $"[data-no='{callNo}']:not([hidden])");
        var passed = TimeSpan.ParseExact(texts[0], @"mm\:ss", null) - TimeSpan.ParseExact(texts[1], @"mm\:ss", null);
        Assert.InRange(passed.TotalSeconds, 9, 14);
    }

    [Fact]
    public async Task A_hidden_desk_repeats_an_S1_with_the_next_beat()
    {
        await _api.WhistleInAsync("105", "01");
        var desk = await _windows.DeskAsync("duty");
        await desk.Page.AddInitScriptAsync(Ringing.Ear);
        await desk.Page.AddInitScriptAsync(Standstill.Script);
        await desk.Page.ReloadAsync();
        await desk.LiveAsync();
        await Ringing.ArmAsync(desk);
        await Standstill.HideAsync(desk);
        await desk.Page.EvaluateAsync("() => { localStorage.setItem('rang-at', String(Date.now() - 61_000)); window.tones = 0; }");
        await desk.Page.WaitForFunctionAsync("() => window.tones > 0");
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }
}

/// <summary>Stops a page's timers, as a browser does in the background; what arrives over a connection is still heard.</summary>
internal static class Standstill
{
    public const string Script = """
        window.still = false;
        window.hidden = false;
        window.later = 0;
        for (const name of ['setInterval', 'setTimeout']) {
          const real = window[name];
          window[name] = (act, ms, ...more) => real(() => { if (!window.still) act(...more); }, ms);
        }
        for (const clock of [performance, Date]) {
          const now = clock.now.bind(clock);
          clock.now = () => now() + window.later;
        }

        Object.defineProperty(document, 'hidden', { get: () => window.hidden });
        Object.defineProperty(document, 'visibilityState', { get: () => (window.hidden ? 'hidden' : 'visible') });
        """;

    public static Task HideAsync(Window window) => window.Page.EvaluateAsync("() => { window.still = window.hidden = true; document.dispatchEvent(new Event('visibilitychange')); }");
}
