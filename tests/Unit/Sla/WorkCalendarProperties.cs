using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Street;
using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit.Sla;

public sealed class WorkCalendarProperties
{
    private static readonly WorkCalendar Calendar = TestStreet.Calendar;
    private static readonly DateTimeOffset First = TestStreet.At("2023-12-20 00:00");

    /// <summary>From before the holiday list to after it, half of the time at a full minute.</summary>
    private static readonly Gen<DateTimeOffset> Instants =
        from minute in Gen.Choose(0, (int)TimeSpan.FromDays(1_180).TotalMinutes)
        from ms in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 59_999))
        select First.AddMinutes(minute).AddMilliseconds(ms);

    /// <summary>Up to a month of working time, half of the time in full quarters of an hour, so that edges of windows are met.</summary>
    private static readonly Gen<TimeSpan> Lengths = Gen.OneOf(
        Gen.Choose(0, 4 * 150).Select(quarters => TimeSpan.FromMinutes(15 * quarters)),
        Gen.Choose(0, 150 * 3_600_000).Select(ms => TimeSpan.FromMilliseconds(ms)));

    private static readonly Arbitrary<Case> Cases = (
        from kind in Gen.Elements(Enum.GetValues<ClockKind>())
        from start in Instants
        from later in Instants
        from a in Lengths
        from b in Lengths
        select new Case(kind, start, later, a, b)).ToArbitrary();

    [Fact]
    public void A_later_start_never_ends_earlier() => Properties.ForAll(Cases, c =>
    {
        var (first, second) = c.Start <= c.Other ? (c.Start, c.Other) : (c.Other, c.Start);
        Assert.True(Calendar.Add(first, c.SpanA) <= Calendar.Add(second, c.SpanA));
    });

    [Fact]
    public void A_longer_span_never_ends_earlier() => Properties.ForAll(Cases, c =>
    {
        var (shorter, longer) = c.A <= c.B ? (c.SpanA, c.SpanB) : (c.SpanB, c.SpanA);
        Assert.True(Calendar.Add(c.Start, shorter) <= Calendar.Add(c.Start, longer));
        if (shorter != longer) Assert.True(Calendar.Add(c.Start, shorter) < Calendar.Add(c.Start, longer));
    });

    [Fact]
    public void Two_spans_one_after_the_other_are_their_sum() => Properties.ForAll(Cases, c =>
        Assert.Equal(Calendar.Add(c.Start, new Span(c.Kind, c.A + c.B)), Calendar.Add(Calendar.Add(c.Start, c.SpanA), c.SpanB)));

    [Fact]
    public void What_has_elapsed_is_what_was_added() => Properties.ForAll(Cases, c =>
        Assert.Equal(c.A, Calendar.Elapsed(c.Start, Calendar.Add(c.Start, c.SpanA), c.Kind)));

    [Fact]
    public void One_millisecond_before_the_end_one_millisecond_is_missing() => Properties.ForAll(Cases, c =>
    {
        var span = new Span(c.Kind, c.A + TimeSpan.FromMilliseconds(1));
        Assert.Equal(c.A, Calendar.Elapsed(c.Start, Calendar.Add(c.Start, span).AddMilliseconds(-1), c.Kind));
    });

    [Fact]
    public void Elapsed_time_adds_up_over_any_point_between() => Properties.ForAll(Cases, c =>
    {
        var between = c.Start + c.A;
        var end = between + c.B;
        Assert.Equal(Calendar.Elapsed(c.Start, end, c.Kind), Calendar.Elapsed(c.Start, between, c.Kind) + Calendar.Elapsed(between, end, c.Kind));
    });

    [Fact]
    public void Nothing_has_elapsed_backwards() => Properties.ForAll(Cases, c =>
    {
        Assert.Equal(TimeSpan.Zero, Calendar.Elapsed(c.Start + c.A, c.Start, c.Kind));
        Assert.Equal(TimeSpan.Zero, Calendar.Elapsed(c.Start, c.Start, c.Kind));
    });

    [Fact]
    public void Every_end_lies_in_a_window_of_a_day_on_which_the_clock_runs() => Properties.ForAll(Cases, c =>
    {
        var local = (Calendar.Add(c.Start, new Span(c.Kind, c.A + TimeSpan.FromMilliseconds(1))) + WorkCalendar.Offset).DateTime;
        var minute = local.TimeOfDay.TotalMinutes;
        switch (c.Kind)
        {
            case ClockKind.ServiceHours:
                Assert.True(minute is > 480 and <= 1200, $"{local} is outside the service hours.");
                break;
            case ClockKind.WorkingTime:
                Assert.True(minute is (> 510 and <= 720) or (> 840 and <= 1050), $"{local} is outside the working hours.");
                Assert.True(Calendar.IsWorkingDay(DateOnly.FromDateTime(local)), $"{local} is not a working day.");
                break;
            case ClockKind.Continuous:
                break;
            default:
                Assert.Fail($"No windows are written down for {c.Kind}.");
                break;
        }
    });

    [Fact]
    public void It_agrees_with_counting_minute_by_minute() => Properties.ForAll(Cases, c =>
    {
        var start = First.AddMinutes((int)(c.Start - First).TotalMinutes);
        var minutes = (int)c.A.TotalMinutes % 2_000;
        var at = start;
        for (var left = minutes; left > 0; at = at.AddMinutes(1))
            if (Runs(c.Kind, (at + WorkCalendar.Offset).DateTime)) left--;
        Assert.Equal(at, Calendar.Add(start, new Span(c.Kind, TimeSpan.FromMinutes(minutes))));
    }, times: 100);

    [Fact]
    public void Instants_come_back_in_UTC_wherever_the_start_was_written_down() => Properties.ForAll(Cases, c =>
    {
        var end = Calendar.Add(c.Start.ToOffset(TimeSpan.FromHours(-5)), c.SpanA);
        Assert.Equal(TimeSpan.Zero, end.Offset);
        Assert.Equal(Calendar.Add(c.Start, c.SpanA), end);
    });

    [Fact]
    public void A_negative_span_and_one_without_end_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.Add(First, new Span(ClockKind.ServiceHours, TimeSpan.FromMinutes(-1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.Add(First, new Span(ClockKind.WorkingTime, TimeSpan.FromDays(2_000))));
    }

    /// <summary>The rules once more, from the list itself and on purpose without the calendar.</summary>
    private static bool Runs(ClockKind kind, DateTime local)
    {
        var day = DateOnly.FromDateTime(local);
        var works = Listed.TryGetValue(day, out var listed) ? listed : day.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Friday;
        var time = local.TimeOfDay;
        return kind switch
        {
            ClockKind.Continuous => true,
            ClockKind.ServiceHours => time >= new TimeSpan(8, 0, 0) && time < new TimeSpan(20, 0, 0),
            ClockKind.WorkingTime => works && (
                (time >= new TimeSpan(8, 30, 0) && time < new TimeSpan(12, 0, 0)) || (time >= new TimeSpan(14, 0, 0) && time < new TimeSpan(17, 30, 0))),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static readonly IReadOnlyDictionary<DateOnly, bool> Listed = Holidays.Embedded();

    private sealed record Case(ClockKind Kind, DateTimeOffset Start, DateTimeOffset Other, TimeSpan A, TimeSpan B)
    {
        public Span SpanA => new(Kind, A);

        public Span SpanB => new(Kind, B);
    }
}
