using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Unit.Matters.Drafts;

namespace DispatchCenter.Unit.Matters;

/// <summary>Draws a procedure that can be used: up to five stages of every kind, each leading forwards or, after somebody has answered, back as well.</summary>
internal sealed class ProcedureDraw(Random random)
{
    private static readonly PostKind[] Kinds = Enum.GetValues<PostKind>();

    private readonly List<string> _asks = [];
    private readonly List<string> _collecting = [];

    public Procedure Draw()
    {
        var count = 1 + Math.Max(random.Next(5), random.Next(5));
        ImmutableArray<Stage> stages = [.. Enumerable.Range(0, count).Select(n => Led(AnyStage(Key(n)), n, count))];
        return Of(stages) with
        {
            Place = (PlaceKind)random.Next(3),
            Visibility = (Visibility)random.Next(3),
            HasCaller = random.Next(2) == 0,
            Promise = Chance(40) ? new Promise(AnySpan(), Key(random.Next(count))) : null,
            Cancelled = Chance(40) ? Key(random.Next(count)) : null,
        };
    }

    private Stage AnyStage(string key)
    {
        var stage = random.Next(9) switch
        {
            0 => Stage(key).On("lapsed", End).Within(TimeSpan.FromHours(random.Next(1, 80))),
            1 => (Stage(key) with { AwaitsChildren = true }).On("done", End),
            2 => Vote(key, random.Next(4), (Majority)random.Next(3)) with { Asks = [AnyAsk(key) with { EachPost = Chance(80), Need = Need.All }] },
            3 => Sign(key, AnyAsk(key + "x"), AnyAsk(key + "y")),
            4 => Sign(key, AnyAsk(key)),
            5 => Collecting(key),
            6 or 7 when _collecting.Count > 0 => Stage(key, AnyAsk(key) with { PerItemOf = _collecting[^1] }).On("done", End),
            7 => Stage(key, AnyAsk(key + "x"), AnyAsk(key + "y"), AnyAsk(key + "z")).On("done", End),
            _ => Stage(key, AnyAsk(key)).On("done", End),
        };
        if (stage is { Gate: Gate.Done, Asks: [{ PerItemOf: null } only] } && only.Need == Need.One) stage = stage.On("other", End);
        if (stage.Limit is null && Chance(65)) stage = stage with { Limit = AnySpan() };
        if (stage is { Gate: not Gate.Vote, Limit: not null } && Chance(35)) stage = stage.On("lapsed", End);
        if (!stage.Asks.IsEmpty && Chance(10)) stage = stage with { AwaitsChildren = true };
        return Chance(30) ? stage with { Visibility = (Visibility)random.Next(3) } : stage;
    }

    private Stage Collecting(string key)
    {
        _collecting.Add(key);
        return Stage(key, AnyAsk(key) with { Collects = true, Need = Need.One }).On("done", End);
    }

    /// <summary>Only a stage that somebody has to answer may lead back: a loop that nothing holds up would have no exit.</summary>
    private Stage Led(Stage stage, int n, int count)
    {
        var holds = stage.Asks is [{ PerItemOf: null }, ..];
        foreach (var outcome in stage.Next.Keys)
        {
            var to = holds && Chance(20) ? random.Next(count) : n + 1 + (Chance(20) ? 1 : 0);
            stage = stage.On(outcome, to < count ? Key(to) : End);
        }

        return stage;
    }

    private Ask AnyAsk(string key)
    {
        var ask = Ask(key, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => AnyRole()).Distinct()]) with
        {
            At = Chance(20) ? (PlaceKind)random.Next(3) : null,
            EachPost = Chance(35),
            Need = random.Next(4) switch { 0 => Need.All, 1 => new Need(2), _ => Need.One },
            Barred = Chance(30) ? [_asks.Count == 0 || Chance(30) ? "starter" : _asks[random.Next(_asks.Count)]] : [],
        };
        _asks.Add(key);
        return ask;
    }

    private Role AnyRole() => random.Next(12) switch
    {
        0 => new Role.OfParty(Chance(70) ? "housing" : "nobody"),
        1 => new Role.Starter(),
        2 => new Role.Caller(),
        3 when _asks.Count > 0 => new Role.WhoDid(_asks[random.Next(_asks.Count)]),
        4 => new Role.Chosen(),
        _ => new Role.OfKind(Kinds[random.Next(Kinds.Length)]),
    };

    private Span AnySpan() => new((ClockKind)random.Next(3), TimeSpan.FromMinutes(random.Next(30, 6_000)));

    private bool Chance(int percent) => random.Next(100) < percent;

    private static string Key(int n) => ((char)('a' + n)).ToString();
}
