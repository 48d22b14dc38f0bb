using DispatchCenter.Domain.Rates;

namespace DispatchCenter.Unit.Rates;

/// <summary>The three rates as the street has defined them, rule by rule.</summary>
public sealed class ThreeRates
{
    [Fact]
    public void Response_is_accept_and_arrive_on_time_of_the_cases_past_their_arrive_due()
    {
        Tale[] tales = [new Tale().Goes(), new Tale().Accepted(16).Arrived(30), new Tale().Accepted(5).Arrived(61), new Tale().Accepted(5)];
        var figures = tales.Figures();
        Assert.Equal((4, 1), (figures.ResponseDue, figures.ResponseKept));
        Assert.Equal(0.25, figures.R.Value);
        Assert.Equal(3, figures.Breached);
    }

    [Fact]
    public void Exactly_at_due_is_on_time_and_a_case_counts_once_its_arrive_due_has_passed()
    {
        var tale = new Tale().Accepted(15).Arrived(60);
        Assert.Equal((0, 0), (tale.Figures(60).ResponseDue, tale.Figures(60).ResponseKept));
        Assert.Equal((1, 1), (tale.Figures(61).ResponseDue, tale.Figures(61).ResponseKept));
    }

    [Theory]
    [InlineData("merged")]
    [InlineData("withdrawn")]
    [InlineData("declined")]
    public void What_is_merged_withdrawn_or_declined_is_no_case(string state) =>
        Assert.Equal(0, new Tale().Accepted(20).Becomes(25, state, state).Figures().Cases);

    [Fact]
    public void What_was_handed_up_to_the_city_is_no_case_of_the_street_any_more_however_it_ends() =>
        Assert.Equal(0, new Tale().Accepted(20).Becomes(25, "handedUp", "handedUp").Resolved(100).Verified(200).Evaluated(300).Figures().Cases);

    [Fact]
    public void Drills_and_children_never_count()
    {
        Assert.Equal(0, new Tale(drill: true).Goes().Figures().Cases);
        Assert.Equal(0, new Tale(child: true).Goes().Figures().Cases);
    }

    [Fact]
    public void A_case_that_was_taken_out_of_another_counts_again() =>
        Assert.Equal((0, 1), (
            new Tale().Becomes(5, "merged", "merged", "into:W1").Figures().Cases,
            new Tale().Becomes(5, "merged", "merged", "into:W1").Becomes(9, "unmerged", "ringing").Figures().Cases));

    [Fact]
    public void Solved_is_the_callers_word_of_those_who_were_reached_and_silence_is_no_praise()
    {
        Tale[] tales =
        [
            new Tale().Goes(),
            new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Becomes(9000, "closed", "closed", "unrated"),
            new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Then(300, "calledBack", "outcome:noAnswer"),
            new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Reopened(300),
            new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Becomes(300, "evaluated", "closed", "outcome:reached", "solved", "satisfaction:mostlySatisfied"),
            new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Becomes(300, "calledBack", "closed", "outcome:reached", "solved:yes"),
        ];
        var figures = tales.Figures(10_000);
        Assert.Equal((4, 3), (figures.Reached, figures.Solved));
        Assert.Equal((3, 1, 1), (figures.Rated, figures.Satisfied, figures.MostlySatisfied));
        Assert.Equal(0.6, figures.M.Value);
        Assert.Equal((5, 6), (figures.CalledBack, figures.Callback.Of)); // all but the one that nobody called
    }

    [Fact]
    public void The_last_word_counts()
    {
        var figures = new Tale().Accepted(5).Arrived(30).Resolved(100).Verified(200).Reopened(300).Resolved(400).Verified(500).Evaluated(600).Figures();
        Assert.Equal((1, 1, 1), (figures.Reached, figures.Solved, figures.Satisfied));
        Assert.Equal(1, figures.Redone);
    }

    [Fact]
    public void The_score_weighs_them_30_35_35_and_needs_all_three()
    {
        Tale[] tales = [new Tale().Goes(), new Tale().Goes(satisfaction: "mostlySatisfied"), new Tale().Accepted(20).Arrived(30).Resolved(100).Verified(200).Reopened(300)];
        var figures = tales.Figures();
        Assert.Equal(100 * ((0.30 * 2 / 3) + (0.35 * 2 / 3) + (0.35 * 0.6)), figures.Score.Value!.Value, 10);
        Assert.True(figures.Score.Low < figures.Score.Value && figures.Score.Value < figures.Score.High);
        Assert.Null(new Tale().Accepted(5).Figures().Score.Value);
    }

