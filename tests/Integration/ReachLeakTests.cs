using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What leaves by push, application, text and call names no person, says nothing that people wrote, and holds no code; a number is there as the address alone, and nothing of it is logged at any level.</summary>
public sealed class ReachLeakTests
{
    private const string Secret = "a-secret-of-the-gateway", AppSecret = "secret-of-the-application", Corp = "ww00corporation", Token = "token-of-the-application";

    private static readonly string[] Traced = [.. new[] { "Default", "Microsoft", "Microsoft.Hosting.Lifetime", "Quartz", "System" }.Select(of => $"--Logging:LogLevel:{of}=Trace")];

    private readonly List<string> _marks = [];

    [Fact]
    public async Task No_message_and_no_line_of_the_log_holds_a_person_a_word_or_a_code_and_a_number_stands_only_where_it_must_go()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var street = await TestStreet.StartAsync(["--Dispatch:LoopbackChannels=true", .. Traced]);
        receiver.Answer = r => (200, r.Rest == "cgi-bin/gettoken" ? $$"""{"errcode":0,"access_token":"{{Token}}","expires_in":7200}""" : """{"errcode":0}""");
        var admin = await street.As("admin");
        await ConnectAsync(admin, receiver.Url);
        var (worker, police, desk) = (Mark("13900008881"), Mark("13900008882"), Mark("13900008883"));
        foreach (var (user, number) in new[] { ("grid001", worker), ("police01", police), ("community01", desk) })
            Assert.Equal(HttpStatusCode.NoContent, (await Put(admin, $"/api/staff/{user}/phone", new { phone = number })).Status);
        using var phone = new FakePhone(Mark($"{receiver.Url}/push/{Guid.NewGuid():N}"));
        var browser = new Browser(street);
        await browser.SignInAsync("grid001");
        using (var page = browser.Copy()) Assert.Equal(HttpStatusCode.NoContent, (await page.Send("/api/push", phone.Request)).Status);

