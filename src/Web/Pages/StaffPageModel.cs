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

/// <summary>The roster by month and week (值班表); members see their unit's and their own swaps.</summary>
public sealed class RosterModel : StaffPageModel;

/// <summary>Hand-over at a desk (交接班): the notes, the desk itself, the sound.</summary>
public sealed class DutyStartModel : StaffPageModel;
