using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Promises 6 and 7 on the feed: who sees which case, and when no longer.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class SightTests
{
    /// <summary>The user, and the cases of the town below that the user sees: own is of team 01, next of team 02 of the same community, far of community 05, hidden hides from property.</summary>
    public static readonly TheoryData<string, string> Audience = new()
    {
        { "duty", "own next far hidden" },
        { "leader", "own next far hidden" },
        { "auditor", "own next far hidden" },
        { "wall", "own next far hidden" },
        { "community01", "own next hidden" },
        { "community05", "far" },
        { "grid001", "own hidden" },
        { "grid003", "own hidden" },
        { "police01", "own hidden" },
        { "head01", "own hidden" },
        { "property01", "own" },
        { "grid004", "next" },
        { "property02", "next" },
        { "police09", "far" },
        { "grid130", "" },
    };

    [Theory]
    [MemberData(nameof(Audience))]
    public async Task Everybody_sees_their_part_alike_in_a_snapshot_and_live(string userName, string sees)
    {
        await using var street = await TestStreet.StartAsync();
        await using var live = await Screen.FilledAsync(street, userName);
        var cases = new Dictionary<string, string>
        {
            ["own"] = (await street.Blow("001")).CallNo,
            ["next"] = (await street.Blow("004")).CallNo,
            ["far"] = (await street.Blow("029")).CallNo,
            ["hidden"] = (await street.Blow("001", hide: true)).CallNo,
        };
        var beat = live.Through;
        while (live.Through < 4) await live.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        await using var snapshot = await Screen.FilledAsync(street, userName);
        foreach (var (name, no) in cases)
        {
            var expected = sees.Split(' ').Contains(name);
            Assert.True(expected == live.Cases.ContainsKey(no) && expected == snapshot.Cases.ContainsKey(no), $"{userName} and {name}: {expected} was due");
            Assert.True(expected || (!live.EverSaw(no) && !snapshot.EverSaw(no)), $"{userName} must never hear of {name}");
        }

        Assert.Equal(0, beat);
    }

    [Fact]
    public async Task Property_staff_never_receive_anything_of_a_case_that_recuses_them_in_its_whole_life()
    {
        await using var street = await TestStreet.StartAsync();
        await using var property = await Screen.FilledAsync(street, "property01");
        await using var other = await Screen.FilledAsync(street, "property02");
        string[] cases = [(await street.Blow("001", hide: true)).CallNo, (await street.Blow("001", "23")).CallNo]; // ticked, and 物业纠纷
        await street.SweepAfter(TimeSpan.FromMinutes(16)); // the first climbs and rings team 02 as well
        Assert.Equal(["01", "02"], (await street.Card(cases[0])).Teams);
        foreach (var no in cases)
        {
            await street.Handle("grid001", no);
            await street.Do("grid004", no, "verify", new { passed = true });
        }

        var after = (await street.Blow("001")).CallNo;
        await property.Shows(after, CallStates.Ringing);
        await other.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        foreach (var no in cases) Assert.False(property.EverSaw(no) || other.EverSaw(no));
        await using var late = await Screen.FilledAsync(street, "property01");
        Assert.Equal([after], late.Cases.Keys);
    }

    [Fact]
    public async Task Where_only_property_is_on_duty_a_recused_case_skips_the_team()
    {
        await using var street = await TestStreet.StartAsync();
        await street.SignOff("grid001", "grid002", "grid003", "police01");
        Assert.DoesNotContain("01", (await street.Card((await street.Blow("001", hide: true)).CallNo)).Teams);
        Assert.Contains("01", (await street.Card((await street.Blow("001")).CallNo)).Teams);
    }

    [Fact]
    public async Task Off_duty_members_get_nothing_and_a_fresh_snapshot_when_the_shift_begins()
    {
        await using var street = await TestStreet.StartAsync();
        await street.SignOff("police01");
        var post = await street.PostOf("police01");
        await street.Service<Roster>().AddShiftAsync(post, street.Now.AddMinutes(2), street.Now.AddMinutes(4), CancellationToken.None);
        var before = await street.Blow("001");
        await using var police = await Screen.FilledAsync(street, "police01");
        Assert.Empty(police.Cases);
        var during = await street.Blow("001");
        while (police.Through < 2) await police.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        Assert.All(police.Frames, f => Assert.Empty(f.Calls));

        street.FastForward(TimeSpan.FromMinutes(2));
        await police.Until(s => s.Cases.Count == 2); // the shift has begun
        Assert.Equal([FrameKinds.Resync, FrameKinds.Snapshot], police.Frames.TakeLast(2).Select(f => f.Kind));
        await street.Do("grid001", before.CallNo, "accept");
        await police.Shows(before.CallNo, CallStates.Accepted);

        street.FastForward(TimeSpan.FromMinutes(2));
        await police.Until(s => s.Cases.Count == 0); // and is over
        await street.Do("grid001", during.CallNo, "accept");
        var frames = police.Frames.Count;
        while (police.Through < 4) await police.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        Assert.All(police.Frames.Skip(frames), f => Assert.Empty(f.Calls));
    }

    [Fact]
    public async Task Signing_off_empties_the_screen_even_when_changes_keep_coming()
    {
        await using var street = await TestStreet.StartAsync();
        await using var grid = await Screen.FilledAsync(street, "grid001");
        await grid.Shows((await street.Blow("001")).CallNo, CallStates.Ringing);
        await street.SignOff("grid001");
        var after = await street.Blow("001"); // its pulse alone makes the stream look
        await grid.Until(s => s.Cases.Count == 0);
        Assert.Contains(grid.Frames, f => f.Kind == FrameKinds.Resync);
        Assert.False(grid.EverSaw(after.CallNo));
    }

    [Fact]
    public async Task Signing_off_counts_for_a_frame_that_was_only_waiting_for_its_turn()
    {
        await using var street = await TestStreet.StartAsync();
        await using var grid = await Screen.FilledAsync(street, "grid001");
        for (var round = 0; round < 5; round++)
        {
            await street.Blow("001"); // right after a frame, so that the next one waits
            await street.SignOff("grid001");
            var after = await street.Blow("001");
            await grid.Until(s => s.Cases.Count == 0);
            Assert.False(grid.EverSaw(after.CallNo));
            await street.Service<Roster>().AddShiftAsync(await street.PostOf("grid001"), street.Now, null, CancellationToken.None);
            street.FastForward(LiveFeed.LookEvery);
            await grid.Until(s => s.Cases.ContainsKey(after.CallNo));
            grid.Forget();
        }
    }

    [Fact]
    public async Task A_resumed_stream_of_somebody_off_duty_carries_nothing()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Blow("001");
        await street.SignOff("grid001");
        await street.Blow("001");
        await using var grid = await street.Watch("grid001", 1);
        await street.Blow("001");
        while (grid.Through < 3) await grid.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        Assert.All(grid.Frames, f => Assert.Empty(f.Calls));
    }

    [Fact]
    public async Task The_communitys_grid_workers_see_a_case_that_awaits_verification_and_then_no_more()
    {
        await using var street = await TestStreet.StartAsync();
        await using var neighbour = await Screen.FilledAsync(street, "grid005"); // team 02, the same community
        await using var police = await Screen.FilledAsync(street, "police02");
        await using var stranger = await Screen.FilledAsync(street, "grid008");
        var no = (await street.Blow("001")).CallNo;
        await street.Handle("grid001", no);
        await neighbour.Shows(no, CallStates.Resolved);
        Assert.DoesNotContain(neighbour.Frames.SelectMany(f => f.Calls), c => c.State != CallStates.Resolved);
        await street.Do("grid005", no, "verify", new { passed = true });
        await neighbour.Until(s => !s.Cases.ContainsKey(no));
        Assert.DoesNotContain(neighbour.Frames.SelectMany(f => f.Calls), c => c.State == CallStates.Verified);

        var last = await street.Blow("004");
        await police.Shows(last.CallNo, CallStates.Ringing);
        Assert.False(police.EverSaw(no));
        while (stranger.Through < 6) await stranger.NextWhile(() => street.FastForward(LiveFeed.BeatEvery));
        Assert.False(stranger.EverSaw(no));
    }

    [Fact]
    public async Task Once_another_team_has_accepted_the_case_is_gone_with_the_winner_in_a_last_look()
    {
        await using var street = await TestStreet.StartAsync();
        var no = (await street.Blow("001")).CallNo;
        await street.SweepAfter(TimeSpan.FromMinutes(15) + TimeSpan.FromMilliseconds(1)); // rings team 02 as well
        await using var loser = await Screen.FilledAsync(street, "grid001");
        await using var winner = await Screen.FilledAsync(street, "grid004");
        Assert.True(loser.Cases.ContainsKey(no));
        await street.Do("police02", no, "accept");
        await loser.Until(s => !s.Cases.ContainsKey(no));
        var gone = loser.Frames[^1];
        Assert.Equal([no], gone.Gone);
        Assert.Equal(new LeadCard("02", "police", "01"), Assert.Single(gone.Calls).Lead);
        await winner.Shows(no, CallStates.Accepted);
        await street.Do("police02", no, "arrive");
        await winner.Shows(no, CallStates.OnScene);
        var last = await street.Blow("002");
        await loser.Shows(last.CallNo, CallStates.Ringing);
        Assert.DoesNotContain(loser.Frames.SelectMany(f => f.Calls), c => c.State == CallStates.OnScene);
    }

    [Fact]
    public async Task A_team_that_handed_a_case_back_loses_sight_of_it()
    {
        await using var street = await TestStreet.StartAsync();
        var no = (await street.Blow("001")).CallNo;
        await using var team = await Screen.FilledAsync(street, "police01");
        await street.Do("grid001", no, "accept");
        await team.Shows(no, CallStates.Accepted);
        await street.Do("grid001", no, "return", new { reason = "noPower" });
        await team.Until(s => !s.Cases.ContainsKey(no));
        Assert.DoesNotContain(team.Frames[^1].Calls, c => c.CallNo == no);
    }

    [Fact]
    public async Task The_board_of_a_community_is_its_own()
    {
        await using var street = await TestStreet.StartAsync();
        var (own, far) = (await street.Blow("001"), await street.Blow("029"));
        Assert.Equal([own.CallNo], (await (await street.As("community01")).Read("/api/board")).Value<Board>().Calls.Select(c => c.CallNo));
        foreach (var user in (string[])["duty", "leader", "auditor", "wall"])
            Assert.Equal([own.CallNo, far.CallNo], (await (await street.As(user)).Read("/api/board")).Value<Board>().Calls.Select(c => c.CallNo).Order());
    }

    [Fact]
    public async Task A_case_that_is_over_leaves_boards_and_snapshots()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await street.Blow("001");
        await using var live = await Screen.FilledAsync(street, "duty");
        await street.Anyone.Send($"/api/track/{call.TrackingCode}/withdraw");
        await live.Shows(call.CallNo, CallStates.Withdrawn); // seen once more, as over
        Assert.Equal(0, (await (await street.As("duty")).Read("/api/board")).Value<Board>().Total);
        await using var late = await Screen.FilledAsync(street, "duty");
        Assert.Empty(late.Cases);
    }
}
