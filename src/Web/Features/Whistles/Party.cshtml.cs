using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The page of a called party (部门报到): one case, no caller, its own answer. The code in the address is the capability, so there is no
/// account and no antiforgery token; works without JavaScript.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class PartyModel(PartyCommands desk, PhotoStore photos, StreetBook street, TimeProvider clock, Wording words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = ""; // the framework binds a blank to null

    [BindProperty(Name = "note")]
    public string? Note { get; set; }

    [BindProperty(Name = "files")]
    public List<IFormFile> Files { get; set; } = [];

    /// <summary>Ids of photos already stored.</summary>
    [BindProperty(Name = "photo")]
    public List<string> Photos { get; set; } = [];

    /// <summary>Why a photo was left out: the answer itself never waits for one.</summary>
    [BindProperty(SupportsGet = true, Name = "left")]
    public string? Left { get; set; }

    /// <summary>The button: attend, finish or disclaim.</summary>
    [BindProperty(Name = "say")]
    public string? Say { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one answer.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    /// <summary>Null if the link is unknown or expired, or its case is over.</summary>
    public PartyView? Call { get; private set; }

    public string? Error { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public string PartyName => words.Pick(Call!.PartyName, Call.PartyNameEn);

    public string CategoryName => street.View.CategoryName(Call!.Category, words);

    public string PlaceName
    {
        get
        {
            var view = street.View;
            var parts = new[]
            {
                Call!.Station is { } station ? view.StationName(station, words) : null,
                GridHere is { } grid ? view.CommunityName(grid.Community, words) : null,
                view.GridName(Call.Grid, words),
            };
            return string.Join(" · ", parts.OfType<string>());
        }
    }

    /// <summary>The public telephone of the community's desk, or of the street's: never a person's.</summary>
    public string? DeskPhone => street.View.Communities.FirstOrDefault(c => c.Code == GridHere?.Community)?.DutyPhone ?? street.View.DutyPhone;

    /// <summary>A map of the station, where the street has said where it stands; otherwise of the middle of the grid. Null if the map has changed since.</summary>
    public string? Way
    {
        get
        {
            var station = street.View.Stations.FirstOrDefault(s => s.Code == Call!.Station);
            if ((station?.Position ?? (GridHere is { } grid ? [grid.Outline.Average(p => p[0]), grid.Outline.Average(p => p[1])] : null)) is not [var lat, var lon]) return null;
            return string.Create(CultureInfo.InvariantCulture, $"https://uri.amap.com/marker?position={lon:F6},{lat:F6}&coordinate=wgs84&name={Uri.EscapeDataString(PlaceName)}");
        }
    }

    private GridView? GridHere => street.View.Grids.FirstOrDefault(g => g.Code == Call!.Grid);

    public Task<IActionResult> OnGetAsync(CancellationToken ct) => ShowAsync(StatusCodes.Status200OK, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        // A form sends each line break as two characters, but the browser counts it as one.
        var note = string.IsNullOrWhiteSpace(Note) ? null : Note.Trim().ReplaceLineEndings("\n");
        var key = string.IsNullOrEmpty(Key) ? null : Key;
        var wrong = await desk.KnowsAsync(Code, ct) ? await PhotoForm.KeepAsync(photos, Photos, Files, HttpContext, Key ?? "", words, ct) : null;
        var outcome = await SayAsync(new NoteRequest(note) { Photos = Photos.Count > 0 ? Photos : null }, key, ct);
        if (!outcome.Ok && Photos.Count > 0 && outcome.Code.StartsWith("photo", StringComparison.Ordinal))
        {
            // Too many for the case, or gone since: the answer comes without them.
            (wrong, Photos) = (words.Pick(outcome.Message, outcome.MessageEn), []);
            outcome = await SayAsync(new NoteRequest(note), key, ct);
        }

        if (outcome.Ok)
            return LocalRedirect("/d/" + Uri.EscapeDataString(Code) + (wrong is null ? "" : "?left=" + Intake.Photo));
        Error = words.Pick(outcome.Message, outcome.MessageEn) + wrong;
        Key = null;
        return await ShowAsync(outcome.Status, ct);
    }

    private Task<Outcome> SayAsync(NoteRequest said, string? key, CancellationToken ct) => Say switch
    {
        "finish" => desk.FinishAsync(Code, said, key, ct),
        "disclaim" => desk.DisclaimAsync(Code, said, key, ct),
        _ => desk.AttendAsync(Code, said, key, ct),
    };

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        Call = await desk.ViewAsync(Code, ct);
        if (string.IsNullOrEmpty(Key))
            Key = Guid.NewGuid().ToString("N");
        Now = clock.GetUtcNow();
        Response.StatusCode = Call is null ? StatusCodes.Status404NotFound : status;
        return Page();
    }
}
