using System.Net;
using System.Net.WebSockets;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A page of somebody else does nothing, and reads nothing, in the name of whoever is signed in here.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class OriginTests
{
    [Theory]
    [InlineData("accept", "http://localhost:1", null)]
    [InlineData("accept", "https://evil.example", null)]
    [InlineData("accept", "null", null)]
    [InlineData("accept", null, "same-site")]
    [InlineData("accept", null, "cross-site")]
    [InlineData("note", "http://127.0.0.1:1", "same-site")]
    public async Task A_page_of_another_address_takes_no_case_in_the_workers_name(string command, string? origin, string? site)
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var cookie = await street.CookieOf("grid001");
        var before = street.Fingerprint();
        (await Ask(street, HttpMethod.Post, $"/api/calls/{call.CallNo}/{command}", cookie, origin, site)).Problem(403, Codes.ForeignOrigin);
        Assert.Equal(before, street.Fingerprint());
    }

    [Fact]
    public async Task A_page_of_another_address_makes_no_look_be_written_down_in_the_workers_name()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        var cookie = await street.CookieOf("grid001");
        (await Ask(street, HttpMethod.Get, $"/api/calls/{call.CallNo}", cookie, "http://localhost:1")).Problem(403, Codes.ForeignOrigin);
        (await Ask(street, HttpMethod.Get, $"/api/calls/{call.CallNo}", cookie, null, "same-site")).Problem(403, Codes.ForeignOrigin);
        Assert.DoesNotContain("detail", (await (await street.As("auditor")).Read($"/api/reads?callNo={call.CallNo}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_asks_a_cookie_where_it_comes_from()
    {
        await using var street = await TestStreet.StartAsync();
        var cookie = await street.CookieOf("grid001");
        (await Ask(street, HttpMethod.Post, "/hubs/dispatch/negotiate?negotiateVersion=1", cookie, "http://localhost:1")).Problem(403, Codes.ForeignOrigin);
        Assert.Equal(HttpStatusCode.Forbidden, await Opens(street, cookie, "http://localhost:1"));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await Opens(street, cookie, OwnOf(street)));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await Opens(street, cookie, null));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await Opens(street, null, "http://localhost:1", await street.TokenOf("grid001")));
    }

    [Fact]
    public async Task Our_own_pages_and_programs_go_on_working()
    {
        await using var street = await TestStreet.StartAsync();
        var cookie = await street.CookieOf("grid001");
        foreach (var (origin, site) in new[] { (OwnOf(street), "same-origin"), (OwnOf(street), null), (null, "same-origin"), (null, null), ("null", "same-origin") })
        {
            var call = await street.Blow();
            Assert.Equal(HttpStatusCode.OK, (await Ask(street, HttpMethod.Post, $"/api/calls/{call.CallNo}/accept", cookie, origin, site)).Status);
        }

        // A link to one of our pages may stand anywhere; a token speaks for itself; who is not signed in has nothing to lose.
        Assert.Equal(HttpStatusCode.OK, (await Ask(street, HttpMethod.Get, "/m", cookie, null, "cross-site", "navigate")).Status);
        var other = await street.Blow();
        var token = await street.As("grid001");
        Assert.Equal(HttpStatusCode.OK, (await token.Ask(HttpMethod.Post, $"/api/calls/{other.CallNo}/accept", null, null, r => r.Headers.Add("Origin", "https://partner.example"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await street.Anyone.Ask(HttpMethod.Post, "/api/whistles", System.Net.Http.Json.JsonContent.Create(new { grid = "001", category = "02" }), null, r => r.Headers.Add("Origin", "https://partner.example"))).Status);
    }

    [Fact]
    public async Task Behind_a_proxy_that_is_believed_the_own_host_is_the_one_it_was_asked_for()
    {
        await using var street = await TestStreet.StartAsync("--FORWARDEDHEADERS_ENABLED=true", "--Dispatch:PublicUrl=https://street.example");
        var (call, cookie) = (await street.Blow(), await street.CookieOf("grid001"));
        Task<Answer> From(string origin) => street.NewClient(new SocketsHttpHandler { UseCookies = false }).Ask(HttpMethod.Post, $"/api/calls/{call.CallNo}/accept", null, null, r =>
        {
            r.Headers.Add("Cookie", cookie);
            r.Headers.Add("Origin", origin);
            r.Headers.Add("X-Requested-With", "fetch");
            r.Headers.Add("X-Forwarded-Host", "street.example");
            r.Headers.Add("X-Forwarded-Proto", "https");
        });
        foreach (var foreign in new[] { OwnOf(street), "http://street.example", "https://street.example:8443", "https://street.example.evil.example" }) (await From(foreign)).Problem(403, Codes.ForeignOrigin);
        Assert.Equal(HttpStatusCode.OK, (await From("https://street.example")).Status);
    }

    [Fact]
    public async Task What_a_form_could_send_does_nothing_through_the_api_on_any_endpoint()
    {
        await using var street = await TestStreet.StartAsync();
        var cookies = new Dictionary<string, string>();
        foreach (var who in (string[])["duty", "community01", "grid001", "admin"]) cookies[who] = await street.CookieOf(who);
        var call = await street.Blow();
        var before = street.Fingerprint();
        var asked = 0;
        foreach (var endpoint in ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)street.App).DataSources.SelectMany(s => s.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>())
        {
            var path = "/" + System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{no}", call.CallNo, StringComparison.Ordinal), @"\{[^}]*\}", "1");
            if (!path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/hubs/", StringComparison.Ordinal)) continue;
            if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods is not { } methods || methods.Contains("GET")) continue;
            foreach (var cookie in cookies.Values)
                foreach (var form in new[] { null, "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain" })
                {
                    asked++;
                    var answer = await Ask(street, new HttpMethod(methods[0]), path, cookie, OwnOf(street), shape: request =>
                    {
                        request.Headers.Remove("X-Requested-With");
                        if (form is not null) request.Content = new StringContent("{}") { Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(form) } };
                    });
                    // Where routing knows the type of the body, it has turned another type away before.
                    Assert.True(answer.Text.Contains(Codes.HeaderMissing, StringComparison.Ordinal) || (form is not null && answer.Status == HttpStatusCode.UnsupportedMediaType), $"{methods[0]} {path} as {form}: {(int)answer.Status} {answer.Text}");
                }
        }

        Assert.True(asked > 500, $"only {asked} were asked");
        Assert.Equal(before, street.Fingerprint());
    }

    private static string OwnOf(TestStreet street) => street.Anyone.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static async Task<Answer> Ask(TestStreet street, HttpMethod method, string path, string cookie, string? origin, string? site = null, string? mode = null, Action<HttpRequestMessage>? shape = null)
    {
        using var client = street.NewClient(new SocketsHttpHandler { UseCookies = false });
        return await client.Ask(method, path, null, null, request =>
        {
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("X-Requested-With", "fetch"); // as our scripts do
            if (origin is not null) request.Headers.Add("Origin", origin);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
            if (mode is not null) request.Headers.Add("Sec-Fetch-Mode", mode);
            shape?.Invoke(request);
        });
    }

    private static async Task<HttpStatusCode> Opens(TestStreet street, string? cookie, string? origin, string? token = null)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        if (cookie is not null) socket.Options.SetRequestHeader("Cookie", cookie);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(street.Anyone.BaseAddress!) { Scheme = "ws", Path = HubNames.Path, Query = token is null ? string.Empty : $"access_token={Uri.EscapeDataString(token)}" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status says it.
        }

        return socket.HttpStatusCode;
    }
}