    [Fact]
    public void An_exemption_changes_the_score_and_never_the_recorded_breach()
    {
        var late = new Tale().Accepted(20).Arrived(30).Resolved(100);
        var exempt = new Tale().Accepted(20).Arrived(30).Resolved(100).Then(200, "exempted", "answer:accept");
        var half = new Tale().Accepted(20).Arrived(70).Resolved(100).Then(200, "exempted", "answer:accept"); // arrive was late as well
        Assert.Equal((1, 0, 0, 1), Told(late));
        Assert.Equal((0, 0, 1, 1), Told(exempt));
        Assert.Equal((1, 0, 0, 1), Told(half));

        static (int Due, int Kept, int Exempt, int Breached) Told(Tale tale) =>
            tale.Figures() is var f ? (f.ResponseDue, f.ResponseKept, f.ResponseExempt, f.Breached) : default;
    }

    [Theory]
    [InlineData(20, 1500, true)] // wholly within the wait, which began before the due and ended after the answer
    [InlineData(1440, 1460, true)]
    [InlineData(1441, 1500, false)] // the first minute was the team's own
    [InlineData(20, 1450, false)] // and here the last ones
    public void What_was_late_only_while_a_department_was_waited_for_is_not_charged_to_the_team(int summoned, int attended, bool exempt)
    {
        Tale Case() => new Tale().Accepted(5).Arrived(10).Then(summoned, "summoned", "answer:party-water", "party:water");
        var tale = attended < 1460
            ? Case().Then(attended, "attended", "answer:party-water", "party:water").Resolved(1460)
            : Case().Resolved(1460).Then(attended, "released", "answer:party-water", "party:water");
        Assert.Equal(exempt ? 0 : 1, tale.Figures(by: RatesBy.Team).ResolutionDue);
        var (street, team) = (tale.Figures(), tale.Figures(by: RatesBy.Team));
        Assert.Equal((1, 0), (street.ResolutionDue, street.ResolutionKept)); // the street's own rate keeps it
        Assert.Equal((1, 1), (street.Breached, team.Breached));
    }

    [Fact]
    public void The_first_team_is_right_where_it_was_rung_first_and_dealt_with_it_itself()
    {
        Assert.Equal(1, new Tale().Goes().Figures().FirstHands);
        Assert.Equal(0, new Tale().Goes("t2").Figures().FirstHands); // it was rung later, by the ladder
        Assert.Equal(0, new Tale(rings: ["t1", "t2"]).Accepted(5).Returned(9).Accepted(12, "t2").Arrived(20).Resolved(30).Figures().FirstHands);
        Assert.Equal(0, new Tale().Accepted(5).Then(9, "designated", "team:t3", "from:t1").Leads("t3").Arrived(20).Resolved(30).Figures().FirstHands);
        Assert.Equal(0, new Tale().Accepted(5).Leads("community:c1").Arrived(90).Resolved(100).Figures().FirstHands);
        Assert.Equal(1, new Tale().Accepted(5).Arrived(9).Resolved(30).Verified(40).Reopened(50).Figures().FirstHands);
    }

    [Fact]
    public void Beside_them_stand_returns_redoing_and_what_was_resolved_on_time()
    {
        Tale[] tales =
        [
            new Tale().Goes(), new Tale().Accepted(5).Returned(9).Accepted(12).Arrived(20).Resolved(30).Becomes(40, "rejected", "onScene"),
            new Tale().Accepted(5).Arrived(9).Resolved(1441), new Tale(),
        ];
        var figures = tales.Figures();
        Assert.Equal((1, 3), (figures.Returned, figures.Accepted));
        Assert.Equal((1, 3), (figures.Redone, figures.Resolved));
        Assert.Equal((2, 4), (figures.ResolutionKept, figures.ResolutionDue));
    }

    [Fact]
    public void A_case_stands_under_what_it_finally_was()
    {
        var asOf = Tale.Nine.AddDays(1);
        Tale[] tales =
        [
            new Tale().Accepted(5).CorrectedTo(9, "06", "c2").Leads("community:c2").Arrived(20), new Tale(), new Tale(opened: Tale.Nine.AddHours(14.999)), new Tale(opened: Tale.Nine.AddHours(15)),
        ];
        var book = tales.Book(asOf);
        Assert.Equal([("c1", 3), ("c2", 1)], Groups(RatesBy.Community));
        Assert.Equal([("community:c2", 1)], Groups(RatesBy.Team)); // nobody has the others
        Assert.Equal([("02", 3), ("06", 1)], Groups(RatesBy.Category));
        Assert.Equal([("2026-11-02", 3), ("2026-11-03", 1)], Groups(RatesBy.Day)); // by midnight in Shanghai
        Assert.Equal([("street", 4)], Groups(RatesBy.Street));
        Assert.Equal(["06"], book.At(asOf, RatesBy.Category, "c2").Keys);

        IEnumerable<(string, int)> Groups(RatesBy by) => book.At(asOf, by).Select(g => (g.Key, g.Value.Cases));
    }
}
