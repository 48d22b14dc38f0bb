using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>A case that needs someone.</summary>
/// <param name="At">Where it is; null if the map does not know.</param>
/// <param name="Due">When 到场 is due.</param>
public readonly record struct Matter(Site? At, Level Level, DateTimeOffset Due);

/// <summary>A case someone is working on, as a desk sees it; its real duration is unknown.</summary>
/// <param name="Since">When they arrived, or else accepted.</param>
/// <param name="Due">When 到场 is due, or was.</param>
public sealed record OpenTask(Site? At, Level Level, DateTimeOffset Due, bool OnScene, DateTimeOffset Since)
{
    /// <summary>The order in which people work: on the scene first, then more urgent, then due earlier.</summary>
    public static ImmutableArray<OpenTask> InOrder(IEnumerable<OpenTask> tasks) =>
        [.. tasks.OrderBy(t => t.OnScene ? 0 : 1).ThenBy(t => t.Level).ThenBy(t => t.Due)];

    /// <summary>Whether it is done before a new case given to the same post.</summary>
    public bool GoesBefore(in Matter matter) => OnScene || Level < matter.Level || (Level == matter.Level && Due <= matter.Due);
}

/// <summary>An on-duty post that may accept the case.</summary>
/// <param name="Home">The centre of its grid or its team's area; never a live location.</param>
/// <param name="Tasks">In the order of <see cref="OpenTask.InOrder"/>.</param>
/// <param name="Skilled">It has the skill for the category, or nobody in the street has.</param>
/// <param name="Taken">Cases its team accepted within 30 days; fewer wins a tie.</param>
public sealed record Candidate(Post Post, TeamCode Team, Site? Home, ImmutableArray<OpenTask> Tasks, bool Skilled, int Taken);

/// <summary>A candidate with its pros and cons.</summary>
/// <param name="Metres">Distance from its home to the case.</param>
/// <param name="Arrives">Expected time until arrival.</param>
/// <param name="Cost">The ranking key: metres, or minutes that callers wait.</param>
public readonly record struct Weighed(Candidate Who, double Metres, TimeSpan Arrives, double Cost);

/// <summary>
/// 派谁: ranks the candidates for a case, for a desk that assigns a team and for the mark within a ringing team. It decides
/// nothing: everyone the ladder calls rings at once, and the first tap wins.
/// </summary>
public static class Choice
{
    /// <summary>Converts a standard deviation to the scale of a logistic distribution: √3 ÷ π.</summary>
    private const double LogisticScale = 0.5513;

    /// <summary>Arrival forecasts are never more precise than this, in minutes.</summary>
    private const double LeastDoubt = 1;

    /// <summary>Farther than any distance in a street, in metres.</summary>
    private const double BeyondAll = 1e6;

    /// <summary>Costs that differ by less than this, in minutes or metres, are equal.</summary>
    private const double Same = 0.05;

    /// <summary>
    /// The candidates, best first. The order is deterministic: ties are broken by distance, then by what the team accepted
    /// in 30 days, then by code.
    /// </summary>
    public static ImmutableArray<Weighed> Rank(Matter matter, IEnumerable<Candidate> candidates, ChoiceRules rules, DateTimeOffset now) =>
        [.. candidates.Select(who => Weigh(matter, who, rules, now)).Order(Better.First)];

    /// <summary>The first of <see cref="Rank"/>; null if there is nobody.</summary>
    public static Weighed? Best(Matter matter, IEnumerable<Candidate> candidates, ChoiceRules rules, DateTimeOffset now) =>
        candidates.Select(who => (Weighed?)Weigh(matter, who, rules, now)).Aggregate((Weighed?)null, (best, one) => best is { } b && Better.First.Compare(b, one!.Value) <= 0 ? best : one);

    internal static Weighed Weigh(in Matter matter, Candidate who, ChoiceRules rules, DateTimeOffset now)
    {
        var metres = Ground.Metres(who.Home, matter.At);
        var plan = new Plan(rules, now, who.Home);
        var at = 0;
        while (at < who.Tasks.Length && (at == 0 || who.Tasks[at].GoesBefore(matter))) plan.Take(who.Tasks[at], first: at++ == 0); // the first task is already under way
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

    /// <summary>Where someone will be free and when: minutes from now, with the variance of the work before that.</summary>
    private struct Plan(ChoiceRules rules, DateTimeOffset now, Site? at)
    {
        private Site? _at = at;
        private double _free;
        private double _variance;

        public readonly double Arrival(Site? there) => _free + Leg(there);

        public readonly Plan After(Site? there, double free, double work) => new(rules, now, there) { _free = free, _variance = _variance + Square(work * rules.WorkDoubt) };

        /// <summary>
        /// Time already spent on a scene does not predict the time left: work has a long tail. Treating overdue posts as
        /// nearly free made the balanced order worse than nearest-first.
        /// </summary>
        public void Take(OpenTask task, bool first)
        {
            var work = rules.Levels[task.Level].Work.TotalMinutes;
            var underWay = first ? Math.Max(0, (now - task.Since).TotalMinutes) : 0;
            _free += (task.OnScene ? 0 : Math.Max(0, Leg(task.At) - underWay)) + work;
            _variance += Square(work * rules.WorkDoubt);
            _at = task.At;
        }

        /// <summary>The expected cost of arriving late, in minutes of waiting.</summary>
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
