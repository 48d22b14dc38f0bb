using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Register;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>The register by place and kind, searched by words, codes and first letters in pinyin; its table in and out. Works without scripts.</summary>
public sealed class RegisterModel(RegisterBook book, RegisterQueries queries, RegisterFile table, Wording words, TimeProvider time) : PageModel
{
    /// <summary>Refused lines shown at once; all are in the answer's count.</summary>
    public const int MostLines = 500;

    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public RegisterList List { get; private set; } = new([], 0);

    public string Kind { get; private set; } = "";

    public string Place { get; private set; } = "";

    public string Query { get; private set; } = "";

    public int At { get; private set; }

    public string? Error { get; private set; }

    public string? Done { get; private set; }

    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>The refused lines as a workbook to mend, in Base64; null if there are none. Nothing of a table that was refused is kept here.</summary>
    public string? ToMend { get; private set; }

    /// <summary>Whether that workbook holds the first of them only.</summary>
    public bool IsPart { get; private set; }

    public RegisterMap Map => book.Now.Map;

    /// <summary>Before anything is asked: each kind with the number of its entries that the reader sees.</summary>
    public IReadOnlyList<(EntryKind Kind, int Count)> Counts { get; private set; } = [];

    public bool MayKeep => Access.May(HttpContext.Staff(), RegisterRights.KeepRegister);

    /// <summary>What there is to mend.</summary>
    public int Findings { get; private set; }

    /// <summary>The place that is looked into and those around it, the street first.</summary>
    public IEnumerable<Named> Way => Place.Length == 0 ? [] : Map.Outwards(Place).Reverse().Select(p => RegisterQueries.PlaceName(Map, p));

    /// <summary>The places directly within it.</summary>
    public IEnumerable<Named> Within
    {
        get
        {
            IEnumerable<string> of = Map.KindOf(Place) switch
            {
                null or Kinds.Street => Map.Map.Communities.Select(c => RegisterMap.Of(c.Code)),
                Kinds.Community => Map.Map.Grids.Where(g => RegisterMap.Of(g.Community) == Place).Select(g => RegisterMap.Of(g.Code)),
                _ => [],
            };
            return of.Concat(Map.Within(Place.Length == 0 ? Kinds.Street : Place).Where(e => Map.Kinds.Find(e.Kind)?.Family == Family.Place && new RegisterSight(HttpContext.Staff(), Map).Sees(e)).Select(e => e.Code))
                .Select(p => RegisterQueries.PlaceName(Map, p));
        }
    }

    /// <summary>The width of the drawn map in its own units.</summary>
    public const int MapWidth = 1_000;

    /// <summary>The grids of the street, or of the community that is looked into, to be drawn from the north down: each with the points of its outline. Empty deeper within, and without outlines.</summary>
    public (int Height, IReadOnlyList<(Grid Grid, string Points)> Grids) Drawn
    {
        get
        {
            var grids = Map.KindOf(Place) is null or Kinds.Street or Kinds.Community ? Map.Map.Grids.Where(g => !g.Outline.IsEmpty && (Map.KindOf(Place) != Kinds.Community || RegisterMap.Of(g.Community) == Place)).ToList() : [];
            if (grids.Count == 0) return (0, []);
            var points = grids.SelectMany(g => g.Outline).ToList();
            var (west, east, north, south) = (points.Min(p => p.Lon), points.Max(p => p.Lon), points.Max(p => p.Lat), points.Min(p => p.Lat));
            var across = MapWidth / Math.Max(east - west, 1e-6);
            var down = across / Math.Cos((north + south) / 2 * Math.PI / 180);
            return ((int)Math.Ceiling((north - south) * down), [.. grids.Select(g => (g, string.Join(' ', g.Outline.Select(p => string.Create(CultureInfo.InvariantCulture, $"{(p.Lon - west) * across:0},{(north - p.Lat) * down:0}")).Distinct())))]);
        }
    }

    public IActionResult OnGet(string? kind, string? place, string? q, int at)
    {
        Fill(kind, place, q, at);
        return Page();
    }

    /// <summary>The table of what the reader keeps, or of one kind.</summary>
    public IActionResult OnGetTable(string? kind) => MayKeep ? File(table.Write(HttpContext.Staff()!, kind), "text/csv", "register.csv") : Forbid();

    /// <summary>The same as a workbook.</summary>
    public IActionResult OnGetWorkbook(string? kind) => MayKeep ? File(table.WriteWorkbook(HttpContext.Staff()!, kind), Workbook, "register.xlsx") : Forbid();

    /// <summary>Gives back the refused lines of the import before, which the page has kept: the server does not.</summary>
    public IActionResult OnPostRefused(string? table)
    {
        if (!MayKeep) return Forbid();
        var bytes = new byte[(table?.Length ?? 0) / 4 * 3];
        return table is { Length: > 0 } && Convert.TryFromBase64String(table, bytes, out var length) && bytes is [(byte)'P', (byte)'K', ..] ? File(bytes[..length], Workbook, "register-refused.xlsx") : BadRequest();
    }

    /// <param name="anyway">"yes": also what would leave others standing in an entry that is over.</param>
    public async Task<IActionResult> OnPostAsync(IFormFile? file, string? anyway)
    {
        if (!MayKeep) return Forbid();
        if (file is null || file.Length == 0)
        {
            Error = words["register.noFile"];
        }
        else
        {
            var import = await table.TakeAsync(HttpContext.Staff(), Path.GetFileName(file.FileName), file.OpenReadStream, anyway == "yes", HttpContext.RequestAborted);
            if (import.Unusable is { } why) Error = words.Pick(why.Chinese, why.English);
            else Done = words["register.taken", import.Taken, import.Changed, import.Refused.Length];
            Lines = [.. import.Rows.Lines.Take(MostLines).Select(l => words["register.refusedLine", $"{l.Why.File}:{l.Why.Line}", l.Code, words.Pick(l.Why.Why.Chinese, l.Why.Why.English)])];
            if (import.Rows.Lines.Length > 0) ToMend = Convert.ToBase64String(RegisterFile.WriteRefused(import.Rows, why => words.Pick(why.Chinese, why.English)));
            IsPart = import.Rows.Lines.Length > RegisterFile.MostMended;
        }

        Fill(null, null, null, 0);
        return Page();
    }

    private void Fill(string? kind, string? place, string? q, int at)
    {
        (Kind, Place, Query) = (kind ?? "", place ?? "", q?.Trim() ?? "");
        var seeing = new RegisterSight(HttpContext.Staff(), Map);
        Findings = RegisterFindings.Of(Map, time.GetUtcNow()).Count(f => CheckModel.IsFor(seeing, f)) + Coverage.Of(Map.Map).Length;
        var found = queries.List(HttpContext.Staff(), Kind, Place, Query, At = Math.Max(0, at));
        if (found.Value is { } list)
        {
            List = list;
            if (Kind.Length + Query.Length > 0 || Map.Find(Place) is not null) return;
            // Hundreds of doors say nothing to somebody who has not asked for any.
            var sight = new RegisterSight(HttpContext.Staff(), Map);
            var counts = Map.Entries.Where(e => sight.Sees(e) && (Place.Length == 0 || Map.Outwards(e.Place).Contains(Place))).CountBy(e => e.Kind).ToDictionary();
            Counts = [.. Map.Kinds.All.Where(k => counts.ContainsKey(k.Code)).Select(k => (k, counts[k.Code]))];
            return;
        }

        (Kind, Place) = ("", "");
        Error ??= words.Pick(found.Message, found.MessageEn);
        Response.StatusCode = found.Status;
    }
}
