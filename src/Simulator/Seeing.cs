using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>The promises about what watchers are shown, and what not. Pure.</summary>
internal static class Seeing
{
    /// <summary>The maximum of cases in a snapshot, nearest breaches first.</summary>
    public const int SnapshotLimit = 5_000;

    /// <summary>What was under way when a post went off duty may still arrive.</summary>
    public static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(2);

    public static IEnumerable<ScreenLog> Screens(Evidence evidence) => evidence.Boards.Concat(evidence.Members.Select(m => m.Screen));

    /// <summary>Self-recused posts saw nothing more of the case.</summary>
    public static Faults SeenAfterRecusal(Evidence evidence)
    {
        var faults = new Faults();
        foreach (var trail in evidence.Journal.Cases)
            foreach (var (post, version) in trail.Recused)
                foreach (var member in evidence.Members)
                {
                    if (member.Member.Post != post) continue;
                    faults.Check();
                    if (member.Screen.VersionSeen(trail.CallNo) >= version)
                        faults.Add($"{member.Screen.Name} took themselves out of {trail.CallNo} at version {version} and saw version {member.Screen.VersionSeen(trail.CallNo)}");
                }

        return faults;
    }

    /// <summary>Nobody off duty is rung: neither who is off all the time, nor who went off in the run, while they were away.</summary>
    public static Faults OffDutyRings(Evidence evidence)
    {
        var faults = Promises.Sum(evidence.Members, m => m.OffDutyRings);
        var members = evidence.Members.ToLookup(m => m.Member.Post);
        foreach (var absence in evidence.Absences)
        {
            var from = absence.From + (long)(UnderWay.TotalSeconds * TimeProvider.System.TimestampFrequency);
            foreach (var member in members[absence.Post])
                foreach (var whistle in evidence.Whistles.Where(w => w.Receipt is not null && w.Team == member.Member.Team && w.IntendedAt > from && w.IntendedAt < absence.Until))
                {
                    faults.Check();
                    if (member.Screen.FirstSeen(whistle.Receipt!.CallNo) is { } at && at < absence.Until) faults.Add($"{member.Screen.Name} had gone off duty and was rung for {whistle.Receipt.CallNo}");
                }
        }

        return faults;
    }

