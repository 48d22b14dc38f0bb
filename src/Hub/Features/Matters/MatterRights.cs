using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>The rights of this module. Who may see or answer one matter is decided by the matter.</summary>
public static class MatterRights
{
    /// <summary>The page of matters, their list and details, and what one owes.</summary>
    public static readonly Right Matters = new(nameof(Matters), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>Opening and answering; the procedure decides which posts may.</summary>
    public static readonly Right MatterOrders = new(nameof(MatterOrders), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police);

    /// <summary>叫应: sending one, ending it, and who has answered.</summary>
    public static readonly Right Callouts = new(nameof(Callouts), Actor.Duty, Actor.Leader);

    /// <summary>A person's or a party's link to one matter, and public notices: the code is the capability.</summary>
    public static readonly Right Follow = new(nameof(Follow), Actor.Anyone);

    /// <summary>Trying out and adding procedure documents.</summary>
    public static readonly Right Procedures = new(nameof(Procedures), Actor.Admin);
}
