namespace DispatchCenter.Domain.Rates;

/// <summary>What a case waits for.</summary>
public enum TimePart
{
    /// <summary>From the whistle to the first ring on a screen. The journal ends where the feed begins, so this is zero here; see the feed's own latency.</summary>
    Push,

    /// <summary>Nobody has accepted: from receipt to 接单, and again after a return.</summary>
    Reach,

    /// <summary>Someone has it, or it waits for 核查 or the caller's rating.</summary>
    Human,

    /// <summary>Someone has it and waits for a called department to attend or be released; or the city has it.</summary>
    Department,

    /// <summary>Its clocks are paused by a suspension, or it was merged into another case and later unmerged.</summary>
    Pause,
}

/// <summary>
/// Splits a case's wall-clock time without remainder. It runs from receipt to the entry that ended the case, or to now
/// while it is open. The time between two entries belongs to one part, by the state after the first of them, in this order:
/// paused, not accepted, waiting for a department, people. A suspension ends at its due instant even if the tick is late. If
/// the server's clock steps back, no time passes until it has caught up, so the parts always add up.
/// </summary>
public readonly record struct TimeParts(TimeSpan Push, TimeSpan Reach, TimeSpan Human, TimeSpan Department, TimeSpan Pause)
{
    public TimeSpan Sum => Push + Reach + Human + Department + Pause;

    public static TimeParts operator +(TimeParts a, TimeParts b) =>
        new(a.Push + b.Push, a.Reach + b.Reach, a.Human + b.Human, a.Department + b.Department, a.Pause + b.Pause);

    public TimeParts With(TimePart part, TimeSpan more) => part switch
    {
        TimePart.Push => this with { Push = Push + more },
        TimePart.Reach => this with { Reach = Reach + more },
        TimePart.Human => this with { Human = Human + more },
        TimePart.Department => this with { Department = Department + more },
        TimePart.Pause => this with { Pause = Pause + more },
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
