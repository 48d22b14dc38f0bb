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

    public RegisterList List { get; private set; } = new([], 0);

    public string Kind { get; private set; } = "";

    public string Place { get; private set; } = "";

    public string Query { get; private set; } = "";

    public int At { get; private set; }

    public string? Error { get; private set; }

    public string? Done { get; private set; }

    public IReadOnlyList<string> Lines { get; private set; } = [];

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

    public IActionResult OnGet(string? kind, string? place, string? q, int at)
    {
        Fill(kind, place, q, at);
        return Page();
    }

    /// <summary>The table of what the reader keeps, or of one kind.</summary>
    public IActionResult OnGetTable(string? kind) => MayKeep ? File(table.Write(HttpContext.Staff()!, kind), "text/csv", "register.csv") : Forbid();

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
            Lines = [.. import.Refused.Take(MostLines).Select(l => $"{l.File}:{l.Line} {words.Pick(l.Why.Chinese, l.Why.English)}")];
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
