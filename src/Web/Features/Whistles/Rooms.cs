using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>The phone of a manager team (睦邻管家).</summary>

/// <summary>The duty officer's queue (值班台).</summary>
public sealed class DeskModel : StaffPageModel;

/// <summary>Verification (核查) by a grid worker who took no part.</summary>
public sealed class ReviewModel : StaffPageModel;

/// <summary>回访: verified cases waiting for a call to their caller.</summary>
public sealed class CallbackModel : StaffPageModel;

/// <summary>The read-only kiosk.</summary>
public sealed class WallModel : StaffPageModel;
