using DispatchCenter.Contracts;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.People;

/// <summary>Staff change their own password: this session continues, all others end. A wrong old password counts as a failed sign-in.</summary>
public sealed class PasswordModel(SignInService signIns, Wording words) : PageModel
{
    public string? Error { get; private set; }

    public bool Done { get; private set; }

    /// <summary>Where someone who signed in with an issued password was going.</summary>
    [BindProperty(SupportsGet = true, Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    /// <summary>The same as a local address, or null.</summary>
    public string? OnTheWay => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;

    public async Task OnPostAsync(string? old, string? fresh, string? again)
    {
        if (string.IsNullOrEmpty(old) || string.IsNullOrEmpty(fresh) || string.IsNullOrEmpty(again)) Refuse(words["password.missing"], StatusCodes.Status422UnprocessableEntity);
        else if (fresh != again) Refuse(words["password.differ"], StatusCodes.Status422UnprocessableEntity);
        else if (fresh == old) Refuse(words["password.same"], StatusCodes.Status422UnprocessableEntity);
        else if (await signIns.ChangeAsync(HttpContext.Staff()!, old, fresh, HttpContext.RequestAborted) is { Ok: false } outcome) Refuse(outcome.Code == Codes.WrongPassword ? words["password.wrong"] : words.Pick(outcome.Message, outcome.MessageEn), outcome.Status);
        else Done = true;
    }

    private void Refuse(string why, int status)
    {
        Error = why;
        // A 401 would redirect the browser to the sign-in page without the message.
        Response.StatusCode = status == StatusCodes.Status401Unauthorized ? StatusCodes.Status422UnprocessableEntity : status;
    }
}
