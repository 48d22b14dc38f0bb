using System.Globalization;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>The commonest jobs of a shift, each in no more keys and clicks than a dispatcher is promised. Text that is typed does not count.</summary>
public sealed class TenJobs(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Fact]
    public async Task A_shift_is_started_in_three()
    {
        var desk = await _windows.DeskAsync("duty", "/duty/start");
        var hand = new Hand(desk);
        await Expect(desk.Find("#arm")).ToBeEnabledAsync();
        await Expect(desk.Find("#state")).Not.ToHaveTextAsync("…"); // whether they are on duty has been read
        if (await desk.Find("#take").IsVisibleAsync()) await hand.ClickAsync("#take");
        await hand.ClickAsync("#arm");
        await hand.ClickAsync("a[href='/desk'].wide");
        await desk.LiveAsync();
        await Expect(desk.Find("#sound")).ToHaveAttributeAsync("data-sound", "on");
        hand.Took("start a shift", 3);
    }

    [Fact]
    public async Task A_shift_is_started_by_keys_alone()
    {
        var desk = await _windows.DeskAsync("duty2", "/duty/start");
        var hand = new Hand(desk);
        await Expect(desk.Find("#arm")).ToBeEnabledAsync();
        await Expect(desk.Find("#state")).Not.ToHaveTextAsync("…");
        await hand.TabToAsync("#arm", 300); // past the hand-over list
        await hand.PressAsync("Space");
        await Expect(desk.Find("#arm")).ToHaveAttributeAsync("aria-pressed", "true");
        await hand.TabToAsync("a[href='/desk'].wide", 20);
        await hand.PressAsync("Enter");
        await desk.LiveAsync();
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_newest_S1_is_opened_by_one()
    {
        var desk = await DeskAsync("/desk?grid=060");
        var (callNo, _) = await street.Api.WhistleInAsync("060", "06", danger: true, words: "两人困在三楼。");
        await Expect(desk.Call(callNo)).ToHaveAttributeAsync("aria-rowindex", "1");
        var hand = new Hand(desk);
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#detail")).ToContainTextAsync("两人困在三楼。");
        hand.Took("open the newest S1", 1);
    }

    [Fact]
    public async Task A_team_is_designated_by_four_keys()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("061", "11");
        var desk = await DeskAsync("/desk?grid=061");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.PressAsync("j");
        await hand.PressAsync("d");
        await Expect(desk.Find("dialog.ask")).ToBeVisibleAsync();
        await hand.PressAsync("1");
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#detail .flag.designated")).ToBeVisibleAsync();
        hand.Took("designate", 4);
    }

    [Fact]
    public async Task A_category_is_corrected_by_its_code()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("062", "11");
        var desk = await DeskAsync("/desk?grid=062");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.PressAsync("j");
        await hand.PressAsync("c");
        await Expect(desk.Find("dialog.ask select").First).ToBeFocusedAsync();
        await hand.PressAsync("0");
        await hand.PressAsync("5");
        await desk.ShootAsync("job-correct");
        await hand.PressAsync("Control+Enter");
        await Expect(desk.Find("#detail h2")).ToHaveTextAsync("供暖");
        hand.Took("correct a category", 5);
    }

    [Fact]
    public async Task Twenty_six_of_one_cause_are_merged_by_four_keys_within_five_seconds_and_taken_apart_by_one()
    {
        List<string> all = [];
        for (var i = 0; i < 26; i++) all.Add((await street.Api.WhistleInAsync("063", "03", words: "停电了。")).CallNo);
        var desk = await DeskAsync("/desk?grid=063");
        await Expect(desk.Find(".queue-row.heap:not([hidden])")).ToHaveCountAsync(1);
        await Expect(desk.Find(".queue-row.heap:not([hidden]) .heap-count")).ToHaveTextAsync("26 件");
        var hand = new Hand(desk);
        await hand.PressAsync("j");
        await Expect(desk.Find("#detail .heap-cases li")).ToHaveCountAsync(26);
        await hand.PressAsync("m");
        await Expect(desk.Find("dialog.ask")).ToBeVisibleAsync();
        await desk.ShootAsync("job-merge");
        var began = TimeProvider.System.GetTimestamp();
        await hand.PressAsync("Control+Enter");
        await Expect(desk.Call(all[0])).ToContainTextAsync("另有 25 人反映");
        await Expect(desk.Find(".queue-row:not([hidden])")).ToHaveCountAsync(1, new() { Timeout = 5_000 });
        var took = TimeProvider.System.GetElapsedTime(began);
        hand.Took("merge 26 of one cause", 4, string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:F1} s"));
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + all[0]);
        Assert.Equal(25, (int)detail!["call"]!["others"]!);
        await hand.PressAsync("z");
        await Expect(desk.Find(".queue-row.heap:not([hidden]) .heap-count")).ToHaveTextAsync("26 件");
    }

    [Fact]
    public async Task A_second_whistle_is_blown_by_four_keys()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("064", "09");
        await street.Api.GiveAsync("grid064", callNo, "accept");
        var desk = await DeskAsync("/desk?grid=064");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.PressAsync("j");
        await hand.PressAsync("s");
        await Expect(desk.Find("dialog.ask")).ToBeVisibleAsync();
        await hand.PressAsync("6");
        await desk.ShootAsync("job-summon");
        await hand.PressAsync("Control+Enter");
        await Expect(desk.Find("#detail [data-answer=party-water]")).ToBeVisibleAsync();
        hand.Took("second whistle", 4);
    }

    [Fact]
    public async Task A_request_is_approved_by_two()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("065", "09");
        await street.Api.GiveAsync("grid065", callNo, "accept");
        await street.Api.GiveAsync("grid065", callNo, "request", new() { ["kind"] = "extension", ["hours"] = 1, ["note"] = "Wait for the part." });
        var desk = await DeskAsync("/desk?grid=065");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#detail [data-plea=extension]")).ToContainTextAsync("申请延长 1 小时，到");
        await desk.ShootAsync("job-approve");
        await hand.PressAsync("g");
        await Expect(desk.Find(".undo")).ToBeVisibleAsync();
        hand.Took("approve", 2);
        await Expect(desk.Find("#detail [data-plea=extension]")).ToHaveCountAsync(0, new() { Timeout = 10_000 }); // five seconds to undo it
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Null(detail!["call"]!["petitions"]);
        Assert.Contains(detail["timeline"]!.AsArray(), line => (string)line!["what"]! == "granted");
    }

    [Fact]
    public async Task That_119_was_called_is_recorded_by_four_keys()
    {
        var (callNo, _) = await street.Api.WhistleInAsync("066", "04");
        var desk = await DeskAsync("/desk?grid=066");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#detail .called")).ToBeVisibleAsync();
        await hand.PressAsync("p");
        await Expect(desk.Find("#detail [data-command=emergency-110]")).ToBeFocusedAsync();
        await hand.PressAsync("Tab");
        await hand.OnAsync("#detail [data-command=emergency-119]");
        await desk.ShootAsync("job-emergency-focus");
        await hand.PressAsync("Space");
        hand.Took("confirm 119", 4);
        await desk.ShootAsync("job-emergency");
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync(new Regex("119"), new() { Timeout = 10_000 });
        await Expect(desk.Find("#detail [data-command=emergency-119]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_callback_is_made_and_noted_by_keys_alone()
    {
        var place = await street.Api.PlaceAsync("10");
        var (callNo, _) = await street.Api.WhistleAsync("10", "25");
        await street.Api.VerifyAsync(place, callNo);
        var desk = await _windows.DeskAsync("duty", "/callback");
        await Expect(desk.Call(callNo)).ToBeVisibleAsync();
        var hand = new Hand(desk);
        await hand.TabToAsync($"#list [data-no='{callNo}'] button", 200); // past the callers before it
        hand = new Hand(desk);
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#detail .outcome")).ToBeVisibleAsync();
        await Expect(desk.Find("#detail")).ToBeFocusedAsync();
        await hand.TabToAsync("#detail [data-why=callback]", 6);
        await hand.PressAsync("Enter");
        await hand.OnAsync("#detail .contact-open a[href^='tel:']");
        await desk.ShootAsync("job-callback-keys");
        await hand.TabToAsync("#detail [data-result=satisfied]", 6);
        var sent = desk.Page.WaitForResponseAsync(response => response.Request.Method == "POST" && response.Url.Contains(callNo, StringComparison.Ordinal)); // five seconds to undo it
        await hand.PressAsync("Space");
        await Expect(desk.Find(".undo")).ToBeVisibleAsync();
        await Expect(desk.Find($"#list [data-no='{callNo}']")).ToHaveCountAsync(0);
        hand.Took("call back", 10);
        Assert.True((await sent).Ok);
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("closed", (string)detail!["call"]!["state"]!);
    }

    [Fact]
    public async Task What_is_written_about_a_callback_stays_while_its_case_changes()
    {
        var place = await street.Api.PlaceAsync("10");
        var (callNo, _) = await street.Api.WhistleAsync("10", "25");
        await street.Api.VerifyAsync(place, callNo);
        var desk = await _windows.DeskAsync("duty", "/callback");
        await desk.Call(callNo).Locator("button").ClickAsync();
        await desk.Find("#detail .outcome textarea").FillAsync("她说修得很快。");
        await street.Api.GiveAsync("duty2", callNo, "note", new() { ["note"] = "Called at noon." });
        await Expect(desk.Find("#detail .timeline")).ToContainTextAsync("Called at noon.");
        await Expect(desk.Find("#detail .outcome textarea")).ToHaveValueAsync("她说修得很快。");
        await Expect(desk.Find("#detail .outcome textarea")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_telephone_call_is_recorded_by_twelve_and_what_to_say_stands_at_the_end()
    {
        await street.Api.WhistleInAsync("069", "11"); // an earlier case of the number
        var desk = await DeskAsync("/desk?grid=069");
        var grid = (await street.Api.AskAsync(null, HttpMethod.Get, "/api/street")).Body!["grids"]!.AsArray().First(one => (string)one!["code"]! == "069")!;
        var hand = new Hand(desk);
        await hand.PressAsync("n");
        await desk.Page.Keyboard.TypeAsync("138 0000 1234");
        await hand.PressAsync("Tab");
        await Expect(desk.Find(".earlier li").First).ToBeVisibleAsync();
        await Expect(desk.Find("#intake-danger")).ToBeFocusedAsync();
        await hand.PressAsync("Tab");
        await Expect(desk.Find("#intake-place")).ToBeFocusedAsync();
        var initials = await desk.Page.EvaluateAsync<string>("name => import('/js/case/places.js').then((places) => places.initials(name))", (string)grid["name"]!);
        Assert.Matches("^[a-z]+$", initials);
        await desk.Page.Keyboard.TypeAsync(initials);
        await Expect(desk.Find("#intake-places [role=option]").First).ToContainTextAsync((string)grid["name"]!);
        await hand.PressAsync("Enter");
        await Expect(desk.Find("#intake-category")).ToBeFocusedAsync();
        await desk.Page.Keyboard.TypeAsync("08");
        await desk.Find("#intake-address").FillAsync("3 号楼 2 单元");

        // A row is looked at, the page is reloaded: the draft is whole.
        await desk.ShootAsync("job-intake");
        await desk.Find(".queue-row:not([hidden])").First.ClickAsync();
        await Expect(desk.Find("#detail .timeline")).ToBeVisibleAsync();
        await desk.Page.ReloadAsync();
        await desk.LiveAsync();
        await desk.Page.EvaluateAsync("() => document.activeElement.blur()");
        await hand.PressAsync("n");
        await Expect(desk.Find("#intake-phone")).ToHaveValueAsync("138 0000 1234");
        await Expect(desk.Find("#intake-category")).ToHaveValueAsync("08");

        await desk.Find("#intake-words").FocusAsync();
        await desk.Page.Keyboard.TypeAsync("楼道灯不亮");
        await hand.PressAsync("Control+Enter");
        await Expect(desk.Find("#read-aloud")).ToContainTextAsync("前接单");
        await Expect(desk.Find("#detail img.code")).ToBeVisibleAsync();
        await desk.ShootAsync("job-intake-done");
        hand.Took("a phone intake", 12);
        var callNo = await desk.Find("#intake-no").InnerTextAsync();
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("地址：3 号楼 2 单元\n楼道灯不亮", (string)detail!["description"]!);
        Assert.Equal(("069", "08"), ((string)detail["call"]!["grid"]!, (string)detail["call"]!["category"]!));
    }

    [Fact]
    public async Task What_a_caller_s_report_lacks_is_said_beside_its_field_and_one_that_is_known_is_joined()
    {
        var (known, _) = await street.Api.WhistleInAsync("070", "08");
        var desk = await DeskAsync("/desk?grid=070");
        await Expect(desk.Call(known)).ToBeVisibleAsync();
        await desk.Page.Keyboard.PressAsync("n");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("#intake-place-error")).ToHaveTextAsync("请选一个地点。");
        await Expect(desk.Find("#intake-category-error")).ToHaveTextAsync("请选类别。");
        await Expect(desk.Find("#intake-place")).ToBeFocusedAsync();
        await desk.Find(".intake-panel details summary").ClickAsync();
        await desk.Find(".where-map [data-grid='070']").ClickAsync();
        await desk.Find("#intake-category").SelectOptionAsync("08");
        await desk.Find(".alike label").Nth(1).ClickAsync();
        await desk.ShootAsync("intake-alike");
        await desk.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(desk.Find("#read-aloud")).ToBeVisibleAsync();
        var (_, detail) = await street.Api.AskAsync("duty2", HttpMethod.Get, "/api/calls/" + known);
        Assert.Equal(1, (int)detail!["call"]!["others"]!);
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task<Window> DeskAsync(string address)
    {
        var desk = await _windows.DeskAsync("duty", address);
        await desk.LiveAsync();
        await Expect(desk.Find("#queue")).ToBeFocusedAsync();
        return desk;
    }

    /// <summary>Counts what a dispatcher presses.</summary>
    private sealed class Hand(Window window)
    {
        private int _keys;
        private int _clicks;

        public async Task PressAsync(string key)
        {
            _keys++;
            await window.Page.Keyboard.PressAsync(key);
        }

        /// <summary>The focus is there, and is seen.</summary>
        public async Task OnAsync(string what)
        {
            await Expect(window.Find(what)).ToBeFocusedAsync();
            Assert.True(await window.Find(what).EvaluateAsync<bool>("one => { const { outlineStyle, outlineWidth } = getComputedStyle(one); return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2; }"), $"The focus on {what} is not seen.");
            await Expect(window.Find(what)).ToBeInViewportAsync();
        }

        public async Task TabToAsync(string what, int atMost)
        {
            for (var i = 0; i < atMost && !await window.Find(what).EvaluateAsync<bool>("one => one === document.activeElement"); i++) await PressAsync("Tab");
            await OnAsync(what);
        }

        public async Task ClickAsync(string what)
        {
            _clicks++;
            await window.Find(what).First.ClickAsync();
        }

        /// <summary>No more than promised; the table of all jobs goes to the output.</summary>
        public void Took(string job, int promised, string more = "")
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{job}: {_keys} keys, {_clicks} clicks, promised {promised} {more}");
            Assert.True(_keys + _clicks <= promised, $"{job} took {_keys} keys and {_clicks} clicks, {promised} were promised.");
        }
    }
}
