using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>What somebody is needed for.</summary>
/// <param name="At">Where; null where the map does not know.</param>
/// <param name="Due">When 到场 is due.</param>
public readonly record struct Matter(Site? At, Level Level, DateTimeOffset Due);

/// <summary>A case in somebody's hands, as far as a desk knows it: never how long it will really take.</summary>
/// <param name="Since">When it was arrived at, or else taken.</param>
/// <param name="Due">When 到场 is due, or was.</param>
public sealed record OpenTask(Site? At, Level Level, DateTimeOffset Due, bool OnScene, DateTimeOffset Since)
{
    /// <summary>The order in which people deal with what they have: where they are, then the more urgent, then the earlier due.</summary>
    public static ImmutableArray<OpenTask> InOrder(IEnumerable<OpenTask> tasks) =>
        [.. tasks.OrderBy(t => t.OnScene ? 0 : 1).ThenBy(t => t.Level).ThenBy(t => t.Due)];

    /// <summary>Whether it is dealt with before a new matter that comes to the same hands.</summary>
    public bool GoesBefore(in Matter matter) => OnScene || Level < matter.Level || (Level == matter.Level && Due <= matter.Due);
}

/// <summary>A post on duty that may take the case.</summary>
/// <param name="Home">The middle of its grid, or of its team's: no live location.</param>
/// <param name="Tasks">By <see cref="OpenTask.InOrder"/>.</param>
/// <param name="Skilled">It has the skill for the matter's category, or nobody of the street has one.</param>
/// <param name="Taken">Cases that its team has taken within 30 days: among equals the one with fewer comes first.</param>
public sealed record Candidate(Post Post, TeamCode Team, Site? Home, ImmutableArray<OpenTask> Tasks, bool Skilled, int Taken);

/// <summary>A candidate with what speaks for and against it.</summary>
/// <param name="Metres">From its home to the matter.</param>
/// <param name="Arrives">How long until it is expected there.</param>
/// <param name="Cost">What the candidates are put in order by: metres, or minutes of callers' waiting.</param>
public readonly record struct Weighed(Candidate Who, double Metres, TimeSpan Arrives, double Cost);

/// <summary>
/// 派谁: puts the candidates for a case in order, for a desk that sends somebody and for the mark within a team that is rung. It decides
/// nothing: everybody whom the ladder rings is rung at once, and the first tap wins.
/// </summary>
public static class Choice
{
    /// <summary>Standard deviations in the scale of a logistic distribution: √3 ÷ π.</summary>
    private const double LogisticScale = 0.5513;

    /// <summary>No arrival is foreseen more exactly than this, in minutes.</summary>
    private const double LeastDoubt = 1;

    /// <summary>Farther than anything in a street, in metres.</summary>
    private const double BeyondAll = 1e6;

    /// <summary>Costs closer than this, in minutes or metres, are equal.</summary>
    private const double Same = 0.05;

    /// <summary>
    /// The candidates, the best first. The same input always gives the same order: equals go by distance, then by what their team has
    /// taken in 30 days, then by code.
    /// </summary>
    public static ImmutableArray<Weighed> Rank(Matter matter, IEnumerable<Candidate> candidates, ChoiceRules rules, DateTimeOffset now) =>
        [.. candidates.Select(who => Weigh(matter, who, rules, now)).Order(Better.First)];

    /// <summary>The first of <see cref="Rank"/> alone; null where there is nobody.</summary>
    public static Weighed? Best(Matter matter, IEnumerable<Candidate> candidates, ChoiceRules rules, DateTimeOffset now) =>
        candidates.Select(who => (Weighed?)Weigh(matter, who, rules, now)).Aggregate((Weighed?)null, (best, one) => best is { } b && Better.First.Compare(b, one!.Value) <= 0 ? best : one);

