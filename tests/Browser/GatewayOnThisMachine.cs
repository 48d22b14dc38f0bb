using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Browser;

/// <summary>A voice gateway: it takes each call and knows under which number of the street's it can be answered.</summary>
internal sealed class GatewayOnThisMachine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _calls = new();

    private GatewayOnThisMachine(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<GatewayOnThisMachine> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var gateway = new GatewayOnThisMachine(app);
        app.Run(gateway.TakeAsync);
        await app.StartAsync();
        return gateway;
    }

    /// <summary>What a call to this telephone is answered under, once it rings.</summary>
    public Task<string> RefOfAsync(string phone) => CallTo(phone).Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        var said = (await JsonNode.ParseAsync(http.Request.Body))!;
        CallTo((string)said["phone"]!).TrySetResult((string)said["ref"]!);
    }

    private TaskCompletionSource<string> CallTo(string phone) => _calls.GetOrAdd(phone, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
