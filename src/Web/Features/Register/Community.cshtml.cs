using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Register;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Register;

/// <summary>For everybody: who is there for a community, by kind, as far as it is public.</summary>
public sealed class CommunityModel(RegisterBook book, RegisterQueries queries, TimeProvider time) : PageModel
{
    /// <summary>Entries of one kind shown at once.</summary>
    public const int Most = 60;

    /// <summary>A kind, and its entries in this community.</summary>
    public sealed record Group(EntryKind Kind, IReadOnlyList<EntryView> Entries, int Found);

    public Community Community { get; private set; } = null!;

    public IReadOnlyList<Group> Groups { get; private set; } = [];

    public IActionResult OnGet(string community)
    {
        var (map, now) = (book.Now.Map, time.GetUtcNow());
        if (map.Map.FindCommunity(community) is not { } found) return NotFound();
        var place = RegisterMap.Of(found.Code);
        Community = found;
        var here = map.Entries.Where(e => map.Kinds.Find(e.Kind) is { IsListed: true } && e.IsAt(now) && map.Outwards(e.Place).Contains(place)).ToLookup(e => e.Kind);
        Groups = [.. map.Kinds.All.Where(k => here[k.Code].Any()).Select(k => new Group(k,
            [.. here[k.Code].OrderBy(e => e.Code, StringComparer.Ordinal).Take(Most).Select(e => queries.Find(null, e.Code).Value!)], here[k.Code].Count()))];
        return Page();
    }
}
