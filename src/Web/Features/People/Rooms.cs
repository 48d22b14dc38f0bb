using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.People;

/// <summary>The roster by month and week (值班表); members see their unit's and their own swaps.</summary>
public sealed class RosterModel : StaffPageModel;

/// <summary>Hand-over at a desk (交接班): the notes, the desk itself, the sound.</summary>
public sealed class DutyStartModel : StaffPageModel;
