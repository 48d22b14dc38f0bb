using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>The rights of this module.</summary>
public static class HouseholdRights
{
    /// <summary>A household's own entry: the code of its link is the capability.</summary>
    public static readonly Right Household = new(nameof(Household), Actor.Anyone);
}
