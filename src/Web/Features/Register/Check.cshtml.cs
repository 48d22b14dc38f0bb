using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>What somebody has to mend: places that nobody or several answer for, entries without a place, and what ends soon.</summary>
public sealed class CheckModel(RegisterBook book, Wording words, TimeProvider time) : PageModel
{
    /// <summary>Findings shown at once.</summary>
    public const int Most = 500;

    /// <summary>A sentence, and where to mend it.</summary>
    public sealed record Line(string Text, string To);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    /// <summary>How many there are in all.</summary>
    public int Found { get; private set; }

    public void OnGet()
    {
        var map = book.Now.Map;
        var sight = new RegisterSight(HttpContext.Staff(), map);
        List<Line> found = [.. RegisterFindings.Of(map, time.GetUtcNow()).Where(f => IsFor(sight, f)).Select(f => Said(map, f)), .. Coverage.Of(map.Map).Select(f => StreetFiles.Warning(f)).Select(w => new Line(words.Pick(w.Chinese, w.English), "/register"))];
        (Lines, Found) = ([.. found.Take(Most)], found.Count);
    }

    /// <summary>What names an entry is for those who see it.</summary>
    internal static bool IsFor(RegisterSight sight, RegisterFinding finding) => finding switch
    {
        RegisterFinding.Nowhere f => sight.Sees(f.Entry),
        RegisterFinding.Expiring f => sight.Sees(f.Entry),
        RegisterFinding.Overlap f => f.Holders.All(sight.Sees),
        RegisterFinding.Hole => true,
        _ => throw new InvalidOperationException($"A finding without a rule: {finding}."),
    };

    private Line Said(RegisterMap map, RegisterFinding finding) => finding switch
    {
        RegisterFinding.Hole f => new(words["register.hole", Place(map, f.Place), words.Pick(f.Role.Name, f.Role.NameEn)], "/register?place=" + Uri.EscapeDataString(f.Place)),
        RegisterFinding.Overlap f => new(words["register.overlap", Place(map, f.Place), words.Pick(f.Role.Name, f.Role.NameEn), string.Join(words["ui.and"], f.Holders.Select(Name))], To(f.Holders[0])),
        RegisterFinding.Nowhere f => new(words["register.nowhere", Name(f.Entry), f.Place], To(f.Entry)),
        RegisterFinding.Expiring f => new(words[f.IsOver ? "register.expired" : "register.expiring", Name(f.Entry), EntryModel.At(f.At)], To(f.Entry)),
        _ => throw new InvalidOperationException($"A finding without words: {finding}."),
    };

    private string Place(RegisterMap map, string place) => RegisterQueries.PlaceName(map, place) is var named ? words.Pick(named.Name, named.NameEn) : place;

    private string Name(Entry entry) => words.Pick(entry.Name, entry.NameEn);

    private static string To(Entry entry) => "/register/" + entry.Code;
}
