using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Unit.Rhythms;

/// <summary>On which days something is due: cycle, season, days off.</summary>
public sealed class RhythmTests
{
    /// <summary>May 2026: the 1st to the 5th are off, and Saturday the 9th is worked.</summary>
    private static readonly WorkCalendar Calendar = new(WorkHours.Default,
        new Dictionary<DateOnly, bool> { [new(2026, 5, 1)] = false, [new(2026, 5, 4)] = false, [new(2026, 5, 5)] = false, [new(2026, 5, 9)] = true });

    [Theory]
    [InlineData(CycleKind.Day, new int[0], DayRule.Every, "2026-05-02 2026-05-09", "")]
    [InlineData(CycleKind.Day, new int[0], DayRule.WorkingDays, "2026-05-06 2026-05-09", "2026-05-02 2026-05-04 2026-05-10")]
    [InlineData(CycleKind.Week, new[] { 1 }, DayRule.Every, "2026-05-04 2026-05-11", "2026-05-05 2026-05-10")]
    [InlineData(CycleKind.Week, new[] { 7 }, DayRule.Every, "2026-05-03 2026-05-10", "2026-05-04 2026-05-09")]
    [InlineData(CycleKind.Week, new[] { 1 }, DayRule.WorkingDays, "2026-05-11", "2026-05-04 2026-05-06")]
    [InlineData(CycleKind.Week, new[] { 1 }, DayRule.NextWorkingDay, "2026-05-06 2026-05-11", "2026-05-04 2026-05-05 2026-05-07")]
    [InlineData(CycleKind.Week, new[] { 6 }, DayRule.NextWorkingDay, "2026-05-06 2026-05-09 2026-05-18", "2026-05-02 2026-05-11")] // the Saturday that is worked is not put off
    [InlineData(CycleKind.Month, new[] { 31 }, DayRule.Every, "2026-02-28 2026-04-30 2026-05-31 2028-02-29", "2026-04-29 2028-02-28")]
    [InlineData(CycleKind.Month, new[] { 1, 15 }, DayRule.NextWorkingDay, "2026-05-06 2026-05-15", "2026-05-01 2026-05-04")]
    [InlineData(CycleKind.Year, new[] { 229 }, DayRule.Every, "2028-02-29 2026-02-28", "2028-02-28 2026-03-01")]
    [InlineData(CycleKind.Year, new[] { 501 }, DayRule.NextWorkingDay, "2026-05-06", "2026-05-01 2026-05-04")]
    public void It_is_due_on_its_days(CycleKind every, int[] on, DayRule days, string due, string not)
    {
        var rhythm = Of(new Cycle(every, [.. on])) with { Days = days };
        Assert.All(Days(due), day => Assert.True(rhythm.IsDueOn(day, Calendar), day.ToString("O", CultureInfo.InvariantCulture)));
        Assert.All(Days(not), day => Assert.False(rhythm.IsDueOn(day, Calendar), day.ToString("O", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(601, 915, "2026-06-01 2026-09-15 2026-07-31", "2026-05-31 2026-09-16")]
    [InlineData(1115, 315, "2026-11-15 2026-12-31 2027-01-01 2027-03-15", "2026-11-14 2026-03-16 2026-07-01")]
    [InlineData(229, 229, "2028-02-29", "2026-02-28 2026-03-01")]
    public void A_season_holds_from_its_first_day_to_its_last_each_year(int from, int until, string due, string not)
    {
        var rhythm = Of(new Cycle(CycleKind.Day, [])) with { Season = new Season(from, until) };
        Assert.All(Days(due), day => Assert.True(rhythm.IsDueOn(day, Calendar), day.ToString("O", CultureInfo.InvariantCulture)));
        Assert.All(Days(not), day => Assert.False(rhythm.IsDueOn(day, Calendar), day.ToString("O", CultureInfo.InvariantCulture)));
    }

    /// <summary>Whatever days are off: each named day is due on the first working day from it, and no other day is.</summary>
    [Fact]
    public void What_a_day_off_puts_off_is_due_once_on_the_next_working_day() =>
        Properties.ForAll(ArbMap.Default.ArbFor<(bool[] Off, byte On)>().Filter(t => t.Off is not null && t.Off.Length <= 60), drawn =>
        {
            var (first, on) = (new DateOnly(2026, 3, 2), Enumerable.Range(1, 7).Where(day => (drawn.On >> (day - 1) & 1) == 1).ToImmutableArray());
            var calendar = new WorkCalendar(WorkHours.Default, drawn.Off.Select((isOff, i) => KeyValuePair.Create(first.AddDays(i), !isOff)));
            var rhythm = Of(new Cycle(CycleKind.Week, on)) with { Days = DayRule.NextWorkingDay };
            var due = Enumerable.Range(-20, 90).Select(first.AddDays).Where(rhythm.Cycle.Names).Select(day => Enumerable.Range(0, 100).Select(day.AddDays).First(calendar.IsWorkingDay)).ToHashSet();
            for (var day = first; day < first.AddDays(60); day = day.AddDays(1)) Assert.Equal(due.Contains(day), rhythm.IsDueOn(day, calendar));
        });

    private static IEnumerable<DateOnly> Days(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static Domain.Rhythms.Rhythm Of(Cycle cycle) => new("r", "一", "One", "round", PlaceKind.Grid, ImmutableArray.Create("building"), cycle);
}
