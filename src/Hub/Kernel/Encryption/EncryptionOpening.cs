using System.Security.Cryptography;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>
/// Opens the data keys and the audit chain at start, while no other node starts; the first time makes them and encrypts what is there. The keys come first: a database
/// of another street's keys gets no link.
/// </summary>
public static class EncryptionOpening
{
    /// <exception cref="SettingsException">The data was encrypted under other data-protection keys, or the key of the chain cannot be used.</exception>
    public static async Task RunAsync(Database database, DispatchOptions options, IDataProtectionProvider protection, TimeProvider time, ILogger log, CancellationToken ct)
    {
        if (database.IsEncrypted) return;
        var keys = new DataKeys(database, protection);
        var areMade = await LoadAsync(keys, options, database.Name, ct);
        await ChainOpening.RunAsync(database, options.ChainKeyPath, time, log, ct);
        if (!areMade) await keys.RotateAsync(time.GetUtcNow(), ct);
        database.DataKeys = keys;
        var reencryption = new Reencryption(database);
        var rows = await reencryption.EncryptClearAsync(ct);
        await reencryption.RebuildAsync(ct);
        if (rows > 0) HubLog.Encrypted(log, rows);
    }

    /// <summary>False if there are none yet.</summary>
    private static async Task<bool> LoadAsync(DataKeys keys, DispatchOptions options, string name, CancellationToken ct)
    {
        try
        {
            return await keys.LoadAsync(ct);
        }
        catch (InvalidOperationException e) when (e.InnerException is CryptographicException or FormatException)
        {
            throw KeyFolder.NotOfTheData(options, name);
        }
    }
}
