using System.Globalization;
using System.Net;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The street answers to its own names, and prints no other.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Outside_development_another_host_name_is_refused_on_every_page_and_endpoint()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:PublicUrl=https://street.example;http://睦邻.example:8080");
        foreach (var host in (string[])["evil.example", "street.example.evil.example", "evil.street.example", "203.0.113.9", "127.0.0.1.evil.example"])
            foreach (var path in (string[])["/", "/s/01", "/signin", "/api/street", "/api/me", "/openapi/v1.json", "/hubs/dispatch", "/css/app.css", "/none"])
                (await As(street, host, path)).Problem(400, Codes.HostUnknown);
        foreach (var host in (string[])["street.example", "STREET.example:443", "xn--x3y835c.example:8080", "localhost:5080", "127.0.0.1", "[::1]:5080"])
            Assert.Equal(HttpStatusCode.OK, (await As(street, host, "/api/street")).Status);
        foreach (var probe in (string[])["/healthz/live", "/healthz/ready"]) Assert.Equal(HttpStatusCode.OK, (await As(street, "10.0.0.5", probe)).Status);
    }

    [Fact]
    public async Task Posters_codes_and_the_api_document_name_the_configured_address_whatever_was_asked_for()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:PublicUrl=https://street.example");
        var posters = await As(street, "localhost", "/admin/posters", await street.CookieOf("duty"));
        Assert.Contains("https://street.example/s/01", posters.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", posters.Text, StringComparison.Ordinal);
        Assert.Equal("https://street.example", (await As(street, "localhost", "/openapi/v1.json")).Json.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_every_cookie_is_secure()
    {
        await using var street = await TestStreet.StartAsync("--FORWARDEDHEADERS_ENABLED=true", "--Dispatch:PublicUrl=https://street.example");
        using var client = street.NewClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signin?lang=en&large=1&theme=dark");
        request.Headers.Host = "street.example";
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await client.SendAsync(request);
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, c => c.Contains("Antiforgery", StringComparison.Ordinal));
        Assert.All(cookies, c => Assert.Contains("; secure", c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_configured_address_the_api_document_names_none()
    {
        await using var street = await TestStreet.StartAsync();
        Assert.Equal("/", (await As(street, "localhost", "/openapi/v1.json")).Json.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Every_file_of_the_pages_is_served_whole_from_an_unpublished_build_outside_development()
    {
        await using var street = await TestStreet.StartAsync();
        using var client = street.NewClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "DispatchCenter.Web.staticwebassets.endpoints.json")));
        var files = manifest.RootElement.GetProperty("Endpoints").EnumerateArray().Where(file => file.GetProperty("Selectors").GetArrayLength() == 0).ToDictionary(
            file => file.GetProperty("Route").GetString()!,
            file => int.Parse(file.GetProperty("ResponseHeaders").EnumerateArray().Single(header => header.GetProperty("Name").GetString() == "Content-Length").GetProperty("Value").GetString()!, CultureInfo.InvariantCulture));
        Assert.Contains("Features/Whistles/desk.js", files.Keys);
        foreach (var (route, length) in files) Assert.Equal((route, length), (route, (await client.GetByteArrayAsync(new Uri(route, UriKind.Relative))).Length));
    }

    private static async Task<Answer> As(TestStreet street, string host, string path, string? cookie = null)
    {
        using var client = street.NewClient(new SocketsHttpHandler { UseCookies = false });
        return await client.Ask(HttpMethod.Get, path, shape: request =>
        {
            request.Headers.Host = host;
            if (cookie is not null) request.Headers.Add("Cookie", cookie);
        });
    }
}
