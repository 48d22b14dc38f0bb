using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>Promise 2 for matters, through the real sweep: every clock is kept, never early, never twice, whatever lies beside it.</summary>
public sealed class MatterClockTests : MatterTests
{
    [Fact]
    public async Task A_stage_is_warned_lapses_and_climbs_and_lapses_again_each_once_and_a_promise_is_broken()
    {
        var no = (await It.Open()).CallNo;
        var due = (await It.Card(no)).Due!.Value;
        Assert.Equal(0, await It.Reaches((await It.Card(no)).NextDue!.Value)); // exactly at the instant is on time
        Assert.Equal(1, await Street.SweepAfter(MatterScene.Moment));
        Assert.Equal(0, await Street.Sweep());
        Assert.Equal(due, (await It.Card(no)).NextDue);
        Assert.Equal(1, await It.Reaches(due + MatterScene.Moment));
        Assert.Equal(("community", true), ((await It.Card(no)).Rung, (await It.Card(no)).Breached));
        Assert.Contains(no, (await It.List("community01")).Matters.Select(m => m.CallNo));
        Assert.Equal(1, await It.Reaches((await It.Card(no)).NextDue!.Value + MatterScene.Moment));
        Assert.Equal("street", (await It.Card(no)).Rung);
        Assert.Equal(["opened opened entered", "warned acted", "lapsed acted climbed", "doubleLapsed acted climbed"], await It.Told(no));

        await Street.SweepAfter(TimeSpan.FromDays(20));
        Assert.Contains("promiseBroken", (await It.Card(no)).Flags);
        Assert.Equal(["warned promise", "lapsed promise", "doubleLapsed promise"], (await Street.Journal(no)).Skip(4).Select(e => $"{e.What} {e.Answer}"));
        Assert.All((await Street.Journal(no)).Skip(1), e => Assert.True(e.At > e.Due));
        Assert.Null((await It.Card(no)).NextDue);
        Assert.Equal(0, await Street.SweepAfter(TimeSpan.FromDays(200)));
    }

    [Fact]
    public async Task Two_sweeps_at_once_and_a_restart_between_act_once()
    {
        var numbers = new List<string>();
        for (var i = 0; i < 8; i++) numbers.Add((await It.Open()).CallNo);
        Street.FastForward((await It.Card(numbers[0])).Due!.Value + MatterScene.Moment - Street.Now);
        await Task.WhenAll(Street.Sweep(), Street.Sweep(), Street.Sweep());
        await Street.RestartAsync();
        await Street.Sweep();
        foreach (var no in numbers) Assert.Equal(["opened", "warned", "lapsed"], (await Street.Journal(no)).Select(e => e.What));
    }

    [Fact]
    public async Task The_auditor_puts_back_a_clock_that_its_column_has_lost()
    {
        var (late, early) = ((await It.Open()).CallNo, (await It.Open()).CallNo);
        await It.Sql("UPDATE matters SET next_due = NULL");
        Assert.Equal(new Auditor.Finding(2, 2, 2), await Audit());
        Assert.Equal(new Auditor.Finding(2, 0, 0), await Audit());
        Assert.Equal(1, (await It.Card(early)).Version);
        await It.Sql($"UPDATE matters SET next_due = NULL WHERE no = '{late}'");
        Assert.Equal(1, await It.Reaches((await It.Card(late)).Due!.Value + MatterScene.Moment)); // the other alone
        Assert.Equal(1, (await It.Card(late)).Version);
        Street.FastForward(Auditor.Grace);
        Assert.Equal(new Auditor.Finding(2, 1, 1), await Audit());
        Assert.Equal(["opened", "warned", "lapsed"], (await Street.Journal(late)).Select(e => e.What));
        await It.EverythingFolds();
    }

    [Theory]
    [InlineData("body = '{}'")]
    [InlineData("body = replace(body, '\"procedureVersion\":1', '\"procedureVersion\":99')")]
    public async Task A_hundred_matters_that_cannot_be_moved_keep_no_whistle_and_no_other_matter_waiting(string spoilt)
    {
        IsSpoilt = true;
        var stuck = (await It.Open()).CallNo;
        await It.Sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) INSERT INTO matters (no, kind, procedure, version, community, grid, is_open, next_due, breach_at, opened_at, tracking, audience, recused, parent, body, card) "
            + "SELECT 'M260311-' || (10000 + i), kind, procedure, version, community, grid, is_open, next_due, breach_at, opened_at, tracking || i, audience, recused, parent, body, card FROM matters, n");
        await It.Sql($"UPDATE matters SET {spoilt}");
        await It.Sql("UPDATE head SET day_count = 20000");
        var (whistle, sound) = ((await Street.Blow()).CallNo, (await It.Open()).CallNo);
        Street.FastForward((await It.Card(sound)).Due!.Value + MatterScene.Moment - Street.Now);
        await Street.Sweep();
        await Street.Sweep();
        Assert.Contains("lapsed", (await Street.Journal(whistle)).Select(e => e.What));
        Assert.Equal(["opened", "warned", "lapsed"], (await Street.Journal(sound)).Select(e => e.What));
        Assert.Single(await Street.Journal(stuck));
        Assert.Equal(100, Street.Log.Lines.Count(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("cannot act", StringComparison.Ordinal)));

        // They rest for a minute: a sweep meanwhile asks the desk nothing about them.
        var said = Street.Log.Lines.Count();
        Assert.Equal(0, await Street.Sweep());
        Assert.DoesNotContain(Street.Log.Lines.Skip(said), l => l.StartsWith("Error", StringComparison.Ordinal));

        // The auditor finds every one of them, and hides none behind another.
        Street.FastForward(Auditor.Grace);
        Assert.Equal(100, (await Audit()).Found - (await Audit()).Repaired);
        Assert.Contains(Street.Log.Lines, l => l.Contains("auditor", StringComparison.Ordinal) && l.Contains(stuck, StringComparison.Ordinal));

        // Whoever reads lists sees what can be read, and owes what can be answered.
        Assert.Contains(sound, (await It.Inbox("grid001")).Owed.Select(o => o.Matter.CallNo));
        Assert.Contains(sound, (await It.List("duty")).Matters.Select(m => m.CallNo));
        await It.Say("grid001", sound, "take", "accepted");
        await using var duty = await Screen.FilledAsync(Street, "duty");
        Assert.Equal("papers", duty.Matters[sound].Stage);

        // Made whole again, they go on by themselves.
        if (spoilt.Contains("99", StringComparison.Ordinal))
        {
            await It.Sql("UPDATE matters SET body = replace(body, '\"procedureVersion\":99', '\"procedureVersion\":1')");
            await Street.SweepAfter(Sweep.Rest + MatterScene.Moment);
            await Street.Sweep();
            Assert.Contains("lapsed", (await Street.Journal(stuck)).Select(e => e.What));
        }
    }

    private Task<Auditor.Finding> Audit() => Street.Service<Auditor>().RunAsync(CancellationToken.None);
}
