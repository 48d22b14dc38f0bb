using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Matters;

/// <summary>A matter that has just entered a stage.</summary>
/// <param name="World">Its now is the instant at which it did.</param>
internal sealed record DryVisit(Proceeding Matter, MatterWorld World, ImmutableArray<DryAsked> Asked, ImmutableArray<string> Skipped)
{
    public Visit Visit => Matter.Visit!;

    public DryRow Row(string? outcome, string? next, bool cancelled) => new(Visit.Stage, Visit.Round, cancelled, Visit.Clock?.Due, Asked, Skipped, outcome, next);
}

/// <summary>The ways taken so far, and the visits from which others may begin. Lives for one dry run.</summary>
internal sealed class DryWalk(Post starter)
{
    private readonly Queue<DryVisit> _open = new();
    private readonly Dictionary<string, DryVisit> _entered = [];
    private readonly HashSet<(string Stage, string Outcome, bool Cancelled, bool IsAsked)> _taken = [];
    private readonly ImmutableArray<DryRow>.Builder _rows = ImmutableArray.CreateBuilder<DryRow>();

    public DryVisit? Next() => _open.TryDequeue(out var visit) ? visit : null;

    /// <summary>The rows so far, and one for each stage that was entered but never left.</summary>
    public ImmutableArray<DryRow> Rows() =>
        [.. _rows, .. _entered.Values.Where(v => !_rows.Any(r => r.Stage == v.Visit.Stage)).Select(v => v.Row(null, null, v.Matter.Cancelled))];

    public void Open(Opening opening, MatterWorld world) => Note(null, [Proceedings.Open(opening, world)], world);

    /// <summary>Brings about every outcome of a visit that is not known yet.</summary>
    public void LeadOn(DryVisit visit)
    {
        var procedure = visit.World.Procedure;
        var stage = procedure.FindStage(visit.Visit.Stage)!;
        foreach (var outcome in stage.Next.Keys.Where(outcome => !Knows(visit, outcome, visit.Matter.Cancelled)))
        {
            var play = new DryPlay(visit);
            play.Lead(stage, outcome);
            if (play.HasLeft) Note(visit, play.Moves, play.World);
        }

        if (procedure.Cancelled is { } kept && kept != stage.Key && !visit.Matter.Cancelled && !Knows(visit, Outcomes.Cancelled, cancelled: true)
            && Proceedings.Decide(visit.Matter, new ProceedingCommand.Cancel(new Actor.OfPost(starter)), visit.World) is Step.Moved moved) Note(visit, [moved], visit.World);
    }

    private bool Knows(DryVisit visit, string outcome, bool cancelled) => _taken.Contains((visit.Visit.Stage, outcome, cancelled, !visit.Asked.IsEmpty));

    /// <summary>Notes the stages that a matter has left and entered, as its facts say. It is followed further if any of that is new.</summary>
    private void Note(DryVisit? from, IReadOnlyList<Step.Moved> moves, MatterWorld world)
    {
        var (matter, at, outcome, isNew) = (from?.Matter, from, string.Empty, from is null);
        foreach (var fact in moves.SelectMany(m => m.Change.Facts))
        {
            matter = ProceedingFold.After(matter, fact);
            switch (fact)
            {
                case Fact.Left left:
                    outcome = left.Outcome;
                    break;
                case Fact.Entered entered:
                    isNew |= Take(at, outcome, entered.Visit.Stage, matter.Cancelled);
                    at = new DryVisit(matter, world, Asked(matter, world), []);
                    break;
                case Fact.Skipped skipped when at is not null:
                    at = at with { Skipped = at.Skipped.Add($"{skipped.Ask}/{skipped.Role}") };
                    break;
                case Fact.Ended:
                    isNew |= Take(at, outcome, Path.End, matter.Cancelled);
                    break;
                default: // moves nothing from stage to stage
                    break;
            }
        }

        if (!isNew || at is null || !moves[^1].Matter.IsOpen) return;
        at = at with { Matter = moves[^1].Matter };
        _entered.TryAdd(at.Visit.Stage, at);
        _open.Enqueue(at);
    }

