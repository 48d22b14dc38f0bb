using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A desk creates a month from a pattern on /roster, edits it by mouse and keyboard, sees a gap in red, and a calendar reads the feed.</summary>
public sealed class RosterPage(Street street, ITestOutputHelper output) : IAsyncDisposable
{
    // The days of a month that are seen whole beside the names.
    private const string InView = """
        () => {
          const box = document.querySelector('#scroll').getBoundingClientRect();
          const names = document.querySelector('#grid thead th').getBoundingClientRect();
          document.querySelector('#scroll').scrollLeft = 0;
          return [...document.querySelectorAll('#grid thead th')].slice(1).filter((day) => day.getBoundingClientRect().left >= names.right - 1 && day.getBoundingClientRect().right <= box.right + 1).length;
        }
        """;

    private readonly Windows _windows = new(street);

    [Fact]
    public async Task Going_off_duty_on_the_roster_offers_the_hand_over_list()
    {
        await street.Api.WhistleInAsync("128", "01");
        var window = await _windows.DeskAsync("duty2", "/roster");
        await window.Find("#my-acts button", "签退").ClickAsync();
        await Expect(window.Find("dialog .hand-over li").First).ToContainTextAsync("有关安危");
        await window.Find("dialog .hand-over input").First.CheckAsync();
        await window.ShootAsync("roster-sign-off");
        await window.Find("dialog button[value=no]").ClickAsync();
        await Expect(window.Find("#my-state")).ToContainTextAsync("在岗");
    }

    [Fact]
    public async Task A_month_is_made_from_a_pattern_edited_by_mouse_and_keyboard_and_its_feed_read_by_ical_js()
    {
        var window = await _windows.DeskAsync("community06");
        await window.Page.GotoAsync("/roster?unit=team%3A12&view=month");
        await window.Page.WaitForFunctionAsync("() => document.querySelectorAll('#grid .cell').length > 0");
        await MakePatternAsync(window);
        await window.Find("#next").ClickAsync();
        await Expect(window.Find("#span")).Not.ToHaveTextAsync("");
        await Expect(window.Find("#grid .shift").Filter(new() { HasText = "08:00–20:00" }).First).ToBeVisibleAsync();
        Assert.InRange(await window.Page.EvaluateAsync<int>(InView), 28, 31);
        var inspection = new Inspection("zh-CN");
        await inspection.LookAsync(window, "roster-month");
        await EditAsync(window);
        await FeedAsync(window);
        await GapAsync(window, inspection);
        await StartAsync(inspection);
        inspection.HoldsEverywhere();
    }

    [Fact]
    public async Task The_roster_and_the_hand_over_are_all_in_english_too()
    {
        var inspection = new Inspection("en");
        var window = await _windows.DeskAsync("duty2");
        await window.Page.GotoAsync("/roster?lang=en&unit=team%3A01&view=week");
        await window.Page.WaitForFunctionAsync("() => document.querySelectorAll('#grid .cell').length > 0");
        await inspection.LookAsync(window, "roster-week");
        await window.Page.GotoAsync("/duty/start?lang=en");
        await Expect(window.Find("#state")).ToHaveTextAsync("You are on duty");
        await inspection.LookAsync(window, "start");
        inspection.HoldsEverywhere();
    }

    [Fact]
    public async Task What_a_pattern_has_just_made_can_be_swapped_at_once_and_the_whole_night_is_one_view()
    {
        var window = await _windows.DeskAsync("community07", "/roster?unit=community%3A07&view=month");
        await window.Page.WaitForFunctionAsync("() => document.querySelectorAll('#grid .cell').length > 0 && document.querySelectorAll('#my-acts button').length > 1");
        await window.Find("#my-acts button", "换班").ClickAsync();
        await Expect(window.Find(".toast", "近期没有可换的班次")).ToBeVisibleAsync();
        await window.Find("#patterns button").Last.ClickAsync();
        await window.Find("dialog input[name], dialog input:not([type])").First.FillAsync("社区夜班");
        await window.Find("dialog input[value=daily]").CheckAsync();
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(window.Find("#patterns li").First).ToContainTextAsync("社区夜班");
        await window.Find("#my-acts button", "换班").ClickAsync();
        await Expect(window.Find("dialog select").First.Locator("option").First).ToContainTextAsync("08:00");
        await window.Find("dialog button[value=no]").ClickAsync();

        await window.Find("input[value=tonight]").CheckAsync(new() { Force = true });
        await Expect(window.Find("#night tr[data-unit='community:07']")).ToBeVisibleAsync();
        await Expect(window.Find("#night tr[data-unit='community:06']")).ToHaveCountAsync(0); // its own alone
        await Expect(window.Find("#scroll")).ToBeHiddenAsync();
        var inspection = new Inspection("zh-CN");
        await inspection.LookAsync(window, "roster-night");
        await window.Find("input[value=month]").CheckAsync(new() { Force = true });
        await window.Find("#patterns li", "社区夜班").Locator("button").ClickAsync();
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(window.Find("#patterns")).Not.ToContainTextAsync("社区夜班");
        inspection.HoldsEverywhere();
    }

