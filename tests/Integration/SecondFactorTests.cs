using System.Net;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Features.People;
using DispatchCenter.Web.Kernel;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>二次验证: turned on by its owner, asked for after the password, each code good once, and taken away on record.</summary>
public sealed partial class SecondFactorTests : IAsyncLifetime
{
    private const string Page = "/second-factor";

    private TestStreet _street = null!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street.DisposeAsync();

    private SecondFactorCommands Desk => _street.Service<SecondFactorCommands>();

    [Fact]
    public async Task Its_owner_turns_it_on_with_the_password_and_a_first_code_and_other_sessions_end()
    {
        var (browser, other) = (new Browser(_street), new Browser(_street));
        await browser.SignInAsync("auditor");
        await other.SignInAsync("auditor");
        var copy = browser.Copy();
        Assert.DoesNotContain("id=\"secret\"", (await Send("Begin", new() { ["password"] = "wrong" }, HttpStatusCode.UnprocessableEntity)).Text, StringComparison.Ordinal);
        var shown = await Send("Begin", new() { ["password"] = TestStreet.Password });
        Assert.Contains("<svg", shown.Text, StringComparison.Ordinal);
        var phone = new Authenticator(Secret().Match(shown.Text).Groups[1].Value);
        Assert.Equal(HttpStatusCode.OK, (await Login("auditor")).Status); // not in force before a code has proved it

        var again = await Send("Prove", new() { ["ticket"] = Ticket(shown), ["code"] = phone.Wrong(_street.Now) }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(phone.Secret, Secret().Match(again.Text).Groups[1].Value);
        var done = await Send("Prove", new() { ["ticket"] = Ticket(again), ["code"] = phone.At(_street.Now) });
        Assert.Equal(SecondFactorCommands.CodesMade, Code().Matches(done.Text).Select(m => m.Value).Distinct().Count());
        Assert.DoesNotContain(Code().Match(done.Text).Value, (await browser.ReadAsync(Page)).Text, StringComparison.Ordinal); // shown once

        (await copy.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        (await other.Copy().Read("/api/me")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(HttpStatusCode.OK, (await browser.Copy().Read("/api/me")).Status);
        (await Login("auditor")).Problem(401, Codes.SecondFactorRequired);
        (await Login("auditor", phone.At(_street.Now))).Problem(401, Codes.SecondFactorWrong); // it proved the factor, and is used up
        await using var db = _street.Service<Database>().Context();
        Assert.StartsWith("~", (await db.SecondFactors.SingleAsync()).Secret.Stored, StringComparison.Ordinal);
        Assert.Equal([Acts.SecondFactorOn], await ActsAsync());

        async Task<Answer> Send(string handler, Dictionary<string, string> form, HttpStatusCode status = HttpStatusCode.OK)
        {
            var answer = await browser.SendFormAsync(Page, $"{Page}?handler={handler}", form);
            Assert.Equal(status, answer.Status);
            return answer;
        }
    }

    [Fact]
    public async Task A_shown_secret_waits_a_quarter_of_an_hour_and_belongs_to_one_account()
    {
        var (browser, stranger) = (new Browser(_street), new Browser(_street));
        await browser.SignInAsync("auditor");
        await stranger.SignInAsync("leader");
        var shown = await browser.SendFormAsync(Page, $"{Page}?handler=Begin", new() { ["password"] = TestStreet.Password });
        var phone = new Authenticator(Secret().Match(shown.Text).Groups[1].Value);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Prove(stranger)).Status);
        _street.FastForward(SecondFactorModel.TicketLife);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Prove(browser)).Status);
        Assert.Empty(await ActsAsync());

