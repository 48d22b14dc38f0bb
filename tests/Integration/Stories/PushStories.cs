using System.Net;
using System.Security.Cryptography;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>锁屏提醒: a locked phone rings, for whoever is on duty and signed in, and a push service learns nothing.</summary>
public sealed class PushStories(ReachStreet shared) : ReachStory(shared)
{
    private const string Contact = "https://street.example/";

    private int _phones;

    [Fact]
    public async Task A_locked_phone_gets_the_number_and_the_level_which_no_push_service_can_read()
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        using var phone = await PhoneOf("grid001");
        var call = await Street.Blow(category: "01");
        await Send();
        var got = Assert.Single(Receiver.Of("push"));
        var said = phone.Open(got, Street.Service<PushSender>().PublicKey, Street.Now);
        Assert.Equal($$"""{"level":"S1","callNo":"{{call.CallNo}}"}""", said.GetRawText());
        Assert.Equal(("high", "aes128gcm", "application/octet-stream"), (got.Headers["Urgency"], got.Headers["Content-Encoding"], got.Headers["Content-Type"]));
        var due = (await Street.Card(call.CallNo)).Answers.Min(a => a.Due);
        Assert.InRange(double.Parse(got.Headers["TTL"], System.Globalization.CultureInfo.InvariantCulture), 60, Math.Max(60, (due - Street.Now).TotalSeconds)); // until the next rung, not beyond
        Assert.Matches("^[A-Za-z0-9_-]{32}$", got.Headers["Topic"]);
        Assert.DoesNotContain(call.CallNo, string.Join('\n', got.Headers.Values) + got.Rest + got.Body, StringComparison.Ordinal);
        Assert.Contains(await Outbox(call.CallNo), line => line.StartsWith("ringing push post:", StringComparison.Ordinal) && line.EndsWith(" sent", StringComparison.Ordinal));

        // Of the same case the same topic, of another another; and another length tells nothing either.
        var next = await Street.Blow(category: "08");
        await Send();
        Assert.NotEqual(got.Headers["Topic"], Receiver.Of("push")[^1].Headers["Topic"]);
        Assert.Equal(("normal", got.Bytes.Length), (Receiver.Of("push")[^1].Headers["Urgency"], Receiver.Of("push")[^1].Bytes.Length));
        Assert.Equal(next.CallNo, phone.Open(Receiver.Of("push")[^1], Street.Service<PushSender>().PublicKey, Street.Now).GetProperty("callNo").GetString());

