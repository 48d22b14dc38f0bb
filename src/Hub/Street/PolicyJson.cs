using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Hub.Street;

/// <summary>A policy as people write it: spans are "3m", "2h", "7d" (continuous), "2sh" (service hours), "3wd" (working days).</summary>
public sealed record PolicyDocument
{
    public required IReadOnlyList<AnswerDocument> Pack { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Limits { get; init; }

    public required string Verify { get; init; }

    public required string Evaluate { get; init; }

    /// <summary>How long a decision of the tier above may wait; "2sh" where it is not said.</summary>
    public string? Decide { get; init; }

    /// <summary>The limit of a case marked 疑难; "15wd" where it is not said.</summary>
    public string? Difficult { get; init; }

    /// <summary>Whom a second whistle can call.</summary>
    public IReadOnlyList<PartyDocument>? Parties { get; init; }

    /// <summary>From when on whistles of one kind in one community are a surge; 5 within "2h" where it is not said.</summary>
    public SurgeDocument? Surge { get; init; }

    public required double WarnFraction { get; init; }

    public required HoursDocument Hours { get; init; }

    public required IReadOnlyList<CategoryDocument> Categories { get; init; }

    /// <summary>How candidates for a case are weighed; what is not said is as in <see cref="ChoiceRules"/>.</summary>
    public ChoiceDocument? Choice { get; init; }
}

/// <param name="Order">nearestFirst or balanced.</param>
/// <param name="SetOff">A continuous span, as those of the levels.</param>
/// <param name="Skills">Codes of categories by kind of post: gridWorker, property or police.</param>
public sealed record ChoiceDocument(
    string? Order = null, string? SetOff = null, double? MetresPerMinute = null, IReadOnlyDictionary<string, LevelWeightDocument>? Levels = null,
    double? WayDoubt = null, double? WorkDoubt = null, double? Unskilled = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Skills = null);

public sealed record LevelWeightDocument(string Work, string LateCost);

public sealed record AnswerDocument(string Key, string Kind, string Party, bool Required = false);

/// <param name="Service">Stretches such as "08:00-20:00", in Asia/Shanghai.</param>
public sealed record HoursDocument(IReadOnlyList<string> Service, IReadOnlyList<string> Working);

/// <param name="Kind">department, unit, mediation, adviser or specialist.</param>
public sealed record PartyDocument(string Code, string Name, string NameEn, string Kind);

/// <param name="Within">A continuous span: "2h".</param>
public sealed record SurgeDocument(int Cases, string Within);

public sealed record CategoryDocument(string Code, string Name, string NameEn, string Level, bool RecusesProperty = false);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PolicyDocument))]
internal sealed partial class PolicyJson : JsonSerializerContext
{
    /// <summary>No span is longer than a year, and a minute is the smallest unit.</summary>
    private const int MostUnits = 365 * 24 * 60;

    /// <exception cref="FormatException">The document cannot be read; the message says what is wrong.</exception>
    public static Policy Parse(string json, int version)
    {
        PolicyDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, Default.PolicyDocument) ?? throw new FormatException("The policy is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException(Where(e), e);
        }

