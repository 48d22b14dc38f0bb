using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>锁屏提醒: one tap on the phone's page, and its worker shows what is pushed. The browser's push service alone is played.</summary>
public sealed class LockedPhone(Street street)
{
    /// <summary>A push service that answers at once, on this machine; keys are the browser's own.</summary>
    private const string Service = """
        Object.defineProperty(Notification, 'permission', { get: () => 'granted' }); // a browser without a window says denied, whatever it was granted
        const kept = 'subscription';
        const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
        const made = (said) => ({ endpoint: said.endpoint, options: { applicationServerKey: Uint8Array.from(atob(said.key), (c) => c.charCodeAt(0)).buffer }, getKey: (name) => Uint8Array.from(atob(said[name]), (c) => c.charCodeAt(0)).buffer, unsubscribe: async () => { localStorage.removeItem(kept); return true; } });
        PushManager.prototype.getSubscription = async () => (localStorage.getItem(kept) ? made(JSON.parse(localStorage.getItem(kept))) : null);
        PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
          if (window.pushFails) throw new DOMException('push service not available', 'AbortError');
          if (!userVisibleOnly || new Uint8Array(applicationServerKey).length !== 65) throw new Error('not as the browser wants it');
          const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
          const said = { endpoint: `${location.origin.replace(/:\d+$/, ':9')}/push/${crypto.randomUUID()}`, key: text(applicationServerKey), p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) };
          localStorage.setItem(kept, JSON.stringify(said));
          return made(said);
        };
        """;

    [Theory]
    [InlineData("zh-CN", "锁屏也响", "锁屏会响", "特急 有新呼叫", "一般 有新呼叫", "特急 有 3 个新呼叫", "叫应：请打开应答")]
    [InlineData("en-GB", "Ring if locked", "Rings if locked", "S1 new call", "S3 new call", "S1 3 new calls", "Call-out: open it and answer")]
    public async Task One_tap_turns_it_on_nothing_moves_and_a_push_shows_the_level_and_the_number_alone(string language, string off, string on, string grave, string small, string many, string callOut)
    {
        await using var host = await WebHost.StartAsync(("Dispatch__LoopbackChannels", "true"));
        using var api = new StreetApi(host.Url);
        var (status, put) = await api.AskAsync("admin", HttpMethod.Put, "/api/channels/push", new JsonObject { ["kind"] = "push", ["url"] = "https://street.example" });
        Assert.True(status == System.Net.HttpStatusCode.OK, $"{put}");
        await using var windows = new Windows(street.Chromium, host.Url);
        var phone = await windows.SignInAsync("grid001", "/password", new() { ViewportSize = new() { Width = 360, Height = 640 }, HasTouch = true, Locale = language });
        await phone.Page.Context.GrantPermissionsAsync(["notifications"]);
        await phone.Page.Context.AddInitScriptAsync(Service);
        var (callNo, _) = await api.WhistleInAsync("001", "08");
        await phone.Page.GotoAsync("/m");
        await phone.LiveAsync();
        await Expect(phone.Call(callNo)).ToBeVisibleAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(off);
        await phone.StillAsync(callNo);
        var before = await StandsAsync();
        await phone.Find("#locked").TapAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(on);
        await Expect(phone.Find("#locked")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(phone.Find("#locked:active")).ToHaveCountAsync(0); // pressed, it stands a pixel lower
        Assert.Equal(before, await StandsAsync());
        Assert.True(await phone.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await phone.ShootAsync($"m-locked-{language}");

        var worker = await PhoneWorker.OfAsync(street.Chromium, host.Url);
        Assert.Equal($"{grave}|W260311-00042", await worker.PushAsync(new JsonObject { ["level"] = "S1", ["callNo"] = "W260311-00042" }));
        Assert.Equal($"{small}|W260311-00042", await worker.PushAsync(new JsonObject { ["level"] = "S3", ["callNo"] = "W260311-00042" })); // in the place of the earlier one
        Assert.Equal(string.Join(", ", new[] { $"{small}|W260311-00042", $"{many}|" }.Order(StringComparer.Ordinal)), await worker.PushAsync(new JsonObject { ["level"] = "S1", ["calls"] = 3 }));
        Assert.Contains($"{callOut}|M260311-00007", await worker.PushAsync(new JsonObject { ["level"] = "S2", ["callNo"] = "M260311-00007" }), StringComparison.Ordinal);

        // Still on when the page is opened again, from its first moment; off by the same button.
        await phone.Page.ReloadAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(on);
        await phone.LiveAsync();
        await Expect(phone.Find("#locked")).ToBeEnabledAsync();
        await phone.Find("#locked").TapAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(off);
        await phone.Page.EvaluateAsync("() => { window.pushFails = true; }");
        await phone.Find("#locked").TapAsync();
        await Expect(phone.Find(".toast").First).ToBeVisibleAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(off);
        await phone.Page.EvaluateAsync("() => { window.pushFails = false; }");
        await phone.Find("#locked").TapAsync();
        await Expect(phone.Find("#locked")).ToHaveTextAsync(on);

        // Signed out, the phone is no longer anybody's.
        await phone.Page.GotoAsync("/");
        await phone.Find("form[action='/signout'] button").TapAsync();
        await Expect(phone.Find("form[action='/signout']")).ToHaveCountAsync(0);
        await phone.Page.GotoAsync("/signin?returnUrl=/m");
        await phone.Find("#user").FillAsync("grid001");
        await phone.Find("#password").FillAsync(StreetApi.Password);
        await phone.Find("#password").PressAsync("Enter");
        await Expect(phone.Find("#locked")).ToHaveTextAsync(off);

        Task<string> StandsAsync() => phone.Page.EvaluateAsync<string>("(no) => ['#me', '#arm', '#locked', '#tabs', `[data-no='${no}']`].map((one) => document.querySelector(one).getBoundingClientRect()).map((box) => `${box.left} ${box.top}`).join(', ')", callNo);
    }

    [Fact]
    public async Task Without_a_channel_there_is_no_button()
    {
        await using var windows = new Windows(street);
        var phone = await windows.MemberAsync("grid001");
        await phone.LiveAsync();
        await Expect(phone.Find("#locked")).ToHaveCountAsync(0);
    }
}
