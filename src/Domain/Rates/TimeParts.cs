namespace DispatchCenter.Domain.Rates;

/// <summary>What a case waits for.</summary>
public enum TimePart
{
    /// <summary>From the whistle to the first ring on a screen. The journal ends where the feed begins, so it is nothing here: see the feed's own latency.</summary>
    Push,

    /// <summary>Nobody has it: from receipt to 接单, and again after a return until somebody has.</summary>
    Reach,

    /// <summary>Somebody has it, or it waits for 核查 or the caller's word.</summary>
    Human,

    /// <summary>Somebody has it, and a called department has neither come nor been released; or the city has it.</summary>
    Department,

    /// <summary>Its clocks stand still (a granted suspension), or it was merged into another case and taken out again.</summary>
    Pause,
}

/// <summary>
/// A case's time on the wall, split without remainder. The time runs from its receipt to the entry that ended it, or to the instant of
/// looking while it is open. Every moment between two entries belongs to one part, by what was true after the first of them, in this order:
/// paused, nobody has it, a department is waited for, people. A suspension that a late tick ends has ended at the instant it was due. Where
/// the server's clock stepped back no time passes until it has caught up, so the parts always add up to the time.
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
