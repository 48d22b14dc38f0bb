using System.Data.Common;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Integration.Encryption;

/// <summary>Turns a database back into what a version before encryption and the chain would have left.</summary>
internal static class InClear
{
    /// <param name="withKeys">Keeps the keys, which that version would not have had.</param>
    public static async Task MakeAsync(Database database, bool withKeys = false)
    {
        await using var db = database.Context();
        await using var connection = await database.OpenAsync(CancellationToken.None);
        foreach (var call in await db.Callers.AsNoTracking().ToListAsync())
            if (database.DataKeys.Decrypt(call.Place)?.Split(' ') is [var lat, var lon, var datum])
                await RunAsync(connection, $"UPDATE callers SET lat = {lat}, lon = {lon}, datum = '{datum}' WHERE call_no = @no", ("@no", call.CallNo));
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetProperties().Any(p => p.IsEncrypted())))
        {
            var key = entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName()).ToList();
            foreach (var column in entity.GetProperties().Where(p => p.IsEncrypted()))
            {
                var (name, changes) = (column.GetColumnName(), new List<(string, object)[]>());
                await using (var command = connection.CreateCommand())
                {
                    command.CommandText = $"SELECT {name}, {string.Join(", ", key)} FROM {entity.GetTableName()} WHERE {name} IS NOT NULL";
                    await using var reader = await command.ExecuteReaderAsync();
                    while (await reader.ReadAsync())
                        changes.Add([("@value", reader.GetValue(0) is byte[] bytes ? database.DataKeys.Decrypt(new EncryptedBytes(column.FullName(), bytes)) : database.DataKeys.Decrypt(new Encrypted(column.FullName(), reader.GetString(0)))), .. key.Select((k, i) => ("@" + k, reader.GetValue(i + 1)))]);
                }

                foreach (var change in changes) await RunAsync(connection, $"UPDATE {entity.GetTableName()} SET {name} = @value WHERE {string.Join(" AND ", key.Select(k => $"{k} = @{k}"))}", change);
            }
        }

        foreach (var statement in (string[])["UPDATE callers SET place = NULL, phone_hash = NULL", withKeys ? "DELETE FROM encrypted_columns" : "DELETE FROM data_keys", "DELETE FROM encrypted_columns", "DELETE FROM chain", "DELETE FROM chain_columns", "DELETE FROM chain_keys", "UPDATE head SET link = 0, link_hash = '', link_at = 0"])
            await RunAsync(connection, statement);
    }

    private static async Task RunAsync(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }
}
