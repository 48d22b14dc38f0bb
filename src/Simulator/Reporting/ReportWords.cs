using System.Text.Json;
using System.Text.Json.Serialization;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>The report's words, Chinese and English, from <c>words.json</c>.</summary>
internal static class ReportWords
{
    private static readonly Dictionary<string, Both> _words = Read();

    public static IReadOnlyCollection<string> Keys => _words.Keys;

    /// <exception cref="KeyNotFoundException">There is no such key: a test asks for each that the report uses.</exception>
    public static Both Of(string key) => _words[key];

    public static Both? Find(string key) => _words.GetValueOrDefault(key);

    private static Dictionary<string, Both> Read()
    {
        using var file = typeof(ReportWords).Assembly.GetManifestResourceStream("report/words.json")!;
        return JsonSerializer.Deserialize(file, WordsJson.Default.DictionaryStringBoth)!;
    }
}

internal sealed record Both(string Zh, string En);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Dictionary<string, Both>))]
internal sealed partial class WordsJson : JsonSerializerContext;
