using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Street;

/// <summary>The rights of this module.</summary>
public static class StreetRights
{
    /// <summary>The street's configuration: policy, holidays, standards, accounts.</summary>
    public static readonly Right Policy = new(nameof(Policy), Actor.Admin);
}
