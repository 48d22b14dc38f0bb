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

    /// <summary>The maximum of cases in a snapshot, nearest breaches first.</summary>
    public const int SnapshotLimit = 5_000;

    public const string Caller = "caller";

    /// <summary>In report order.</summary>
    public static IReadOnlyList<Promise> Check(Evidence evidence) =>
    [
        new("lost", Lost(evidence)),
        new("out of order", Sum([.. Screens(evidence).Select(s => s.OutOfOrder), .. evidence.Pages.Select(p => p.OutOfOrder)], f => f)),
        new("double winners", DoubleWinners(evidence)),
        new("losers not told", LosersNotTold(evidence)),
        new("duplicated", Duplicated(evidence)),
        new("unanswered", Unanswered(evidence)),
        new("journal gaps", evidence.Journal.Gaps),
        new("feed gaps", Sum(Screens(evidence), s => s.Gaps)),
        new("missing on boards", MissingOnBoards(evidence)),
        new("missing on teams", MissingOnTeams(evidence)),
        new("missing on pages", MissingOnPages(evidence)),
        new("wrong pushes", Sum(evidence.Members, m => m.WrongPushes)),
        new("off-duty rings", Sum(evidence.Members, m => m.OffDutyRings)),
        new("doubled clocks", evidence.Journal.DoubledClocks),
        new("missed clocks", MissedClocks(evidence)),
        new("seen after recusal", SeenAfterRecusal(evidence)),
        .. evidence.Field is { } field ? new[] { new Promise("rates unlike the journal", field.Rates), new Promise("exceptions unused", Unused(field)) } : [],
    ];

    /// <summary>Self-recused posts saw nothing more of the case.</summary>
    private static Faults SeenAfterRecusal(Evidence evidence)
    {
        var faults = new Faults();
        foreach (var trail in evidence.Journal.Cases)
            foreach (var (post, version) in trail.Recused)
                foreach (var member in evidence.Members)
                    if (member.Member.Post == post && member.Screen.VersionSeen(trail.CallNo) >= version)
                        faults.Add($"{member.Screen.Name} took themselves out of {trail.CallNo} at version {version} and saw version {member.Screen.VersionSeen(trail.CallNo)}");
        return faults;
    }

    /// <summary>A run without an exception proves nothing about it.</summary>
    private static Faults Unused(FieldEvidence field)
    {
        var faults = new Faults();
        foreach (var (name, count) in field.Used)
            if (count == 0) faults.Add($"nobody used: {name}");
        return faults;
    }

    /// <summary>Busy must not last: every whistle sent is acknowledged within its retries.</summary>
    private static Faults Unanswered(Evidence evidence)
    {
        var faults = new Faults();
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
            if (!owners.TryAdd(receipt.CallNo, whistle.Number))
                faults.Add($"whistles {owners[receipt.CallNo]} and {whistle.Number} were both acknowledged as {receipt.CallNo}");
            if (whistle.RepeatedCallNo is { } repeated && repeated != receipt.CallNo)
                faults.Add($"whistle {whistle.Number} was {receipt.CallNo}, and {repeated} when repeated under the same key");
        }

        foreach (var twice in evidence.Errands.Where(e => e.Receipt is not null).GroupBy(e => e.Receipt!.CallNo).Where(g => g.Count() > 1))
            faults.Add($"errands {string.Join(" and ", twice.Select(e => e.Number))} were acknowledged as {twice.Key}");
        foreach (var errand in evidence.Errands)
            if (errand.Repetition is { } repetition) faults.Add($"errand {errand.Number}: {repetition}");
        foreach (var step in evidence.Steps.CountBy(s => s))
            if (evidence.Journal.FindMatter(step.Key.CallNo)?.Count(step.Key.What, step.Key.Owed, step.Key.By) > step.Value && evidence.Errands.All(e => e.Receipt?.CallNo != step.Key.CallNo || e is { Refusal: null, IsCut: false }))
                faults.Add($"{step.Key.CallNo} {step.Key.What} {step.Key.Owed} by {step.Key.By} is in the journal more often than the {step.Value} times that it was acknowledged");

        return faults;
    }

    /// <summary>Every change after a board's first snapshot reached it, at that version or later.</summary>
    private static Faults MissingOnBoards(Evidence evidence)
    {
        var faults = new Faults();
        var due = LastOfEachCase(evidence, _ => true);
        foreach (var board in evidence.Boards)
            foreach (var change in due)
                if (IsMissing(board, change)) faults.Add($"{board.Name} never saw {Describe(change)}");
        foreach (var board in evidence.Boards)
            foreach (var matter in evidence.Errands.Select(e => evidence.Journal.FindMatter(e.Receipt?.CallNo ?? string.Empty)).OfType<MatterTrail>())
                if (WhyMissing(board, matter, evidence) is { } why) faults.Add(why);
        return faults;
    }

    /// <summary>
    /// Every whistle reached every member of the grid's team who may see it, and every change of a team's case reached every member
    /// of the teams in the journal.
    /// </summary>
    private static Faults MissingOnTeams(Evidence evidence)
    {
        var faults = new Faults();
        var whistles = evidence.Whistles.Where(w => w.Receipt is not null).ToLookup(w => w.Team);
        foreach (var group in evidence.Members.Where(m => m.Member.OnDuty).GroupBy(m => (m.Member.Team, IsProperty: m.Member.PostKind == PushRules.Property)))
        {
            var due = LastOfEachCase(evidence, c => c.Eyes.Include(group.Key.Team, group.Key.IsProperty));
            foreach (var member in group)
            {
                var unseen = new HashSet<string>();
                foreach (var whistle in whistles[member.Member.Team!])
                    if (MustReach(member.Member, whistle) && !IsRecused(member, evidence.Journal.Find(whistle.Receipt!.CallNo)) && member.Screen.VersionSeen(whistle.Receipt!.CallNo) == 0 && member.Screen.Replacements.Count <= 1)
                        unseen.Add(whistle.Receipt.CallNo);
                foreach (var callNo in unseen) faults.Add($"{member.Screen.Name} of team {member.Member.Team} never saw {callNo}");
                foreach (var change in due)
                    if (!unseen.Contains(change.Case.CallNo) && !IsRecused(member, change.Case) && IsMissing(member.Screen, change))
                        faults.Add($"{member.Screen.Name} of team {member.Member.Team} never saw {Describe(change)}");
            }
        }

        foreach (var member in evidence.Members)
            foreach (var errand in evidence.Errands.Where(e => e.Team == member.Member.Team && e.Receipt is not null))
                if (evidence.Journal.FindMatter(errand.Receipt!.CallNo) is { } matter && WhyMissing(member.Screen, matter, evidence) is { } why) faults.Add($"{why}; it is of team {errand.Team}");

        return faults;
    }

    /// <summary>What a screen has missed of a matter that it may see; null if nothing.</summary>
    private static string? WhyMissing(ScreenLog screen, MatterTrail matter, Evidence evidence)
    {
        if (matter.LastUpTo(evidence.SettledHead) is not { } last || last.Seq <= screen.JoinedAt || screen.VersionSeen(matter.CallNo) >= last.Version || screen.WasGone(matter.CallNo)) return null;
        if (screen.Replacements.Skip(1).Any(filled => filled.Through >= last.Seq && (matter.OverSince <= filled.Through || filled.Cases >= SnapshotLimit))) return null;
        return $"{screen.Name} never saw {matter.CallNo} at version {last.Version} (journal {last.Seq})";
    }

    private static bool IsRecused(MemberLog member, CaseTrail? trail) => trail is not null && member.Member.Post is { } post && trail.Recused.ContainsKey(post);

    /// <summary>The last required change of each case up to the settled head: seeing it is enough.</summary>
    private static List<Change> LastOfEachCase(Evidence evidence, Func<Change, bool> mustSee)
    {
        var last = new Dictionary<CaseTrail, Change>();
        foreach (var change in evidence.Journal.Changes)
            if (change.Seq <= evidence.SettledHead && mustSee(change)) last[change.Case] = change;
        return [.. last.Values];
    }

    /// <summary>
    /// A screen refilled by a resync has skipped what it need not show: closed cases and, if there were more
    /// cases than a snapshot holds, the farther ones. A watcher told that a case is gone need not have seen its last version.
    /// </summary>
    private static bool IsMissing(ScreenLog screen, Change change)
    {
        if (change.Seq <= screen.JoinedAt || screen.VersionSeen(change.Case.CallNo) >= change.Version || screen.WasGone(change.Case.CallNo)) return false;
        foreach (var filled in screen.Replacements.Skip(1))
            if (filled.Through >= change.Seq && (change.Case.OverSince <= filled.Through || filled.Cases >= SnapshotLimit))
                return false;
        return true;
    }

    private static string Describe(Change change) => $"{change.Case.CallNo} at version {change.Version} (journal {change.Seq})";

    /// <summary>Every page finally showed its case's last version.</summary>
    private static Faults MissingOnPages(Evidence evidence)
    {
        var faults = new Faults();
        var last = evidence.Journal.VersionsAt(evidence.SettledHead);
        foreach (var page in evidence.Pages)
            if (last.GetValueOrDefault(page.CallNo) is var due && page.Version < due)
                faults.Add($"the page of {page.CallNo} stayed at version {page.Version}, and the case came to {due}");
        return faults;
    }

    public static bool MustReach(Me member, Whistle whistle) =>
        member.OnDuty && !(whistle.PropertyRecused && member.PostKind == PushRules.Property);

    /// <summary>In the journal and in the responses: of two who tapped, exactly one was told that the case is theirs.</summary>
    private static Faults DoubleWinners(Evidence evidence)
    {
        var faults = new Faults();
        faults.AddAll(evidence.Journal.DoubleWinners);
        var told = evidence.Answers.Where(a => a is { Ok: true, What: Whats.Accepted }).GroupBy(a => a.CallNo);
        foreach (var winners in told)
        {
            var posts = winners.Select(a => a.By).Distinct().ToArray();
            if (posts.Length > Math.Max(1, evidence.Journal.Find(winners.Key)?.Taken ?? 0)) faults.Add($"{winners.Key}: {string.Join(" and ", posts)} were both told that it is theirs");
        }

        return faults;
    }

    private static Faults LosersNotTold(Evidence evidence)
    {
        var faults = new Faults();
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
        foreach (var trail in evidence.Journal.Cases)
            if (trail.OverSince is null && trail.NextDue < now - ClockGrace)
                faults.Add($"{trail.CallNo} has waited for its clock since {trail.NextDue:O}");
        foreach (var trail in evidence.Journal.Matters)
            if (trail.OverSince is null && trail.NextDue < now - ClockGrace)
                faults.Add($"{trail.CallNo} has waited for its clock since {trail.NextDue:O}");
        return faults;
    }

    private static IEnumerable<ScreenLog> Screens(Evidence evidence) => evidence.Boards.Concat(evidence.Members.Select(m => m.Screen));

    private static Faults Sum<T>(IEnumerable<T> of, Func<T, Faults> pick)
    {
        var faults = new Faults();
        foreach (var item in of) faults.AddAll(pick(item));
        return faults;
    }
}
