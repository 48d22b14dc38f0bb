using System.Text.Json.Nodes;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>Refusals: one response for each status, with the codes that have it in the table of sentences.</summary>
internal static class ProblemRules
{
    public static string NameOf(int status) => $"Problem{status}";

    public static void Apply(OpenApiDocument document)
    {
        var codes = Sentences.Codes.Select(code => (Code: code, Sentences.Find(code).Status)).Where(row => row.Status >= StatusCodes.Status400BadRequest).OrderBy(row => row.Code, StringComparer.Ordinal).ToList();
        foreach (var sharing in codes.Where(row => row.Status != StatusCodes.Status405MethodNotAllowed).GroupBy(row => row.Status)) // no operation has the wrong method
            document.AddComponent<IOpenApiResponse>(NameOf(sharing.Key), new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(sharing.Key), // generated clients make it part of their exceptions' message
                Extensions = Listed("x-codes", sharing.Select(row => row.Code)),
                Headers = sharing.Key is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = Seconds() } : null,
                Content = new Dictionary<string, OpenApiMediaType> { [ApiDocument.ProblemType] = new() { Schema = new OpenApiSchemaReference(nameof(ApiProblem), document) } },
            });
        if (document.Components!.Schemas![nameof(ApiProblem)].Properties!["code"] is OpenApiSchema code)
            code.Extensions = Listed("x-extensible-enum", codes.Select(row => row.Code));
    }

    private static Dictionary<string, IOpenApiExtension> Listed(string name, IEnumerable<string> codes) => new() { [name] = new JsonNodeExtension(new JsonArray([.. codes.Select(code => JsonValue.Create(code))])) };

    private static OpenApiHeader Seconds() => new() { Description = "Seconds to wait before the request is sent again.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0" } };
}
