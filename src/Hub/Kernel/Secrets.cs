using System.Security.Cryptography;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// Secrets of the street that are neither in its database nor in Redis: 256 random bits each, in a file of the keys' folder, so that nodes which share
/// the folder share them. A file is made when its secret is first needed, and protected by the data-protection keys, so that a certificate covers it.
/// </summary>
public sealed class Secrets(DispatchOptions options, IDataProtectionProvider? protection = null)
{
    /// <summary>The length of a secret.</summary>
    public const int Bytes = 32;

    /// <exception cref="SettingsException">Its file cannot be read or written.</exception>
    public byte[] Of(string name)
    {
        var file = Path.Combine(options.KeysPath, name + ".secret");
        var protector = (protection ?? throw new InvalidOperationException("This host keeps no secrets.")).CreateProtector("DispatchCenter.Secrets", name);
        try
        {
            if (!File.Exists(file)) PrivateFiles.TryAdd(file, protector.Protect(RandomNumberGenerator.GetBytes(Bytes))); // or another process was first
            return protector.Unprotect(File.ReadAllBytes(file)) is { Length: Bytes } secret ? secret : throw new CryptographicException("Its length is wrong.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw KeyFolder.Unusable(options, file, e);
        }
    }
}
