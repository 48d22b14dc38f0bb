using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Features.Rounds;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What the page knows about the place: its names, who serves it, what is open and what was solved there.</summary>
public sealed class PlaceBook(StreetBook streets, PolicyBook policies, StationQueries stations, SimilarCallQueries similar, StationScans scans)
{
    public StreetView Street => streets.View;

    /// <summary>What to do until somebody comes, in the policy in force; null if it says nothing of the category.</summary>
    public FirstAid? FirstAidOf(string category) => policies.Current.Latest.FirstAid.GetValueOrDefault(category);

    public StationQueries Stations => stations;

    public SimilarCallQueries Similar => similar;

    public StationScans Scans => scans;
}

/// <summary>
/// The resident's whistle (吹哨) at a station <c>/s/{station}</c> or in a grid <c>/g/{grid}</c>. Works without JavaScript.
/// </summary>
public sealed class WhistleModel(CallerCommands desk, PhotoStore photos, PlaceBook around, TimeProvider clock, Wording words) : ResidentForm(words)
{
    [BindProperty(SupportsGet = true)]
    public string? Station { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Grid { get; set; }

    /// <summary>Where the phone is, with consent, in <see cref="Datum"/>.</summary>
    [BindProperty(Name = "lat")]
    public double? Lat { get; set; }

    [BindProperty(Name = "lon")]
    public double? Lon { get; set; }

    [BindProperty(Name = "datum")]
    public string? Datum { get; set; }

    public StationView? StationHere { get; private set; }

    /// <summary>Null if the address matches no known place.</summary>
    public GridView? GridHere { get; private set; }

    public CommunityView? CommunityHere { get; private set; }

    public IReadOnlyList<CategoryView> Categories => around.Street.Categories;

    /// <summary>Open cases in this grid, by category, of the categories that many people encounter at once.</summary>
    public ILookup<string, NearCall> Near { get; private set; } = Array.Empty<NearCall>().ToLookup(call => call.Category);

    public StationNews? News { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whom the street can call in besides the team: mediation, advisers.</summary>
    public IEnumerable<PartyNameView> Helpers => around.Street.Parties.Where(party => party.Kind is "mediation" or "adviser" or "specialist");

    public Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        Key = NewKey();
        var isPlace = FindPlace();
        // From a link on a page of ours nobody has seen the poster.
        if (StationHere is { } station && HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is not "same-origin") around.Scans.Seen(station.Code);
        return ShowAsync(isPlace ? StatusCodes.Status200OK : StatusCodes.Status404NotFound, ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!FindPlace())
            return await ShowAsync(StatusCodes.Status404NotFound, ct);
        if (string.IsNullOrEmpty(Key))
            Key = NewKey();
        // A rejected photo never stops a whistle: the tracking page reports what was left out.
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

        var outcome = await desk.BlowAsync(Request(), Key, ct);
        if (outcome is { Ok: true, Value: { } receipt })
            return Sent(LeftOut.Address(receipt, wrong is not null), receipt.CallNo);

        Refuse(outcome);
        return await ShowAsync(outcome.Status, ct);
    }

    public string CategoryName(string code) => Categories.FirstOrDefault(category => category.Code == code) is { } named ? Words.Pick(named.Name, named.NameEn) : code;

    public FirstAid? FirstAidOf(string category) => around.FirstAidOf(category);

    public string? StationName(string? code) => around.Street.Stations.FirstOrDefault(station => station.Code == code) is { } named ? Words.Pick(named.Name, named.NameEn) : null;

    /// <summary>A whistle hidden from property staff must not continue in a case they work on.</summary>
    private new WhistleRequest Request()
    {
        var whistle = At(StationHere?.Code, StationHere is null ? GridHere?.Code : null) with { Location = IsNumber(Lat) && IsNumber(Lon) ? new LocationRequest(Lat, Lon, Datum) : null };
        return Hide ? whistle with { Joins = null } : whistle;
    }

    /// <summary>A phone without a location may send anything: the place is known without it.</summary>
    private static bool IsNumber(double? coordinate) => coordinate is { } number && double.IsFinite(number);

    private bool FindPlace()
    {
        var view = around.Street;
        StationHere = view.Stations.FirstOrDefault(station => station.Code == Station);
        var code = StationHere?.Grid ?? (Station is null ? Grid : null);
        GridHere = view.Grids.FirstOrDefault(grid => grid.Code == code);
        CommunityHere = view.Communities.FirstOrDefault(community => community.Code == GridHere?.Community);
        return GridHere is not null;
    }

    private async Task<IActionResult> ShowAsync(int status, CancellationToken ct)
    {
        if (GridHere is not null)
        {
            News = await around.Stations.OfAsync(GridHere.Code, CategoryShelf.IsOfPlace, ct);
            Near = (await around.Similar.NearAsync(GridHere.Code, ct)).Where(call => CategoryShelf.IsOfPlace(call.Category)).ToLookup(call => call.Category);
        }

        // Navigating back to the form must fetch a fresh key.
        Response.StatusCode = status;
        return Page();
    }
}
