using DispatchCenter.Hub.Sla;

namespace DispatchCenter.Unit.Sla;

public sealed class HolidaysTests
{
    [Fact]
    public void The_list_that_comes_with_the_program_names_holidays_and_make_up_days_of_three_years()
    {
        var days = Holidays.Embedded();
        Assert.Equal([2024, 2025, 2026], days.Keys.Select(day => day.Year).Distinct().Order());
        Assert.False(days[new DateOnly(2026, 2, 17)]);
        Assert.True(days[new DateOnly(2026, 9, 20)]);
    }

    [Fact]
    public void A_make_up_day_is_always_a_weekend_day() =>
        Assert.All(Holidays.Embedded().Where(day => day.Value), day => Assert.True(day.Key.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));

    [Fact]
    public void A_line_is_a_date_a_kind_and_a_name()
    {
        var days = Holidays.Parse("date,kind,name\n2026-01-01,holiday,元旦\r\n2026-01-04,workday,元旦\n\n");
        Assert.Equal([KeyValuePair.Create(new DateOnly(2026, 1, 1), false), KeyValuePair.Create(new DateOnly(2026, 1, 4), true)], days);
    }

    [Theory]
    [InlineData("2026-01-01,feast,元旦")]
    [InlineData("1 January,holiday,元旦")]
    public void A_line_that_cannot_be_read_is_refused(string line) =>
        Assert.Throws<FormatException>(() => Holidays.Parse("date,kind,name\n" + line));
}
