using Microsoft.AspNetCore.Diagnostics;
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

    public string TraceId => System.Diagnostics.Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    public void OnGet() => Say();

    public void OnPost() => Say();

    /// <summary>Whoever opens the address itself gets its status too; a failure says its own, such as a body that was too large.</summary>
    private void Say()
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException refused)
            Status = refused.StatusCode;
        else if (Status is < 400 or > 599)
            Status = StatusCodes.Status404NotFound;
        Response.StatusCode = Status;
    }
}
