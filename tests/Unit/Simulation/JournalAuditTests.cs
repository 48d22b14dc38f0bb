using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class JournalAuditTests
{
    [Fact]
    public void A_whole_life_leaves_no_fault()
    {
        var audit = Make.Journal(
            Make.Line(1), Make.ClockLine(2, "warned", "accept", Make.Noon), Make.Line(3, "accepted", "a"), Make.Line(4, "arrived", "a"),
            Make.Line(5, "resolved", "a"), Make.Line(6, "verified", "b"), Make.Line(7, "evaluated", state: CallStates.Closed));
        AssertFaults(audit);
        Assert.Equal((7, 7), (audit.Head, audit.Find(Make.CallNo)!.OverSince));
    }

    [Fact]
    public void A_missing_seq_is_a_gap() => AssertFaults(Make.Journal(Make.Line(1), Make.Line(3, version: 2)), gaps: 1);

    [Fact]
    public void A_repeated_seq_is_a_gap() => AssertFaults(Make.Journal(Make.Line(1), Make.Line(1, version: 2)), gaps: 1);

    [Fact]
    public void A_journal_that_does_not_begin_with_1_has_a_gap() => AssertFaults(Make.Journal(Make.Line(2, version: 1)), gaps: 1);

    [Fact]
    public void A_missing_version_of_a_case_is_a_gap() => AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, version: 3)), gaps: 1);

    [Fact]
    public void A_repeated_version_of_a_case_is_a_gap() => AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, version: 1)), gaps: 1);

    [Fact]
    public void A_card_of_another_version_than_its_line_is_a_gap() =>
        AssertFaults(Make.Journal(Make.Line(1) with { Card = Make.Card(version: 2) }), gaps: 1);

    [Fact]
    public void A_card_of_another_case_than_its_line_is_a_gap() =>
        AssertFaults(Make.Journal(Make.Line(1) with { Card = Make.Card("OTHER-001") }), gaps: 1);

    [Fact]
    public void Versions_count_for_each_case_by_itself() =>
        AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, callNo: "OTHER-001", version: 1), Make.Line(3, version: 2)));

    [Fact]
    public void A_second_acceptance_has_two_winners() =>
        AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, "accepted", "a"), Make.Line(3, "accepted", "b")), winners: 1);

    [Fact]
    public void The_same_winner_written_twice_is_a_fault_too() =>
        AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, "accepted", "a"), Make.Line(3, "accepted", "a")), winners: 1);

    [Theory]
    [InlineData("returned")]
    [InlineData("reopened")]
    [InlineData("rejected")]
    public void After_it_was_opened_again_a_case_may_have_another_winner(string what) =>
        AssertFaults(Make.Journal(Make.Line(1), Make.Line(2, "accepted", "a"), Make.Line(3, what, "a"), Make.Line(4, "accepted", "b")));

    [Theory]
    [InlineData("warned")]
    [InlineData("lapsed")]
    [InlineData("doubleLapsed")]
    [InlineData("closed")]
    public void A_clock_that_acts_twice_is_doubled(string what) =>
        AssertFaults(
            Make.Journal(Make.Line(1), Make.ClockLine(2, what, "accept", Make.Noon), Make.ClockLine(3, what, "accept", Make.Noon.AddSeconds(1))),
            clocks: 1);

    [Fact]
    public void The_clocks_of_two_answers_are_two_clocks() =>
        AssertFaults(Make.Journal(Make.Line(1), Make.ClockLine(2, "lapsed", "accept", Make.Noon), Make.ClockLine(3, "lapsed", "arrive", Make.Noon)));

    [Fact]
    public void A_clock_that_runs_anew_after_a_reopening_may_act_again() =>
        AssertFaults(Make.Journal(
            Make.Line(1), Make.ClockLine(2, "lapsed", "resolve", Make.Noon), Make.Line(3, "reopened"), Make.ClockLine(4, "lapsed", "resolve", Make.Noon)));

    [Fact]
    public void The_lateness_of_a_clock_is_its_time_minus_its_due()
    {
        var audit = Make.Journal(Make.Line(1), Make.ClockLine(2, "lapsed", "accept", Make.Noon.AddMilliseconds(-250)));
        Assert.Equal([TimeSpan.FromMilliseconds(250)], audit.ClockActs.Select(a => a.Late));
    }

    private static void AssertFaults(JournalAudit audit, int gaps = 0, int winners = 0, int clocks = 0) =>
        Assert.Equal((gaps, winners, clocks), (audit.Gaps.Count, audit.DoubleWinners.Count, audit.DoubledClocks.Count));
}
