using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using FsCheck;
using FsCheck.Fluent;
using static DispatchCenter.Domain.Matters.ProceedingCommand;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>One thing that happens on a random walk through the life of a matter.</summary>
internal abstract record Move
{
    /// <summary>Time passes.</summary>
    public sealed record Wait(TimeSpan For) : Move;

    /// <summary>Time passes up to the next instant of a clock, and so many milliseconds more.</summary>
    public sealed record WaitForClock(int Milliseconds) : Move;

    /// <summary>Others come on duty; the seed picks them.</summary>
    public sealed record Shift(int Seed) : Move;

    /// <summary>Anybody tries anything; the seed picks.</summary>
    public sealed record Try(int Seed) : Move;

    /// <summary>Whoever may, takes the natural next step.</summary>
    public sealed record Proceed(int Seed) : Move;
}

/// <summary>A whole walk: the procedure, who holds a post, and what happens.</summary>
internal sealed record MatterWalk(int Seed, Procedure Procedure, int Street, string Grid, DateTimeOffset Start, ImmutableArray<Move> Moves)
{
    private static readonly Street[] Streets = [.. Enumerable.Range(0, 60).Select(seed => new Street(new Random(seed)))];

    public override string ToString() =>
        $"seed {Seed} at {Grid}, street {Street}, {Start:u}: {string.Join("; ", Moves)}\n{string.Join('\n', Procedure.Stages.Select(Text))}";

    public Street Posts => Streets[Street];

    /// <summary>A failing walk is shortened by leaving out one move after another.</summary>
    public static readonly Arbitrary<MatterWalk> Any = Arb.From(Gen.Choose(0, int.MaxValue).Select(Of), walk =>
        Enumerable.Range(0, walk.Moves.Length).Select(n => walk with { Moves = walk.Moves.RemoveAt(n) }));

    /// <summary>One seed draws a whole walk.</summary>
    public static MatterWalk Of(int seed)
    {
        var random = new Random(seed);
        return new MatterWalk(
            seed, new ProcedureDraw(random).Draw(), random.Next(Streets.Length), Map.Grids[random.Next(Map.Grids.Length)].Code.Value, At("2026-09-18 00:00").AddMinutes(random.Next(30 * 1440)),
            [.. Enumerable.Range(0, random.Next(1, 51)).Select(_ => AnyMove(random))]);
    }

    private static string Text(Stage stage) =>
        $"{stage.Key} {stage.Gate} {stage.Limit}: {string.Join(", ", stage.Asks.Select(Text))} → {string.Join(", ", stage.Next.Select(n => $"{n.Key}: {n.Value.To}"))}";

    private static string Text(Ask ask) =>
        $"{ask.Key} of {string.Join('+', ask.Roles)} (at {ask.At}, each {ask.EachPost}, need {ask.Need}, barred {string.Join('+', ask.Barred)}, items of {ask.PerItemOf})";

    private static Move AnyMove(Random random) => random.Next(20) switch
    {
        < 2 => new Move.Wait(TimeSpan.FromMinutes(random.Next(300))),
        2 => new Move.Wait(TimeSpan.FromHours(random.Next(1, 200))),
        < 6 => new Move.WaitForClock(random.Next(2)),
        6 => new Move.Shift(random.Next()),
        < 13 => new Move.Try(random.Next()),
        _ => new Move.Proceed(random.Next()),
    };
}

/// <summary>Who holds the posts of the street, and who is on duty; one person has two posts.</summary>
internal sealed class Street
{
    private static readonly ImmutableArray<Post> All = Everybody
        .Replace(Worker(1, 2), Worker(1, 2) with { Also = [Worker(2).Id] })
        .Replace(Worker(2), Worker(2) with { Also = [Worker(1, 2).Id] });

    private readonly OnDuty[] _rosters;

    public Street(Random random)
    {
        var missing = random.Next(3) == 0 ? 0 : random.NextDouble() * 0.9;
        Held = [.. All.Where(p => p.IsAmong([Worker(2).Id]) || random.NextDouble() >= missing)];
        _rosters = [.. new[] { 1, 1, 0.8, 0.6, 0.3, 0.05 }.Select(share => new OnDuty(Held.Where(_ => random.NextDouble() < share)))];
    }

    public ImmutableArray<Post> Held { get; }

    public OnDuty OnDuty(int seed) => _rosters[seed % _rosters.Length];
}

/// <summary>The commands of a walk, sensible and not, drawn for the matter as it is.</summary>
internal sealed class MatterCommands(Random random, Proceeding matter, Procedure procedure, Street street, DateTimeOffset now)
{
    private static readonly string[] Words = [Proceedings.Yes, Proceedings.No, Proceedings.Abstain, Proceedings.Pass, Proceedings.Fail, Proceedings.Item, Outcomes.Done, "other", "nothing"];

