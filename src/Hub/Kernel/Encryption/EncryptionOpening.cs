using System.Security.Cryptography;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>Opens the data keys at start, while no other node starts; the first time makes them and encrypts what is there.</summary>
public static class EncryptionOpening
{
    /// <exception cref="SettingsException">The data was encrypted under other data-protection keys.</exception>
    public static async Task RunAsync(Database database, DispatchOptions options, IDataProtectionProvider protection, TimeProvider time, ILogger log, CancellationToken ct)
    {
        if (database.IsEncrypted) return;
        var keys = new DataKeys(database, protection);
        try
        {
            if (!await keys.LoadAsync(ct)) await keys.RotateAsync(time.GetUtcNow(), ct);
        }
        catch (InvalidOperationException e) when (e.InnerException is CryptographicException or FormatException)
        {
            throw KeyFolder.NotOfTheData(options, database.Name);
        }

        database.DataKeys = keys;
        if (await new Reencryption(database).EncryptClearAsync(ct) is > 0 and var rows)
        {
            await database.WipeAsync(ct);
            HubLog.Encrypted(log, rows);
        }
    }
}
