using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>What went wrong and what to do now, in words. Any method may end here, so nothing is checked.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ErrorModel : PageModel
{
    private static readonly int[] Worded = [400, 401, 403, 404, 405, 413, 429, 500, 503];

    [BindProperty(SupportsGet = true)]
    public int Status { get; set; }

    /// <summary>The key of the words: the status itself, or its class.</summary>
    public string Key => Worded.Contains(Status) ? $"error.{Status}" : Status < 500 ? "error.400" : "error.500";

    // Whoever opens the address itself gets its status too.
    public void OnGet() => Response.StatusCode = Status is >= 400 and < 600 ? Status : StatusCodes.Status404NotFound;

    public string TraceId => System.Diagnostics.Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;
}
