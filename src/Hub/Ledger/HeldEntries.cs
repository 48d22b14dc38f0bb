using System.Text.RegularExpressions;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// What the register says of the person behind a telephone number (个人信息保护法, article 45): every field of every entry in which the number stands, whoever reads it otherwise.
/// Each entry counts as a look-up, which is durable before anything is shown.
/// </summary>
public sealed partial class HeldEntries(Database database, RegisterBook register, Roster roster, TimeProvider time)
{
    /// <summary>The entries in which a number stands, alone or among other words, in the order of their codes. Reads every field of the register, because they are stored encrypted.</summary>
    /// <param name="phone">In its one form.</param>
    public async Task<IReadOnlyList<Entry>> OfPhoneAsync(string phone, CancellationToken ct)
    {
        var map = register.Now.Map;
        var found = new List<Entry>();
        await using var db = database.Context();
        await foreach (var row in db.EntryFields.AsNoTracking().Where(f => f.Readable != null || f.Closed != null).OrderBy(f => f.Code).AsAsyncEnumerable().WithCancellation(ct))
            if (map.Find(row.Code) is { } entry && row.Read(db.DataKeys).Values.Any(value => Says(value, phone))) found.Add(entry);
        return found;
    }

    /// <param name="account">As in <see cref="RegisterLookRow.Account"/>.</param>
    /// <param name="post">Empty if the program was asked on the command line.</param>
    public async Task<IReadOnlyList<HeldEntry>> ReadAsync(IReadOnlyList<Entry> entries, string account, string post, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (entries.Count == 0) return [];
        await database.WriteAsync(db =>
        {
            db.RegisterLooks.AddRange(entries.Select(e => new RegisterLookRow { At = now, Account = account, Post = post, Entry = e.Code, Purpose = LookQueries.Held, CallNo = string.Empty }));
            return db.SaveChangesAsync(ct);
        }, ct);
        await using var db = database.Context();
        var held = new List<HeldEntry>();
        foreach (var entry in entries) held.Add(await OfAsync(db, entry, ct));
        return held;
    }

    /// <summary>Whether an entry is about a person: an organisation's number is nobody's personal data, and the street calls it in need, so it is changed in the register and not erased with a person.</summary>
    public bool IsOfPerson(Entry entry) => register.Now.Map.Kinds.Find(entry.Kind)?.Family != Family.Body;

    private async Task<HeldEntry> OfAsync(DispatchDb db, Entry entry, CancellationToken ct)
    {
        var map = register.Now.Map;
        var kind = map.Kinds.Find(entry.Kind);
        var row = await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == entry.Code, ct);
        var looks = await db.RegisterLooks.AsNoTracking().Where(l => l.Entry == entry.Code).OrderByDescending(l => l.Id).Take(JournalQueries.PageLimit).ToListAsync(ct);
        return new HeldEntry(
            entry.Code, kind is null ? new Named(entry.Kind, entry.Kind, entry.Kind) : new Named(kind.Code, kind.Name, kind.NameEn), entry.Name, entry.NameEn, RegisterQueries.PlaceName(map, entry.Place),
            [.. (row?.Read(db.DataKeys) ?? []).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => kind?.FindField(f.Key) is { } field ? RegisterQueries.Shown(field, f.Value) : new FieldValue(f.Key, f.Key, f.Key, Names.Camel(Domain.Matters.FieldKind.Text), f.Value, null))],
            [.. looks.Select(l => new HeldLook(l.At, LookQueries.KindOf(roster, l.Post), l.Purpose == LookQueries.Held ? LookQueries.Held : LookQueries.LookedUp, map.Kinds.FindPurpose(l.Purpose)?.Name))]);
    }

    private static bool Says(string value, string phone) => Phones.OfPerson(value)?.Number == phone || Numerals().Matches(value).Any(part => Phones.OfPerson(part.Value)?.Number == phone);

    /// <summary>What can be a number among other words.</summary>
    [GeneratedRegex(@"\+?\d[\d-]{5,}\d")]
    private static partial Regex Numerals();
}
