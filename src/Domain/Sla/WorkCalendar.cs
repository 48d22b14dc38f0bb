using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DispatchCenter.Domain.Sla;

/// <summary>The kinds of clock.</summary>
public enum ClockKind
{
    /// <summary>Every minute of every day.</summary>
    Continuous,

    /// <summary>Service hours, every day: 08:00–20:00 by default.</summary>
    ServiceHours,

    /// <summary>Working time, on working days: 08:30–12:00 and 14:00–17:30 by default.</summary>
    WorkingTime,
}

/// <summary>A length of time on a kind of clock.</summary>
public readonly record struct Span(ClockKind Kind, TimeSpan Length);

/// <summary>A window of the day, in minutes after local midnight; the end is exclusive.</summary>
public readonly record struct DayWindow(int FromMinute, int ToMinute);

/// <summary>The hours in which the two limited clocks run. Windows are in order and do not touch.</summary>
public sealed record WorkHours(ImmutableArray<DayWindow> Service, ImmutableArray<DayWindow> Working)
{
    /// <summary>08:00–20:00; 08:30–12:00 and 14:00–17:30.</summary>
    public static readonly WorkHours Default = new([new(480, 1200)], [new(510, 720), new(840, 1050)]);

    /// <summary>The length of one day's service hours: 12 hours by default.</summary>
    public TimeSpan ServiceDay => TimeSpan.FromMinutes(Service.Sum(w => w.ToMinute - w.FromMinute));

    /// <summary>The length of one working day: 7 hours by default.</summary>
    public TimeSpan WorkingDay => TimeSpan.FromMinutes(Working.Sum(w => w.ToMinute - w.FromMinute));
}

/// <summary>
/// The three clocks in Asia/Shanghai (UTC+8 without daylight saving since 1991), with public holidays and make-up days (调休).
/// After the last listed year only weekends count as days off: see <see cref="ListedThrough"/>.
/// </summary>
public sealed class WorkCalendar
{
    /// <summary>Asia/Shanghai.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>No deadline is more days ahead than this; a longer span is a mistake in the policy.</summary>
    public const int MaxDaysAhead = 3_660;

    private readonly WorkHours _hours;
    private readonly FrozenDictionary<DateOnly, bool> _isWorkday;

    /// <param name="hours">When the limited clocks run.</param>
    /// <param name="exceptions">Days that differ from their weekday: true for a make-up working day, false for a holiday.</param>
    public WorkCalendar(WorkHours hours, IEnumerable<KeyValuePair<DateOnly, bool>> exceptions)
    {
        _hours = hours;
        _isWorkday = exceptions.ToFrozenDictionary();
        ListedThrough = _isWorkday.Count == 0 ? null : new DateOnly(_isWorkday.Keys.Max().Year, 12, 31);
    }

    /// <summary>31 December of the last year in the holiday list; null without a list.</summary>
    public DateOnly? ListedThrough { get; }

    public WorkHours Hours => _hours;

    public bool IsWorkingDay(DateOnly day) =>
        _isWorkday.TryGetValue(day, out var works) ? works : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The earliest instant at which <paramref name="span"/> has run since <paramref name="from"/>, in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative or exceeds <see cref="MaxDaysAhead"/>.</exception>
    public DateTimeOffset Add(DateTimeOffset from, Span span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span.Length, TimeSpan.Zero, nameof(span));
        from = from.ToUniversalTime();
        if (span.Kind == ClockKind.Continuous || span.Length == TimeSpan.Zero) return from + span.Length;

        var left = span.Length;
        var local = (from + Offset).DateTime;
        var firstDay = DateOnly.FromDateTime(local);
        for (var ahead = 0; ahead < MaxDaysAhead; ahead++)
        {
            var day = firstDay.AddDays(ahead);
            foreach (var window in Windows(span.Kind, day))
            {
                var (opens, closes) = Bounds(day, window);
                var start = opens > local ? opens : local;
                if (start >= closes) continue;
                var room = closes - start;
                if (left <= room) return new DateTimeOffset(start + left, Offset).ToUniversalTime();
                left -= room;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(span), span, $"The span does not end within {MaxDaysAhead} days.");
    }

    /// <summary>How much of the clock runs between two instants; zero if <paramref name="to"/> is not after <paramref name="from"/>.</summary>
    public TimeSpan Elapsed(DateTimeOffset from, DateTimeOffset to, ClockKind kind)
    {
        if (to <= from) return TimeSpan.Zero;
        if (kind == ClockKind.Continuous) return to - from;
        var (start, end) = ((from.ToUniversalTime() + Offset).DateTime, (to.ToUniversalTime() + Offset).DateTime);
        var sum = TimeSpan.Zero;
        for (var day = DateOnly.FromDateTime(start); day <= DateOnly.FromDateTime(end); day = day.AddDays(1))
        {
            foreach (var window in Windows(kind, day))
            {
                var (opens, closes) = Bounds(day, window);
                var overlap = (closes < end ? closes : end) - (opens > start ? opens : start);
                if (overlap > TimeSpan.Zero) sum += overlap;
            }
        }

        return sum;
    }

    private static (DateTime Opens, DateTime Closes) Bounds(DateOnly day, DayWindow window)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return (midnight.AddMinutes(window.FromMinute), midnight.AddMinutes(window.ToMinute));
    }

    private ImmutableArray<DayWindow> Windows(ClockKind kind, DateOnly day) => kind switch
    {
        ClockKind.ServiceHours => _hours.Service,
        ClockKind.WorkingTime => IsWorkingDay(day) ? _hours.Working : [],
        ClockKind.Continuous => [new DayWindow(0, 1440)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
