using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>Both languages are whole: no key stands where words should, and English pages hold no Chinese but the way back.</summary>
public sealed partial class Languages(Street street) : IAsyncDisposable
{
    // What the eye and the screen reader get: the text of the page, its title, its labels and hints.
    private const string AllWords = """
        () => {
            const words = [document.title, document.body.innerText];
            for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]'))
                words.push(element.getAttribute('aria-label'), element.getAttribute('placeholder'), element.getAttribute('title'));
            return words.filter(Boolean).join('\n');
        }
        """;

    private readonly Windows _windows = new(street);
    private readonly List<string> _found = [];

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public Task Residents_pages_are_whole(string language) => LookAtAllAsync(Rooms.PublicAsync, language);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public Task The_phone_of_a_team_is_whole(string language) => LookAtAllAsync(Rooms.PhoneAsync, language);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public Task Desk_and_verification_are_whole(string language) => LookAtAllAsync(Rooms.DesksAsync, language);

    [Theory]
    [InlineData("pages")]
    [InlineData("staff")]
    public void Both_languages_have_the_same_keys_and_the_same_places_to_fill(string part)
    {
        var chinese = Words(part, "zh-CN");
        var english = Words(part, "en");
        Assert.Equal(chinese.Keys.Order(), english.Keys.Order());
        foreach (var (key, words) in chinese)
            Assert.True(Places(words).SetEquals(Places(english[key])), $"{key}: {words} / {english[key]}");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private async Task LookAtAllAsync(Func<Street, Windows, string, Rooms.Look, Task> rooms, string language)
    {
        await rooms(street, _windows, language, async (window, name) =>
        {
            var words = await window.Page.EvaluateAsync<string>(AllWords);
            _found.AddRange(KeyOrPlace().Matches(words).Select(match => $"{name}: {match.Value}"));
            if (language == "en")
            {
                _found.AddRange(Chinese().Matches(words.Replace("中文", "", StringComparison.Ordinal)).Select(match => $"{name}: {match.Value}"));
                await window.ShootAsync(name + "-en", whole: !name.StartsWith("desk", StringComparison.Ordinal));
            }

            Assert.Equal(language, await window.Find("html").GetAttributeAsync("lang"));
        });
        Assert.Empty(_found.Distinct());
    }

    private static Dictionary<string, string> Words(string part, string language)
    {
        var file = Path.Combine(Repository.Root, "src", "Web", "Words", $"{part}.{language}.json");
        return JsonNode.Parse(File.ReadAllText(file))!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
    }

    private static HashSet<string> Places(string words) => [.. Place().Matches(words).Select(match => match.Value)];

    [GeneratedRegex(@"\b(app|time|urgent|home|room|door|signin|places|whistle|shelf|track|satisfaction|headline|step|promise|done|post|error|ui)(\.[a-zA-Z0-9]+)+\b|\{\d\}|\bundefined\b|\bNaN\b|\[object")]
    private static partial Regex KeyOrPlace();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}[^\n]*")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
