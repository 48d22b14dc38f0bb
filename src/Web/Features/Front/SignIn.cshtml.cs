using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace DispatchCenter.Web.Features.Front;

/// <summary>Staff sign-in. Redirects to the page that was asked for, only if it is ours, or else to the account's own room; with an issued password, first to the password page.</summary>
public sealed class SignInModel(SignInService accounts, DispatchOptions options, Wording words) : PageModel
{
    [BindProperty(Name = "user")]
    public string? UserName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true, Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public string? Error { get; private set; }

    public bool Demo => options.Demo;

    public string DemoPassword => options.DemoPassword;

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(UserName) || string.IsNullOrEmpty(Password))
            return Again(words["signin.missing"], StatusCodes.Status422UnprocessableEntity);
        return await EnterAsync(UserName.Trim(), Password);
    }

    /// <summary>One-tap sign-in for newcomers, only in demo mode.</summary>
    public async Task<IActionResult> OnPostDemoAsync()
    {
        if (!options.Demo || string.IsNullOrWhiteSpace(UserName))
            return NotFound();
        return await EnterAsync(UserName, options.DemoPassword);
    }

    private async Task<IActionResult> EnterAsync(string user, string password)
    {
        var outcome = await accounts.SignInAsync(user, password);
        if (outcome.Value is not { } account)
            return Again(words.Pick(outcome.Message, outcome.MessageEn), outcome.Status);
        var room = Url.IsLocalUrl(ReturnUrl) ? InAscii(ReturnUrl!) : StaffRooms.HomeOf(account.Role);
        // It can be skipped, because a case may be waiting.
        return AccountCommands.IsGiven(account.PasswordHash) ? LocalRedirect(QueryHelpers.AddQueryString("/password", "returnUrl", room)) : LocalRedirect(room);
    }

    /// <summary>Encodes an address for a header: it may have been typed with Chinese characters.</summary>
    private static string InAscii(string address) => string.Concat(address.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    private PageResult Again(string error, int status)
    {
        (Error, Password) = (error, null);
        // A 401 would redirect the browser back to this page without the message.
        Response.StatusCode = status == StatusCodes.Status401Unauthorized ? StatusCodes.Status422UnprocessableEntity : status;
        return Page();
    }
}
