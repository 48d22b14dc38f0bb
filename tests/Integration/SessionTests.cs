using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Signing out ends the session itself: whoever copied its cookie has nothing.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private TestStreet? _street;

    private TestStreet Street => _street!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public async ValueTask DisposeAsync() => await Street.DisposeAsync();

    [Fact]
    public async Task A_copied_cookie_ends_with_the_sign_out_and_other_browsers_go_on()
    {
        var (browser, other) = (new Browser(Street), new Browser(Street));
        await browser.SignInAsync("grid001");
        await other.SignInAsync("grid001");
        var copy = browser.Copy();
        Assert.Equal("grid001", (await copy.Read("/api/me")).Value<Me>().UserName);
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(Street.Anyone.BaseAddress!, HubNames.Path), connection =>
        {
            (connection.Transports, connection.SkipNegotiation) = (HttpTransportType.WebSockets, true);
            foreach (var (name, value) in copy.DefaultRequestHeaders.SelectMany(h => h.Value.Select(v => (h.Key, v)))) connection.Headers[name] = value;
        }).Build();
        await hub.StartAsync();
        Assert.Equal(Codes.CallNotFound, (await hub.InvokeAsync<System.Text.Json.JsonElement>(HubNames.Accept, "W260311-99999")).GetProperty("code").GetString());

        await browser.SignOutAsync();
        (await copy.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(Codes.Unauthenticated, (await hub.InvokeAsync<System.Text.Json.JsonElement>(HubNames.Accept, "W260311-99999")).GetProperty("code").GetString());
        Assert.Equal("grid001", (await other.Copy().Read("/api/me")).Value<Me>().UserName);
        Assert.Equal("grid001", (await (await Street.As("grid001")).Read("/api/me")).Value<Me>().UserName);
        await browser.SignInAsync("grid001");
        Assert.Equal("grid001", (await browser.Copy().Read("/api/me")).Value<Me>().UserName);
    }

    [Fact]
    public async Task An_ended_session_is_not_renewed_by_being_used_and_is_forgotten_once_it_has_expired()
    {
        var browser = new Browser(Street);
        await browser.SignInAsync("grid001");
        var copy = browser.Copy();
        Street.FastForward(AccountBook.SessionLife * 0.75);
        Assert.True((await copy.Read("/api/me")).Headers.Contains("Set-Cookie")); // a valid one would be renewed
        await browser.SignOutAsync();
        Assert.False((await copy.Read("/api/me")).Headers.Contains("Set-Cookie"));
        await Street.CleanUp();
        Assert.Equal(1, await EndedAsync());
        Street.FastForward(AccountBook.SessionLife);
        await Street.CleanUp();
        Assert.Equal(0, await EndedAsync());
        await Street.RestartAsync();
        (await browser.Copy(copy).Read("/api/me")).Problem(401, Codes.Unauthenticated);
    }

    [Theory]
    [InlineData("duty", "/desk")]
    [InlineData("community01", "/desk")]
    [InlineData("leader", "/leader")]
    [InlineData("grid001", "/m")]
    [InlineData("property01", "/m")]
    [InlineData("head01", "/m")]
    [InlineData("police01", "/m")]
    [InlineData("admin", "/admin")]
    [InlineData("auditor", "/audit")]
    [InlineData("wall", "/wall")]
    public async Task Signing_in_leads_to_the_own_room_unless_a_page_was_asked_for(string user, string room)
    {
        Assert.Equal(room, await new Browser(Street).SignInAsync(user));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await (await Street.As(user)).Ask(HttpMethod.Get, room, shape: r => r.Headers.Add("Accept", "text/html"))).Status);
        Assert.Equal("/password", await new Browser(Street).SignInAsync(user, "?returnUrl=%2Fpassword"));
        Assert.Equal(room, await new Browser(Street).SignInAsync(user, "?returnUrl=https%3A%2F%2Felsewhere.example%2F"));
    }

    private async Task<int> EndedAsync()
    {
        await using var db = Street.Service<Database>().Context();
        return await db.EndedSessions.CountAsync();
    }
}
