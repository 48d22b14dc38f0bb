using System.Collections.Frozen;
using System.Text.Json;

namespace DispatchCenter.Web.Kernel.Words;

/// <summary>
/// User-facing texts: flat JSON files, <c>pages</c> for everyone, <c>staff</c> for the scripts of staff pages, and each module's own, one
/// per language, embedded in the assembly. Not .resx: the host runs in invariant globalization mode, which has no satellite
/// cultures, and the same files feed the pages and their scripts.
/// </summary>
public sealed class WordBook
{
    /// <summary>The street's language, and the default.</summary>
    public const string Chinese = "zh-CN";

    public const string English = "en";

    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _languages =
        new[] { Chinese, English }.ToFrozenDictionary(language => language, Read);

    /// <summary>The texts of one language.</summary>
    /// <exception cref="KeyNotFoundException">The language is not supported.</exception>
    public IReadOnlyDictionary<string, string> Of(string language) => _languages[language];

    /// <summary>Our name for a language tag (zh, zh-Hans-CN, en-GB, …); null if it is not supported.</summary>
    public static string? Match(string? tag) => tag switch
    {
        null => null,
        _ when tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase) => Chinese,
        _ when tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) => English,
        _ => null,
    };

    private static FrozenDictionary<string, string> Read(string language)
    {
        var words = new Dictionary<string, string>();
        var assembly = typeof(WordBook).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("words.", StringComparison.Ordinal) && n.EndsWith($".{language}.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            foreach (var word in document.RootElement.EnumerateObject())
                if (!words.TryAdd(word.Name, word.Value.GetString()!)) throw new InvalidOperationException($"The text {word.Name} is defined twice, the second time in {name}.");
        }

        return words.ToFrozenDictionary();
    }
}
