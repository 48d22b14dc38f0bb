using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Rates;

/// <summary>How figures are grouped. Never by person.</summary>
public enum RatesBy
{
    Street,
    Community,

    /// <summary>The final lead: a team, or a desk.</summary>
    Team,
    Category,

    /// <summary>The day of the whistle in Asia/Shanghai.</summary>
    Day,

    /// <summary>How it was reported: page, phone, counter, patrol or informant.</summary>
    Source,
}

/// <summary>
/// The cases of a journal, folded one entry at a time. For the rates as of a past instant, add only the entries up to that instant.
/// Entries of one case must come in order; different cases may interleave.
/// </summary>
public sealed class RateBook
{
    private readonly Dictionary<string, RateCase> _cases = [];

    public IReadOnlyCollection<RateCase> Cases => _cases.Values;

    public void Apply(RateEntry entry)
    {
        if (_cases.TryGetValue(entry.CallNo, out var known)) known.Apply(entry);
        else _cases.Add(entry.CallNo, new RateCase(entry));
    }

    /// <summary>The figures at an instant, ordered by code; cases without a lead belong to no team.</summary>
    /// <param name="community">Only this community; null for all.</param>
    public SortedDictionary<string, Figures> At(DateTimeOffset asOf, RatesBy by, string? community = null)
    {
        var groups = new SortedDictionary<string, Figures>(StringComparer.Ordinal);
        foreach (var call in _cases.Values)
        {
            if (!call.IsValid || (community is not null && call.Card.Community != community) || KeyOf(call, by) is not { } key) continue;
            groups[key] = groups.GetValueOrDefault(key, Figures.None).Plus(call, asOf, by == RatesBy.Team);
        }

        return groups;
    }

    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(WorkCalendar.Offset).DateTime);

    private static string? KeyOf(RateCase call, RatesBy by) => by switch
    {
        RatesBy.Street => RateCard.Street,
        RatesBy.Community => call.Card.Community,
        RatesBy.Team => call.Card.Lead,
        RatesBy.Category => call.Card.Category,
        RatesBy.Day => DayOf(call.OpenedAt).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        RatesBy.Source => call.Card.Source,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
    };
}
