using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Cases of past days.</summary>
public sealed class HistoryModel : StaffPageModel;

/// <summary>The figures of some days as charts.</summary>
public sealed class StatsModel : StaffPageModel;

/// <summary>The journal and the access log.</summary>
public sealed class AuditModel : StaffPageModel;
