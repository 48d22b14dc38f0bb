using DispatchCenter.Contracts;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The posters for the stations (网格驿站), for printing: A4, or two A5 on one sheet. The code uses the highest error correction, so it still
/// scans with a corner torn off; the address is printed beside it.
/// </summary>
public sealed class PostersModel(StreetBook streets, Addresses addresses) : PageModel
{
    private const int LongestBase = 200;

    /// <summary>a4 or a5.</summary>
    public string Size { get; private set; } = "a4";

    /// <summary>The address that residents' phones reach: the configured one, unless someone enters another.</summary>
    public string Base { get; private set; } = "";

    public bool IsBaseWrong { get; private set; }

    /// <summary>The only station to print; null for all.</summary>
    public string? Only { get; private set; }

    public StreetView Street => streets.View;

    public IEnumerable<StationView> Stations => Street.Stations.Where(station => Only is null || station.Code == Only);

    public void OnGet(string? size, string? @base, string? station)
    {
        Size = size == "a5" ? "a5" : "a4";
        Only = Street.Stations.FirstOrDefault(one => one.Code == station)?.Code;
        var own = addresses.BaseOf(Request);
        Base = string.IsNullOrWhiteSpace(@base) ? own : @base.Trim().TrimEnd('/');
        IsBaseWrong = Base.Length > LongestBase || !Uri.TryCreate(Base, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.PathAndQuery != "/" || address.UserInfo.Length > 0;
        if (IsBaseWrong)
            Base = own;
    }

    public string AddressOf(StationView station) => $"{Base}/s/{Uri.EscapeDataString(station.Code)}";
}
