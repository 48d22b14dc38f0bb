using System.Reflection;
using System.Runtime.InteropServices;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>What a stranger needs to judge a run and to repeat it. It names neither a person nor the machine.</summary>
internal sealed record About
{
    private const string Hidden = "***";
    private const string Password = "--password";

    public required string Command { get; init; }

    /// <summary>The arguments, without the password.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>The name of the scenario; null for a run without one.</summary>
    public string? Scenario { get; init; }

    public string? Title { get; init; }

    public string? TitleEn { get; init; }

    /// <summary>The scenario as it is written, so that the run can be repeated from the report alone.</summary>
    public string? ScenarioText { get; init; }

    /// <summary>The digest of everything that was planned; null where nothing was.</summary>
    public string? Plan { get; init; }

    /// <summary>By this machine's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Of the simulator, with the commit it was built from.</summary>
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    public required string Architecture { get; init; }

    public required int Processors { get; init; }

    /// <summary>What this process may use.</summary>
    public required long MemoryMegabytes { get; init; }

    public static string OwnVersion { get; } = typeof(About).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static About Of(RunOptions options, string? plan, DateTimeOffset startedAt) => new()
    {
        Command = options.Command,
        CommandLine = WithoutPassword(options.CommandLine),
        Scenario = options.Scenario?.Name,
        Title = options.Scenario?.Title,
        TitleEn = options.Scenario?.TitleEn,
        ScenarioText = options.Scenario?.Text,
        Plan = plan,
        StartedAt = startedAt,
        Version = OwnVersion,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.OSArchitecture.ToString(),
        Processors = Environment.ProcessorCount,
        MemoryMegabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_048_576,
    };

    /// <summary>The same arguments, with the password replaced.</summary>
    public static IReadOnlyList<string> WithoutPassword(IReadOnlyList<string> arguments) =>
    [
        .. arguments.Select((argument, i) => i > 0 && arguments[i - 1] == Password ? Hidden
            : argument.StartsWith(Password, StringComparison.Ordinal) && argument.Length > Password.Length ? $"{Password}={Hidden}"
            : argument),
    ];
}