    /// <summary>Every change after a board's first snapshot reached it, at that version or later.</summary>
    public static Faults MissingOnBoards(Evidence evidence)
    {
        var faults = new Faults();
        var due = LastOfEachCase(evidence, _ => true);
        faults.Check((long)evidence.Boards.Count * due.Count);
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
    public static Faults MissingOnTeams(Evidence evidence)
    {
        var faults = new Faults();
        var whistles = evidence.Whistles.Where(w => w.Receipt is not null).ToLookup(w => w.Team);
        var away = evidence.Absences.Select(a => a.Post).ToHashSet(); // not shown what came meanwhile, so not judged by it
        foreach (var group in evidence.Members.Where(m => m.Member.OnDuty && !away.Contains(m.Member.Post ?? string.Empty)).GroupBy(m => (m.Member.Team, IsProperty: m.Member.PostKind == PushRules.Property)))
        {
            var due = LastOfEachCase(evidence, c => c.Eyes.Include(group.Key.Team, group.Key.IsProperty));
            foreach (var member in group)
            {
                var unseen = new HashSet<string>();
                faults.Check(due.Count);
                foreach (var whistle in whistles[member.Member.Team!])
                    if (MustReach(member.Member, whistle) && !IsRecused(member, evidence.Journal.Find(whistle.Receipt!.CallNo)) && member.Screen.VersionSeen(whistle.Receipt!.CallNo) == 0 && !WasFilledWithout(member, evidence.Journal.Find(whistle.Receipt!.CallNo), evidence))
                        unseen.Add(whistle.Receipt.CallNo);
                foreach (var callNo in unseen) faults.Add($"{member.Screen.Name} of team {member.Member.Team} never saw {callNo}");
                foreach (var change in due)
                    if (!unseen.Contains(change.Case.CallNo) && !IsRecused(member, change.Case) && IsMissing(member.Screen, change))
                        faults.Add($"{member.Screen.Name} of team {member.Member.Team} never saw {Describe(change)}");
            }
        }

        foreach (var member in evidence.Members.Where(m => !away.Contains(m.Member.Post ?? string.Empty)))
            foreach (var errand in evidence.Errands.Where(e => e.Team == member.Member.Team && e.Receipt is not null))
                if (evidence.Journal.FindMatter(errand.Receipt!.CallNo) is { } matter && WhyMissing(member.Screen, matter, evidence) is { } why) faults.Add($"{why}; it is of team {errand.Team}");

        return faults;
    }

    /// <summary>What a screen has missed of a matter that it may see; null if nothing.</summary>
    private static string? WhyMissing(ScreenLog screen, MatterTrail matter, Evidence evidence)
    {
        if (matter.LastUpTo(evidence.SettledHead) is not { } last || WasBefore(screen, last.Seq) || screen.VersionSeen(matter.CallNo) >= last.Version || screen.WasGone(matter.CallNo)) return null;
        if (FilledAnew(screen).Any(filled => filled.Through >= last.Seq && (matter.OverSince <= filled.Through || filled.Cases >= SnapshotLimit))) return null;
        return $"{screen.Name} never saw {matter.CallNo} at version {last.Version} (journal {last.Seq})";
    }

    /// <summary>
    /// The screen was filled anew, after a resync or in another epoch, when the case was over or no longer the team's, or with as many cases as a
    /// snapshot holds: what it showed before is forgotten.
    /// </summary>
    private static bool WasFilledWithout(MemberLog member, CaseTrail? trail, Evidence evidence) =>
        trail is not null && FilledAnew(member.Screen).Any(filled => filled.Cases >= SnapshotLimit || trail.OverSince <= filled.Through
            || evidence.Journal.Changes.LastOrDefault(c => c.Case == trail && c.Seq <= filled.Through) is { } last && !last.Eyes.Include(member.Member.Team, member.Member.PostKind == PushRules.Property));

    /// <summary>The snapshots that replaced what the screen showed. In another epoch even the first does, and must show what is open.</summary>
    private static IEnumerable<Replacement> FilledAnew(ScreenLog screen) => screen.Replacements.Skip(screen.EpochChanges > 0 ? 0 : 1);

    /// <summary>From before the watcher came: not owed to it.</summary>
    private static bool WasBefore(ScreenLog screen, long seq) => screen.EpochChanges == 0 && seq <= screen.JoinedAt;

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
        if (WasBefore(screen, change.Seq) || screen.VersionSeen(change.Case.CallNo) >= change.Version || screen.WasGone(change.Case.CallNo)) return false;
        foreach (var filled in FilledAnew(screen))
            if (filled.Through >= change.Seq && (change.Case.OverSince <= filled.Through || filled.Cases >= SnapshotLimit))
                return false;
        return true;
    }

    private static string Describe(Change change) => $"{change.Case.CallNo} at version {change.Version} (journal {change.Seq})";

    /// <summary>Every page finally showed its case's last version.</summary>
    public static Faults MissingOnPages(Evidence evidence)
    {
        var faults = new Faults();
        var last = evidence.Journal.VersionsAt(evidence.SettledHead);
        faults.Check(evidence.Pages.Count);
        foreach (var page in evidence.Pages)
            if (last.GetValueOrDefault(page.CallNo) is var due && page.Version < due)
                faults.Add($"the page of {page.CallNo} stayed at version {page.Version}, and the case came to {due}");
        return faults;
    }

    public static bool MustReach(Me member, Whistle whistle) =>
        member.OnDuty && !(whistle.PropertyRecused && member.PostKind == PushRules.Property);
}
