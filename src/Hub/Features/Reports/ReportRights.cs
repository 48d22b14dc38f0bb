using DispatchCenter.Hub.Kernel.Rights;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>The rights of this module.</summary>
public static class ReportRights
{
    /// <summary>The three rates; a community its own.</summary>
    public static readonly Right Rates = new(nameof(Rates), Actor.Duty, Actor.Leader, Actor.Community, Actor.Auditor);

    /// <summary>The morning brief; a community its own.</summary>
    public static readonly Right Brief = new(nameof(Brief), Actor.Duty, Actor.Leader, Actor.Community);

    /// <summary>Cases of past days, open or over; a community its own.</summary>
    public static readonly Right History = new(nameof(History), Actor.Duty, Actor.Leader, Actor.Community, Actor.Auditor);

    /// <summary>The access log and the journal.</summary>
    public static readonly Right Audit = new(nameof(Audit), Actor.Auditor);

    /// <summary>The end of the audit chain and the roots of days, for the notice board: no case, no person.</summary>
    public static readonly Right Chain = new(nameof(Chain), Actor.Auditor, Actor.Admin);
}
