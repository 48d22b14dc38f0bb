using System.Globalization;
using System.Text.RegularExpressions;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>The members of one object of a scenario. Whatever is not allowed is refused with file, line, column, path, and what would be allowed.</summary>
internal sealed partial class Fields
{
    private readonly string _file;
    private readonly Node.Group _group;

    /// <param name="allowed">Every member that may stand here.</param>
    /// <exception cref="BadInputException">Not an object, or with another member.</exception>
    public Fields(string file, Node node, params string[] allowed)
    {
        _file = file;
        _group = node as Node.Group ?? throw Refuse(node, "an object");
        if (_group.Members.FirstOrDefault(m => !allowed.Contains(m.Name)) is { } unknown)
            throw new BadInputException($"{file}({unknown.Line},{unknown.Column}): {Place(node.Path)} has no member \"{unknown.Name}\"; allowed are {string.Join(", ", allowed)}.");
    }

    public bool Has(string name) => Find(name) is not null;

    public double Number(string name, double min, double max, double? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw Missing(name, $"a number from {Said(min)} to {Said(max)}"),
        Node.Number { Value: var value } when value >= min && value <= max => value,
        var node => throw Refuse(node, $"a number from {Said(min)} to {Said(max)}"),
    };

    public int Whole(string name, int min, int max, int? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw Missing(name, $"a whole number from {min} to {max}"),
        Node.Number { Value: var value } when double.IsInteger(value) && value >= min && value <= max => (int)value,
        var node => throw Refuse(node, $"a whole number from {min} to {max}"),
    };

    public bool Truth(string name) => Find(name) switch
    {
        null => false,
        Node.Truth truth => truth.Value,
        var node => throw Refuse(node, "true or false"),
    };

    public string Text(string name, int longest) => Find(name) is { } node ? TextOf(node, longest) : throw Missing(name, $"a text of 1 to {longest} characters");

    /// <summary>One of the words.</summary>
    public string Word(string name, string otherwise, params string[] words) => Find(name) switch
    {
        null => otherwise,
        Node.Text { Value: var value } when words.Contains(value) => value,
        var node => throw Refuse(node, $"one of {string.Join(", ", words)}"),
    };

    /// <summary>A time such as 90s, 15m, 24h or 365d.</summary>
    public TimeSpan Time(string name, TimeSpan min, TimeSpan max, TimeSpan? otherwise = null)
    {
        var allowed = $"a time from {Said(min)} to {Said(max)}, such as 90s, 15m, 24h or 7d";
        if (Find(name) is not { } node) return otherwise ?? throw Missing(name, allowed);
        if (node is Node.Text { Value: var text } && Spans().Match(text) is { Success: true } match)
        {
            var number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var seconds = number * match.Groups[2].Value switch { "s" => 1, "m" => 60, "h" => 3_600, _ => 86_400 };
            if (seconds >= min.TotalSeconds && seconds <= max.TotalSeconds) return TimeSpan.FromSeconds(seconds);
        }

        throw Refuse(node, allowed);
    }

    /// <summary>A list of up to so many things; empty if the member is not there.</summary>
    public IReadOnlyList<T> List<T>(string name, int most, Func<Node, T> read) => Find(name) switch
    {
        null => [],
        Node.Items { All: { Count: > 0 } all } when all.Count <= most => [.. all.Select(read)],
        var node => throw Refuse(node, $"a list of 1 to {most}"),
    };

    public IReadOnlyList<string> Texts(string name, int most, int longest) => List(name, most, node => TextOf(node, longest));

    /// <summary>The members of an object of numbers; empty if it is not there.</summary>
    public IReadOnlyList<(string Name, double Value)> Numbers(string name, double min, double max) => Find(name) switch
    {
        null => [],
        Node.Group { Members.Count: > 0 } group => [.. group.Members.Select(m => (m.Name, m.Value is Node.Number { Value: var value } && value >= min && value <= max ? value : throw Refuse(m.Value, $"a number from {Said(min)} to {Said(max)}")))],
        var node => throw Refuse(node, "an object of numbers by code"),
    };

    public Node? Find(string name) => _group.Members.FirstOrDefault(m => m.Name == name)?.Value;

    /// <summary>A refusal of a value that is well formed by itself.</summary>
    public BadInputException Refuse(string name, string allowed) => Find(name) is { } node ? Refuse(node, allowed) : Missing(name, allowed);

    public BadInputException Missing(string name, string allowed) => new($"{_file}({_group.Line},{_group.Column}): {Place(_group.Path)} needs \"{name}\": {allowed}.");

    public BadInputException Refuse(Node node, string allowed) => new($"{_file}({node.Line},{node.Column}): {Place(node.Path)} must be {allowed}, not {Short(node.Shown)}.");

    private string TextOf(Node node, int longest) => node is Node.Text { Value: { Length: > 0 } value } && value.Length <= longest ? value : throw Refuse(node, $"a text of 1 to {longest} characters");

    private static string Place(string path) => path.Length == 0 ? "the scenario" : path;

    private static string Short(string shown) => shown.Length <= 60 ? shown : shown[..60] + "…";

    private static string Said(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Said(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{Said(span.TotalDays)}d",
        { TotalHours: >= 1 } => $"{Said(span.TotalHours)}h",
        { TotalMinutes: >= 1 } => $"{Said(span.TotalMinutes)}m",
        _ => $"{Said(span.TotalSeconds)}s",
    };

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)([smhd])$")]
    private static partial Regex Spans();
}
