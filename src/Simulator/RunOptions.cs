using System.Net;

namespace DispatchCenter.Simulator;

/// <summary>What the command line asked for; every value is within its bounds.</summary>
internal sealed record RunOptions
{
    public const string DefaultTarget = "http://localhost:5080";
    public const string DefaultPassword = "mulin-demo-2026";
    public const int MaxWatchers = 10_000;
    public const int MaxTargets = 16;
    public const double MaxSpeed = 1_000_000;
    public const int MaxDrainSeconds = 3_600;

    public required string Command { get; init; }

    /// <summary>The command and what it works from, for the report.</summary>
    public required string Title { get; init; }

    /// <summary>1 is as recorded or drawn, 2,000 two thousand times as fast.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The same for how long people take; a replay keeps them hurried whatever its speed.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>How many duty officers' boards look on.</summary>
    public required int Boards { get; init; }

    /// <summary>How many more connections of team members look on, spread over the teams.</summary>
    public int TeamWatchers { get; init; }

    /// <summary>How many residents keep the page of their case open.</summary>
    public int Pages { get; init; }

    public required int Seed { get; init; }

    /// <summary>Nodes of one dispatch centre, or a proxy before them.</summary>
    public required IReadOnlyList<Uri> Targets { get; init; }

    public required string Password { get; init; }

    /// <summary>Cases go through the exceptions of the street, and the rates are held against the journal.</summary>
    public bool Field { get; init; }

    /// <summary>For how long a whistle or an answer is sent again before it counts as unanswered.</summary>
    public TimeSpan Patience { get; init; } = Simulator.Patience.DefaultBudget;

    /// <summary>After so long people stop where they are, cases open or not; null to live every case through.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>How long the watchers may take to catch up once the last case has been lived through.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>Where the summary is also written, as JSON.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Where the run is written down whatever it comes to; null for only when a promise was broken, beside the caller.</summary>
    public string? TraceFile { get; init; }

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
