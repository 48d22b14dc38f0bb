using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The team's phone brings what rings with the page itself: to whom it rings, and to nobody else.</summary>
public sealed class PhonePageTests : IAsyncLifetime
{
    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    [Fact]
    public async Task What_rings_is_in_the_page_of_whoever_it_rings_for()
    {
        var call = await Blow("002", hideFromProperty: true);
        Assert.Contains(call, await Page("grid001"), StringComparison.Ordinal);
        Assert.Contains(call, await Page("police01"), StringComparison.Ordinal);
        foreach (var other in new[] { "property01", "head01", "grid040", "community01", "duty" })
            Assert.DoesNotContain(call, await Page(other), StringComparison.Ordinal);
        await _street.SignOff("grid001");
        Assert.DoesNotContain(call, await Page("grid001"), StringComparison.Ordinal);
        await _street.Do("police01", call, "accept");
        Assert.DoesNotContain(call, await Page("grid002"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_took_down_for_another_team_is_theirs_to_read_and_not_to_accept()
    {
        var call = (await (await _street.As("grid001")).Send("/api/whistles", new { grid = "004", category = "02", source = "phone" })).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo;
        Assert.Contains(call, await Page("grid004"), StringComparison.Ordinal);
        Assert.DoesNotContain(call, await Page("grid001"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await (await _street.As("grid001")).Read($"/api/calls/{call}")).Status);
    }

    [Fact]
    public async Task Whoever_holds_two_posts_finds_what_rings_for_both_and_accepts_it_as_the_post_that_it_calls()
    {
        var post = (await (await _street.As("community01")).Send("/api/roster/posts", new { userName = "police01", team = "02" })).Value<RosterPost>(HttpStatusCode.Created);
        var call = await Blow("005");
        Assert.DoesNotContain(call, await Page("police01"), StringComparison.Ordinal); // off duty in that post
        (await (await _street.As("police01")).Send($"/api/duty/take?post={post.Id}", new { })).Value<RosterShift>();
        var page = await Page("police01");
        Assert.Contains(call, page, StringComparison.Ordinal);
        Assert.Contains($"<input type=\"hidden\" name=\"post\" value=\"{post.Id}\">", page, StringComparison.Ordinal);
        Assert.Contains("data-for=\"02\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-for", await Page("grid005"), StringComparison.Ordinal); // one post needs no name
    }

    [Fact]
    public async Task Whoever_accepts_as_a_post_that_is_not_theirs_reads_why_not()
    {
        var page = await FormPage.OpenAsync(_street, "grid001", "/m");
        Assert.Contains("这个岗位不是您的", await page.SendAsync("accept", ("no", "W260312-00001"), ("post", "p0")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_under_an_old_address_of_a_post_is_the_accounts_own()
    {
        var page = await FormPage.OpenAsync(_street, "grid001", "/password?post=p0");
        Assert.DoesNotContain(Codes.PostNotHeld, await page.SendAsync("", ("old", "x"), ("fresh", "y"), ("again", "y")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_a_phone_keeps_holds_no_case()
    {
        var call = await Blow("002");
        Assert.DoesNotContain(call, await Page("grid001", "empty"), StringComparison.Ordinal);
        Assert.DoesNotContain(call, await Page("grid001", null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_crowd_only_the_first_is_there_and_urgency_goes_before_everything()
    {
        var calls = new List<string>();
        for (var i = 0; i < 4; i++) calls.Add(await Blow("002", category: "21"));
        Assert.Equal(1, calls.Count(one => Page("grid001").Result.Contains(one, StringComparison.Ordinal)));
        var grave = await Blow("002", category: "04");
        var page = await Page("grid001");
        Assert.InRange(page.IndexOf(grave, StringComparison.Ordinal), 0, page.IndexOf("id=\"tabs\"", StringComparison.Ordinal));
    }

    private async Task<string> Blow(string grid, string category = "02", bool hideFromProperty = false) =>
        (await _street.Anyone.Send("/api/whistles", new { grid, category, hideFromProperty })).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo;

    private async Task<string> Page(string account, string? destination = "document") => (await (await _street.As(account)).Ask(HttpMethod.Get, "/m", shape: request =>
    {
        request.Headers.Add("Accept", "text/html");
        if (destination is not null) request.Headers.Add("Sec-Fetch-Dest", destination);
    })).Text;
}
