using System.Diagnostics;
using System.Globalization;

namespace DispatchCenter.Browser;

/// <summary>A desk on the first day, and one on the worst.</summary>
public sealed class NoneAndThousands(Street street) : IAsyncLifetime
{
    /// <summary>More than a board holds.</summary>
    private const int Thousands = 5_300;

    private const int AtOnce = 24;

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
    public async Task A_desk_says_that_there_is_nothing_and_of_thousands_counts_no_more_than_it_knows()
    {
        var desk = await _windows.DeskAsync("duty");
        await desk.LiveAsync();
        await Expect(desk.Find("#queue-empty")).ToHaveTextAsync("现在没有未结的事。");
        foreach (var figure in new[] { "mine", "open", "ringing", "soon", "overdue", "verify" })
            await Expect(desk.Find("#figure-" + figure)).ToHaveTextAsync("0");
        await desk.Page.Keyboard.PressAsync("j");
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.ShootAsync("desk-none");

        await Parallel.ForAsync(0, Thousands, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            await _api.WhistleInAsync((i % 130 + 1).ToString("D3", CultureInfo.InvariantCulture), ((i / 130) % 26 + 1).ToString("D2", CultureInfo.InvariantCulture)));
        await desk.Page.GotoAsync("/desk");
        await desk.LiveAsync();
        await Expect(desk.Find("#figure-open")).ToHaveTextAsync("5300");
        await Expect(desk.Find("#figure-ringing")).ToHaveTextAsync("5000+");
        await Expect(desk.Find("#figure-verify")).ToHaveTextAsync("—");
        await Expect(desk.Find("#figure-overdue")).ToHaveTextAsync("0");
        await Expect(desk.Find("#queue-count")).ToHaveTextAsync("5000 件，共 5300 件");
        await desk.ShootAsync("desk-thousands");

        // Keys answer at once all the same.
        await desk.Find("#queue").FocusAsync();
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await desk.Page.Keyboard.PressAsync(i % 2 == 0 ? "j" : "PageDown");
            await desk.Page.EvaluateAsync("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest key: {slowest.TotalMilliseconds:F0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"A key took {slowest.TotalMilliseconds:F0} ms.");
        await Expect(desk.Find("#queue [aria-selected=true]")).ToHaveCountAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }
}