    private bool Take(DryVisit? visit, string outcome, string next, bool cancelled)
    {
        if (visit is null || !_taken.Add((visit.Visit.Stage, outcome, cancelled, !visit.Asked.IsEmpty))) return false;
        _rows.Add(visit.Row(outcome, next, cancelled));
        return true;
    }

    private static ImmutableArray<DryAsked> Asked(Proceeding matter, MatterWorld world) =>
        [.. matter.Visit!.Owed.SelectMany(owed => owed.Asked.Select(asked => new DryAsked(owed.Ask, asked.ToString()!, Posts(owed, asked, matter, world)))).Distinct()];

    private static int? Posts(Owed owed, Respondent asked, Proceeding matter, MatterWorld world) => asked switch
    {
        Respondent.OfKind or Respondent.OfPost => world.Held.Count(p => asked.Admits(p) && !matter.Recusal.Covers(p) && !Roles.IsBarred(world.Procedure.FindAsk(owed.Ask)!, p, matter)),
        Respondent.OfParty or Respondent.Caller => null,
        _ => throw new InvalidOperationException($"Unknown respondent {asked}."),
    };
}

/// <summary>One attempt to bring about an outcome.</summary>
internal sealed class DryPlay(DryVisit from)
{
    private readonly List<Step.Moved> _moves = [];
    private Proceeding _matter = from.Matter;

    public IReadOnlyList<Step.Moved> Moves => _moves;

    public MatterWorld World { get; private set; } = from.World;

    public bool HasLeft => _matter.Before.Length > from.Matter.Before.Length;

    /// <summary>Those who are asked say what leads to the outcome. For a lapse, or a vote in which too few can, the clock runs out.</summary>
    public void Lead(Stage stage, string outcome)
    {
        foreach (var owed in from.Visit.Owed)
            foreach (var word in Words(stage, World.Procedure.FindAsk(owed.Ask)!, outcome))
                Say(owed.Key, word);
        if (!HasLeft && (outcome == Outcomes.Lapsed || stage.Gate is Gate.Vote)) RunOut();
    }

    private static IEnumerable<string> Words(Stage stage, Ask ask, string outcome) => stage.Gate switch
    {
        _ when outcome == Outcomes.Lapsed => [],
        Gate.Vote => outcome switch { Outcomes.Passed => [Proceedings.Yes], Outcomes.Rejected => [Proceedings.No], _ => [] },
        Gate.Sign => outcome == Outcomes.Passed ? [Proceedings.Pass] : [Proceedings.Fail],
        Gate.Done => Proceedings.MaySay(stage, ask).Where(word => word == Proceedings.Item || word == outcome), // with an item, so that there is something to give back
        _ => throw new InvalidOperationException($"Unknown gate {stage.Gate}."),
    };

    /// <summary>Says a word until no more of it is needed: an item once.</summary>
    private void Say(string key, string word)
    {
        while (!HasLeft && _matter.Visit!.Owed.First(o => o.Key == key) is { IsMet: false } owed && Said(owed, word))
            if (word == Proceedings.Item) return;
    }

    private bool Said(Owed owed, string word)
    {
        foreach (var actor in owed.Silent.SelectMany(Actors))
        {
            if (Proceedings.Decide(_matter, new ProceedingCommand.Answer(actor, owed.Key, word), World) is not Step.Moved moved) continue;
            Take(moved);
            return true;
        }

        return false;
    }

    private IEnumerable<Actor> Actors(Respondent asked) => asked switch
    {
        Respondent.OfKind or Respondent.OfPost => World.Held.Where(p => asked.Admits(p) && World.OnDuty.Contains(p.Id)).OrderBy(p => p.Id.Value, StringComparer.Ordinal).Select(p => new Actor.OfPost(p)),
        Respondent.OfParty or Respondent.Caller => [new Actor.Outside(asked)],
        _ => throw new InvalidOperationException($"Unknown respondent {asked}."),
    };

    private void RunOut()
    {
        if (_matter.Visit!.Clock is not { } clock) return;
        World = World with { Now = (_matter.Visit.Until ?? clock.Due).AddMilliseconds(1) };
        foreach (var moved in Proceedings.CatchUp(_matter, World)) Take(moved);
    }

    private void Take(Step.Moved moved)
    {
        _moves.Add(moved);
        _matter = moved.Matter;
    }
}
