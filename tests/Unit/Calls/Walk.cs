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
    /// <summary>Who wrote it down, and how it came; of most walks a page.</summary>
    public (Source Source, Post? By) From { get; init; } = (Source.Page, null);

    public override string ToString() =>
        $"{Category} at {Grid}, danger {Danger}, hidden {Hide}, from {From.Source} {From.By?.Id}, parties {Parties}, shift {Shift}, {Start:u}: {string.Join("; ", Turns)}";

    /// <summary>Anybody asks for anything.</summary>
    private static CallCommand AnyCommand(Random random)
    {
        var by = Everybody[random.Next(Everybody.Length)];
        return random.Next(12) switch
        {
            0 => new CallCommand.Accept(by),
            1 => new CallCommand.Arrive(by),
            2 => new CallCommand.Resolve(by),
            3 => new CallCommand.Acknowledge(by, random.Next(3) switch { 0 => "committee", 1 => "property", _ => "nothing" }),
            4 => new CallCommand.Return(by, (ReturnReason)random.Next(4)),
            5 => new CallCommand.Verify(by, random.Next(2) == 0),
            6 => new CallCommand.Evaluate(random.Next(2) == 0, (Satisfaction)random.Next(3)) { Of = random.Next(3) == 0 ? new CallNo("WH-00000004") : null },
            7 => new CallCommand.Note(random.Next(8) == 0 ? null : by),
            8 => AnyOrder(by, random.Next(), At("2026-10-05 09:00")),
            9 => new CallCommand.Withdraw(),
            10 => new CallCommand.ShiftChange(),
            _ => new CallCommand.Lapse(At("2026-09-18 00:00").AddMinutes(random.Next(10_000))),
        };
    }

    /// <summary>Any of the exceptions, sensible or not; the seed picks.</summary>
    public static CallCommand AnyOrder(Post by, int seed, DateTimeOffset now)
    {
        var random = new Random(seed);
        var kind = (PetitionKind)random.Next(3);
        var answer = random.Next(4) switch { 0 => "party-gas", 1 => "party-water", 2 => "party-gas-2", _ => "accept" };
        return random.Next(23) switch
        {
            0 => new CallCommand.Designate(by, Team(random.Next(1, 7))),
            1 => new CallCommand.Correct(
                by, random.Next(2) == 0 ? null : DefaultPolicy.Categories[random.Next(DefaultPolicy.Categories.Length)],
                random.Next(2) == 0 ? null : (Level)random.Next(3), random.Next(3) > 0 ? null : Map.Grids[random.Next(Map.Grids.Length)]),
            2 => new CallCommand.Summon(by, random.Next(3) switch { 0 => "gas", 1 => "water", _ => "nobody" }),
            3 => random.Next(4) switch
            {
                0 => new CallCommand.Finish(answer),
                1 => new CallCommand.Disclaim(answer),
                _ => new CallCommand.Attend(random.Next(2) == 0 ? null : by, answer),
            },
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
            17 => new CallCommand.Recuse(by),
            18 => new CallCommand.AskExemption(by, random.Next(3) switch { 0 => "accept", 1 => "arrive", _ => "resolve" }, (ExemptionReason)random.Next(4)),
            20 => new CallCommand.CallHelp(by, Team(random.Next(1, 7))),
            21 => new CallCommand.AnswerHelp(by, Comes: random.Next(3) > 0),
            19 => new CallCommand.RuleExemption(by, random.Next(3) switch { 0 => "accept", 1 => "arrive", _ => "resolve" }, Granted: random.Next(2) == 0),
            _ => random.Next(4) switch
            {
                0 => random.Next(2) == 0 ? new CallCommand.ConfirmEmergency(by, "119") : new CallCommand.TellCaller(by),
                1 => new CallCommand.OpenChild(by, new CallNo("WH-00000003")),
                2 => new CallCommand.Hide(by.Id, new Recusal(random.Next(4) == 0) { Posts = [Everybody[random.Next(Everybody.Length)].Id] }),
                _ => new CallCommand.Absorb(by, new CallNo("WH-00000004"), (Level)random.Next(3), Leaves: random.Next(2) == 0)
                {
                    Hidden = new Recusal(random.Next(4) == 0) { Posts = random.Next(4) == 0 ? [Everybody[random.Next(Everybody.Length)].Id] : [] },
                },
            },
        };
    }

    private static Turn AnyTurn(Random random) => random.Next(21) switch
    {
        < 2 => new Turn.Wait(TimeSpan.FromMinutes(random.Next(90))),
        2 => new Turn.Wait(TimeSpan.FromHours(12 * random.Next(1, 21))),
        < 6 => new Turn.WaitForClock(random.Next(2)),
        < 8 => new Turn.Shift(random.Next()),
        < 13 => new Turn.Try(AnyCommand(random)),
        _ => new Turn.Proceed(random.Next()),
    };

    /// <summary>One seed draws a whole walk: to draw each of its turns by itself would cost more than to walk it.</summary>
    private static Walk Of(int seed)
    {
        var random = new Random(seed);
        var flags = random.Next(4) == 0 ? random.Next(8) : 0;
        return new Walk(
            DefaultPolicy.Categories[random.Next(DefaultPolicy.Categories.Length)].Code, Map.Grids[random.Next(Map.Grids.Length)].Code.Value,
            (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, random.Next(), At("2026-09-18 00:00").AddMinutes(random.Next(30 * 1440)),
            [.. Enumerable.Range(0, random.Next(1, 61)).Select(_ => AnyTurn(random))])
        {
            From = random.Next(4) > 0 ? (Source.Page, null) : (random.Next(2) == 0 ? Source.Patrol : Source.Phone, Everybody[random.Next(Everybody.Length)]),
        };
    }

    /// <summary>A failing walk is shortened by leaving out one turn after another.</summary>
    public static readonly Arbitrary<Walk> Any = Arb.From(Gen.Choose(0, int.MaxValue).Select(Of), walk =>
        Enumerable.Range(0, walk.Turns.Length).Select(n => walk with { Turns = walk.Turns.RemoveAt(n) }));

    /// <summary>Sometimes everybody, sometimes nobody, mostly some. Rosters are costly to make, and a few hundred are as good as many.</summary>
    public static OnDuty PostsOf(int seed) => Rosters[seed % Rosters.Length].Value;

    private static readonly Lazy<OnDuty>[] Rosters = [.. Enumerable.Range(0, 500).Select(seed => new Lazy<OnDuty>(() => Draw(seed)))];

    private static OnDuty Draw(int seed)
    {
        var random = new Random(seed);
        var share = (seed % 5) switch { 0 => 1.0, 1 => 0.1, 2 => 0.3, 3 => 0.6, _ => 0.02 };
        return new OnDuty(Everybody.Where(_ => random.NextDouble() < share));
    }
}
