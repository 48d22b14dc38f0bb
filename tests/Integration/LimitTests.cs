using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Limits per address: generous, a problem with a time to wait, and off as a whole when the setting says so.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class LimitTests
{
    [Fact]
    public async Task Beyond_the_limit_is_429_with_a_time_to_wait_and_changes_nothing()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        for (var i = 0; i < Limits.WhistlesPerMinute; i++) await street.Blow();
        var before = street.Fingerprint();
        var refused = await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02" });
        refused.Problem(429, Codes.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal(before, street.Fingerprint());
        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read("/api/street")).Status); // what is cheap is not limited

        for (var i = 0; i < Limits.SignInsPerMinute; i++) (await street.Anyone.Send("/api/login", new { userName = "", password = "" })).Problem(401, Codes.WrongPassword);
        (await street.Anyone.Send("/api/login", new { userName = "duty", password = TestStreet.Password })).Problem(429, Codes.TooManyRequests);
    }

    [Fact]
    public async Task An_address_that_asks_without_end_waits_and_then_is_refused_and_no_other_address_notices()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        using var flood = street.NewClient(UploadTests.From("127.0.0.9"));
        flood.DefaultRequestHeaders.Add("Accept", "text/html,application/json");
        using var resident = street.NewClient(UploadTests.From("127.0.0.8"));
        using var stop = new CancellationTokenSource();
        var asked = Enumerable.Range(0, Limits.AtOnce + Limits.Waiting + 500).Select(i => flood.GetAsync(new Uri(i % 2 == 0 ? "/api/street" : "/s/01", UriKind.Relative), stop.Token)).ToList();
        HttpResponseMessage? Refused(string type) => asked.Where(a => a.IsCompletedSuccessfully).Select(a => a.Result).FirstOrDefault(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Content.Headers.ContentType?.MediaType == type);
        await Eventually.Holds(() => Refused("application/problem+json") is not null && Refused("text/html") is not null); // words for whoever shares the address
        Assert.NotNull(Refused("application/problem+json")!.Headers.RetryAfter?.Delta);
        Assert.Contains(asked, a => !a.IsCompleted); // they wait, as many as may
        Assert.Equal(HttpStatusCode.OK, (await resident.Read("/s/01")).Status);
        Assert.Equal(HttpStatusCode.Created, (await resident.Send("/api/whistles", new { station = "01", category = "02" })).Status);
        await stop.CancelAsync();
        await Eventually.Holds(() => asked.TrueForAll(a => a.IsCompleted));
    }

    [Fact]
    public async Task Who_follows_a_case_is_in_nobodys_way_at_the_same_address()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        var (call, pages) = (await street.Blow(), new List<StreamReader>());
        for (var i = 0; i <= Limits.AtATime; i++)
        {
            pages.Add(new StreamReader(await street.Anyone.GetStreamAsync(new Uri($"/api/track/{call.TrackingCode}/events", UriKind.Relative)).WaitAsync(TestStreet.Patience)));
            Assert.StartsWith("data: {", await pages[i].ReadLineAsync().WaitAsync(TestStreet.Patience), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read("/s/01").WaitAsync(TestStreet.Patience)).Status);
        pages.ForEach(page => page.Dispose());
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::")]
    public void A_customer_with_a_whole_network_of_addresses_has_one_limit(string address, string key) => Assert.Equal(key, Limits.Key(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.7")]
    [InlineData("10.1.2.3", "198.51.100.7")]
    [InlineData("10.2.0.1", "10.2.0.1")]
    [InlineData("203.0.113.9", "203.0.113.9")]
    public async Task Forwarded_headers_are_believed_of_this_machine_and_the_configured_proxies_alone(string from, string address)
    {
        await using var street = await TestStreet.StartAsync("--FORWARDEDHEADERS_ENABLED=true", "--Dispatch:Proxies=10.1.0.0/16;10.9.9.9");
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(from) } };
        http.Request.Headers["X-Forwarded-For"] = "198.51.100.7";
        http.Request.Headers["X-Forwarded-Host"] = "evil.example";
        http.Request.Host = new HostString("street.example");
        new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, street.Service<IOptions<ForwardedHeadersOptions>>()).ApplyForwarders(http);
        Assert.Equal(address, Limits.Address(http));
        Assert.Equal(address == from ? "street.example" : "evil.example", http.Request.Host.Value);
    }

    [Fact]
    public async Task Off_means_every_one_of_them()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=false");
        for (var i = 0; i <= Limits.WhistlesPerMinute; i++) await street.Blow();
        for (var i = 0; i <= Limits.SignInsPerMinute; i++) (await street.Anyone.Send("/api/login", new { userName = "", password = "" })).Problem(401, Codes.WrongPassword);
    }
}
