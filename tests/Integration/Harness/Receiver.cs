using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Integration.Harness;

/// <summary>A received message: the first path segment is the channel.</summary>
public sealed record Received(string Channel, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body as it came, where it is no text.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>What follows the channel in the path.</summary>
    public string Rest { get; init; } = string.Empty;

    public string Key => Headers["Idempotency-Key"];

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Text => Json.TryGetProperty("text", out var text) ? (text.ValueKind == JsonValueKind.String ? text.GetString()! : text.GetProperty("content").GetString()!) : Json.GetProperty("content").GetProperty("text").GetString()!;

    public string Phone => Json.GetProperty("phone").GetString()!;
}

/// <summary>A service on this machine that messages are sent to; a test sets its answers.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _all = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>The answer to each message; null never answers.</summary>
    public Func<Received, (int Status, string Body)?> Answer { get; set; } = _ => Good;

    public static (int Status, string Body) Good => (200, """{"errcode":0,"code":0}""");

    public string Url => _app.Urls.Single();

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public IReadOnlyList<Received> Of(string channel) => [.. _all.Where(r => r.Channel == channel)];

    public void Forget()
    {
        _all.Clear();
        Answer = _ => Good;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var path = http.Request.Path.Value!.Split('/', 3);
        var received = new Received(
            path[1], http.Request.QueryString.Value ?? string.Empty,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), System.Text.Encoding.UTF8.GetString(body.ToArray())) { Bytes = body.ToArray(), Rest = path.Length > 2 ? path[2] : string.Empty };
        _all.Enqueue(received);
        if (Answer(received) is not { } answer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        http.Response.StatusCode = answer.Status;
        if (answer.Status is >= 300 and < 400) http.Response.Headers.Location = "/elsewhere";
        await http.Response.WriteAsync(answer.Body);
    }
}
