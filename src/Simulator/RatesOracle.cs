using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Computes the three rates and related figures from the journal's lines and the street's rules alone, to check the server's own
/// figures. Written independently from the rules, without the server's code. Pure.
/// </summary>
internal sealed class RatesOracle
{
    /// <summary>The groupings that are compared.</summary>
    public static readonly IReadOnlyList<string> Ways = ["street", "community", "team", "category", "day"];

    private static readonly TimeSpan _shanghai = TimeSpan.FromHours(8);
    private readonly Dictionary<string, List<JournalLine>> _lines = [];

    public void Add(JournalLine line)
    {
        if (line.Kind is not null) return; // the rates are of whistles
        if (!_lines.TryGetValue(line.CallNo, out var of)) _lines.Add(line.CallNo, of = []);
        of.Add(line);
    }

    /// <summary>The days (Asia/Shanghai) of the first and last whistle; null if there is none.</summary>
    public (DateOnly From, DateOnly To)? Days => _lines.Count == 0 ? null : (_lines.Values.Min(l => DayOf(l[0].At)), _lines.Values.Max(l => DayOf(l[0].At)));

    /// <summary>Where the server's figures differ from the journal.</summary>
    public IEnumerable<string> Differences(RatesView view)
    {
        var mine = Groups(view.By, view.From, view.To, view.AsOf);
        var theirs = view.Groups.ToDictionary(g => g.Code);
        foreach (var code in mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
        {
            if (!mine.TryGetValue(code, out var cases)) yield return $"{view.By} {code} has no valid case in the journal and figures all the same";
            else if (!theirs.TryGetValue(code, out var line)) yield return $"{view.By} {code} has {cases.Count} valid cases in the journal and no figures";
            else
                foreach (var difference in Compare(cases, line)) yield return $"{view.By} {code}: {difference}";
        }
    }

    /// <summary>The number of valid cases, and of those past their 到场 due time: empty rates prove nothing.</summary>
    public (int Cases, int Due) Weight(DateTimeOffset asOf)
    {
        var cases = _lines.Values.Select(l => new Told(Until(l, asOf), asOf, false)).Where(c => c.Counts).ToList();
        return (cases.Count, cases.Count(c => c.Response is not Verdict.NotYet));
    }

    private SortedDictionary<string, List<Told>> Groups(string by, DateOnly from, DateOnly to, DateTimeOffset asOf)
    {
        var groups = new SortedDictionary<string, List<Told>>(StringComparer.Ordinal);
        foreach (var lines in _lines.Values)
        {
            if (DayOf(lines[0].At) < from || DayOf(lines[0].At) > to || Until(lines, asOf) is not { Count: > 0 } seen) continue;
            var told = new Told(seen, asOf, by == "team");
            if (!told.Counts || KeyOf(told, by) is not { } key) continue;
            if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = []);
            group.Add(told);
        }

        return groups;
    }

    private static List<JournalLine> Until(List<JournalLine> lines, DateTimeOffset asOf) => [.. lines.Where(l => l.At <= asOf)];

