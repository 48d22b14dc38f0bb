using System.Globalization;

namespace DispatchCenter.Browser;

/// <summary>A desk on the first day, and one on the worst.</summary>
public sealed class NoneAndThousands(Street street) : IAsyncLifetime
{
    /// <summary>More than a board holds.</summary>
    private const int Thousands = 5_300;

    private const int AtOnce = 24;

    /// <summary>No screen shows more rows at once, with some above and below.</summary>
    private const int RowsInSight = 120;

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

        // Keys answer within their own event, and however many cases there are, only the rows in sight are drawn again.
        await desk.Find("#queue").FocusAsync();
        foreach (var key in new[] { "j", "PageDown", "j", "PageDown", "k", "PageUp" })
        {
            var (before, after, rows) = await PressAsync(desk, key);
            Assert.NotEqual(before, after);
            Assert.InRange(rows, 1, RowsInSight);
        }

        await Expect(desk.Find("#queue [aria-selected=true]")).ToHaveCountAsync(1);
    }

    /// <summary>The case chosen before a key and as soon as its event is over, and how many rows stand in the page then.</summary>
    private static async Task<(string? Before, string? After, int Rows)> PressAsync(Window desk, string key)
    {
        var seen = await desk.Page.EvaluateAsync<string[]>("""
            (key) => {
              const chosen = () => document.querySelector('#queue [aria-selected=true]')?.dataset.no ?? '';
              const before = chosen();
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
              return [before, chosen(), String(document.querySelectorAll('#queue [data-no]:not([hidden])').length)];
            }
            """, key);
        return (seen[0], seen[1], int.Parse(seen[2], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }
}
