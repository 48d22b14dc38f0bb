using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace DispatchCenter.Hub.Kernel;

/// <summary>The settings under <c>Dispatch:</c>, checked once at start.</summary>
public sealed record DispatchOptions
{
    public const string DefaultDemoPassword = "mulin-demo-2026";

    /// <summary>The absolute path of the SQLite file; unused if <see cref="PostgreSql"/> is set.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The connection string of a PostgreSQL database shared by several nodes; contains its password.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>The absolute path of the data folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>The absolute path of the keys' folder: see <see cref="KeyFolder"/>.</summary>
    public required string KeysPath { get; init; }

    /// <summary>Whether nobody has named the keys' folder, so that it is the account's own.</summary>
    public bool KeysAreTheAccounts { get; init; }

    /// <summary>Encrypts the keys in their folder; null if they are only protected by the folder's mode.</summary>
    public X509Certificate2? KeysCertificate { get; init; }

    /// <summary>The certificate before that, which still decrypts older keys.</summary>
    public X509Certificate2? KeysCertificateBefore { get; init; }

    /// <summary>The absolute path of the key that signs the audit chain; made at the first start. Whoever has it can rewrite the chain: keep it out of backups of the database.</summary>
    [AllowNull]
    public string ChainKeyPath
    {
        get => field ?? Path.Combine(KeysPath, "audit-chain.pem");
        init => field = value;
    }

    /// <summary>Whether to seed the fictitious street and its accounts, all on duty round the clock.</summary>
    public required bool Demo { get; init; }

    public required string DemoPassword { get; init; }

    /// <summary>Whether a demo street begins with a whole register (名册).</summary>
    public bool DemoRegister { get; init; } = true;

    public required bool RateLimits { get; init; }

    /// <summary>Whether accounts may, or some must, have a second factor.</summary>
    public SecondFactorPolicy SecondFactor { get; init; } = SecondFactorPolicy.Offered;

    /// <summary>Whether a team or community desk that nobody can reach counts as off duty, so its tier is skipped at once.</summary>
    public bool UnreachableIsAbsent { get; init; }

    /// <summary>Whether messages may go to this machine, and there without encryption; for trials.</summary>
    public bool LoopbackChannels { get; init; }

    /// <summary>The hosts of push services that phones may be reached through; a leading <c>*.</c> stands for one or more labels.</summary>
    public IReadOnlyList<string> PushHosts { get; init; } = UsualPushHosts;

    /// <summary>The push services of Chrome, Firefox, Safari and Edge.</summary>
    public static IReadOnlyList<string> UsualPushHosts { get; } = ["fcm.googleapis.com", "*.push.services.mozilla.com", "web.push.apple.com", "*.notify.windows.com"];

    /// <summary>The addresses under which people know the street, the one that is printed first; empty if none is set.</summary>
    public IReadOnlyList<Uri> PublicUrls { get; init; } = [];

    /// <summary>Addresses and networks (10.0.0.2, 10.1.0.0/16) of proxies, besides this machine, whose forwarded headers are believed.</summary>
    public IReadOnlyList<System.Net.IPNetwork> Proxies { get; init; } = [];

    /// <summary>The address of /metrics outside Development, for example http://127.0.0.1:9464; null if it is not served.</summary>
    public string? ManagementUrl { get; init; }

    /// <summary>For how many days a household's link to its own entry of the register holds, and the most that may be set.</summary>
    public const int UsualHouseholdLinkDays = 90, MostHouseholdLinkDays = 365;

    /// <summary>Days of 24 h for which a household's link to its own entry holds, unless it is ended before.</summary>
    public int HouseholdLinkDays { get; init; } = UsualHouseholdLinkDays;

    /// <summary>How long personal data are kept.</summary>
    public KeepFor Keep { get; init; } = KeepFor.Ever;

    /// <summary>host:port[,password=…]; null for a single node. Never logged.</summary>
    public string? Redis { get; init; }
}

/// <summary>A setting that prevents the start, with a message that says how to fix it.</summary>
public sealed class SettingsException(string zh, string en) : Exception($"{zh} {en}");
