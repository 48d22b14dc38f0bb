using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The resident's own page for one case. Whoever holds the code may do what the page offers: it is the capability, so there is no account
/// and no antiforgery token (a stranger's form cannot know the code). The code appears in no address but our own.
/// Each action has its own view (<c>?act=</c>), so the self-refreshing page never holds a half-written text.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class TrackModel(CallerCommands desk, ShareCommands shares, PhotoStore photos, PlaceBook around, Addresses addresses, TimeProvider clock, Wording words) : PageModel
{
    private static readonly string[] Acts = ["note", "withdraw", "evaluate", "phone", "family"];

    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = ""; // the framework binds a blank to null

    /// <summary>note, withdraw, evaluate, phone, family, or null for the page itself.</summary>
    [BindProperty(SupportsGet = true, Name = "act")]
    public string? Act { get; set; }

    /// <summary>The action just completed.</summary>
    [BindProperty(SupportsGet = true, Name = "done")]
    public string? Done { get; set; }

    /// <summary>If this is the whistle's receipt, what was left out of it: see <see cref="LeftOut"/>.</summary>
    [BindProperty(SupportsGet = true, Name = "left")]
    public string? Left { get; set; }

    [BindProperty(Name = "words")]
    public string? Text { get; set; }

    [BindProperty(Name = "solved")]
    public string? Solved { get; set; }

    [BindProperty(Name = "satisfaction")]
    public string? Satisfaction { get; set; }

    /// <summary>The usual evaluations, given by one button each: whether it is solved, and how satisfied the caller is.</summary>
    public static readonly IReadOnlyList<string> Ratings = ["yes.satisfied", "yes.mostlySatisfied", "no.dissatisfied"];

    /// <summary>The number that replaces the one the caller left.</summary>
    [BindProperty(Name = "phone")]
    public string? Phone { get; set; }

    /// <summary>One of <see cref="Ratings"/>, in place of <see cref="Solved"/> and <see cref="Satisfaction"/>.</summary>
    [BindProperty(Name = "rating")]
    public string? Rating { get; set; }

    /// <summary>The form's own idempotency key: a double tap is one action.</summary>
    [BindProperty(Name = "key")]
    public string? Key { get; set; }

    /// <summary>Ids of the photos that come with a note.</summary>
    [BindProperty(Name = "photo")]
    public List<string> Photos { get; set; } = [];

    [BindProperty(Name = "files")]
    public List<IFormFile> Files { get; set; } = [];

    /// <summary>The case's photos.</summary>
    public IReadOnlyList<CallPhoto> Shown { get; private set; } = [];

    /// <summary>The code of the link for the caller's family; null if there is none.</summary>
    public string? Family { get; private set; }

    /// <summary>Null if the code matches no case.</summary>
    public TrackedCall? Call { get; private set; }

    public IReadOnlyList<TrackStep> Steps { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    public string? Error { get; private set; }

    public StreetView StreetView => around.Street;

    /// <summary>Begins the links that the caller gives on.</summary>
    public string Address => addresses.BaseOf(Request);

    /// <summary>Whether the caller can still add to their part.</summary>
    public bool MayWrite => Call is { Withdrew: not true } call && !CallState.HasEnded(call.State);

    public string Headline => TrackSteps.Headline(Call!);

    public FirstAid? FirstAid => around.FirstAidOf(Call!.Category);

    public string CategoryName => around.Street.CategoryName(Call!.Category, words);

    public string PlaceName
    {
        get
        {
            var grid = around.Street.GridName(Call!.Grid, words);
            return Call.Station is { } station ? around.Street.StationName(station, words) + " · " + grid : grid;
        }
    }

    // A form sends each line break as two characters, but the browser counts it as one.
    private string? Said => string.IsNullOrWhiteSpace(Text) ? null : Text.Trim().ReplaceLineEndings("\n");

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!Acts.Contains(Act))
            Act = null;
        return await ShowAsync(StatusCodes.Status200OK, ct);
    }

    /// <summary>Only the part that changes, for the script.</summary>
    public async Task<IActionResult> OnGetLiveAsync(CancellationToken ct)
    {
        await ShowAsync(StatusCodes.Status200OK, ct);
        return Call is null ? NotFound() : Partial("_TrackLive", this);
    }

    public async Task<IActionResult> OnPostNoteAsync(CancellationToken ct)
    {
        // Anyone without the code may not store photos here.
        if (await desk.CallNoAsync(Code, ct) is null)
            return await ShowAsync(StatusCodes.Status404NotFound, ct);
        if (await PhotoForm.KeepAsync(photos, Photos, Files, HttpContext, Key ?? "", words, ct) is { } wrong)
            return await AgainAsync("note", wrong, StatusCodes.Status422UnprocessableEntity, ct);
        if (Said is null && Photos.Count == 0)
            return await AgainAsync("note", words["track.noteEmpty"], StatusCodes.Status422UnprocessableEntity, ct);
        return await AfterAsync("note", await desk.NoteAsync(Code, new NoteRequest(Said) { Photos = Photos.Count > 0 ? Photos : null }, ct, Key), ct);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(CancellationToken ct) =>
        await AfterAsync("withdraw", await desk.WithdrawAsync(Code, ct, Key), ct);

    public async Task<IActionResult> OnPostEvaluateAsync(CancellationToken ct)
    {
        if (Rating is { } rating && Ratings.Contains(rating) && rating.Split('.') is [var solved, var satisfaction])
            (Solved, Satisfaction) = (solved, satisfaction);
        if (Solved is not ("yes" or "no"))
            return await AgainAsync("evaluate", words["track.solvedMissing"], StatusCodes.Status422UnprocessableEntity, ct);
        if (string.IsNullOrEmpty(Satisfaction))
            return await AgainAsync("evaluate", words["track.satisfactionMissing"], StatusCodes.Status422UnprocessableEntity, ct);
        var outcome = await desk.EvaluateAsync(Code, new EvaluationRequest(Solved == "yes", Satisfaction, Said), ct, Key, HttpContext.Staff());
        // If the case's own caller was quicker, it is over, and only a new whistle reopens the matter.
        var late = outcome.Ok && Solved == "no" && (await desk.TrackAsync(Code, ct))?.State == CallStates.Closed;
        return late ? Sent("done=evaluateLate") : await AfterAsync("evaluate", outcome, ct);
    }

    /// <summary>An empty field removes nothing: that has a button of its own.</summary>
    public async Task<IActionResult> OnPostPhoneAsync(CancellationToken ct)
    {
        var outcome = await desk.MendPhoneAsync(Code, Phone ?? "", ct, Key);
        return outcome.Ok && Phones.OfPerson(Phone) is { IsUnusual: true } ? Sent($"done=phone&left={LeftOut.Unusual}") : await AfterAsync("phone", outcome, ct);
    }

    public async Task<IActionResult> OnPostNoPhoneAsync(CancellationToken ct)
    {
        var outcome = await desk.MendPhoneAsync(Code, null, ct, Key);
        return outcome.Ok ? Sent("done=noPhone") : await AfterAsync("phone", outcome, ct);
    }

    public async Task<IActionResult> OnPostShareAsync(CancellationToken ct) => await SharedAsync(await shares.ShareAsync(Code, ct), ct);

    public async Task<IActionResult> OnPostUnshareAsync(CancellationToken ct) => await SharedAsync(await shares.StopAsync(Code, ct), ct);

    /// <summary>Both show the link as it stands now.</summary>
    private async Task<IActionResult> SharedAsync(Outcome outcome, CancellationToken ct) =>
        outcome.Ok ? Sent("act=family") : await AgainAsync("family", words.Pick(outcome.Message, outcome.MessageEn), outcome.Status, ct);

    /// <summary>The case's page; a script that has kept the form until there was a network gets only its address.</summary>
    private IActionResult Sent(string said)
    {
        var address = $"/t/{Uri.EscapeDataString(Code)}?{said}";
        return Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal) ? new JsonResult(new { url = address, no = "" }) : LocalRedirect(address);
    }

    private async Task<IActionResult> AfterAsync(string act, Outcome outcome, CancellationToken ct) =>
        outcome.Ok
            ? Sent($"done={act}")
            : await AgainAsync(act, words.Pick(outcome.Message, outcome.MessageEn), outcome.Status, ct);

    private async Task<IActionResult> AgainAsync(string act, string error, int status, CancellationToken ct)
    {
        (Act, Error) = (act, error);
        if (status == StatusCodes.Status422UnprocessableEntity)
            Key = null;
        return await ShowAsync(status, ct);
    }

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        Call = await desk.TrackAsync(Code, ct, HttpContext.Staff());
        if (string.IsNullOrEmpty(Key))
            Key = Guid.NewGuid().ToString("N");
        Now = clock.GetUtcNow();
        if (Call is not null)
        {
            Steps = TrackSteps.Build(Call, around.Street, Now, words);
            Family = await shares.OfAsync(Code, ct);
            Shown = await desk.PhotosAsync(Code, ct) ?? [];
        }

        Response.StatusCode = Call is null ? StatusCodes.Status404NotFound : status;
        return Page();
    }
}
