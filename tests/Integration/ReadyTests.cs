using System.Net;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Ready means that a whistle can be kept: who sends people to this node can rely on it.</summary>
public sealed class ReadyTests
{
    [Fact]
    public async Task A_node_whose_database_takes_no_write_is_not_ready_and_comes_back_by_itself()
    {
        await using var street = await TestStreet.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "ready"), await Ready(street));
        await Refuse(street);
        street.FastForward(Readiness.Fresh);
        var (status, text) = await Ready(street);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("not ready: database: 数据库写入失败", text, StringComparison.Ordinal);
        Assert.EndsWith("Writing to the database failed; see the log for the cause.", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read("/healthz/live")).Status);
        await Allow(street);
        street.FastForward(Readiness.Fresh);
        Assert.Equal((HttpStatusCode.OK, "ready"), await Ready(street));
        Assert.Single(street.Log.Lines, l => l.Contains("this node is not ready", StringComparison.Ordinal));
        Assert.NotEmpty((await street.Blow()).CallNo);
    }

    [Fact]
    public async Task However_many_ask_one_write_a_second_is_made()
    {
        await using var street = await TestStreet.StartAsync();
        street.FastForward(Readiness.Fresh);
        await Ready(street);
        await Refuse(street);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Ready(street))), answer => Assert.Equal(HttpStatusCode.OK, answer.Status)); // nothing was tried
        street.FastForward(Readiness.Fresh);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Ready(street))), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
    }

    [Fact]
    public void What_the_storage_says_is_told_in_words_that_say_what_to_mend()
    {
        foreach (var (code, why) in new[] { (13, Unwritable.Full), (8, Unwritable.ReadOnly), (14, Unwritable.ReadOnly), (5, Unwritable.Held), (10, Unwritable.Failed) })
            Assert.Equal(why, WhyUnwritable.Of(new InvalidOperationException("outer", new SqliteException("as SQLite says it", code))));
        foreach (var why in Enum.GetValues<Unwritable>()) Assert.True(Sentences.Has($"ready_{char.ToLowerInvariant(why.ToString()[0])}{why.ToString()[1..]}"));
    }

    /// <summary>A file that another program has begun to write to: found by whoever opens it with a tool.</summary>
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_database_that_another_program_holds_is_not_ready()
    {
        await using var street = await TestStreet.StartAsync();
        await using (var tool = new SqliteConnection($"Data Source={street.DatabasePath};Pooling=false"))
        {
            await tool.OpenAsync();
            await using var hold = tool.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync();
            street.FastForward(Readiness.Fresh);
            var asking = Ready(street);
            await Eventually.Holds(() =>
            {
                street.FastForward(Readiness.Patience); // nobody waits longer, however long the file is held
                return asking.IsCompleted;
            });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await asking).Status);
            Assert.Contains("Another program may have locked it", (await asking).Text, StringComparison.Ordinal);
        }

        street.FastForward(Readiness.Fresh);
        await Eventually.Holds(async () =>
        {
            street.FastForward(Readiness.Fresh);
            return (await Ready(street)).Status == HttpStatusCode.OK;
        });
    }

    private static async Task<(HttpStatusCode Status, string Text)> Ready(TestStreet street) => await street.Anyone.Read("/healthz/ready") is var answer ? (answer.Status, answer.Text) : default;

    private static async Task Refuse(TestStreet street) => await Ask(street, street.Service<Database>().IsShared
        ? "ALTER TABLE ready RENAME TO away" : "CREATE TRIGGER refuse BEFORE INSERT ON ready BEGIN SELECT RAISE(ABORT, 'refused'); END");

    private static async Task Allow(TestStreet street) => await Ask(street, street.Service<Database>().IsShared ? "ALTER TABLE away RENAME TO ready" : "DROP TRIGGER refuse");

    private static async Task Ask(TestStreet street, string sql)
    {
        await using var db = street.Service<Database>().Context();
        await db.Database.ExecuteSqlRawAsync(sql);
    }
}
