using System.Text.Encodings.Web;
using DispatchCenter.Contracts;
using DispatchCenter.Hub;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel.OpenApi;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace DispatchCenter.Web.Kernel;

/// <summary>The only host: assembles engine, API and pages and serves them.</summary>
internal static class Server
{
    /// <summary>Where the framework listens if nothing is said.</summary>
    private const string UsualAddress = "http://localhost:5000";

    /// <summary>Where it listens, as the settings say.</summary>
    internal static string AddressesOf(IConfiguration said) => said[WebHostDefaults.ServerUrlsKey] ?? (said["HTTP_PORTS"] is { Length: > 0 } ports
        ? string.Join(';', ports.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"http://*:{port}")) : UsualAddress);

    private const string Either = "cookie or bearer";

    public static WebApplicationBuilder Builder(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.WebHost.UseStaticWebAssets(); // an unpublished build finds its static files where they were built, whatever the environment's name
            return builder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or ArgumentException)
        {
            var why = (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
            throw new SettingsException($"设置不能读取：{why}", $"The settings cannot be read: {why}");
        }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Builder(args);
        var addresses = AddressesOf(builder.Configuration);
        await using var app = await StartingAsync(() => OpenAsync(builder), addresses);
        var options = app.Services.GetRequiredService<DispatchOptions>();
        app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app, options));
        if (app.Services.GetRequiredService<ILoggerFactory>() is PlainLogs logs) app.Lifetime.ApplicationStarted.Register(logs.Started);
        await StartingAsync(async () =>
        {
            await app.StartAsync();
            return app;
        }, addresses);
        await app.WaitForShutdownAsync();
        // A worker that failed stops the server, which by itself would look like a wish.
        return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(worker => worker.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
    }

    /// <exception cref="SettingsException">The machine is why it does not start.</exception>
    private static async Task<T> StartingAsync<T>(Func<Task<T>> start, string addresses)
    {
        try
        {
            return await start();
        }
        catch (Exception e) when (e is not SettingsException && FailedStart.Of(e, addresses) is { } why)
        {
            throw why;
        }
    }

    /// <summary>Assembles the application and opens the street; nothing is served yet.</summary>
    /// <param name="time">The system clock, or one that a test advances.</param>
    /// <param name="ticking">False in tests that sweep themselves.</param>
    /// <exception cref="SettingsException">The start must not go on; the message says how to fix it.</exception>
    public static async Task<WebApplication> OpenAsync(WebApplicationBuilder builder, TimeProvider? time = null, bool ticking = true)
    {
        if (builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            throw new SettingsException("请不要设置 Kestrel:Endpoints，端口用 --urls 指定。", "Do not set Kestrel:Endpoints; set the port with --urls.");
        var options = Settings.Read(builder.Configuration, builder.Environment);
        AddServices(builder, options, time ?? TimeProvider.System, ticking);
        var app = builder.Build();
        try
        {
            Use(app, options);
            await app.Services.OpenStreetAsync();
            Guard.Check(((IEndpointRouteBuilder)app).DataSources);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static void AddServices(WebApplicationBuilder builder, DispatchOptions options, TimeProvider time, bool ticking)
    {
        var services = builder.Services;
        builder.AddForwardedHost(options.Proxies);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Bodies.Limit;
            // A phone in a stairwell stalls; cut it off at the hub's own time-out, not after the default five seconds.
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));
        });
        PlainLogs.Add(services);
        services.AddSingleton(time);
        services.AddDispatchEngine(options, ticking);
        services.AddSingleton(new UploadRoom(options.RateLimits, time)).AddSingleton<Addresses>();
        builder.AddObservability();
        AddAccounts(services);
        services.AddLimits();
        services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = Bodies.Limit; // beyond it the connection ends, before anybody could read what was asked; below it everything is answered with a value
            hub.EnableDetailedErrors = false;
            hub.ClientTimeoutInterval = Presence.ClientSilence; // applies from a client's first ping
        }).AddJsonProtocol(json =>
        {
            json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            json.PayloadSerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        // A client that is silent before its first ping, or stops reading, does not answer the socket's pings either.
        services.Configure<WebSocketOptions>(socket => (socket.KeepAliveInterval, socket.KeepAliveTimeout) = (Presence.ClientSilence / 2, Presence.ClientSilence / 2));
        services.AddSingleton<IHubProtocol>(provider => new WireProtocol(new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()))); // the last registration of a name wins
        services.AddApiDocument(options);
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // no response mixes a secret with attacker-controlled text
            compression.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/plain", "text/css", "text/javascript", "image/svg+xml"];
        });
        WebModules.Check(WebModules.All);
        services.AddPages();
        // After the drain, which takes up to 4 s: together at most 10 s.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        services.AddSingleton<IHostLifetime>(provider => new ConsoleLifetime(
            provider.GetRequiredService<IOptions<ConsoleLifetimeOptions>>(), provider.GetRequiredService<IHostEnvironment>(),
            new DrainFirst(provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<Drain>()),
            provider.GetRequiredService<IOptions<HostOptions>>(), provider.GetRequiredService<ILoggerFactory>()));
    }

    public static void Use(WebApplication app, DispatchOptions options)
    {
        app.UseObservability();
        app.UseSecurityHeaders();
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.SameAsRequest }); // the framework's own antiforgery cookie is not, by default
        app.UseStorableQueries();
        app.UseResponseCompression();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = FailedAsync, AllowStatusCode404Response = true });
        app.UseStatusCodePages(context => SayStatusAsync(context.HttpContext));
        app.UseOwnHosts();
        app.UsePages();
        if (options.RateLimits) app.UsePace();
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use((http, next) => !http.Request.Path.StartsWithSegments("/hubs") ? next(http)
            : drain.IsOn ? http.WriteProblemAsync(Outcome.Of(Codes.Busy) with { RetryAfter = DispatchDesk.RetryAfter })
            : drain.DuringAsync(() => next(http)));
        app.UseRouting();
        app.UseAuthentication();
        if (options.RateLimits) app.UseRateLimiter();
        app.UseGuard();
        app.UseSwaggerUI(swagger => swagger.SwaggerEndpoint("/openapi/v1.json", "DispatchCenter v1"));

        // In one group, because the pages look up the fingerprinted file names there.
        var files = app.MapGroup(string.Empty).Needs(KernelRights.Public);
        files.MapStaticAssets().MayBeKept();
        files.MapRazorPages().WithStaticAssets();
        app.MapOpenApi().Needs(KernelRights.Public).MayBeKept();
        foreach (var module in WebModules.All) module.Map(app.MapDocumented(module.Name));
        var health = app.MapDocumented("Health").Needs(KernelRights.Public);
        health.MapGet("/healthz/live", () => Results.Text("live")).Produces<string>(contentType: "text/plain");
        health.MapGet("/healthz/ready", ReadyAsync).Produces<string>(contentType: "text/plain").Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
        if (app.Environment.IsDevelopment()) app.MapPrometheusScrapingEndpoint().Needs(KernelRights.Public); // elsewhere only at Dispatch:ManagementUrl
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddIdentityCore<Account>(identity =>
        {
            identity.User.AllowedUserNameCharacters = string.Empty; // any: names may be Chinese
        }).AddEntityFrameworkStores<DispatchDb>().AddSignInManager();
        services.AddSingleton<SignInGate>().AddSingleton<TimedTicket>().AddScoped<DoorCheck>().AddScoped<SignInService>().AddSingleton<ShortTicket>();
        services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme).PostConfigure<ShortTicket>((bearer, tickets) => bearer.BearerTokenProtector = tickets);
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, policy => policy.ForwardDefaultSelector = http => HasToken(http) ? IdentityConstants.BearerScheme : IdentityConstants.ApplicationScheme)
            .AddBearerToken(IdentityConstants.BearerScheme, bearer =>
            {
                bearer.BearerTokenExpiration = TimeSpan.FromHours(12);
                bearer.Events.OnMessageReceived = message =>
                {
                    if (message.Request.Path.StartsWithSegments("/hubs") && message.Request.Query.TryGetValue("access_token", out var token)) message.Token = token;
                    return Task.CompletedTask;
                };
            })
            .AddCookie(IdentityConstants.ApplicationScheme, cookie =>
            {
                cookie.Cookie.Name = "dispatch";
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = AccountBook.SessionLife;
                cookie.Events.OnValidatePrincipal = context =>
                {
                    if (IsOver(context)) context.RejectPrincipal();
                    return Task.CompletedTask;
                };
                // A session that is over is not renewed by being used, so it need not be remembered for ever.
                cookie.Events.OnCheckSlidingExpiration = context =>
                {
                    context.ShouldRenew &= !IsOver(context);
                    return Task.CompletedTask;
                };
                cookie.Events.OnRedirectToLogin = cookie.Events.OnRedirectToAccessDenied = context => Task.CompletedTask;
            });
    }

    private static bool IsOver(PrincipalContext<CookieAuthenticationOptions> context) => context.HttpContext.RequestServices.GetRequiredService<AccountBook>().Of(context.Principal) is null;

    public static bool HasToken(HttpContext http) =>
        http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        || (http.Request.Path.StartsWithSegments("/hubs") && http.Request.Query.ContainsKey("access_token"));

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken ct) =>
        await readiness.WhyNotAsync(ct) is { } why ? Results.Text($"not ready: {why}", "text/plain", System.Text.Encoding.UTF8, StatusCodes.Status503ServiceUnavailable) : Results.Text("ready");

    private static Task FailedAsync(HttpContext http)
    {
        // The framework has logged it once. A form may exceed the body limit here; if storage is full, a write outside the desk
        // gets the same answer as one from the desk.
        var error = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (Database.IsUnavailable(error)) return http.WriteProblemAsync(Outcome.Of(Codes.Busy) with { RetryAfter = DispatchDesk.RetryAfter });
        return SayAsync(http, error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? Codes.BodyTooLarge : Codes.Internal);
    }

    private static Task SayStatusAsync(HttpContext http) => SayAsync(http, http.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => Codes.Unauthenticated,
        StatusCodes.Status403Forbidden => Codes.Forbidden,
        StatusCodes.Status404NotFound => Codes.NotFound,
        StatusCodes.Status405MethodNotAllowed => Codes.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => Codes.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => Codes.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => Codes.TooManyRequests,
        >= 500 => Codes.Internal,
        _ => Codes.BadRequest,
    });

    private static Task SayAsync(HttpContext http, string code) =>
        http.WriteProblemAsync(code == Codes.BadRequest ? Outcome.Bad("request_form") : Outcome.Of(code));
}
