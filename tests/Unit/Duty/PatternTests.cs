using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Duty;

/// <summary>What a duty pattern makes of days: pure, the same days always the same shifts.</summary>
public sealed class PatternTests
{
    private static readonly ImmutableArray<ShiftKind> DayAndNight = [new("day", 480, 1200), new("night", 1200, 1920)];

    [Fact]
    public void Four_crews_walk_through_day_night_off_off_and_every_hour_has_one()
    {
        var pattern = Rotation();
        var shifts = pattern.Shifts(Day("2026-11-02"), Day("2026-11-29"), TestStreet.Calendar).ToList();
        Assert.Equal(56, shifts.Count);
        Assert.All(shifts.GroupBy(s => s.Post), crew => Assert.Equal(14, crew.Count())); // a day and a night in four days
        var month = new Stretch(At("2026-11-02 08:00"), At("2026-11-30 08:00"));
        Assert.Empty(Cover.GapHours(month, shifts.Select(s => s.Time), _ => true));
        Assert.All(shifts.GroupBy(s => s.Post), crew => Assert.All(crew.Zip(crew.Skip(1)), pair => Assert.False(pair.First.Time.Overlaps(pair.Second.Time))));
        Assert.Equal(["a 11-02 08:00", "d 11-02 20:00", "b 11-03 08:00"], shifts.OrderBy(s => s.Time.From).Take(3).Select(Say).Order(StringComparer.Ordinal).OrderBy(s => s[2..]));
    }

    [Fact]
    public void A_night_shift_ends_on_the_next_morning_and_belongs_to_the_day_on_which_it_begins()
    {
        var night = Assert.Single(Rotation().Shifts(Day("2026-11-30"), Day("2026-11-30"), TestStreet.Calendar), s => s.Slot.Contains("night", StringComparison.Ordinal));
        Assert.Equal(new Stretch(At("2026-11-30 20:00"), At("2026-12-01 08:00")), night.Time);
        Assert.Equal("20261130.night.0", night.Slot);
    }

    [Fact]
    public void Working_days_and_free_days_follow_the_holidays_and_the_make_up_days()
    {
        var pattern = Week(new ShiftKind("office", 510, 1050, ShiftDays.Working), new ShiftKind("guard", 480, 1200, ShiftDays.Free));
        // 1 October 2026 is a Thursday and a holiday, 10 October a Saturday and a make-up working day.
        Assert.Equal(["10-01 guard", "10-08 office", "10-10 office"], Kinds(pattern, "2026-10-01", "2026-10-08", "2026-10-10"));
        var plain = new WorkCalendar(WorkHours.Default, []);
        Assert.Equal(["20261001.office.0"], pattern.Shifts(Day("2026-10-01"), Day("2026-10-01"), plain).Select(s => s.Slot));
    }

    [Fact]
    public void A_pattern_begins_on_its_first_day_and_ends_with_its_last()
    {
        var pattern = Rotation() with { Start = Day("2026-11-10"), End = Day("2026-11-11") };
        Assert.Equal(["20261110", "20261111"], pattern.Shifts(Day("2026-11-01"), Day("2026-11-30"), TestStreet.Calendar).Select(s => s.Slot[..8]).Distinct());
        Assert.Empty(pattern.Shifts(Day("2026-11-01"), Day("2026-11-09"), TestStreet.Calendar));
    }

    [Fact]
    public void Two_of_a_crew_have_a_seat_each_and_keep_it_whatever_else_changes()
    {
        var crew = Week(new ShiftKind("day", 480, 1200)) with { Crews = [[new("a"), new("b")]] };
        Assert.Equal(["a 20261102.day.0", "b 20261102.day.1"], crew.Shifts(Day("2026-11-02"), Day("2026-11-02"), TestStreet.Calendar).Select(s => $"{s.Post} {s.Slot}"));
    }

