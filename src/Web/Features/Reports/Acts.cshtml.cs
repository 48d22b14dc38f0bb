using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>Who did what to accounts, channels, documents and the roster, and what auditors read; works without scripts.</summary>
public sealed class ActsModel(ActQueries acts) : PageModel
{
    public ActsView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? list, string? before)
    {
        Response.Headers.CacheControl = "no-store";
        var asked = await acts.AskAsync(HttpContext.Staff()!, list, before, HttpContext.RequestAborted);
        if (asked.Value is not { } view) return StatusCode(asked.Status);
        View = view;
        return Page();
    }

    /// <summary>To the second, in Asia/Shanghai.</summary>
    public static string At(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string What(ActLine line, Wording words) => words.Has("act." + line.What) ? words["act." + line.What] : line.What;
}
