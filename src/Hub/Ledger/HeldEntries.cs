using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>An entry in which a telephone number stands.</summary>
/// <param name="IsTheirs">It is about the person of that number. Otherwise it is an organisation's, or somebody else's that names the number among its words.</param>
/// <param name="Fields">Of somebody else's entry, those in which the number stands.</param>
public sealed record FoundEntry(Entry Entry, bool IsTheirs, IReadOnlyList<string> Fields);

/// <summary>
/// What the register says of the person behind a telephone number (个人信息保护法, article 45): of their own entries every field, whoever reads it otherwise; of somebody else's only
/// what names the number. Each entry counts as a look-up, which is durable before anything is shown.
/// </summary>
public sealed class HeldEntries(Database database, RegisterBook register, PolicyBook policies, Roster roster, TimeProvider time)
{
    /// <summary>Entries in one answer, and erased at once.</summary>
    public const int Most = HeldQueries.MostCases;

    /// <summary>An entry is looked at before it is erased.</summary>
    public const string BeforeErasing = "erase";

    /// <summary>The entries in which a number stands, in the order of their codes; one more than <see cref="Most"/> if there are more. Reads every field of the register, because they are stored encrypted.</summary>
    /// <param name="phone">In its one form.</param>
    public async Task<IReadOnlyList<FoundEntry>> OfPhoneAsync(string phone, CancellationToken ct)
    {
        var map = register.Now.Map;
        var found = new List<FoundEntry>();
        await using var db = database.Context();
        await foreach (var row in db.EntryFields.AsNoTracking().Where(f => f.Readable != null || f.Closed != null).OrderBy(f => f.Code).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (map.Find(row.Code) is not { } entry) continue;
            var kind = map.Kinds.Find(entry.Kind);
            var fields = row.Read(db.DataKeys).Where(f => Phones.IsIn(f.Value, phone)).ToList();
            if (fields.Count == 0) continue;
            // An organisation's number is the street's to call in need. What is no telephone number of the entry is somebody else's mention of it.
            var isTheirs = kind?.Family != Family.Body && fields.Exists(f => kind?.FindField(f.Key)?.Kind is FieldKind.Phone or null && Phones.OfPerson(f.Value)?.Number == phone);
            found.Add(new FoundEntry(entry, isTheirs, [.. fields.Select(f => f.Key)]));
            if (found.Count > Most) break;
        }

        return found;
    }

    /// <summary>Notes a look-up of each entry.</summary>
    /// <param name="account">As in <see cref="RegisterLookRow.Account"/>.</param>
    /// <param name="post">Empty if the program was asked on the command line.</param>
    /// <param name="purpose"><see cref="LookQueries.Held"/> or <see cref="BeforeErasing"/>.</param>
    /// <param name="reason">What was written of it; null if nothing.</param>
    public async Task NoteAsync(IReadOnlyList<FoundEntry> entries, string account, string post, string purpose, string? reason, CancellationToken ct)
    {
        if (entries.Count == 0) return;
        await database.WriteAsync(db =>
        {
            db.RegisterLooks.AddRange(entries.Select(e => new RegisterLookRow
            {
                At = time.GetUtcNow(), Account = account, Post = post, Entry = e.Entry.Code, Purpose = purpose, CallNo = string.Empty, Reason = db.DataKeys.EncryptAny(RegisterLookRow.ReasonColumn, reason),
            }));
            return db.SaveChangesAsync(ct);
        }, ct);
    }

    /// <summary>What they say; the look-ups are noted first.</summary>
    public async Task<IReadOnlyList<HeldEntry>> ReadAsync(IReadOnlyList<FoundEntry> entries, string account, string post, string purpose, CancellationToken ct)
    {
        await NoteAsync(entries, account, post, LookQueries.Held, purpose, ct);
        await using var db = database.Context();
        var held = new List<HeldEntry>();
        foreach (var entry in entries) held.Add(await OfAsync(db, entry, ct));
        return held;
    }

