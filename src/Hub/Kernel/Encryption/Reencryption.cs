using System.Globalization;
using System.Reflection;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>
/// Brings every encrypted column to the newest key, in transactions of a bounded number of rows, each a link of the audit chain: once what versions before
/// encryption left in clear, and whatever an older key has encrypted.
/// </summary>
internal sealed class Reencryption(Database database)
{
    /// <summary>Rows per transaction.</summary>
    public const int RowsAtOnce = 200;

    /// <summary>The same for rows with files, which are up to 10 MB each.</summary>
    public const int FilesAtOnce = 4;

    /// <summary>A row beside those of the columns, while nothing has to be rebuilt.</summary>
    public const string Rebuilt = "rebuilt";

    private DataKeys Keys => database.DataKeys;

    /// <summary>At start, before anything is read: encrypts what is in clear. Begins again where it was interrupted.</summary>
    /// <returns>The number of rows that were in clear.</returns>
    public async Task<int> EncryptClearAsync(CancellationToken ct)
    {
        var (known, changed) = (await KnownAsync(ct), 0);
        var isFirst = known.Count == 0;
        foreach (var table in Tables())
        {
            var key = Keys.Newest;
            var fresh = table.Columns.Where(c => !known.ContainsKey(c.FullName())).ToList();
            if (fresh.Count == 0) continue;
            if (known.Remove(Rebuilt)) await ForgetAsync(Rebuilt, ct); // before the first row
            changed += await PassAsync(table.Entity, fresh, isClear: true, ct);
            await NoteAsync([.. fresh.Select(c => c.FullName())], key, ct);
        }

        if (isFirst && changed == 0) await NoteAsync([Rebuilt], Keys.Newest, ct); // a new street
        return changed;
    }

    /// <summary>One pass over what an older key has encrypted. A pass that finds nothing ends it: until then another node may still have used the older key.</summary>
    /// <returns>The number of rows that were changed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var (known, changed) = (await KnownAsync(ct), 0);
        foreach (var table in Tables())
        {
            var key = Keys.Newest;
            var old = table.Columns.Where(c => known.GetValueOrDefault(c.FullName()) < key).ToList();
            if (old.Count == 0) continue;
            var some = await PassAsync(table.Entity, old, isClear: false, ct);
            if (some == 0) await NoteAsync([.. old.Select(c => c.FullName())], key, ct);
            changed += some;
        }

        return changed;
    }

    /// <summary>After <see cref="EncryptClearAsync"/>: rebuilds the database's file if its free pages may still hold what was in clear. One that fails, as on a full disk, is done by the next start.</summary>
    public async Task RebuildAsync(CancellationToken ct)
    {
        if ((await KnownAsync(ct)).ContainsKey(Rebuilt)) return;
        await database.RebuildAsync(ct);
        await NoteAsync([Rebuilt], Keys.Newest, ct);
    }

    private List<(IEntityType Entity, List<IProperty> Columns)> Tables()
    {
        using var db = database.Context();
        return [.. db.Model.GetEntityTypes().Select(e => (e, e.GetProperties().Where(p => p.IsEncrypted()).ToList())).Where(t => t.Item2.Count > 0)];
    }

    private async Task<int> PassAsync(IEntityType entity, List<IProperty> columns, bool isClear, CancellationToken ct)
    {
        var step = typeof(Reencryption).GetMethod(nameof(StepAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(entity.ClrType).CreateDelegate<Func<object[]?, List<IProperty>, bool, CancellationToken, Task<Step>>>(this);
        var (after, changed) = ((object[]?)null, 0);
        do
        {
            var done = await step(after, columns, isClear, ct);
            changed += done.Changed;
            after = done.Last;
        }
        while (after is not null);
        return changed;
    }

    /// <param name="Last">The key of the last row; null at the end of the table.</param>
    private sealed record Step(object[]? Last, int Changed);

    private Task<Step> StepAsync<T>(object[]? after, List<IProperty> columns, bool isClear, CancellationToken ct) where T : class => database.WriteAsync(async db =>
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var key = entity.FindPrimaryKey()!.Properties;
        var most = columns.Exists(c => c.IsFile()) ? FilesAtOnce : RowsAtOnce;
        var names = string.Join(", ", key.Select(p => p.GetColumnName()));
        var from = after is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" WHERE ({names}) > ({string.Join(", ", after.Select((_, i) => $"{{{i}}}"))})");
#pragma warning disable EF1002 // names of our own model
        var rows = await db.Set<T>().FromSqlRaw($"SELECT * FROM {entity.GetTableName()}{from} ORDER BY {names} LIMIT {most}", after ?? []).ToListAsync(ct);
#pragma warning restore EF1002
        var changed = 0;
        foreach (var row in rows)
        {
            if (isClear && row is IWasInClear clear) clear.Encrypt(Keys);
            var entry = db.Entry(row);
            foreach (var column in columns) Renew(entry.Property(column), column, isClear);
            entry.DetectChanges();
            if (entry.State == EntityState.Modified) changed++;
        }

        await db.SaveChangesAsync(ct);
        return new Step(rows.Count < most ? null : [.. key.Select(p => db.Entry(rows[^1]).Property(p).CurrentValue!)], changed);
    }, ct);

    /// <summary>What cannot be decrypted is in clear, if anything may be: nobody makes up what a key has authenticated. Otherwise it was changed past us and stays for whoever examines it.</summary>
    private void Renew(PropertyEntry value, IProperty column, bool isClear)
    {
        switch (value.CurrentValue)
        {
            case Encrypted text when !(Keys.IsCurrent(text) && Keys.TryDecrypt(text) is not null) && (Keys.TryDecrypt(text) ?? (isClear ? text.Stored : null)) is { } plain:
                value.CurrentValue = column.IsCode() ? Keys.EncryptCode(text.Column, plain) : Keys.Encrypt(text.Column, plain);
                break;
            case EncryptedBytes file when !(Keys.IsCurrent(file) && Keys.TryDecrypt(file) is not null) && (Keys.TryDecrypt(file) ?? (isClear ? file.Stored : null)) is { } plain:
                value.CurrentValue = Keys.Encrypt(file.Column, plain.AsSpan());
                break;
        }
    }

    private async Task<Dictionary<string, long>> KnownAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        return await db.Set<EncryptedColumnRow>().AsNoTracking().ToDictionaryAsync(c => c.Name, c => c.KeyId, ct);
    }

    private Task<int> NoteAsync(IReadOnlyList<string> names, long key, CancellationToken ct) => database.WriteAsync(async db =>
    {
        foreach (var name in names)
        {
            if (await db.Set<EncryptedColumnRow>().FindAsync([name], ct) is { } row) row.KeyId = key;
            else db.Add(new EncryptedColumnRow { Name = name, KeyId = key });
        }

        return await db.SaveChangesAsync(ct);
    }, ct);

    private Task<int> ForgetAsync(string name, CancellationToken ct) => database.WriteAsync(db => db.DeleteAsync(db.Set<EncryptedColumnRow>().Where(c => c.Name == name), ct), ct);
}
