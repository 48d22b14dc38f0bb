using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Matters;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>
/// One matter at its one address: for staff who may see it, the whole of it, filled in by its script; for everyone else the public notice, without a script, while its
/// stage is public. Whoever is signed in and may see neither learns nothing, not even whether the number was given.
/// </summary>
public sealed class MatterModel(MatterQueries matters, TimeProvider clock, Wording words) : PageModel
{
    public string No { get; private set; } = "";

    /// <summary>What everyone may read; null for the staff's page.</summary>
    public PublicMatter? Notice { get; private set; }

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public async Task<IActionResult> OnGetAsync(string no, CancellationToken ct)
    {
        No = no;
        var who = HttpContext.Staff();
        if (who is not null && Access.May(who, MatterRights.Matters) && await matters.MaySeeAsync(who, no, ct)) return Page();
        Notice = await matters.PublicAsync(no, ct);
        return Notice is not null ? Page() : who is not null ? NotFound() : Redirect($"/signin?returnUrl={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
    }

    public string NameOf(Named named) => words.Pick(named.Name, named.NameEn);

    /// <summary>A value as people read it.</summary>
    public string Shown(FieldValue value) => value.Kind == "yesNo" ? words["ui.owed." + value.Value] : words.Pick(value.Value!, value.ValueEn ?? "");
}
