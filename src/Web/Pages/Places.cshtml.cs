using DispatchCenter.Contracts;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Pages;

/// <summary>For whoever came without a QR code: choose where it is.</summary>
public sealed class PlacesModel(StreetBook street) : PageModel
{
    public StreetView Street { get; } = street.View;

    public string GridName(string code, Words.Wording words) =>
        Street.Grids.FirstOrDefault(grid => grid.Code == code) is { } grid ? words.Pick(grid.Name, grid.NameEn) : code;
}
