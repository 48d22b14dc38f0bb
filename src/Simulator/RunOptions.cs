using System.Net;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator;

/// <summary>The parsed command line; every value is within its bounds.</summary>
internal sealed record RunOptions
{
    public const string DefaultTarget = "http://localhost:5080";
    public const string DefaultPassword = "mulin-demo-2026";
    public const int MaxWatchers = 10_000;
    public const int MaxTargets = 16;
    public const double MaxSpeed = 1_000_000;
    public const int MaxDrainSeconds = 3_600;

    public required string Command { get; init; }

    /// <summary>The command and its input, for the report.</summary>
    public required string Title { get; init; }

    /// <summary>1 is the recorded or generated speed, 2,000 two thousand times as fast.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The same for people's steps; a replay keeps them fast at any speed.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>The number of watching duty officers' boards.</summary>
    public required int Boards { get; init; }

    /// <summary>The number of additional team connections, spread over the teams.</summary>
    public int TeamWatchers { get; init; }

    /// <summary>The number of residents who keep their case's page open.</summary>
    public int Pages { get; init; }

    public required int Seed { get; init; }

    /// <summary>Nodes of one dispatch centre, or a proxy in front of them.</summary>
    public required IReadOnlyList<Uri> Targets { get; init; }

    public required string Password { get; init; }

    /// <summary>The share of whistles beside each of which an errand is opened; 0 for whistles alone.</summary>
    public double Matters { get; init; }

    /// <summary>Cases go through the street's exceptions, and the rates are checked against the journal.</summary>
    public bool Field { get; init; }

    /// <summary>How long a whistle or an answer is retried before it counts as unanswered.</summary>
    public TimeSpan Patience { get; init; } = Simulator.Patience.DefaultBudget;

    /// <summary>After this time people stop, even if cases are open; null to play every case through.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>How long the watchers may take to catch up at the end.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>The arguments of the process.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>The scenario; null for a run without one.</summary>
    public ScenarioDocument? Scenario { get; init; }

    /// <summary>The program that breaks what a scenario wants broken; null for none.</summary>
    public string? Breaker { get; init; }

    /// <summary>The digest of the plan that this run repeats; null if it repeats none.</summary>
    public string? Repeats { get; init; }

    /// <summary>A file for the report as one HTML page.</summary>
    public string? HtmlFile { get; init; }

    /// <summary>A file for the verdict as JUnit XML.</summary>
    public string? JUnitFile { get; init; }

    /// <summary>A file for the summary as JSON.</summary>
    public string? JsonFile { get; init; }

    /// <summary>A file for the trace, written in any case; null to write one beside the caller only if a promise was broken.</summary>
    public string? TraceFile { get; init; }

    /// <exception cref="BadInputException">Not an absolute http or https address, or a remote one without permission.</exception>
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
