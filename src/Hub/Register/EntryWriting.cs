using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Register;

/// <summary>Writes versions of entries within one transaction.</summary>
/// <param name="asAsked">It is what a household has asked for itself: whoever holds its link goes on living there.</param>
internal sealed class EntryWriting(DispatchDb db, Kinds kinds, string byAccount, DateTimeOffset at, bool asAsked = false)
{
    /// <returns>How many were new or changed, and the codes of those that somebody else has changed meanwhile: they are left as they are.</returns>
    public async Task<(int Changed, IReadOnlyList<string> Overtaken)> PutAsync(IReadOnlyList<EntryChange> changes, CancellationToken ct)
    {
        var codes = changes.Select(c => c.Entry.Code).ToList();
        var rows = await db.Entries.Where(e => e.Latest && codes.Contains(e.Code)).ToDictionaryAsync(e => e.Code, ct);
        var fields = await db.EntryFields.Where(f => codes.Contains(f.Code)).ToDictionaryAsync(f => f.Code, ct);
        List<string> late = [.. changes.Where(c => c.Version != (rows.GetValueOrDefault(c.Entry.Code)?.Version ?? 0)).Select(c => c.Entry.Code)];
        var changed = 0;
        var left = new List<string>();
        foreach (var change in changes.Where(c => !late.Contains(c.Entry.Code)))
        {
            var row = rows.GetValueOrDefault(change.Entry.Code);
            if (Put(change, row, fields.GetValueOrDefault(change.Entry.Code)) is not { } what) continue;
            changed++;
            if (row is not null && IsLeft(RegisterJson.Read(row.Code, row.Kind, row.Place, row.Data), change.Entry, what)) left.Add(row.Code);
        }

        await PersonalLinks.EndAsync(db, left, ct);
        await EndHomesAsync(left, ct);
        return (changed, late);
    }

    /// <summary>
    /// Whether a change may take the entry from whoever holds its links: it no longer counts, had ended before, or other words or a number stand in what is not for everybody. Somebody else may
    /// be meant then, and must not read on with the link of whoever was there before. What is sealed, such as what rescuers must know, names nobody.
    /// </summary>
    private bool IsLeft(Entry before, Entry after, List<string> what) => !before.IsAt(at) || !after.IsAt(at) || (!asAsked && kinds.Find(after.Kind)!.Fields.Any(f =>
        f.Kind is FieldKind.Text or FieldKind.Phone && f.Privacy is not (Privacy.Public or Privacy.Sealed) && what.Contains(EntryRow.Field + f.Key)));

    /// <summary>Ends what a home has agreed to, what it has asked for, and its link.</summary>
    private async Task EndHomesAsync(List<string> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return;
        db.RemoveRange(await db.HouseholdLinks.Where(l => entries.Contains(l.Entry)).ToListAsync(ct));
        foreach (var consent in await db.HouseholdConsents.Where(c => entries.Contains(c.Entry) && c.EndedAt == null).ToListAsync(ct)) (consent.EndedAt, consent.EndedPost) = (at, string.Empty);
        foreach (var request in await db.HouseholdRequests.Where(r => entries.Contains(r.Entry) && r.State == HouseholdRequestRow.Open).ToListAsync(ct)) request.State = HouseholdRequestRow.Unwritable;
    }

    /// <summary>What was changed; null if nothing.</summary>
    private List<string>? Put(EntryChange change, EntryRow? row, EntryFieldsRow? fields)
    {
        var (entry, before) = (change.Entry, row is null ? null : RegisterJson.Read(row.Code, row.Kind, row.Place, row.Data));
        List<string> what = [.. before is null ? ["new"] : Differences(before, entry), .. Fill(change, fields)];
        if (what.Count == 0) return null;
        if (row is not null) row.Latest = false;
        db.Entries.Add(new EntryRow
        {
            Code = entry.Code, Version = (row?.Version ?? 0) + 1, Latest = true, Kind = entry.Kind, Place = entry.Place, Data = RegisterJson.Write(entry), At = at, ByAccount = byAccount, Changed = string.Join(' ', what),
        });
        return what;
    }

    private static IEnumerable<string> Differences(Entry before, Entry after)
    {
        if (before.Name != after.Name || before.NameEn != after.NameEn) yield return EntryColumns.Name;
        if (before.Place != after.Place) yield return EntryColumns.Place;
        if (before.From != after.From) yield return EntryColumns.From;
        if (before.Until != after.Until || before.ExpiresAt != after.ExpiresAt) yield return EntryColumns.Until;
        if (!before.Ties.AsSpan().SequenceEqual(after.Ties.AsSpan())) yield return EntryColumns.Holds;
    }

    /// <summary>The keys of the fields that say something else now. Their values have no history: they can be erased.</summary>
    private List<string> Fill(EntryChange change, EntryFieldsRow? row)
    {
        var kind = kinds.Find(change.Entry.Kind)!;
        var (readable, closed) = (Read(row?.Readable), Read(row?.Closed));
        var what = new List<string>();
        foreach (var field in kind.Fields)
        {
            if (!change.Fields.TryGetValue(field.Key, out var value)) continue;
            var (now, other) = field.Privacy.IsForStaff ? (readable, closed) : (closed, readable);
            other.Remove(field.Key, out var moved); // the field's privacy was another when it was written
            if (now.GetValueOrDefault(field.Key) == value && moved is null) continue;
            if (value is null) now.Remove(field.Key);
            else now[field.Key] = value;
            what.Add(EntryRow.Field + field.Key);
        }

        if (what.Count == 0) return what;
        if (row is null) db.EntryFields.Add(row = new EntryFieldsRow { Code = change.Entry.Code });
        row.Readable = Write(EntryFieldsRow.ReadableColumn, readable);
        row.Closed = Write(EntryFieldsRow.ClosedColumn, closed);
        return what;
    }

    private Dictionary<string, string> Read(Encrypted? text) => new(RegisterJson.ReadFields(text is null ? null : db.DataKeys.Decrypt(text)));

    private Encrypted? Write(string column, Dictionary<string, string> values) => values.Count == 0 ? null : db.DataKeys.Encrypt(column, RegisterJson.Write(values));
}
