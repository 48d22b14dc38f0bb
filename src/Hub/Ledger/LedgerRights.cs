using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Ledger;

/// <summary>The rights of this module.</summary>
public static class LedgerRights
{
    /// <summary>The board over HTTP.</summary>
    public static readonly Right Board = new(nameof(Board), Actor.Duty, Actor.Leader, Actor.Community, Actor.Auditor, Actor.Wall);

    /// <summary>Read the journal.</summary>
    public static readonly Right Journal = new(nameof(Journal), Actor.Auditor);
}
