using System.Diagnostics;
using System.Reflection;
using DispatchCenter.Hub.Ledger;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// What operators see: meters as Prometheus text, and, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, traces, metrics and logs over OTLP.
/// Nothing here names a case, a person or a path.
/// </summary>
internal static class Observability
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters =
        [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime"];

    /// <summary>Gauges of the runtime whose names end like a histogram's, which Prometheus reserves.</summary>
    private static readonly (string Name, string Plain)[] Renamed =
        [("dotnet.assembly.count", "dotnet.assemblies"), ("dotnet.process.cpu.count", "dotnet.process.cpus"), ("dotnet.timer.count", "dotnet.timers")];

    /// <summary>The program's version with its commit, for example 0.2.0+1aae4c1….</summary>
    public static string Version { get; } = typeof(Observability).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static void AddObservability(this WebApplicationBuilder builder)
    {
        var exports = !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("dispatch-center", serviceVersion: Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                foreach (var (name, plain) in Renamed) metrics.AddView(name, plain);
                if (exports) metrics.AddOtlpExporter();
            });
        builder.Services.AddSingleton<Management>().AddHostedService(provider => provider.GetRequiredService<Management>());
        if (!exports) return;
        telemetry.WithTracing(tracing => tracing.AddSource(Telemetry.Name).AddAspNetCoreInstrumentation().AddProcessor<OnlyKnownTags>().AddOtlpExporter());
        builder.Services.AddSingleton<OnlyKnownTags>();
        // The framework's own lines hold paths, and a path may hold a tracking code: of the logs only ours leave the machine.
        var least = builder.Configuration.GetValue("Logging:OpenTelemetry:LogLevel:Default", LogLevel.Information);
        builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>((category, level) => level >= least && category?.StartsWith(Telemetry.Name, StringComparison.Ordinal) == true);
    }

    /// <summary>Counts answers that say that the server failed; to be placed around everything that may answer.</summary>
    public static void UseObservability(this WebApplication app)
    {
        app.Services.GetRequiredService<MeterProvider>(); // listens before anything counts
        Telemetry.BeginAtZero();
        app.Use(async (http, next) =>
        {
            await next(http);
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) Telemetry.AnsweredFailure(http.Response.StatusCode);
        });
    }

    /// <summary>
    /// Takes everything out of a span that is not of a closed set: paths, queries, addresses, agents, whatever a library adds one day, and
    /// what the asker wrote into the trace's state.
    /// </summary>
    private sealed class OnlyKnownTags : BaseProcessor<Activity>
    {
        private static readonly HashSet<string> Known =
            ["http.request.method", "http.response.status_code", "http.route", "error.type", "network.protocol.version", "dispatch.answer", "dispatch.change", "dispatch.requests"];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in data.TagObjects.Select(t => t.Key).Where(key => !Known.Contains(key)).ToList()) data.SetTag(tag, null);
            if (data.Kind == ActivityKind.Server) data.DisplayName = $"{data.GetTagItem("http.request.method")} {data.GetTagItem("http.route")}".TrimEnd();
            data.SetStatus(data.Status); // without its description
            data.TraceStateString = null;
        }
    }
}