        // Another phone cannot open it.
        using var other = new FakePhone(phone.Endpoint);
        Assert.ThrowsAny<CryptographicException>(() => other.Open(got.Bytes));
    }

    [Fact]
    public async Task Who_is_off_duty_gets_nothing_and_one_person_one_message_on_each_of_their_phones()
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        using var off = await PhoneOf("grid002");
        using var one = await PhoneOf("grid001");
        using var two = await PhoneOf("grid001");
        await Street.SignOff("grid002");
        var call = await Street.Blow();
        await Send();
        Assert.Equal([one.Endpoint, two.Endpoint], Receiver.Of("push").Select(EndpointOf).Order(StringComparer.Ordinal));
        Assert.Single(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));

        // Off duty between the expansion and the sending, too.
        Receiver.Answer = _ => (503, string.Empty);
        await Street.Blow();
        await Send();
        await Street.SignOff("grid001");
        var before = Receiver.Of("push").Count;
        Receiver.Answer = _ => (201, string.Empty);
        await SendAfter(TimeSpan.FromMinutes(10));
        Assert.Equal(before, Receiver.Of("push").Count);
        await BackOnDuty("grid001", "grid002");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_phone_that_its_service_no_longer_knows_is_forgotten_and_the_others_are_told(int status)
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        using var gone = await PhoneOf("grid001");
        using var there = await PhoneOf("grid001");
        Receiver.Answer = r => EndpointOf(r) == gone.Endpoint ? (status, string.Empty) : (201, string.Empty);
        var call = await Street.Blow();
        await Send();
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));
        Assert.Equal(1, await Phones());
        Receiver.Answer = _ => (status, string.Empty);
        var next = await Street.Blow();
        await Send();
        Assert.Equal(0, await Phones());
        Assert.Contains(await Outbox(next.CallNo), line => line.EndsWith("skipped no_push", StringComparison.Ordinal));
        var before = Receiver.Of("push").Count;
        await Street.Blow();
        await Send();
        Assert.Equal(before, Receiver.Of("push").Count);
    }

    [Fact]
    public async Task A_service_that_is_busy_is_asked_again_with_the_same_topic_and_one_that_refuses_is_seen()
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        using var phone = await PhoneOf("grid001");
        Receiver.Answer = _ => (429, string.Empty);
        var call = await Street.Blow();
        await Send();
        Receiver.Answer = _ => (201, string.Empty);
        await SendAfter(Formats.SlowDown + TimeSpan.FromSeconds(1));
        Assert.Equal(2, Receiver.Of("push").Count);
        Assert.Single(Receiver.Of("push").Select(r => r.Headers["Topic"]).Distinct());
        Assert.Contains(await Outbox(call.CallNo), line => line.EndsWith(" sent", StringComparison.Ordinal));
        Receiver.Answer = _ => (403, string.Empty);
        await Street.Blow();
        await Send();
        Assert.Equal("status_403", Assert.Single((await Page("dead")).Lines).Why);
        Assert.NotNull((await (await Street.As("admin")).Read("/api/channels")).Value<ChannelsView>().Channels[0].FailingSince);
    }

    [Theory]
    [InlineData("signs out")]
    [InlineData("account signed out")]
    [InlineData("closed")]
    [InlineData("a day later")]
    [InlineData("turned off")]
    public async Task A_phone_ends_with_its_session(string how)
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        var (user, grid) = how switch { "closed" => ("grid060", "060"), _ => ("grid003", "001") };
        var browser = new Browser(Street);
        await browser.SignInAsync(user);
        using var phone = NewPhone();
        await Keep(browser, phone);
        using var client = browser.Copy();
        await using (var db = Street.Service<Database>().Context())
        {
            var account = await db.Users.FirstAsync(u => u.UserName == user);
            switch (how)
            {
                case "signs out":
                    await browser.SignOutAsync();
                    Assert.Equal(0, await Phones());
                    break;
                case "account signed out":
                    await Street.Service<AccountBook>().RevokeAsync(user, TestStreet.Admin, CancellationToken.None);
                    break;
                case "closed":
                    Assert.True((await Street.Service<Hub.Features.People.AccountCommands>().CloseAsync(new Hub.Kernel.Rights.Staff((await db.Users.FirstAsync(u => u.UserName == "admin")).Id, "admin", Hub.Kernel.Rights.Role.Admin, null), user, CancellationToken.None)).Ok);
                    break;
                case "a day later":
                    Street.FastForward(PushPhones.Life);
                    break;
                default:
                    Assert.Equal(HttpStatusCode.NoContent, (await client.Ask(HttpMethod.Delete, "/api/push", shape: r => r.Headers.Add("X-Requested-With", "fetch"))).Status);
                    break;
            }
        }

        await Street.Blow(grid);
        await Send();
        Assert.Empty(Receiver.Of("push"));
        await Street.CleanUp();
        Assert.Equal(0, await Phones());
        if (how is not ("turned off" or "a day later")) (await client.Send("/api/push", phone.Request)).Problem(401, Codes.Unauthenticated); // a copied cookie cannot bring it back
    }

    [Fact]
    public async Task A_session_has_one_phone_an_account_a_few_and_a_phone_belongs_to_whoever_signed_in_last()
    {
        await PushChannel();
        var browser = new Browser(Street);
        await browser.SignInAsync("grid001");
        using var first = NewPhone();
        using var second = NewPhone();
        await Keep(browser, first);
        await Keep(browser, second);
        Assert.Equal(1, await Phones());
        for (var i = 0; i < PushPhones.MostPerAccount; i++)
        {
            Street.FastForward(TimeSpan.FromSeconds(1));
            (await PhoneOf("grid001")).Dispose();
        }

        Assert.Equal(PushPhones.MostPerAccount, await Phones());

        var other = new Browser(Street);
        await other.SignInAsync("grid002");
        using var handed = NewPhone();
        await Keep(browser, handed);
        await Keep(other, handed);
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await Street.SignOff("grid002");
        await Street.Blow();
        await Send();
        Assert.DoesNotContain(handed.Endpoint, Receiver.Of("push").Select(EndpointOf));
        await BackOnDuty("grid002");
    }

    [Theory]
    [InlineData("http://fcm.googleapis.com/x", "push_host")] // not encrypted
    [InlineData("https://fcm.googleapis.com:8443/x", "push_host")]
    [InlineData("https://user@fcm.googleapis.com/x", "push_host")]
    [InlineData("https://fcm.googleapis.com.evil.example/x", "push_host")]
    [InlineData("https://evilpush.services.mozilla.com.example/x", "push_host")]
    [InlineData("https://push.services.mozilla.com/x", "push_host")] // the list has its children
    [InlineData("https://10.0.0.1/x", "push_host")]
    [InlineData("https://[::1]/x", "push_host")]
    [InlineData("https://localhost/x", "push_host")]
    [InlineData("https://127.0.0.1/x", "push_host")]
    [InlineData("file:///etc/passwd", "push_host")]
    [InlineData("no address", "push_invalid")]
    [InlineData("", "push_invalid")]
    public async Task An_address_that_is_no_push_service_is_refused(string endpoint, string code)
    {
        var phones = new PushPhones(Street.Service<Database>(), Street.Service<ReachBook>(), Street.Service<PushSender>(), Street.Service<DispatchOptions>() with { LoopbackChannels = false, Demo = false }, Street.Clock);
        await PushChannel();
        using var phone = new FakePhone(endpoint);
        var keys = System.Text.Json.JsonSerializer.SerializeToElement(phone.Request);
        var (key, secret) = (keys.GetProperty("p256dh").GetString(), keys.GetProperty("auth").GetString());
        var (who, session) = (Street.Service<AccountBook>().OfId((await AccountAsync("grid001")).Id)!, new AccountSession("one", (await AccountAsync("grid001")).SecurityStamp!));
        Assert.Equal(code, (await phones.KeepAsync(who, session, new PushRequest(endpoint, key, secret), CancellationToken.None)).Code);
        foreach (var good in (string[])["https://fcm.googleapis.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/x", "https://db5p.notify.windows.com/w/?token=x"])
            Assert.Equal("ok", (await phones.KeepAsync(who, session, new PushRequest(good, key, secret), CancellationToken.None)).Code);
        foreach (var (badKey, badSecret) in new[] { (key, "AAAA"), ("AAAA", secret), (null, secret), (key, null), ("BA" + new string('A', 85), secret), (key, secret + "!") })
            Assert.Equal("push_invalid", (await phones.KeepAsync(who, session, new PushRequest("https://web.push.apple.com/x", badKey, badSecret), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Without_a_channel_there_is_nothing_to_ask_for_a_token_has_no_phone_and_a_channel_needs_a_contact()
    {
        using var phone = NewPhone();
        var browser = new Browser(Street);
        await browser.SignInAsync("grid001");
        (await browser.Copy().Send("/api/push", phone.Request)).Problem(409, "push_off");
        foreach (var bad in (string[])["http://street.example", "mailto:nobody", "nonsense"])
            (await Put("/api/channels/push", new { kind = "push", url = bad })).Problem(422, "channel_invalid");
        (await Put("/api/channels/push", new { kind = "push" })).Problem(422, "channel_invalid"); // and this street has no public address
        await Channel("room", "weCom", "team:01");
        (await Put("/api/channels/room", new { kind = "push", addresses = new[] { "*" } })).Problem(422, "channel_invalid"); // its address is a secret
        await PushChannel();
        (await (await Street.As("admin")).Send("/api/channels/push/test", new { })).Problem(409, "channel_no_test");
        (await (await Street.As("grid001")).Send("/api/push", phone.Request)).Problem(409, "push_session");
        foreach (var bad in new object[] { new { on = "accepted", to = "team", by = "push" }, new { on = "ringing", to = "caller", by = "push" }, new { on = "whistled", to = "party", by = "push" }, new { on = "any", to = "street", by = "push" } })
            (await Put("/api/reach", new { rules = new { rules = new[] { bad } } })).Problem(422, "reach_invalid");
    }

    [Fact]
    public async Task Neither_the_database_nor_a_log_holds_the_address_of_a_phone_and_a_person_with_one_is_reachable()
    {
        await PushChannel();
        using var phone = await PhoneOf("grid012");
        await using (var db = Street.Service<Database>().Context())
        {
            var row = await db.PushPhones.AsNoTracking().SingleAsync();
            Assert.DoesNotContain("127.0.0.1", row.Endpoint.Stored + row.Keys.Stored, StringComparison.Ordinal);
            Assert.StartsWith("~", row.Endpoint.Stored, StringComparison.Ordinal);
        }

        var post = await Street.PostOf("grid012");
        Assert.Contains(post, await Street.Service<PushPhones>().PostsAsync(CancellationToken.None));
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await Street.Blow("012");
        await Send();
        Assert.Single(Receiver.Of("push"));
        Assert.DoesNotContain(Street.Log.Lines, line => line.Contains(phone.Endpoint, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Street.Service<DispatchOptions>().KeysPath, PushSender.Secret + ".secret")));
        Assert.Equal(Street.Service<PushSender>().PublicKey, new PushSender(Street.Service<Secrets>()).PublicKey); // another node's
        await Put("/api/channels/push", new { enabled = false });
        Assert.DoesNotContain(post, await Street.Service<PushPhones>().PostsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_storm_is_one_push_with_a_count()
    {
        await Rules(new { on = "ringing", to = "team", by = "push" });
        await PushChannel();
        using var phone = await PhoneOf("grid001");
        for (var i = 0; i < 12; i++) await Street.Blow(category: "08");
        await Send();
        var said = phone.Open(Assert.Single(Receiver.Of("push")), Street.Service<PushSender>().PublicKey, Street.Now);
        Assert.Equal("""{"level":"S3","calls":12}""", said.GetRawText());
    }

    [Fact]
    public void The_receiver_of_these_tests_opens_the_published_example() => Assert.Equal(
        "When I grow up, I want to be a watermelon",
        new FakePhone("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg")
            .Open(System.Buffers.Text.Base64Url.DecodeFromChars("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")));

    private string EndpointOf(Received received) => $"{Receiver.Url}/push/{received.Rest}";

    private async Task PushChannel() => (await Put("/api/channels/push", new { kind = "push", url = Contact })).Value<ChannelsView>();

    private FakePhone NewPhone() => new($"{Receiver.Url}/push/{Interlocked.Increment(ref _phones)}-{Guid.NewGuid():N}");

    private async Task<FakePhone> PhoneOf(string user)
    {
        var browser = new Browser(Street);
        await browser.SignInAsync(user);
        var phone = NewPhone();
        await Keep(browser, phone);
        return phone;
    }

    private static async Task Keep(Browser browser, FakePhone phone)
    {
        using var client = browser.Copy();
        var answer = await client.Send("/api/push", phone.Request);
        Assert.True(answer.Status == HttpStatusCode.NoContent, answer.Text);
    }

    private async Task<int> Phones()
    {
        await using var db = Street.Service<Database>().Context();
        return await db.PushPhones.CountAsync();
    }

    private async Task<Hub.Kernel.Rights.Account> AccountAsync(string user)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Users.AsNoTracking().FirstAsync(u => u.UserName == user);
    }
}
