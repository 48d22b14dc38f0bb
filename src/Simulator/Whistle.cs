using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>One whistle of the run: what was drawn for it before the run, and what became of it.</summary>
internal sealed class Whistle
{
    /// <summary>Counts from 1 in order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>When it is to be sent, from the start of the recording, at recorded speed.</summary>
    public required TimeSpan Offset { get; init; }

    public required WhistleRequest Request { get; init; }

    /// <summary>The team of its grid.</summary>
    public required string Team { get; init; }

    public required string Community { get; init; }

    /// <summary>Property staff must not be rung.</summary>
    public required bool PropertyRecused { get; init; }

    public required LifePlan Life { get; set; }

    /// <summary>The instant at which it ought to be sent, fixed before the first one was: every latency counts from here.</summary>
    public long IntendedAt { get; set; }

    /// <summary>When the generator got to it; minus <see cref="IntendedAt"/> this is the generator's own lag.</summary>
    public long StartedAt { get; set; }

    public long AcknowledgedAt { get; set; }

    /// <summary>Null while it is not acknowledged.</summary>
    public WhistleReceipt? Receipt { get; set; }

    /// <summary>Why it was given up; null where it was acknowledged or never sent.</summary>
    public string? Refusal { get; set; }

    /// <summary>The number, or the code of the refusal, that a repetition under the same key was answered; null where there was no answer.</summary>
    public string? RepeatedCallNo { get; set; }
}

/// <summary>What happens to a case after its whistle, drawn before the run so that the same seed gives the same lives.</summary>
/// <param name="Answered">Someone of the team takes it; otherwise it is left to its clocks.</param>
/// <param name="Raced">Two of the team tap at once.</param>
/// <param name="Pick">Which members: an index to be taken modulo the number of candidates.</param>
/// <param name="Verified">A grid worker who took no part verifies it.</param>
/// <param name="Satisfaction">The caller's word; null where the caller stays silent.</param>
/// <param name="Repeated">The whistle is sent a second time under its key, as a phone does that lost the answer.</param>
/// <param name="Pauses">How long people take, at recorded speed.</param>
internal sealed record LifePlan(
    bool Answered, bool Raced, int Pick, bool Verified, bool Solved, string? Satisfaction, bool Repeated, Pauses Pauses)
{
    /// <summary>The exception that it goes through: one of <see cref="FieldLives.Names"/>; null where it goes the usual way.</summary>
    public string? Story { get; init; }
}

/// <summary>The time before each step of a case, from the moment that it could have been taken.</summary>
internal readonly record struct Pauses(TimeSpan Accept, TimeSpan Arrive, TimeSpan Resolve, TimeSpan Verify, TimeSpan Evaluate);
