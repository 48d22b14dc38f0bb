using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>One whistle of the run: its generated input and its outcome.</summary>
internal sealed class Whistle
{
    /// <summary>Counted from 1 in order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>When to send it, from the start of the recording, at recorded speed.</summary>
    public required TimeSpan Offset { get; init; }

    public required WhistleRequest Request { get; init; }

    /// <summary>The team of its grid.</summary>
    public required string Team { get; init; }

    public required string Community { get; init; }

    /// <summary>Property staff must not be called.</summary>
    public required bool PropertyRecused { get; init; }

    public required LifePlan Life { get; set; }

    /// <summary>When it should be sent, fixed before the first one was: every latency counts from here.</summary>
    public long IntendedAt { get; set; }

    /// <summary>When the generator sent it; the difference to <see cref="IntendedAt"/> is the generator's lag.</summary>
    public long StartedAt { get; set; }

    public long AcknowledgedAt { get; set; }

    /// <summary>Null until acknowledged.</summary>
    public WhistleReceipt? Receipt { get; set; }

    /// <summary>Why it was abandoned; null if it was acknowledged or never sent.</summary>
    public string? Refusal { get; set; }

    /// <summary>The number, or the refusal code, returned for a repeat with the same key; null if there was no response.</summary>
    public string? RepeatedCallNo { get; set; }

    /// <summary>The same, not yet sent, at another place in the order of arrival.</summary>
    public Whistle As(int number) => new()
    {
        Number = number, Offset = Offset, Request = Request with { Description = $"Simulated whistle {number}" }, Team = Team, Community = Community, PropertyRecused = PropertyRecused, Life = Life,
    };
}

/// <summary>A case's life after its whistle, generated before the run so that the same seed gives the same lives.</summary>
/// <param name="Answered">Someone in the team accepts it; otherwise it is left to its clocks.</param>
/// <param name="Raced">Two team members tap at once.</param>
/// <param name="Pick">Which members: an index modulo the number of candidates.</param>
/// <param name="Verified">A grid worker who took no part verifies it.</param>
/// <param name="Satisfaction">The caller's rating; null if the caller stays silent.</param>
/// <param name="Repeated">The whistle is sent a second time with its key, like a phone that lost the response.</param>
/// <param name="Pauses">How long people take, at recorded speed.</param>
internal sealed record LifePlan(
    bool Answered, bool Raced, int Pick, bool Verified, bool Solved, string? Satisfaction, bool Repeated, Pauses Pauses)
{
    /// <summary>Its exception: one of <see cref="FieldLives.Names"/>; null for the usual course.</summary>
    public string? Story { get; init; }
}

/// <summary>The time before each step of a case, from the moment it could be accepted.</summary>
internal readonly record struct Pauses(TimeSpan Accept, TimeSpan Arrive, TimeSpan Resolve, TimeSpan Verify, TimeSpan Evaluate);
