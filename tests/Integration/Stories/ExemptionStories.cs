using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Simulator;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>剔除: asked by a team or its community, ruled by the street; the rates leave it out, the record keeps it.</summary>
[Trait("Database", "SQLite")] // decided in memory and alike on both; what asks the tables is asked on both by ReadersStories
public sealed class ExemptionStories : StreetStory
{
    [Fact]
    public async Task A_breach_that_is_nobodys_fault_leaves_the_rate_when_the_street_says_so_and_stays_on_record()
    {
        var (call, other) = (await Street.Blow(), await Street.Blow());
        await Passes(TimeSpan.FromMinutes(15) + Moment);
        foreach (var late in new[] { call, other }) await Street.Handle("grid001", late.CallNo);
        await Passes(TimeSpan.FromHours(1));
        Assert.Equal((0.0, 2, 0), await Response());

        var ask = new { kind = "exemption", answer = "accept", reason = "forceMajeure", note = "暴雨红色预警" };
        await IsRefused("grid001", call.CallNo, "request", 422, Codes.ReasonMissing, ask with { note = "" });
        await IsRefused("grid001", call.CallNo, "request", 422, Codes.OrderIncomplete, ask with { reason = "bad" });
        await IsRefused("grid001", call.CallNo, "request", 409, Codes.NotBreached, ask with { answer = "resolve" });
        await IsRefused("duty", call.CallNo, "request", 403, Codes.NotEntitled, ask);
        Assert.Contains(CallFlags.Asked, (await Do("grid001", call.CallNo, "request", ask)).Flags);
        await IsRefused("community01", call.CallNo, "rule", 403, Codes.NotEntitled, new { kind = "exemption", answer = "accept", granted = true });
        Assert.Equal((0.0, 2, 0), await Response()); // while nobody has ruled it counts
        Assert.Contains("剔除审批", await (await Street.As("leader")).GetStringAsync("/brief?day=2026-03-11"), StringComparison.Ordinal);

        Assert.DoesNotContain(CallFlags.Asked, (await Do("leader", call.CallNo, "rule", new { kind = "exemption", answer = "accept", granted = true })).Flags);
        Assert.Equal((0.0, 1, 1), await Response());
        Assert.True((await Answer(call.CallNo, "accept")).Breached);
        var detail = (await (await Street.As("duty")).Read($"/api/calls/{call.CallNo}")).Value<CallDetail>();
        Assert.Equal([new ExemptionView("accept", "forceMajeure", true)], detail.Exemptions);
        Assert.Equal(["exemptionAsked answer:accept reason:forceMajeure", "exempted answer:accept reason:forceMajeure"], (await Told(call.CallNo))[^2..]);
        await Passes(TimeSpan.FromMinutes(1));
        Assert.Equal((0.0, 2, 0), await Response(Street.Now - TimeSpan.FromMinutes(1) - Moment)); // and an hour ago it had not been said yet
        await IsWhatTheJournalSays();
    }

    /// <summary>The simulator counts anew from the journal's lines, and would see it if a figure were another.</summary>
    private async Task IsWhatTheJournalSays()
    {
        var oracle = new RatesOracle();
        foreach (var line in (await (await Street.As("auditor")).Read("/api/journal")).Value<JournalPage>().Entries) oracle.Add(line);
        foreach (var by in RatesOracle.Ways)
        {
            var view = (await (await Street.As("auditor")).Read($"/api/rates?by={by}")).Value<RatesView>();
            Assert.Empty(oracle.Differences(view));
            var line = view.Groups[0];
            Assert.Contains("exempt 2 and not 1", oracle.Differences(view with { Groups = [line with { Exempt = 2 }, .. view.Groups.Skip(1)] }).Single(), StringComparison.Ordinal);
            Assert.NotEmpty(oracle.Differences(view with { Groups = [line with { Time = line.Time with { Reach = line.Time.Reach + 1 } }] }));
            Assert.NotEmpty(oracle.Differences(view with { Groups = [] }));
        }
    }

    [Fact]
    public async Task A_partys_link_that_has_expired_is_forgotten()
    {
        var call = await Street.Blow();
        await OnScene("grid001", call.CallNo);
        await Do("grid001", call.CallNo, "summon", new { party = "water" });
        await Link("grid001", call.CallNo, "party-water");
        Street.FastForward(TimeSpan.FromDays(30) - Moment);
        await Street.CleanUp();
        Assert.Equal(1, await Links());
        Street.FastForward(Moment);
        await Street.CleanUp();
        Assert.Equal(0, await Links());
    }

    private async Task<int> Links()
    {
        await using var db = Street.Service<Database>().Context();
        return await db.PartyLinks.CountAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>响应率, of how many, and how many it leaves out.</summary>
    private async Task<(double? Rate, int Of, int Exempt)> Response(DateTimeOffset? asOf = null)
    {
        var view = (await (await Street.As("leader")).Read($"/api/rates?asOf={Uri.EscapeDataString((asOf ?? Street.Now).ToString("O"))}")).Value<RatesView>();
        var line = Assert.Single(view.Groups);
        return (line.Response.Value, line.Response.Of, line.Exempt);
    }
}
