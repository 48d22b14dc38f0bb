using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Matters.ProceedingCommand;

namespace DispatchCenter.Domain.Matters;

/// <summary>
/// Interprets procedures: the whole life of a matter of any of them. Pure; throws for no command; no branch for a procedure. A stage asks, its gate decides on
/// an outcome, the outcome leads to the next stage or to the end. Every answer owed is met, released by the end of its stage, or lapses with its clock.
/// </summary>
public static class Proceedings
{
    public const string StageKey = "stage";
    public const string PromiseKey = "promise";
    public const string PauseKey = "suspension";

    /// <summary>The end of a stage whose limit climbs.</summary>
    public const string UntilKey = "until";

    /// <summary>Says: one more item, such as a paper. It leaves the answer owed.</summary>
    public const string Item = "item";

    public const string Yes = "yes";
    public const string No = "no";
    public const string Abstain = "abstain";
    public const string Pass = "pass";
    public const string Fail = "fail";

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromDays(90);

    /// <summary>Opens a matter and enters its first stage.</summary>
    public static Step.Moved Open(Opening opening, MatterWorld world)
    {
        var procedure = world.Procedure;
        var promise = procedure.Promise is { } promised ? Clock.Start(world.Calendar, world.Now, promised.Limit, world.Policy.WarnFraction) : null;
        var turn = new Turn(null, world);
        turn.Do(new Fact.Opened(
            opening.No, procedure.Code, procedure.Version, world.Policy.Version, opening.Community ?? new(string.Empty), opening.Grid,
            opening.Grid is { } grid ? [.. world.Map.TeamsOf(grid).Select(t => t.Code)] : [], opening.Origin, opening.By.Id, opening.Parent, opening.Drill, opening.Hidden, world.Now, promise));
        foreach (var (ask, posts) in opening.Chosen) turn.Do(new Fact.PostsChosen(ask, posts));
        turn.Enter(procedure.Stages[0].Key);
        return turn.Moved(MatterWhat.Opened, new Respondent.OfPost(opening.By.Id));
    }

    /// <summary>What a command does to a matter. The caller must first apply every clock due before <c>now</c>: see <see cref="CatchUp"/>.</summary>
    public static Step Decide(Proceeding matter, ProceedingCommand command, MatterWorld world)
    {
        if (command.Asker is { } by && matter.Recusal.Covers(by)) return Refuse(Refusal.NotFound);
        var turn = new Turn(matter, world);
        return (matter.IsOpen, command) switch
        {
            (_, ProceedingCommand.Answer c) => Answers.Give(turn, c),
            (_, Note c) => Orders.Note(turn, c),
            (_, Hide c) => Orders.Hide(turn, c.More, MatterWhat.Hidden, c.By is { } who ? new Respondent.OfPost(who) : null),
            (_, ChildEnded c) => Orders.ChildEnded(turn, c),
            (_, Lapse c) => Lapses.Lapse(turn, c),
            (false, Cancel) when matter.Outcome == Outcomes.Cancelled => new Step.Already(),
            (false, Choose or Plead or Rule or Resume or Cancel or OpenChild or Recuse) => Refuse(Refusal.Over),
            (true, Choose c) => Orders.Choose(turn, c),
            (true, Plead c) => Pleas.Plead(turn, c),
            (true, Rule c) => Pleas.Rule(turn, c),
            (true, Resume c) => Pleas.Resume(turn, c),
            (true, Cancel c) => Orders.Cancel(turn, c),
            (true, OpenChild c) => Orders.OpenChild(turn, c),
            (true, Recuse c) => Orders.Recuse(turn, c),
            _ => throw new InvalidOperationException($"No rule for {command.GetType().Name}."),
        };
    }

    /// <summary>Applies, in time order, every clock that fell due before <c>now</c>; exactly at the instant is still on time.</summary>
    public static ImmutableArray<Step.Moved> CatchUp(Proceeding matter, MatterWorld world)
    {
        var moves = ImmutableArray<Step.Moved>.Empty;
        while (matter.NextDue is { } due && due < world.Now && Decide(matter, new Lapse(due), world) is Step.Moved moved)
        {
            moves = moves.Add(moved);
            matter = moved.Matter;
        }

        return moves;
    }

    /// <summary>What may be said to an answer of this stage.</summary>
    public static IEnumerable<string> MaySay(Stage stage, Ask ask) => stage.Gate switch
    {
        Gate.Vote => [Yes, No, Abstain],
        Gate.Sign => [Pass, Fail],
        Gate.Done when stage.Asks.Length > 1 || ask.PerItemOf is not null || ask.Need != Need.One => [Outcomes.Done],
        Gate.Done => [.. ask.Collects ? new[] { Item } : [], .. stage.OutcomesInOrder.Where(outcome => outcome != Outcomes.Lapsed)],
        _ => throw new InvalidOperationException($"Unknown gate {stage.Gate}."),
    };

    internal static Step Refuse(Refusal why) => new Step.Refused(why);
}
