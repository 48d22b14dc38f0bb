using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>The OpenAPI document: the endpoints and wire types as they are, with what neither of them says added by rule.</summary>
internal static class ApiDocument
{
    public const string ProblemType = "application/problem+json";

    /// <summary>Makes every endpoint of a group part of the document's group of that name, with the problem as an answer.</summary>
    public static RouteGroupBuilder MapDocumented(this IEndpointRouteBuilder routes, string group) =>
        routes.MapGroup(string.Empty).WithTags(group).WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status500InternalServerError, typeof(ApiProblem), [ProblemType]));

    public static void AddApiDocument(this IServiceCollection services, DispatchOptions options)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict); // a number is written as a number
        services.AddOpenApi(api =>
        {
            api.AddOperationTransformer((operation, context, _) =>
            {
                OperationRules.Apply(operation, context);
                return Task.CompletedTask;
            });
            api.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document, options);
                SchemaRules.Apply(document);
                ProblemRules.Apply(document);
                return Task.CompletedTask;
            });
        });
    }

    private static void Describe(OpenApiDocument document, DispatchOptions options)
    {
        document.Servers = [new() { Url = options.PublicUrls is [var known, ..] ? known.GetLeftPart(UriPartial.Authority) : "/" }];
        document.Info = new OpenApiInfo
        {
            Title = "DispatchCenter",
            Version = "1.0",
            Description = "The API only grows: a later version may add operations, members, values and codes, and changes the meaning of none. A client passes over what it does not know. "
                + "Times are ISO 8601 with an offset, and a time without one is refused. Every refusal is an RFC 9457 problem with a stable code.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Tags = new HashSet<OpenApiTag>(ApiOperations.Groups.Select(group => new OpenApiTag { Name = group.Name, Description = group.About }));
        document.AddComponent<IOpenApiSecurityScheme>(OperationRules.Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The token from POST /api/login.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(OperationRules.Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "dispatch",
            Description = "The session of whoever signed in on the page. From the street's own pages only; a request that changes something has a JSON body, X-Requested-With or Idempotency-Key.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(OperationRules.Gateway, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Dispatch-Signature",
            Description = "Hexadecimal HMAC-SHA256, with the channel's secret, over X-Dispatch-Timestamp, a line feed and the body.",
        });
    }
}
