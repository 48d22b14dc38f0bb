using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>A length of time as a table takes it: what was typed, and a unit of policy documents.</summary>
/// <param name="Unit">m, h, d, sh or wd: see <see cref="PolicyDocument"/>.</param>
public sealed record SheetSpan(string Number, string Unit)
{
    public static readonly IReadOnlyList<string> Units = ["m", "h", "d", "sh", "wd"];

    /// <summary>As a document has it.</summary>
    public string Text => Number.Trim() + Unit;

    public static SheetSpan Of(string text) => new(text.TrimEnd("mhdsw".ToCharArray()), text.TrimStart("0123456789".ToCharArray()));
}

/// <summary>An answer of the pack with its limit at each level, in the order of <see cref="Level"/>.</summary>
public sealed record SheetAnswer(string Key, string Kind, string Party, bool Required, IReadOnlyList<SheetSpan> Limits)
{
    /// <summary>The kinds that a pack may require.</summary>
    public static readonly IReadOnlyList<AnswerKind> Kinds = [AnswerKind.Accept, AnswerKind.Arrive, AnswerKind.Acknowledge, AnswerKind.Resolve];

    public bool IsBlank => Key.Length == 0 && Party.Length == 0 && Limits.All(l => l.Number.Length == 0);
}

public sealed record SheetCategory(string Code, string Name, string NameEn, string Level, bool RecusesProperty)
{
    public bool IsBlank => Code.Length == 0 && Name.Length == 0 && NameEn.Length == 0;
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">answers.0.limits.S1, categories.3.code, verify, …: the line counts from 0.</param>
public sealed record SheetMistake(string Field, Words Why);

/// <summary>
/// The limits, categories and pack of a policy as a table holds them, whatever was typed. It changes a policy document, which is then checked and
/// added like an imported one; parties, hours and the rules of choice stay as they are.
/// </summary>
public sealed record PolicySheet
{
    public const int LongestName = 40;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required IReadOnlyList<SheetAnswer> Answers { get; init; }

    public required IReadOnlyList<SheetCategory> Categories { get; init; }

    public required SheetSpan Verify { get; init; }

    public required SheetSpan Evaluate { get; init; }

    public required SheetSpan Decide { get; init; }

    public required SheetSpan Difficult { get; init; }

    /// <summary>The warning fraction in percent.</summary>
    public required string Warn { get; init; }

    public required string SurgeCases { get; init; }

    public required SheetSpan SurgeWithin { get; init; }

    /// <summary>The table of a stored document.</summary>
    public static PolicySheet Of(string json)
    {
        var document = PolicyJson.Named(json).Deserialize(PolicyJson.Default.PolicyDocument)!;
        var limits = new Dictionary<string, IReadOnlyDictionary<string, string>>(document.Limits, StringComparer.OrdinalIgnoreCase);
        return new PolicySheet
        {
            Answers = [.. document.Pack.Select(a => new SheetAnswer(a.Key, Names.Camel(Enum.Parse<AnswerKind>(a.Kind, ignoreCase: true)), a.Party, a.Required, [.. Enum.GetNames<Level>().Select(level => SheetSpan.Of(limits[level][a.Key]))]))],
            Categories = [.. document.Categories.Select(c => new SheetCategory(c.Code, c.Name, c.NameEn, c.Level.ToUpperInvariant(), c.RecusesProperty))],
            Verify = SheetSpan.Of(document.Verify),
            Evaluate = SheetSpan.Of(document.Evaluate),
            Decide = SheetSpan.Of(document.Decide ?? "2sh"),
            Difficult = SheetSpan.Of(document.Difficult ?? "15wd"),
            Warn = (document.WarnFraction * 100).ToString("0.##", CultureInfo.InvariantCulture),
            SurgeCases = (document.Surge?.Cases ?? 5).ToString(CultureInfo.InvariantCulture),
            SurgeWithin = SheetSpan.Of(document.Surge?.Within ?? "2h"),
        };
    }

