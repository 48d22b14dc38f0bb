using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Http;

namespace DispatchCenter.Integration.Harness;

/// <summary>docs/openapi.json, read once. For the tests no object has members that its schema does not name, although a client has to expect more in a later version.</summary>
public static partial class CommittedDocument
{
    private const string Address = "https://openapi.test/document";

    private static readonly Lazy<IReadOnlyList<(string Method, Regex Path, DocumentedOperation Operation)>> All = new(Load);

    public static string File { get; } = Path.Combine(Root(), "docs", "openapi.json");

    /// <summary>Of several routes that fit, the one with the fewest parameters; null for whatever is no operation.</summary>
    public static DocumentedOperation? Find(string method, string path)
    {
        var asked = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var (known, route, operation) in All.Value)
            if (known == asked && route.IsMatch(path)) return operation;
        return null;
    }

    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "DispatchCenter.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run in the repository.");
    }

    private static List<(string Method, Regex Path, DocumentedOperation Operation)> Load()
    {
        if (!System.IO.File.Exists(File)) return [];
        var document = JsonNode.Parse(System.IO.File.ReadAllText(File).Replace("#/components/schemas/", $"{Address}#/$defs/", StringComparison.Ordinal))!;
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var (_, schema) in schemas)
            if (schema!["properties"] is not null) schema["additionalProperties"] = false;
        schemas["ApiProblem"]!["properties"]!["code"]!.AsObject().Remove("x-extensible-enum"); // no keyword of JSON Schema
        SchemaRegistry.Global.Register(new Uri(Address), JsonSchema.FromText(new JsonObject { ["$id"] = Address, ["$defs"] = schemas.DeepClone() }.ToJsonString()));
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               orderby path.Key.Count(c => c == '{'), path.Key
               select (operation.Key.ToUpperInvariant(), Route(path.Key), Read(document, operation.Value!)),
        ];
    }

    private static Regex Route(string path) => new($"^{Parameter().Replace(Regex.Escape(path), "[^/]+")}/?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    [GeneratedRegex(@"\\\{[^}]+}")]
    private static partial Regex Parameter();

    private static DocumentedOperation Read(JsonNode document, JsonNode operation)
    {
        var answers = new Dictionary<int, IReadOnlyDictionary<string, JsonSchema?>>();
        foreach (var (status, stated) in operation["responses"]!.AsObject())
        {
            var answer = stated!["$ref"]?.GetValue<string>() is { } shared ? document["components"]!["responses"]![shared.Split('/')[^1]]! : stated;
            answers[int.Parse(status, CultureInfo.InvariantCulture)] = (answer["content"]?.AsObject() ?? []).ToDictionary(
                type => type.Key, type => type.Key.EndsWith("json", StringComparison.Ordinal) ? JsonSchema.FromText(type.Value!["schema"]!.ToJsonString()) : null);
        }

        return new DocumentedOperation(operation["operationId"]!.GetValue<string>(), answers);
    }
}

/// <param name="Answers">The schemas of each status by media type; null for what is not JSON.</param>
public sealed record DocumentedOperation(string Id, IReadOnlyDictionary<int, IReadOnlyDictionary<string, JsonSchema?>> Answers)
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly ConcurrentDictionary<(int Status, string Type), JsonNews> _news = new();

    /// <summary>Why an answer is not as documented; null if it is.</summary>
    /// <param name="body">Null if the answer has none because of the request's method.</param>
    public string? WhyNot(int status, string? contentType, byte[]? body)
    {
        if (!Answers.TryGetValue(status, out var types)) return "the document has no such status";
        if (body is null) return null;
        if (types.Count == 0) return body.Length == 0 ? null : "the document has no body";
        var type = contentType?.Split(';')[0] ?? string.Empty;
        if (!types.TryGetValue(type, out var schema)) return $"the document has no {type}";
        if (schema is null || !_news.GetOrAdd((status, type), _ => new JsonNews()).Has(body)) return null;
        using var json = JsonDocument.Parse(body);
        var found = schema.Evaluate(json.RootElement, Options);
        return found.IsValid ? null : string.Join("; ", (found.Details ?? []).Where(at => at.Errors is { Count: > 0 }).Select(at => $"{at.InstanceLocation} {string.Join(", ", at.Errors!.Values)}").Distinct().Take(6));
    }
}
