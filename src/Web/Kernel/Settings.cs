using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Web.Kernel;

/// <summary>Reads <c>Dispatch:</c> once at start. An invalid value stops the start with a message that says how to fix it.</summary>
internal static class Settings
{
    private static readonly string[] Known = ["Database", "Redis", "DataPath", "Keys", "KeysCertificate", "KeysCertificatePassword", "KeysCertificateBefore", "ChainKey", "Demo", "DemoPassword", "DemoRegister", "RateLimits", "UnreachableIsAbsent", "LoopbackChannels", "PushHosts", "ManagementUrl", "PublicUrl", "Proxies", "Keep", "HouseholdLinkDays", "SecondFactor"];

    public static DispatchOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var section = configuration.GetSection("Dispatch");
        foreach (var child in section.GetChildren())
            if (!Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new SettingsException(
                    $"不认识的设置 Dispatch:{child.Key}。可用的有：{string.Join("、", Known)}。",
                    $"Dispatch:{child.Key} is not a setting. Valid settings: {string.Join(", ", Known)}.");
        var demo = Flag(section, "Demo") ?? environment.IsDevelopment();
        var data = Folder(section["DataPath"] ?? "App_Data", "DataPath", environment);
        var database = section["Database"] ?? Path.Combine(data, "dispatch.db");
        if (string.IsNullOrWhiteSpace(database))
            throw new SettingsException("Dispatch:Database 是空的，请填写 SQLite 文件路径，或去掉这项设置。", "Dispatch:Database is empty. Name a SQLite file, or remove the setting.");
        var shared = IsPostgreSql(database) ? PostgresDatabase.Read(database).ConnectionString : null;
        var redis = string.IsNullOrWhiteSpace(section["Redis"]) ? null : section["Redis"];
        if (redis is not null && !RedisLink.IsUsable(redis)) // the value is not repeated: it may contain a password
            throw new SettingsException(
                "Dispatch:Redis 不能使用，须为 主机:端口[,password=口令]，例如 localhost:6379。",
                "Dispatch:Redis cannot be used. Write host:port[,password=...], for example localhost:6379.");
        var password = section["DemoPassword"] ?? DispatchOptions.DefaultDemoPassword;
        if (password.Length < 8)
            throw new SettingsException("Dispatch:DemoPassword 至少 8 个字符。", "Dispatch:DemoPassword must have at least 8 characters.");
        var keys = string.IsNullOrWhiteSpace(section["Keys"]) ? null : section["Keys"];
        return new DispatchOptions
        {
            DatabasePath = shared is null ? Path.GetFullPath(database, environment.ContentRootPath) : string.Empty,
            PostgreSql = shared,
            DataPath = data,
            KeysPath = keys is null ? KeyFolder.OfTheAccount(configuration["XDG_DATA_HOME"]) : Folder(keys, "Keys", environment),
            KeysAreTheAccounts = keys is null,
            KeysCertificate = Certificate(section, "KeysCertificate", environment),
            KeysCertificateBefore = Certificate(section, "KeysCertificateBefore", environment),
            ChainKeyPath = section["ChainKey"] is { Length: > 0 } key ? Path.GetFullPath(key, environment.ContentRootPath) : null,
            Demo = demo,
            DemoPassword = password,
            DemoRegister = Flag(section, "DemoRegister") ?? true,
            Redis = redis,
            ManagementUrl = Management(section),
            PublicUrls = [.. Listed(section["PublicUrl"]).Select(Public)],
            Proxies = [.. Listed(section["Proxies"]).Select(Proxy)],
            Keep = Keep(section.GetSection("Keep")),
            HouseholdLinkDays = LinkDays(section["HouseholdLinkDays"]),
            SecondFactor = SecondFactor(section["SecondFactor"]),
            LoopbackChannels = Flag(section, "LoopbackChannels") ?? false,
            PushHosts = Listed(section["PushHosts"]) is { Length: > 0 } hosts ? [.. hosts.Select(PushHost)] : DispatchOptions.UsualPushHosts,
            UnreachableIsAbsent = Flag(section, "UnreachableIsAbsent") ?? false,
            RateLimits = Flag(section, "RateLimits:Enabled") ?? !demo,
        };
    }

