using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>What only a database that many nodes share can do, or do wrong.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PostgresTests
{
    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=y;Password=secret-word", "127.0.0.1:1/x")]
    [InlineData("{server};Password=secret-word;Database=nowhere", "nowhere")]
    [InlineData("{server};Password=secret-word;Username=nobody", "nobody")]
    public async Task A_database_that_cannot_be_reached_stops_the_start_and_the_password_stays_secret(string connection, string named)
    {
        var folder = TestStreet.NewFolder();
        var setting = connection.Replace("{server}", (await PostgresServer.Shared).ConnectionString("postgres"), StringComparison.Ordinal);
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(folder, $"--Dispatch:Database={setting}"), ticking: false));
        Assert.Contains(named, stopped.Message, StringComparison.Ordinal);
        Assert.Contains("Dispatch:Database", stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", stopped.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("synchronous_commit", "off")]
    [InlineData("synchronous_commit", "local")]
    public async Task A_database_that_would_acknowledge_what_is_not_on_disk_stops_the_start(string setting, string value)
    {
        var folder = TestStreet.NewFolder();
        var database = await TestStreet.DatabaseOfAsync(folder, "template0");
        await (await PostgresServer.Shared).AskAsync($"ALTER DATABASE t_{Path.GetFileName(folder)} SET {setting} = {value}");
        var stopped = await Assert.ThrowsAsync<SettingsException>(() => Server.OpenAsync(TestStreet.Builder(folder, database), ticking: false));
        Assert.Contains($"{value} on on", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_was_weakened_is_durable_again_when_it_is_next_used()
    {
        await using var street = await TestStreet.StartSharedAsync();
        var database = street.Service<Database>();
        for (var round = 0; round < 3; round++)
        {
            using var connection = database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT current_setting('synchronous_commit')";
            Assert.Equal("on", command.ExecuteScalar());
            command.CommandText = "SET synchronous_commit = off";
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_make_one_street()
    {
        var folder = TestStreet.NewFolder();
        var database = await TestStreet.DatabaseOfAsync(folder, "template0");
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => TestStreet.StartInAsync(TestStreet.NewFolder(), "--Dispatch:Demo=true", database, $"--Dispatch:Keys={folder}"))));
        try
        {
            await using var db = nodes[0].Service<Database>().Context();
            Assert.Equal(6 + 17 + 130 + (3 * 36), await db.Users.CountAsync());
            Assert.Equal(1, await db.Heads.CountAsync());
            Assert.Equal(1, await db.Documents.CountAsync(d => d.Kind == "street"));
            // One key for all: what one node signs, the others read.
            var token = await nodes[0].TokenOf("duty");
            foreach (var node in nodes) (await node.WithToken(token).Read("/api/me")).Value<Me>();
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_of_an_older_program_refuses_a_newer_schema_and_leaves_it()
    {
        await using var street = await TestStreet.StartSharedAsync();
        await using (var db = street.Service<Database>().Context())
            await db.Database.ExecuteSqlAsync($"INSERT INTO schema_version (version) VALUES ({Migrations.Latest + 1})");
        Assert.Contains($"{Migrations.Latest + 1}", (await Assert.ThrowsAsync<SettingsException>(() => street.JoinAsync())).Message, StringComparison.Ordinal);
        await street.Blow(); // the node that runs is not disturbed
    }

    [Fact]
    public async Task One_of_two_nodes_wins_a_case_and_the_other_is_told_who_did()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        for (var round = 0; round < 10; round++)
        {
            var call = await a.Blow();
            await using var first = await a.HubAs("grid001");
            await using var second = await b.HubAs("property01");
            var replies = await Task.WhenAll(Accept(first), Accept(second));
            var won = Assert.Single(replies, r => r.Ok);
            var lost = Assert.Single(replies, r => !r.Ok);
            Assert.Equal(Codes.AlreadyAccepted, lost.Code);
            Assert.Equal(won.Call!.Lead!.Team, lost.Call!.Lead!.Team);
            Assert.Equal(won.Call.Version, lost.Call.Version);

            Task<Reply> Accept(HubConnection hub) => hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo);
        }
    }

    [Fact]
    public async Task Batches_of_two_nodes_leave_one_journal_without_a_hole()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var n = 0; n < 8; n++) await (i % 2 == 0 ? a : b).Blow($"{(i % 20) + 1:D3}");
        })));
        var journal = await a.Service<JournalQueries>().ReadAsync(0, 1_000, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 128).Select(n => (long)n), journal.Select(e => e.Seq));
        Assert.Equal(128, journal.Select(e => e.CallNo).Distinct().Count());
    }

    [Fact]
    public async Task A_key_used_on_one_node_is_known_to_the_other()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        var body = new { grid = "001", category = "02", description = "试" };
        var first = (await a.Anyone.Send("/api/whistles", body, "one-whistle")).Value<WhistleReceipt>(HttpStatusCode.Created);
        Assert.Equal(first.CallNo, (await b.Anyone.Send("/api/whistles", body, "one-whistle")).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
    }

    [Fact]
    public async Task Both_nodes_sweep_and_a_clock_acts_once()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        var call = await a.Blow();
        a.FastForward(TimeSpan.FromMinutes(40));
        await Task.WhenAll(a.Sweep(), b.Sweep(), a.Sweep(), b.Sweep());
        var clocks = (await b.Journal(call.CallNo)).Where(e => e.Due is not null).ToList();
        Assert.Equal(clocks.Select(e => (e.What, e.Answer)).Distinct().Count(), clocks.Count);
        Assert.Contains(clocks, e => e is { What: "lapsed", Answer: "accept" });
    }

    [Fact]
    public async Task A_shift_and_a_revocation_on_one_node_hold_on_the_other_when_it_next_looks()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        using var officer = b.WithToken(await b.TokenOf("duty"));
        (await officer.Read("/api/me")).Value<Me>();
        await a.SignOff("grid001");
        await a.Service<AccountBook>().RevokeAsync("duty", TestStreet.Admin, CancellationToken.None);
        await b.Service<BookWatch>().LookAsync(CancellationToken.None);
        Assert.False(b.Service<Roster>().At(b.Now).Contains(await b.PostOf("grid001")));
        (await officer.Read("/api/me")).Problem(401, Codes.Unauthenticated);
    }

    [Fact]
    public async Task A_case_under_a_policy_that_this_node_has_not_read_yet_is_answered_all_the_same()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        await a.Service<PolicyBook>().AddAsync(PolicyBook.DefaultJson(), "test", CancellationToken.None);
        var call = await a.Blow();
        Assert.Equal("accepted", (await b.Do("grid001", call.CallNo, "accept")).State);
    }

    [Fact]
    public async Task Text_that_this_database_cannot_hold_harms_nobody()
    {
        await using var street = await TestStreet.StartSharedAsync();
        (await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", description = "一\0二" })).Value<WhistleReceipt>(HttpStatusCode.Created);
        foreach (var (path, body) in ((string, object)[])[("/api/login", new { userName = "du\0ty", password = "x" }), ("/api/login", new { userName = "duty", password = "\0" })])
            (await street.Anyone.Send(path, body)).Problem(401, Codes.WrongPassword);
        using var broken = new StringContent("{\"grid\":\"001\",\"category\":\"02\",\"description\":\"\\ud800\"}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await street.Anyone.PostAsync("/api/whistles", broken);
        Assert.Contains((int)answer.StatusCode, (int[])[201, 400]);
    }

    [Fact]
    public async Task An_epoch_lasts_as_long_as_a_node_runs_and_the_first_to_start_again_begins_another()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var b = await a.JoinAsync();
        for (var i = 0; i < 3; i++) await a.Blow();
        var first = await Epoch();
        await a.RestartAsync();
        await b.RestartAsync();
        Assert.Equal(first, await Epoch());
        await a.CloseAsync();
        await b.CloseAsync();
        await a.RestartAsync();
        var second = await Epoch();
        Assert.NotEqual(first, second);
        await b.RestartAsync();
        await a.CloseAsync();
        await a.RestartAsync();
        Assert.Equal(second, await Epoch());

        async Task<string> Epoch() => (await a.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Epoch;
    }
}
