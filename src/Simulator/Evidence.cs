using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Everything a run has observed, as input for the checks.</summary>
internal sealed record Evidence
{
    public required IReadOnlyList<Whistle> Whistles { get; init; }

    public required IReadOnlyList<GivenAnswer> Answers { get; init; }

    public IReadOnlyList<Errand> Errands { get; init; } = [];

    /// <summary>Everything that was acknowledged about errands.</summary>
    public IReadOnlyCollection<GivenStep> Steps { get; init; } = [];

    public required IReadOnlyList<ScreenLog> Boards { get; init; }

    public required IReadOnlyList<MemberLog> Members { get; init; }

    public IReadOnlyList<PageLog> Pages { get; init; } = [];

    public required JournalAudit Journal { get; init; }

    /// <summary>The journal's head at the end of the run: every watcher had time to reach it.</summary>
    public required long SettledHead { get; init; }

    /// <summary>Who went off duty in the run, and when.</summary>
    public IReadOnlyCollection<Absence> Absences { get; init; } = [];

    /// <summary>What became of the call-outs; null if there were none.</summary>
    public Faults? Callouts { get; init; }

    /// <summary>What was to break and did not; null if nothing was to.</summary>
    public Faults? Breaking { get; init; }

    /// <summary>Evidence specific to the field command; null otherwise.</summary>
    public FieldEvidence? Field { get; init; }

    /// <summary>The server's clock before the journal was read; null if no frame reported it.</summary>
    public DateTimeOffset? ServerTime { get; init; }
}

/// <param name="Used">How often each exception occurs in the journal.</param>
/// <param name="Rates">Where the server's rates differ from the journal.</param>
internal sealed record FieldEvidence(IReadOnlyDictionary<string, int> Used, Faults Rates);

/// <summary>The response to an answer or a rating.</summary>
/// <param name="What">Its name in the journal.</param>
/// <param name="By">The post, or "caller".</param>
/// <param name="Ok">It was acknowledged.</param>
/// <param name="WinnerTold">A lost race named the winning team and post.</param>
/// <param name="IntendedAt">When it was due to be sent; for the record.</param>
internal sealed record GivenAnswer(string CallNo, string What, string By, bool Ok, string Code, bool WinnerTold, long IntendedAt = 0);

/// <summary>A post was off duty: nobody rings it in that time.</summary>
/// <param name="From">When the server had acknowledged that it goes.</param>
/// <param name="Until">When it was about to come back.</param>
internal sealed record Absence(string Post, long From, long Until);

/// <summary>What was pushed to one team member.</summary>
internal sealed record MemberLog(Me Member, ScreenLog Screen)
{
    public Faults WrongPushes { get; } = new();

    public Faults OffDutyRings { get; } = new();

    public void Take(CallCard card)
    {
        WrongPushes.Check();
        OffDutyRings.Check();
        if (PushRules.WhyWrong(Member, card) is { } why)
            WrongPushes.Add($"{Member.UserName} was pushed {card.CallNo} version {card.Version} ({card.State}): {why}");
        if (PushRules.RingsOffDuty(Member, card)) OffDutyRings.Add($"{Member.UserName} is off duty and was rung for {card.CallNo}");
    }
}
