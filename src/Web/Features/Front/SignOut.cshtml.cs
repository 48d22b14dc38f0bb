using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Front;

/// <summary>POST only, so no image or link can sign anyone out.</summary>
public sealed class SignOutModel(SignInService accounts) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await accounts.SignOutAsync(ct);
        return LocalRedirect("/");
    }
}