    [Fact]
    public async Task Off_duty_the_desk_says_why_there_are_no_commands()
    {
        await street.Api.AskAsync("community09", HttpMethod.Post, "/api/duty/signOff", []);
        var desk = await _windows.DeskAsync("community09");
        await Expect(desk.Find("#off-duty")).ToHaveTextAsync("不在岗，只能看");
        await desk.ShootAsync("desk-off-duty");
        await desk.Find("#off-duty").ClickAsync();
        await desk.Find("#take").ClickAsync();
        await Expect(desk.Find("#take")).ToBeHiddenAsync();
        await Expect(desk.Find("#list")).ToBeVisibleAsync();
        await desk.Find("#tick").ClickAsync();
        await Expect(desk.Find("#list-last")).ToContainTextAsync("上次接班");
        await desk.ShootAsync("start-list", whole: true);
        await desk.Page.GotoAsync("/desk");
        await desk.LiveAsync();
        await Expect(desk.Find("#off-duty")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("20:00", 1, "08:00", "20:00–08:00", "20:00–08:00")] // a usual night
    [InlineData("03:58", 1, "04:06", "03:58–次日 04:06", "03:58–04:06 next day")] // a day and eight minutes, not eight minutes
    [InlineData("03:58", 2, "02:00", "03:58–{0:M/d} 02:00", "03:58–{0:M/d} 02:00")]
    public async Task An_end_that_could_be_taken_for_one_of_the_same_day_is_said_with_its_own(string begin, int days, string end, string chinese, string english)
    {
        var window = await _windows.DeskAsync("duty2");
        var day = default(DateOnly);
        // Round-the-clock duty that was signed off is longer than a planned shift may be: no test day is long enough for it.
        await window.Page.RouteAsync("**/api/roster?*", async route =>
        {
            var answer = await route.FetchAsync();
            var roster = JsonNode.Parse(await answer.TextAsync())!;
            var shift = roster["shifts"]!.AsArray()[0]!;
            day = DateOnly.Parse((string)roster["from"]!, CultureInfo.InvariantCulture);
            (shift["from"], shift["until"]) = ($"{day:yyyy-MM-dd}T{begin}:00+08:00", $"{day.AddDays(days):yyyy-MM-dd}T{end}:00+08:00");
            roster["shifts"] = new JsonArray(shift.DeepClone());
            await route.FulfillAsync(new() { Response = answer, Body = roster.ToJsonString() });
        });
        foreach (var (language, words) in new[] { ("zh-CN", chinese), ("en", english) })
        {
            await window.Page.GotoAsync($"/roster?lang={language}&unit=team%3A02&view=week");
            var shown = window.Find("#grid .shift:not(.leave)");
            await Expect(shown).ToHaveCountAsync(1);
            await Expect(shown).ToContainTextAsync(string.Format(CultureInfo.InvariantCulture, words, day.AddDays(days)));
            await window.ShootAsync($"roster-long-{language}");
        }
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static async Task MakePatternAsync(Window window)
    {
        await window.Find("#patterns button").Last.ClickAsync();
        await window.Find("dialog input[value=fourTwo]").CheckAsync();
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(window.Find(".toast.ok")).ToBeVisibleAsync();
        await Expect(window.Find("#patterns li").First).ToContainTextAsync("常用班次"); // by its name, in the language it was given
    }

    /// <summary>Shortens a shift by mouse; removes the one beneath by keyboard.</summary>
    private static async Task EditAsync(Window window)
    {
        var cell = window.Find("#grid .cell:has(.shift)").Filter(new() { HasText = "08:00–20:00" }).First;
        var (post, day) = (await cell.GetAttributeAsync("data-post"), await cell.GetAttributeAsync("data-day"));
        var same = window.Find($"#grid .cell[data-post='{post}'][data-day='{day}']");
        await same.ClickAsync();
        var until = window.Find("dialog input[type=datetime-local]").Last;
        await until.FillAsync($"{DateOnly.Parse(day!, CultureInfo.InvariantCulture).AddDays(1):yyyy-MM-dd}T21:00"); // into the night that follows
        await Expect(window.Find("dialog .wait-box")).ToContainTextAsync("与已有班次重叠");
        await until.FillAsync($"{day}T16:00");
        await Expect(window.Find("dialog .wait-box")).ToBeHiddenAsync();
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(same).ToContainTextAsync("08:00–16:00");
        await Expect(same.Locator(".shift.fixed").Filter(new() { HasText = "08:00–16:00" })).ToHaveCountAsync(1);
        await Expect(same).ToBeFocusedAsync(); // the keyboard focus is where it was
        await window.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(same).Not.ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("ArrowLeft");
        await window.Page.Keyboard.PressAsync("Delete");
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(same).Not.ToContainTextAsync("08:00–16:00");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Find("dialog button[type=submit]").ClickAsync();
        await Expect(same).ToContainTextAsync("08:00–20:00");
        await window.Find("#history summary").ClickAsync();
        await Expect(window.Find("#history-list")).ToContainTextAsync("撤班");
    }

    private async Task FeedAsync(Window window)
    {
        await window.Find("#acts button").Filter(new() { HasText = "日历订阅" }).ClickAsync();
        await window.Find("dialog input[value=unit]").CheckAsync();
        await window.Find("dialog button[type=submit]").ClickAsync();
        var address = await window.Find("[data-feed]").GetAttributeAsync("data-feed");
        var folder = Path.Combine(Repository.Root, "tests", "Browser", "npm");
        using var node = Process.Start(new ProcessStartInfo("node", ["ical.mjs", address!]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        output.WriteLine(await said);
        Assert.True(node.ExitCode == 0, await said + await complained);
        var figures = JsonNode.Parse(await said)!;
        Assert.True((int)figures["events"]! > 60 && (int)figures["overMidnight"]! > 30, await said);
        await window.Find("dialog button").ClickAsync();
    }

    /// <summary>The whole team signs off: the hours ahead that the pattern does not cover are red here and on the desk.</summary>
    private async Task GapAsync(Window window, Inspection inspection)
    {
        foreach (var member in (string[])["grid040", "grid041", "grid042", "grid043", "property12", "police12"])
            await street.Api.AskAsync(member, HttpMethod.Post, "/api/duty/signOff", []);
        await window.Find("#today").ClickAsync();
        await Expect(window.Find("#grid .gap:not(.fallback)").First).ToBeVisibleAsync();
        await Expect(window.Find("#alarm")).ToBeVisibleAsync();
        await inspection.LookAsync(window, "roster-gap");
        await window.Page.GotoAsync("/desk");
        await Expect(window.Find("#gap-alarm")).ToContainTextAsync("空岗");
        await inspection.LookAsync(window, "desk-gap");
        foreach (var member in (string[])["grid040", "grid041", "grid042", "grid043", "property12", "police12"])
            await street.Api.AskAsync(member, HttpMethod.Post, "/api/duty/take", []); // round the clock again, for the other journeys
    }

    private async Task StartAsync(Inspection inspection)
    {
        await street.Api.AskAsync("community06", HttpMethod.Post, "/api/duty/note", new JsonObject { ["note"] = "三号驿站的灯明早修" });
        var window = await _windows.DeskAsync("community06", "/duty/start"); // a community without a station: no other journey uses its desk
        await Expect(window.Find("#notes")).ToContainTextAsync("三号驿站的灯明早修");
        await Expect(window.Find("#tests button").First).ToBeDisabledAsync();
        await window.Find("#arm").ClickAsync();
        await Expect(window.Find("#heard")).ToBeVisibleAsync();
        await window.Find("#tests button").First.ClickAsync();
        await window.Find("#sign-off").ClickAsync();
        await Expect(window.Find("#take")).ToBeVisibleAsync();
        await window.Find("#take").ClickAsync();
        await Expect(window.Find("#take")).ToBeHiddenAsync();
        await inspection.LookAsync(window, "start");
    }
}
