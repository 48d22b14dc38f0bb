using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Simulator.Choosing;

/// <summary>
/// Plays a random week in virtual time with one ranking: each case goes to its top candidate, who works on open
/// cases by urgency and due time, one at a time, and is never called away from a scene. The ranking knows what a desk knows at that
/// instant, never how long travel or work will really take.
/// </summary>
internal sealed class Week
{
    /// <param name="Case">Its index among the cases.</param>
    private sealed record Job(int Case, OpenTask Task);

    /// <summary>A post with its open cases; the first is under way.</summary>
    private sealed class Hand(Post post, Site? home)
    {
        private readonly List<Job> _waiting = [];

        public Candidate Seen { get; private set; } = new(post, post.Team!.Value, home, [], Skilled: true, 0);

        public Post Post => post;

        public Site? At { get; set; } = home;

        public Job? Doing { get; private set; }

        public TimeSpan Busy { get; set; }

        /// <summary>Which of the three shifts it works.</summary>
        public required int Shift { get; init; }

        public void Do(Job? job)
        {
            Doing = job;
            Look();
        }

        public void Keep(Job job)
        {
            _waiting.Add(job);
            Look();
        }

        public Job? TakeNext()
        {
            var next = _waiting.OrderBy(j => j.Task.Level).ThenBy(j => j.Task.Due).FirstOrDefault();
            if (next is null) return null;
            _waiting.Remove(next);
            Look();
            return next;
        }

        /// <summary>A desk's view of it: all accepted cases, and the one on the scene.</summary>
        private void Look() => Seen = Seen with { Tasks = OpenTask.InOrder(_waiting.Select(j => j.Task).Concat(Doing is { } now ? [now.Task] : [])) };
    }

    /// <summary>Eight hours. Nobody works round the clock: a third of every team's posts is on duty at a time, and every team has someone.</summary>
    public const int Shifts = 3;

    private static readonly TimeSpan _shift = TimeSpan.FromHours(24.0 / Shifts);

    private readonly IReadOnlyList<WeekCase> _cases;
    private readonly Ground _ground;
    private readonly ChoiceRules _rules;
    private readonly Hand[] _hands;
    private readonly PriorityQueue<Action, (TimeSpan At, int Nth)> _coming = new();
    private readonly TimeSpan[] _arrived;
    private readonly Dictionary<Post, Hand> _handOf;
    private TimeSpan _now;
    private int _count;

    private Week(IReadOnlyList<WeekCase> cases, Ground ground, ChoiceRules rules)
    {
        (_cases, _ground, _rules, _arrived) = (cases, ground, rules, new TimeSpan[cases.Count]);
        var n = 0;
        _hands = [.. PostsOf(ground.Map).Select(p => new Hand(p, p.Grid is { } grid ? ground.SiteOf(grid) : ground.SiteOf(p.Team!.Value)) { Shift = n++ % Shifts })];
        _handOf = _hands.ToDictionary(h => h.Post);
    }

    /// <summary>The demo street's posts that may accept a case: a grid worker for each grid, property and police for each team.</summary>
    public static IEnumerable<Post> PostsOf(StreetMap map)
    {
        foreach (var team in map.Teams)
        {
            foreach (var grid in team.Grids) yield return new Post(new($"{grid}"), PostKind.GridWorker, team.Community, team.Code, grid);
            yield return new Post(new($"{team.Code}-property"), PostKind.Property, team.Community, team.Code);
            yield return new Post(new($"{team.Code}-police"), PostKind.Police, team.Community, team.Code);
        }
    }

    public static WeekFigures Live(IReadOnlyList<WeekCase> cases, Ground ground, ChoiceRules rules)
    {
        var week = new Week(cases, ground, rules);
        for (var i = 0; i < cases.Count; i++)
        {
            var n = i;
            week.Comes(cases[i].At, () => week.Blow(n));
        }

        for (var at = _shift; at < cases[^1].At + TimeSpan.FromDays(Shifts); at += _shift) week.Comes(at, week.ChangeShift);
        while (week._coming.TryDequeue(out var happens, out var when))
        {
            week._now = when.At;
            happens();
        }

        return WeekFigures.Of(cases, week._arrived, [.. week._hands.Select(h => h.Busy)]);
    }

    private void Comes(TimeSpan at, Action happens) => _coming.Enqueue(happens, (at, _count++));

    private static int ShiftAt(TimeSpan at) => (int)(at / _shift) % Shifts;

    /// <summary>At a shift change, cases not begun go to the new shift, with the same ranking; those under way or on the scene are finished.</summary>
    private void ChangeShift()
    {
        foreach (var hand in _hands.Where(h => h.Shift != ShiftAt(_now)))
            while (hand.TakeNext() is { } left) Blow(left.Case);
    }

    private void Blow(int n)
    {
        var it = _cases[n];
        var task = new OpenTask(_ground.SiteOf(it.Grid), it.Level, WeekPlan.Start + it.Due, OnScene: false, WeekPlan.Start + _now);
        var candidates = _hands.Where(h => h.Shift == ShiftAt(_now) && (it.Property || h.Post.Kind != PostKind.Property)).Select(h => h.Seen);
        var best = Choice.Best(new Matter(task.At, task.Level, task.Due), candidates, _rules, WeekPlan.Start + _now)!.Value.Who.Post;
        var hand = _handOf[best];
        if (hand.Doing is null) SetOut(hand, new Job(n, task));
        else hand.Keep(new Job(n, task));
    }

    private void SetOut(Hand who, Job next)
    {
        var (from, it) = (_now, _cases[next.Case]);
        who.Do(next with { Task = next.Task with { Since = WeekPlan.Start + _now } });
        var way = TimeSpan.FromMinutes(Ground.Metres(who.At, next.Task.At) / _rules.MetresPerMinute * it.Haste);
        Comes(_now + it.Accept + _rules.SetOff + way, () =>
        {
            _arrived[next.Case] = _now;
            who.At = next.Task.At;
            who.Do(next with { Task = next.Task with { OnScene = true, Since = WeekPlan.Start + _now } });
            Comes(_now + it.Work, () =>
            {
                who.Busy += _now - from;
                who.Do(null);
                if (who.TakeNext() is { } waiting) SetOut(who, waiting);
            });
        });
    }
}
