using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>One promise and its violations.</summary>
internal sealed record Promise(string Name, Faults Faults)
{
    public bool Held => Faults.Count == 0;
}

/// <summary>The promises by which a run is judged. Pure: evidence in, faults out.</summary>
internal static class Promises
{
    /// <summary>How late a clock may be before it counts as missed.</summary>
    public static readonly TimeSpan ClockGrace = TimeSpan.FromSeconds(5);

    public const string Caller = "caller";

    /// <summary>In report order.</summary>
    public static IReadOnlyList<Promise> Check(Evidence evidence) =>
    [
        new("lost", Lost(evidence)),
        new("out of order", Sum([.. Seeing.Screens(evidence).Select(s => s.OutOfOrder), .. evidence.Pages.Select(p => p.OutOfOrder)], f => f)),
        new("double winners", DoubleWinners(evidence)),
        new("losers not told", LosersNotTold(evidence)),
        new("duplicated", Duplicated(evidence)),
        new("unanswered", Unanswered(evidence)),
        new("journal gaps", evidence.Journal.Gaps),
        new("feed gaps", Sum(Seeing.Screens(evidence), s => s.Gaps)),
        new("missing on boards", Seeing.MissingOnBoards(evidence)),
        new("missing on teams", Seeing.MissingOnTeams(evidence)),
        new("missing on pages", Seeing.MissingOnPages(evidence)),
        new("wrong pushes", Sum(evidence.Members, m => m.WrongPushes)),
        new("off-duty rings", Seeing.OffDutyRings(evidence)),
        new("doubled clocks", evidence.Journal.DoubledClocks),
        new("missed clocks", MissedClocks(evidence)),
        new("seen after recusal", Seeing.SeenAfterRecusal(evidence)),
        .. evidence.Callouts is { } callouts ? new[] { new Promise("call-outs unlike their report", callouts) } : [],
        .. evidence.Breaking is { } breaking ? new[] { new Promise("nothing broke", breaking) } : [],
        .. evidence.Field is { } field ? new[] { new Promise("rates unlike the journal", field.Rates), new Promise("exceptions unused", Unused(field)) } : [],
    ];

    /// <summary>A run without an exception proves nothing about it.</summary>
    private static Faults Unused(FieldEvidence field)
    {
        var faults = new Faults();
        faults.Check(field.Used.Count);
        foreach (var (name, count) in field.Used)
            if (count == 0) faults.Add($"nobody used: {name}");
        return faults;
    }

    /// <summary>Busy must not last: every whistle sent is acknowledged within its retries.</summary>
    private static Faults Unanswered(Evidence evidence)
    {
        var faults = new Faults();
        faults.Check(evidence.Whistles.Count(w => w.Receipt is not null || w.Refusal is not null) + evidence.Errands.Count(e => e.Receipt is not null || e.Refusal is not null));
        foreach (var whistle in evidence.Whistles)
            if (whistle.Refusal is { } refusal) faults.Add($"whistle {whistle.Number} was given up: {refusal}");
        foreach (var errand in evidence.Errands)
            if (errand.Refusal is { } refusal) faults.Add($"errand {errand.Number} {errand.Receipt?.CallNo} was given up: {refusal}");
        return faults;
    }

    /// <summary>Every acknowledged whistle or answer is in the journal.</summary>
    private static Faults Lost(Evidence evidence)
    {
        var faults = new Faults();
        faults.Check(evidence.Whistles.Count(w => w.Receipt is not null) + evidence.Answers.Count(a => a.Ok) + evidence.Steps.Count);
        foreach (var whistle in evidence.Whistles)
            if (whistle.Receipt is { } receipt && evidence.Journal.Find(receipt.CallNo)?.Has(Whats.Whistled) != true)
                faults.Add($"whistle {whistle.Number}, acknowledged as {receipt.CallNo}, is not in the journal");
        foreach (var answer in evidence.Answers)
            if (answer.Ok && !IsWritten(evidence.Journal.Find(answer.CallNo), answer))
                faults.Add($"{answer.CallNo} {answer.What} by {answer.By} was acknowledged and is not in the journal");
        foreach (var step in evidence.Steps.CountBy(s => s))
            if ((evidence.Journal.FindMatter(step.Key.CallNo)?.Count(step.Key.What, step.Key.Owed, step.Key.By) ?? 0) is var written && written < step.Value)
                faults.Add($"{step.Key.CallNo} {step.Key.What} {step.Key.Owed} by {step.Key.By} was acknowledged {step.Value} times and is in the journal {written} times");
        return faults;
    }

