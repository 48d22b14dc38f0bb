using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>A staff room: a shell that its script fills from the hub and the API, which decide what this account may see and do.</summary>
public abstract class StaffPageModel : PageModel
{
    // A board brought back by the browser's history would show old cases as if they were live.
    public void OnGet() => Response.Headers.CacheControl = "no-store";
}

/// <summary>The phone of a manager team (睦邻管家).</summary>
public sealed class TeamModel : StaffPageModel;

/// <summary>The duty officer's queue (值班台).</summary>
public sealed class DeskModel : StaffPageModel;

/// <summary>Verification (核查) by a grid worker who took no part.</summary>
public sealed class ReviewModel : StaffPageModel;

/// <summary>回访: what is verified waits here for a call to its caller.</summary>
public sealed class CallbackModel : StaffPageModel;

/// <summary>Cases of past days.</summary>
public sealed class HistoryModel : StaffPageModel;

/// <summary>The figures of some days, drawn.</summary>
public sealed class StatsModel : StaffPageModel;

/// <summary>The read-only kiosk.</summary>
public sealed class WallModel : StaffPageModel;

/// <summary>The journal, and who looked at whose words.</summary>
public sealed class AuditModel : StaffPageModel;

/// <summary>Every component in every state, for whoever builds pages; in Development alone.</summary>
public sealed class StyleguideModel(IHostEnvironment environment) : PageModel
{
    public IActionResult OnGet() => environment.IsDevelopment() ? Page() : NotFound();
}

/// <summary>The roster by month and week (值班表); members see their unit's and their own swaps.</summary>
public sealed class RosterModel : StaffPageModel;

/// <summary>Hand-over at a desk (交接班): the notes, the desk itself, the sound.</summary>
public sealed class DutyStartModel : StaffPageModel;
