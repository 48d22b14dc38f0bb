using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Kernel;

/// <summary>A staff page: a shell that its script fills from the hub and the API, which decide what this account may see and do.</summary>
public abstract class StaffPageModel : PageModel;
