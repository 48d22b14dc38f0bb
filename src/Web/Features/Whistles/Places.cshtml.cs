using DispatchCenter.Contracts;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>For visitors without a QR code: choose the place or, with consent, let the phone supply it. A phone's location appears in no address.</summary>
[IgnoreAntiforgeryToken]
public sealed class PlacesModel(StreetBook street, Wording words) : PageModel
{
    public StreetView Street { get; } = street.View;

    /// <summary>Why the phone's location led nowhere.</summary>
    public string? Wrong { get; private set; }

    public string GridName(string code, Wording words) =>
        Street.Grids.FirstOrDefault(grid => grid.Code == code) is { } grid ? words.Pick(grid.Name, grid.NameEn) : code;

    public IActionResult OnPost(double? lat, double? lon, string? datum)
    {
        if (lat is not null && lon is not null && datum is "wgs84" or "gcj02")
        {
            var point = new GeoPoint(lat.Value, lon.Value);
            if (street.Map.GridAt(datum == "gcj02" ? Gcj02.ToWgs84(point) : point) is { } grid)
                return LocalRedirect("/g/" + Uri.EscapeDataString(grid.Code.Value));
        }

        Wrong = words["here.outside"];
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
