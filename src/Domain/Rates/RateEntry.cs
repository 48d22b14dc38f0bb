using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;

namespace DispatchCenter.Domain.Rates;

/// <summary>An answer as a card shows it.</summary>
/// <param name="Kind">accept, arrive, resolve, … as in the journal.</param>
public readonly record struct RateAnswer(string Key, string Kind, DateTimeOffset Due, DateTimeOffset? MetAt, bool Breached);

/// <summary>The part of a case's card that rates need: codes only.</summary>
/// <param name="Lead">A team's code, <see cref="RateCard.Desk"/> of a community, or <see cref="RateCard.Street"/>; null if there is no lead.</param>
/// <param name="LeadIsTeam">Whether the lead is a team rather than a desk.</param>
/// <param name="Teams">The teams that ring or work on it.</param>
public sealed record RateCard(
    string Category, string Community, string State, string? Lead, bool LeadIsTeam, ImmutableArray<string> Teams, bool Drill, bool Child, ImmutableArray<RateAnswer> Answers)
{
    /// <summary>How a case was reported that was written before that was recorded.</summary>
    public const string Unrecorded = "unrecorded";

    /// <summary>page, phone, counter, patrol, informant or child.</summary>
    public string Source { get; init; } = Unrecorded;

    /// <summary>The lead's name if it is the street's desk.</summary>
    public const string Street = "street";

    /// <summary>The lead's name if it is a community's desk.</summary>
    public static string Desk(string community) => $"community:{community}";
}

/// <summary>One entry of the journal as rates read it.</summary>
/// <param name="Due">The instant that a clock's act was due; null for people's actions.</param>
public sealed record RateEntry(string CallNo, int Version, DateTimeOffset At, string What, DateTimeOffset? Due, ImmutableArray<Detail> Detail, RateCard Card)
{
    /// <summary>Its detail of a kind; null where it has none.</summary>
    public T? Find<T>() where T : Detail
    {
        foreach (var detail in Detail)
            if (detail is T found) return found;
        return null;
    }
}
