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

    /// <summary>The version of an entry's photo, so that a new one is fetched; null without.</summary>
    public int? PhotoOf(string code) => book.Now.Photos.Contains(code) ? book.Now.Versions[code] : null;

    /// <summary>The photo of an entry that everybody may see, while it counts.</summary>
    public async Task<IActionResult> OnGetPhotoAsync(string community, string? entry)
    {
        var map = book.Now.Map;
        return entry is not null && map.Map.FindCommunity(community) is { } found && map.Find(entry) is { } shown && map.Kinds.Find(shown.Kind) is { IsListed: true, HasPhoto: true } && shown.IsAt(time.GetUtcNow()) && map.Outwards(shown.Place).Contains(RegisterMap.Of(found.Code))
            && await book.PhotoAsync(entry, HttpContext.RequestAborted) is { } photo ? File(photo.Bytes, photo.Type) : NotFound();
    }

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
