using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Crash;

/// <summary>
/// A system that takes webhooks badly: of a hundred posts it fails thirty and hangs on five, half of those after it has taken the message.
/// It knows keys, as every receiver must: what it has taken under a key it takes once.
/// </summary>
internal sealed class UnreliableReceiver : IAsyncDisposable
{
    public const double Fails = 0.30;
    public const double Hangs = 0.05;

    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, (string CallNo, string Event)> _taken = new();
    private readonly ConcurrentDictionary<string, List<string>> _ofCall = new();
    private int _posts;
    private int _failed;
    private int _hung;
    private int _repeated;

    private UnreliableReceiver(WebApplication app, int seed) => (_app, _random) = (app, new Random(seed));

    public string Url => _app.Urls.Single();

    public int Taken => _taken.Count;

    /// <summary>Every message taken, by its key.</summary>
    public IEnumerable<(string CallNo, string Event)> All => _taken.Values;

    /// <summary>What was taken of each case, in order.</summary>
    public IReadOnlyDictionary<string, List<string>> OfCall => _ofCall;

    public static async Task<UnreliableReceiver> StartAsync(int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new UnreliableReceiver(app, seed);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public string Summary() => $"{_posts} posts: {_failed} failed, {_hung} hung, {_repeated} repeats of a key; {Taken} messages taken";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = JsonSerializer.Deserialize<JsonElement>(await reader.ReadToEndAsync());
        var (key, callNo, what) = (http.Request.Headers["Idempotency-Key"].ToString(), body.GetProperty("data").GetProperty("callNo").GetString()!, body.GetProperty("type").GetString()!);
        Interlocked.Increment(ref _posts);
        double fate;
        lock (_random) fate = _random.NextDouble();
        if (fate < Fails)
        {
            Interlocked.Increment(ref _failed);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        if (fate >= Fails + (Hangs / 2)) Take(key, callNo, what);
        if (fate >= Fails + Hangs) return;
        Interlocked.Increment(ref _hung);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Take(string key, string callNo, string what)
    {
        if (!_taken.TryAdd(key, (callNo, what)))
        {
            Interlocked.Increment(ref _repeated);
            return;
        }

        var list = _ofCall.GetOrAdd(callNo, _ => []);
        lock (list) list.Add(what);
    }
}
