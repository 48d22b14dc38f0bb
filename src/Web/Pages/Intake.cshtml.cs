using DispatchCenter.Contracts;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Hub.Callers;
using DispatchCenter.Hub.Calls;
using DispatchCenter.Hub.Photos;
using DispatchCenter.Web.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>
/// 代录: an officer writes down a whistle for somebody on the phone or at the counter. Where the same kind is being handled in that grid
/// already, the officer is asked once whether it is the same; never where somebody is in danger. Works without JavaScript.
/// </summary>
public sealed class IntakeModel(CallerDesk desk, PhotoBook photos, PlaceBook around, TimeProvider clock, Wording words) : PageModel
{
    /// <summary>Said instead of a number: it is another matter.</summary>
    public const string Apart = "apart";

    /// <summary>"s:" and a station's code, or "g:" and a grid's.</summary>
    [BindProperty(Name = "place")]
    public string? Place { get; set; }

    [BindProperty(Name = "category")]
    public string? Category { get; set; }

    [BindProperty(Name = "words")]
    public string? Description { get; set; }

    /// <summary>phone, counter, or patrol (巡查上报): what an officer has seen.</summary>
    [BindProperty(SupportsGet = true, Name = "source")]
    public string? Source { get; set; }

    [BindProperty(Name = "name")]
    public string? Name { get; set; }

    [BindProperty(Name = "phone")]
    public string? Phone { get; set; }

    [BindProperty(Name = "hide")]
    public bool Hide { get; set; }

    [BindProperty(Name = "danger")]
    public bool Danger { get; set; }

    [BindProperty(Name = "drill")]
    public bool Drill { get; set; }

    /// <summary>The number of the case that it is about as well, <see cref="Apart"/>, or nothing before the officer was asked.</summary>
    [BindProperty(Name = "joins")]
    public string? Joins { get; set; }

    [BindProperty(Name = "photo")]
    public List<string> Photos { get; set; } = [];

    [BindProperty(Name = "files")]
    public List<IFormFile> Files { get; set; } = [];

    public bool IsPatrol => Source == "patrol";

    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    public StreetView Street { get; } = around.Street;

    public string? Error { get; private set; }

    /// <summary>What is being handled in that grid already and might be the same.</summary>
    public IReadOnlyList<NearCall> Near { get; private set; } = [];

    public WhistleReceipt? Receipt { get; private set; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>The room that the officer came from.</summary>
    public string Back => Access.May(HttpContext.Staff(), Resource.DeskPage) ? "/desk" : "/m";

    private Staff Officer => HttpContext.Staff()!;

    private string? GridCode => Place switch
    {
        ['s', ':', .. var code] => Street.Stations.FirstOrDefault(s => s.Code == code)?.Grid,
        ['g', ':', .. var code] => Street.Grids.FirstOrDefault(g => g.Code == code)?.Code,
        _ => null,
    };

    public IActionResult OnGet()
    {
        if (Officer.Post?.Grid is { } own)
            Place = "g:" + own.Value;
        return Show(StatusCodes.Status200OK);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (GridCode is not { } grid)
            return Again(words["intake.placeMissing"]);
        if (string.IsNullOrEmpty(Category))
            return Again(words["whistle.chooseOne"]);
        if (await PhotoForm.KeepAsync(photos, Photos, Files, Key ?? "", words, ct) is { } wrong)
            return Again(wrong);
        if (Source is not ("phone" or "counter" or "patrol"))
            return Again(words["intake.sourceMissing"]);
        if (string.IsNullOrEmpty(Joins) && !Danger)
        {
            Near = [.. (await around.Similar.NearAsync(grid, ct, Officer)).Where(call => call.Category == Category)];
            if (Near.Count > 0)
                return Show(StatusCodes.Status200OK);
        }

        var outcome = await desk.BlowAsync(Request(), Key, ct, Officer);
        if (outcome is { Ok: true, Value: { } receipt })
        {
            Receipt = receipt;
            return Show(StatusCodes.Status200OK);
        }

        if (outcome.Code is Codes.IdempotencyKeyReused or Codes.IdempotencyKeyInvalid)
            Key = null;
        Error = words.Pick(outcome.Message, outcome.MessageEn);
        return Show(outcome.Status);
    }

    private new WhistleRequest Request() => new()
    {
        Station = Place![0] == 's' ? Place[2..] : null,
        Grid = Place[0] == 'g' ? Place[2..] : null,
        Category = Category,
        // A form sends each line end as two characters, and the browser has counted it as one.
        Description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim().ReplaceLineEndings("\n"),
        Source = Source,
        Photos = Photos.Count > 0 ? Photos : null,
        Danger = Danger,
        HideFromProperty = Hide,
        Drill = Drill,
        Contact = string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Phone) ? null : new ContactRequest(Name?.Trim(), Phone?.Trim()),
        Joins = string.IsNullOrEmpty(Joins) || Joins == Apart || Danger ? null : Joins,
    };

    private PageResult Again(string error)
    {
        Error = error;
        return Show(StatusCodes.Status422UnprocessableEntity);
    }

    private PageResult Show(int status)
    {
        Response.Headers.CacheControl = "no-store";
        Response.StatusCode = status;
        Now = clock.GetUtcNow();
        if (string.IsNullOrEmpty(Key))
            Key = Guid.NewGuid().ToString("N");
        return Page();
    }
}
