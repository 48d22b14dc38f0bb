namespace DispatchCenter.Unit.Rates;

/// <summary>Where a case's time went.</summary>
public sealed class TimePartsTests
{
    [Fact]
    public void Nobody_has_it_until_it_is_accepted_and_again_after_a_return() =>
        Told((0, 5 + 3, 4 + 88, 0, 0), new Tale().Accepted(5).Returned(9).Accepted(12), 100);

    [Fact]
    public void A_department_is_waited_for_until_the_last_of_them_has_come_or_been_released() =>
        Told((0, 5, 15 + 10, 50 + 20, 0), new Tale().Accepted(5).Then(20, "summoned", "answer:party-a", "party:a").Then(30, "summoned", "answer:party-b", "party:b")
            .Then(70, "attended", "answer:party-a", "party:a").Then(90, "released", "answer:party-b", "party:b"), 100);

    [Fact]
    public void The_city_is_waited_for_like_a_department() =>
        Told((0, 5, 15 + 20, 60, 0), new Tale().Accepted(5).Becomes(20, "handedUp", "handedUp").Resolved(80), 100);

    [Fact]
    public void A_suspension_stops_it_even_while_a_department_is_waited_for() =>
        Told((0, 5, 5, 10 + 70, 10), new Tale().Accepted(5).Then(10, "summoned", "answer:party-a").Then(20, "granted", "petition:suspension").Then(30, "resumed"), 100);

    [Fact]
    public void A_step_that_is_taken_ends_a_suspension_and_so_does_its_end_however_late_the_tick()
    {
        Told((0, 5, 5 + 80, 0, 10), new Tale().Accepted(5).Then(10, "granted", "petition:suspension").Becomes(20, "arrived", "onScene", "resumed"), 100);
        Told((0, 5, 5 + 80, 0, 10), new Tale().Accepted(5).Then(10, "granted", "petition:suspension").ByClock(50, due: 20, "resumed"), 100);
        Told((0, 5, 95, 0, 0), new Tale().Accepted(5).Then(10, "granted", "petition:extension"), 100);
    }

    [Fact]
    public void It_ends_with_the_case_and_what_is_added_later_does_not_make_it_longer()
    {
        var tale = new Tale().Accepted(5).Arrived(30).Resolved(40).Verified(50).Evaluated(60).Then(500, "exempted", "answer:arrive");
        Told((0, 5, 55, 0, 0), tale, 1000);
    }

    [Fact]
    public void What_was_merged_and_taken_out_again_stood_still_in_between() =>
        Told((0, 10 + 70, 0, 0, 20), new Tale().Becomes(10, "merged", "merged").Becomes(30, "unmerged", "ringing"), 100);

    private static void Told((int Push, int Reach, int Human, int Department, int Pause) minutes, Tale tale, int asOf)
    {
        var call = Assert.Single(new[] { tale }.Book(Tale.Nine.AddMinutes(asOf)).Cases);
        var parts = call.Parts(Tale.Nine.AddMinutes(asOf));
        Assert.Equal(minutes, (Minutes(parts.Push), Minutes(parts.Reach), Minutes(parts.Human), Minutes(parts.Department), Minutes(parts.Pause)));
        Assert.Equal(call.Time(Tale.Nine.AddMinutes(asOf)), parts.Sum);

        static int Minutes(TimeSpan span) => (int)span.TotalMinutes;
    }
}
