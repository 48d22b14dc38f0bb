using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>The rights of this module.</summary>
public static class ReachRights
{
    /// <summary>Which on-duty posts can be reached; each role sees its own part.</summary>
    public static readonly Right Presence = new(nameof(Presence), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin, Actor.Wall);

    /// <summary>锁屏提醒 for one's own phone, from its page.</summary>
    public static readonly Right Push = new(nameof(Push), Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>Who was told of a case that one may see, and what became of it.</summary>
    public static readonly Right Told = new(nameof(Told), Actor.Duty, Actor.Leader, Actor.Community);

    /// <summary>Figures of the whole street: who was reached, by what and how fast.</summary>
    public static readonly Right ReachFigures = new(nameof(ReachFigures), Actor.Duty, Actor.Leader);

    /// <summary>Notifications: channels, rules, phone numbers, and dead messages.</summary>
    public static readonly Right Outbox = new(nameof(Outbox), Actor.Admin);
}
