using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A team works for another community: it sees the case as it happens and in its snapshot, and who has no more to do with it is told that it is gone.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class AbroadStories : StreetStory
{
    [Fact]
    public async Task A_team_that_the_street_sends_across_communities_sees_the_case_live_and_in_its_snapshot()
    {
        await using var sent = await Screen.FilledAsync(Street, "grid008");
        await using var desk = await Screen.FilledAsync(Street, "community02");
        var call = await Street.Blow();
        await IsRefused("community01", call.CallNo, "designate", 404, Codes.TeamUnknown, new { team = "03", note = "邻社区支援" });
        await Do("duty", call.CallNo, "designate", new { team = "03", note = "邻社区支援" });
        await sent.Shows(call.CallNo, CallStates.Ringing);
        await using (var late = await Screen.FilledAsync(Street, "head03")) Assert.Equal(CallStates.Ringing, late.Cases[call.CallNo].State);
        await Do("grid008", call.CallNo, "accept");
        Assert.Equal(new LeadCard("03", "gridWorker", "01"), (await sent.Shows(call.CallNo, CallStates.Accepted)).Lead);
        Assert.Contains(call.CallNo, await Snapshot("police03"));
        Assert.DoesNotContain(call.CallNo, await Snapshot("grid012")); // of that community's other team
        Assert.DoesNotContain(call.CallNo, await Snapshot("community02")); // the desk of the team's own community has nothing to do with it
        var theirs = await Street.Blow("008");
        await desk.Shows(theirs.CallNo, CallStates.Ringing);
        Assert.False(desk.EverSaw(call.CallNo));
        Assert.Equal("03", (await Track(call)).Lead!.Team);
        Assert.Equal(["whistled", "designated team:03", "accepted"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_case_that_was_in_another_community_goes_there_and_the_team_that_has_it_keeps_it()
    {
        await using var old = await Screen.FilledAsync(Street, "community01");
        await using var here = await Screen.FilledAsync(Street, "community02");
        await using var lead = await Screen.FilledAsync(Street, "grid001");
        var call = await Street.Blow();
        await Do("grid001", call.CallNo, "accept");
        await old.Shows(call.CallNo, CallStates.Accepted);
        await Do("grid001", call.CallNo, "correct", new { grid = "008" });
        await old.Until(s => !s.Cases.ContainsKey(call.CallNo));
        Assert.Contains(call.CallNo, old.Frames[^1].Gone);
        Assert.DoesNotContain(old.Frames[^1].Calls, c => c.CallNo == call.CallNo); // gone, and not a last look at it
        Assert.Equal(("02", "01"), ((await here.Shows(call.CallNo, CallStates.Accepted)).Community, here.Cases[call.CallNo].Lead!.Team));
        await lead.Until(s => s.Cases.TryGetValue(call.CallNo, out var c) && c.Community == "02");
        Assert.Contains(call.CallNo, await Snapshot("grid001"));
        Assert.Contains(call.CallNo, await Snapshot("community02"));
        Assert.DoesNotContain(call.CallNo, await Snapshot("community01"));
        Assert.Equal(CallStates.OnScene, (await Do("grid001", call.CallNo, "arrive")).State);
        Assert.Equal("008", (await Track(call)).Grid);
        Assert.Equal(["whistled", "accepted", "corrected grid:008", "arrived"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_ringing_case_that_is_moved_rings_the_teams_of_its_place_and_leaves_the_first()
    {
        await using var first = await Screen.FilledAsync(Street, "grid001");
        await using var there = await Screen.FilledAsync(Street, "grid008");
        var call = await Street.Blow();
        await first.Shows(call.CallNo, CallStates.Ringing);
        await Do("community01", call.CallNo, "correct", new { grid = "008" });
        await first.Until(s => !s.Cases.ContainsKey(call.CallNo));
        Assert.Equal(["03"], (await there.Shows(call.CallNo, CallStates.Ringing)).Teams);
        await IsRefused("community01", call.CallNo, "correct", 404, Codes.CallNotFound, new { grid = "001" });
        Assert.Equal("008", (await Track(call)).Grid);
        Assert.Equal(["whistled", "corrected grid:008"], await Told(call.CallNo));
    }

    [Fact]
    public async Task A_team_from_elsewhere_that_hands_back_sees_it_no_longer()
    {
        await using var sent = await Screen.FilledAsync(Street, "grid008");
        var call = await Street.Blow();
        await Do("duty", call.CallNo, "designate", new { team = "03", note = "支援" });
        await Do("grid008", call.CallNo, "accept");
        await sent.Shows(call.CallNo, CallStates.Accepted);
        await Do("grid008", call.CallNo, "return", new { reason = "unsafe", note = "带电" });
        await sent.Until(s => !s.Cases.ContainsKey(call.CallNo));
        Assert.DoesNotContain(call.CallNo, await Snapshot("grid008"));
        Assert.Equal(CallStates.Ringing, (await Track(call)).State);
        Assert.Equal("returned reason:unsafe climbed:street", (await Told(call.CallNo))[^1]);
    }

    private async Task<string> Snapshot(string userName)
    {
        var me = (await (await Street.As(userName)).Read("/api/me")).Value<Me>();
        var kind = Enum.Parse<PostKind>(me.PostKind!, ignoreCase: true);
        var eyes = new Post(new PostId(me.Post!), kind, new(me.Community!), me.Team is { } team ? new(team) : null, me.Grid is { } grid ? new(grid) : null);
        var (_, cards, _, _, _) = await Street.Service<SnapshotQueries>().ReadAsync(eyes, CancellationToken.None);
        return string.Join('\n', cards.Select(Encoding.UTF8.GetString));
    }
}
