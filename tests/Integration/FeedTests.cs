using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Promises 3 and 4: every watcher sees every change it may see, in order; a slow one slows nobody else.</summary>
public sealed class FeedTests
{
    [Fact]
    public async Task A_number_beyond_the_head_waits_and_is_no_error()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow();
        await using var ahead = await street.Watch("duty", afterSeq: 3);
        await street.Blow();
        var beat = await ahead.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        Assert.Equal((FrameKinds.Beat, 3L, 3L), (beat.Kind, beat.From, beat.Through));
        await street.Blow(); // the third
        var fourth = await street.Blow();
        await ahead.Shows(fourth.CallNo, CallStates.Ringing);
        Assert.Single(ahead.Cases);
    }

    [Fact]
    public async Task A_silence_is_never_longer_than_five_seconds_and_a_beat_advances()
    {
        await using var street = await TestStreet.StartAsync();
        await using var team = await Screen.FilledAsync(street, "grid001");
        Assert.Equal(0, team.Through);
        await street.Blow("100"); // of no concern to the team
        for (var i = 1; i <= 3; i++)
        {
            street.FastForward(LiveFeed.BeatEvery);
            var beat = await team.Next();
            Assert.Equal((FrameKinds.Beat, 1L, street.Now), (beat.Kind, beat.Through, beat.ServerTime));
        }

        Assert.Equal(TimeSpan.FromSeconds(5), LiveFeed.BeatEvery);
    }

    [Fact]
    public async Task After_a_silence_four_changes_come_in_frames_of_their_own_and_the_next_wait_and_come_in_one()
    {
        await using var street = await TestStreet.StartAsync();
        street.Clock.HoldsShortWaits = true;
        await using var duty = await Screen.FilledAsync(street, "duty");
        await using var duty2 = await Screen.FilledAsync(street, "duty2");
        for (var again = 0; again < 2; again++)
        {
            street.FastForward(LiveFeed.Pace * Turns.Credit);
            Screen[] both = [duty, duty2];
            foreach (var screen in both) screen.Forget();
            for (var i = 0; i < Turns.Credit; i++)
            {
                var call = await street.Blow();
                foreach (var screen in both) await screen.Shows(call.CallNo, CallStates.Ringing);
            }

            await street.Blow();
            var last = await street.Blow();
            var published = (again + 1L) * (Turns.Credit + 2);
            await Eventually.Holds(() => street.Service<LiveFeed>().Head == published); // acknowledged is on disk, on its way to the feed
            street.FastForward(LiveFeed.Pace);
            foreach (var screen in both)
            {
                await screen.Shows(last.CallNo, CallStates.Ringing);
                Assert.Equal([1, 1, 1, 1, 2], screen.Frames.Select(f => f.Calls.Count));
            }

            Assert.Equal(duty.Wire[^1], duty2.Wire[^1]); // a lane goes on as one
        }
    }

    [Fact]
    public async Task A_reconnect_gets_what_it_missed_as_a_delta()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        long through;
        await using (var before = await Screen.FilledAsync(street, "grid001")) through = before.Through;
        await street.Do("grid001", call.CallNo, "accept");
        await street.Do("grid001", call.CallNo, "arrive");
        var elsewhere = await street.Blow("100");
        var other = await street.Blow();
        await using var again = await street.Watch("grid001", through);
        var delta = await again.Next();
        Assert.Equal((FrameKinds.Delta, through, 5L), (delta.Kind, delta.From, delta.Through));
        Assert.Equal([(call.CallNo, 3), (other.CallNo, 1)], delta.Calls.Select(c => (c.CallNo, c.Version))); // each at its latest
        Assert.False(again.EverSaw(elsewhere.CallNo));
    }

    [Fact]
    public async Task A_reconnect_after_a_restart_is_told_the_epoch_that_the_restart_began()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        string epoch;
        await using (var before = await Screen.FilledAsync(street, "duty")) epoch = before.Epoch!;
        await street.RestartAsync();
        await street.Do("grid001", call.CallNo, "accept");
        await using var again = await street.Watch("duty", 1);
        await again.Shows(call.CallNo, CallStates.Accepted);
        Assert.NotEqual(epoch, again.Epoch); // a page starts over by this
    }

    [Fact]
    public async Task A_reconnect_too_far_behind_is_told_to_start_over()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await Pretend(street, call.CallNo, LiveFeed.BehindLimit + 2);
        await using var behind = await street.Watch("duty", 1);
        Assert.Equal(FrameKinds.Resync, (await behind.Next()).Kind);
        var snapshot = await behind.Next();
        Assert.Equal((FrameKinds.Snapshot, LiveFeed.BehindLimit + 2L), (snapshot.Kind, snapshot.Through));
        Assert.Single(behind.Cases);
    }

    [Fact]
    public async Task A_snapshot_may_span_frames_and_only_the_last_advances()
    {
        await using var street = await TestStreet.StartAsync();
        var count = Lane.FrameCards + 20;
        await Parallel.ForAsync(0, count, async (i, _) => await street.Blow($"{(i % 130) + 1:D3}"));
        await using var duty = await street.Watch("duty");
        await duty.Until(s => s.Through > 0);
        Assert.True(duty.Frames.Count > 1);
        Assert.All(duty.Frames, f => Assert.Equal(FrameKinds.Snapshot, f.Kind));
        Assert.All(duty.Frames.SkipLast(1), f => Assert.Equal(0, f.Through));
        Assert.Equal((count, (long)count), (duty.Cases.Count, duty.Through));
    }

    [Fact]
    public async Task Many_watchers_see_every_change_in_order_while_many_write()
    {
        await using var street = await TestStreet.StartAsync();
        string[] users = ["duty", "duty2", "leader", "wall", "auditor", "community01", "grid001", "grid002", "police01", "head01", "grid004", "property02"];
        var screens = await Task.WhenAll(users.Select(u => Screen.FilledAsync(street, u)));
        try
        {
            string[] grids = ["001", "002", "004", "008"];
            await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            {
                var grid = grids[i % grids.Length];
                var call = await street.Blow(grid);
                if (i % 3 == 0) await street.Handle($"grid{grid}", call.CallNo);
                else if (i % 3 == 1) await street.Do($"grid{grid}", call.CallNo, "accept");
            });
            var last = await street.Blow("001"); // seen by every one of them but team 02, whose last is below
            var lastOfTeam2 = await street.Blow("004");
            await Task.WhenAll(screens.Zip(users, (s, u) => s.Shows((u is "grid004" or "property02" ? lastOfTeam2 : last).CallNo, CallStates.Ringing)));
            await screens[0].Shows(lastOfTeam2.CallNo, CallStates.Ringing);

            var head = (await street.Service<JournalQueries>().HeadAsync(CancellationToken.None)).Seq;
            var journal = new List<JournalEntry>();
            while (journal.Count < head) journal.AddRange(await street.Service<JournalQueries>().ReadAsync(journal.Count, 1_000, CancellationToken.None));
            Assert.Equal(head, screens[0].Through);
            var latest = journal.GroupBy(e => e.CallNo).ToDictionary(g => g.Key, g => g.Max(e => e.Version));
            Assert.Equal(latest.OrderBy(l => l.Key), screens[0].Cases.ToDictionary(c => c.Key, c => c.Value.Version).OrderBy(c => c.Key));
            // A grid worker's screen holds the team's cases and the community's that await 核查, each at its latest.
            var team = screens[6];
            Assert.All(team.Cases.Values, c => Assert.True(c.Teams.Contains("01") || c is { Community: "01", State: CallStates.Resolved }));
            Assert.All(team.Cases, c => Assert.Equal(latest[c.Key], c.Value.Version));
        }
        finally
        {
            foreach (var screen in screens) await screen.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_watcher_that_hardly_reads_slows_nobody_and_is_told_to_start_over()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow();
        await using var slow = await SlowWatcher.OpenAsync(street, "duty");
        await using var healthy = await Screen.FilledAsync(street, "duty");
        // Cards enough that no socket's buffers hold them, and more than what is kept for those who lag.
        var publish = street.Service<LiveFeed>();
        var sample = (await street.Journal(call.CallNo))[0];
        await Pretend(street, call.CallNo, 9_000);
        for (var seq = 2L; seq <= 9_000; seq += 500)
        {
            publish.Publish([.. Enumerable.Range(0, 500).Select(i => sample with { Seq = seq + i, CallNo = $"W000000-{(seq + i) % 5000:D5}", Version = (int)(seq + i), Card = Fat(sample, seq + i) }).Where(e => e.Seq <= 9_000)]);
            await healthy.Until(s => s.Through >= Math.Min(seq + 499, 9_000)); // the healthy one keeps up, frame by frame
        }

        Assert.DoesNotContain(healthy.Frames, f => f.Kind == FrameKinds.Resync);
        await slow.ReadUntilResync();
    }

    [Fact]
    public async Task One_connection_carries_one_stream_and_a_second_is_refused()
    {
        await using var street = await TestStreet.StartAsync();
        await using var screen = await Screen.FilledAsync(street, "duty");
        var refused = await Assert.ThrowsAsync<HubException>(async () => await First(screen.Hub, CancellationToken.None));
        Assert.Contains("already_watching", refused.Message, StringComparison.Ordinal);
        var call = await street.Blow();
        await screen.Shows(call.CallNo, CallStates.Ringing); // the first is not disturbed
    }

    [Fact]
    public async Task A_stream_that_was_given_up_makes_room_for_the_next_at_once()
    {
        await using var street = await TestStreet.StartAsync();
        await using var hub = await street.HubAs("duty");
        for (var i = 0; i < 20; i++)
        {
            using var stop = new CancellationTokenSource();
            Assert.Equal(FrameKinds.Snapshot, (await First(hub, stop.Token)).Kind);
            await stop.CancelAsync();
        }
    }

    [Fact]
    public async Task Nothing_of_a_watcher_stays_behind()
    {
        await using var street = await TestStreet.StartAsync();
        var feed = street.Service<LiveFeed>();
        for (var i = 0; i < 3; i++)
        {
            await using var screen = await Screen.FilledAsync(street, "grid001");
            Assert.Equal(1, feed.Watchers);
        }

        await Eventually.Holds(() => feed.Watchers == 0);
    }

    private static async Task<FeedFrame> First(HubConnection hub, CancellationToken ct)
    {
        await foreach (var frame in hub.StreamAsync<FeedFrame>(HubNames.Watch, 0L, ct)) return frame;
        throw new EndOfStreamException("The stream ended without a frame.");
    }

    private static byte[] Fat(JournalEntry sample, long seq)
    {
        var card = System.Text.Json.JsonSerializer.Deserialize(sample.Card, ContractsJson.Default.CallCard)!;
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            card with { CallNo = $"W000000-{seq % 5000:D5}", Version = (int)seq, Flags = [new string('x', 1_000)] }, ContractsJson.Default.CallCard);
    }

    /// <summary>Writes a journal as it would be after this many changes.</summary>
    private static async Task Pretend(TestStreet street, string callNo, int head)
    {
        using var connection = street.Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < @head) "
            + "INSERT INTO journal (seq, call_no, version, at, by_post, what, answer, due, detail, audience, audience_before, card, command) SELECT i, call_no, i, at, by_post, 'noted', answer, due, detail, audience, audience_before, card, command || i FROM n, journal WHERE seq = 1; "
            + "UPDATE head SET seq = @head";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@head", head);
        command.Parameters.Add(parameter);
        Assert.True(await command.ExecuteNonQueryAsync() > 0, callNo);
        if (head <= LiveFeed.BehindLimit + 2) await street.Service<LiveFeed>().LoadAsync(CancellationToken.None);
    }
}
