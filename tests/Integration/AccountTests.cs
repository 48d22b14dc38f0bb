using System.Net;
using System.Net.WebSockets;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Signing in, being signed out, and what is written down about those who look.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task A_sign_in_answers_with_a_bearer_token_and_how_long_it_lives()
    {
        var login = await _street.Anyone.Send("/api/login", new { userName = "Grid001", password = TestStreet.Password }); // case does not matter
        Assert.Equal("Bearer", login.Json.Text("tokenType"));
        Assert.Equal(12 * 60 * 60, login.Json.GetProperty("expiresIn").GetInt32());
        using var client = _street.WithToken(login.Json.Text("accessToken"));
        Assert.Equal(HttpStatusCode.OK, (await client.Read("/api/me")).Status);
        _street.FastForward(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(1));
        (await client.Read("/api/me")).Problem(401, Codes.Unauthenticated);
    }

    [Theory]
    [InlineData("grid001", "wrong")]
    [InlineData("nobody", TestStreet.Password)]
    [InlineData("", TestStreet.Password)]
    [InlineData("grid001", "")]
    [InlineData(null, null)]
    public async Task A_wrong_name_and_a_wrong_password_are_told_alike(string? userName, string? password)
    {
        var problem = (await _street.Anyone.Send("/api/login", new { userName, password })).Problem(401, Codes.WrongPassword);
        Assert.Equal((await _street.Anyone.Send("/api/login", new { userName = "x", password = "y" })).Problem(401, Codes.WrongPassword).Title, problem.Title);
    }

    [Fact]
    public async Task An_endless_password_is_refused_without_hashing_it() =>
        (await _street.Anyone.Send("/api/login", new { userName = "grid001", password = new string('x', 100_000) })).Problem(401, Codes.WrongPassword);

    [Theory]
    [InlineData("grid001")]
    [InlineData("nobody")]
    public async Task Ten_failures_in_a_row_close_a_name_to_their_address_whether_it_is_known_or_not(string name)
    {
        for (var i = 0; i < SignInGate.TriesInARow; i++) (await Login(name, "wrong")).Problem(401, Codes.WrongPassword);
        for (var i = 0; i < 3; i++) (await Login(name, "wrong")).Problem(429, Codes.LockedOut);
        _street.FastForward(SignInGate.Wait);
        (await Login(name, "wrong")).Problem(401, Codes.WrongPassword);
    }

    [Fact]
    public async Task Whoever_guesses_keeps_nobody_out()
    {
        using var own = await _street.SignIn("duty");
        for (var i = 0; i < 15; i++) await Login("duty", "wrong");
        Assert.Equal(HttpStatusCode.OK, (await own.Read("/api/me")).Status); // who is in stays in
        using var elsewhere = _street.NewClient(UploadTests.From("127.0.0.9"));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.Send("/api/login", new { userName = "duty", password = TestStreet.Password })).Status);
    }

    [Fact]
    public void Guesses_from_everywhere_close_a_name_to_strangers_but_not_where_it_has_signed_in()
    {
        var gate = _street.Service<SignInGate>();
        DefaultHttpContext From(string address, string? cookie = null)
        {
            var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
            if (cookie is not null) http.Request.Headers.Cookie = cookie;
            return http;
        }

        bool IsOpen(string address, string name = "duty", string stamp = "s", string? cookie = null) => gate.Enter(From(address, cookie), name, stamp).Closed is null;
        var browser = From("192.0.2.1");
        gate.Enter(browser, "duty", "before").Succeeded();
        gate.Know(browser, "duty");
        var mark = browser.Response.Headers.SetCookie.ToString().Split(';')[0];
        Assert.DoesNotContain("duty", mark, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, Enumerable.Range(0, SignInGate.TriesOfStrangers).Count(i => gate.Enter(From($"198.51.100.{i}"), "DUTY", "s").Closes));
        Assert.True(gate.IsClosedToStrangers("duty", "s"));
        _street.FastForward(TimeSpan.FromMinutes(1));
        Assert.Equal(SignInGate.StrangersWait - TimeSpan.FromMinutes(1), gate.Enter(From("203.0.113.5"), "duty", "s").Closed);
        Assert.True(IsOpen("203.0.113.5", "leader"));
        Assert.True(IsOpen("203.0.113.5", cookie: mark)); // the browser, wherever it is
        Assert.True(IsOpen("192.0.2.1")); // the office, in any browser, although the password has changed since
        Assert.False(IsOpen("203.0.113.5", cookie: mark.Replace("known-", "known-x", StringComparison.Ordinal)));
        Assert.True(IsOpen("203.0.113.5", stamp: "another password"));
        for (var i = 1; i < SignInGate.TriesInARow; i++) Assert.True(IsOpen($"203.0.113.{i}", cookie: mark));
        Assert.False(IsOpen("203.0.113.77", cookie: mark)); // a stolen browser has ten tries as well
        _street.FastForward(SignInGate.StrangersWait);
        Assert.True(IsOpen("203.0.113.5"));
    }

    [Fact]
    public void Tries_at_once_close_a_name_once_and_a_browser_keeps_few_names()
    {
        var gate = _street.Service<SignInGate>();
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("192.0.2.9") } };
        var tries = Enumerable.Range(0, SignInGate.TriesInARow).Select(_ => gate.Enter(http, "duty", "s")).ToList();
        Assert.Equal(1, tries.Count(t => t.Closes)); // known before any of them is wrong
        http.Request.Headers.Cookie = string.Join("; ", Enumerable.Range(0, 20).Select(i => $"known-{i:D12}=x"));
        gate.Know(http, "grid001");
        var set = http.Response.Headers.SetCookie.Select(c => c!).ToList();
        Assert.Equal(20 - (SignInGate.NamesOfBrowser - 1), set.Count(c => c.Contains("expires=Thu, 01 Jan 1970", StringComparison.Ordinal)));
        Assert.Single(set, c => c.Contains("max-age", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Limits_that_are_off_are_off_for_wrong_passwords_too()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=false");
        for (var i = 0; i <= SignInGate.TriesInARow; i++) (await street.Anyone.Send("/api/login", new { userName = "grid001", password = "wrong" })).Problem(401, Codes.WrongPassword);
        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Send("/api/login", new { userName = "grid001", password = TestStreet.Password })).Status);
    }

    [Fact]
    public async Task Ten_failures_and_the_right_password_does_not_help_from_there()
    {
        for (var i = 0; i < 10; i++) (await Login("grid001", "wrong")).Problem(401, Codes.WrongPassword);
        var locked = await Login("grid001", TestStreet.Password);
        locked.Problem(429, Codes.LockedOut);
        Assert.NotNull(locked.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await Login("grid002", TestStreet.Password)).Status); // nobody else's
    }

    [Fact]
    public async Task Failures_at_once_count_like_failures_in_turn()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => Login("grid001", "wrong")));
        Assert.All(answers, a => Assert.Contains((int)a.Status, (int[])[401, 429]));
        (await Login("grid001", TestStreet.Password)).Problem(429, Codes.LockedOut);
    }

    [Fact]
    public async Task A_sign_in_in_between_starts_the_count_anew()
    {
        for (var i = 0; i < 9; i++) await Login("grid001", "wrong");
        Assert.Equal(HttpStatusCode.OK, (await Login("grid001", TestStreet.Password)).Status);
        for (var i = 0; i < 9; i++) (await Login("grid001", "wrong")).Problem(401, Codes.WrongPassword);
        Assert.Equal(HttpStatusCode.OK, (await Login("grid001", TestStreet.Password)).Status);
    }

    [Fact]
    public async Task A_revocation_ends_token_cookie_invocations_and_a_running_watch()
    {
        var token = await _street.As("grid001");
        using var cookie = _street.NewClient();
        cookie.DefaultRequestHeaders.Add("Cookie", await _street.CookieOf("grid001"));
        Assert.Equal("grid001", (await cookie.Read("/api/me")).Value<Me>().UserName);
        await using var screen = await Screen.FilledAsync(_street, "grid001");
        await using var other = await Screen.FilledAsync(_street, "grid002");
        var no = (await _street.Blow("001")).CallNo;
        await screen.Shows(no, CallStates.Ringing);

        await _street.Service<AccountBook>().RevokeAsync("grid001", TestStreet.Admin, CancellationToken.None);
        (await token.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        (await cookie.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(Codes.Unauthenticated, (await screen.Hub.InvokeAsync<Reply>(HubNames.Accept, no)).Code);
        var after = await _street.Blow("001");
        await other.Shows(after.CallNo, CallStates.Ringing);
        await screen.Ended();
        Assert.False(screen.EverSaw(after.CallNo));
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(async () =>
        {
            await foreach (var frame in screen.Hub.StreamAsync<FeedFrame>(HubNames.Watch, 0L)) Assert.Fail($"A {frame.Kind} came.");
        });
        using var fresh = await _street.SignIn("grid001"); // who knows the password may come in again
        Assert.Equal(HttpStatusCode.OK, (await fresh.Read("/api/me")).Status);
    }

    [Fact]
    public async Task A_revocation_ends_a_watch_in_the_silence_too()
    {
        await using var screen = await Screen.FilledAsync(_street, "grid001");
        await _street.Service<AccountBook>().RevokeAsync("grid001", TestStreet.Admin, CancellationToken.None);
        _street.FastForward(LiveFeed.LookEvery);
        await screen.Ended();
    }

    [Fact]
    public async Task A_token_survives_a_restart_and_a_revocation_does_too()
    {
        var (kept, revoked) = (await _street.TokenOf("grid001"), await _street.TokenOf("grid002"));
        await _street.Service<AccountBook>().RevokeAsync("grid002", TestStreet.Admin, CancellationToken.None);
        await _street.RestartAsync();
        using var one = _street.WithToken(kept);
        using var two = _street.WithToken(revoked);
        Assert.Equal(HttpStatusCode.OK, (await one.Read("/api/me")).Status);
        (await two.Read("/api/me")).Problem(401, Codes.Unauthenticated);
    }

    [Fact]
    public async Task A_hub_connects_with_the_token_in_the_header_or_in_the_query_and_not_without()
    {
        var token = await _street.TokenOf("duty");
        await Connect(string.Empty, token);
        await Connect($"?access_token={Uri.EscapeDataString(token)}", null);
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(string.Empty, null));
        await Assert.ThrowsAsync<WebSocketException>(() => Connect("?access_token=x", null));
        await Assert.ThrowsAsync<WebSocketException>(async () => await Connect(string.Empty, await _street.TokenOf("admin")));

        async Task Connect(string query, string? bearer)
        {
            using var socket = new ClientWebSocket();
            if (bearer is not null) socket.Options.SetRequestHeader("Authorization", $"Bearer {bearer}");
            await socket.ConnectAsync(new Uri($"ws://{_street.Anyone.BaseAddress!.Authority}{HubNames.Path}{query}"), CancellationToken.None);
            Assert.Equal(WebSocketState.Open, socket.State);
        }
    }

    [Fact]
    public async Task Every_look_at_a_case_is_written_down_with_who_when_and_which()
    {
        var call = await Whistle();
        _street.FastForward(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Status);
        await _street.Do("grid001", call.CallNo, "accept");
        await (await _street.As("duty")).Send($"/api/calls/{call.CallNo}/contact", new { note = "回电核实" });
        (await (await _street.As("grid029")).Read($"/api/calls/{call.CallNo}")).Problem(404, Codes.CallNotFound);
        await using var db = _street.Service<Database>().Context();
        var reads = await db.Reads.OrderBy(r => r.Id).ToListAsync();
        var accounts = await db.Users.ToDictionaryAsync(u => u.UserName!);
        Assert.Equal(
            [(accounts["grid001"].Id, accounts["grid001"].Post!, call.CallNo, "detail", null, _street.Now), (accounts["duty"].Id, accounts["duty"].Post!, call.CallNo, "contact", "回电核实", _street.Now)],
            reads.Select(r => (r.Account, r.Post, r.CallNo, r.Looked, db.DataKeys.Decrypt(r.Reason), r.At)));
    }

    [Fact]
    public async Task The_contact_is_masked_and_shown_in_full_only_for_a_reason()
    {
        var call = await Whistle();
        var detail = (await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal(new MaskedContact("张**", "138******78"), detail.Contact);
        Assert.Null((await (await _street.As("head01")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Contact); // a volunteer does not see the caller

        var path = $"/api/calls/{call.CallNo}/contact";
        var team = await _street.As("grid001");
        (await team.Send(path, new { note = " " })).Problem(422, Codes.TextMissing);
        (await team.Send(path, new { })).Problem(422, Codes.TextMissing);
        (await team.Send(path, new { note = new string('长', 201) })).Problem(422, Codes.TextTooLong);
        (await team.Send(path, new { note = "联系来电人" })).Problem(409, Codes.OutOfTurn); // a team takes the case first
        (await (await _street.As("head01")).Send(path, new { note = "联系来电人" })).Problem(403, Codes.Forbidden);
        await _street.Do("grid001", call.CallNo, "accept");
        var shown = await team.Send(path, new { note = "联系来电人" });
        Assert.Equal(("张三丰", "13812345678"), (shown.Json.Text("name"), shown.Json.Text("phone")));
        (await team.Send($"/api/calls/{(await BlowAndAccept()).CallNo}/contact", new { note = "联系" })).Problem(404, "no_contact");
        await _street.Do("grid001", call.CallNo, "arrive");
        await _street.Do("grid001", call.CallNo, "resolve", new { });
        await _street.Do("grid002", call.CallNo, "verify", new { passed = true });
        await _street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved = true, satisfaction = "satisfied" });
        (await team.Send(path, new { note = "再联系" })).Problem(409, Codes.CallOver);

        async Task<WhistleReceipt> BlowAndAccept()
        {
            var other = await _street.Blow("001");
            await _street.Do("grid001", other.CallNo, "accept");
            return other;
        }
    }

    [Theory]
    [InlineData("13812345678", "138******78")]
    [InlineData("5550000", "*******")]
    [InlineData("55500001", "555***01")]
    public async Task A_short_number_is_hidden_as_a_whole(string phone, string masked)
    {
        var call = (await _street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", contact = new { phone } })).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(new MaskedContact(null, masked), (await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Contact);
    }

    [Fact]
    public async Task A_look_that_cannot_be_written_down_shows_nothing()
    {
        var call = await Whistle();
        await using var db = _street.Service<Database>().Context();
        await db.Database.ExecuteSqlRawAsync(
            TestStreet.OnPostgreSql
                ? "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$ LANGUAGE plpgsql; CREATE TRIGGER no_reads BEFORE INSERT ON reads FOR EACH ROW EXECUTE FUNCTION refuse()"
                : "CREATE TRIGGER no_reads BEFORE INSERT ON reads BEGIN SELECT RAISE(ABORT, 'full'); END");
        var answer = await (await _street.As("grid001")).Read($"/api/calls/{call.CallNo}");
        answer.Problem(500, Codes.Internal);
        Assert.DoesNotContain("三楼", answer.Text, StringComparison.Ordinal);
    }

    private async Task<WhistleReceipt> Whistle() => (await _street.Anyone.Send("/api/whistles", new
    {
        grid = "001", category = "02", description = "三楼漏水", contact = new { name = "张三丰", phone = "13812345678" },
    })).Value<WhistleReceipt>(HttpStatusCode.Created);

    private Task<Answer> Login(string userName, string password) => _street.Anyone.Send("/api/login", new { userName, password });
}