    /// <summary>An evaluation may be recorded as its consequence.</summary>
    private static bool IsWritten(CaseTrail? trail, GivenAnswer answer) => trail is not null && (answer.What == Whats.Evaluated
        ? trail.Has(Whats.Evaluated) || trail.Has(Whats.Reopened) || trail.Has(Whats.Closed)
        : answer.What == Whats.Withdrawn ? trail.Has(Whats.Withdrawn) || trail.Has(Whats.Noted, answer.By) // continues for joined callers
        : trail.Has(answer.What, answer.By));

    /// <summary>One key, one case; one number, one whistle.</summary>
    private static Faults Duplicated(Evidence evidence)
    {
        var faults = new Faults();
        var owners = new Dictionary<string, int>();
        foreach (var whistle in evidence.Whistles)
        {
            if (whistle.Receipt is not { } receipt) continue;
            faults.Check(whistle.RepeatedCallNo is null ? 1 : 2);
            if (!owners.TryAdd(receipt.CallNo, whistle.Number))
                faults.Add($"whistles {owners[receipt.CallNo]} and {whistle.Number} were both acknowledged as {receipt.CallNo}");
            if (whistle.RepeatedCallNo is { } repeated && repeated != receipt.CallNo)
                faults.Add($"whistle {whistle.Number} was {receipt.CallNo}, and {repeated} when repeated under the same key");
        }

        faults.Check(evidence.Errands.Count(e => e.Receipt is not null) + evidence.Steps.Count);
        foreach (var twice in evidence.Errands.Where(e => e.Receipt is not null).GroupBy(e => e.Receipt!.CallNo).Where(g => g.Count() > 1))
            faults.Add($"errands {string.Join(" and ", twice.Select(e => e.Number))} were acknowledged as {twice.Key}");
        foreach (var errand in evidence.Errands)
            if (errand.Repetition is { } repetition) faults.Add($"errand {errand.Number}: {repetition}");
        foreach (var step in evidence.Steps.CountBy(s => s))
            if (evidence.Journal.FindMatter(step.Key.CallNo)?.Count(step.Key.What, step.Key.Owed, step.Key.By) > step.Value && evidence.Errands.All(e => e.Receipt?.CallNo != step.Key.CallNo || e is { Refusal: null, IsCut: false }))
                faults.Add($"{step.Key.CallNo} {step.Key.What} {step.Key.Owed} by {step.Key.By} is in the journal more often than the {step.Value} times that it was acknowledged");

        return faults;
    }

    /// <summary>In the journal and in the responses: of two who tapped, exactly one was told that the case is theirs.</summary>
    private static Faults DoubleWinners(Evidence evidence)
    {
        var faults = new Faults();
        faults.AddAll(evidence.Journal.DoubleWinners);
        var told = evidence.Answers.Where(a => a is { Ok: true, What: Whats.Accepted }).GroupBy(a => a.CallNo);
        foreach (var winners in told)
        {
            faults.Check();
            var posts = winners.Select(a => a.By).Distinct().ToArray();
            if (posts.Length > Math.Max(1, evidence.Journal.Find(winners.Key)?.Taken ?? 0)) faults.Add($"{winners.Key}: {string.Join(" and ", posts)} were both told that it is theirs");
        }

        return faults;
    }

    private static Faults LosersNotTold(Evidence evidence)
    {
        var faults = new Faults();
        faults.Check(evidence.Answers.Count(a => a.Code == Codes.AlreadyAccepted));
        foreach (var answer in evidence.Answers)
            if (answer is { Code: Codes.AlreadyAccepted, WinnerTold: false })
                faults.Add($"{answer.By} lost {answer.CallNo} and was not told to which team and post");
        return faults;
    }

    /// <summary>No open case has a clock that should have acted.</summary>
    private static Faults MissedClocks(Evidence evidence)
    {
        var faults = new Faults();
        if (evidence.ServerTime is not { } now) return faults;
        faults.Check(evidence.Journal.Cases.Count(c => c.OverSince is null) + evidence.Journal.Matters.Count(m => m.OverSince is null));
        foreach (var trail in evidence.Journal.Cases)
            if (trail.OverSince is null && trail.NextDue < now - ClockGrace)
                faults.Add($"{trail.CallNo} has waited for its clock since {trail.NextDue:O}");
        foreach (var trail in evidence.Journal.Matters)
            if (trail.OverSince is null && trail.NextDue < now - ClockGrace)
                faults.Add($"{trail.CallNo} has waited for its clock since {trail.NextDue:O}");
        return faults;
    }

    public static Faults Sum<T>(IEnumerable<T> of, Func<T, Faults> pick)
    {
        var faults = new Faults();
        foreach (var item in of) faults.AddAll(pick(item));
        return faults;
    }
}
