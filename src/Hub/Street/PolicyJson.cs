using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Street;

/// <summary>A policy file: spans are "3m", "2h", "7d" (continuous), "2sh" (service hours), "3wd" (working days).</summary>
public sealed record PolicyDocument
{
    public required IReadOnlyList<AnswerDocument> Pack { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Limits { get; init; }

    public required string Verify { get; init; }

    public required string Evaluate { get; init; }

    /// <summary>How long a decision of the tier above may wait; "2sh" by default.</summary>
    public string? Decide { get; init; }

    /// <summary>The limit of a case marked 疑难; "15wd" by default.</summary>
    public string? Difficult { get; init; }

    /// <summary>The parties that a second whistle can call.</summary>
    public IReadOnlyList<PartyDocument>? Parties { get; init; }

    /// <summary>How many whistles of one category in one community are a surge; 5 within "2h" by default.</summary>
    public SurgeDocument? Surge { get; init; }

    /// <summary>What to do until somebody comes, by the code of the category; nothing by default.</summary>
    public IReadOnlyDictionary<string, FirstAidDocument>? FirstAid { get; init; }

    /// <summary>Rules of duty by kind of post (gridWorker, communityDesk, …), shown with each post; none by default.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DutyRuleDocument>>? Duties { get; init; }

    public required double WarnFraction { get; init; }

    public required HoursDocument Hours { get; init; }

    public required IReadOnlyList<CategoryDocument> Categories { get; init; }

    /// <summary>How candidates for a case are weighed; missing members default to <see cref="ChoiceRules"/>.</summary>
    public ChoiceDocument? Choice { get; init; }
}

/// <param name="Order">nearestFirst or balanced.</param>
/// <param name="SetOff">A continuous span, like those of the levels.</param>
/// <param name="Skills">Category codes by kind of post: gridWorker, property or police.</param>
public sealed record ChoiceDocument(
    string? Order = null, string? SetOff = null, double? MetresPerMinute = null, IReadOnlyDictionary<string, LevelWeightDocument>? Levels = null,
    double? WayDoubt = null, double? WorkDoubt = null, double? Unskilled = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Skills = null);

public sealed record LevelWeightDocument(string Work, string LateCost);

public sealed record AnswerDocument(string Key, string Kind, string Party, bool Required = false);

/// <param name="Service">Windows such as "08:00-20:00", in Asia/Shanghai.</param>
public sealed record HoursDocument(IReadOnlyList<string> Service, IReadOnlyList<string> Working);

/// <param name="Kind">department, unit, mediation, adviser or specialist.</param>
/// <param name="Phone">The duty telephone: it is told there of a case it is called to. None by default.</param>
/// <param name="PhoneAnyway">The telephone is meant as it is, though it looks incomplete or does not exist.</param>
/// <param name="Role">The role of the register whose holder around the case is called under this name; by default the role of the same code, if there is one.</param>
public sealed record PartyDocument(string Code, string Name, string NameEn, string Kind, string? Phone = null, bool? PhoneAnyway = null, string? Role = null);

/// <param name="Within">A continuous span: "2h".</param>
public sealed record SurgeDocument(int Cases, string Within);

public sealed record CategoryDocument(string Code, string Name, string NameEn, string Level, bool RecusesProperty = false);

public sealed record DutyRuleDocument(string Text, string TextEn);

/// <param name="Call">A telephone number of 3 to 15 digits beside 110, 119 and 120.</param>
public sealed record FirstAidDocument(string Text, string TextEn, string? Call = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PolicyDocument))]
internal sealed partial class PolicyJson : JsonSerializerContext
{
    /// <summary>A year in minutes, the smallest unit.</summary>
    private const int MostUnits = 365 * 24 * 60;

    /// <exception cref="UnusableDocumentException">The document is not a usable policy.</exception>
    public static Policy Parse(string json, int version) => Parse(json, version, PartyPhone);