        // A life with words at every step; it climbs, is accepted by a reply, and its caller adds something.
        var call = (await street.Anyone.Send("/api/whistles", new
        {
            location = new { lat = 35.066543211, lon = 122.376543212, datum = "wgs84" }, category = "01", danger = true, description = Mark(), contact = new { name = Mark(), phone = Mark("13877770001") },
        })).Value<WhistleReceipt>(HttpStatusCode.Created);
        _marks.AddRange(["35.066543", "122.376543", call.TrackingCode]);
        await SendAsync(street, TimeSpan.FromSeconds(1));
        await SendAsync(street, TimeSpan.FromMinutes(1));
        await street.SweepAfter(TimeSpan.FromMinutes(5));
        await SendAsync(street, TimeSpan.FromSeconds(1));
        var asked = receiver.Of("sms").First(r => r.Phone == worker);
        var code = Regex.Match(asked.Text, "“1 ([0-9]{6})”").Groups[1].Value;
        Assert.Equal("answer_stranger", await ReportAsync(street, "sms", new { id = "1", phone = Mark("13877770002"), text = $"1 {code} {Mark()}" }));
        Assert.Equal("ok", await ReportAsync(street, "sms", new { id = "2", phone = worker, text = $"1 {code} {Mark()}" }));
        Assert.Equal(Codes.AlreadyAccepted, await ReportAsync(street, "voice", new { id = "3", @ref = receiver.Of("voice").First(r => r.Phone == police).Key, key = "1", phone = police, text = Mark() }));
        await street.Anyone.Send("/api/channels/sms/answers", JsonSerializer.Serialize(new { id = "4", phone = worker, text = $"1 {code} {Mark()}" }));
        await street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = Mark() });
        await street.Do("grid001", call.CallNo, "note", new { note = Mark() });
        await SendAsync(street, TimeSpan.FromSeconds(1));
        receiver.Answer = r => (500, Mark()); // what a platform says is not repeated anywhere
        await street.Blow("001", "01");
        await SendAsync(street, TimeSpan.FromMinutes(1));

        var outbox = string.Concat(await Task.WhenAll(new[] { "sent", "waiting", "skipped", "dead" }.Select(async state => (await admin.Read($"/api/outbox?state={state}")).Text)));
        var metrics = await street.Metrics();
        await street.CloseAsync();

        Assert.All(new[] { "push", "app", "sms", "voice" }, channel => Assert.Contains(receiver.Of(channel), r => Said(r, phone).Contains(call.CallNo, StringComparison.Ordinal)));
        foreach (var received in new[] { "push", "app", "sms", "voice" }.SelectMany(receiver.Of))
        {
            var (said, to) = (Said(received, phone), AddressOf(received));
            Assert.Equal(1, to.Length == 0 ? 1 : Count(said, to));
            var text = to.Length == 0 ? said : said.Replace(to, string.Empty, StringComparison.Ordinal);
            foreach (var mark in _marks.Where(m => !IsTheirOwn(m, to, call))) Assert.DoesNotContain(mark, text, StringComparison.Ordinal);
        }

        foreach (var (output, text) in new[] { ("log", string.Join('\n', street.Log.Lines)), ("outbox", outbox), ("metrics", metrics) })
            foreach (var mark in _marks.Concat([code, Secret, AppSecret, Corp, Token, TestStreet.Password])) Assert.False(text.Contains(mark, StringComparison.Ordinal), $"{mark} is in the {output}: {Around(text, mark)}");
        Assert.Contains(street.Log.Lines, line => line.StartsWith("Trace ", StringComparison.Ordinal)); // else the test would show nothing
    }

    /// <summary>A caller's own text bears the link to their own case.</summary>
    private static bool IsTheirOwn(string mark, string to, WhistleReceipt call) => mark == call.TrackingCode && to == "13877770001";

    /// <summary>All that a platform gets of a message: of a push what the phone reads as well.</summary>
    private static string Said(Received received, FakePhone phone)
    {
        var payload = received.Channel == "push" ? phone.Open(received.Bytes) : received.Body;
        return string.Join('\n', [.. received.Headers.Where(h => h.Key != "Host").Select(h => $"{h.Key}: {h.Value}"), received.Query, payload]);
    }

    /// <summary>The number that a text or a call must go to.</summary>
    private static string AddressOf(Received received) => received.Channel is "sms" or "voice" ? received.Phone : string.Empty;

    private static async Task ConnectAsync(HttpClient admin, string receiver)
    {
        foreach (var (code, channel) in new (string, object)[]
        {
            ("push", new { kind = "push", url = "https://street.example" }), ("app", new { kind = "weComApp", url = $"{receiver}/app?corpid={Corp}&agentid=1000002", secret = AppSecret }),
            ("sms", new { kind = "sms", url = $"{receiver}/sms", secret = Secret, answers = true, perMinute = 10_000 }), ("voice", new { kind = "voice", url = $"{receiver}/voice", secret = Secret, answers = true, perMinute = 10_000 }),
        }) (await Put(admin, $"/api/channels/{code}", channel)).Value<ChannelsView>();
        string[] ways = ["push", "app", "sms", "voice"];
        (await Put(admin, "/api/reach", new
        {
            rules = new
            {
                link = "https://street.example",
                rules = new[] { "ringing", "climbed" }.SelectMany(on => ways.Select(by => new { on, to = on == "ringing" ? "team" : "community", by })).Concat(ways[1..].Select(by => new { on = "callerNoted", to = "lead", by }))
                    .Concat(new[] { "whistled", "accepted", "noted" }.Select(on => new { on, to = "caller", by = "sms" })).Concat(ways[1..].Select(by => new { on = "noted", to = "lead", by })),
            },
        })).Value<ReachView>();
    }

    private static Task<Answer> Put(HttpClient admin, string path, object body) => admin.Ask(HttpMethod.Put, path, new StringContent(JsonSerializer.Serialize(body), null, "application/json"));

    private static async Task SendAsync(TestStreet street, TimeSpan after)
    {
        street.FastForward(after);
        await street.Service<OutboxWorker>().RunAsync(CancellationToken.None);
    }

    private static async Task<string> ReportAsync(TestStreet street, string channel, object report)
    {
        var (body, seconds) = (JsonSerializer.Serialize(report), street.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var answer = await street.Anyone.Ask(HttpMethod.Post, $"/api/channels/{channel}/answers", new StringContent(body, Encoding.UTF8, "application/json"), shape: r =>
        {
            r.Headers.Add("X-Dispatch-Timestamp", seconds);
            r.Headers.Add("X-Dispatch-Signature", Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{seconds}\n{body}"))));
        });
        return answer.Value<Reply>().Code;
    }

    /// <summary>Something that stands nowhere but where this test has put it.</summary>
    private string Mark(string? text = null)
    {
        var mark = text ?? string.Concat(Guid.NewGuid().ToString("N").Select(c => (char)(char.IsAsciiDigit(c) ? c - '0' + 'k' : c))); // no digits: in a reply they would be its code
        lock (_marks) _marks.Add(mark);
        return mark;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Around(string text, string mark) => text.IndexOf(mark, StringComparison.Ordinal) is var at ? text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 80)] : string.Empty;
}
