using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>Labels (编码牌) for the places of the register, for printing: whoever walks a round scans one, and any phone's own camera leads to who answers for the place.</summary>
public sealed class LabelsModel(RegisterBook book, Addresses addresses, TimeProvider time) : PageModel
{
    /// <summary>Labels on one page.</summary>
    public const int Most = 300;

    /// <summary>What is asked for unless somebody chooses another kind: where most rounds stop.</summary>
    private const string Usual = "building";

    public string Place { get; private set; } = "";

    public string Kind { get; private set; } = "";

    public IReadOnlyList<Entry> Labels { get; private set; } = [];

    /// <summary>How many there are in all.</summary>
    public int Found { get; private set; }

    public StreetMap Street => Map.Map;

    public IEnumerable<EntryKind> Kinds => Map.Kinds.All.Where(k => k.Family == Family.Place);

    /// <summary>Where the reader keeps something: communities and their grids.</summary>
    public IEnumerable<Named> Places => Map.Map.Communities.Where(c => HttpContext.Staff()?.Post?.Community is not { } own || own == c.Code)
        .SelectMany(c => Map.Map.Grids.Where(g => g.Community == c.Code).Select(g => RegisterMap.Of(g.Code)).Prepend(RegisterMap.Of(c.Code))).Select(p => RegisterQueries.PlaceName(Map, p));

    private RegisterMap Map => book.Now.Map;

    public void OnGet(string? place, string? kind)
    {
        var sight = new RegisterSight(HttpContext.Staff(), Map);
        Place = Places.Select(p => p.Code).FirstOrDefault(p => p == place) ?? Places.Select(p => p.Code).FirstOrDefault() ?? "";
        Kind = Kinds.Select(k => k.Code).FirstOrDefault(k => k == kind) ?? Kinds.Select(k => k.Code).OrderBy(k => k != Usual).FirstOrDefault() ?? "";
        var now = time.GetUtcNow();
        List<Entry> found = [.. Map.Entries.Where(e => e.Kind == Kind && e.IsAt(now) && Map.Outwards(e.Place).Contains(Place) && sight.Keeps(e)).OrderBy(e => e.Place, StringComparer.Ordinal).ThenBy(e => e.Code.Length).ThenBy(e => e.Code, StringComparer.Ordinal)];
        (Labels, Found) = ([.. found.Take(Most)], found.Count);
    }

    public string AddressOf(Entry entry) => $"{addresses.BaseOf(Request)}/register/{Uri.EscapeDataString(entry.Code)}";
}
