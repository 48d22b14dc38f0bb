using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DispatchCenter.Browser;

/// <summary>See <see cref="Inspection"/>.</summary>
public sealed class EveryPageForResidents(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task Is_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.PublicAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}

/// <summary>See <see cref="Inspection"/>.</summary>
public sealed partial class EveryPageForStaff(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task The_phone_is_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.PhoneAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task The_desks_are_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.DesksAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    [Theory]
    [InlineData("pages")]
    [InlineData("staff")]
    [InlineData("duty")]
    public void Both_languages_have_the_same_keys_and_the_same_places_to_fill(string part)
    {
        var chinese = Words(part, "zh-CN");
        var english = Words(part, "en");
        Assert.Equal(chinese.Keys.Order(), english.Keys.Order());
        foreach (var (key, words) in chinese)
            Assert.True(Places(words).SetEquals(Places(english[key])), $"{key}: {words} / {english[key]}");
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    private static Dictionary<string, string> Words(string part, string language)
    {
        var file = Path.Combine(Repository.Root, "src", "Web", "Words", $"{part}.{language}.json");
        return JsonNode.Parse(File.ReadAllText(file))!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
    }

    private static HashSet<string> Places(string words) => [.. Place().Matches(words).Select(match => match.Value)];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
