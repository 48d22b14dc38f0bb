using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Limits per address: generous, a problem with a time to wait, and off as a whole when the setting says so.</summary>
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
    public async Task Off_means_every_one_of_them()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=false");
        for (var i = 0; i <= Limits.WhistlesPerMinute; i++) await street.Blow();
        for (var i = 0; i <= Limits.SignInsPerMinute; i++) (await street.Anyone.Send("/api/login", new { userName = "", password = "" })).Problem(401, Codes.WrongPassword);
    }
}
