using System.Text.Json;
using System.Text.RegularExpressions;

namespace DispatchCenter.Unit.Pages;

/// <summary>The stylesheets: one declaration a line, colours from the tokens alone, and nothing of the street's policy.</summary>
public sealed partial class StylesTests
{
    private const string Tokens = "src/Web/wwwroot/css/tokens.css";

    private static readonly List<(string Path, string Text)> Styles =
        [.. Sources.Read("src/Web/wwwroot/css", ".css").Concat(Sources.Read("src/Web/Features", ".css")).Select(file => (file.Path, Comments().Replace(file.Text, comment => new string('\n', comment.Value.Count(c => c == '\n')))))];

    [Fact]
    public void One_declaration_stands_on_a_line()
    {
        Assert.True(Lines().Count() > 3000, "hardly a line was read");
        Assert.Empty(Lines().Where(one => one.Line.Trim() is var line && (line.TrimEnd(';').Contains(';', StringComparison.Ordinal) || (line.Contains('{', StringComparison.Ordinal) && !line.EndsWith('{')) || (line.Contains('}', StringComparison.Ordinal) && line != "}"))).Select(Said));
    }

    [Fact]
    public void Colours_are_tokens() =>
        Assert.Empty(Lines().Where(one => one.Path != Tokens && one.Line.EndsWith(';') && Colours().IsMatch(one.Line)).Select(Said));

    [Fact]
    public void Every_token_that_is_used_is_there()
    {
        var there = Lines().SelectMany(one => Declared().Matches(one.Line).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Empty(Lines().Where(one => Used().Matches(one.Line).Any(match => !there.Contains(match.Groups[1].Value))).Select(Said));
    }

    /// <summary>A colour of the charts means one thing on all pages: one place draws with it.</summary>
    [Fact]
    public void A_colour_of_the_charts_means_one_thing()
    {
        var drawn = Styles.Where(file => file.Path != Tokens).Concat(Sources.Scripts).SelectMany(file => Series().Matches(file.Text).Select(match => (Colour: match.Value, file.Path))).ToList();
        Assert.NotEmpty(drawn);
        Assert.Empty(drawn.GroupBy(one => one.Colour).Where(places => places.Count() > 1).Select(places => $"{places.Key}: {string.Join(", ", places.Select(one => one.Path))}"));
    }

    /// <summary>A street has its own categories: a page renders what a stylesheet is to know of them.</summary>
    [Fact]
    public void No_stylesheet_names_a_category()
    {
        using var policy = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "src/Hub/Street/default-policy.json")));
        var codes = policy.RootElement.GetProperty("categories").EnumerateArray().Select(category => Regex.Escape(category.GetProperty("code").GetString()!)).ToList();
        Assert.NotEmpty(codes);
        var named = new Regex($"""["'.#_=-]c?(?:{string.Join('|', codes)})(?![\w-])""", RegexOptions.CultureInvariant);
        Assert.Empty(Lines().Where(one => !one.Line.EndsWith(';') && !one.Line.TrimStart().StartsWith('@') && named.IsMatch(one.Line)).Select(Said));
    }

    private static IEnumerable<(string Path, int Number, string Line)> Lines() => Styles.SelectMany(file => file.Text.Split('\n').Select((line, i) => (file.Path, i + 1, line)));

    private static string Said((string Path, int Number, string Line) one) => $"{one.Path}:{one.Number}: {one.Line.Trim()}";

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", RegexOptions.IgnoreCase)]
    private static partial Regex Colours();

    [GeneratedRegex(@"^\s*(--[a-z0-9-]+):")]
    private static partial Regex Declared();

    [GeneratedRegex(@"var\((--[a-z0-9-]+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"series-\d")]
    private static partial Regex Series();
}
