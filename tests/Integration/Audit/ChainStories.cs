using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.AuditVerify;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Audit;

/// <summary>What the chain does while the street goes on: on one node and several, past a tampering, without its key, and on the auditor's pages.</summary>
public sealed class ChainStories
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Nine changes to a stopped database, of which none was noticed before there was a chain. What is written again afterwards is still named.</summary>
    [Fact]
    public async Task What_was_changed_in_a_stopped_database_is_named_and_stays_named_when_the_street_goes_on()
    {
        await using var street = await TestStreet.StartAsync();
        var calls = new List<WhistleReceipt>();
        for (var i = 0; i < 5; i++) calls.Add(await street.Blow());
        await (await street.As("grid001")).Send($"/api/calls/{calls[0].CallNo}/recuse", new { });
        await (await street.As("duty")).Read($"/api/calls/{calls[1].CallNo}");
        await street.CloseAsync();
        string No(int i) => calls[i].CallNo;
        foreach (var sql in (string[])[
            "UPDATE journal SET at = at - 600000 WHERE seq = 2", "DELETE FROM journal WHERE seq = 3", "UPDATE journal SET by_post = 'clock' WHERE seq = 4",
            $"UPDATE calls SET recused = NULL, body = REPLACE(body, 'recus', 'recuz') WHERE no = '{No(0)}'", $"DELETE FROM reads WHERE call_no = '{No(1)}'",
            $"UPDATE words SET words = '无' WHERE call_no = '{No(2)}'", "UPDATE accounts SET role = 'Admin' WHERE user_name = 'grid002'", $"UPDATE calls SET level = 'S3' WHERE no = '{No(3)}'",
            "INSERT INTO account_posts (account, post) SELECT id, (SELECT post FROM accounts WHERE user_name = 'duty') FROM accounts WHERE user_name = 'grid003'"])
            await TamperAsync(street, sql);
        await street.RestartAsync();
        string[] named = ["journal 2", "journal 3", "journal 4", $"calls {No(0)}", "reads ", $"words {No(2)}/1/description", "accounts ", $"calls {No(3)}", "account_posts "];
        Named(named, HonestStreet.Verify(street));

        // The server writes two of them again, and takes what it finds; the link says what that was.
        await street.Do("duty", No(3), "note", new { note = "看过了" });
        await street.Service<ReachCommands>().PutPhoneAsync("grid002", "13800000009", TestStreet.Admin, Never);
        var after = HonestStreet.Verify(street);
        Named(named, after);
        Assert.Contains(after.Faults, f => f.Wrong == Wrong.ChangedBefore && f.What == $"calls {No(3)}");
        Assert.Contains(after.Faults, f => f.Wrong == Wrong.ChangedBefore && f.What.StartsWith("accounts ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writers_of_every_kind_at_once_make_one_chain()
    {
        await using var street = await TestStreet.StartAsync();
        await WriteAtOnceAsync(street, street);
        Assert.Empty(HonestStreet.Verify(street, t => t with { EverySignature = true }).Faults);
    }

    [Fact]
    [Trait("Database", "PostgreSQL")]
    public async Task Two_nodes_make_one_chain()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        Assert.Equal(a.Service<Database>().Chain!.Key.Fingerprint, b.Service<Database>().Chain!.Key.Fingerprint);
        await WriteAtOnceAsync(a, b);
        Assert.Empty(HonestStreet.Verify(a, t => t with { EverySignature = true }).Faults);
    }

    [Fact]
    public async Task Nothing_protected_is_written_past_the_chain()
    {
        await using var street = await TestStreet.StartAsync();
        var database = street.Service<Database>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(db => db.Posts.ExecuteUpdateAsync(s => s.SetProperty(p => p.Kind, "police"), Never), Never));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(db => db.Reads.ExecuteDeleteAsync(Never), Never));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(db => db.Database.ExecuteSqlRawAsync("INSERT INTO duty_words (unit, at, by_post, words) VALUES ('street', 0, 'p1', 'x')", Never), Never));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(db => db.Channels.ExecuteUpdateAsync(s => s.SetProperty(c => c.Secret, string.Empty), Never), Never));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsideAsync(db =>
        {
            db.Acts.Add(new ActRow { At = street.Now, ByAccount = "x", What = "x", Subject = "x", Detail = "x" });
            return db.SaveChangesAsync(Never);
        }, Never));
        Assert.Equal(0, await database.WriteAsync(db => db.Channels.ExecuteUpdateAsync(s => s.SetProperty(c => c.Tokens, 1), Never), Never)); // the chain leaves this column out
        Assert.Empty(HonestStreet.Verify(street).Faults);
    }

    [Fact]
    public async Task A_lost_key_stops_nobody_and_is_told_by_whoever_knows_the_old_one()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        var old = street.Service<Database>().Chain!.Key.PublicPem;
        await street.CloseAsync();
        foreach (var file in Directory.GetFiles(TestStreet.KeysOf(street.Folder), "audit-chain*")) File.Delete(file);
        await street.RestartAsync();
        await street.Blow();
        Assert.Contains(street.Log.Lines, l => l.Contains("The audit chain goes on under a key that has not signed before", StringComparison.Ordinal));
        Assert.Empty(HonestStreet.Verify(street).Faults); // the new key's hashes vouch for what is before
        Assert.Empty(HonestStreet.Verify(street, t => t with { Keys = [old, .. t.Keys], EverySignature = true }).Faults);
        Assert.All(HonestStreet.Verify(street, t => t with { Keys = [old] }).Faults, f => Assert.Equal(Wrong.LinkChanged, f.Wrong));
        Assert.NotEmpty(HonestStreet.Verify(street, t => t with { Keys = [old] }).Faults);
    }

    [Fact]
    public async Task An_administrator_s_and_an_account_s_acts_are_read_by_auditors_and_that_is_written_down()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:LoopbackChannels=true", "--Dispatch:RateLimits:Enabled=true");
        var (admin, auditor) = (await street.As("admin"), await street.As("auditor"));
        await admin.Ask(HttpMethod.Put, "/api/channels/robot", new StringContent("""{"kind":"webhook","addresses":["*"],"url":"http://127.0.0.1:9/geheim","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", Encoding.UTF8, "application/json"));
        await admin.Ask(HttpMethod.Put, "/api/staff/grid001/phone", new StringContent("""{"phone":"13800007788"}""", Encoding.UTF8, "application/json"));
        await admin.Ask(HttpMethod.Delete, "/api/channels/robot");
        await street.Service<AccountBook>().RevokeAsync("grid003", TestStreet.Admin, Never);
        for (var i = 0; i < 10; i++) await street.Anyone.Send("/api/login", new { userName = "grid002", password = "wrong" });
        await Eventually.Holds(async () => // no answer waits for it
        {
            await using var db = street.Service<Database>().Context();
            return await db.Acts.AnyAsync(a => a.What == Acts.LockedOut);
        });
        await street.Service<PolicyBook>().AddAsync(PolicyBook.DefaultJson(), "admin", Never);
        Assert.True((await street.Service<AccountCommands>().CreateAsync(TestStreet.Admin, "neu", "gridWorker", "001", Never)).Ok);

        var page = (await auditor.Read("/api/acts")).Value<ActsView>();
        string[] expected = ["documentAdded policy:2", "lockedOut account:grid002", "signedOut account:grid003", "channelRemoved channel:robot", "phoneChanged account:grid001", "channelPut channel:robot"];
        Assert.Equal(expected, page.Acts.Take(6).Select(a => $"{a.What} {a.Subject}"));
        Assert.Equal(["admin", "system", "admin", "admin", "admin", "admin"], page.Acts.Take(6).Select(a => a.By));
        var roster = await auditor.Read("/api/acts?list=roster");
        Assert.StartsWith("joined", roster.Value<ActsView>().Acts[0].What);
        Assert.Contains("account:neu", roster.Value<ActsView>().Acts[0].Detail);
        var text = (await auditor.Read("/api/acts")).Text + roster.Text;
        foreach (var secret in (string[])["13800007788", "geheim", "whsec", "王"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        // Each of these looks is itself in the record, and in the chain.
        Assert.Equal(["looks", "settings", "roster", "settings"], (await auditor.Read("/api/acts?list=looks")).Value<ActsView>().Acts.Select(a => a.Subject));
        Assert.DoesNotContain((await auditor.Read("/api/reads")).Value<ReadsView>().Reads, r => r.CallNo.Length == 0);
        Assert.Empty(HonestStreet.Verify(street).Faults);

        // And nobody else reads them.
        foreach (var name in (string[])["admin", "duty", "grid001"]) Assert.Equal(HttpStatusCode.Forbidden, (await (await street.As(name)).Read("/api/acts")).Status);
        (await auditor.Read("/api/acts?list=all")).Problem(400, Codes.BadRequest);
        (await auditor.Read("/api/acts?before=x")).Problem(400, Codes.BadRequest);
        Assert.Contains("强制下线", await PageAsync(street, "auditor", "/audit/acts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_of_a_day_is_that_which_the_verifier_computes()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        street.FastForward(TimeSpan.FromDays(1));
        for (var i = 0; i < 4; i++)
        {
            await street.Blow();
            var view = (await (await street.As("auditor")).Read("/api/chain")).Value<ChainView>();
            Assert.Empty(HonestStreet.Verify(street, t => t with { Days = [.. view.Days.Select(d => (d.Day, d.Root))], Ends = [(view.Link, view.Hash), .. view.Days.Select(d => (d.Last, d.Hash))], Fingerprints = [view.Fingerprint], Keys = [] }).Faults);
            Assert.Equal([new DateOnly(2026, 3, 12), new DateOnly(2026, 3, 11)], view.Days.Select(d => d.Day));
            Assert.Equal([false, true], view.Days.Select(d => d.IsOver));
            using var key = ECDsa.Create();
            key.ImportFromPem(view.PublicKey);
            foreach (var d in view.Days)
                Assert.True(key.VerifyHash(SHA256.HashData(Encoding.ASCII.GetBytes($"dispatch-chain-day-1\n{d.Day:yyyy-MM-dd}\n{d.First}\n{d.Last}\n{d.Root}\n{d.Hash}\n")), Convert.FromHexString(d.Signature)));
        }

        var admin = await street.As("admin");
        Assert.Equal(street.Service<Database>().Chain!.Key.PublicPem + "\n", (await admin.Read("/api/chain.pem")).Text);
        Assert.Equal(3, (await admin.Read("/api/chain.csv")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty((await admin.Read("/api/chain?from=2026-01-01&to=2026-01-03")).Value<ChainView>().Days);
        foreach (var wrong in (string[])["from=x", "from=2026-03-12&to=2026-03-11", "from=2020-01-01", "to=20260311"]) (await admin.Read($"/api/chain?{wrong}")).Problem(400, Codes.BadRequest);
        foreach (var name in (string[])["duty", "grid001", "wall"]) Assert.Equal(HttpStatusCode.Forbidden, (await (await street.As(name)).Read("/api/chain")).Status);
        var root = (await admin.Read("/api/chain")).Value<ChainView>().Days[0].Root;
        Assert.Contains(string.Join(' ', root.Chunk(4).Select(g => new string(g))), await PageAsync(street, "admin", "/chain"), StringComparison.Ordinal);
        Assert.Contains("href=\"/audit\"", await PageAsync(street, "auditor", "/chain"), StringComparison.Ordinal); // and the way back to their other rooms
    }

    /// <summary>As somebody else runs it: a copied file, and what is known of it.</summary>
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task The_program_tells_whole_from_changed_from_unreadable_by_its_exit_code()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        await street.CloseAsync();
        var (key, note) = (ChainKey.PublicPath(Path.Combine(TestStreet.KeysOf(street.Folder), "audit-chain.pem")), street.DatabasePath + ".chain");
        var whole = await RunAsync(street.DatabasePath, "--key", key, "--head", note);
        Assert.True(whole.Code == 0, whole.Text);
        await TamperAsync(street, "UPDATE calls SET level = 'S3'");
        var changed = await RunAsync(street.DatabasePath, "--key", key, "--head", note);
        Assert.Equal(1, changed.Code);
        Assert.Contains("calls W260311-00001: 被改过 changed", changed.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(street.DatabasePath)).Code); // a copy does not vouch for itself
        Assert.Equal(2, (await RunAsync(key, "--key", key)).Code);
        Assert.Equal(2, (await RunAsync(street.DatabasePath, "--key", street.DatabasePath)).Code);
        Assert.Equal(2, (await RunAsync(street.DatabasePath, "--fingerprint", new string('0', 64))).Code);
        await street.RestartAsync();
    }

    private static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DispatchCenter.AuditVerify.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await wrong);
    }

    /// <summary>Past the server, in the database itself.</summary>
    private static async Task TamperAsync(TestStreet street, string sql)
    {
        if (TestStreet.OnPostgreSql)
        {
            await street.Ask(sql);
            return;
        }

        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={street.DatabasePath};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    private static async Task WriteAtOnceAsync(TestStreet a, TestStreet b)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => a.Blow()));
        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? a : b).Blow($"{(i % 7) + 1:D3}"))),
            Task.WhenAll(Enumerable.Range(0, 20).Select(async i => await (await (i % 2 == 0 ? a : b).As("duty")).Read($"/api/calls/{calls[i % 4].CallNo}"))),
            Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? a : b).Anyone.Send("/api/login", new { userName = "head09", password = "wrong" }))),
            Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? a : b).Service<AccountCommands>().CreateAsync(TestStreet.Admin, $"at-once-{i}", "gridWorker", "001", Never))),
            Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? b : a).Service<Roster>().AddShiftAsync(new Domain.Duty.PostId("p0001"), a.Now.AddDays(i + 1), a.Now.AddDays(i + 1).AddHours(2), Never))));
    }

    private static async Task<string> PageAsync(TestStreet street, string userName, string path)
    {
        using var browser = street.NewClient(new SocketsHttpHandler { UseCookies = false });
        browser.DefaultRequestHeaders.Add("Cookie", await street.CookieOf(userName));
        return WebUtility.HtmlDecode((await browser.Read(path)).Text);
    }

    private static void Named(IEnumerable<string> names, Report report)
    {
        foreach (var name in names) Assert.True(report.Faults.Any(f => f.What.StartsWith(name, StringComparison.Ordinal)), $"{name} is not among {string.Join(", ", report.Faults)}");
    }
}
