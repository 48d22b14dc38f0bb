using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>An answer read to the end.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The answer's value, which must have this status.</summary>
    public T Value<T>(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"{(int)Status} where {(int)status} was due: {Text}");
        return (T)JsonSerializer.Deserialize(Text, typeof(T), ContractsJson.Default)!;
    }

    /// <summary>The answer's problem, which must be complete.</summary>
    public ApiProblem Problem(int status, string code)
    {
        Assert.True(status == (int)Status, $"{(int)Status} where {status} {code} was due: {Text}");
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(["code", "detail", "status", "title", "traceId", "type"], Json.EnumerateObject().Select(p => p.Name).Except(["call", "winner"]).Order()); // these two if a command is refused
        var problem = Value<ApiProblem>(Status);
        Assert.Equal((code, status), (problem.Code, problem.Status));
        Assert.EndsWith(code, problem.Type);
        Assert.Contains(problem.Title, c => c >= '\u4e00');
        Assert.Matches("[A-Za-z]{2}", problem.Detail);
        Assert.NotEmpty(problem.TraceId);
        return problem;
    }
}

/// <summary>Sends HTTP requests and reads the answers to the end.</summary>
public static class Http
{
    public static Task<Answer> Read(this HttpClient client, string path) => client.Ask(HttpMethod.Get, path);

    /// <param name="body">An object is sent as JSON, a string as is; null sends nothing.</param>
    public static Task<Answer> Send(this HttpClient client, string path, object? body = null, string? key = null, string contentType = "application/json") =>
        client.Ask(HttpMethod.Post, path, body switch
        {
            null => null,
            HttpContent content => content,
            byte[] bytes => new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
            string text => new StringContent(text, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
            _ => new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        }, key);

    public static async Task<Answer> Ask(this HttpClient client, HttpMethod method, string path, HttpContent? content = null, string? key = null, Action<HttpRequestMessage>? shape = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        shape?.Invoke(request);
        using var limit = new CancellationTokenSource(TestStreet.Patience);
        using var response = await client.SendAsync(request, limit.Token);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync(limit.Token));
    }
}
