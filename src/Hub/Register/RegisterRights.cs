using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Register;

/// <summary>The rights of this module.</summary>
public static class RegisterRights
{
    /// <summary>The register, as far as it is for staff: each sees what is for staff of their own community.</summary>
    public static readonly Right Register = new(nameof(Register), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin);

    /// <summary>Entries and their table: the street's organiser, and a community's desk for its own.</summary>
    public static readonly Right KeepRegister = new(nameof(KeepRegister), Actor.Admin, Actor.Community);

    /// <summary>The personal links of people in the register: their community's desk, the worker of their grid, and the street's organiser.</summary>
    public static readonly Right IssueLinks = new(nameof(IssueLinks), Actor.Admin, Actor.Community, Actor.GridWorker);

    /// <summary>What is read for a purpose alone; the purpose says which kinds of post may state it.</summary>
    public static readonly Right LookUp = new(nameof(LookUp), Actor.Duty, Actor.Community, Actor.GridWorker, Actor.Police);

    /// <summary>Who looked up whom, and why.</summary>
    public static readonly Right RegisterLooks = new(nameof(RegisterLooks), Actor.Auditor);
}
