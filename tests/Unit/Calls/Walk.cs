using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using FsCheck;
using FsCheck.Fluent;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Calls;

/// <summary>One thing that happens on a random walk through the life of a case.</summary>
internal abstract record Turn
{
    /// <summary>Time passes.</summary>
    public sealed record Wait(TimeSpan For) : Turn;

    /// <summary>Time passes up to the next instant of a clock, and so many milliseconds more.</summary>
    public sealed record WaitForClock(int Milliseconds) : Turn;

    /// <summary>Others come on duty; the seed picks them.</summary>
    public sealed record Shift(int Seed) : Turn;

    /// <summary>Anybody tries anything.</summary>
    public sealed record Try(CallCommand Command) : Turn;

    /// <summary>Whoever may, takes the natural next step.</summary>
    public sealed record Proceed(int Seed) : Turn;
}

/// <summary>A whole walk: the whistle, who is on duty at first, and what happens then.</summary>
internal sealed record Walk(string Category, string Grid, bool Danger, bool Hide, bool Parties, int Shift, DateTimeOffset Start, ImmutableArray<Turn> Turns)
{
    public override string ToString() =>
        $"{Category} at {Grid}, danger {Danger}, hidden {Hide}, parties {Parties}, shift {Shift}, {Start:u}: {string.Join("; ", Turns)}";

    private static readonly Gen<Post> AnyPost = Gen.Elements(Everybody.ToArray());
    private static readonly Gen<bool> AnyBool = Gen.Elements(true, false);

    private static readonly Gen<CallCommand> AnyCommand = Gen.OneOf(
        AnyPost.Select(CallCommand (p) => new CallCommand.Accept(p)),
        AnyPost.Select(CallCommand (p) => new CallCommand.Arrive(p)),
        AnyPost.Select(CallCommand (p) => new CallCommand.Resolve(p)),
        AnyPost.Zip(Gen.Elements("committee", "property", "nothing")).Select(CallCommand (x) => new CallCommand.Acknowledge(x.Item1, x.Item2)),
        AnyPost.Zip(Gen.Elements(Enum.GetValues<ReturnReason>())).Select(CallCommand (x) => new CallCommand.Return(x.Item1, x.Item2)),
        AnyPost.Zip(AnyBool).Select(CallCommand (x) => new CallCommand.Verify(x.Item1, x.Item2)),
        AnyBool.Zip(Gen.Elements(Enum.GetValues<Satisfaction>())).Select(CallCommand (x) => new CallCommand.Evaluate(x.Item1, x.Item2)),
        AnyPost.OrNull().Select(CallCommand (p) => new CallCommand.Note(p)),
        AnyPost.Zip(Gen.Choose(0, 1_000_000)).Select(x => AnyOrder(x.Item1, x.Item2, At("2026-10-05 09:00"))),
        Gen.Constant<CallCommand>(new CallCommand.Withdraw()),
        Gen.Constant<CallCommand>(new CallCommand.ShiftChange()),
        Gen.Choose(0, 10_000).Select(CallCommand (m) => new CallCommand.Lapse(At("2026-09-18 00:00").AddMinutes(m))));

    /// <summary>Any of the exceptions, sensible or not; the seed picks.</summary>
    public static CallCommand AnyOrder(Post by, int seed, DateTimeOffset now)
    {
        var random = new Random(seed);
        var kind = (PetitionKind)random.Next(3);
        var answer = random.Next(4) switch { 0 => "party-gas", 1 => "party-water", 2 => "party-gas-2", _ => "accept" };
        return random.Next(18) switch
        {
            0 => new CallCommand.Designate(by, Team(random.Next(1, 7))),
            1 => new CallCommand.Correct(
                by, random.Next(2) == 0 ? null : DefaultPolicy.Categories[random.Next(DefaultPolicy.Categories.Length)],
                random.Next(2) == 0 ? null : (Level)random.Next(3), random.Next(3) > 0 ? null : Map.Grids[random.Next(Map.Grids.Length)]),
            2 => new CallCommand.Summon(by, random.Next(3) switch { 0 => "gas", 1 => "water", _ => "nobody" }),
            3 => new CallCommand.Attend(random.Next(2) == 0 ? null : by, answer),
            4 => new CallCommand.Release(by, answer),
            5 or 6 => new CallCommand.Request(by, PetitionKind.Suspension, Until: now.AddHours(random.Next(-10, 300))),
            7 => new CallCommand.Request(by, PetitionKind.Extension, Length: TimeSpan.FromMinutes(random.Next(3_000))),
            8 => new CallCommand.Request(by, PetitionKind.Decline),
            9 or 10 => new CallCommand.Rule(by, kind, Granted: random.Next(3) > 0),
            11 => new CallCommand.Resume(by),
            12 => new CallCommand.MarkDifficult(by),
            13 => new CallCommand.HandUp(by, now.AddHours(random.Next(-10, 300))),
            14 => new CallCommand.Merge(random.Next(4) == 0 ? null : by, new CallNo("WH-00000002")),
            15 => new CallCommand.Unmerge(by),
            16 => new CallCommand.Callback(by, (CallbackResult)random.Next(3), random.Next(2) == 0, (Satisfaction)random.Next(3)),
            _ => random.Next(3) switch
            {
                0 => new CallCommand.ConfirmEmergency(by, "119"),
                1 => new CallCommand.OpenChild(by, new CallNo("WH-00000003")),
                _ => new CallCommand.Absorb(by, new CallNo("WH-00000004"), (Level)random.Next(3), Leaves: random.Next(2) == 0),
            },
        };
    }

    private static readonly Gen<Turn> AnyTurn = Gen.Frequency(
        (2, Gen.Choose(0, 90).Select(Turn (m) => new Turn.Wait(TimeSpan.FromMinutes(m)))),
        (1, Gen.Choose(1, 20).Select(Turn (d) => new Turn.Wait(TimeSpan.FromHours(12 * d)))),
        (3, Gen.Choose(0, 1).Select(Turn (ms) => new Turn.WaitForClock(ms))),
        (2, Gen.Choose(0, 1_000_000).Select(Turn (seed) => new Turn.Shift(seed))),
        (5, AnyCommand.Select(Turn (c) => new Turn.Try(c))),
        (8, Gen.Choose(0, 1_000_000).Select(Turn (seed) => new Turn.Proceed(seed))));

    private static readonly Gen<Walk> AnyWalk =
        from category in Gen.Elements(DefaultPolicy.Categories.Select(c => c.Code).ToArray())
        from grid in Gen.Elements("g1", "g2", "g3", "g4", "g5", "g12")
        from flags in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 7)))
        from shift in Gen.Choose(0, 1_000_000)
        from minute in Gen.Choose(0, 30 * 1440)
        from length in Gen.Choose(1, 60)
        from turns in AnyTurn.ArrayOf(length)
        select new Walk(category, grid, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, shift, At("2026-09-18 00:00").AddMinutes(minute), [.. turns]);

    /// <summary>A failing walk is shortened by leaving out one turn after another.</summary>
    public static readonly Arbitrary<Walk> Any = Arb.From(AnyWalk, walk =>
        Enumerable.Range(0, walk.Turns.Length).Select(n => walk with { Turns = walk.Turns.RemoveAt(n) }));

    /// <summary>Sometimes everybody, sometimes nobody, mostly some.</summary>
    public static OnDuty PostsOf(int seed)
    {
        var random = new Random(seed);
        var share = (seed % 5) switch { 0 => 1.0, 1 => 0.1, 2 => 0.3, 3 => 0.6, _ => 0.02 };
        return new OnDuty(Everybody.Where(_ => random.NextDouble() < share));
    }
}
