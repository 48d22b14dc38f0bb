using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Rate limits per address, generous because many residents share one (mobile networks). None runs with
/// <c>Dispatch:RateLimits:Enabled</c> false.
/// </summary>
internal static class Limits
{
    public const string Whistles = "whistles";
    public const string Photos = "photos";
    public const string Tracking = "tracking";
    public const string SignIns = "sign-ins";
    public const string Hubs = "hubs";
    public const string Persons = "persons";
    public const string Searches = "searches";
    public const string Answers = "answers";

    /// <summary>Whistles per address per minute.</summary>
    public const int WhistlesPerMinute = 30;

    /// <summary>Photos per address per minute.</summary>
    public const int PhotosPerMinute = 60;

    /// <summary>Reads and writes on tracked cases per address per minute.</summary>
    public const int TrackingPerMinute = 240;

    /// <summary>Steps of signing in per address per minute, two for whoever has a second factor; <see cref="SignInGate"/> counts the wrong ones.</summary>
    public const int SignInsPerMinute = 40;

    /// <summary>Requests for everything held of a person, or its erasure, per address per minute: for one person at a counter, not for a list.</summary>
    public const int PersonsPerMinute = 20;

    /// <summary>Searches of cases per address per minute: an office of several desks shares one.</summary>
    public const int SearchesPerMinute = 60;

    /// <summary>Reports of keys and replies per gateway's address per minute: the whole street may be called at once.</summary>
    public const int AnswersPerMinute = 600;

    /// <summary>Concurrent hub connections per address: an office may share one.</summary>
    public const int HubsAtOnce = 200;

    /// <summary>Requests of one address per second in the long run, of every kind. Above it they wait, so that whoever sends thousands is slowed, and nobody else is.</summary>
    public const int PerSecond = 100;

    /// <summary>Requests of one address that come at once and do not wait: two phones that load their page for the first time.</summary>
    public const int AtOnce = 75;

    /// <summary>GET requests of one address that are worked on at the same time, each until it begins to answer; the others wait for those.</summary>
    public static readonly int AtATime = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Requests of one address that wait; further ones are refused.</summary>
    public const int Waiting = 500;

    /// <summary>Holds back an address that sends more than everybody together would, before anything is looked up for it.</summary>
    public static void UsePace(this WebApplication app)
    {
        var pace = app.Services.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        app.Use(async (http, next) =>
        {
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
            {
                await next(http); // the page that says why
                return;
            }

            using var lease = await pace.AcquireAsync(http, cancellationToken: http.RequestAborted);
            if (!lease.IsAcquired)
            {
                await RefuseAsync(http, lease);
                return;
            }

            // Its place is free as soon as it answers: a followed case stays open for hours, and a photo goes to a slow phone for minutes.
            http.Response.OnStarting(() =>
            {
                lease.Dispose();
                return Task.CompletedTask;
            });
            await next(http);
        });
    }

    public static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton(_ => PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(Address(http), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = AtOnce,
                TokensPerPeriod = PerSecond / 10,
                ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                QueueLimit = Waiting,
            })),
            // Bodies may come slowly and a hub's requests wait for news: neither may be in the way of others at the same address.
            PartitionedRateLimiter.Create<HttpContext, string>(http => (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && !http.Request.Path.StartsWithSegments("/hubs")
                ? RateLimitPartition.GetConcurrencyLimiter(Address(http), _ => new ConcurrencyLimiterOptions { PermitLimit = AtATime, QueueLimit = Waiting })
                : RateLimitPartition.GetNoLimiter(string.Empty))));
        services.AddPolicies();
    }

    private static void AddPolicies(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.OnRejected = (context, _) => RefuseAsync(context.HttpContext, context.Lease);
        options.PerMinute(Whistles, WhistlesPerMinute, countsLooks: false);
        options.PerMinute(Photos, PhotosPerMinute, countsLooks: false);
        options.PerMinute(Tracking, TrackingPerMinute, countsLooks: true);
        options.PerMinute(SignIns, SignInsPerMinute, countsLooks: false);
        options.PerMinute(Persons, PersonsPerMinute, countsLooks: false);
        options.PerMinute(Searches, SearchesPerMinute, countsLooks: false);
        options.PerMinute(Answers, AnswersPerMinute, countsLooks: false);
        options.AddPolicy(Hubs, http => RateLimitPartition.GetConcurrencyLimiter(Address(http), _ => new ConcurrencyLimiterOptions { PermitLimit = HubsAtOnce }));
    });

    private static async ValueTask RefuseAsync(HttpContext http, RateLimitLease lease)
    {
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        var outcome = Outcome.Of(Codes.TooManyRequests) with { RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10) };
        if (!PagesSetup.IsPage(http)) await http.WriteProblemAsync(outcome); // a page's error page explains it
    }

    /// <param name="countsLooks">Whether opening the form counts, or only sending it.</param>
    private static void PerMinute(this RateLimiterOptions options, string policy, int permits, bool countsLooks) =>
        options.AddPolicy(policy, http => countsLooks || !HttpMethods.IsGet(http.Request.Method)
        ? RateLimitPartition.GetSlidingWindowLimiter(Address(http), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        })
        : RateLimitPartition.GetNoLimiter(string.Empty));

    /// <summary>The key of a limit: an IPv4 address, or the first 64 bits of an IPv6 one, which are a single customer's.</summary>
    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress is { } address ? Key(address) : "unknown";

    internal static string Key(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
