namespace DispatchCenter.Browser;

/// <summary>A line as in a lift or a cellar: the whistle goes at once and its photo when it can, and the phone shows what rings before it shows anything else.</summary>
[Collection(ByThemselves.Name)] // they wait for a line, not for a busy machine
public sealed class WeakLine(Street street, ITestOutputHelper output) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData(360, 640, "079")]
    [InlineData(320, 568, "080")]
    public async Task Something_urgent_with_a_photo_of_four_megabytes_is_acknowledged_in_five_seconds_and_the_photo_follows_across_a_reload(int width, int height, string grid)
    {
        var resident = await _windows.ResidentAsync("/g/" + grid);
        resident.Forgive("net::ERR_|ERR_INTERNET");
        await resident.Page.SetViewportSizeAsync(width, height);
        await resident.Find(".tile:has([value='06'])").ClickAsync();
        await resident.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var line = await Wire.OfAsync(resident.Page);
        await line.SpeedAsync(40 * Wire.Kilobit, latency: 300);
        await resident.Find("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "IMG_4.jpg", MimeType = "image/jpeg", Buffer = await Pictures.HeavyAsync(street.Chromium) });
        await Expect(resident.Find("#photo-row img")).ToHaveCountAsync(1);
        await resident.Find("button.blow").ClickAsync();
        await Expect(resident.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人", new() { Timeout = 5_000 });
        await Expect(resident.Find("#later")).ToContainTextAsync("还有 1 张照片没传完");
        await resident.ShootAsync($"weak-line-{width}");
        var callNo = await resident.Find("b.no").InnerTextAsync();

        await resident.Page.ReloadAsync();
        await Expect(resident.Find("#later")).ToContainTextAsync("还有 1 张照片没传完");
        await line.SpeedAsync(-1, latency: 0);
        await Expect(resident.Find(".photos img")).ToHaveCountAsync(1);
        await Expect(resident.Find("#later")).ToHaveCountAsync(0);
        var (_, detail) = await street.Api.AskAsync("duty", HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Single(detail!["photos"]!.AsArray());
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(320, 568)]
    public async Task On_slow_3G_a_phone_that_opens_the_page_for_the_first_time_shows_what_rings_in_four_seconds_and_nothing_jumps(int width, int height)
    {
        var (callNo, _) = await street.Api.WhistleInAsync("081", "12");
        var known = await _windows.MemberAsync("grid081");
        var phone = await _windows.OpenAsync("about:blank", new() { ViewportSize = new() { Width = width, Height = height }, HasTouch = true, IsMobile = true, StorageState = await known.Page.Context.StorageStateAsync() });
        var line = await Wire.OfAsync(phone.Page);
        await line.WithoutCacheAsync();
        await line.SpeedAsync(400 * Wire.Kilobit, latency: 400);
        await phone.WatchJumpsAsync();
        await phone.Page.GotoAsync("/m", new() { WaitUntil = WaitUntilState.Commit });
        await Expect(phone.Call(callNo).Locator("[data-command=accept]")).ToBeVisibleAsync();
        var after = await phone.Page.EvaluateAsync<double>("() => new Promise((painted) => requestAnimationFrame(() => setTimeout(() => painted(performance.now()))))"); // nothing is painted before the styles are there
        var bytes = line.Bytes;
        output.WriteLine($"{after:F0} ms, {bytes:F0} bytes in {line.Requests} requests");
        await phone.LiveAsync();
        output.WriteLine($"live after {await phone.Page.EvaluateAsync<double>("() => performance.now()"):F0} ms, {line.Bytes:F0} bytes in {line.Requests} requests");
        await Expect(phone.Find(".call.first")).ToHaveCountAsync(0);
        await Expect(phone.Call(callNo)).ToBeVisibleAsync();
        var jumped = await phone.Page.EvaluateAsync<double>("() => window.jumped");
        output.WriteLine($"layout shift {jumped}: {string.Join("\n", await phone.Page.EvaluateAsync<string[]>("() => window.jumps"))}");
        await street.Api.ResolveAsync("grid081", callNo);
        Assert.InRange(after, 0, 4_000);
        Assert.InRange(bytes, 1, 80_000);
        Assert.InRange(jumped, 0, 0.05);
    }

    [Fact]
    public async Task What_rings_is_accepted_from_the_page_itself_before_a_script_is_there_and_whoever_is_late_reads_who_has_it()
    {
        var place = await street.Api.PlaceAsync("03");
        var (callNo, _) = await street.Api.WhistleAsync("03", "06");
        var state = await (await _windows.MemberAsync(place.Workers[0])).Page.Context.StorageStateAsync();
        var late = await (await _windows.MemberAsync(place.Police)).Page.Context.StorageStateAsync();
        var (phone, other) = (await OpenAsync(state), await OpenAsync(late));
        var slow = await _windows.OpenAsync("about:blank", new() { ViewportSize = new() { Width = 360, Height = 640 }, StorageState = late });
        var held = true;
        await slow.Page.RouteAsync("**/Features/Whistles/team.*", route => held ? Task.CompletedTask : route.ContinueAsync());
        await slow.Page.GotoAsync("/m", new() { WaitUntil = WaitUntilState.Commit });
        await Expect(slow.Call(callNo)).ToBeVisibleAsync();
        await phone.ShootAsync("phone-before-the-scripts");
        await phone.Call(callNo).Locator("[data-command=accept]").ClickAsync();
        await phone.Page.WaitForURLAsync("**/m");
        await Expect(phone.Call(callNo)).ToHaveCountAsync(0); // it rings no more
        other.Forgive("status of 409");
        await other.Call(callNo).Locator("[data-command=accept]").ClickAsync();
        await Expect(other.Find("#not-taken")).ToContainTextAsync("晚了一步");
        await other.ShootAsync("phone-before-the-scripts-late");

        // The scripts come after all: what was answered stays.
        slow.Forgive("status of 409|net::ERR_");
        held = false;
        await slow.Call(callNo).Locator("[data-command=accept]").ClickAsync();
        await slow.LiveAsync();
        await Expect(slow.Find("#tab-tasks")).ToBeVisibleAsync();
        await Expect(slow.Find("#not-taken")).ToContainTextAsync("晚了一步");
        var (_, detail) = await street.Api.AskAsync(place.Workers[0], HttpMethod.Get, "/api/calls/" + callNo);
        Assert.Equal("accepted", (string?)detail!["call"]!["state"]);

        Task<Window> OpenAsync(string signedIn) => _windows.OpenAsync("/m", new() { ViewportSize = new() { Width = 360, Height = 640 }, JavaScriptEnabled = false, StorageState = signedIn });
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
