using System.Collections.Immutable;

namespace DispatchCenter.Domain.Register;

/// <summary>Something that the register does not say, says twice, or will soon no longer say.</summary>
public abstract record RegisterFinding
{
    private RegisterFinding() { }

    /// <summary>A place that has to have one holder of its own has none: a hole.</summary>
    public sealed record Hole(RegisterRole Role, string Place) : RegisterFinding;

    /// <summary>It has several: an overlap.</summary>
    public sealed record Overlap(RegisterRole Role, string Place, ImmutableArray<Entry> Holders) : RegisterFinding;

    /// <summary>An entry stands, or holds something, where there is no place any more, or one that has ended.</summary>
    public sealed record Nowhere(Entry Entry, string Place) : RegisterFinding;

    /// <summary>An entry counts no longer, or not for much longer, because of its own last day.</summary>
    /// <param name="At">The first instant at which it does not count.</param>
    public sealed record Expiring(Entry Entry, DateTimeOffset At, bool IsOver) : RegisterFinding;
}

/// <summary>Looks through a register for what people have to mend.</summary>
public static class RegisterFindings
{
    /// <summary>How early an end is said.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(60);

    /// <summary>All of them: holes and overlaps in the order of the map, then the rest by code.</summary>
    public static IEnumerable<RegisterFinding> Of(RegisterMap register, DateTimeOffset at)
    {
        foreach (var role in register.Kinds.Roles.Where(r => r.OncePer is not null))
            foreach (var place in PlacesOf(register, role.OncePer!))
            {
                var holders = register.Holders(role.Code, place, at);
                if (holders.IsEmpty) yield return new RegisterFinding.Hole(role, place);
                else if (holders.Length > 1) yield return new RegisterFinding.Overlap(role, place, holders);
            }

        foreach (var entry in register.Entries.OrderBy(e => e.Code, StringComparer.Ordinal))
        {
            if (entry.Until <= at) continue; // it was ended, and owes nothing
            foreach (var place in entry.Ties.Select(t => t.Place).Prepend(entry.Place).Distinct())
                if (!register.IsPlace(place) || register.Find(place)?.Until <= at) yield return new RegisterFinding.Nowhere(entry, place);
            if (OfExpiry(entry, at) is { } expiring) yield return expiring;
        }
    }

    /// <summary>An entry that counts no longer, or not for much longer; null if it does, or was ended and owes nothing.</summary>
    public static RegisterFinding.Expiring? OfExpiry(Entry entry, DateTimeOffset at) =>
        entry.ExpiresAt is { } expires && expires <= at + Notice && !(entry.Until <= at) ? new(entry, expires, expires <= at) : null;

    private static IEnumerable<string> PlacesOf(RegisterMap register, string kind) => kind switch
    {
        Kinds.Grid => register.Map.Grids.Select(g => RegisterMap.Of(g.Code)),
        Kinds.Community => register.Map.Communities.Select(c => RegisterMap.Of(c.Code)),
        Kinds.Street => [Kinds.Street],
        _ => [],
    };
}