        RefuseNulls(document);
        RefuseEndless(document);
        if (document.Limits.Keys.GroupBy(level => level, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"The limits of {twice.Key} are given twice.");
        var hours = new WorkHours([.. document.Hours.Service.Select(Window)], [.. document.Hours.Working.Select(Window)]);
        var policy = new Policy
        {
            Version = version,
            Pack = [.. document.Pack.Select(a => new AnswerRule(a.Key, OneOf<AnswerKind>(a.Kind), a.Party, a.Required))],
            Limits = document.Limits.ToImmutableDictionary(
                level => OneOf<Level>(level.Key), level => level.Value.ToImmutableDictionary(limit => limit.Key, limit => ParseSpan(limit.Value, hours))),
            Verify = ParseSpan(document.Verify, hours),
            Evaluate = ParseSpan(document.Evaluate, hours),
            Decide = ParseSpan(document.Decide ?? "2sh", hours),
            Difficult = ParseSpan(document.Difficult ?? "15wd", hours),
            Parties = [.. (document.Parties ?? []).Select(p => new Party(p.Code, p.Name, p.NameEn, PartyKind(p.Kind)))],
            SurgeCases = document.Surge?.Cases ?? 5,
            SurgeWithin = ParseSpan(document.Surge?.Within ?? "2h", hours) is { Kind: ClockKind.Continuous, Length: var within } ? within : throw new FormatException("The span of a surge is continuous: write 30m, 2h or 1d."),
            WarnFraction = document.WarnFraction,
            Hours = hours,
            Categories = [.. document.Categories.Select(c => new Category(c.Code, c.Name, c.NameEn, OneOf<Level>(c.Level), c.RecusesProperty))],
        };
        policy = policy with { Choice = ChoiceOf(document.Choice, policy.Choice, hours) };
        return policy.Mistakes().FirstOrDefault() is { En: { } mistake } ? throw new FormatException(mistake) : policy;
    }

    private static ChoiceRules ChoiceOf(ChoiceDocument? said, ChoiceRules usual, WorkHours hours)
    {
        if (said is null) return usual;
        return new ChoiceRules
        {
            Order = said.Order is { } order ? OneOf<ChoiceOrder>(order) : usual.Order,
            SetOff = said.SetOff is { } setOff ? Length(setOff) : usual.SetOff,
            MetresPerMinute = said.MetresPerMinute ?? usual.MetresPerMinute,
            Levels = said.Levels is { } levels
                ? usual.Levels.SetItems(levels.Select(l => KeyValuePair.Create(OneOf<Level>(l.Key), new LevelWeight(Length(l.Value.Work), Length(l.Value.LateCost))))) : usual.Levels,
            WayDoubt = said.WayDoubt ?? usual.WayDoubt,
            WorkDoubt = said.WorkDoubt ?? usual.WorkDoubt,
            Unskilled = said.Unskilled ?? usual.Unskilled,
            Skills = said.Skills is { } skills ? skills.ToImmutableDictionary(s => OneOf<PostKind>(s.Key), s => s.Value.ToImmutableArray()) : usual.Skills,
        };

        TimeSpan Length(string text) => ParseSpan(text, hours) is { Kind: ClockKind.Continuous } span ? span.Length : throw new FormatException($"\"{text}\" is no continuous span: write 3m, 2h or 7d.");
    }

    public static Span ParseSpan(string text, WorkHours hours)
    {
        var unit = text.TrimStart("0123456789".ToCharArray());
        if (!int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > MostUnits)
            throw new FormatException($"\"{text}\" is no span: write 3m, 2h, 7d, 2sh or 3wd.");
        return unit switch
        {
            "m" => new Span(ClockKind.Continuous, TimeSpan.FromMinutes(n)),
            "h" => new Span(ClockKind.Continuous, TimeSpan.FromHours(n)),
            "d" => new Span(ClockKind.Continuous, TimeSpan.FromDays(n)),
            "sh" => new Span(ClockKind.ServiceHours, TimeSpan.FromHours(n)),
            "wd" => new Span(ClockKind.WorkingTime, hours.WorkingDay * n),
            _ => throw new FormatException($"\"{text}\" is no span: write 3m, 2h, 7d, 2sh or 3wd."),
        };
    }

