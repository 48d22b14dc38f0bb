using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Npgsql;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// Promise 1 while PostgreSQL is lost and comes back: every request ends with an acknowledgement that is true or with "come again", and
/// a request that is repeated under its key has one effect.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class DatabaseLostTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(600);

    [Fact]
    public async Task A_server_that_crashes_and_returns_under_load_makes_nobody_a_liar()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var a = await TestStreet.StartInRealTimeAsync(server);
        await using var b = await a.JoinAsync();
        await using var first = await Screen.FilledAsync(a, "duty");
        await using var second = await Screen.FilledAsync(b, "grid001");
        await using var rush = await Rush.StartAsync(a, b);
        await rush.GoOn("before", Moment);
        for (var round = 1; round <= 2; round++)
        {
            await server.CrashAsync();
            rush.Phase = $"crash {round}";
            await Task.Delay(Moment, TimeProvider.System);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await a.Anyone.Read("/healthz/ready")).Status);
            Assert.Equal(HttpStatusCode.OK, (await a.Anyone.Read("/healthz/live")).Status);
            await server.UpAsync();
            await rush.GoOn($"after {round}", Moment);
        }

        await rush.NothingIsMissing(("duty", first), ("grid001", second));
        rush.Report(first, second);
        Assert.True(rush.Busy > 0);
        Assert.Equal(0, rush.Lost); // the nodes themselves were there all the time
        await Eventually.Holds(async () => (await a.Anyone.Read("/healthz/ready")).Text == "ready"); // a result is reused for a second
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_whose_answer_was_lost_is_told_as_it_was(bool done)
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var proxy = new CommitProxy((await PostgresServer.Shared).Port);
        await using var b = await a.JoinAsync(Through(proxy, a));
        await using var duty = await Screen.FilledAsync(b, "duty");
        var body = new { grid = "001", category = "02" };
        var cut = proxy.CutNext(done);
        var told = await b.Anyone.Send("/api/whistles", body, "lost-answer");
        await cut.WaitAsync(TestStreet.Patience);
        Assert.Contains(b.Log.Lines, l => l.Contains("checking whether it took effect", StringComparison.Ordinal));
        if (!done) told.Problem(503, Codes.Busy);
        var callNo = (await a.Anyone.Send("/api/whistles", body, "lost-answer")).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo;
        if (done) Assert.Equal(callNo, told.Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        Assert.Equal([(1L, callNo)], (await a.Service<JournalQueries>().ReadAsync(0, 10, CancellationToken.None)).Select(e => (e.Seq, e.CallNo)));
        await b.Do("grid001", callNo, "accept"); // which also makes the other's whistle known where it was not done
        // It is acknowledged before it is published: the gap may open only after the first look at it.
        while (!(duty.Cases.TryGetValue(callNo, out var card) && card.State == CallStates.Accepted))
            if (done) await duty.Next();
            else await duty.NextWhile(() => b.FastForward(CatchUp.GapWait));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_whole_batch_whose_answer_was_lost_is_acknowledged_once_each(bool done)
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var proxy = new CommitProxy((await PostgresServer.Shared).Port);
        await using var b = await a.JoinAsync(Through(proxy, a));
        var desk = b.Service<DispatchDesk>();
        List<Task<Answer>> asked;
        Task cut;
        using (await b.HoldDesk())
        {
            asked = [.. Enumerable.Range(0, 20).Select(i => b.Anyone.Send("/api/whistles", new { grid = "001", category = "02" }, $"batch-{i:D4}"))];
            await Eventually.Holds(() => desk.Waiting == asked.Count);
            cut = proxy.CutNext(done);
        }

        var receipts = (await Task.WhenAll(asked)).Select(t => t.Value<WhistleReceipt>(HttpStatusCode.Created).CallNo).ToList(); // not done: each is tried alone, and done
        await cut.WaitAsync(TestStreet.Patience);
        for (var i = 0; i < receipts.Count; i++)
            Assert.Equal(receipts[i], (await a.Anyone.Send("/api/whistles", new { grid = "001", category = "02" }, $"batch-{i:D4}")).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        Assert.Equal(asked.Count, (await a.Service<JournalQueries>().ReadAsync(0, 100, CancellationToken.None)).Select(e => e.CallNo).Distinct().Count());
    }

    [Fact]
    public async Task While_the_outcome_of_a_commit_cannot_be_read_nobody_is_told_anything()
    {
        await using var a = await TestStreet.StartSharedAsync();
        await using var proxy = new CommitProxy((await PostgresServer.Shared).Port);
        await using var b = await a.JoinAsync(Through(proxy, a));
        var cut = proxy.CutNext(done: true, thenAway: true);
        var asked = b.Anyone.Send("/api/whistles", new { grid = "001", category = "02" }, "nobody-knows");
        await cut.WaitAsync(TestStreet.Patience);
        await Eventually.Holds(() => b.Log.Lines.Any(l => l.Contains("Cannot check yet", StringComparison.Ordinal)));
        var after = b.Anyone.Send("/api/whistles", new { grid = "004", category = "02" }, "comes-after");
        Assert.False(asked.IsCompleted);
        proxy.IsAway = false;
        while (!asked.IsCompleted)
        {
            b.FastForward(DispatchDesk.RetryAfter);
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
        }

        var callNo = (await asked).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo;
        Assert.NotEqual(callNo, (await after).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        Assert.Equal(2, (await a.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Seq);
    }

    private static string Through(CommitProxy proxy, TestStreet street)
    {
        var settings = new NpgsqlConnectionStringBuilder(((PostgresDatabase)street.Service<Database>()).ConnectionString) { Port = proxy.Port };
        return $"--Dispatch:Database={settings.ConnectionString}";
    }
}
