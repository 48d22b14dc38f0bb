using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The page of a personal link (信息员上报): one form, and below it what its holder reported and what came of it. The code in the address is the capability. Works without
/// JavaScript.
/// </summary>
public sealed class ReportModel(ReportCommands reports, PhotoStore photos, PlaceBook around, TimeProvider clock, Wording words) : ResidentForm(words)
{
    [BindProperty(SupportsGet = true)]
    public string Code { get; set => field = value ?? ""; } = ""; // the framework binds a blank to null

    /// <summary>The value of a <see cref="ReportPlace"/>.</summary>
    [BindProperty(Name = "place")]
    public string? Place { get; set; }

    /// <summary>Null if the link is unknown or has ended.</summary>
    public Reporter? Reporter { get; private set; }

    public IReadOnlyList<Reported> Shown { get; private set; } = [];

    /// <summary>How many there are; those that are not shown are older.</summary>
    public int All { get; private set; }

    public IReadOnlyList<CategoryView> Categories => around.Street.Categories;

    public DateTimeOffset Now => clock.GetUtcNow();

    public Task<IActionResult> OnGetAsync(CancellationToken ct) => ShowAsync(StatusCodes.Status200OK, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Key))
            Key = NewKey();
        var reporter = await reports.FindAsync(Code, ct);
        var wrong = await PhotoForm.KeepAsync(photos, Photos, Files, HttpContext, Key, Words, ct);
        // Whoever is in danger need not say of what kind.
        if (string.IsNullOrEmpty(Category) && Danger)
            Category = CategoryShelf.CatchAll(Categories);
        if (string.IsNullOrEmpty(Category))
        {
            Errors["category"] = Words["whistle.chooseOne"];
            if (wrong is not null)
                Errors["photos"] = wrong;
            return await ShowAsync(StatusCodes.Status422UnprocessableEntity, ct);
        }

        var outcome = await reports.BlowAsync(reporter, Place, At(null, null) with { Contact = null, Joins = null }, HttpContext.Staff(), Key, ct);
        if (outcome is { Ok: true, Value: { } receipt })
            return Sent(LeftOut.Address(receipt, wrong is not null, reporter is null), receipt.CallNo);
        Refuse(outcome);
        return await ShowAsync(outcome.Status, ct);
    }

    public string PlaceName(ReportPlace place) => place.Entry is { } entry ? Words.Pick(entry.Name, entry.NameEn) : Words["report.grid", around.Street.GridName(place.Grid.Value, Words)];

    public string CategoryName(string code) => around.Street.CategoryName(code, Words);

    public string GridName(string code) => around.Street.GridName(code, Words);

    /// <summary>The step that the case is at; null when it is over.</summary>
    public TrackStep? StepOf(TrackedCall call) => CallState.HasEnded(call.State) ? null : TrackSteps.Build(call, around.Street, Now, Words).FirstOrDefault(step => step.Mark is "now" or "late");

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        Reporter = await reports.FindAsync(Code, ct);
        if (Reporter is not null)
            (Shown, All) = await reports.ListAsync(Reporter, ct);
        if (string.IsNullOrEmpty(Key))
            Key = NewKey();
        Response.StatusCode = Reporter is null ? StatusCodes.Status404NotFound : status;
        return Page();
    }
}
