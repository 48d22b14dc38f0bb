using DispatchCenter.Hub.Street;

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
        var import = Read("2026-01-01,holiday,元旦\r\n2026-01-04,workday,元旦\n\n");
        Assert.True(import.IsUsable);
        Assert.Equal([KeyValuePair.Create(new DateOnly(2026, 1, 1), false), KeyValuePair.Create(new DateOnly(2026, 1, 4), true)], import.Days);
    }

    [Theory]
    [InlineData("2026-01-01,feast,元旦", "holiday_kind_unknown")]
    [InlineData("1 January,holiday,元旦", "holiday_date_invalid")]
    [InlineData("2025-12-31,holiday,元旦", "holiday_past")]
    [InlineData("2126-01-01,holiday,元旦", "holiday_far")]
    [InlineData("2026-01-05,workday,元旦", "holiday_workday_needless")]
    [InlineData("2026-05-01,holiday,劳动节", "holiday_repeated")]
    public void A_wrong_line_is_said_and_makes_the_whole_list_unusable(string line, string why)
    {
        var import = Read("2026-05-01,holiday,劳动节\n" + line + "\n");
        Assert.Equal((3, why), (Assert.Single(import.Refused).Line, import.Refused[0].Why.Code));
        Assert.False(import.IsUsable);
    }

    [Fact]
    public void A_year_that_is_taken_in_stands_in_place_of_the_same_year_and_leaves_others()
    {
        var over = Holidays.Over(Holidays.Embedded(), Read("2026-12-31,holiday,除夕\n2027-01-01,holiday,元旦\n").Days);
        Assert.Equal([new DateOnly(2026, 12, 31), new DateOnly(2027, 1, 1)], over.Keys.Where(d => d.Year >= 2026).Order());
        Assert.Equal(Holidays.Embedded().Count(d => d.Key.Year == 2025), over.Count(d => d.Key.Year == 2025));
        Assert.Equal(over.Order(Comparer<KeyValuePair<DateOnly, bool>>.Create((a, b) => a.Key.CompareTo(b.Key))), Holidays.Read(Holidays.Write(over)));
    }

    private static HolidayImport Read(string lines) => Holidays.Read("days.csv", () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes("date,kind,name\n" + lines)), 2026);
}