    [Fact]
    public void A_stride_sets_the_crews_so_many_days_apart()
    {
        var weeks = new Pattern
        {
            Unit = DutyUnit.Street, Start = Day("2026-11-02"), Kinds = [new("day", 480, 1200)], Cycle = [.. Enumerable.Range(0, 14).Select(d => d < 7 ? ImmutableArray.Create("day") : [])],
            Crews = [[new("a")], [new("b")]], Stride = 7,
        };
        Assert.Equal(
            Enumerable.Repeat("a", 7).Concat(Enumerable.Repeat("b", 7)).Concat(Enumerable.Repeat("a", 7)),
            weeks.Shifts(Day("2026-11-02"), Day("2026-11-22"), TestStreet.Calendar).Select(s => s.Post.Value));
    }

    [Fact]
    public void A_stretch_without_others_is_what_is_left_in_order()
    {
        var day = new Stretch(At("2026-11-02 08:00"), At("2026-11-02 20:00"));
        Stretch Part(string from, string until) => new(At($"2026-11-02 {from}"), At($"2026-11-02 {until}"));
        Assert.Equal([Part("09:00", "10:00"), Part("12:00", "20:00")], day.Without([Part("10:00", "12:00"), Part("07:00", "09:00")]));
        Assert.Equal([day], day.Without([Part("06:00", "08:00"), Part("20:00", "21:00")])); // to touch is not to overlap
        Assert.Empty(day.Without([Part("08:00", "14:00"), Part("13:00", "20:00")]));
    }

    [Fact]
    public void An_hour_is_a_gap_where_any_part_of_it_that_is_needed_is_unmanned_and_counts_once()
    {
        var asked = new Stretch(At("2026-11-02 08:20"), At("2026-11-02 12:00"));
        Stretch Part(string from, string until) => new(At($"2026-11-02 {from}"), At($"2026-11-02 {until}"));
        var gaps = Cover.GapHours(asked, [Part("08:00", "09:10"), Part("09:20", "09:40"), Part("10:00", "11:00")], _ => true);
        Assert.Equal(["09:00", "11:00"], gaps.Select(g => g.ToOffset(WorkCalendar.Offset).ToString("HH:mm", CultureInfo.InvariantCulture)));
        Assert.Empty(Cover.GapHours(asked, [], hour => !Cover.InWindow(hour, 480, 1200)));
    }

    [Theory]
    [InlineData("07:59", false)]
    [InlineData("08:00", true)]
    [InlineData("19:59", true)]
    [InlineData("20:00", false)]
    public void A_window_of_the_day_holds_its_beginning_and_not_its_end(string at, bool holds)
    {
        Assert.Equal(holds, Cover.InWindow(At($"2026-11-02 {at}"), 480, 1200));
        Assert.Equal(!holds, Cover.InWindow(At($"2026-11-02 {at}"), 1200, 1440 + 480)); // over midnight
    }

    private static Pattern Rotation() => new()
    {
        Unit = DutyUnit.Street, Start = Day("2026-11-02"), Kinds = DayAndNight, Cycle = [["day"], ["night"], [], []], Crews = [[new("a")], [new("d")], [new("c")], [new("b")]],
    };

    private static Pattern Week(params ImmutableArray<ShiftKind> kinds) => new()
    {
        Unit = DutyUnit.Street, Start = Day("2026-01-01"), Kinds = kinds, Cycle = [[.. kinds.Select(k => k.Code)]], Crews = [[new("a")]],
    };

    private static IEnumerable<string> Kinds(Pattern pattern, params string[] days) =>
        days.SelectMany(day => pattern.Shifts(Day(day), Day(day), TestStreet.Calendar)).Select(s => $"{s.Slot[4..6]}-{s.Slot[6..8]} {s.Slot.Split('.')[1]}");

    private static string Say(PlannedShift shift) => $"{shift.Post} {shift.Time.From.ToOffset(WorkCalendar.Offset).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)}";

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
