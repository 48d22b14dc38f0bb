using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Street;

/// <summary>The rights of this module.</summary>
public static class StreetRights
{
    /// <summary>What the street lays down: its policy, days off, standards, accounts.</summary>
    public static readonly Right Policy = new(nameof(Policy), Actor.Admin);
}
