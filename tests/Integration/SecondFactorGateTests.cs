using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>How often a code may be tried, how it opens a name that others have closed, and whom the street requires one of.</summary>
public sealed class SecondFactorGateTests
{
    private static Task<TestStreet> Limited() => TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");

    [Fact]
    public async Task Ten_wrong_codes_close_a_name_to_their_address_and_asking_for_one_does_not_count()
    {
        await using var street = await Limited();
        var phone = await street.ProveAsync("admin");
        for (var i = 0; i < SignInGate.TriesInARow; i++)
        {
            (await Login(street.Anyone, "admin", phone.Wrong(street.Now))).Problem(401, Codes.SecondFactorWrong);
            if (i % 2 == 0) (await Login(street.Anyone, "admin")).Problem(401, Codes.SecondFactorRequired); // the password alone neither counts nor takes back what did
        }

        (await Login(street.Anyone, "admin", phone.At(street.Now))).Problem(429, Codes.LockedOut);
        street.FastForward(SignInGate.Wait);
        Assert.Equal(HttpStatusCode.OK, (await Login(street.Anyone, "admin", phone.At(street.Now))).Status);
    }

    [Fact]
    public async Task A_password_that_is_known_does_not_clear_the_count_of_guessed_codes()
    {
        await using var street = await Limited();
        var phone = await street.ProveAsync("admin");
        var inside = new Browser(street);
        Assert.Equal(HttpStatusCode.Redirect, (await inside.SendFormAsync("/signin", "/signin", new() { ["user"] = "admin", ["password"] = TestStreet.Password, ["code"] = phone.At(street.Now) })).Status);
        for (var i = 0; i < SignInGate.TriesInARow; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await inside.SendFormAsync("/second-factor", "/second-factor?handler=Off", new() { ["code"] = phone.Wrong(street.Now) })).Status);
            await inside.SendFormAsync("/password", "/password", new() { ["old"] = TestStreet.Password, ["fresh"] = "short", ["again"] = "short" });
        }

        street.FastForward(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await inside.SendFormAsync("/second-factor", "/second-factor?handler=Off", new() { ["code"] = phone.At(street.Now) })).Status);
    }

    [Fact]
    public async Task A_hundred_wrong_codes_of_strangers_close_it_for_the_hour_but_not_where_it_has_signed_in_nor_who_is_in()
    {
        await using var street = await Limited();
        var phone = await street.ProveAsync("admin");
        using var inside = street.WithToken((await Login(street.Anyone, "admin", phone.At(street.Now))).Json.Text("accessToken"));
        for (var i = 0; i < SignInGate.TriesOfCodes; i++)
        {
            if (i % 10 == 0) street.FastForward(TimeSpan.FromMinutes(2)); // never ten in five minutes from one address, never a hundred passwords in fifteen
            using var guesser = street.NewClient(UploadTests.From($"127.0.1.{1 + (i % 50)}"));
            (await Login(guesser, "admin", phone.Wrong(street.Now))).Problem(401, Codes.SecondFactorWrong);
        }

        using var stranger = street.NewClient(UploadTests.From("127.0.2.1"));
        street.FastForward(SignInGate.StrangersWait);
        (await Login(stranger, "admin", phone.At(street.Now))).Problem(429, Codes.LockedOut);
        Assert.Equal(HttpStatusCode.OK, (await inside.Read("/api/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Login(street.Anyone, "admin", phone.At(street.Now))).Status);
        street.FastForward(SignInGate.CodesWait);
        Assert.Equal(HttpStatusCode.OK, (await Login(stranger, "admin", phone.At(street.Now))).Status);
    }

    [Fact]
    public async Task A_name_that_guesses_have_closed_opens_to_the_right_password_with_the_right_code_alone()
    {
        await using var street = await Limited();
        var phone = await street.ProveAsync("admin");
        foreach (var name in (string[])["admin", "nobody", "grid001"])
            for (var i = 0; i < SignInGate.TriesOfStrangers; i++)
            {
                using var guesser = street.NewClient(UploadTests.From($"127.0.3.{1 + (i / 5)}"));
                await Login(guesser, name, password: "wrong");
                if (i % 25 == 24) street.FastForward(TimeSpan.FromMinutes(1));
            }

        using var owner = street.NewClient(UploadTests.From("127.0.4.1"));
        var answers = new[]
        {
            await Login(owner, "admin"), await Login(owner, "admin", phone.At(street.Now), "wrong"), await Login(owner, "admin", phone.Wrong(street.Now)), await Login(owner, "nobody", "123456"), await Login(owner, "grid001", "123456"),
        };
        Assert.Single(answers.Select(a => a.Problem(429, Codes.LockedOut).Title).Distinct()); // what is right of it, nobody learns
        Assert.All(answers, a => Assert.NotNull(a.Headers.RetryAfter));
        var page = await new Browser(street).SendFormAsync("/signin", "/signin", new() { ["user"] = "admin", ["password"] = TestStreet.Password });
        Assert.Contains("分钟后再试", FormPage.Plain(page.Text), StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"one-time-code\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Login(owner, "admin", phone.At(street.Now))).Status);
        street.FastForward(OneTimeCode.Step);
        Assert.Equal(HttpStatusCode.Redirect, (await new Browser(street).SendFormAsync("/signin", "/signin", new() { ["user"] = "admin", ["password"] = TestStreet.Password, ["code"] = phone.At(street.Now) })).Status);
        using var other = street.NewClient(UploadTests.From("127.0.4.2"));
        for (var i = 0; i < SignInGate.TriesInARow; i++) (await Login(other, "admin", phone.At(street.Now, 1), "wrong")).Problem(429, Codes.LockedOut);
        (await Login(other, "admin", phone.At(street.Now, 1))).Problem(429, Codes.LockedOut); // ten tries from an address, as ever
    }

    [Fact]
    public async Task The_second_step_takes_no_ticket_that_is_old_or_of_another_password()
    {
        await using var street = await TestStreet.StartAsync();
        var phone = await street.ProveAsync("admin");
        Assert.Equal(HttpStatusCode.Redirect, (await Second(await FirstAsync())).Status);
        street.FastForward(OneTimeCode.Step);
        var (old, before) = (await FirstAsync(), await FirstAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Second(old + "x")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Second(old, "")).Status);
        await street.Service<Hub.Street.AccountBook>().RevokeAsync("admin", TestStreet.Admin, CancellationToken.None);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Second(before)).Status);
        var late = await FirstAsync();
        street.FastForward(DoorCheck.TicketLife);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Second(late)).Status);

        async Task<string> FirstAsync() => FormPage.Plain(System.Text.RegularExpressions.Regex.Match((await new Browser(street).SendFormAsync("/signin", "/signin", new() { ["user"] = "admin", ["password"] = TestStreet.Password })).Text, "name=\"ticket\" value=\"([^\"]+)\"").Groups[1].Value);
        Task<Answer> Second(string ticket, string? code = null) => new Browser(street).SendFormAsync("/signin", "/signin", new() { ["ticket"] = ticket, ["code"] = code ?? phone.At(street.Now) });
    }

    [Theory]
    [InlineData("admin", "/admin")]
    [InlineData("auditor", "/audit")]
    [InlineData("leader", "/leader")]
    public async Task Whoever_must_have_one_gets_nothing_but_its_page_until_it_is_set_up(string user, string room)
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:SecondFactor=required");
        var browser = new Browser(street);
        await browser.SignInAsync(user);
        Assert.Equal("/second-factor", (await browser.ReadAsync(room)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.ReadAsync("/second-factor")).Status);
        using var token = street.WithToken((await Login(street.Anyone, user)).Json.Text("accessToken"));
        (await token.Read("/api/me")).Problem(403, Codes.SecondFactorNotSetUp);
        await using var hub = street.Hub((await Login(street.Anyone, user)).Json.Text("accessToken"));
        await Assert.ThrowsAnyAsync<Exception>(() => hub.StartAsync());
        var phone = await street.ProveAsync(user);
        using var proved = street.WithToken((await Login(street.Anyone, user, phone.At(street.Now))).Json.Text("accessToken"));
        Assert.Equal(HttpStatusCode.OK, (await proved.Read("/api/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await street.As("duty")).Read("/api/board")).Status); // not of others
    }

    [Fact]
    public async Task Where_it_is_off_nobody_is_asked_and_nobody_turns_it_on()
    {
        await using var street = await TestStreet.StartAsync();
        var phone = await street.ProveAsync("admin");
        await street.RestartAsync("--Dispatch:SecondFactor=off");
        Assert.Equal(HttpStatusCode.OK, (await Login(street.Anyone, "admin")).Status);
        Assert.Equal("second_factor_off", (await street.Service<SecondFactorCommands>().TurnOnAsync(await street.StaffAsync("leader"), await street.SessionAsync("leader"), phone.Secret, phone.At(street.Now), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task A_person_is_told_what_was_tried_at_their_name()
    {
        await using var street = await Limited();
        var browser = new Browser(street);
        await browser.SignInAsync("leader");
        Assert.DoesNotContain("输错密码", FormPage.Plain((await browser.ReadAsync("/second-factor")).Text), StringComparison.Ordinal);
        using var guesser = street.NewClient(UploadTests.From("127.0.5.1"));
        for (var i = 0; i < 3; i++) await Login(guesser, "leader", password: "wrong");
        Assert.Contains("输错密码或验证码 3 次，最后一次在 09:00", FormPage.Plain((await browser.ReadAsync("/second-factor")).Text), StringComparison.Ordinal);
        street.FastForward(TimeSpan.FromHours(11));
        await browser.ReadAsync("/second-factor");
        street.FastForward(TimeSpan.FromHours(11));
        await browser.ReadAsync("/second-factor");
        street.FastForward(TimeSpan.FromHours(3));
        Assert.DoesNotContain("输错密码", FormPage.Plain((await browser.ReadAsync("/second-factor")).Text), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_policy_that_there_is_not_stops_the_start() =>
        Assert.Contains("Dispatch:SecondFactor", (await Assert.ThrowsAsync<Hub.Kernel.SettingsException>(() => TestStreet.StartAsync("--Dispatch:SecondFactor=1"))).Message, StringComparison.Ordinal);

    private static Task<Answer> Login(HttpClient client, string userName, string? code = null, string password = TestStreet.Password) => client.Send("/api/login", new { userName, password, code });
}
