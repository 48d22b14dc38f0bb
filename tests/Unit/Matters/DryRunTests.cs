using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

public sealed class DryRunTests
{
    private static readonly Procedure Errand = ProcedureBook.Shipped().Select(json => ProcedureJson.Parse(json, 1, DefaultPolicy)).Single(p => p.Code == "errand");

    [Fact]
    public void An_errand_is_followed_through_every_outcome_of_every_stage()
    {
        var report = Run(Errand, Everybody);
        Assert.Equal(Worker(1).Id, report.Starter);
        Assert.Empty(report.Unreached);
        Assert.Empty(report.Missed);
        Assert.Equal(
            [
                "take accepted papers", "take notNeeded end", "papers done work", "work cannot giveBack", "work done giveBack", "work morePapers papers", "giveBack done followUp",
                "followUp lapsed end", "followUp notDone work", "followUp satisfied end",
            ],
            report.Rows.Where(r => !r.Cancelled).Select(r => $"{r.Stage} {r.Outcome} {r.Next}"));
        Assert.All(report.Rows, r => Assert.Empty(r.Skipped));
    }

    [Fact]
    public void A_cancelled_errand_goes_through_giving_papers_back_from_wherever_it_is()
    {
        var cancelled = Run(Errand, Everybody).Rows.Where(r => r.Cancelled).ToList();
        Assert.Equal(["followUp", "papers", "take", "work"], cancelled.Where(r => r.Outcome == Outcomes.Cancelled).Select(r => r.Stage).Order());
        Assert.All(cancelled.Where(r => r.Outcome == Outcomes.Cancelled), r => Assert.Equal("giveBack", r.Next));
        Assert.Equal([("giveBack", "end", 0), ("giveBack", "end", 1)], cancelled.Where(r => r.Outcome == Outcomes.Done).Select(r => (r.Stage, r.Next!, r.Asked.Length)));
    }

    [Fact]
    public void A_row_says_who_is_asked_how_many_posts_that_is_and_when_it_is_due()
    {
        var rows = Run(Errand, Everybody).Rows;
        var take = rows.First(r => r.Stage == "take");
        Assert.Equal([new DryAsked("take", "gridWorker@grid:g1", 3)], take.Asked);
        Assert.Equal(At("2026-11-02 13:00"), take.Due);
        Assert.Equal([new DryAsked("giveBack", $"post:{Worker(1).Id}", 1)], rows.First(r => r is { Stage: "giveBack", Cancelled: false }).Asked);
        Assert.Equal([new DryAsked("followUp", "caller", null), new DryAsked("followUp", "communityDesk@community:c1", 1)], rows.First(r => r is { Stage: "followUp", Cancelled: false }).Asked);
    }

    [Fact]
    public void Roles_that_nobody_holds_are_told_and_the_desk_is_asked()
    {
        var report = Run(Errand, [Desk(1), StreetDesk]);
        var take = report.Rows.First(r => r.Stage == "take");
        Assert.Equal(["take/gridWorker"], take.Skipped);
        Assert.Equal([new DryAsked("take", "communityDesk@community:c1", 1)], take.Asked);
        Assert.Equal(["followUp/communityDesk"], report.Rows.First(r => r.Stage == "followUp").Skipped); // it did the errand itself
    }

    [Fact]
    public void Where_nobody_on_duty_can_answer_it_says_that_it_came_no_further()
    {
        var report = DryRun.Of(World(Errand, Everybody, [Desk(1)]), C1, new("g1"));
        Assert.Equal(Desk(1).Id, report.Starter);
        Assert.Equal(["papers", "work", "followUp"], report.Unreached);
        Assert.Equal(["take/accepted", "take/notNeeded"], report.Missed);
        Assert.Equal(["take cancelled", "giveBack done"], report.Rows.Select(r => $"{r.Stage} {r.Outcome}"));
        var stuck = Assert.Single(DryRun.Of(World(Errand with { Cancelled = null }, Everybody, [Desk(1)]), C1, new("g1")).Rows);
        Assert.Equal(("take", null, null), (stuck.Stage, stuck.Outcome, stuck.Next));
    }

    [Fact]
    public void Without_anybody_to_open_it_nothing_is_reached()
    {
        var report = Run(Errand, [Property(1)]);
        Assert.Null(report.Starter);
        Assert.Equal(Errand.Stages.Select(s => s.Key), report.Unreached);
    }

    [Fact]
    public void Votes_signatures_children_and_notices_are_followed_too()
    {
        var report = DryRun.Of(World(SampleProcedure.Read(), Everybody, Everybody), C1, null);
        Assert.Empty(report.Unreached);
        Assert.Empty(report.Missed);
        Assert.Equal(
            ["vote noQuorum giveBack", "vote passed sign", "vote rejected giveBack"],
            report.Rows.Where(r => r is { Stage: "vote", Cancelled: false }).Select(r => $"{r.Stage} {r.Outcome} {r.Next}"));
        Assert.Equal([("wait", 0), ("cool", 0)], report.Rows.Where(r => r is { Stage: "wait" or "cool", Cancelled: false }).Select(r => (r.Stage, r.Asked.Length)));
        Assert.Contains("talk/chosen", report.Rows.First(r => r.Stage == "several").Skipped);
    }

    [Fact]
    public void An_outcome_that_nobody_can_bring_about_is_told()
    {
        var report = DryRun.Of(World(SampleProcedure.Read(), Everybody, Everybody.Except([StreetDesk])), C1, null); // two signatures are needed, one of them by the street's desk
        Assert.Equal(Desk(1).Id, report.Starter);
        Assert.Equal(["several", "wait", "cool"], report.Unreached);
        Assert.Equal(["sign/passed"], report.Missed);
    }

    [Fact]
    public void The_same_run_always_gives_the_same_rows() => Assert.Equal(Run(Errand, Everybody).Rows.Select(Text), Run(Errand, [.. Everybody.Reverse()]).Rows.Select(Text));

    private static string Text(DryRow row) => $"{row with { Asked = [], Skipped = [] }} {string.Join(' ', row.Asked)} {string.Join(' ', row.Skipped)}";

    private static DryReport Run(Procedure procedure, IReadOnlyCollection<Post> held) => DryRun.Of(World(procedure, held, held), C1, new("g1"));

    private static MatterWorld World(Procedure procedure, IReadOnlyCollection<Post> held, IEnumerable<Post> onDuty) =>
        new(At("2026-11-02 09:00"), procedure, DefaultPolicy, Calendar, Map, new OnDuty(onDuty), held);
}
