using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Stories;
using DispatchCenter.Tests;
using Xunit;

namespace DispatchCenter.Integration.Duty;

/// <summary>Somebody goes: from then on their post reads and reveals nothing, whatever they still hold in their hand.</summary>
public sealed class RetiredStories : StreetStory
{
    [Theory]
    [InlineData("grid001")]
    [InlineData("property01")]
    public async Task A_retired_post_reads_and_reveals_nothing(string who)
    {
        var (old, cookie, feed) = (await Street.As(who), await Cookie(who), await Feed(who, null));
        var call = await Whistle();
        await Do(who, call.CallNo, "accept"); // in hand when they go
        await Retire(who);
        var fresh = await Whistle();
        foreach (var client in new[] { old, cookie })
            foreach (var no in new[] { call.CallNo, fresh.CallNo })
            {
                var photo = (await (await Street.As("grid002")).Read($"/api/calls/{no}")).Value<CallDetail>().Photos.Single().Id;
                foreach (var path in new[] { $"/api/calls/{no}", $"/api/calls/{no}/photos/{photo}", $"/api/calls/{no}/photos/{photo}?size=small", $"/api/calls/{no}/similar", "/api/duty", "/api/me", "/api/presence" })
                    (await client.Read(path)).Problem(401, Codes.Unauthenticated);
                foreach (var command in new[] { "contact", "accept", "note", "recuse" }) (await client.Send($"/api/calls/{no}/{command}", new { note = "看" })).Problem(401, Codes.Unauthenticated);
            }

        (await old.Send("/api/duty/feed", new { })).Problem(401, Codes.Unauthenticated);
        (await Street.Anyone.Read(feed)).Problem(404, Codes.LinkUnknown);
        (await Street.Anyone.Send("/api/login", new { userName = who, password = TestStreet.Password })).Problem(403, Codes.PostRetired);
        (await Street.Anyone.Send("/api/login", new { userName = who, password = "wrong" })).Problem(401, Codes.WrongPassword);
    }

