namespace DispatchCenter.Hub.Kernel;

/// <summary>The settings under <c>Dispatch:</c>, checked once at start.</summary>
public sealed record DispatchOptions
{
    public const string DefaultDemoPassword = "mulin-demo-2026";

    /// <summary>The SQLite file, absolute; not used where <see cref="PostgreSql"/> is set.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The connection string of a PostgreSQL database that many nodes share; holds its password.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Where data lives, absolute.</summary>
    public required string DataPath { get; init; }

    /// <summary>The data-protection keys' folder, absolute.</summary>
    public required string KeysPath { get; init; }

    /// <summary>Where the keys are unless a setting says otherwise: with this node's own data.</summary>
    public string OwnKeysPath => Path.Combine(DataPath, "keys");

    /// <summary>Whether the fictitious street and its accounts are seeded, everybody on duty round the clock.</summary>
    public required bool Demo { get; init; }

    public required string DemoPassword { get; init; }

    public required bool RateLimits { get; init; }

    /// <summary>Whether a team or community desk that nobody can reach counts as nobody on duty, so that its tier is skipped at once.</summary>
    public bool UnreachableIsAbsent { get; init; }

    /// <summary>Whether messages may go to this machine itself, and there without encryption: for trying out.</summary>
    public bool LoopbackChannels { get; init; }

    /// <summary>Where /metrics is served outside Development, for example http://127.0.0.1:9464; null where it is not.</summary>
    public string? ManagementUrl { get; init; }

    /// <summary>host:port[,password=…]; null where one node runs alone. Never logged.</summary>
    public string? Redis { get; init; }
}

/// <summary>A setting that stops the start, with a sentence that says what to mend.</summary>
public sealed class SettingsException(string zh, string en) : Exception($"{zh} {en}");
