using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Reports;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>The end of the audit chain and the roots of days, to print for the notice board; works without scripts.</summary>
public sealed class ChainModel(ChainQueries chain) : PageModel
{
    private const int Group = 4;

    public ChainView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? from, string? to)
    {
        Response.Headers.CacheControl = "no-store";
        var asked = await chain.AskAsync(from, to, HttpContext.RequestAborted);
        if (asked.Value is not { } view) return StatusCode(asked.Status);
        View = view;
        return Page();
    }

    /// <summary>In groups that an eye can compare.</summary>
    public static string Grouped(string hex) => string.Join(' ', hex.Chunk(Group).Select(g => new string(g)));
}