    private static DayWindow Window(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2 && Minute(parts[0]) is { } from && Minute(parts[1]) is { } to) return new DayWindow(from, to);
        throw new FormatException($"\"{text}\" is no stretch of a day: write 08:00-20:00.");
    }

    private static int? Minute(string text) =>
        text == "24:00" ? 1440
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (int)time.ToTimeSpan().TotalMinutes : null;

    private static string PartyKind(string text) =>
        text is "department" or "unit" or "mediation" or "adviser" or "specialist" ? text
            : throw new FormatException($"\"{text}\" is none of department, unit, mediation, adviser, specialist.");

    private static T OneOf<T>(string text) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw new FormatException($"\"{text}\" is none of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Where the document is wrong and which members it is about, without the serializer's words for programmers.</summary>
    private static string Where(JsonException e)
    {
        var members = Quoted().Matches(e.Message).Select(m => m.Groups[1].Value).Where(name => name is not ("true" or "false" or "null") && !name.Contains('.', StringComparison.Ordinal)).ToList();
        var path = e.Path is { Length: > 0 } known ? known : "$";
        var place = $"line {(e.LineNumber ?? 0) + 1}{(path.Length > 1 ? ", " + path : string.Empty)}";
        return members.Count > 0
            ? $"{place}: unknown, missing, null or of another kind: {string.Join(", ", members.Select(name => path.EndsWith($".{name}", StringComparison.Ordinal) ? path : $"{path}.{name}"))}."
            : $"{place}: this is no JSON, or a value that is null or of another kind.";
    }

    [GeneratedRegex("'([A-Za-z][A-Za-z0-9.]+)'")]
    private static partial Regex Quoted();

    /// <summary>The serializer refuses a null member, but not a null element of a list.</summary>
    private static void RefuseNulls(PolicyDocument document)
    {
        IEnumerable<(string Path, object? Element)> elements =
        [
            .. In("pack", document.Pack), .. In("categories", document.Categories), .. In("hours.service", document.Hours.Service), .. In("hours.working", document.Hours.Working), .. In("parties", document.Parties),
            .. Of("limits", document.Limits), .. Of("choice.levels", document.Choice?.Levels), .. Of("choice.skills", document.Choice?.Skills),
            .. document.Limits.Where(level => level.Value is not null).SelectMany(level => Of($"limits.{level.Key}", level.Value)),
            .. (document.Choice?.Skills ?? new Dictionary<string, IReadOnlyList<string>>()).Where(kind => kind.Value is not null).SelectMany(kind => In($"choice.skills.{kind.Key}", kind.Value)),
        ];
        if (elements.FirstOrDefault(e => e.Element is null).Path is { } path) throw new FormatException($"$.{path} is null.");

        static IEnumerable<(string, object?)> In<T>(string path, IEnumerable<T>? list) => (list ?? []).Select((element, i) => ($"{path}[{i}]", (object?)element));
        static IEnumerable<(string, object?)> Of<T>(string path, IEnumerable<KeyValuePair<string, T>>? members) => (members ?? []).Select(member => ($"{path}.{member.Key}", (object?)member.Value));
    }

    /// <summary>JSON can hold a number beyond every number, and no later JSON can say it again.</summary>
    private static void RefuseEndless(PolicyDocument document)
    {
        (string Path, double? Value)[] numbers =
        [
            ("warnFraction", document.WarnFraction), ("choice.metresPerMinute", document.Choice?.MetresPerMinute), ("choice.wayDoubt", document.Choice?.WayDoubt), ("choice.workDoubt", document.Choice?.WorkDoubt),
            ("choice.unskilled", document.Choice?.Unskilled),
        ];
        if (numbers.FirstOrDefault(n => n.Value is { } value && !double.IsFinite(value)).Path is { } path) throw new FormatException($"$.{path} is no number that can be kept.");
    }

    /// <summary>A policy that was taken in before every category and party had to have its names: what has none is called by its code.</summary>
    public static Policy ParseStored(string json, int version)
    {
        var root = JsonNode.Parse(json, new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var list in new[] { "categories", "parties" })
            foreach (var named in (root?[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (IsBlank(named["name"])) named["name"] = named["code"]?.DeepClone();
                if (IsBlank(named["nameEn"])) named["nameEn"] = named["name"]?.DeepClone();
            }

        return Parse(root?.ToJsonString() ?? json, version);

        static bool IsBlank(JsonNode? name) => name is null || (name is JsonValue value && value.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text));
    }
}