    internal static Weighed Weigh(in Matter matter, Candidate who, ChoiceRules rules, DateTimeOffset now)
    {
        var metres = Ground.Metres(who.Home, matter.At);
        var plan = new Plan(rules, now, who.Home);
        var at = 0;
        while (at < who.Tasks.Length && (at == 0 || who.Tasks[at].GoesBefore(matter))) plan.Take(who.Tasks[at], first: at++ == 0); // the first is under way, whatever comes
        var arrives = plan.Arrival(matter.At);
        if (rules.Order == ChoiceOrder.NearestFirst) return new Weighed(who, metres, TimeSpan.FromMinutes(arrives), who.Tasks.IsEmpty ? metres : metres + BeyondAll);

        var usual = rules.Levels[matter.Level].Work.TotalMinutes;
        var work = usual * (who.Skilled ? 1 : rules.Unskilled);
        var cost = arrives + (work - usual) + plan.Lateness(matter.Level, matter.Due, arrives);
        var (with, without) = (plan.After(matter.At, arrives + work, work), plan);
        for (; at < who.Tasks.Length; at++)
        {
            var task = who.Tasks[at];
            var (later, before) = (with.Arrival(task.At), without.Arrival(task.At));
            cost += later - before + with.Lateness(task.Level, task.Due, later) - without.Lateness(task.Level, task.Due, before);
            with.Take(task, first: false);
            without.Take(task, first: false);
        }

        return new Weighed(who, metres, TimeSpan.FromMinutes(arrives), cost);
    }

    /// <summary>Where somebody is expected to be, and when: minutes from now, with the variance of what is done before.</summary>
    private struct Plan(ChoiceRules rules, DateTimeOffset now, Site? at)
    {
        private Site? _at = at;
        private double _free;
        private double _variance;

        public readonly double Arrival(Site? there) => _free + Leg(there);

        public readonly Plan After(Site? there, double free, double work) => new(rules, now, there) { _free = free, _variance = _variance + Square(work * rules.WorkDoubt) };

        /// <summary>
        /// How long somebody has been on a scene says nothing about how much longer: work has a long tail, and to take who is overdue for
        /// nearly free was what made the balanced order worse than nearest-first.
        /// </summary>
        public void Take(OpenTask task, bool first)
        {
            var work = rules.Levels[task.Level].Work.TotalMinutes;
            var underWay = first ? Math.Max(0, (now - task.Since).TotalMinutes) : 0;
            _free += (task.OnScene ? 0 : Math.Max(0, Leg(task.At) - underWay)) + work;
            _variance += Square(work * rules.WorkDoubt);
            _at = task.At;
        }

        /// <summary>The expected price of coming too late, in minutes of waiting.</summary>
        public readonly double Lateness(Level level, DateTimeOffset due, double arrives)
        {
            var slack = (due - now).TotalMinutes - arrives;
            var scale = LogisticScale * Math.Sqrt(_variance + Square(rules.WayDoubt * (arrives - _free)));
            return rules.Levels[level].LateCost.TotalMinutes / (1 + Math.Exp(slack / Math.Max(LeastDoubt, scale)));
        }

        private readonly double Leg(Site? there) => rules.SetOff.TotalMinutes + (Ground.Metres(_at, there) / rules.MetresPerMinute);

        private static double Square(double x) => x * x;
    }

    private sealed class Better : IComparer<Weighed>
    {
        public static readonly Better First = new();

        public int Compare(Weighed x, Weighed y) =>
            Math.Round(x.Cost / Same).CompareTo(Math.Round(y.Cost / Same)) is not 0 and var cost ? cost
            : Math.Round(x.Metres).CompareTo(Math.Round(y.Metres)) is not 0 and var metres ? metres
            : x.Who.Taken.CompareTo(y.Who.Taken) is not 0 and var taken ? taken
            : string.CompareOrdinal(x.Who.Team.Value, y.Who.Team.Value) is not 0 and var team ? team
            : string.CompareOrdinal(x.Who.Post.Id.Value, y.Who.Post.Id.Value);
    }
}
