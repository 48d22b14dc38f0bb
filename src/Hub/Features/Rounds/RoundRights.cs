using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>The rights of this module.</summary>
public static class RoundRights
{
    /// <summary>The rounds of a day: a team those of its grids, a community its own, the street all.</summary>
    public static readonly Right Rounds = new(nameof(Rounds), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.Police);

    /// <summary>Saying what one saw where a round stops: those who may whistle for others. The procedure decides who owes it.</summary>
    public static readonly Right Stops = new(nameof(Stops), Actor.Duty, Actor.Community, Actor.GridWorker);

    /// <summary>Reading, trying out and adding the street's rhythms.</summary>
    public static readonly Right Rhythms = new(nameof(Rhythms), Actor.Admin);
}
