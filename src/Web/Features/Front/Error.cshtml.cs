using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Front;

/// <summary>Explains what went wrong and what to do. Any method may end here, so nothing is checked.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ErrorModel : PageModel
{
    private static readonly int[] Worded = [400, 401, 403, 404, 405, 413, 429, 500, 503];

    public int Status { get; private set; }

    /// <summary>The key of the text: the status itself, or its class.</summary>
    public string Key => Worded.Contains(Status) ? $"error.{Status}" : Status < 500 ? "error.400" : "error.500";

    public string TraceId => System.Diagnostics.Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    /// <summary>Opened directly, it returns the status in its address; after a failure, the failure's own, such as a body that was too large.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException refused)
            Status = refused.StatusCode;
        else // from the route itself: nothing is bound after an unreadable form
            Status = RouteData.Values["status"] is string asked && int.TryParse(asked, out var status) && status is >= 400 and < 600 ? status : StatusCodes.Status404NotFound;
        Response.StatusCode = Status;
    }
}