    private static string[] Listed(string? values) => values?.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Uri Public(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/" && address.UserInfo.Length == 0 ? address
        : throw new SettingsException(
            $"Dispatch:PublicUrl 须为居民和工作人员打开本系统的网址，例如 https://street.example，多个用分号隔开，现在有“{url}”。",
            $"Dispatch:PublicUrl must be the address at which people open this system, for example https://street.example, several separated by semicolons, not \"{url}\".");

    private static string PushHost(string text) =>
        Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns ? text.ToLowerInvariant()
        : throw new SettingsException(
            $"Dispatch:PushHosts 须为推送服务的主机名，例如 fcm.googleapis.com;*.notify.windows.com，现在有“{text}”。",
            $"Dispatch:PushHosts must be host names of push services, for example fcm.googleapis.com;*.notify.windows.com, not \"{text}\".");

    private static IPNetwork Proxy(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
        : throw new SettingsException(
            $"Dispatch:Proxies 须为代理服务器的地址或网段，例如 10.0.0.2;10.1.0.0/16，现在有“{text}”。",
            $"Dispatch:Proxies must be addresses or networks of proxies, for example 10.0.0.2;10.1.0.0/16, not \"{text}\".");

    private static int LinkDays(string? text) => text switch
    {
        null or "" => DispatchOptions.UsualHouseholdLinkDays,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= DispatchOptions.MostHouseholdLinkDays => days,
        _ => throw new SettingsException(
            $"Dispatch:HouseholdLinkDays 须为天数，1 到 {DispatchOptions.MostHouseholdLinkDays}，现在是“{text}”。",
            $"Dispatch:HouseholdLinkDays must be a number of days from 1 to {DispatchOptions.MostHouseholdLinkDays}, not \"{text}\"."),
    };

    private static KeepFor Keep(IConfigurationSection section)
    {
        string[] known = ["Persons", "Words", "Photos", "Looks"];
        if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } odd)
            throw new SettingsException(
                $"不认识的设置 Dispatch:Keep:{odd.Key}。可用的有：{string.Join("、", known)}。",
                $"Dispatch:Keep:{odd.Key} is not a setting. Valid settings: {string.Join(", ", known)}.");
        return new KeepFor(Days("Persons", KeepFor.Least), Days("Words", KeepFor.Least), Days("Photos", KeepFor.Least), Days("Looks", KeepFor.LeastLooks));

        int? Days(string key, int least) => section[key] switch
        {
            null or "" => null,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= least && days <= KeepFor.Most => days,
            var text => throw new SettingsException(
                $"Dispatch:Keep:{key} 须为天数，{least} 到 {KeepFor.Most}，不写表示一直保留，现在是“{text}”。",
                $"Dispatch:Keep:{key} must be a number of days from {least} to {KeepFor.Most}, or absent to keep it without end, not \"{text}\"."),
        };
    }

    private static SecondFactorPolicy SecondFactor(string? text) => text switch
    {
        null or "" => SecondFactorPolicy.Offered,
        _ when text.All(char.IsAsciiLetter) && Enum.TryParse<SecondFactorPolicy>(text, ignoreCase: true, out var policy) => policy,
        _ => throw new SettingsException($"Dispatch:SecondFactor 须为 off、offered 或 required，现在是“{text}”。", $"Dispatch:SecondFactor must be off, offered or required, not \"{text}\"."),
    };

    private static string? Management(IConfigurationSection section)
    {
        if (section["ManagementUrl"] is not { Length: > 0 } url) return null;
        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/") return url;
        throw new SettingsException(
            $"Dispatch:ManagementUrl 须为 http://地址:端口，例如 http://127.0.0.1:9464，现在是“{url}”。",
            $"Dispatch:ManagementUrl must be http://address:port, for example http://127.0.0.1:9464, not \"{url}\".");
    }

    /// <summary>A connection string has named settings; a file whose relative path contains "=" needs its full path.</summary>
    private static bool IsPostgreSql(string database) =>
        database.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) || (database.Contains('=', StringComparison.Ordinal) && !Path.IsPathRooted(database));

    private static bool? Flag(IConfigurationSection section, string key) => section[key] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new SettingsException($"Dispatch:{key} 须为 true 或 false，现在是“{text}”。", $"Dispatch:{key} must be true or false, not \"{text}\"."),
    };

    private static X509Certificate2? Certificate(IConfigurationSection section, string key, IHostEnvironment environment)
    {
        if (section[key] is not { Length: > 0 } path) return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(Path.GetFullPath(path, environment.ContentRootPath), section["KeysCertificatePassword"]);
            using var own = certificate.GetRSAPrivateKey();
            if (own is not null) return certificate;
            throw new SettingsException(
                $"Dispatch:{key} 的证书“{path}”没有 RSA 私钥，请用带私钥的 PFX 文件。",
                $"Dispatch:{key}: the certificate \"{path}\" has no RSA private key. Use a PFX file that contains one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException(
                $"Dispatch:{key} 的证书“{path}”不能读取，请检查路径、权限与 Dispatch:KeysCertificatePassword。",
                $"Dispatch:{key}: the certificate \"{path}\" cannot be read ({e.Message}). Check path, permissions and Dispatch:KeysCertificatePassword.");
        }
    }

    /// <summary>Relative to the content root; created if missing, and for the service's account alone.</summary>
    private static string Folder(string path, string key, IHostEnvironment environment)
    {
        try
        {
            return PrivateFiles.Folder(Path.GetFullPath(path, environment.ContentRootPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingsException($"Dispatch:{key} 指定的文件夹“{path}”不能使用，请检查路径与权限。", $"Dispatch:{key}: the folder \"{path}\" cannot be used: {e.Message}");
        }
    }
}
