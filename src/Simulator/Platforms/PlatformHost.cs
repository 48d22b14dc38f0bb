using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>The played platforms on one free port of this machine.</summary>
internal sealed class PlatformHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PlatformHost(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<PlatformHost> StartAsync(WeComService weCom, Gateway voice, Gateway sms, PushService push)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        RequestDelegate Whole(RequestDelegate take) => async http =>
        {
            try
            {
                await take(http);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
            {
                // The sender has gone: it was killed, or its time is over.
            }
        };
        app.MapGet("/wecom/cgi-bin/gettoken", Whole(weCom.GiveTokenAsync));
        app.MapPost("/wecom/cgi-bin/message/send", Whole(weCom.SendAsync));
        app.MapPost("/voice", Whole(voice.TakeAsync));
        app.MapPost("/sms", Whole(sms.TakeAsync));
        app.MapPost("/push/{id}", Whole(push.TakeAsync));
        await app.StartAsync();
        return new PlatformHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
