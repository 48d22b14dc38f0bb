using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using System.Xml.Linq;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// The folder of keys: the data-protection keys, which sign sessions, and the <see cref="Secrets"/>. It lies outside the data folder, so
/// that a copy of the data holds no key. ASP.NET Core makes a new key every 90 days and keeps the old ones, which go on decrypting.
/// </summary>
public static class KeyFolder
{
    /// <summary>The folder in the data folder where earlier versions kept their keys.</summary>
    public const string InData = "keys";

    private const string Sample = "start";

    private static readonly XNamespace Protection = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>The folder if none is named: one for all streets of the account that runs the service.</summary>
    /// <param name="dataHome">XDG_DATA_HOME; by default ~/.local/share, on Windows the local application data.</param>
    /// <exception cref="SettingsException">The account has no home.</exception>
    public static string OfTheAccount(string? dataHome)
    {
        if (string.IsNullOrEmpty(dataHome)) dataHome = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (Path.IsPathRooted(dataHome)) return Path.Combine(dataHome, "dispatch-center", "keys");
        throw new SettingsException(
            "运行服务的账号没有主目录，放不了密钥。请用 Dispatch:Keys 指定一个数据文件夹之外的文件夹。",
            "The account that runs the service has no home to keep its keys in. Set Dispatch:Keys to a folder outside the data folder.");
    }

    public static void AddKeys(this IServiceCollection services, DispatchOptions options)
    {
        var protection = services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(options.KeysPath)).SetApplicationName("DispatchCenter");
        if (options.KeysCertificate is { } certificate) protection.ProtectKeysWithCertificate(certificate);
        X509Certificate2[] known = [.. new[] { options.KeysCertificate, options.KeysCertificateBefore }.OfType<X509Certificate2>()];
        if (known.Length > 0) protection.UnprotectKeysWithAnyCertificate(known);
    }

    /// <summary>The keys for a command of the program, which assembles no engine.</summary>
    /// <exception cref="SettingsException">The folder or a key cannot be used.</exception>
    public static IServiceProvider Alone(DispatchOptions options)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddKeys(options);
        var keys = services.BuildServiceProvider();
        Open(options, keys);
        return keys;
    }

    /// <summary>
    /// Makes the folder ready before anything is protected: brings in the keys that earlier versions kept in the data folder, encrypts those that are
    /// in clear if there is a certificate, creates the first one, and reads them all.
    /// </summary>
    /// <exception cref="SettingsException">The folder or a key cannot be used.</exception>
    public static void Open(DispatchOptions options, IServiceProvider services)
    {
        var log = services.GetRequiredService<ILogger<Database>>();
        try
        {
            PrivateFiles.Folder(options.KeysPath);
            if (options.KeysAreTheAccounts) BringIn(Path.Combine(options.DataPath, InData), options.KeysPath, log);
            if (options.KeysCertificate is { } certificate) Encrypt(options.KeysPath, certificate);
            ReadAll(options, services.GetRequiredService<IKeyManager>());
            services.GetRequiredService<IDataProtectionProvider>().CreateProtector(Sample).Protect(Sample);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or XmlException or InvalidOperationException)
        {
            throw Unusable(options, options.KeysPath, e);
        }

        if (options.KeysCertificate is null && IsWithin(options.KeysPath, options.DataPath)) HubLog.KeysInData(log, options.KeysPath);
    }

    internal static SettingsException Unusable(DispatchOptions options, string what, Exception e) => new(
        $"密钥“{what}”不能使用，请检查 Dispatch:Keys（现为 {options.KeysPath}）、权限与 Dispatch:KeysCertificate。",
        $"The keys in \"{what}\" cannot be used: {e.GetBaseException().Message.TrimEnd('.')}. Check Dispatch:Keys (now {options.KeysPath}), its permissions and Dispatch:KeysCertificate.");

    internal static SettingsException NotOfTheData(DispatchOptions options, string database) => new(
        $"数据库 {database} 里的个人信息是用另一套密钥加密的，现在的密钥打不开。请把与这份数据配套的密钥文件夹放回，或检查 Dispatch:Keys（现为 {options.KeysPath}）与 Dispatch:KeysCertificate。",
        $"The personal data in the database {database} was encrypted under other keys, which this program does not have. Put back the keys' folder that belongs to this data, or check Dispatch:Keys (now {options.KeysPath}) and Dispatch:KeysCertificate.");

    /// <param name="counts">How long a node that was killed counts as running.</param>
    internal static SettingsException NotShared(string node, TimeSpan counts) => new(
        $"这个数据库上正在运行的节点 {node} 用的是另一套密钥。请让所有节点的 Dispatch:Keys 指向同一个文件夹；若要换成新密钥，请先停下所有节点（意外中断的节点 {counts.TotalSeconds:0} 秒后不再计入）。",
        $"Node {node}, which runs on this database, has other keys. Let Dispatch:Keys of all nodes name one shared folder; to replace the keys, stop all nodes first (one that was killed counts for {counts.TotalSeconds:0} s).");

    private static void BringIn(string old, string folder, ILogger log)
    {
        if (!Directory.Exists(old) || Directory.GetFiles(old) is not { Length: > 0 } keys) return;
        foreach (var key in keys)
            if (Path.Combine(folder, Path.GetFileName(key)) is var place && !File.Exists(place)) File.Move(key, place);
        if (!Directory.EnumerateFileSystemEntries(old).Any()) Directory.Delete(old);
        HubLog.KeysMoved(log, old, folder);
    }

    /// <summary>
    /// Keys made before there was a certificate lie in clear, and ASP.NET Core leaves them so. Written as it writes encrypted ones:
    /// learn.microsoft.com/aspnet/core/security/data-protection/implementation/key-storage-format.
    /// </summary>
    private static void Encrypt(string folder, X509Certificate2 certificate)
    {
        foreach (var file in Directory.GetFiles(folder, "key-*.xml"))
        {
            var key = XElement.Load(file);
            var clear = key.Descendants().Where(e => (bool?)e.Attribute(Protection + "requiresEncryption") is true).ToList();
            if (clear.Count == 0) continue;
            var encryptor = new CertificateXmlEncryptor(certificate, NullLoggerFactory.Instance);
            foreach (var element in clear)
            {
                var hidden = encryptor.Encrypt(new XElement(element));
                element.ReplaceWith(new XElement(Protection + "encryptedSecret", new XAttribute("decryptorType", hidden.DecryptorType.AssemblyQualifiedName!), hidden.EncryptedElement));
            }

            PrivateFiles.Replace(file, System.Text.Encoding.UTF8.GetBytes(key.ToString()));
        }
    }

    /// <summary>A key that cannot be read would silently be replaced by a new one, and nothing that the old one protects could be read any more.</summary>
    private static void ReadAll(DispatchOptions options, IKeyManager keys)
    {
        foreach (var key in keys.GetAllKeys().Where(k => !k.IsRevoked))
        {
            try
            {
                key.CreateEncryptor();
            }
            catch (Exception e)
            {
                throw Unusable(options, Path.Combine(options.KeysPath, $"key-{key.KeyId:D}.xml"), e);
            }
        }
    }

    /// <summary>Whether a copy of the data folder takes the keys along.</summary>
    public static bool IsWithin(string folder, string data) => Path.GetRelativePath(data, folder) is var way && way != ".." && !way.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(way);
}
