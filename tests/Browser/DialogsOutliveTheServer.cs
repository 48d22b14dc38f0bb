using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>Journeys that no other runs beside: eight desks that all wait for an answer need the machine's time for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ByThemselves
{
    public const string Name = "by themselves";
}

/// <summary>The server is killed, as by a power cut, while an officer writes in each of the desk's dialogs, and is started again on the same data.</summary>
[Collection(ByThemselves.Name)]
public sealed partial class DialogsOutliveTheServer(Street street) : IAsyncLifetime
{
    private const string Words = "断电以前写的。";

    private WebHost _host = null!;
    private StreetApi _api = null!;
    private Windows _windows = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await WebHost.StartAsync();
        _api = new StreetApi(_host.Url);
        _windows = new Windows(street.Chromium, _host.Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_stays_and_pressing_again_does_it_exactly_once(bool doneUnheard)
    {
        var asked = await AskedAsync();
        foreach (var one in asked)
        {
            await one.OpenAsync();
            if (!doneUnheard) continue;
            await LoseTheAnswerAsync(one.Window);
            await one.PressAsync();
            await one.KeptAsync();
            await one.Window.Page.UnrouteAllAsync();
        }

        await _host.KillAsync();
        foreach (var one in asked)
        {
            await one.PressAsync();
            await one.KeptAsync();
        }

        await asked[0].Window.ShootAsync("dialog-server-gone");
        await asked[^1].Window.ShootAsync("intake-server-gone");
        await _host.StartAgainAsync();
        foreach (var one in asked) await one.PressAsync();
        foreach (var one in asked)
        {
            await one.OverAsync();
            Assert.Equal((one.Title, 1), (one.Title, await one.CountAsync()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using var host = _host;
        using var api = _api;
        await _windows.DisposeAsync();
    }

    /// <summary>A desk for each dialog, with a case that it fits.</summary>
    private async Task<List<Asked>> AskedAsync()
    {
        var first = await _windows.DeskAsync("duty");
        first.Forgive("WebSocket connection to|net::ERR_");
        var session = await first.Page.Context.StorageStateAsync();
        async Task<Window> AtAsync(string path)
        {
            var window = await _windows.OpenAsync(path, new() { ViewportSize = new() { Width = 1440, Height = 900 }, StorageState = session });
            window.Forgive("WebSocket connection to|net::ERR_");
            await window.LiveAsync();
            return window;
        }

        async Task<Asked> OrderAsync(string title, string happening, Func<Window, Task> open, Func<Window, Task>? fill = null, string category = "11", string more = "", Func<string, Task>? before = null)
        {
            var grid = Grids.Dequeue();
            var (callNo, _) = await _api.WhistleInAsync(grid, category);
            if (before is not null) await before(callNo);
            var window = await AtAsync("/desk/" + callNo);
            await Expect(window.Find("#detail .timeline")).ToBeVisibleAsync();
            return new Asked(window, title, "dialog", async () =>
            {
                await open(window);
                await Expect(window.Find("dialog h2")).ToHaveTextAsync(title);
                if (fill is not null) await fill(window);
                await window.Find("dialog textarea").Last.FillAsync(Words);
            }, async () =>
            {
                var (_, detail) = await _api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
                return detail!["timeline"]!.AsArray().Count(line => (string)line!["what"]! == happening);
            });
        }

        static Func<Window, Task> Key(string key) => window => window.Page.Keyboard.PressAsync(key);
        static Func<Window, Task> Button(string command) => window => window.Find($"#detail [data-command={command}]").ClickAsync();
        static Func<Window, Task> More(string command) => async window =>
        {
            await window.Find("#detail .more summary").ClickAsync();
            await window.Find($"#detail [data-command={command}]").ClickAsync();
        };

        var worker = "grid" + Grids.Peek();
        var all = new List<Asked>
        {
            await OrderAsync("审批延期", "granted", Button("ruleExtension"), window => window.Find("dialog .choice input").First.CheckAsync(), before: async callNo =>
            {
                await _api.GiveAsync(worker, callNo, "accept");
                await _api.GiveAsync(worker, callNo, "request", new() { ["kind"] = "extension", ["hours"] = 1, ["note"] = "Wait for the part." });
            }),
            await OrderAsync("指派", "designated", Key("d")),
            await OrderAsync("更正", "corrected", Key("c"), window => window.Find("dialog select").First.SelectOptionAsync("12")),
            await OrderAsync("求援吹哨", "summoned", Key("s"), window => window.Find("dialog .choice input").First.CheckAsync()),
            await OrderAsync("告诉来电人", "toldCaller", More("tell")),
        };
        var into = (await _api.WhistleInAsync(Grids.Peek(), "12")).CallNo;
        all.Add(await OrderAsync("并案", "merged", Key("m"), window => window.Find("dialog input[maxlength='24']").FillAsync(into), "12"));

        var urgent = (await _api.WhistleInAsync(Grids.Peek(), "04")).CallNo;
        var emergency = await AtAsync("/desk/" + urgent);
        await Expect(emergency.Find("#detail .timeline")).ToBeVisibleAsync();
        all.Add(new Asked(emergency, "已拨打应急电话", "dialog", async () =>
        {
            await More("emergency")(emergency);
            await emergency.Find("dialog input[value='119']").CheckAsync();
        }, async () => (await _api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + urgent)).Body!["timeline"]!.AsArray().Count(line => (string)line!["what"]! == "emergencyConfirmed")));

        var counter = await AtAsync("/desk");
        all.Add(new Asked(counter, "代录", ".intake-panel form", async () =>
        {
            await counter.Page.Keyboard.PressAsync("n");
            await counter.Find("#intake-place").FillAsync(Counted);
            await counter.Page.Keyboard.PressAsync("Enter");
            await counter.Find("#intake-category").SelectOptionAsync("08");
            await counter.Find("#intake-words").FillAsync(Words);
        }, async () => (await _api.AskAsync("duty2", HttpMethod.Get, "/api/board?limit=5000")).Body!["calls"]!.AsArray().Count(card => (string)card!["grid"]! == Counted)));
        return all;
    }

    /// <summary>The intake's own grid.</summary>
    private const string Counted = "100";

    private Queue<string> Grids { get; } = new(["020", "021", "022", "023", "024", "025", "026"]);

    /// <summary>The next request is done, but nobody hears of it; nor does its repetition get through.</summary>
    private static async Task LoseTheAnswerAsync(Window window)
    {
        var isDone = false;
        await window.Page.RouteAsync(Commands(), async route =>
        {
            if (!isDone) await route.FetchAsync();
            isDone = true;
            await route.AbortAsync();
        });
    }

    [GeneratedRegex("/api/(whistles|calls/[^/]+/(designate|correct|merge|rule|tell|summon|emergency))$")]
    private static partial Regex Commands();

    private sealed record Asked(Window Window, string Title, string Box, Func<Task> OpenAsync, Func<Task<int>> CountAsync)
    {
        public Task PressAsync() => Window.Page.Keyboard.PressAsync("Control+Enter");

        /// <summary>It says that it does not know, and all that was entered still stands there.</summary>
        public async Task KeptAsync()
        {
            await Expect(Window.Find(Box + " > * > .error-box, " + Box + " > .error-box")).ToContainTextAsync("没有收到回音");
            await Expect(Window.Find(Box + " [aria-busy=true]")).ToHaveCountAsync(0);
            if (await Window.Find(Box + " textarea").CountAsync() > 0) await Expect(Window.Find(Box + " textarea").Last).ToHaveValueAsync(Words);
            else Assert.Equal("119", await Window.Find(Box + " input:checked").InputValueAsync());
        }

        public Task OverAsync() => Expect(Window.Find(Box + " h2").And(Window.Page.GetByText(Title, new() { Exact = true }))).ToHaveCountAsync(0);
    }
}
