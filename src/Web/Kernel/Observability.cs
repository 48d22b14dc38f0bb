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
/// Telemetry for operators: metrics as Prometheus text and, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, traces, metrics and logs over OTLP.
/// It contains no case, person or path.
/// </summary>
internal static class Observability
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters =
        [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime"];

    /// <summary>Runtime gauges whose names end like a histogram's, which Prometheus reserves.</summary>
    private static readonly (string Name, string Plain)[] Renamed =
        [("dotnet.assembly.count", "dotnet.assemblies"), ("dotnet.process.cpu.count", "dotnet.process.cpus"), ("dotnet.timer.count", "dotnet.timers")];

    /// <summary>The program version with its commit, for example 0.2.0+1aae4c1….</summary>
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
        // Only our own logs are exported: the framework would also log the export.
        var least = builder.Configuration.GetValue("Logging:OpenTelemetry:LogLevel:Default", LogLevel.Information);
        builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>((category, level) => level >= least && category?.StartsWith(Telemetry.Name, StringComparison.Ordinal) == true);
    }

    /// <summary>Counts server errors; wrap it around everything that may respond.</summary>
    public static void UseObservability(this WebApplication app)
    {
        app.Services.GetRequiredService<MeterProvider>(); // start listening before anything is counted
        Telemetry.BeginAtZero();
        app.Use(async (http, next) =>
        {
            await next(http);
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) Telemetry.AnsweredFailure(http.Response.StatusCode);
        });
    }

    /// <summary>
    /// Removes everything from a span that is not from a closed set: paths, queries, addresses, user agents, whatever a library adds later, and
    /// the client's trace state.
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
