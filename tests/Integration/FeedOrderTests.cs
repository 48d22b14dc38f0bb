using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>
/// Promise 3 whatever becomes of the messages between nodes. Here the test is the bus: node B hears of what node A commits only what
/// the test tells it, in the order and as often as the test likes; the rest it has to read from the journal, as the clock allows.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class FeedOrderTests : IAsyncLifetime
{
    private TestStreet _a = null!;
    private TestStreet _b = null!;
    private LiveFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        _a = await TestStreet.StartSharedAsync();
        _b = await _a.JoinAsync();
        _feed = _b.Service<LiveFeed>();
    }

    public async ValueTask DisposeAsync()
    {
        await _b.DisposeAsync();
        await _a.DisposeAsync();
    }

    [Fact]
    public async Task Messages_out_of_order_and_twice_reach_every_watcher_in_order_and_once()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        await using var team = await Screen.FilledAsync(_b, "grid001");
        var call = await _a.Blow();
        await _a.Handle("grid001", call.CallNo);
        var said = await _a.Journal(call.CallNo);
        foreach (var n in (int[])[3, 1, 1, 3, 2]) Tell(said[n]);
        Assert.Equal((0, 4), (_feed.Head, _feed.Behind));
        Tell(said[0]);
        Assert.Equal((4, 0), (_feed.Head, _feed.Behind));
        Tell(said[2], said[3]);
        foreach (var screen in (Screen[])[street, team])
        {
            Assert.Equal(4, (await screen.Shows(call.CallNo, CallStates.Resolved)).Version);
            await _b.Blow("001"); // whatever follows comes after it, and alone
            await screen.Until(s => s.Cases.Count == 2);
        }

        Assert.Equal(4 + 1, street.Frames.Where(f => f.Kind == FrameKinds.Delta).SelectMany(f => f.Calls).Sum(c => c.Version)); // 4 once, 1 of the next
    }

    [Fact]
    public async Task A_change_of_which_only_later_ones_are_heard_is_read_from_the_journal_after_50_ms()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var lost = await _a.Blow();
        var heard = await _a.Blow("004");
        Tell((await _a.Journal(heard.CallNo))[0]);
        Pass(CatchUp.GapWait - TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 2), (_feed.Head, _feed.Behind)); // it may still be on its way
        Pass(TimeSpan.FromMilliseconds(1));
        await street.Shows(heard.CallNo, CallStates.Ringing);
        await street.Shows(lost.CallNo, CallStates.Ringing);
        Assert.Equal((2, 0), (_feed.Head, _feed.Behind));
        Assert.Equal(TimeSpan.FromMilliseconds(50), CatchUp.GapWait);
    }

    [Fact]
    public async Task What_nobody_says_anything_about_is_read_within_a_second()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var call = await _a.Blow();
        Pass(CatchUp.PollEvery - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _feed.Head);
        Pass(TimeSpan.FromMilliseconds(1));
        await Eventually.Holds(() => _feed.Behind == 1); // it knows of it now
        Pass(CatchUp.GapWait);
        await street.Shows(call.CallNo, CallStates.Ringing);
        Assert.True(CatchUp.PollEvery <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task More_changes_than_one_page_of_the_journal_are_read_in_one_go()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var call = await _a.Blow();
        await Pretend(JournalQueries.PageLimit + 500);
        Pass(CatchUp.PollEvery);
        await Eventually.Holds(() => _feed.Behind > 0);
        Pass(CatchUp.GapWait);
        await street.Until(s => s.Highest(call.CallNo) == JournalQueries.PageLimit + 500);
        Assert.DoesNotContain(street.Frames, f => f.Kind == FrameKinds.Resync);
    }

    [Fact]
    public async Task A_change_that_the_database_does_not_show_yet_is_seen_and_a_watcher_who_comes_meanwhile_misses_nothing()
    {
        var call = await _a.Blow();
        Tell((await _a.Journal(call.CallNo))[0]);
        await using var before = await Screen.FilledAsync(_b, "duty");
        var early = (await _a.Journal(call.CallNo))[0] with { Seq = 2, Version = 2 };
        early = early with { Card = WithVersion(early.Card, 2) };
        Tell(early);
        await before.Until(s => s.Highest(call.CallNo) == 2);
        // These have eyes of their own, and no lane that would hold the change for them.
        await using var fromScratch = await _b.Watch("community01");
        await fromScratch.Until(s => s.Through == 1);
        await using var goesOn = await _b.Watch("grid001", afterSeq: 1);
        await Pretend(2); // now it can be seen
        await fromScratch.Until(s => s.Highest(call.CallNo) == 2);
        await goesOn.Until(s => s.Highest(call.CallNo) == 2);
    }

    [Fact]
    public async Task A_change_that_was_announced_and_never_committed_is_given_up_and_holds_nobody_back()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var first = await _a.Blow();
        Tell((await _a.Journal(first.CallNo))[0] with { Seq = 50 });
        Pass(CatchUp.GapWait);
        await street.Shows(first.CallNo, CallStates.Ringing); // what the journal has comes all the same
        Assert.Equal((1, 49), (_feed.Head, _feed.Behind));
        Pass(CatchUp.PollEvery);
        await Eventually.Holds(() => _feed.Behind == 0);
        var next = await _a.Blow();
        Tell((await _a.Journal(next.CallNo))[0]);
        await street.Shows(next.CallNo, CallStates.Ringing);
        Assert.Equal(2, _feed.Head);
    }

    [Fact]
    public async Task Of_another_street_nothing_is_taken()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var call = await _a.Blow();
        var entry = (await _a.Journal(call.CallNo))[0];
        Assert.False(_feed.Take("another", [entry]));
        Assert.False(_feed.Take("another", [entry with { Seq = 90 }]));
        Assert.Equal((0, 0), (_feed.Head, _feed.Behind));
        Tell(entry);
        await street.Shows(call.CallNo, CallStates.Ringing);
    }

    [Fact]
    public async Task A_database_that_was_put_back_under_a_new_epoch_makes_every_watcher_start_over()
    {
        var kept = await _a.Blow();
        var undone = await _a.Blow("004");
        Pass(CatchUp.PollEvery);
        await Eventually.Holds(() => _feed.Behind == 2);
        Pass(CatchUp.GapWait);
        await Eventually.Holds(() => _feed.Head == 2);
        await using var street = await Screen.FilledAsync(_b, "duty");
        await using var team = await Screen.FilledAsync(_b, "grid001");
        await PutBack("UPDATE head SET seq = 1, epoch = 'new-epoch'", undone.CallNo);
        Pass(CatchUp.PollEvery);
        foreach (var screen in (Screen[])[street, team])
        {
            await screen.Until(s => s.Frames[^1].Kind == FrameKinds.Resync);
            await screen.Until(s => s.Through == 1);
            Assert.Equal(("new-epoch", kept.CallNo), (screen.Epoch, Assert.Single(screen.Cases).Key));
        }

        await _a.Service<LiveFeed>().LoadAsync(CancellationToken.None);
        var next = await _a.Blow();
        Assert.True(_feed.Take("new-epoch", await _a.Journal(next.CallNo)));
        await street.Shows(next.CallNo, CallStates.Ringing);
    }

    [Fact]
    public async Task A_head_behind_the_feeds_own_is_looked_at_twice_before_everybody_starts_over()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var call = await _a.Blow();
        var entry = (await _a.Journal(call.CallNo))[0];
        Tell(entry);
        Tell(entry with { Seq = 2, CallNo = "W000000-00001" }); // a change that the database will never have
        Tell(entry with { Seq = 9 }); // nor this one, which a look at the head gives up
        await street.Until(s => s.Through == 2);
        Pass(CatchUp.PollEvery);
        await Eventually.Holds(() => _feed.Behind == 0);
        Assert.Equal(2, _feed.Head); // one look may have met a replica that lags
        Pass(CatchUp.PollEvery);
        await street.Until(s => s.Frames[^1].Kind == FrameKinds.Resync);
        await street.Until(s => s.Through == 1);
        Assert.Equal(call.CallNo, Assert.Single(street.Cases).Key);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_read_again_and_complained_about_once()
    {
        await using var street = await Screen.FilledAsync(_b, "duty");
        var lost = await _a.Blow();
        var heard = await _a.Blow("004");
        Tell((await _a.Journal(heard.CallNo))[0]);
        await Sql("ALTER TABLE journal RENAME TO journal_away");
        for (var i = 0; i < 3; i++)
        {
            Pass(CatchUp.RetryEvery);
            await Eventually.Holds(() => _b.Log.Lines.Any(l => l.Contains("could not read the entries after", StringComparison.Ordinal)));
        }

        Assert.Equal((0, 2), (_feed.Head, _feed.Behind));
        await Sql("ALTER TABLE journal_away RENAME TO journal");
        Pass(CatchUp.RetryEvery);
        await street.Shows(lost.CallNo, CallStates.Ringing);
        Assert.Single(_b.Log.Lines, l => l.Contains("could not read the entries after", StringComparison.Ordinal));
    }

    private void Tell(params JournalEntry[] entries) => Assert.True(_feed.Take(_feed.Epoch, entries));

    private void Pass(TimeSpan span) => _b.FastForward(span);

    private async Task Sql(string sql)
    {
        await using var db = _a.Service<Database>().Context();
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    private static byte[] WithVersion(byte[] card, int version) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
        System.Text.Json.JsonSerializer.Deserialize(card, ContractsJson.Default.CallCard)! with { Version = version }, ContractsJson.Default.CallCard);

    /// <summary>Writes the journal on to this number, as another node would, with ever higher versions of the first case.</summary>
    private Task Pretend(int head) => Sql(
        $"""
        INSERT INTO journal SELECT i, call_no, i, at, by_post, 'noted', answer, due, detail, audience, audience_before,
            REPLACE(card, '"version":1,', '"version":' || i || ','), command || i
        FROM generate_series(2, {head}) AS n(i), journal WHERE seq = 1;
        UPDATE head SET seq = {head}
        """);

    private Task PutBack(string head, string undone) => Sql($"DELETE FROM journal WHERE seq > 1; DELETE FROM calls WHERE no = '{undone}'; {head}");
}
