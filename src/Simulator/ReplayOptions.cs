using System.Net;

namespace DispatchCenter.Simulator;

/// <summary>What the command line asked for; every value is within its bounds.</summary>
internal sealed record ReplayOptions
{
    public const string DefaultTarget = "http://localhost:5080";
    public const string DefaultPassword = "mulin-demo-2026";
    public const int MaxWatchers = 5_000;
    public const double MaxSpeed = 1_000_000;
    public const int MaxDrainSeconds = 3_600;

    public required string File { get; init; }

    /// <summary>1 is as recorded, 2,000 two thousand times as fast.</summary>
    public required double Speed { get; init; }

    /// <summary>How many duty officers' boards look on.</summary>
    public required int Watchers { get; init; }

    public required int Seed { get; init; }

    public required Uri Target { get; init; }

    public required string Password { get; init; }

    /// <summary>Only the first so many whistles.</summary>
    public int? Limit { get; init; }

    /// <summary>How long the watchers may take to catch up once the last case has been lived through.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>Where the summary is also written, as JSON.</summary>
    public string? JsonFile { get; init; }

    /// <exception cref="BadInputException">No absolute http or https address, or one that is not this machine without a word that it may be.</exception>
    public static Uri ParseTarget(string text, bool allowRemote)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var target) || (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps))
            throw new BadInputException($"--target must be an http or https address, not '{text}'.");
        if (!allowRemote && !IsLoopback(target))
            throw new BadInputException($"--target {text} is not this machine: the simulator writes thousands of cases; say --allow-remote if you mean it.");
        return new Uri(target.GetLeftPart(UriPartial.Authority));
    }

    private static bool IsLoopback(Uri target) => IPAddress.TryParse(target.DnsSafeHost, out var address)
        ? IPAddress.IsLoopback(address)
        : target.DnsSafeHost.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
