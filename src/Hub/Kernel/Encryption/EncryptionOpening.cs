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
        catch (InvalidOperationException e) when (e.InnerException is not null)
        {
            throw new SettingsException(
                $"数据库 {database.Name} 里的个人信息是用另一套密钥加密的，现在的密钥打不开。请把与这份数据配套的密钥文件夹放回，或检查 Dispatch:Keys（现为 {options.KeysPath}）与 Dispatch:KeysCertificate。",
                $"The personal data in the database {database.Name} was encrypted under other keys, which this program does not have. Put back the keys' folder that belongs to this data, or check Dispatch:Keys (now {options.KeysPath}) and Dispatch:KeysCertificate.");
        }

        database.DataKeys = keys;
        if (await new Reencryption(database).EncryptClearAsync(ct) is > 0 and var rows)
        {
            await database.WipeAsync(ct);
            HubLog.Encrypted(log, rows);
        }
    }
}
