using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The rights of this module.</summary>
public static class PeopleRights
{
    /// <summary>One's own duty and the roster of one's unit: going on and off duty, swaps, leave.</summary>
    public static readonly Right Duty = new(nameof(Duty), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>Managing rosters: a community its own desk and teams, the street all.</summary>
    public static readonly Right Roster = new(nameof(Roster), Actor.Duty, Actor.Leader, Actor.Community);

    /// <summary>A calendar feed: the address is the capability.</summary>
    public static readonly Right Calendar = new(nameof(Calendar), Actor.Anyone);

    /// <summary>The hand-over page of the desks.</summary>
    public static readonly Right HandOverPage = new(nameof(HandOverPage), Actor.Duty, Actor.Leader, Actor.Community);
}
