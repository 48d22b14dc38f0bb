using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Duty;

/// <summary>How candidates for a case are ranked.</summary>
public enum ChoiceOrder
{
    /// <summary>就近: the nearest idle post; if all are busy, the nearest.</summary>
    NearestFirst,

    /// <summary>均衡: the lowest expected cost to callers, from waiting and late answers.</summary>
    Balanced,
}

/// <summary>The street's estimates for one level.</summary>
/// <param name="Work">Mean time on the scene per case.</param>
/// <param name="LateCost">How much waiting one late 到场 is worth.</param>
public readonly record struct LevelWeight(TimeSpan Work, TimeSpan LateCost);

/// <summary>How candidates are weighed. It is part of the policy, so a new version changes it. It only ranks suggestions and delays nothing.</summary>
public sealed record ChoiceRules
{
    public const int MaxSkills = 60;

    public ChoiceOrder Order { get; init; } = ChoiceOrder.Balanced;

    /// <summary>From accepting a case to setting off.</summary>
    public TimeSpan SetOff { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>On foot or by electric bike between the centres of two grids, including detours.</summary>
    public double MetresPerMinute { get; init; } = 120;

    public ImmutableDictionary<Level, LevelWeight> Levels { get; init; } = ImmutableDictionary<Level, LevelWeight>.Empty
        .Add(Level.S1, new(TimeSpan.FromMinutes(60), TimeSpan.FromHours(8)))
        .Add(Level.S2, new(TimeSpan.FromMinutes(50), TimeSpan.FromHours(4)))
        .Add(Level.S3, new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)));

    /// <summary>Relative error of travel times (standard deviation).</summary>
    public double WayDoubt { get; init; } = 0.25;

    /// <summary>The same for work done first. The more certain an arrival, the sharper the effect of its deadline.</summary>
    public double WorkDoubt { get; init; } = 0.5;

    /// <summary>How many times longer a case takes for a post that lacks a skill others in the street have.</summary>
    public double Unskilled { get; init; } = 1.3;

    /// <summary>Whether all values are in range.</summary>
    public bool Holds =>
        Sane(SetOff) && MetresPerMinute is >= 10 and <= 2_000 && WayDoubt is >= 0 and <= 2 && WorkDoubt is >= 0 and <= 2 && Unskilled is >= 1 and <= 10
        && Enum.GetValues<Level>().All(level => Levels.TryGetValue(level, out var weight) && Sane(weight.Work) && Sane(weight.LateCost))
        && Skills.Values.All(codes => codes.Length <= MaxSkills && codes.All(c => c.Length is >= 1 and <= 24));

    private static bool Sane(TimeSpan span) => span >= TimeSpan.FromMinutes(1) && span <= TimeSpan.FromDays(30);

    /// <summary>The categories that a kind of post is good at anywhere; a team's own skills are on the map. Never a person's.</summary>
    public ImmutableDictionary<PostKind, ImmutableArray<string>> Skills { get; init; } = ImmutableDictionary<PostKind, ImmutableArray<string>>.Empty
        .Add(PostKind.Police, ["20", "21"])
        .Add(PostKind.Property, ["03", "06", "08"]);
}
