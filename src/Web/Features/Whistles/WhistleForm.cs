using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>The fields of a whistle form, filled in by a resident or by an officer for someone on the phone.</summary>
public abstract class WhistleForm : PageModel
{
    [BindProperty(Name = "category")]
    public string? Category { get; set; }

    [BindProperty(Name = "words")]
    public string? Description { get; set; }

    [BindProperty(Name = "danger")]
    public bool Danger { get; set; }

    [BindProperty(Name = "hide")]
    public bool Hide { get; set; }

    [BindProperty(Name = "name")]
    public string? Name { get; set; }

    [BindProperty(Name = "phone")]
    public string? Phone { get; set; }

    /// <summary>Ids of photos already stored.</summary>
    [BindProperty(Name = "photo")]
    public List<string> Photos { get; set; } = [];

    /// <summary>Photos as the browser sends them if no script has shrunk them.</summary>
    [BindProperty(Name = "files")]
    public List<IFormFile> Files { get; set; } = [];

    /// <summary>我也遇到: the number of the open case that this is also about.</summary>
    [BindProperty(Name = "joins")]
    public string? Joins { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one case.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    protected static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>The form as a whistle at a place. Danger rings immediately on its own and joins no other case.</summary>
    protected WhistleRequest At(string? station, string? grid) => new()
    {
        Station = station,
        Grid = grid,
        Category = Category,
        // A form sends each line break as two characters, but the browser counts it as one.
        Description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim().ReplaceLineEndings("\n"),
        Danger = Danger,
        HideFromProperty = Hide,
        Photos = Photos.Count > 0 ? Photos : null,
        Contact = string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Phone) ? null : new ContactRequest(Name?.Trim(), Phone?.Trim()),
        Joins = Danger || string.IsNullOrWhiteSpace(Joins) ? null : Joins,
    };
}

/// <summary>
/// The form of somebody without an account: it says beside each field what to fix. There is no antiforgery token: the page acts on behalf of no account, and web views inside
/// other apps often refuse the cookie that the token needs. Instead, the form's one-time key turns a double tap into one case.
/// </summary>
[IgnoreAntiforgeryToken]
public abstract class ResidentForm(Wording words) : WhistleForm
{
    /// <summary>What to fix, by field; "" for the form as a whole.</summary>
    public Dictionary<string, string> Errors { get; } = [];

    protected Wording Words { get; } = words;

    public string? Error(string field) => Errors.GetValueOrDefault(field);

    /// <summary>The case's page; a script gets only its address and number, so a bad network loads the page once.</summary>
    protected IActionResult Sent(string address, string callNo) =>
        HttpContext.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal) ? new JsonResult(new { url = address, no = callNo }) : LocalRedirect(address);

    protected void Refuse(Outcome outcome)
    {
        var sentence = Words.Pick(outcome.Message, outcome.MessageEn);
        switch (outcome.Code)
        {
            case Codes.CategoryUnknown:
                Errors["category"] = sentence;
                break;
            case Codes.TextMissing:
                Errors["words"] = sentence;
                break;
            case Codes.TextTooLong:
                // One code for two fields: find the one that is too long.
                Errors[Name?.Length > Texts.NameLimit ? "name" : "words"] = sentence;
                break;
            case Codes.IdempotencyKeyReused or Codes.IdempotencyKeyInvalid:
                // The first form went through and this one repeats it with other text: another whistle needs another key.
                Key = NewKey();
                Errors[""] = Words["whistle.alreadySent"];
                break;
            case Codes.Busy or Codes.TooManyRequests:
                Errors[""] = Words["whistle.busy"];
                break;
            default:
                Errors[""] = sentence;
                break;
        }
    }
}
