using System.Globalization;
using System.Net;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Npgsql;
using StackExchange.Redis;

namespace DispatchCenter.Web.Kernel;

/// <summary>Something about a configuration, with its mend.</summary>
/// <param name="IsUnsafe">False for a note: safe, and worth a decision.</param>
internal sealed record Finding(bool IsUnsafe, string Chinese, string English)
{
    public override string ToString() => $"{(IsUnsafe ? "!" : "-")} {Chinese} {English}";
}

/// <summary>How the server would be started.</summary>
/// <param name="Addresses">Where it would listen, separated by semicolons.</param>
/// <param name="BelievesHeaders">Whether forwarded headers are read at all.</param>
internal sealed record Setup(DispatchOptions Options, string Addresses, bool BelievesHeaders, bool IsDevelopment, bool IsInContainer, string? Collector);

/// <summary>Looks for what is unsafe in the settings and around the files. What it does not look at it does not call safe.</summary>
internal static class Doctor
{
    private const long LeastRoom = 1L << 30;

    /// <summary>A network of proxies is a rack or a subnet; more names half the internet.</summary>
    private const int WidestProxies4 = 8, WidestProxies6 = 32;

    private static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(30);

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<Finding> OfSettings(Setup setup, DateTimeOffset now) => [.. OfPeople(setup), .. OfAddresses(setup), .. OfServers(setup), .. OfKeys(setup, now)];

