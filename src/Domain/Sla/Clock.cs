using System.Text.Json.Serialization;

namespace DispatchCenter.Domain.Sla;

/// <summary>What a clock does when an instant of it has passed, in this order.</summary>
public enum ClockAct
{
    /// <summary>A part of the span has run (80 % by default).</summary>
    Warn,

    /// <summary>The span has run: a breach.</summary>
    Lapse,

    /// <summary>Twice the span has run.</summary>
    DoubleLapse,
}

/// <summary>
/// One running clock. All its instants are fixed when it starts, in UTC at whole milliseconds, and no later change of policy moves them.
/// It remembers what has acted, so that nothing acts twice. Exactly at an instant is still before it.
/// </summary>
public sealed record Clock
{
    public required ClockKind Kind { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset WarnAt { get; init; }

    public required DateTimeOffset Due { get; init; }

    public required DateTimeOffset DoubleAt { get; init; }

    /// <summary>The span that it was started with, on its kind of clock; null in a case of before this was kept.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The last act that has been done; null while none has.</summary>
    public ClockAct? Acted { get; init; }

    [JsonIgnore]
    public bool Breached => Acted >= ClockAct.Lapse;

    /// <summary>The act that comes next and its instant; null when all are done.</summary>
    [JsonIgnore]
    public (ClockAct Act, DateTimeOffset At)? Next => Acted switch
    {
        null => (ClockAct.Warn, WarnAt),
        ClockAct.Warn => (ClockAct.Lapse, Due),
        ClockAct.Lapse => (ClockAct.DoubleLapse, DoubleAt),
        ClockAct.DoubleLapse => null,
        _ => throw new InvalidOperationException($"Unknown act {Acted}."),
    };

    /// <summary>Starts a clock of this span at <paramref name="from"/>.</summary>
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

    /// <summary>A clock to an instant that somebody else has set, continuous.</summary>
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

    /// <summary>The span that it was started with.</summary>
    public TimeSpan SpanOn(WorkCalendar calendar) => Length ?? calendar.Elapsed(From, Due, Kind);

    /// <summary>It stood still from one instant to another: what was left at the first is left at the second. What lay before stays; an instant that is just reached has not passed, and waits.</summary>
    public Clock Paused(WorkCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        return this with { WarnAt = Moved(WarnAt), Due = Moved(Due), DoubleAt = Moved(DoubleAt) };

        DateTimeOffset Moved(DateTimeOffset instant) =>
            instant < from ? instant : calendar.Add(to, new Span(Kind, calendar.Elapsed(from, instant, Kind)));
    }

    /// <summary>Every act that is still to come is put off by this much, on its kind of clock.</summary>
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
