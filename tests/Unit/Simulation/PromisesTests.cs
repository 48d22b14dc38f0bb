using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

public class PromisesTests
{
    [Fact]
    public void A_run_without_a_fault_holds_every_promise() => Assert.All(Promises.Check(Make.Evidence()), p => Assert.True(p.Held, p.Name));

    [Fact]
    public void A_whistle_that_was_given_up_is_unanswered()
    {
        var given = Make.Whistle(2, callNo: null);
        given.Refusal = Codes.Busy;
        AssertBroken("unanswered", Make.Evidence() with { Whistles = [Make.Whistle(), given] }, "whistle 2");
    }

    [Fact]
    public void An_acknowledged_whistle_that_is_not_in_the_journal_is_lost() =>
        AssertBroken("lost", WithWhistle(Make.Whistle(2, "DEMO-0002")), "DEMO-0002");

    [Fact]
    public void An_acknowledged_answer_that_is_not_in_the_journal_is_lost() =>
        AssertBroken("lost", WithAnswer(Make.Answer("post-gridWorker-T01", ok: true, what: "arrived")), "arrived");

    [Fact]
    public void An_answer_that_the_journal_gives_to_another_post_is_lost() =>
        AssertBroken("lost", WithAnswer(new GivenAnswer(Make.CallNo, "resolved", "post-a", true, Codes.Ok, false)) with
        {
            Journal = Make.Journal(
                Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01"), Make.Line(3, "resolved", "post-b")),
        }, "post-a");

    [Fact]
    public void A_refused_answer_cannot_be_lost() =>
        Assert.True(Find("lost", WithAnswer(Make.Answer("post-police-T01", ok: false, what: "arrived"))).Held);

    [Fact]
    public void An_evaluation_counts_as_written_when_it_closed_the_case() =>
        Assert.True(Find("lost", WithAnswer(new GivenAnswer(Make.CallNo, "evaluated", Promises.Caller, true, Codes.Ok, false)) with
        {
            Journal = Make.Journal(
                Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01"), Make.Line(3, "closed", "caller", state: CallStates.Closed)),
        }).Held);

    [Fact]
    public void A_repetition_under_the_same_key_that_makes_another_case_is_a_duplicate()
    {
        var whistle = Make.Whistle();
        whistle.RepeatedCallNo = "DEMO-0009";
        AssertBroken("duplicated", Make.Evidence() with { Whistles = [whistle] }, "DEMO-0009");
    }

    [Fact]
    public void Two_whistles_acknowledged_under_one_number_are_duplicates() =>
        AssertBroken("duplicated", WithWhistle(Make.Whistle(2)), "whistles 1 and 2");

    [Fact]
    public void An_older_version_on_a_members_screen_is_out_of_order() =>
        AssertBroken("out of order", Make.Evidence() with { Members = [new MemberLog(Make.Member(), Make.Screen(1, 2, 1))] }, "version 2, then at 1");

    [Fact]
    public void A_hole_in_the_journal_is_reported() =>
        AssertBroken("journal gaps", Make.Evidence() with { Journal = Make.Journal(Make.Line(1), Make.Line(3, version: 2)) }, "3 follows 1");

    [Fact]
    public void A_delta_that_skips_changes_is_a_gap_of_the_feed()
    {
        var screen = Make.Screen(1);
        screen.Take(Make.Frame(FrameKinds.Delta, 7, 8), 1);
        AssertBroken("feed gaps", Make.Evidence() with { Boards = [screen] }, "from 7");
    }

    [Fact]
    public void A_change_that_never_reached_a_board_is_missing() =>
        AssertBroken("missing on boards", Make.Evidence() with { Boards = [Make.Screen(1)] }, "version 2");

    [Fact]
    public void A_change_that_a_later_version_overtook_is_not_missing() =>
        Assert.True(Find("missing on boards", Make.Evidence() with { Boards = [Make.Screen(2)] }).Held);

    [Fact]
    public void A_change_from_before_the_board_was_filled_is_not_missing()
    {
        var board = new ScreenLog("late");
        board.Take(Make.Frame(FrameKinds.Snapshot, 0, 2), 1);
        Assert.True(Find("missing on boards", Make.Evidence() with { Boards = [board] }).Held);
    }

    [Fact]
    public void A_change_from_after_the_run_was_settled_is_not_missing() =>
        Assert.True(Find("missing on boards", Make.Evidence() with { Boards = [Make.Screen(1)], SettledHead = 1 }).Held);

    [Fact]
    public void A_case_that_was_over_before_a_resync_filled_the_board_anew_is_not_missing() =>
        Assert.True(Find("missing on boards", AfterResync(CallStates.Closed, casesInSnapshot: 0)).Held);

    [Fact]
    public void An_open_case_that_a_resync_left_out_is_missing() =>
        AssertBroken("missing on boards", AfterResync(CallStates.Accepted, casesInSnapshot: 0), "version 2");

    [Fact]
    public void An_open_case_beyond_what_a_snapshot_holds_is_not_missing() =>
        Assert.True(Find("missing on boards", AfterResync(CallStates.Accepted, Seeing.SnapshotLimit)).Held);

    [Theory]
    [InlineData("missing on boards")]
    [InlineData("missing on teams")]
    public void A_case_that_was_over_before_another_epoch_began_is_not_missing(string promise) => Assert.True(Find(promise, AfterAnotherEpoch(CallStates.Closed, 2)).Held);

    [Theory]
    [InlineData("missing on boards")]
    [InlineData("missing on teams")]
    public void An_open_case_that_the_snapshot_of_another_epoch_left_out_is_missing(string promise) => AssertBroken(promise, AfterAnotherEpoch(CallStates.Accepted, 2), Make.CallNo);

    [Theory]
    [InlineData("missing on boards")]
    [InlineData("missing on teams")]
    public void A_change_after_another_epoch_began_is_owed(string promise) => AssertBroken(promise, AfterAnotherEpoch(CallStates.Closed, 1), Make.CallNo);

    [Fact]
    public void A_whistle_that_a_member_of_the_team_never_saw_is_missing() =>
        AssertBroken("missing on teams", Make.Evidence() with { Members = [new MemberLog(Make.Member(), Make.Screen())] }, Make.CallNo);

    [Fact]
    public void A_whistle_that_recuses_property_need_not_reach_property() =>
        Assert.True(Find("missing on teams", Make.Evidence() with
        {
            Whistles = [Make.Whistle(propertyRecused: true)],
            Members = [new MemberLog(Make.Member(PushRules.Property), Make.Screen())],
            Journal = Make.Journal(Make.Line(1) with { Card = Make.Card() with { Flags = [CallFlags.PropertyRecused] } }),
        }).Held);

    [Fact]
    public void A_change_of_a_teams_case_that_a_member_never_saw_is_missing() =>
        AssertBroken("missing on teams", Make.Evidence() with { Members = [new MemberLog(Make.Member(), Make.Screen(1))] }, "version 2");

    [Fact]
    public void A_change_of_a_case_that_another_team_has_is_not_missing() =>
        Assert.True(Find("missing on teams", Make.Evidence() with { Members = [new MemberLog(Make.Member(team: "T02"), Make.Screen())] }).Held);

    [Fact]
    public void A_member_told_that_the_case_is_gone_misses_nothing()
    {
        var screen = Make.Screen(1);
        screen.Take(Make.Frame(FrameKinds.Delta, 1, 2) with { Gone = [Make.CallNo] }, 1);
        Assert.True(Find("missing on teams", Make.Evidence() with { Members = [new MemberLog(Make.Member(), screen)] }).Held);
    }

    [Fact]
    public void A_page_that_stayed_behind_its_case_is_missing_a_change() =>
        AssertBroken("missing on pages", Make.Evidence() with { Pages = [Page(1)] }, "stayed at version 1, and the case came to 2");

    [Fact]
    public void A_page_that_came_to_the_last_version_misses_nothing_even_where_it_skipped_one() =>
        Assert.True(Find("missing on pages", Make.Evidence() with { Pages = [Page(2)] }).Held);

    [Fact]
    public void An_older_version_on_a_page_is_out_of_order() =>
        AssertBroken("out of order", Make.Evidence() with { Pages = [Page(2, 1)] }, "showed version 2, then 1");

    [Fact]
    public void Two_posts_told_that_the_same_case_is_theirs_are_double_winners() =>
        AssertBroken("double winners", WithAnswer(Make.Answer("post-police-T01", ok: true)), "both told");

    [Fact]
    public void One_winner_told_twice_is_no_double_winner() =>
        Assert.True(Find("double winners", WithAnswer(Make.Answer("post-gridWorker-T01", ok: true))).Held);

    [Fact]
    public void Two_acceptances_in_the_journal_are_double_winners() =>
        AssertBroken("double winners", Make.Evidence() with
        {
            Journal = Make.Journal(Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01"), Make.Line(3, "accepted", "b")),
        }, "accepted by post-gridWorker-T01 and again by b");

    [Fact]
    public void A_loser_who_is_not_told_who_won_is_reported() =>
        AssertBroken("losers not told", WithAnswer(Make.Answer("post-police-T01", ok: false, winnerTold: false)), "post-police-T01");

    [Fact]
    public void A_card_for_another_team_is_a_wrong_push()
    {
        var log = new MemberLog(Make.Member(team: "T99", community: "09"), Make.Screen());
        log.Take(Make.Card());
        AssertBroken("wrong pushes", Make.Evidence() with { Members = [log] }, Make.CallNo);
    }

    [Fact]
    public void A_ring_for_somebody_off_duty_is_reported()
    {
        var log = new MemberLog(Make.Member(onDuty: false), Make.Screen());
        log.Take(Make.Card());
        AssertBroken("off-duty rings", Make.Evidence() with { Members = [log] }, Make.CallNo);
    }

    [Fact]
    public void A_clock_that_acted_twice_is_doubled() =>
        AssertBroken("doubled clocks", Make.Evidence() with
        {
            Journal = Make.Journal(
                Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01"),
                Make.ClockLine(3, "lapsed", "arrive", Make.Noon), Make.ClockLine(4, "lapsed", "arrive", Make.Noon)),
        }, "arrive lapsed");

    [Fact]
    public void An_open_case_whose_clock_has_passed_by_more_than_the_grace_is_missed() =>
        AssertBroken("missed clocks", WithDue(Make.Noon - Promises.ClockGrace - TimeSpan.FromMilliseconds(1)), Make.CallNo);

    [Fact]
    public void A_clock_within_the_grace_is_not_missed() => Assert.True(Find("missed clocks", WithDue(Make.Noon - Promises.ClockGrace)).Held);

    [Fact]
    public void Faults_beyond_the_first_examples_are_still_counted()
    {
        var whistles = Enumerable.Range(2, Faults.MaxExamples + 3).Select(i => Make.Whistle(i, $"DEMO-L{i:000}"));
        var lost = Find("lost", Make.Evidence() with { Whistles = [Make.Whistle(), .. whistles] });
        Assert.Equal((Faults.MaxExamples + 3, Faults.MaxExamples), (lost.Faults.Count, lost.Faults.Examples.Count));
    }

    private static PageLog Page(params int[] versions)
    {
        var page = new PageLog(Make.CallNo);
        foreach (var version in versions)
            page.Take(new TrackedCall
            {
                CallNo = Make.CallNo,
                Version = version,
                Category = "11",
                Level = "S3",
                State = CallStates.Ringing,
                Grid = "001",
                OpenedAt = Make.Noon,
                Steps = [],
                Overdue = false,
                CanWithdraw = true,
                CanEvaluate = false,
            }, 1);
        return page;
    }

    private static Evidence WithWhistle(Whistle another) => Make.Evidence() with { Whistles = [Make.Whistle(), another] };

    private static Evidence WithAnswer(GivenAnswer another)
    {
        var whole = Make.Evidence();
        return whole with { Answers = [.. whole.Answers, another] };
    }

    private static Evidence WithDue(DateTimeOffset due)
    {
        var second = Make.Line(2, "accepted", "post-gridWorker-T01");
        return Make.Evidence() with { Journal = Make.Journal(Make.Line(1), second with { Card = second.Card! with { NextDue = due } }) };
    }

    /// <summary>The board was dropped and filled anew after a second change that it never saw.</summary>
    private static Evidence AfterResync(string state, int casesInSnapshot)
    {
        var board = Make.Screen(1);
        board.Take(Make.Frame(FrameKinds.Resync, 0, 0), 1);
        var others = Enumerable.Range(0, casesInSnapshot).Select(i => Make.Card($"OTHER-{i:00000}"));
        board.Take(Make.Frame(FrameKinds.Snapshot, 0, 2, [.. others]), 1);
        return Make.Evidence() with
        {
            Boards = [board],
            Journal = Make.Journal(Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01", state: state)),
        };
    }

    /// <summary>A board and a member saw the case once; then the server began another epoch and showed nothing at all.</summary>
    /// <param name="at">The journal position at which it did.</param>
    private static Evidence AfterAnotherEpoch(string state, long at)
    {
        ScreenLog Screen()
        {
            var screen = Make.Screen(1);
            Assert.False(screen.Take(Make.Frame(FrameKinds.Snapshot, 0, at) with { Epoch = "e2" }, 1)); // told to start over
            Assert.True(screen.Take(Make.Frame(FrameKinds.Snapshot, 0, at) with { Epoch = "e2" }, 1));
            return screen;
        }

        return Make.Evidence() with
        {
            Boards = [Screen()],
            Members = [new MemberLog(Make.Member(), Screen())],
            Journal = Make.Journal(Make.Line(1), Make.Line(2, "accepted", "post-gridWorker-T01", state: state)),
        };
    }

    private static Promise Find(string name, Evidence evidence) => Promises.Check(evidence).Single(p => p.Name == name);

    private static void AssertBroken(string name, Evidence evidence, string example)
    {
        var promise = Find(name, evidence);
        Assert.Equal(1, promise.Faults.Count);
        Assert.Contains(example, promise.Faults.Examples[0], StringComparison.Ordinal);
    }
}