    private static Policy Parse(string json, int version, Func<PartyDocument, string?> phoneOf)
    {
        PolicyDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, Default.PolicyDocument) ?? throw UnusableDocumentException.Of("policy_null");
        }
        catch (JsonException e)
        {
            throw UnusableDocumentException.Of(e);
        }

        RefuseNulls(document);
        RefuseEndless(document);
        if (document.Limits.Keys.GroupBy(level => level, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw UnusableDocumentException.Of("policy_limits_repeated", twice.Key);
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
            Parties = [.. (document.Parties ?? []).Select(p => new Party(p.Code, p.Name, p.NameEn, PartyKind(p.Kind)) { Phone = phoneOf(p), Role = p.Role })],
            SurgeCases = document.Surge?.Cases ?? 5,
            SurgeWithin = ParseSpan(document.Surge?.Within ?? "2h", hours) is { Kind: ClockKind.Continuous, Length: var within } ? within : throw UnusableDocumentException.Of("policy_surge_continuous"),
            FirstAid = (document.FirstAid ?? new Dictionary<string, FirstAidDocument>()).ToImmutableDictionary(one => one.Key, one => new FirstAid(one.Value.Text, one.Value.TextEn, one.Value.Call)),
            Duties = (document.Duties ?? new Dictionary<string, IReadOnlyList<DutyRuleDocument>>()).ToImmutableDictionary(kind => OneOf<PostKind>(kind.Key), kind => kind.Value.Select(rule => new DutyRule(rule.Text, rule.TextEn)).ToImmutableArray()),
            WarnFraction = document.WarnFraction,
            Hours = hours,
            Categories = [.. document.Categories.Select(c => new Category(c.Code, c.Name, c.NameEn, OneOf<Level>(c.Level), c.RecusesProperty))],
        };
        policy = policy with { Choice = ChoiceOf(document.Choice, policy.Choice, hours) };
        return policy.Mistakes().FirstOrDefault() is { } mistake ? throw UnusableDocumentException.Of(mistake.Code, [.. mistake.Values]) : policy;
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

        TimeSpan Length(string text) => ParseSpan(text, hours) is { Kind: ClockKind.Continuous } span ? span.Length : throw UnusableDocumentException.Of("policy_span_continuous", text);
    }

    public static Span ParseSpan(string text, WorkHours hours) => FindSpan(text, hours) ?? throw UnusableDocumentException.Of("policy_span", text);

    /// <summary>Reads a span; null for any other text.</summary>
    public static Span? FindSpan(string text, WorkHours hours)
    {
        var unit = text.TrimStart("0123456789".ToCharArray());
        if (!int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > MostUnits) return null;
        return unit switch
        {
            "m" => new Span(ClockKind.Continuous, TimeSpan.FromMinutes(n)),
            "h" => new Span(ClockKind.Continuous, TimeSpan.FromHours(n)),
            "d" => new Span(ClockKind.Continuous, TimeSpan.FromDays(n)),
            "sh" => new Span(ClockKind.ServiceHours, TimeSpan.FromHours(n)),
            "wd" => new Span(ClockKind.WorkingTime, hours.WorkingDay * n),
            _ => null,
        };
    }

    private static string? PartyPhone(PartyDocument party) => party.Phone is not { } text || string.IsNullOrWhiteSpace(text) ? null : Phones.Of(text) switch
    {
        null => throw UnusableDocumentException.Of("policy_party_phone", text),
        { IsUnusual: true } when party.PhoneAnyway is not true => throw UnusableDocumentException.Of("policy_party_phone_unusual", text),
        var phone => phone.Number,
    };

    private static DayWindow Window(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2 && Minute(parts[0]) is { } from && Minute(parts[1]) is { } to) return new DayWindow(from, to);
        throw UnusableDocumentException.Of("policy_window", text);
    }

    private static int? Minute(string text) =>
        text == "24:00" ? 1440
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (int)time.ToTimeSpan().TotalMinutes : null;

    private static string PartyKind(string text) =>
        text is "department" or "unit" or "mediation" or "adviser" or "specialist" ? text
            : throw UnusableDocumentException.Of("policy_one_of", text, "department, unit, mediation, adviser, specialist");

    private static T OneOf<T>(string text) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw UnusableDocumentException.Of("policy_one_of", text, string.Join(", ", Enum.GetNames<T>()));

    /// <summary>The serializer rejects a null member but not a null list element.</summary>
    private static void RefuseNulls(PolicyDocument document)
    {
        IEnumerable<(string Path, object? Element)> elements =
        [
            .. In("pack", document.Pack), .. In("categories", document.Categories), .. In("hours.service", document.Hours.Service), .. In("hours.working", document.Hours.Working), .. In("parties", document.Parties),
            .. Of("limits", document.Limits), .. Of("firstAid", document.FirstAid), .. Of("duties", document.Duties), .. Of("choice.levels", document.Choice?.Levels), .. Of("choice.skills", document.Choice?.Skills),
            .. document.Limits.Where(level => level.Value is not null).SelectMany(level => Of($"limits.{level.Key}", level.Value)),
            .. (document.Duties ?? new Dictionary<string, IReadOnlyList<DutyRuleDocument>>()).Where(kind => kind.Value is not null).SelectMany(kind => In($"duties.{kind.Key}", kind.Value)),
            .. (document.Choice?.Skills ?? new Dictionary<string, IReadOnlyList<string>>()).Where(kind => kind.Value is not null).SelectMany(kind => In($"choice.skills.{kind.Key}", kind.Value)),
        ];
        if (elements.FirstOrDefault(e => e.Element is null).Path is { } path) throw UnusableDocumentException.Of("policy_member_null", $"$.{path}");

        static IEnumerable<(string, object?)> In<T>(string path, IEnumerable<T>? list) => (list ?? []).Select((element, i) => ($"{path}[{i}]", (object?)element));
        static IEnumerable<(string, object?)> Of<T>(string path, IEnumerable<KeyValuePair<string, T>>? members) => (members ?? []).Select(member => ($"{path}.{member.Key}", (object?)member.Value));
    }

    /// <summary>JSON can hold a number that reads as infinity, which cannot be written back as JSON.</summary>
    private static void RefuseEndless(PolicyDocument document)
    {
        (string Path, double? Value)[] numbers =
        [
            ("warnFraction", document.WarnFraction), ("choice.metresPerMinute", document.Choice?.MetresPerMinute), ("choice.wayDoubt", document.Choice?.WayDoubt), ("choice.workDoubt", document.Choice?.WorkDoubt),
            ("choice.unskilled", document.Choice?.Unskilled),
        ];
        if (numbers.FirstOrDefault(n => n.Value is { } value && !double.IsFinite(value)).Path is { } path) throw UnusableDocumentException.Of("policy_number", $"$.{path}");
    }

    /// <summary>Reads a stored policy. One from before names were required uses the code as the name; a telephone was taken then, whatever is known of it now.</summary>
    public static Policy ParseStored(string json, int version) =>
        Parse(Named(json)?.ToJsonString() ?? json, version, party => string.IsNullOrWhiteSpace(party.Phone) ? null : Phones.OneForm(party.Phone));

    /// <summary>A stored policy with every name that it lacks.</summary>
    internal static JsonNode? Named(string json)
    {
        var root = JsonNode.Parse(json, new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var list in new[] { "categories", "parties" })
            foreach (var named in (root?[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (IsBlank(named["name"])) named["name"] = named["code"]?.DeepClone();
                if (IsBlank(named["nameEn"])) named["nameEn"] = named["name"]?.DeepClone();
            }

        return root;

        static bool IsBlank(JsonNode? name) => name is null || (name is JsonValue value && value.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text));
    }
}