    /// <summary>Where a number stands besides: accounts of staff, and parties of the policy in force. It is changed there.</summary>
    public async Task<IReadOnlyList<HeldElsewhere>> ElsewhereAsync(string phone, CancellationToken ct)
    {
        await using var db = database.Context();
        var accounts = await db.Users.AsNoTracking().Where(u => u.Phone != null).OrderBy(u => u.UserName).Select(u => new { u.UserName, u.Phone }).ToListAsync(ct);
        return
        [
            .. accounts.Where(a => db.DataKeys.Decrypt(a.Phone) is { } stored && Phones.OneForm(stored) == phone).Select(a => new HeldElsewhere("account", a.UserName!, a.UserName!, a.UserName!)),
            .. policies.Current.Latest.Parties.Where(p => p.Phone is { } stored && Phones.OneForm(stored) == phone).Select(p => new HeldElsewhere("party", p.Code, p.Name, p.NameEn)),
        ];
    }

    private async Task<HeldEntry> OfAsync(DispatchDb db, FoundEntry found, CancellationToken ct)
    {
        var (map, entry) = (register.Now.Map, found.Entry);
        var kind = map.Kinds.Find(entry.Kind);
        var row = await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == entry.Code, ct);
        var looks = await db.RegisterLooks.AsNoTracking().Where(l => l.Entry == entry.Code).OrderByDescending(l => l.Id).Take(JournalQueries.PageLimit).ToListAsync(ct);
        var link = found.IsTheirs ? await db.PersonalLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Entry == entry.Code, ct) : null;
        return new HeldEntry(
            entry.Code, kind is null ? new Named(entry.Kind, entry.Kind, entry.Kind) : new Named(kind.Code, kind.Name, kind.NameEn), entry.Name, entry.NameEn, RegisterQueries.PlaceName(map, entry.Place),
            [.. (row?.Read(db.DataKeys) ?? []).Where(f => found.IsTheirs || found.Fields.Contains(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => kind?.FindField(f.Key) is { } field ? RegisterQueries.Shown(field, f.Value) : new FieldValue(f.Key, f.Key, f.Key, Names.Camel(FieldKind.Text), f.Value, null))],
            [.. looks.Select(l => new HeldLook(l.At, LookQueries.KindOf(roster, l.Post), l.Purpose is LookQueries.Held or BeforeErasing ? l.Purpose : LookQueries.LookedUp, map.Kinds.FindPurpose(l.Purpose)?.Name ?? db.DataKeys.Decrypt(l.Reason)))])
        {
            IsTheirs = found.IsTheirs,
            From = entry.From,
            Until = entry.Until,
            Link = link is null ? null : new HeldPersonalLink(link.At, await db.Reports.CountAsync(r => r.Bearer == link.Bearer, ct)),
            HouseholdLink = found.IsTheirs && await db.HouseholdLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Entry == entry.Code, ct) is { } home ? new HeldHouseholdLink(home.At, LookQueries.KindOf(roster, home.Post), home.ExpiresAt) : null,
            Photo = found.IsTheirs && row?.Photo is not null,
            Holds = found.IsTheirs ? [.. RegisterQueries.HoldsOf(map, entry)] : [],
            Consents = found.IsTheirs && (await db.HouseholdConsents.AsNoTracking().Where(c => c.Entry == entry.Code).OrderByDescending(c => c.Id).Take(JournalQueries.PageLimit).ToListAsync(ct)) is { Count: > 0 } consents
                ? [.. consents.Select(c => new HeldConsent(c.What, c.At, LookQueries.TakenBy(roster, c.Post), c.EndedAt))] : null,
            Requests = found.IsTheirs && await RequestsAsync(db, entry, ct) is { Count: > 0 } requests ? requests : null,
        };
    }

    /// <summary>What its household asked to have corrected, and what was answered.</summary>
    private async Task<List<HeldWords>> RequestsAsync(DispatchDb db, Entry entry, CancellationToken ct)
    {
        var asked = await db.HouseholdRequests.AsNoTracking().Where(r => r.Entry == entry.Code && r.Matter != "").Select(r => r.Matter).ToListAsync(ct);
        var words = await db.Words.Where(w => asked.Contains(w.CallNo)).OrderByDescending(w => w.At).ThenByDescending(w => w.Version).Take(JournalQueries.PageLimit).ReadAsync(db, ct);
        return [.. words.Select(w => new HeldWords(w.CallNo, w.Kind, w.Version == 1 ? LookQueries.TakenBy(roster, string.Empty) : LookQueries.KindOf(roster, w.ByPost), w.At, w.Words))];
    }
}
