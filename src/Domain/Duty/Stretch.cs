namespace DispatchCenter.Domain.Duty;

/// <summary>A half-open time range.</summary>
public readonly record struct Stretch(DateTimeOffset From, DateTimeOffset Until)
{
    public bool IsEmpty => Until <= From;

    public bool Holds(DateTimeOffset at) => From <= at && at < Until;

    public bool Overlaps(Stretch other) => From < other.Until && other.From < Until;

    /// <summary>What remains after removing other ranges, in order.</summary>
    public IEnumerable<Stretch> Without(IEnumerable<Stretch> others)
    {
        var at = From;
        foreach (var other in others.Where(Overlaps).OrderBy(o => o.From))
        {
            if (other.From > at) yield return new Stretch(at, other.From);
            if (other.Until > at) at = other.Until;
        }

        if (at < Until) yield return new Stretch(at, Until);
    }
}
