using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace DispatchCenter.Web.Features.Front;

/// <summary>Staff sign-in; for an account with a second factor in two steps on the same page, without script. Redirects to the page that was asked for, only if it is ours, or else to the account's own room; with an issued password, first to the password page.</summary>
public sealed class SignInModel(SignInService accounts, DoorCheck door, DispatchOptions options, Wording words) : PageModel
{
    [BindProperty(Name = "user")]
    public string? UserName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    /// <summary>Of the second factor: the second step asks for it, and so does the first while the name is closed to strangers.</summary>
    [BindProperty(Name = "code")]
    public string? Code { get; set; }

    /// <summary>In the second step, in place of name and password; null in the first.</summary>
    [BindProperty(Name = "ticket")]
    public string? Ticket { get; set; }

    /// <summary>Whether the name is closed, and a code beside the password may still open it.</summary>
    public bool IsClosed { get; private set; }

    [BindProperty(SupportsGet = true, Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public string? Error { get; private set; }

    public bool Demo => options.Demo;

    public string DemoPassword => options.DemoPassword;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!string.IsNullOrEmpty(Ticket)) return await EnterAsync(await accounts.SignInAsync(Ticket, Code));
        if (string.IsNullOrWhiteSpace(UserName) || string.IsNullOrEmpty(Password))
            return Again(words["signin.missing"], StatusCodes.Status422UnprocessableEntity);
        return await EnterAsync(await accounts.SignInAsync(UserName.Trim(), Password, Code));
    }

    /// <summary>One-tap sign-in for newcomers, only in demo mode.</summary>
    public async Task<IActionResult> OnPostDemoAsync()
    {
        if (!options.Demo || string.IsNullOrWhiteSpace(UserName))
            return NotFound();
        return await EnterAsync(await accounts.SignInAsync(UserName, options.DemoPassword, null));
    }

    private async Task<IActionResult> EnterAsync(SignIn came)
    {
        var outcome = came.Outcome;
        if (outcome.Value is not { } account) return Refuse(outcome, came.Ticket);
        var room = Url.IsLocalUrl(ReturnUrl) ? InAscii(ReturnUrl!) : StaffRooms.HomeOf(account.Role);
        // It can be skipped, because a case may be waiting.
        return AccountCommands.IsGiven(account.PasswordHash) ? LocalRedirect(QueryHelpers.AddQueryString("/password", "returnUrl", room)) : LocalRedirect(room);
    }

    private PageResult Refuse(Outcome outcome, string? ticket)
    {
        var isSecond = !string.IsNullOrEmpty(Ticket);
        UserName = door.NameOf(ticket ?? Ticket) ?? UserName;
        (Ticket, IsClosed) = (ticket, outcome.Code == Codes.LockedOut);
        if (outcome.RetryAfter is { } wait) return Again(words["signin.closed", (int)Math.Ceiling(wait.TotalMinutes)], outcome.Status);
        return outcome.Code switch
        {
            Codes.SecondFactorRequired when !isSecond => Again(null, StatusCodes.Status200OK),
            Codes.SecondFactorRequired => Again(words["signin.codeMissing"], StatusCodes.Status422UnprocessableEntity),
            Codes.WrongPassword when isSecond => Again(words["signin.tooLate"], StatusCodes.Status422UnprocessableEntity),
            _ => Again(words.Pick(outcome.Message, outcome.MessageEn), outcome.Status),
        };
    }

    /// <summary>Encodes an address for a header: it may have been typed with Chinese characters.</summary>
    private static string InAscii(string address) => string.Concat(address.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    private PageResult Again(string? error, int status)
    {
        (Error, Password, Code) = (error, null, null);
        // A 401 would redirect the browser back to this page without the message.
        Response.StatusCode = status == StatusCodes.Status401Unauthorized ? StatusCodes.Status422UnprocessableEntity : status;
        return Page();
    }
}
