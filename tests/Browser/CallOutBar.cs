using System.Net;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>叫应 at the foot of the page: it takes little room, rings once a minute whatever page is open, and no tap that was meant for something else answers it.</summary>
public sealed class CallOutBar(Street shared, OwnStreet street) : IAsyncDisposable, IClassFixture<OwnStreet>
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("暴雨红色预警，请逐条核对。", 160))[..2_000];

    private readonly Windows _windows = new(shared.Chromium, street.Url);

    [Theory]
    [InlineData(360, 640, "zh-CN")]
    [InlineData(320, 568, "zh-CN")]
    [InlineData(320, 568, "en")]
    public async Task With_the_other_two_it_takes_no_more_than_104_px_of_a_phone_and_covers_no_field_that_has_the_focus(int width, int height, string language)
    {
        var (urgent, _) = await street.Api.WhistleInAsync("101", "04", danger: true);
        var no = await street.Api.CallOutAsync("101", Long);
        var phone = await _windows.MemberAsync("grid101", "/intake?lang=" + language);
        await phone.Page.SetViewportSizeAsync(width, height);
        foreach (var bar in (string[])["#callout-bar", "#urgent-bar"]) await Expect(phone.Find(bar)).ToBeInViewportAsync(new() { Ratio = 1 });
        await phone.ShootAsync($"bars-{width}-{language}");
        Assert.InRange((await phone.Find("#bars").BoundingBoxAsync())!.Height, 44, 104);
        var covered = await phone.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('main :is(input, select, textarea, button, a)')].filter((field) => field.offsetParent && field.checkVisibility()).filter((field) => {
              field.focus();
              const [a, b] = [field.getBoundingClientRect(), document.getElementById('bars').getBoundingClientRect()];
              const bottom = field.tagName === 'TEXTAREA' ? a.top + 32 : a.bottom; // of a long one, the line that is written in
              return document.activeElement === field && bottom > b.top + 1 && a.top < b.bottom;
            }).map((field) => field.outerHTML.slice(0, 80))
            """);
        Assert.Empty(covered);
        var cut = await phone.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('#bars [data-command=heard], #urgent-bar')].filter((one) => {
              const [a, b] = [one.getBoundingClientRect(), one.closest('.bar').getBoundingClientRect()];
              return one.scrollHeight > one.clientHeight + 1 || a.top < b.top || a.bottom > b.bottom;
            }).map((one) => one.outerHTML)
            """);
        Assert.Empty(cut);
        await street.Api.GiveAsync("grid101", urgent, "accept");
        await street.Api.EndCallOutAsync(no);
        await Expect(phone.Find("#bell")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task A_second_tap_answers_no_other_one_and_hits_nothing_behind_it()
    {
        var numbers = new[] { await street.Api.CallOutAsync("102", "First."), await street.Api.CallOutAsync("102", "Second.") };
        var phone = await _windows.MemberAsync("grid102");
        await Expect(phone.Find("#callout-bar")).ToContainTextAsync("First.");
        await phone.Page.EvaluateAsync("""
            () => {
              const bar = document.getElementById('callout-bar');
              new MutationObserver(() => bar.querySelector('[data-command=heard]')?.click()).observe(bar, { childList: true }); // the second tap, wherever the first has led
              new MutationObserver(() => { window.hiddenAt = performance.now(); }).observe(bar, { attributeFilter: ['hidden'] });
            }
            """);
        await TapHeardAsync(phone);
        await Expect(phone.Find("#callout-bar")).ToContainTextAsync("Second.");
        Assert.Equal((1, 0), (await AnsweredAsync(numbers[0]), await AnsweredAsync(numbers[1])));
        await TapHeardAsync(phone);
        await Expect(phone.Find("#callout-bar")).ToBeHiddenAsync();
        Assert.True(await phone.Page.EvaluateAsync<double>("() => window.hiddenAt - performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/answer')).at(-1).responseEnd") > 400);
        Assert.Equal((1, 1), (await AnsweredAsync(numbers[0]), await AnsweredAsync(numbers[1])));
    }

    [Fact]
    public async Task The_next_page_does_not_ring_it_again_within_the_minute()
    {
        var phone = await _windows.MemberAsync("grid103");
        await phone.Page.AddInitScriptAsync(Ringing.Ear);
        await phone.Page.ReloadAsync();
        await phone.LiveAsync();
        await Ringing.ArmAsync(phone);
        await phone.Page.EvaluateAsync("() => { window.tones = 0; }");
        var first = await street.Api.CallOutAsync("103", "First.");
        await phone.Page.WaitForFunctionAsync("() => window.tones > 0");
        var once = await phone.Page.EvaluateAsync<int>("() => window.tones");
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#callout-bar")).ToBeVisibleAsync();
        await phone.Page.Keyboard.PressAsync("F2");
        await Expect(phone.Find("#bell")).ToBeHiddenAsync();
        var second = await street.Api.CallOutAsync("103", "Second.");
        await Expect(phone.Find(".call", "Second.")).ToBeAttachedAsync(); // whichever tab is open
        await phone.Page.WaitForFunctionAsync("() => window.tones > 0");
        Assert.Equal(once, await phone.Page.EvaluateAsync<int>("() => window.tones"));
        foreach (var no in (string[])[first, second]) await street.Api.EndCallOutAsync(no);
    }

    [Fact]
    public async Task The_report_is_read_once_at_a_time_and_keeps_the_focus_while_answers_come()
    {
        var place = await street.Api.PlaceAsync("09");
        var no = await street.Api.CallOutAsync(place.Team, "Test.", "teams");
        var desk = await _windows.DeskAsync("duty");
        await desk.Page.AddInitScriptAsync("const later = setTimeout; window.looked = 0; window.setTimeout = (act, ms, ...more) => later((...given) => { act(...given); if (ms === 300) window.looked++; }, ms, ...more);");
        await desk.Page.GotoAsync("/callout?no=" + no);
        await desk.LiveAsync();
        await Expect(desk.Find("#one .figure")).ToHaveTextAsync($"已应答 0 / {place.Workers.Count}");
        var (reads, answer) = (0, new TaskCompletionSource());
        await desk.Page.RouteAsync($"**/api/callouts/{no}", async route =>
        {
            Interlocked.Increment(ref reads);
            await answer.Task;
            await route.ContinueAsync();
        });
        await desk.Find("a[download]").FocusAsync();
        var (_, view) = await street.Api.AskAsync("duty", HttpMethod.Get, $"/api/callouts/{no}");
        var part = (string)view!["parts"]![0]!["callNo"]!;
        foreach (var account in place.Workers)
        {
            var looked = await desk.Page.EvaluateAsync<int>("() => window.looked");
            await street.Api.AnswerAsync(account, part, "heard", "done");
            await desk.Page.WaitForFunctionAsync("(before) => window.looked > before", looked);
        }

        Assert.Equal(1, Volatile.Read(ref reads));
        answer.SetResult();
        await Expect(desk.Find("#one .figure")).ToHaveTextAsync($"已应答 {place.Workers.Count} / {place.Workers.Count}");
        await Expect(desk.Find("a[download]")).ToBeFocusedAsync();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task TapHeardAsync(Window phone)
    {
        var no = await phone.Find("#callout-bar").GetAttributeAsync("data-case");
        await phone.Page.WaitForFunctionAsync("""
            (no) => {
              const bar = document.getElementById('callout-bar');
              if (bar.dataset.case === no && !bar.querySelector('[data-command=heard]').disabled) bar.querySelector('[data-command=heard]').click(); // too soon after it came, a tap is ignored
              return bar.dataset.case !== no || bar.querySelector('[data-command=heard]').disabled;
            }
            """, no);
    }

    private async Task<int> AnsweredAsync(string no) => (int)(await street.Api.AskAsync("duty", HttpMethod.Get, $"/api/callouts/{no}")).Body!["figures"]!["answered"]!;
}
