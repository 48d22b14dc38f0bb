using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// How the whistle page lays out the categories: the most reported first, then danger, then the rest by theme.
/// Order only; names and levels come from the street's policy, and a category not on any shelf goes on the last one.
/// </summary>
public static class CategoryShelf
{
    private static readonly (string Key, string[] Codes)[] Shelves =
    [
        ("common", ["02", "03", "11", "15", "13", "08", "22", "06"]),
        ("danger", ["04", "01", "07", "18", "10", "19", "24", "20"]),
        ("place", ["09", "12", "14", "16", "17"]),
        ("home", ["05", "21", "23", "25", "26"]),
    ];

    /// <summary>The shelves in display order, each with a key under <c>shelf.</c> in the words. Empty shelves are left out.</summary>
    public static IEnumerable<(string Key, IReadOnlyList<CategoryView> Categories)> Arrange(IReadOnlyList<CategoryView> categories)
    {
        var byCode = categories.ToDictionary(category => category.Code);
        var listed = Shelves.SelectMany(shelf => shelf.Codes).ToHashSet();
        foreach (var (key, codes) in Shelves)
        {
            var onShelf = codes.Where(byCode.ContainsKey).Select(code => byCode[code]).ToList();
            if (key == Shelves[^1].Key)
                onShelf.AddRange(categories.Where(category => !listed.Contains(category.Code)));
            if (onShelf.Count > 0)
                yield return (key, onShelf);
        }
    }

    /// <summary>
    /// Matters of a place, which many people encounter at once: only for these does the public page say that someone has already whistled. What
    /// happens to persons (治安, 纠纷, 走失, 代办, 咨询) is nobody else's business, and two of a kind are two separate matters.
    /// </summary>
    public static bool IsOfPlace(string code) => Shelves.Any(shelf => shelf.Codes.Contains(code)) && code is not ("20" or "21" or "23" or "24" or "25" or "26");

    /// <summary>The category of whatever is none of the others: 咨询及其他, or the last one of a policy without it.</summary>
    public static string CatchAll(IReadOnlyList<CategoryView> categories) => categories.FirstOrDefault(category => category.Code == "26")?.Code ?? categories[^1].Code;

    /// <summary>The symbol in <c>/img/glyphs.svg</c> for a category; a plain one if none is drawn.</summary>
    public static string Glyph(string code) =>
        "/img/glyphs.svg#c" + (Shelves.Any(shelf => shelf.Codes.Contains(code)) ? code : "26");
}
