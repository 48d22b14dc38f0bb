using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Feed;

/// <summary>The rights of this module.</summary>
public static class FeedRights
{
    /// <summary>The live feed; each role sees its own part.</summary>
    public static readonly Right Watch = new(nameof(Watch), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Auditor, Actor.Wall);
}
