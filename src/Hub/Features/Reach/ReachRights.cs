using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>The rights of this module.</summary>
public static class ReachRights
{
    /// <summary>Who of those on duty can be reached, each role its own part of it.</summary>
    public static readonly Right Presence = new(nameof(Presence), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin, Actor.Wall);

    /// <summary>Messages beyond the pages: channels, rules, numbers, and what has died.</summary>
    public static readonly Right Outbox = new(nameof(Outbox), Actor.Admin);
}
