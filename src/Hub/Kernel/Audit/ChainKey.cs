using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// The key that signs the chain: ECDSA over P-256 (FIPS 186-5), in a file outside the database that only its owner may read. The public key lies
/// beside it.
/// </summary>
public sealed class ChainKey : IDisposable
{
    public const int SignatureBytes = 64;

    private readonly ECDsa _key;
    private readonly Lock _signing = new();

    private ChainKey(ECDsa key)
    {
        _key = key;
        PublicPem = key.ExportSubjectPublicKeyInfoPem();
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>The public key as PEM.</summary>
    public string PublicPem { get; }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo, DER) in hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>Where the public key of a key file lies.</summary>
    public static string PublicPath(string path) => Path.ChangeExtension(path, ".pub.pem");

    /// <summary>Reads the key, and makes one if there is no file.</summary>
    /// <exception cref="SettingsException">The file cannot be read or written, or holds no such key.</exception>
    public static ChainKey Open(string path)
    {
        try
        {
            if (!File.Exists(path)) Make(path);
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize != 256) throw new CryptographicException("It is not a key on P-256.");
            var made = new ChainKey(key);
            if (!File.Exists(PublicPath(path))) PrivateFiles.TryAdd(PublicPath(path), Encoding.ASCII.GetBytes(made.PublicPem + "\n"));
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingsException(
                $"审计链的签名密钥 {path} 不能读写，或者不是 P-256 密钥。请检查 Dispatch:ChainKey 与文件权限。",
                $"The key {path} that signs the audit chain cannot be used: {e.Message} Check Dispatch:ChainKey and the file's permissions.");
        }
    }

    /// <summary>Signs a hash of 32 bytes: r and s, 32 bytes each.</summary>
    public byte[] Sign(ReadOnlySpan<byte> hash)
    {
        lock (_signing) return _key.SignHash(hash.ToArray());
    }

    public void Dispose() => _key.Dispose();

    private static void Make(string path)
    {
        PrivateFiles.Folder(Path.GetDirectoryName(path)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFiles.TryAdd(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n")); // or another node was first
    }
}
