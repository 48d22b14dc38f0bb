using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Sla;

/// <summary>Reckoned by hand with the holiday list of 2026 (国务院办公厅) beside the paper.</summary>
public sealed class WorkCalendarIn2026
{
    [Theory]
    // Nothing runs on the evening of Friday 18 September or on Saturday; the make-up Sunday 20 September does.
    [InlineData("2026-09-18 18:00", 1, "2026-09-20 17:30")]
    [InlineData("2026-09-18 18:00", 2, "2026-09-21 17:30")]
    [InlineData("2026-09-18 17:00", 1, "2026-09-20 17:00")]
    // 中秋 falls on Friday 25 September: Thursday evening runs on Monday 28.
    [InlineData("2026-09-24 18:00", 1, "2026-09-28 17:30")]
    // 国庆: from the last evening before it to Thursday 8 October, and on over the make-up Saturday 10 October.
    [InlineData("2026-09-30 17:30", 1, "2026-10-08 17:30")]
    [InlineData("2026-09-30 17:29", 3, "2026-10-10 17:29")]
    [InlineData("2026-10-03 12:00", 3, "2026-10-10 17:30")]
    [InlineData("2026-10-10 14:00", 1, "2026-10-12 12:00")]
    // 春节: the make-up Saturday 14 February is the last day before it, Tuesday 24 the first after it, Saturday 28 is worked.
    [InlineData("2026-02-14 08:30", 1, "2026-02-14 17:30")]
    [InlineData("2026-02-14 16:30", 1, "2026-02-24 16:30")]
    [InlineData("2026-02-14 17:30", 5, "2026-02-28 17:30")]
    [InlineData("2026-02-14 17:30", 6, "2026-03-02 17:30")]
    // 元旦: Sunday 4 January is worked.
    [InlineData("2025-12-31 17:30", 1, "2026-01-04 17:30")]
    // 劳动节: Wednesday 6 May is the first day after it, and Saturday 9 May is worked.
    [InlineData("2026-04-30 17:30", 4, "2026-05-09 17:30")]
    // 清明 and 端午 meet weekends and are made up by no other day.
    [InlineData("2026-04-03 12:00", 1, "2026-04-07 12:00")]
    [InlineData("2026-06-18 16:30", 1, "2026-06-22 16:30")]
    // Past the list only weekends are known: 1 January 2027 is a Friday and counts.
    [InlineData("2026-12-31 17:30", 1, "2027-01-01 17:30")]
    [InlineData("2026-12-31 17:30", 2, "2027-01-04 17:30")]
    public void Working_days_end_at(string from, int days, string end) =>
        Assert.Equal(At(end), Calendar.Add(At(from), new Span(ClockKind.WorkingTime, DefaultPolicy.Hours.WorkingDay * days)));

    [Theory]
    [InlineData("2026-11-02 08:30", 210, "2026-11-02 12:00")]
    [InlineData("2026-11-02 08:30", 211, "2026-11-02 14:01")]
    [InlineData("2026-11-02 12:00", 1, "2026-11-02 14:01")]
    [InlineData("2026-11-02 13:00", 1, "2026-11-02 14:01")]
    [InlineData("2026-11-02 07:00", 1, "2026-11-02 08:31")]
    [InlineData("2026-11-02 17:30", 1, "2026-11-03 08:31")]
    [InlineData("2026-11-06 17:29", 2, "2026-11-09 08:31")]
    public void Working_minutes_end_at(string from, int minutes, string end) =>
        Assert.Equal(At(end), Calendar.Add(At(from), new Span(ClockKind.WorkingTime, TimeSpan.FromMinutes(minutes))));

    [Theory]
    // Service hours know neither weekend nor holiday.
    [InlineData("2026-10-01 09:00", 120, "2026-10-01 11:00")]
    [InlineData("2026-10-01 19:00", 120, "2026-10-02 09:00")]
    [InlineData("2026-10-03 20:00", 120, "2026-10-04 10:00")]
    [InlineData("2026-10-03 03:00", 720, "2026-10-03 20:00")]
    [InlineData("2026-10-03 09:00", 720, "2026-10-04 09:00")]
    public void Service_minutes_end_at(string from, int minutes, string end) =>
        Assert.Equal(At(end), Calendar.Add(At(from), new Span(ClockKind.ServiceHours, TimeSpan.FromMinutes(minutes))));

    [Fact]
    public void No_working_time_passes_in_the_nine_days_of_Spring_Festival()
    {
        Assert.Equal(TimeSpan.Zero, Calendar.Elapsed(At("2026-02-14 17:30"), At("2026-02-24 08:30"), ClockKind.WorkingTime));
        Assert.Equal(TimeSpan.FromHours(9 * 12), Calendar.Elapsed(At("2026-02-15 00:00"), At("2026-02-24 00:00"), ClockKind.ServiceHours));
    }

    [Fact]
    public void The_year_2026_has_248_working_days()
    {
        var days = Enumerable.Range(0, 365).Select(n => new DateOnly(2026, 1, 1).AddDays(n)).ToArray();
        Assert.Equal(248, days.Count(Calendar.IsWorkingDay));
        Assert.Equal(TimeSpan.FromHours(7 * 248), Calendar.Elapsed(At("2026-01-01 00:00"), At("2027-01-01 00:00"), ClockKind.WorkingTime));
    }

    [Fact]
    public void The_list_reaches_to_the_end_of_its_last_year()
    {
        Assert.Equal(new DateOnly(2026, 12, 31), Calendar.ListedThrough);
        Assert.Null(new WorkCalendar(WorkHours.Default, []).ListedThrough);
    }

    [Fact]
    public void Without_a_list_only_weekends_are_free()
    {
        var bare = new WorkCalendar(WorkHours.Default, []);
        var days = Enumerable.Range(0, 1_000).Select(n => new DateOnly(2027, 1, 1).AddDays(n));
        Assert.All(days, day => Assert.Equal(day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday), bare.IsWorkingDay(day)));
        Assert.All(days, day => Assert.Equal(bare.IsWorkingDay(day), Calendar.IsWorkingDay(day)));
    }
}
