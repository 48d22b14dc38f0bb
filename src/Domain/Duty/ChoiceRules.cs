using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Duty;

/// <summary>By what the candidates for a case are put in order.</summary>
public enum ChoiceOrder
{
    /// <summary>就近: the nearest who has nothing in hand; where everybody has, the nearest.</summary>
    NearestFirst,

    /// <summary>均衡: by what each choice is expected to cost the callers, in waiting and in answers that come late.</summary>
    Balanced,
}

/// <summary>What the street expects of one level when it weighs candidates.</summary>
/// <param name="Work">How long a case keeps somebody on the scene, on average.</param>
/// <param name="LateCost">So much waiting is one 到场 that comes too late worth.</param>
public readonly record struct LevelWeight(TimeSpan Work, TimeSpan LateCost);

/// <summary>How candidates are weighed: part of the policy, so a street changes it by a new version. It orders a suggestion and delays nothing.</summary>
public sealed record ChoiceRules
{
    public const int MaxSkills = 60;

    public ChoiceOrder Order { get; init; } = ChoiceOrder.Balanced;

    /// <summary>From taking a case until one is on the way.</summary>
    public TimeSpan SetOff { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>On foot or by electric bicycle between the middles of two grids, detours included.</summary>
    public double MetresPerMinute { get; init; } = 120;

    public ImmutableDictionary<Level, LevelWeight> Levels { get; init; } = ImmutableDictionary<Level, LevelWeight>.Empty
        .Add(Level.S1, new(TimeSpan.FromMinutes(60), TimeSpan.FromHours(8)))
        .Add(Level.S2, new(TimeSpan.FromMinutes(50), TimeSpan.FromHours(4)))
        .Add(Level.S3, new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)));

    /// <summary>How far a way may be out, as a part of the time it is expected to take (standard deviation).</summary>
    public double WayDoubt { get; init; } = 0.25;

    /// <summary>The same of the work that is done before. The surer an arrival, the sharper its due divides.</summary>
    public double WorkDoubt { get; init; } = 0.5;

    /// <summary>So many times longer takes a case for whoever lacks a skill that others of the street have for its category.</summary>
    public double Unskilled { get; init; } = 1.3;

    /// <summary>Whether every number is one that can be weighed with.</summary>
    public bool Holds =>
        Sane(SetOff) && MetresPerMinute is >= 10 and <= 2_000 && WayDoubt is >= 0 and <= 2 && WorkDoubt is >= 0 and <= 2 && Unskilled is >= 1 and <= 10
        && Enum.GetValues<Level>().All(level => Levels.TryGetValue(level, out var weight) && Sane(weight.Work) && Sane(weight.LateCost))
        && Skills.Values.All(codes => codes.Length <= MaxSkills && codes.All(c => c.Length is >= 1 and <= 24));

    private static bool Sane(TimeSpan span) => span >= TimeSpan.FromMinutes(1) && span <= TimeSpan.FromDays(30);

    /// <summary>The categories that a kind of post is good at, wherever it is; a team's own are on the map. Never a person's.</summary>
    public ImmutableDictionary<PostKind, ImmutableArray<string>> Skills { get; init; } = ImmutableDictionary<PostKind, ImmutableArray<string>>.Empty
        .Add(PostKind.Police, ["20", "21"])
        .Add(PostKind.Property, ["03", "06", "08"]);
}