        Task<Answer> Prove(Browser who) => who.SendFormAsync(Page, $"{Page}?handler=Prove", new() { ["ticket"] = Ticket(shown), ["code"] = phone.At(_street.Now) });
    }

    [Fact]
    public async Task A_session_that_ended_on_the_way_turns_nothing_on()
    {
        var (staff, session, phone) = (await _street.StaffAsync("auditor"), await _street.SessionAsync("auditor"), new Authenticator(OneTimeCode.NewSecret()));
        var commands = _street.Service<SecondFactorCommands>();
        Assert.Equal(Codes.Unauthenticated, (await commands.TurnOnAsync(staff, session with { Stamp = "the one before" }, phone.Secret, phone.At(_street.Now), CancellationToken.None)).Code);
        await using (var db = _street.Service<Database>().Context())
        {
            db.EndedSessions.Add(new EndedSessionRow { Session = session.Id, At = _street.Now });
            await db.SaveChangesAsync();
        }

        Assert.Equal(Codes.Unauthenticated, (await commands.TurnOnAsync(staff, session, phone.Secret, phone.At(_street.Now), CancellationToken.None)).Code);
        Assert.Empty(await ActsAsync());
    }

    [Fact]
    public async Task A_login_asks_for_a_code_after_the_right_password_alone()
    {
        var phone = await _street.ProveAsync("admin");
        var unknown = (await _street.Anyone.Send("/api/login", new { userName = "nobody", password = "wrong", code = "123456" })).Problem(401, Codes.WrongPassword);
        var wrong = (await _street.Anyone.Send("/api/login", new { userName = "admin", password = "wrong", code = phone.At(_street.Now) })).Problem(401, Codes.WrongPassword);
        Assert.Equal(unknown.Title, wrong.Title);
        (await Login("admin")).Problem(401, Codes.SecondFactorRequired);
        (await Login("admin", " ")).Problem(401, Codes.SecondFactorRequired);
        (await Login("admin", phone.Wrong(_street.Now))).Problem(401, Codes.SecondFactorWrong);
        (await Login("admin", new string('1', 10_000))).Problem(401, Codes.SecondFactorWrong);
        using var client = _street.WithToken((await Login("admin", phone.At(_street.Now))).Json.Text("accessToken"));
        Assert.Equal(HttpStatusCode.OK, (await client.Read("/api/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Login("grid001", "123456")).Status); // without a factor, a code is nothing
    }

    [Fact]
    public async Task A_code_is_good_once_also_at_once_and_after_a_restart()
    {
        var phone = await _street.ProveAsync("admin");
        var code = phone.At(_street.Now);
        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Login("admin", code)));
        Assert.Single(taps, t => t.Status == HttpStatusCode.OK);
        Assert.All(taps.Where(t => t.Status != HttpStatusCode.OK), t => t.Problem(401, Codes.SecondFactorWrong));
        await _street.RestartAsync();
        (await Login("admin", code)).Problem(401, Codes.SecondFactorWrong);
        (await Login("admin", phone.At(_street.Now, -1))).Problem(401, Codes.SecondFactorWrong); // older than one that was used
        (await Login("admin", phone.At(_street.Now, 2))).Problem(401, Codes.SecondFactorWrong);
        Assert.Equal(HttpStatusCode.OK, (await Login("admin", phone.At(_street.Now, 1))).Status);
        _street.FastForward(OneTimeCode.Step * 3);
        Assert.Equal(HttpStatusCode.OK, (await Login("admin", phone.At(_street.Now, -1))).Status);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task A_code_is_good_on_one_node_alone()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        var phone = await a.ProveAsync("admin");
        b.FastForward(OneTimeCode.Step);
        var login = new { userName = "admin", password = TestStreet.Password, code = phone.At(a.Now) };
        var taps = await Task.WhenAll(new[] { a, b, a, b }.Select(node => node.Anyone.Send("/api/login", login)));
        Assert.Single(taps, t => t.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_recovery_code_stands_in_for_the_phone_once_and_new_ones_void_the_old()
    {
        var phone = await _street.ProveAsync("leader");
        var (first, second) = (phone.Recovery[0], phone.Recovery[1]);
        await using (var db = _street.Service<Database>().Context()) Assert.DoesNotContain(await db.RecoveryCodes.Select(r => r.Hash).ToListAsync(), hash => phone.Recovery.Contains(hash));
        var taps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Login("leader", first)));
        Assert.Single(taps, t => t.Status == HttpStatusCode.OK);
        var browser = await SignInAsync("leader", second.Replace("-", "", StringComparison.Ordinal));
        Assert.Contains("还剩 8 个", FormPage.Plain((await browser.ReadAsync(Page)).Text), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SendFormAsync(Page, $"{Page}?handler=Codes", new() { ["code"] = first })).Status);
        var fresh = Code().Match((await browser.SendFormAsync(Page, $"{Page}?handler=Codes", new() { ["code"] = phone.At(_street.Now) })).Text).Value;
        (await Login("leader", phone.Recovery[2])).Problem(401, Codes.SecondFactorWrong);
        Assert.Equal(HttpStatusCode.OK, (await Login("leader", fresh)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.ReadAsync(Page)).Status); // the session goes on
        Assert.Equal([Acts.SecondFactorOn, Acts.RecoveryCodeUsed, Acts.RecoveryCodeUsed, Acts.RecoveryCodesMade, Acts.RecoveryCodeUsed], await ActsAsync());
    }

    [Fact]
    public async Task Its_owner_turns_it_off_with_a_code_and_other_sessions_end()
    {
        var phone = await _street.ProveAsync("leader");
        var browser = await SignInAsync("leader", phone.At(_street.Now));
        var copy = browser.Copy();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SendFormAsync(Page, $"{Page}?handler=Off", new() { ["code"] = "" })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SendFormAsync(Page, $"{Page}?handler=Off", new() { ["code"] = phone.At(_street.Now) })).Status); // used up by the sign-in
        _street.FastForward(OneTimeCode.Step);
        Assert.Equal(HttpStatusCode.OK, (await browser.SendFormAsync(Page, $"{Page}?handler=Off", new() { ["code"] = phone.At(_street.Now) })).Status);
        (await copy.Read("/api/me")).Problem(401, Codes.Unauthenticated);
        Assert.Equal(HttpStatusCode.OK, (await browser.Copy().Read("/api/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Login("leader")).Status);
        Assert.Equal([Acts.SecondFactorOn, Acts.SecondFactorOff], await ActsAsync());
    }

    [Fact]
    public async Task An_administrator_resets_anothers_and_closing_an_account_takes_it_along()
    {
        await _street.ProveAsync("auditor");
        var page = await FormPage.OpenAsync(_street, "admin", "/admin?q=auditor");
        Assert.Contains("去掉二次验证", page.Text, StringComparison.Ordinal);
        Assert.Contains("auditor 的二次验证已去掉", await page.SendAsync("Factor"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Login("auditor")).Status);
        Assert.Equal([Acts.SecondFactorOn, Acts.SecondFactorReset], await ActsAsync());
        await _street.ProveAsync("admin");
        Assert.Equal("second_factor_own", (await Desk.ResetAsync((await _street.StaffAsync("admin")).Id, "admin", CancellationToken.None)).Code); // one's own takes a code
        Assert.True((await Desk.ResetAsync(Acts.BySystem, "admin", CancellationToken.None)).Ok);
        await _street.ProveAsync("grid012");
        Assert.True((await _street.Service<AccountCommands>().CloseAsync(await _street.StaffAsync("admin"), "grid012", CancellationToken.None)).Ok);
        await using var db = _street.Service<Database>().Context();
        Assert.Equal((0, 0), (await db.SecondFactors.CountAsync(), await db.RecoveryCodes.CountAsync()));
    }

    [Fact]
    public async Task A_new_key_encrypts_it_again_and_its_codes_go_on()
    {
        var phone = await _street.ProveAsync("admin");
        var database = _street.Service<Database>();
        await database.DataKeys.RotateAsync(_street.Now, CancellationToken.None);
        while (await new Reencryption(database).RunAsync(CancellationToken.None) > 0)
        {
        }

        await using var db = database.Context();
        Assert.StartsWith("~2.", (await db.SecondFactors.SingleAsync()).Secret.Stored, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Login("admin", phone.At(_street.Now))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Login("admin", phone.Recovery[0])).Status);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task It_comes_along_in_a_backup()
    {
        var (folder, anew, night) = (TestStreet.NewFolder(), TestStreet.NewFolder(), TestStreet.NewFolder());
        Authenticator phone;
        await using (var street = await TestStreet.StartInAsync(folder, "--Dispatch:Demo=true"))
        {
            phone = await street.ProveAsync("admin");
            Assert.Equal(0, await BackupCommandLine.BackupAsync(Path.Combine(night, "backup.db"), SettingsOf(folder)));
        }

        TestStreet.CopyKeys(folder, anew);
        Assert.Equal(0, await BackupCommandLine.RestoreAsync(Path.Combine(night, "backup.db"), SettingsOf(anew)));
        await using var restored = await TestStreet.StartInAsync(anew, "--Dispatch:Demo=true");
        restored.FastForward(OneTimeCode.Step);
        (await restored.Anyone.Send("/api/login", new { userName = "admin", password = TestStreet.Password })).Problem(401, Codes.SecondFactorRequired);
        Assert.Equal(HttpStatusCode.OK, (await restored.Anyone.Send("/api/login", new { userName = "admin", password = TestStreet.Password, code = phone.At(restored.Now) })).Status);
    }

    [Fact]
    public async Task The_last_administrator_is_let_in_by_a_command_that_is_on_record()
    {
        await _street.ProveAsync("admin");
        await _street.CloseAsync();
        var settings = SettingsOf(_street.Folder);
        if (TestStreet.OnPostgreSql) settings = [.. settings, await TestStreet.DatabaseOfAsync(_street.Folder, "template0")];
        Assert.Equal(1, await Commands.ResetSecondFactorAsync("nobody", settings));
        Assert.Equal(0, await Commands.ResetSecondFactorAsync("Admin", settings));
        Assert.Equal(1, await Commands.ResetSecondFactorAsync("admin", settings));
        await _street.RestartAsync();
        Assert.Equal(HttpStatusCode.OK, (await Login("admin")).Status);
        await using var db = _street.Service<Database>().Context();
        Assert.Equal(Acts.BySystem, (await db.Acts.SingleAsync(a => a.What == Acts.SecondFactorReset)).ByAccount);
    }

    /// <summary>Both steps, as a browser without scripts takes them.</summary>
    private async Task<Browser> SignInAsync(string user, string code)
    {
        var browser = new Browser(_street);
        var asked = await browser.SendFormAsync("/signin", "/signin", new() { ["user"] = user, ["password"] = TestStreet.Password });
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SendFormAsync("/signin", "/signin", new() { ["ticket"] = Ticket(asked), ["code"] = code })).Status);
        return browser;
    }

    private async Task<List<string>> ActsAsync()
    {
        await using var db = _street.Service<Database>().Context();
        return await db.Acts.Where(a => a.What.StartsWith("secondFactor") || a.What.StartsWith("recovery")).OrderBy(a => a.Id).Select(a => a.What).ToListAsync();
    }

    private Task<Answer> Login(string userName, string? code = null) => _street.Anyone.Send("/api/login", code is null ? new { userName, password = TestStreet.Password } : new { userName, password = TestStreet.Password, code });

    private static string[] SettingsOf(string folder) => [$"--contentRoot={AppContext.BaseDirectory}", $"--Dispatch:DataPath={folder}", $"--Dispatch:Keys={TestStreet.KeysOf(folder)}", "--environment=Production"];

    private static string Ticket(Answer page) => FormPage.Plain(TicketField().Match(page.Text).Groups[1].Value);

    [GeneratedRegex("id=\"secret\">([A-Z2-7 ]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("name=\"ticket\" value=\"([^\"]+)\"")]
    private static partial Regex TicketField();

    [GeneratedRegex(@"\b\d{4}-\d{4}-\d{4}-\d{4}\b")]
    private static partial Regex Code();
}