    [Theory]
    [InlineData("grid001", true)]
    [InlineData("police01", false)]
    [InlineData("community01", false)]
    [InlineData("duty", false)]
    public async Task A_shift_that_is_over_reads_and_reveals_nothing_until_the_next_begins(string who, bool byTheClock)
    {
        var call = await Whistle();
        if (who is "grid001" or "police01") await Do(who, call.CallNo, "accept"); // in hand when they go
        var errand = (await new Matters.MatterScene(Street).Open("grid002")).CallNo;
        var photo = (await (await Street.As("grid002")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>().Photos.Single().Id;
        var (token, cookie) = (await Street.As(who), await Cookie(who));
        string[] reads = [$"/api/calls/{call.CallNo}", $"/api/calls/{call.CallNo}/photos/{photo}?size=small", $"/api/calls/{call.CallNo}/similar", $"/api/matters/{errand}"];
        foreach (var path in reads) Assert.Equal(HttpStatusCode.OK, (await token.Read(path)).Status);
        await Street.SignOff(who);
        if (byTheClock)
        {
            await Street.Service<Hub.Street.Roster>().AddShiftAsync(await Street.PostOf(who), Street.Now, Street.Now.AddMinutes(2), CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, (await token.Read(reads[0])).Status);
            Street.FastForward(TimeSpan.FromMinutes(2));
        }

        foreach (var client in new[] { token, cookie })
        {
            foreach (var path in reads) (await client.Read(path)).Problem(403, Codes.NotOnDuty);
            (await client.Send($"/api/matters/{errand}/reveal", new { note = "看" })).Problem(403, Codes.NotOnDuty);
            (await client.Send($"/api/calls/{call.CallNo}/contact", new { note = "看" })).Problem(403, Codes.NotOnDuty);
            foreach (var unit in new[] { null, who is "duty" ? "street" : who is "community01" ? "community:01" : "team:01" })
                Assert.Equal(Codes.NotOnDuty, (await client.Send("/api/duty/feed", new { unit })).Json.GetProperty("code").GetString());
            if (who != "duty") Assert.Empty((await client.Read("/api/matters")).Value<MatterList>().Matters);
            Assert.Empty((await client.Read("/api/matters/inbox")).Value<Inbox>().Owed);
            if (who == "community01") Assert.Equal(0, (await client.Read("/api/board")).Value<Board>().Total);
        }

        await Street.Service<Hub.Street.Roster>().AddShiftAsync(await Street.PostOf(who), Street.Now, null, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await (await Street.As(who)).Read(reads[0])).Status);
    }

    [Fact]
    public async Task The_stream_of_a_retired_post_ends_and_shows_nothing_more()
    {
        await using var screen = await Screen.FilledAsync(Street, "grid001");
        await Retire("grid001");
        Street.FastForward(TimeSpan.FromSeconds(5));
        await screen.Ended();
        var call = await Street.Blow();
        Assert.False(screen.EverSaw(call.CallNo));
    }

    [Fact]
    public async Task A_calendar_of_the_unit_ends_with_its_makers_post_and_with_their_account()
    {
        var (retired, closed, stays) = (await Feed("grid001", "team:01"), await Feed("grid002", "team:01"), await Feed("grid003", "team:01"));
        await Retire("grid001");
        Assert.True((await Street.Service<AccountCommands>().CloseAsync(await Admin(), "grid002", default)).Ok);
        (await Street.Anyone.Read(retired)).Problem(404, Codes.LinkUnknown);
        (await Street.Anyone.Read(closed)).Problem(404, Codes.LinkUnknown);
        Assert.Equal(HttpStatusCode.OK, (await Street.Anyone.Read(stays)).Status);
    }

    [Fact]
    public async Task Of_several_posts_only_the_retired_one_is_lost()
    {
        var second = (await (await Street.As("community01")).Send("/api/roster/posts", new { userName = "police01", team = "02" })).Value<RosterPost>(HttpStatusCode.Created).Id;
        var (here, there) = (await Street.Blow("001"), await Street.Blow("004"));
        await Retire("police01");
        var again = await Street.SignIn("police01");
        Assert.Equal(second, (await again.Read("/api/me")).Value<Me>().Post);
        (await again.Read($"/api/calls/{there.CallNo}")).Problem(403, Codes.NotOnDuty);
        Assert.Equal(HttpStatusCode.OK, (await again.Send("/api/duty/take", new { })).Status);
        Assert.Equal(HttpStatusCode.OK, (await again.Read($"/api/calls/{there.CallNo}")).Status);
        (await again.Read($"/api/calls/{here.CallNo}")).Problem(404, Codes.CallNotFound);
    }

    private async Task Retire(string who) =>
        (await (await Street.As("community01")).Send("/api/roster/retire", new { post = (await Street.PostOf(who)).Value })).Value<RosterTaken>();

    private async Task<Staff> Admin()
    {
        await using var db = Street.Service<Database>().Context();
        var admin = db.Users.Single(u => u.UserName == "admin");
        return new Staff(admin.Id, "admin", Role.Admin, null);
    }

    private async Task<HttpClient> Cookie(string who)
    {
        var client = Street.NewClient(new SocketsHttpHandler { UseCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", await Street.CookieOf(who));
        return client;
    }

    private async Task<string> Feed(string who, string? unit) => (await (await Street.As(who)).Send("/api/duty/feed", new { unit })).Value<RosterFeed>(HttpStatusCode.Created).Url;

    private async Task<WhistleReceipt> Whistle()
    {
        var photo = (await Street.Anyone.Send("/api/photos", MadePhotos.Jpeg(), contentType: PhotoFile.Jpeg)).Value<PhotoReceipt>(HttpStatusCode.Created).Id;
        return (await Street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "三楼漏水", contact = new { name = "王五", phone = "13800000000" }, photos = new[] { photo } })).Value<WhistleReceipt>(HttpStatusCode.Created);
    }
}
