using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Kernel;

/// <summary>A staff page: a shell that its script fills from the hub and the API, which decide what this account may see and do.</summary>
public abstract class StaffPageModel : PageModel
{
    // A board restored from the browser's history would show old cases as live.
    public void OnGet() => Response.Headers.CacheControl = "no-store";
}
