using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Matters;

/// <summary>One change in the making: the facts so far and the matter they fold into. Lives for one decision.</summary>
internal sealed class Turn(Proceeding? matter, MatterWorld world)
{
    private readonly Proceeding? _before = matter;
    private readonly ImmutableArray<Fact>.Builder _facts = ImmutableArray.CreateBuilder<Fact>();
    private Proceeding? _now = matter;

    public MatterWorld World => world;

    /// <summary>The matter with the facts so far.</summary>
    public Proceeding Now => _now!;

    /// <summary>The stage it is in.</summary>
    public Stage Stage => world.Procedure.FindStage(Now.Visit!.Stage)!;

    /// <summary>The same turn at an earlier instant, before any fact.</summary>
    public Turn At(DateTimeOffset instant) => new(_before, world with { Now = instant });

    public void Do(Fact fact)
    {
        _facts.Add(fact);
        _now = ProceedingFold.After(_now, fact);
    }

    public Step.Moved Moved(MatterWhat what, Respondent? by, string? answer = null, DateTimeOffset? due = null) =>
        new(_before.After(_facts), new Change(what, by, answer, due, _facts.ToImmutable()));

    /// <summary>Enters a stage: starts its clock, asks those who owe, and climbs at once if a running clock would find nobody on duty.</summary>
    public void Enter(string key)
    {
        var stage = world.Procedure.FindStage(key)!;
        var round = 1 + Now.Before.Count(b => b.Stage == key);
        var clock = stage.Limit is { } limit ? Clock.Start(world.Calendar, world.Now, limit, world.Policy.WarnFraction) : null;
        var (owed, skipped) = Roles.Ask(stage, round, Now, world);
        var until = stage.Until is { } last ? Clock.Start(world.Calendar, world.Now, last, world.Policy.WarnFraction).Due : (DateTimeOffset?)null;
        Do(new Fact.Entered(new Visit(key, round, world.Now, clock, owed) { Until = until, Rings = stage.Rings }, stage.Visibility ?? world.Procedure.Visibility));
        Tell(skipped);
        var waits = clock is { Kind: ClockKind.Continuous } && owed.SelectMany(o => o.Asked).Any(a => a is Respondent.OfKind or Respondent.OfPost);
        if (waits && !world.OnDuty.Posts.Any(p => !Now.Recusal.Covers(p) && owed.Any(o => o.Asked.Any(a => a.Admits(p))))) Climb(Rung.Community);
        Settle();
    }

    /// <summary>Tells the community in which roles nobody could be asked.</summary>
    public void Tell(ImmutableArray<Fact.Skipped> skipped)
    {
        foreach (var skip in skipped) Do(skip);
        if (!skipped.IsEmpty) Climb(Rung.Community);
    }

    /// <summary>Leaves the stage if its gate has decided.</summary>
    public void Settle()
    {
        if (Gates.Outcome(Stage, Now) is { } outcome) Leave(outcome);
    }

    /// <summary>Ends the stage and enters the next, or ends the matter. A cancelled matter goes through the stage that is kept for it, then ends.</summary>
    public void Leave(string outcome)
    {
        var stage = Stage;
        Resume(world.Now);
        Do(new Fact.Left(world.Now, outcome));
        if (Now.IsPromiseRunning && world.Procedure.Promise!.IsKeptBy(stage.Key, outcome)) Do(new Fact.Kept(world.Now));
        var to = outcome == Outcomes.Cancelled ? world.Procedure.Cancelled ?? Path.End : !Now.IsOnItsWayOut && stage.Next.TryGetValue(outcome, out var path) ? path.To : Path.End;
        if (to == Path.End || Now.Before.Length >= Proceeding.MaxVisits) Do(new Fact.Ended(world.Now, Now.Closing ?? (Now.Cancelled ? Outcomes.Cancelled : outcome)));
        else Enter(to);
    }

    /// <summary>Up the ladder to a rung, or past it if nobody there is on duty; never down.</summary>
    public void Climb(Rung to)
    {
        if (to == Rung.Community && Now.Rung <= to && Now.Community.Value.Length > 0 && world.OnDuty.CommunityDesk(Now.Community, Now.Recusal))
        {
            if (Now.Rung < to) Do(new Fact.Climbed(to, Manned: true));
        }
        else if (to == Rung.Street || Now.Rung < Rung.Street) Do(new Fact.Climbed(Rung.Street, world.OnDuty.StreetDesk(Now.Recusal)));
    }

    /// <summary>A pause ends with the step that is taken during it, and with its stage: the clocks keep what was left of them.</summary>
    public void Resume(DateTimeOffset at)
    {
        if (Now.Suspended is not { } pause) return;
        Do(new Fact.Resumed(at, Now.Visit!.Clock?.Paused(world.Calendar, pause.From, at), Now.IsPromiseRunning ? Now.Promise!.Paused(world.Calendar, pause.From, at) : Now.Promise));
    }

    /// <summary>Whether a post is a desk that this matter is the business of: its community's or the street's, if it may see it.</summary>
    public bool IsDesk(Post post) => Now.Audience.Includes(post) && (post.Kind == PostKind.StreetDesk || (post.Kind == PostKind.CommunityDesk && post.Community == Now.Community));
}

/// <summary>Whether a gate has decided, and on what.</summary>
internal static class Gates
{
    /// <summary>The outcome of the stage as far as its answers go; null while it is open.</summary>
    public static string? Outcome(Stage stage, Proceeding matter) => stage.Gate switch
    {
        _ when stage.AwaitsChildren && matter.Children.Any(c => c.Outcome is null) => null,
        Gate.Done when stage.Asks.IsEmpty => stage.AwaitsChildren ? Outcomes.Done : null,
        Gate.Done => matter.Visit!.Owed.All(o => o.IsMet) ? Said(stage, matter.Visit) : null,
        Gate.Vote vote => matter.Visit!.Owed[0].Silent.Any() ? null : Count(vote, matter.Visit.Owed[0]),
        Gate.Sign => Signed(matter.Visit!.Owed),
        _ => throw new InvalidOperationException($"Unknown gate {stage.Gate}."),
    };

    /// <summary>The votes cast, once no more are awaited.</summary>
    public static string Count(Gate.Vote vote, Owed owed)
    {
        var (yes, no) = (owed.Answers.Count(a => a.Says == Proceedings.Yes), owed.Answers.Count(a => a.Says == Proceedings.No));
        if (owed.Answers.Length < vote.Quorum) return Outcomes.NoQuorum;
        var passed = vote.Majority switch
        {
            Majority.Simple => yes > no,
            Majority.TwoThirds => yes > 0 && 3 * yes >= 2 * (yes + no),
            Majority.Unanimous => yes > 0 && no == 0,
            _ => throw new InvalidOperationException($"Unknown majority {vote.Majority}."),
        };
        return passed ? Outcomes.Passed : Outcomes.Rejected;
    }

    private static string? Signed(ImmutableArray<Owed> owed)
    {
        if (owed.Any(o => o.Asked.Length - o.Answers.Count(a => a.Says == Proceedings.Fail) < o.Need)) return Outcomes.Failed;
        return owed.All(o => o.Answers.Count(a => a.Says == Proceedings.Pass) >= o.Need) ? Outcomes.Passed : null;
    }

    /// <summary>A single answer names the outcome; several together are done.</summary>
    private static string Said(Stage stage, Visit visit) =>
        stage.Asks is [{ PerItemOf: null } only] && only.Need == Need.One && visit.Owed is [{ Answers: [.., var last] }] ? last.Says : Outcomes.Done;
}
