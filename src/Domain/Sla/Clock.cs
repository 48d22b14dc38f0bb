using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace DispatchCenter.Domain.Sla;

/// <summary>What a clock does when one of its instants has passed, in this order.</summary>
public enum ClockAct
{
    /// <summary>Part of the span has run (80 % by default).</summary>
    Warn,

    /// <summary>The span has run out: a breach.</summary>
    Lapse,

    /// <summary>Twice the span has run out.</summary>
    DoubleLapse,
}

/// <summary>
/// One running clock. All its instants are fixed at the start, in UTC at whole milliseconds; later policy changes do not move them.
/// It records what has acted, so nothing acts twice. Exactly at an instant still counts as before it.
/// </summary>
public sealed record Clock
{
    public required ClockKind Kind { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset WarnAt { get; init; }

    public required DateTimeOffset Due { get; init; }

    public required DateTimeOffset DoubleAt { get; init; }

    /// <summary>The span it was started with, on its kind of clock; null in cases older than this field.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The last act done; null if none.</summary>
    public ClockAct? Acted { get; init; }

    [JsonIgnore]
    public bool Breached => Acted >= ClockAct.Lapse;

    /// <summary>The next act and its instant; null once all are done.</summary>
    [JsonIgnore]
    public (ClockAct Act, DateTimeOffset At)? Next => Acted switch
    {
        null => (ClockAct.Warn, WarnAt),
        ClockAct.Warn => (ClockAct.Lapse, Due),
        ClockAct.Lapse => (ClockAct.DoubleLapse, DoubleAt),
        ClockAct.DoubleLapse => null,
        _ => throw new InvalidOperationException($"Unknown act {Acted}."),
    };

    /// <summary>Starts a clock with this span at <paramref name="from"/>.</summary>
    public static Clock Start(WorkCalendar calendar, DateTimeOffset from, Span span, double warnFraction)
    {
        var warn = span with { Length = TimeSpan.FromMilliseconds(Math.Floor(span.Length.TotalMilliseconds * warnFraction)) };
        return new Clock
        {
            Kind = span.Kind,
            From = from,
            Length = span.Length,
            WarnAt = calendar.Add(from, warn),
            Due = calendar.Add(from, span),
            DoubleAt = calendar.Add(from, span with { Length = span.Length * 2 }),
        };
    }

    /// <summary>A continuous clock that ends at a given instant.</summary>
    public static Clock Until(DateTimeOffset from, DateTimeOffset due, double warnFraction)
    {
        var length = due - from;
        return new Clock
        {
            Kind = ClockKind.Continuous,
            From = from,
            Length = length,
            WarnAt = from + TimeSpan.FromMilliseconds(Math.Floor(length.TotalMilliseconds * warnFraction)),
            Due = due,
            DoubleAt = due + length,
        };
    }

    /// <summary>The span it was started with.</summary>
    public TimeSpan SpanOn(WorkCalendar calendar) => Length ?? calendar.Elapsed(From, Due, Kind);

    /// <summary>In hours, on whichever clock: what is usually asked for.</summary>
    private static readonly ImmutableArray<int> UsualExtensions = [1, 2, 4, 8, 16, 24, 40, 72];

    private const int ExtensionsOffered = 4;

    /// <summary>The longest usual extensions that may be asked for, each with the deadline it would make; the shortest first.</summary>
    public IEnumerable<(int Hours, DateTimeOffset Due)> Extensions(WorkCalendar calendar) =>
        UsualExtensions.Where(hours => TimeSpan.FromHours(hours) <= SpanOn(calendar)).TakeLast(ExtensionsOffered).Select(hours => (hours, Extended(calendar, TimeSpan.FromHours(hours)).Due));

    /// <summary>Applies a pause: the time left at its start is left at its end. Earlier acts stay; an instant reached exactly has not passed, so it is moved too.</summary>
    public Clock Paused(WorkCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        return this with { WarnAt = Moved(WarnAt), Due = Moved(Due), DoubleAt = Moved(DoubleAt) };

        DateTimeOffset Moved(DateTimeOffset instant) =>
            instant < from ? instant : calendar.Add(to, new Span(Kind, calendar.Elapsed(from, instant, Kind)));
    }

    /// <summary>Postpones every remaining act by this much, on its kind of clock.</summary>
    public Clock Extended(WorkCalendar calendar, TimeSpan by)
    {
        var more = new Span(Kind, by);
        return this with
        {
            WarnAt = Acted is null ? calendar.Add(WarnAt, more) : WarnAt,
            Due = Acted is null or ClockAct.Warn ? calendar.Add(Due, more) : Due,
            DoubleAt = calendar.Add(DoubleAt, more),
        };
    }
}
