using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Matters;

/// <summary>
/// What became true of a matter: codes only, every instant fixed. The journal keeps the facts of each change, and their fold is the matter: see <see cref="ProceedingFold"/>.
/// A fact may gain optional members and new kinds may be added; a name is never reused.
/// </summary>
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Entered), "entered")]
[JsonDerivedType(typeof(Skipped), "skipped")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(ItemTaken), "itemTaken")]
[JsonDerivedType(typeof(ItemReturned), "itemReturned")]
[JsonDerivedType(typeof(AlsoOwed), "alsoOwed")]
[JsonDerivedType(typeof(Late), "late")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(PostsChosen), "postsChosen")]
[JsonDerivedType(typeof(Acted), "acted")]
[JsonDerivedType(typeof(Climbed), "climbed")]
[JsonDerivedType(typeof(Left), "left")]
[JsonDerivedType(typeof(Kept), "kept")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Reopened), "reopened")]
[JsonDerivedType(typeof(Cancelling), "cancelling")]
[JsonDerivedType(typeof(Pleaded), "pleaded")]
[JsonDerivedType(typeof(Ruled), "ruled")]
[JsonDerivedType(typeof(Extended), "extended")]
[JsonDerivedType(typeof(Paused), "paused")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(ChildOpened), "childOpened")]
[JsonDerivedType(typeof(ChildEnded), "childEnded")]
[JsonDerivedType(typeof(Hidden), "hidden")]
[JsonDerivedType(typeof(Noted), "noted")]
public abstract record Fact
{
    private Fact() { }

    public sealed record Opened(
        CallNo No, string Procedure, int ProcedureVersion, int PolicyVersion, CommunityCode Community, GridCode? Grid, ImmutableArray<TeamCode> Teams, Origin Origin, PostId Starter, CallNo? Parent,
        bool Drill, Recusal Recusal, DateTimeOffset At, Clock? Promise) : Fact;

    public sealed record Entered(Visit Visit, Visibility Visibility) : Fact;

    /// <summary>Nobody could be asked in this role: the desk is asked instead, or it is asked of the others alone.</summary>
    public sealed record Skipped(string Ask, string Role) : Fact;

    public sealed record Answered(string Owed, Given Given) : Fact;

    public sealed record ItemTaken(Item Item) : Fact;

    public sealed record ItemReturned(int Number, DateTimeOffset At) : Fact;

    /// <summary>One more answer is owed in the current stage, for an item that came late.</summary>
    public sealed record AlsoOwed(Owed Owed) : Fact;

    /// <summary>An answer came after its stage was over; what was written is kept and moves nothing.</summary>
    public sealed record Late(string Owed) : Fact;

    /// <summary>Others are asked for an answer from now on.</summary>
    public sealed record Asked(string Owed, ImmutableArray<Respondent> Respondents, int Need) : Fact;

    public sealed record PostsChosen(string Ask, ImmutableArray<PostId> Posts) : Fact;

    /// <summary>A clock acted; it never does so twice.</summary>
    public sealed record Acted(string Key, ClockAct Act) : Fact;

    /// <param name="Manned">Whether anybody there is on duty.</param>
    public sealed record Climbed(Rung Rung, bool Manned) : Fact;

    /// <summary>The stage is over: what it still asked for is released, or has lapsed.</summary>
    public sealed record Left(DateTimeOffset At, string Outcome) : Fact;

    /// <summary>What was promised is done.</summary>
    public sealed record Kept(DateTimeOffset At) : Fact;

    public sealed record Ended(DateTimeOffset At, string Outcome) : Fact;

    /// <summary>A paper came after the end: the matter is open once more, until it is given back.</summary>
    public sealed record Reopened : Fact;

    public sealed record Cancelling : Fact;

    public sealed record Pleaded(Plea Plea) : Fact;

    public sealed record Ruled(PetitionKind Kind, bool Granted) : Fact;

    public sealed record Extended(Clock Clock) : Fact;

    public sealed record Paused(DateTimeOffset From, DateTimeOffset Until) : Fact;

    /// <summary>The clocks run on, with what was left of them.</summary>
    public sealed record Resumed(DateTimeOffset At, Clock? Stage, Clock? Promise) : Fact;

    public sealed record ChildOpened(CallNo No) : Fact;

    public sealed record ChildEnded(CallNo No, string Outcome) : Fact;

    public sealed record Hidden(Recusal Recusal) : Fact;

    /// <param name="Outside">By somebody outside the staff.</param>
    public sealed record Noted(bool Outside) : Fact;
}

/// <summary>Folds facts into a matter: the only place where one changes.</summary>
public static class ProceedingFold
{
    /// <summary>A matter after the facts of one change, at its next version.</summary>
    /// <exception cref="InvalidOperationException">The first fact of a matter must say that it was opened.</exception>
    public static Proceeding After(this Proceeding? matter, IEnumerable<Fact> change)
    {
        var next = change.Aggregate(matter, After) ?? throw new InvalidOperationException("A matter begins by being opened.");
        return next with { Version = next.Version + 1 };
    }