    /// <summary>What others of this machine can read, and whether the disk has room.</summary>
    public static IEnumerable<Finding> OfFiles(DispatchOptions options)
    {
        var notes = options.PostgreSql is null ? options.DatabasePath : Path.Combine(options.DataPath, "postgresql");
        var files = new[] { (Path.GetDirectoryName(notes)!, Path.GetFileName(notes) + "*"), (options.KeysPath, "*") }
            .Where(where => Directory.Exists(where.Item1)).SelectMany(where => Directory.GetFiles(where.Item1, where.Item2)).Append(options.ChainKeyPath).Distinct();
        foreach (var file in files.Where(f => File.Exists(f) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(f) & Others) != 0))
            yield return Unsafe($"{file} 对本机其他账号开放：执行 chmod 600。", $"{file} is open to other accounts of this machine: chmod 600.");
        if (Directory.Exists(options.DataPath) && new DriveInfo(Path.GetFullPath(options.DataPath)).AvailableFreeSpace is < LeastRoom and var left)
            yield return Unsafe(
                string.Create(CultureInfo.InvariantCulture, $"{options.DataPath} 所在的磁盘只剩 {left >> 20} MB：腾出空间，至少 1 GB。"),
                string.Create(CultureInfo.InvariantCulture, $"The disk of {options.DataPath} has {left >> 20} MB left: make room, at least 1 GB."));
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            yield return Note("现在是 root：服务请用自己的账号运行，并用那个账号执行 doctor。", "This account is root: run the service under an account of its own, and doctor as that one.");
    }

    private static IEnumerable<Finding> OfPeople(Setup setup)
    {
        var options = setup.Options;
        if (setup.IsDevelopment)
            yield return Unsafe("环境是 Development：任何主机名都接受，指标公开。去掉 ASPNETCORE_ENVIRONMENT。", "The environment is Development, where any host name is accepted and metrics are public: unset ASPNETCORE_ENVIRONMENT.");
        if (options.Demo)
            yield return Unsafe("演示账号的口令是公开的：设 Dispatch:Demo=false，并用一个新的数据库。", "The demo accounts' password is public: set Dispatch:Demo=false, and use a new database.");
        if (!options.RateLimits && !options.Demo)
            yield return Unsafe("没有限流，口令可以不停地猜：去掉 Dispatch:RateLimits:Enabled=false。", "Nothing limits callers or guesses at passwords: remove Dispatch:RateLimits:Enabled=false.");
        if (options.LoopbackChannels)
            yield return Unsafe("通知可以发往本机、且不加密：去掉 Dispatch:LoopbackChannels。", "Messages may go to this machine, in clear: remove Dispatch:LoopbackChannels.");
        if (options.SecondFactor != SecondFactorPolicy.Required && !setup.IsDevelopment)
            yield return Note("管理员、审计员、带班领导只凭密码登录：设 Dispatch:SecondFactor=required。", "Administrators, auditors and leaders may sign in with a password alone: set Dispatch:SecondFactor=required.");
        if (options.Keep is { Persons: null } or { Words: null } or { Photos: null } or { Looks: null })
            yield return Note("个人信息没有保存期限：定下 Dispatch:Keep:Persons、Words、Photos、Looks 的天数。", "Personal data are kept without end: decide on days for Dispatch:Keep:Persons, Words, Photos and Looks.");
    }

    private static IEnumerable<Finding> OfAddresses(Setup setup)
    {
        var options = setup.Options;
        if (options.PublicUrls.Count == 0)
            yield return Unsafe("没有公开网址，别的机器打不开本系统：设 Dispatch:PublicUrl=https://…。", "No public address, so no other machine is answered: set Dispatch:PublicUrl=https://…");
        foreach (var url in options.PublicUrls.Where(u => u.Scheme != Uri.UriSchemeHttps && !IsThisMachine(u.Host)))
            yield return Unsafe($"{url} 没有 TLS，口令明文传送：在代理上配证书，改成 https://。", $"{url} has no TLS, so passwords travel in clear: give the proxy a certificate and write https://.");
        if (!setup.BelievesHeaders && options.PublicUrls.Any(u => u.Scheme == Uri.UriSchemeHttps))
            yield return Unsafe(
                "不采信代理的头部，全街道共用一个限额、cookie 没有 Secure：设 ASPNETCORE_FORWARDEDHEADERS_ENABLED=true。",
                "The proxy's headers are not read, so the whole street shares one limit and cookies lack Secure: set ASPNETCORE_FORWARDEDHEADERS_ENABLED=true.");
        foreach (var network in options.Proxies.Where(p => p.PrefixLength < (p.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? WidestProxies4 : WidestProxies6)))
            yield return Unsafe($"Dispatch:Proxies 的 {network} 太宽，谁都能冒充任何地址：写出代理自己的地址。", $"{network} in Dispatch:Proxies is so wide that anybody may claim any address: name the proxies' own addresses.");
        foreach (var address in setup.Addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(a => a.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
            if (!IsOnlyForTheProxy(setup, HostOf(address)))
                yield return Unsafe($"{address} 不经代理也能访问，没有 TLS：改听 127.0.0.1；代理在另一台机器上时只听内网地址，并设 Dispatch:Proxies。", $"{address} is reached past the proxy, without TLS: listen at 127.0.0.1, or for a proxy on another machine at a private address, with Dispatch:Proxies.");
        if (options.ManagementUrl is { } management && !IsPrivate(HostOf(management)))
            yield return Unsafe($"Dispatch:ManagementUrl 的 {management} 对外公开：改听 127.0.0.1 或内网地址。", $"Dispatch:ManagementUrl {management} is public: listen at 127.0.0.1 or a private address.");
        if (setup.Collector is { } collector && Uri.TryCreate(collector, UriKind.Absolute, out var to) && to.Scheme == Uri.UriSchemeHttp && !IsThisMachine(to.Host))
            yield return Unsafe($"遥测明文发往 {to.Authority}：把 OTEL_EXPORTER_OTLP_ENDPOINT 改成 https://。", $"Telemetry goes to {to.Authority} in clear: write https:// in OTEL_EXPORTER_OTLP_ENDPOINT.");
    }

    private static IEnumerable<Finding> OfServers(Setup setup)
    {
        if (setup.Options.PostgreSql is { } connection)
        {
            var server = new NpgsqlConnectionStringBuilder(connection);
            if (server.Host!.Split(',').Any(host => !host.StartsWith('/') && !IsThisMachine(host.Split(':')[0])))
            {
                if (server.SslMode is SslMode.Disable or SslMode.Allow or SslMode.Prefer)
                    yield return Unsafe("到数据库服务器的连接可能不加密：在连接串里加 SSL Mode=VerifyFull。", "The connection to the database server may be in clear: add SSL Mode=VerifyFull to the connection string.");
                else if (server.SslMode is SslMode.Require)
                    yield return Note("数据库服务器的证书没有核对：SSL Mode=VerifyFull 更稳妥。", "The database server's certificate is not verified: SSL Mode=VerifyFull does.");
            }
        }

        if (setup.Options.Redis is not { } redis) yield break;
        var settings = ConfigurationOptions.Parse(redis);
        if (settings.EndPoints.All(e => IsThisMachine(e switch { DnsEndPoint name => name.Host, IPEndPoint ip => ip.Address.ToString(), _ => string.Empty }))) yield break;
        if (!settings.Ssl) yield return Unsafe("到 Redis 的连接不加密：在 Dispatch:Redis 里加 ssl=true。", "The connection to Redis is in clear: add ssl=true to Dispatch:Redis.");
        if (string.IsNullOrEmpty(settings.Password)) yield return Unsafe("Redis 没有口令：设一个，并在 Dispatch:Redis 里加 password=…。", "Redis has no password: set one, and add password=… to Dispatch:Redis.");
    }

    private static IEnumerable<Finding> OfKeys(Setup setup, DateTimeOffset now)
    {
        var options = setup.Options;
        if (options.KeysCertificate is { } certificate)
        {
            if (certificate.NotAfter.ToUniversalTime() - now.UtcDateTime < CertificateNotice)
                yield return Unsafe($"密钥证书 {certificate.NotAfter:yyyy-MM-dd} 到期：换一张，旧的写作 Dispatch:KeysCertificateBefore。", $"The keys' certificate ends on {certificate.NotAfter:yyyy-MM-dd}: set another, and this one as Dispatch:KeysCertificateBefore.");
        }
        else if (KeyFolder.IsWithin(options.KeysPath, options.DataPath))
        {
            yield return Unsafe("密钥与数据放在一起，拿到一份数据就能登录：把 Dispatch:Keys 设到数据文件夹之外，或设 Dispatch:KeysCertificate。", "The keys lie with the data, so a copy of it signs anybody in: set Dispatch:Keys to a folder outside, or set Dispatch:KeysCertificate.");
        }
    }

    /// <summary>This machine alone; a private address if the proxies on other machines are named; in a container, whatever is published is decided outside.</summary>
    private static bool IsOnlyForTheProxy(Setup setup, string host) =>
        IsThisMachine(host) || (setup.Options.Proxies.Count > 0 && (IsPrivate(host) || setup.IsInContainer));

    private static string HostOf(string address) => address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0] is var authority && authority.StartsWith('[')
        ? authority[1..authority.IndexOf(']', StringComparison.Ordinal)] : authority.Split(':')[0];

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsPrivate(string host) => IsThisMachine(host) || (IPAddress.TryParse(host, out var address) && (address.IsIPv6UniqueLocal || address.GetAddressBytes() is [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, _, _]));

    private static Finding Unsafe(string zh, string en) => new(true, zh, en);

    private static Finding Note(string zh, string en) => new(false, zh, en);
}
