using System.Data.Common;
using System.Globalization;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>How far a backup goes.</summary>
/// <param name="Seq">The last change in the journal.</param>
/// <param name="End">The end of the audit chain, as <c>N:HASH</c>.</param>
public sealed record BackupHead(long Seq, string End)
{
    internal static async Task<BackupHead> ReadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct)
    {
        await using var ask = connection.CreateCommand();
        ask.Transaction = transaction;
        ask.CommandText = "SELECT seq, link, link_hash FROM head";
        await using var reader = await ask.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) throw new InvalidDataException("The database has no head row.");
        return new BackupHead(reader.GetInt64(0), string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(1)}:{reader.GetString(2)}"));
    }
}
