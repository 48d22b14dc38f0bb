using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Web.Kernel;

/// <summary>RFC 9457 problems, and JSON as the contract writes it.</summary>
internal static class Problems
{
    /// <summary>The contracts' JSON with readable Chinese; it is never put into HTML.</summary>
    public static readonly ContractsJson Json = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <param name="call">For a refused command: the case, if the requester may see it.</param>
    public static IResult Problem(this Outcome outcome, CallCard? call = null) => new ProblemResult(outcome, call);

    /// <summary>The value as JSON, or the problem.</summary>
    public static IResult Reply<T>(this Outcome<T> outcome, int status = StatusCodes.Status200OK) where T : class =>
        outcome.Value is { } value ? Value(value, status) : outcome.Problem();

    public static IResult Value<T>(T value, int status = StatusCodes.Status200OK) where T : class =>
        Results.Json(value, Json.GetTypeInfo(typeof(T))!, contentType: "application/json; charset=utf-8", statusCode: status);

    public static Task WriteProblemAsync(this HttpContext http, Outcome outcome, CallCard? call = null)
    {
        http.Response.StatusCode = outcome.Status;
        http.Response.ContentType = "application/problem+json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        if (outcome.RetryAfter is { } wait) http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var problem = new ApiProblem(
            $"urn:dispatch:problem:{outcome.Code}", outcome.Message, outcome.MessageEn, outcome.Status, outcome.Code, Activity.Current?.Id ?? http.TraceIdentifier)
        {
            Call = call,
            Winner = outcome.Code == Codes.AlreadyAccepted && call?.Lead is { } lead ? new RaceWinner(lead.Team, lead.Post) : null,
        };
        return JsonSerializer.SerializeAsync(http.Response.Body, problem, Json.ApiProblem, http.RequestAborted);
    }

    private sealed class ProblemResult(Outcome outcome, CallCard? call) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.WriteProblemAsync(outcome, call);
    }
}
