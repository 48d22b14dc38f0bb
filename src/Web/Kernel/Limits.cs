using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.RateLimiting;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Rate limits per address, generous because many residents share one (mobile networks). Disabled by
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

    /// <summary>Sign-in attempts per address per minute; <see cref="SignInGate"/> counts the wrong ones.</summary>
    public const int SignInsPerMinute = 20;

    /// <summary>Requests for everything held of a person, or its erasure, per address per minute: for one person at a counter, not for a list.</summary>
    public const int PersonsPerMinute = 20;

    /// <summary>Searches of cases per address per minute: an office of several desks shares one.</summary>
    public const int SearchesPerMinute = 60;

    /// <summary>Reports of keys and replies per gateway's address per minute: the whole street may be called at once.</summary>
    public const int AnswersPerMinute = 600;

    /// <summary>Concurrent hub connections per address: an office may share one.</summary>
    public const int HubsAtOnce = 200;

    public static void AddLimits(this IServiceCollection services, bool enabled) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, ct) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
            if (PagesSetup.IsPage(context.HttpContext)) return; // the error page explains it
            await context.HttpContext.WriteProblemAsync(Outcome.Of(Codes.TooManyRequests) with { RetryAfter = wait });
        };
        options.PerMinute(Whistles, WhistlesPerMinute, enabled, countsLooks: false);
        options.PerMinute(Photos, PhotosPerMinute, enabled, countsLooks: false);
        options.PerMinute(Tracking, TrackingPerMinute, enabled, countsLooks: true);
        options.PerMinute(SignIns, SignInsPerMinute, enabled, countsLooks: false);
        options.PerMinute(Persons, PersonsPerMinute, enabled, countsLooks: false);
        options.PerMinute(Searches, SearchesPerMinute, enabled, countsLooks: false);
        options.PerMinute(Answers, AnswersPerMinute, enabled, countsLooks: false);
        options.AddPolicy(Hubs, http => enabled
            ? RateLimitPartition.GetConcurrencyLimiter(Address(http), _ => new ConcurrencyLimiterOptions { PermitLimit = HubsAtOnce })
            : RateLimitPartition.GetNoLimiter(string.Empty));
    });

    /// <param name="countsLooks">Whether opening the form counts, or only sending it.</param>
    private static void PerMinute(this RateLimiterOptions options, string policy, int permits, bool enabled, bool countsLooks) =>
        options.AddPolicy(policy, http => enabled && (countsLooks || !HttpMethods.IsGet(http.Request.Method))
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