    /// <summary>Every field that cannot be right, whatever the others say. What only shows as a whole, <see cref="PolicyBook"/> refuses.</summary>
    /// <param name="inForce">Its hours must hold the spans.</param>
    public IReadOnlyList<SheetMistake> Mistakes(Policy inForce)
    {
        var found = new List<SheetMistake>();
        for (var i = 0; i < Answers.Count; i++) CheckAnswer(Answers[i], i);
        for (var i = 0; i < Categories.Count; i++) CheckCategory(Categories[i], i);
        foreach (var (field, span) in new[] { ("verify", Verify), ("evaluate", Evaluate), ("decide", Decide), ("difficult", Difficult) }) CheckSpan(field, span);
        if (!decimal.TryParse(Warn.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent is < 1 or > 99) Add("warn", "sheet_percent", Warn);
        if (!IsNumber(SurgeCases, out var cases) || cases is < 2 or > 1_000) Add("surgeCases", "sheet_surge_cases", SurgeCases);
        if (CheckSpan("surgeWithin", SurgeWithin) is { } within && (within.Kind != ClockKind.Continuous || within.Length > TimeSpan.FromDays(7))) Add("surgeWithin", "sheet_surge_within");
        return found;

        void CheckAnswer(SheetAnswer answer, int i)
        {
            CheckCode($"answers.{i}.key", answer.Key, Answers.Take(i).Any(a => a.Key == answer.Key));
            if (!SheetAnswer.Kinds.Any(kind => Names.Camel(kind) == answer.Kind)) Add($"answers.{i}.kind", "sheet_kind", answer.Kind);
            if (!Policy.IsCode(answer.Party)) Add($"answers.{i}.party", answer.Party.Length == 0 ? "sheet_missing" : "sheet_code", answer.Party);
            foreach (var level in Enum.GetValues<Level>()) CheckSpan($"answers.{i}.limits.{level}", answer.Limits[(int)level]);
        }

        void CheckCategory(SheetCategory category, int i)
        {
            CheckCode($"categories.{i}.code", category.Code, Categories.Take(i).Any(c => c.Code == category.Code));
            foreach (var (field, name) in new[] { ("name", category.Name), ("nameEn", category.NameEn) })
                if (name.Length is 0 or > LongestName) Add($"categories.{i}.{field}", name.Length == 0 ? "sheet_missing" : "sheet_name_long", LongestName);
            if (!Enum.GetNames<Level>().Contains(category.Level)) Add($"categories.{i}.level", "sheet_level", category.Level);
        }

        void CheckCode(string field, string code, bool isRepeated)
        {
            if (!Policy.IsCode(code)) Add(field, code.Length == 0 ? "sheet_missing" : "sheet_code", code);
            else if (isRepeated) Add(field, "sheet_repeated", code);
        }

        Span? CheckSpan(string field, SheetSpan said)
        {
            if (said.Number.Trim().Length == 0) Add(field, "sheet_missing");
            else if (!IsNumber(said.Number, out var number)) Add(field, "sheet_number", said.Number);
            else if (!SheetSpan.Units.Contains(said.Unit)) Add(field, "sheet_unit", said.Unit);
            else if (number == 0) Add(field, "sheet_zero");
            else if (PolicyJson.FindSpan(said.Text, inForce.Hours) is { } span && inForce.Holds(span)) return span;
            else Add(field, "sheet_span");
            return null;
        }

        void Add(string field, string code, params object[] values) => found.Add(new SheetMistake(field, StreetWords.Say(code, values)));
    }

    /// <summary>A document with what the table holds. The table must be without mistakes.</summary>
    public string Into(string json)
    {
        var root = PolicyJson.Named(json)!.AsObject();
        root["pack"] = new JsonArray([.. Answers.Select(a => (JsonNode)new JsonObject { ["key"] = a.Key, ["kind"] = a.Kind, ["party"] = a.Party, ["required"] = a.Required })]);
        root["limits"] = new JsonObject(Enum.GetValues<Level>().Select(level => KeyValuePair.Create(level.ToString(), (JsonNode?)new JsonObject(Answers.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Limits[(int)level].Text))))));
        foreach (var (member, span) in new[] { ("verify", Verify), ("evaluate", Evaluate), ("decide", Decide), ("difficult", Difficult) }) root[member] = span.Text;
        root["warnFraction"] = decimal.Parse(Warn.Trim(), CultureInfo.InvariantCulture) / 100;
        root["surge"] = new JsonObject { ["cases"] = int.Parse(SurgeCases.Trim(), CultureInfo.InvariantCulture), ["within"] = SurgeWithin.Text };
        root["categories"] = new JsonArray([.. Categories.Select(c => (JsonNode)Of(c))]);
        return root.ToJsonString(Readable);

        static JsonObject Of(SheetCategory c)
        {
            var category = new JsonObject { ["code"] = c.Code, ["name"] = c.Name, ["nameEn"] = c.NameEn, ["level"] = c.Level };
            if (c.RecusesProperty) category["recusesProperty"] = true;
            return category;
        }
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