    internal static Proceeding After(Proceeding? matter, Fact fact)
    {
        if (fact is Fact.Opened o)
        {
            return new Proceeding
            {
                No = o.No, Procedure = o.Procedure, ProcedureVersion = o.ProcedureVersion, PolicyVersion = o.PolicyVersion, Community = o.Community, Grid = o.Grid, Teams = o.Teams,
                Origin = o.Origin, Starter = o.Starter, Parent = o.Parent, Drill = o.Drill, Recusal = o.Recusal, OpenedAt = o.At, Promise = o.Promise, Visibility = Visibility.Sealed,
            };
        }

        if (matter is null) throw new InvalidOperationException("A matter begins by being opened.");
        return fact switch
        {
            Fact.Opened or Fact.Skipped or Fact.Late => matter,
            Fact.Entered f => matter with { Visit = f.Visit, Visibility = f.Visibility, Rung = matter.Promise?.Breached is true && matter.PromiseKept is null ? matter.Rung : Rung.Team, NobodyOnDuty = false },
            Fact.Answered f => WithOwed(matter, f.Owed, owed => owed with { Answers = owed.Answers.Add(f.Given) }),
            Fact.ItemTaken f => matter with { Items = matter.Items.Add(f.Item) },
            Fact.ItemReturned f => matter with { Items = [.. matter.Items.Select(i => i.Number == f.Number ? i with { ReturnedAt = f.At } : i)] },
            Fact.AlsoOwed f => matter with { Visit = matter.Visit! with { Owed = matter.Visit.Owed.Add(f.Owed) } },
            Fact.Asked f => WithOwed(matter, f.Owed, owed => owed with { Asked = f.Respondents, Need = f.Need, Replaced = [.. owed.EverAsked.Except(f.Respondents)] }),
            Fact.PostsChosen f => matter with { Chosen = matter.Chosen.SetItem(f.Ask, f.Posts) },
            Fact.Acted f => Acted(matter, f),
            Fact.Climbed f => matter with { Rung = f.Rung > matter.Rung ? f.Rung : matter.Rung, NobodyOnDuty = !f.Manned },
            Fact.Left f => Left(matter, f),
            Fact.Kept f => matter with { PromiseKept = f.At },
            Fact.Ended f => matter with { Visit = null, Closing = null, Outcome = f.Outcome, EndedAt = f.At, Suspended = null, Pleas = [] },
            Fact.Reopened => matter with { Outcome = null, EndedAt = null, Closing = matter.Outcome },
            Fact.Cancelling => matter with { Cancelled = true },
            Fact.Pleaded f => matter with { Pleas = matter.Pleas.Add(f.Plea) },
            Fact.Ruled f => matter with { Pleas = matter.Pleas.RemoveAll(p => p.Kind == f.Kind) },
            Fact.Extended f => matter with { Visit = matter.Visit! with { Clock = f.Clock, Extended = true } },
            Fact.Paused f => matter with { Suspended = new Suspension(f.From, f.Until) },
            Fact.Resumed f => matter with { Suspended = null, Pauses = matter.Pauses.Add(new Pause(matter.Suspended!.From, f.At)), Visit = matter.Visit! with { Clock = f.Stage }, Promise = f.Promise },
            Fact.ChildOpened f => matter with { Children = matter.Children.Add(new Child(f.No, null)) },
            Fact.ChildEnded f => matter with { Children = [.. matter.Children.Select(c => c.No == f.No ? c with { Outcome = f.Outcome } : c)] },
            Fact.Hidden f => matter with { Recusal = f.Recusal },
            Fact.Noted f => matter with { CallerNotes = matter.CallerNotes + (f.Outside ? 1 : 0) },
            _ => throw new InvalidOperationException($"Unknown fact {fact.GetType().Name}."),
        };
    }

    private static Proceeding Acted(Proceeding matter, Fact.Acted fact) => fact.Key switch
    {
        Proceedings.StageKey => matter with { Visit = matter.Visit! with { Clock = matter.Visit.Clock! with { Acted = fact.Act } } },
        Proceedings.PromiseKey => matter with { Promise = matter.Promise! with { Acted = fact.Act } },
        _ => matter with { Pleas = [.. matter.Pleas.Select(p => p.Key == fact.Key ? p with { Clock = p.Clock with { Acted = fact.Act } } : p)] },
    };

    /// <summary>A request for more time or a pause concerned the stage that is over.</summary>
    private static Proceeding Left(Proceeding matter, Fact.Left fact)
    {
        var visit = matter.Visit!;
        var past = new Past(visit.Stage, visit.Round, visit.At, fact.At, fact.Outcome, visit.Clock?.Breached is true, visit.Owed.ToImmutableDictionary(o => o.Key, o => o.EverAsked.ToImmutableArray()));
        return matter with
        {
            Before = matter.Before.Add(past), Given = matter.Given.AddRange(visit.Owed.SelectMany(o => o.Answers)), Pleas = [], Visit = visit with { Owed = [], Clock = null, Until = null },
        };
    }

    private static Proceeding WithOwed(Proceeding matter, string key, Func<Owed, Owed> change) =>
        matter with { Visit = matter.Visit! with { Owed = [.. matter.Visit.Owed.Select(o => o.Key == key ? change(o) : o)] } };
}
