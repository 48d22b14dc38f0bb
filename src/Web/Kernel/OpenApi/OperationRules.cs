using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>Declares that an endpoint reads text of this type itself. Unlike <c>Accepts</c>, it does not refuse another type before the right is asked.</summary>
internal sealed record TakesText(string Type);

/// <summary>What follows for an operation from its row, its right, its rate limit, its body and its route.</summary>
internal static partial class OperationRules
{
    public const string Bearer = "bearer", Cookie = "cookie", Gateway = "gatewaySignature";

    private const string Form = "multipart/form-data";

    /// <summary>Parameters that are days, wherever they occur; all others are as their endpoint declares them.</summary>
    private static readonly string[] Days = ["from", "to"];

    public static void Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var about = context.Description;
        var metadata = about.ActionDescriptor.EndpointMetadata;
        var path = Constraint().Replace(about.RelativePath!.TrimEnd('/'), string.Empty);
        var row = ApiOperations.Of($"{about.HttpMethod} /{path}");
        (operation.OperationId, operation.Summary, operation.Description) = (row.Id, row.Summary, null);
        var right = metadata.OfType<Needs>().Last().Right;
        operation.Security = Schemes(row, right).Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }).ToList();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) Name(parameter);
        foreach (var header in Headers(row, Access.IsOpenToAll(right))) (operation.Parameters ??= []).Add(header);
        if (metadata.OfType<TakesText>().LastOrDefault() is { } text)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [text.Type] = new() } };
        foreach (var (type, body) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()) body.Schema = SentAs(type) ?? body.Schema;
        foreach (var (type, body) in operation.Responses!.Values.SelectMany(answer => answer.Content ?? new Dictionary<string, OpenApiMediaType>())) body.Schema = SentAs(type) ?? body.Schema;
        Refusals(operation, about.HttpMethod!, path, Access.IsOpenToAll(right), context.Document!);
    }

    [GeneratedRegex(@":\w+(?=\})")]
    private static partial Regex Constraint();

    private static string[] Schemes(ApiOperation row, Right right) => row.Takes == ApiOperations.Signature ? [Gateway] : Access.IsOpenToAll(right) ? [] : [Bearer, Cookie];

    private static void Name(OpenApiParameter parameter)
    {
        parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        if (parameter.In == ParameterLocation.Query && Days.Contains(parameter.Name) && parameter.Schema is OpenApiSchema day) (day.Format, parameter.Description) = ("date", "A day in Asia/Shanghai.");
    }

    private static IEnumerable<OpenApiParameter> Headers(ApiOperation row, bool isOpen)
    {
        if (row.Takes is ApiOperations.Key or ApiOperations.Tap)
            yield return Header("Idempotency-Key", "Repeats with the same key, kept for 24 hours, count once.", new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 8, MaxLength = 64 });
        if (row.Takes == ApiOperations.Tap)
            yield return Header("Tapped-Ago", "How many seconds ago an offline phone was tapped.", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0" });
        if (row.Takes == ApiOperations.Signature)
            yield return Header("X-Dispatch-Timestamp", "Unix seconds, at most 5 minutes off.", new OpenApiSchema { Type = JsonSchemaType.String }, required: true);
        if (!isOpen)
            yield return Header(HubNames.PostHeader, "Which of several posts of the account the request is for; its own if omitted.", new OpenApiSchema { Type = JsonSchemaType.String });
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema, bool required = false) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = schema, Required = required };

    /// <summary>What is sent as bytes or as text; null for JSON.</summary>
    private static OpenApiSchema? SentAs(string type) => type switch
    {
        Form => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "photo" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["photo"] = Bytes("The photo."), ["small"] = Bytes("Its small version.") },
        },
        "image/svg+xml" => new OpenApiSchema { Type = JsonSchemaType.String },
        _ when type.StartsWith("image/", StringComparison.Ordinal) => Bytes(null),
        _ when type.StartsWith("text/", StringComparison.Ordinal) || type == "application/x-pem-file" => new OpenApiSchema { Type = JsonSchemaType.String },
        _ => null,
    };

    private static OpenApiSchema Bytes(string? description) => new() { Type = JsonSchemaType.String, Format = "binary", Description = description };

    private static void Refusals(OpenApiOperation operation, string method, string path, bool isOpen, OpenApiDocument document)
    {
        var (changes, takes, asks) = (!HttpMethods.IsGet(method), operation.RequestBody is not null, operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) is true);
        foreach (var (status, holds) in ((int, bool)[])[
            (StatusCodes.Status400BadRequest, true),
            (StatusCodes.Status401Unauthorized, !isOpen || operation.OperationId is "login" or "reportAnswer"),
            (StatusCodes.Status403Forbidden, true),
            (StatusCodes.Status404NotFound, path.Contains('{', StringComparison.Ordinal) || takes || asks),
            (StatusCodes.Status408RequestTimeout, takes && operation.RequestBody!.Content!.ContainsKey(Form)),
            (StatusCodes.Status409Conflict, changes || path.Contains("{no}", StringComparison.Ordinal)), // some of a case can only be read at its step
            (StatusCodes.Status413PayloadTooLarge, takes),
            (StatusCodes.Status415UnsupportedMediaType, takes),
            (StatusCodes.Status422UnprocessableEntity, changes || asks),
            (StatusCodes.Status429TooManyRequests, true),
            (StatusCodes.Status500InternalServerError, true),
            (StatusCodes.Status503ServiceUnavailable, true)])
        {
            var code = status.ToString(CultureInfo.InvariantCulture);
            if (!holds || (code == "503" && operation.Responses!.ContainsKey(code))) continue; // readiness says it in its own words
            operation.Responses![code] = new OpenApiResponseReference(ProblemRules.NameOf(status), document);
        }

        var answers = operation.Responses!.OrderBy(answer => answer.Key, StringComparer.Ordinal).ToList();
        operation.Responses!.Clear();
        foreach (var (code, answer) in answers) operation.Responses.Add(code, answer);
    }
}