    private static string? KeyOf(Told told, string by) => by switch
    {
        "street" => "street",
        "community" => told.Card!.Community,
        "category" => told.Card!.Category,
        "day" => DayOf(told.OpenedAt).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        "team" => told.Card!.Lead switch { null => null, { Team: { } team } => team, { Community: { } community } => $"community:{community}", _ => "street" },
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
    };

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(_shanghai).DateTime);

    private static IEnumerable<string> Compare(List<Told> cases, RatesLine line)
    {
        int Count(Func<Told, bool> which) => cases.Count(which);
        var due = cases.Where(c => c.Response is Verdict.Kept or Verdict.Broken).ToList();
        var resolvable = cases.Where(c => c.Resolution is Verdict.Kept or Verdict.Broken).ToList();
        var score = cases.Sum(c => c.Satisfaction switch { "satisfied" => 10, "mostlySatisfied" => 8, _ => 0 }) / 10.0;
        (string Name, double? Mine, double? Theirs)[] figures =
        [
            ("cases", cases.Count, line.Cases),
            ("breached", Count(c => c.Breached), line.Breached),
            ("exempt", Count(c => c.Response == Verdict.Exempt), line.Exempt),
            .. Rate("响应率", due.Count(c => c.Response == Verdict.Kept), due.Count, line.Response),
            .. Rate("解决率", Count(c => c.Solved is true), Count(c => c.Solved is not null), line.Solved),
            .. Rate("满意率", score, Count(c => c.Satisfaction is not null), line.Satisfied),
            .. Rate("回访率", Count(c => c is { Spoken: true, Verified: true }), Count(c => c.Verified), line.Callback),
            .. Rate("首派准确率", Count(c => c.FirstHands), Count(c => c.Resolved), line.FirstTeam),
            .. Rate("退单率", Count(c => c is { Returned: true, Accepted: true }), Count(c => c.Accepted), line.Returned),
            .. Rate("重办率", Count(c => c is { Redone: true, Resolved: true }), Count(c => c.Resolved), line.Redone),
            .. Rate("按时办结率", resolvable.Count(c => c.Resolution == Verdict.Kept), resolvable.Count, line.ResolvedOnTime),
            ("seconds reaching somebody", Seconds(cases, Part.Reach), line.Time.Reach),
            ("seconds with people", Seconds(cases, Part.People), line.Time.Human),
            ("seconds with departments", Seconds(cases, Part.Department), line.Time.Department),
            ("seconds paused", Seconds(cases, Part.Pause), line.Time.Pause),
        ];
        foreach (var (name, mine, theirs) in figures)
            if (mine is null != theirs is null || Math.Abs((mine ?? 0) - (theirs ?? 0)) > 1e-9) yield return $"{name} {theirs} and not {mine}";
    }

    private static IEnumerable<(string, double?, double?)> Rate(string name, double hits, int of, RateView theirs)
    {
        yield return ($"{name} of", of, theirs.Of);
        var (value, low, high) = of == 0 ? ((double?)null, (double?)null, (double?)null) : Interval(hits / of, of);
        yield return (name, value, theirs.Value);
        yield return ($"{name} at least", low, theirs.Low);
        yield return ($"{name} at most", high, theirs.High);
    }

    /// <summary>Wilson's 95 %: the two roots of (p - x)² = z² x (1 - x) / n.</summary>
    private static (double?, double?, double?) Interval(double p, int n)
    {
        const double z = 1.959963984540054;
        var (a, b, c) = (1 + (z * z / n), (2 * p) + (z * z / n), p * p);
        var root = Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c)));
        return (p, Math.Max(0, Math.Min(p, (b - root) / (2 * a))), Math.Min(1, Math.Max(p, (b + root) / (2 * a))));
    }

    private static double Seconds(List<Told> cases, Part part) => Math.Truncate(cases.Aggregate(TimeSpan.Zero, (sum, c) => sum + c.Spent(part)).TotalSeconds);

    private enum Verdict { NotYet, Kept, Broken, Exempt }

    private enum Part { Reach, People, Department, Pause }

    /// <summary>One case, from its lines up to an instant.</summary>
    private sealed class Told(List<JournalLine> lines, DateTimeOffset asOf, bool ofTeam)
    {
        public CallCard Card => lines[^1].Card!;

        public DateTimeOffset OpenedAt => lines[0].At;

        /// <summary>有效: a parent case, not merged, withdrawn, declined or referred to the city, no drill.</summary>
        public bool Counts => lines.Count > 0 && !Card!.Flags.Contains(CallFlags.Drill) && !Card!.Flags.Contains(CallFlags.Child) && !Did("handedUp")
            && Card!.State is not (CallStates.Merged or CallStates.Withdrawn or CallStates.Declined);

        public bool Accepted => Did("accepted");

        public bool Resolved => Did("resolved");

        public bool Returned => Did("returned");

        public bool Redone => Did("reopened") || Did("rejected");

        public bool Verified => Did("verified");

        public bool Spoken => Did("evaluated") || Did("reopened") || Did("calledBack");

        public bool? Solved => lines.FindLast(l => l.What is "evaluated" or "reopened") is { } word ? word.Detail.Contains("solved") : null;

        public string? Satisfaction => lines.Select(l => l.What is "evaluated" or "reopened" or "calledBack" ? Said(l, "satisfaction") : null).LastOrDefault(s => s is not null);

        public bool Breached => Card.Answers.Any(a => a.Kind is "accept" or "arrive" or "resolve" && IsLate(a));

        public Verdict Response => Judge([.. Card.Answers.Where(a => a.Kind is "accept" or "arrive")], (Card.Answers.FirstOrDefault(a => a.Kind == "arrive") ?? Card.Answers.FirstOrDefault(a => a.Kind == "accept"))?.Due);

        public Verdict Resolution => Judge([.. Card.Answers.Where(a => a.Kind == "resolve")], Card.Answers.FirstOrDefault(a => a.Kind == "resolve")?.Due);

        /// <summary>Resolved by a team that the whistle itself rang, the first that accepted it, and by nobody else in between.</summary>
        public bool FirstHands
        {
            get
            {
                if (lines.Find(l => l.What == "resolved") is not { Card.Lead.Team: { } hands } resolved) return false;
                return lines.Find(l => l.What == "accepted")?.Card!.Lead?.Team == hands && lines[0].Card!.Teams.Contains(hands)
                    && !lines.Exists(l => l.What is "returned" or "designated" && l.Version < resolved.Version);
            }
        }

        /// <summary>How the case's time was spent, up to its end or the given instant.</summary>
        public TimeSpan Spent(Part wanted)
        {
            var (spent, at) = (TimeSpan.Zero, OpenedAt);
            for (var i = 0; i < lines.Count; i++)
            {
                var last = i == lines.Count - 1;
                var over = Whats.HasEnded(lines[i].Card!.State);
                if (over && (last || Whats.HasEnded(lines[i + 1].Card!.State))) continue; // nothing runs in what has ended
                var until = last ? asOf : lines[i + 1].At;
                if (until <= at) continue;
                var part = PartAfter(i);
                if (!last && part == Part.Pause && !over && lines[i + 1] is { What: "resumed", Due: { } ended } && ended < until)
                {
                    // The tick was late: the suspension ended at its own instant.
                    if (ended > at)
                    {
                        if (wanted == Part.Pause) spent += ended - at;
                        at = ended;
                    }

                    part = Working(i);
                }

                if (part == wanted) spent += until - at;
                at = until;
            }

            return spent;
        }

        private Part PartAfter(int i) => Whats.HasEnded(lines[i].Card!.State) || Suspended(i) ? Part.Pause : Working(i);

        private Part Working(int i) =>
            lines[i].Card!.State == CallStates.Ringing ? Part.Reach
            : lines[i].Card!.State == CallStates.HandedUp || Waits.Any(w => w.FromVersion <= lines[i].Version && lines[i].Version < w.ToVersion) ? Part.Department
            : Part.People;

        private bool Suspended(int i)
        {
            var begun = lines.FindLastIndex(i, l => l.What == "granted" && Said(l, "petition") == "suspension");
            return begun >= 0 && !lines.GetRange(begun + 1, i - begun).Exists(l => l.What == "resumed" || l.Detail.Contains("resumed") || Whats.HasEnded(l.Card!.State));
        }

        /// <summary>From the summons of a called party to its answer or release, or to the end of the case.</summary>
        private IEnumerable<(DateTimeOffset From, DateTimeOffset To, int FromVersion, int ToVersion)> Waits
        {
            get
            {
                foreach (var called in lines.Where(l => l.What == "summoned"))
                {
                    var key = Said(called, "answer");
                    var ended = lines.Find(l => l.Version > called.Version && ((l.What is "attended" or "finished" or "released" && Said(l, "answer") == key) || Whats.HasEnded(l.Card!.State)));
                    yield return (called.At, ended?.At ?? DateTimeOffset.MaxValue, called.Version, ended?.Version ?? int.MaxValue);
                }
            }
        }

        private Verdict Judge(List<AnswerCard> owed, DateTimeOffset? due)
        {
            if (due is null || due >= asOf) return Verdict.NotYet;
            var late = owed.Where(IsLate).ToList();
            if (late.Count == 0) return Verdict.Kept;
            return late.TrueForAll(a => IsExempt(a.Key) || (ofTeam && WaitedThrough(a.Due, a.MetAt ?? asOf))) ? Verdict.Exempt : Verdict.Broken;
        }

        private bool IsLate(AnswerCard answer) => answer.Breached || (answer.MetAt ?? asOf) > answer.Due;

        private bool IsExempt(string key) => lines.Exists(l => l.What == "exempted" && Said(l, "answer") == key);

        /// <summary>Whether a whole period was spent waiting for a department.</summary>
        private bool WaitedThrough(DateTimeOffset from, DateTimeOffset to)
        {
            if (to <= from) return false;
            while (from < to)
            {
                var reach = Waits.Where(w => w.From <= from && w.To > from).Select(w => (DateTimeOffset?)w.To).Max();
                if (reach is null) return false;
                from = reach.Value;
            }

            return true;
        }

        private bool Did(string what) => lines.Exists(l => l.What == what);

        private static string? Said(JournalLine line, string name) => line.Detail.FirstOrDefault(d => d.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];
    }
}