    /// <summary>Anybody asks for anything.</summary>
    public ProceedingCommand Any()
    {
        var by = AnyPost();
        return random.Next(40) switch
        {
            < 12 => new ProceedingCommand.Answer(AnyActor(), AnyKey(), AnyWord(), random.Next(3) == 0),
            < 16 => new Choose(by, random.Next(2) == 0 ? AnyKey() : AnyAsk(), [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => AnyPost().Id)]),
            < 20 => AnyPlea(by),
            < 23 => new Rule(by, (PetitionKind)random.Next(3), random.Next(3) > 0),
            < 25 => new Resume(by),
            25 => new Cancel(AnyActor()),
            < 29 => new Note(AnyActor()),
            < 32 => new OpenChild(by, new($"MT-{random.Next(90_000_000) + 10_000_000}")),
            < 34 => new ChildEnded(matter.Children.IsEmpty || random.Next(4) == 0 ? new("MT-00000009") : matter.Children[random.Next(matter.Children.Length)].No, Outcomes.Done),
            < 36 => new Recuse(by),
            36 => new Hide(null, new Recusal(random.Next(6) == 0) { Posts = [AnyPost().Id] }),
            _ => new Lapse(random.Next(2) == 0 ? now.AddMinutes(random.Next(-600, 600)) : matter.NextDue ?? now),
        };
    }

    /// <summary>What somebody would do next: those who are asked first, then the desks, then a few others.</summary>
    public IEnumerable<ProceedingCommand> Natural()
    {
        var shuffled = street.Held.ToArray();
        random.Shuffle(shuffled);
        Post[] desks = [.. shuffled.Where(p => p.Team is null)];
        Post[] posts = [.. shuffled.Where(p => matter.OwedBy(p).Any()).Take(6), .. desks, .. shuffled.Take(3)];
        if (random.Next(8) == 0)
            foreach (var by in posts) yield return AnyPlea(by);
        if (!matter.Pleas.IsEmpty && random.Next(2) == 0)
            foreach (var by in desks) yield return new Rule(by, matter.Pleas[0].Kind, random.Next(5) > 0);
        if (!matter.Items.IsEmpty && random.Next(3) == 0)
            foreach (var by in shuffled.Take(6)) yield return new ProceedingCommand.Answer(new Actor.OfPost(by), matter.Items[0].Ask, Proceedings.Item);
        if (random.Next(12) == 0)
            foreach (var by in posts) yield return new OpenChild(by, new($"MT-{random.Next(90_000_000) + 10_000_000}"));
        if (matter.Children.FirstOrDefault(c => c.Outcome is null) is { } child && random.Next(2) == 0) yield return new ChildEnded(child.No, Outcomes.Done);
        if (matter.Visit is not { Owed: { IsEmpty: false } owed }) yield break;
        var one = owed[random.Next(owed.Length)];
        foreach (var outside in one.Silent.Where(a => a is Respondent.OfParty or Respondent.Caller)) yield return new ProceedingCommand.Answer(new Actor.Outside(outside), one.Key, Sensible(one));
        foreach (var by in shuffled.Where(p => one.Silent.Any(a => a.Admits(p))).Take(6).Concat(desks).Concat(shuffled.Take(3)))
            yield return new ProceedingCommand.Answer(new Actor.OfPost(by), one.Key, Sensible(one));
    }

    private string Sensible(Owed owed)
    {
        var may = Proceedings.MaySay(procedure.FindStage(matter.Visit!.Stage)!, procedure.FindAsk(owed.Ask)!).ToArray();
        return may[may is [Proceedings.Pass, Proceedings.Fail] && random.Next(3) > 0 ? 0 : random.Next(may.Length)];
    }

    private Plead AnyPlea(Post by) => random.Next(2) == 0
        ? new Plead(by, PetitionKind.Suspension, Until: now.AddHours(random.Next(-2, 300)))
        : new Plead(by, (PetitionKind)random.Next(3), TimeSpan.FromMinutes(random.Next(2_000)));

    private Post AnyPost() => street.Held[random.Next(street.Held.Length)];

    private Actor AnyActor() => random.Next(8) switch
    {
        0 => new Actor.Outside(new Respondent.Caller()),
        1 => new Actor.Outside(new Respondent.OfParty("housing")),
        _ => new Actor.OfPost(AnyPost()),
    };

    private string AnyKey()
    {
        string[] keys = [.. matter.Visit?.Owed.Select(o => o.Key) ?? [], .. random.Next(3) == 0 ? matter.Before.SelectMany(b => b.Asked.Keys) : [], "nothing"];
        return keys[random.Next(keys.Length)];
    }

    private string AnyAsk() => procedure.Stages.SelectMany(s => s.Asks).Select(a => a.Key).Append("nothing").OrderBy(_ => random.Next()).First();

    private string AnyWord() => Words[random.Next(Words.Length)];
}
