using DispatchCenter.Hub.Kernel;
using OpenTelemetry.Metrics;

namespace DispatchCenter.Web.Kernel;

/// <summary>Serves <c>/metrics</c>, and nothing else, at a separate address, <c>Dispatch:ManagementUrl</c>, that only operators reach.</summary>
internal sealed class Management(DispatchOptions options, MeterProvider meters) : IHostedService
{
    private WebApplication? _app;

    /// <exception cref="SettingsException">The address cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.ManagementUrl is not { } url) return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.MapPrometheusScrapingEndpoint("/metrics", meters, configureBranchedPipeline: null, optionsName: null);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new SettingsException(
                $"Dispatch:ManagementUrl 指定的地址 {url} 不能使用，端口可能已被占用：{e.Message}",
                $"Cannot listen on Dispatch:ManagementUrl {url}; the port may be in use: {e.Message}");
        }
    }

    /// <summary>The bound address; null if there is none.</summary>
    public string? Address => _app?.Urls.FirstOrDefault();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        await _app.StopAsync(cancellationToken);
        await _app.DisposeAsync();
        _app = null;
    }
}
