using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Persons;

/// <summary>The rights of this module.</summary>
public static class PersonRights
{
    /// <summary>What is held of a person, for who asks about themselves; every case counts as a look.</summary>
    public static readonly Right Held = new(nameof(Held), Actor.Duty, Actor.Leader);

    /// <summary>Erasing it. The leader works on no case, so nobody erases what was written about their own work.</summary>
    public static readonly Right Erase = new(nameof(Erase), Actor.Leader);
}
