using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>A key pressed in a call is 接单, and whoever watches sees it as soon as a tap.</summary>
[Collection(ByThemselves.Name)] // it measures time
public sealed class KeyIsSeen(Street street, ITestOutputHelper output)
{
    private const string Phone = "13900000001", Secret = "secret-of-the-voice-gateway";

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    /// <summary>Notes when the text of an element first contains a word, by the machine's clock.</summary>
    private const string Watch = """
        ([selector, word]) => {
          const look = () => { if ([...document.querySelectorAll(selector)].some((one) => one.textContent.includes(word))) window.seenAt ??= Date.now(); };
          new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
          look();
        }
        """;

    [Fact]
    public async Task The_desk_both_phones_and_the_caller_see_who_accepted_by_a_key_within_a_second()
    {
        await using var gateway = await GatewayOnThisMachine.StartAsync();
        await using var host = await WebHost.StartAsync(("Dispatch__LoopbackChannels", "true"));
        using var api = new StreetApi(host.Url);
        await using var windows = new Windows(street.Chromium, host.Url);
        var place = await api.PlaceAsync("01");
        await SetUpAsync(api, gateway.Url, place.Workers[0]);
        var desk = await windows.DeskAsync("duty");
        var winner = await windows.MemberAsync(place.Workers[0]);
        var colleague = await windows.MemberAsync(place.Police);
        foreach (var window in new[] { desk, winner, colleague }) await window.LiveAsync();
        var (callNo, track) = await api.WhistleAsync("01", "01");
        var caller = await windows.ResidentAsync("/t/" + track);
        foreach (var window in new[] { desk, winner, colleague }) await Expect(window.Call(callNo)).ToBeVisibleAsync();
        await Expect(caller.Find("#headline")).ToHaveTextAsync("哨已吹响，正在叫人");

        var taken = $"[data-no='{callNo}'][data-state=accepted]";
        (string Who, Window Window, string Selector, string Word)[] watching =
        [
            ("the desk", desk, $"[data-no='{callNo}'] .c-who", "网格员"), ("the winner", winner, taken, "网格员"), ("a colleague", colleague, taken, "网格员"), ("the caller", caller, "#headline", "已接单"),
        ];
        foreach (var (_, window, selector, word) in watching) await window.Page.EvaluateAsync(Watch, new[] { selector, word });
        var asked = await gateway.RefOfAsync(Phone);
        var pressed = await PressAsync(host.Url, asked);
        var answered = TimeProvider.System.GetUtcNow();
        Assert.True((bool)pressed["ok"]!, pressed.ToJsonString());
        foreach (var (who, window, _, _) in watching)
        {
            await window.Page.WaitForFunctionAsync("() => window.seenAt");
            var after = DateTimeOffset.FromUnixTimeMilliseconds((long)await window.Page.EvaluateAsync<double>("() => window.seenAt")) - answered;
            output.WriteLine($"{who} {after.TotalMilliseconds:0} ms after the answer to the report");
            Assert.True(after < AtOnce, $"{who}: {after}");
        }
    }

    private static async Task SetUpAsync(StreetApi api, string gateway, string worker)
    {
        foreach (var (path, body) in new (string, JsonObject)[]
        {
            ("/api/channels/voice", new() { ["kind"] = "voice", ["url"] = gateway, ["secret"] = Secret, ["answers"] = true }),
            ("/api/reach", new() { ["rules"] = new JsonObject { ["rules"] = new JsonArray(new JsonObject { ["on"] = "ringing", ["to"] = "team", ["by"] = "voice" }) } }),
            ($"/api/staff/{worker}/phone", new() { ["phone"] = Phone }),
        })
        {
            var (status, said) = await api.AskAsync("admin", HttpMethod.Put, path, body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{path}: {said}");
        }
    }

    /// <summary>What the gateway reports, signed.</summary>
    private static async Task<JsonNode> PressAsync(string url, string asked)
    {
        var (body, seconds) = (JsonSerializer.Serialize(new { id = "pressed-1", @ref = asked, key = "1" }), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/voice/answers") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Dispatch-Timestamp", seconds);
        request.Headers.Add("X-Dispatch-Signature", Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}"))));
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
