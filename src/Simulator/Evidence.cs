using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>All that a run has seen, as the checks need it.</summary>
internal sealed record Evidence
{
    public required IReadOnlyList<Whistle> Whistles { get; init; }

    public required IReadOnlyList<GivenAnswer> Answers { get; init; }

    public required IReadOnlyList<ScreenLog> Boards { get; init; }

    public required IReadOnlyList<MemberLog> Members { get; init; }

    public IReadOnlyList<PageLog> Pages { get; init; } = [];

    public required JournalAudit Journal { get; init; }

    /// <summary>The journal's head when the run was over: up to here every watcher had time to come.</summary>
    public required long SettledHead { get; init; }

    /// <summary>What only a day in the field is judged by; null elsewhere.</summary>
    public FieldEvidence? Field { get; init; }

    /// <summary>The server's clock before the journal was read; null where no frame told it.</summary>
    public DateTimeOffset? ServerTime { get; init; }
}

/// <param name="Used">How often each exception is in the journal.</param>
/// <param name="Rates">Where the server's rates are not those of the journal.</param>
internal sealed record FieldEvidence(IReadOnlyDictionary<string, int> Used, Faults Rates);

/// <summary>What somebody was told about an answer or an evaluation that they gave.</summary>
/// <param name="What">What the journal calls it.</param>
/// <param name="By">The post, or "caller".</param>
/// <param name="Ok">It was acknowledged.</param>
/// <param name="WinnerTold">A lost race said which team and post won.</param>
/// <param name="IntendedAt">The timestamp at which it was to be given; for the record.</param>
internal sealed record GivenAnswer(string CallNo, string What, string By, bool Ok, string Code, bool WinnerTold, long IntendedAt = 0);

/// <summary>What one member of a team was pushed.</summary>
internal sealed record MemberLog(Me Member, ScreenLog Screen)
{
    public Faults WrongPushes { get; } = new();

    public Faults OffDutyRings { get; } = new();

    public void Take(CallCard card)
    {
        if (PushRules.WhyWrong(Member, card) is { } why)
            WrongPushes.Add($"{Member.UserName} was pushed {card.CallNo} version {card.Version} ({card.State}): {why}");
        if (PushRules.RingsOffDuty(Member, card)) OffDutyRings.Add($"{Member.UserName} is off duty and was rung for {card.CallNo}");
    }
}
