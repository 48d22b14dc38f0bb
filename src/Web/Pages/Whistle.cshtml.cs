using DispatchCenter.Contracts;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Callers;
using DispatchCenter.Hub.Calls;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>
/// The resident's whistle (吹哨) at a station <c>/s/{station}</c> or in a grid <c>/g/{grid}</c>. Works without JavaScript.
/// There is no antiforgery token: the page acts for nobody's account, and web views inside other apps often refuse the cookie that
/// the token needs. The one-time key in the form makes a double tap one case instead.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class WhistleModel(CallerDesk desk, SimilarCalls similar, StreetBook street, TimeProvider clock, Wording words) : WhistleForm
{
    private const string PhoneInvalid = "phone_invalid";

    [BindProperty(SupportsGet = true)]
    public string? Station { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Grid { get; set; }

    public StationView? StationHere { get; private set; }

    /// <summary>Null where the address names no place that we know.</summary>
    public GridView? GridHere { get; private set; }

    public CommunityView? CommunityHere { get; private set; }

    public IReadOnlyList<CategoryView> Categories => street.View.Categories;

    /// <summary>What is being handled in this grid already, of the kinds that many meet at once.</summary>
    public IReadOnlyList<NearCall> Near { get; private set; } = [];

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What to mend, by field; "" for the form as a whole.</summary>
    public Dictionary<string, string> Errors { get; } = [];

    public Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        Key = NewKey();
        return ShowAsync(FindPlace() ? StatusCodes.Status200OK : StatusCodes.Status404NotFound, ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!FindPlace())
            return await ShowAsync(StatusCodes.Status404NotFound, ct);
        if (string.IsNullOrEmpty(Key))
            Key = NewKey();
        if (string.IsNullOrEmpty(Category))
        {
            Errors["category"] = words["whistle.chooseOne"];
            return await ShowAsync(StatusCodes.Status422UnprocessableEntity, ct);
        }

        var outcome = await desk.BlowAsync(Request(), Key, ct);
        if (outcome is { Ok: true, Value: { } receipt })
            return LocalRedirect("/t/" + Uri.EscapeDataString(receipt.TrackingCode));

        Refuse(outcome);
        return await ShowAsync(outcome.Status, ct);
    }

    public string? Error(string field) => Errors.GetValueOrDefault(field);

    /// <summary>What is kept from property staff must not go on in a case that they work on.</summary>
    private new WhistleRequest Request()
    {
        var whistle = At(StationHere?.Code, StationHere is null ? GridHere?.Code : null);
        return Hide ? whistle with { Joins = null } : whistle;
    }

    private void Refuse(Outcome outcome)
    {
        var sentence = words.Pick(outcome.Message, outcome.MessageEn);
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
            case PhoneInvalid:
                Errors["phone"] = sentence;
                break;
            case Codes.IdempotencyKeyReused or Codes.IdempotencyKeyInvalid:
                // The first form went through and this is it again with other words: another whistle needs another key.
                Key = NewKey();
                Errors[""] = words["whistle.alreadySent"];
                break;
            case Codes.Busy or Codes.TooManyRequests:
                Errors[""] = words["whistle.busy"];
                break;
            default:
                Errors[""] = sentence;
                break;
        }
    }

    private bool FindPlace()
    {
        var view = street.View;
        StationHere = view.Stations.FirstOrDefault(station => station.Code == Station);
        var code = StationHere?.Grid ?? (Station is null ? Grid : null);
        GridHere = view.Grids.FirstOrDefault(grid => grid.Code == code);
        CommunityHere = view.Communities.FirstOrDefault(community => community.Code == GridHere?.Community);
        return GridHere is not null;
    }

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        if (GridHere is not null)
            Near = [.. (await similar.NearAsync(GridHere.Code, ct)).Where(call => CategoryShelf.IsOfPlace(call.Category))];
        // Coming back to the form must fetch a fresh key.
        Response.Headers.CacheControl = "no-store";
        Response.StatusCode = status;
        return Page();
    }
}
