using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Persons;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Persons;

/// <summary>For an officer whom somebody asks about themselves: what is held, to read, print or hand over as a file, and its erasure. Works without scripts.</summary>
public sealed class HeldModel(PersonCommands persons, RegisterBook register, Wording words) : PageModel
{
    [BindProperty(Name = "callNo")]
    public string? CallNo { get; set; }

    [BindProperty(Name = "phone")]
    public string? Phone { get; set; }

    [BindProperty(Name = "purpose")]
    public string? Purpose { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    /// <summary>The numbers and codes that the officer has seen and confirmed, separated by blanks.</summary>
    [BindProperty(Name = "sure")]
    public string? Sure { get; set; }

    public HeldView? View { get; private set; }

    /// <summary>What is erased if the officer confirms it.</summary>
    public ErasedView? Asked { get; private set; }

    public ErasedView? Gone { get; private set; }

    public string? Error { get; private set; }

    public bool MayErase => Access.May(HttpContext.Staff(), PersonRights.Erase);

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostHeldAsync()
    {
        var held = await persons.HeldAsync(HttpContext.Staff()!, new HeldRequest(CallNo, Phone, Purpose), HttpContext.RequestAborted);
        View = held.Value;
        return View is null ? Refused(held) : Page();
    }

    /// <summary>The same as one JSON file.</summary>
    public async Task<IActionResult> OnPostFileAsync()
    {
        var held = await persons.HeldAsync(HttpContext.Staff()!, new HeldRequest(CallNo, Phone, Purpose), HttpContext.RequestAborted);
        return held.Value is { } view ? File(JsonSerializer.SerializeToUtf8Bytes(view, Problems.Json.HeldView), "application/json", "held.json") : Refused(held);
    }

    public async Task<IActionResult> OnPostEraseAsync()
    {
        if (!MayErase) return Refused(Outcome.Of(Codes.Forbidden));
        var request = new EraseRequest(CallNo, Phone, Reason);
        var asked = await persons.WouldEraseAsync(HttpContext.Staff()!, request, HttpContext.RequestAborted);
        if (asked.Value is not { } found) return Refused(asked);
        if (NumbersOf(found) != Sure)
        {
            // Nothing was confirmed, or something else: a case came or was hidden meanwhile.
            Asked = found;
            return Page();
        }

        var erased = await persons.EraseAsync(HttpContext.Staff()!, request, HttpContext.RequestAborted);
        Gone = erased.Value;
        return Gone is null ? Refused(erased) : Page();
    }

    /// <summary>Of cases, and the codes of entries.</summary>
    public static string NumbersOf(ErasedView view) => string.Join(' ', view.Erased.Concat(view.Waiting).Concat(view.Entries ?? []));

    /// <summary>The name of an entry of the register, or its code.</summary>
    public string NameOf(string code) => register.Now.Map.Find(code) is { } entry ? words.Pick(entry.Name, entry.NameEn) : code;

    /// <summary>To the second, in Asia/Shanghai.</summary>
    public static string At(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The word of a code, or the code itself.</summary>
    public string Word(string prefix, string code) => words.Has(prefix + code) ? words[prefix + code] : code;

    private PageResult Refused(Outcome outcome)
    {
        Error = words.Pick(outcome.Message, outcome.MessageEn);
        Response.StatusCode = outcome.Status;
        return Page();
    }
}
