using System.Collections.Frozen;
using System.Collections.Immutable;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Register;

/// <summary>A change to one entry.</summary>
/// <param name="Fields">What its fields are to say, those that are left out stay as they are; null clears one.</param>
/// <param name="Version">The version that the change was made on; 0 for a new entry.</param>
public sealed record EntryChange(Entry Entry, IReadOnlyDictionary<string, string?> Fields, int Version);

/// <summary>The register as it is now, in memory: entries, and what their fields say to staff. What is read for a purpose alone stays in the database.</summary>
/// <param name="Readable">The public fields and those for staff, by the code of the entry.</param>
/// <param name="Versions">Of each entry.</param>
public sealed record RegisterNow(RegisterMap Map, FrozenDictionary<string, ImmutableDictionary<string, string>> Readable, FrozenDictionary<string, int> Versions)
{
    /// <summary>The entries that have a photo.</summary>
    public FrozenSet<string> Photos { get; init; } = [];

    /// <summary>What homes have agreed to: visit or call, by the code of their entry.</summary>
    public FrozenSet<(string What, string Entry)> Agreed { get; init; } = FrozenSet<(string What, string Entry)>.Empty;

    public ImmutableDictionary<string, string> FieldsOf(string code) => Readable.GetValueOrDefault(code, ImmutableDictionary<string, string>.Empty);
}

/// <summary>The register (名册): kinds, and every version of every entry.</summary>
public sealed class RegisterBook(Database database, StreetBook streets, TimeProvider time) : IDisposable
{
    /// <summary>Its row in the table of books.</summary>
    public const string Name = "register";

    public const int MaxEntries = 100_000;

    /// <summary>Entries per transaction: nobody at the desk waits longer than for one of these.</summary>
    public const int AtOnce = 500;

    private const string KindsDocuments = RegisterRoles.Documents;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile RegisterNow? _now;

    public RegisterNow Now => _now ?? throw new InvalidOperationException("The register is not loaded yet.");

    public async Task LoadAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct); // serialised, so an older read never replaces a newer one
        try
        {
            _now = await ReadAsync(ct);
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<RegisterNow> ReadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var kinds = await KindsAsync(db, DateTimeOffset.MaxValue, ct);
        var rows = await db.Entries.AsNoTracking().Where(e => e.Latest).Select(e => new { e.Code, e.Version, e.Kind, e.Place, e.Data }).ToListAsync(ct);
        var readable = await db.EntryFields.AsNoTracking().Where(f => f.Readable != null).Select(f => new { f.Code, f.Readable }).ToListAsync(ct);
        var photos = await db.EntryFields.AsNoTracking().Where(f => f.Photo != null).Select(f => f.Code).ToListAsync(ct);
        var kindOf = rows.ToDictionary(r => r.Code, r => kinds.Find(r.Kind));
        return new RegisterNow(
            new RegisterMap(kinds, rows.Select(r => RegisterJson.Read(r.Code, r.Kind, r.Place, r.Data)), streets.Map),
            // A field that a later version of the kinds has closed is not for staff any more, wherever it was written.
            readable.Where(f => kindOf.ContainsKey(f.Code)).ToFrozenDictionary(f => f.Code, f => RegisterJson.ReadFields(db.DataKeys.Decrypt(f.Readable)).Where(v => kindOf[f.Code]?.FindField(v.Key)?.Privacy.IsForStaff == true).ToImmutableDictionary()),
            rows.ToFrozenDictionary(r => r.Code, r => r.Version))
        {
            Photos = photos.ToFrozenSet(),
            Agreed = (await db.HouseholdConsents.AsNoTracking().Where(c => c.EndedAt == null).Select(c => new { c.What, c.Entry }).ToListAsync(ct)).Select(c => (c.What, c.Entry)).ToFrozenSet(),
        };
    }

    /// <summary>The register as it stood at a past instant, with the kinds and on the map of then: whoever was resolved then is resolved by it, also after communities have merged.</summary>
    public async Task<RegisterMap> AsOfAsync(DateTimeOffset at, CancellationToken ct)
    {
        await using var db = database.Context();
        var kinds = await KindsAsync(db, at, ct);
        var rows = await db.Entries.AsNoTracking().Where(e => e.At <= at && !db.Set<EntryRow>().Any(later => later.Code == e.Code && later.Version > e.Version && later.At <= at)).Select(e => new { e.Code, e.Kind, e.Place, e.Data }).ToListAsync(ct);
        return new RegisterMap(kinds, rows.Select(r => RegisterJson.Read(r.Code, r.Kind, r.Place, r.Data)), await StreetBook.MapAtAsync(db, at, ct));
    }

    /// <summary>Who holds a role for a place at an instant: by what was written then if it has passed.</summary>
    /// <param name="at">Null for now.</param>
    public async Task<Resolution?> ResolveAsync(string role, string place, DateTimeOffset? at, CancellationToken ct) =>
        at is { } then && then < time.GetUtcNow() ? (await AsOfAsync(then, ct)).Resolve(role, place, then) : Now.Map.Resolve(role, place, at ?? time.GetUtcNow());

    /// <summary>Adds a version of the kinds; returns its number.</summary>
    /// <exception cref="UnusableDocumentException">It cannot be used, or an entry would be left without its kind.</exception>
    public async Task<int> AddKindsAsync(string json, string byAccount, CancellationToken ct)
    {
        var kinds = KindsJson.Parse(json, 1);
        var added = await database.WriteAsync(async db =>
        {
            var used = await db.Entries.AsNoTracking().Where(e => e.Latest).Select(e => e.Kind).Distinct().ToListAsync(ct);
            if (used.FirstOrDefault(kind => kinds.Find(kind) is null) is { } orphan) throw UnusableDocumentException.Of("register_kind_used", orphan);
            var version = (await db.Documents.Where(d => d.Kind == KindsDocuments).MaxAsync(d => (int?)d.Version, ct) ?? 0) + 1;
            db.AddDocument(new DocumentRow { Kind = KindsDocuments, Version = version, Json = json, At = time.GetUtcNow(), ByAccount = byAccount });
            await db.ChangedAsync(Name, ct);
            await db.SaveChangesAsync(ct);
            return version;
        }, ct);
        await LoadAsync(ct);
        return added;
    }

    /// <summary>
    /// Writes changes that <see cref="EntryReading"/> has found right, in steps of <see cref="AtOnce"/>: a crash leaves whole entries, and the same changes again complete it. What
    /// is as it was gets no version.
    /// </summary>
    /// <returns>How many entries were new or changed, and the codes of those that somebody else had changed meanwhile: they stay as they are.</returns>
    public async Task<(int Changed, IReadOnlyList<string> Overtaken)> PutAsync(IReadOnlyList<EntryChange> changes, string byAccount, CancellationToken ct)
    {
        var (changed, kinds) = (0, Now.Map.Kinds);
        var overtaken = new List<string>();
        try
        {
            foreach (var step in changes.Chunk(AtOnce))
            {
                var (count, late) = await database.WriteAsync(async db =>
                {
                    var done = await new EntryWriting(db, kinds, byAccount, time.GetUtcNow()).PutAsync(step, ct);
                    if (done.Changed > 0) await db.ChangedAsync(Name, ct);
                    await db.SaveChangesAsync(ct);
                    return done;
                }, ct);
                changed += count;
                overtaken.AddRange(late);
            }
        }
        finally
        {
            if (changed > 0) await LoadAsync(CancellationToken.None); // whoever asked may have left; what is written counts
        }

        return (changed, overtaken);
    }

    /// <summary>Writes one change that a household has asked for, or none, together with what the caller writes in the same transaction.</summary>
    /// <param name="by">As in <see cref="EntryRow.ByAccount"/>; of what a household asked for, the number of the matter that granted it.</param>
    /// <param name="beside">False: nothing is to be written any more.</param>
    /// <returns>False if somebody else has changed the entry meanwhile: nothing is written.</returns>
    internal async Task<bool> PutWithAsync(EntryChange? change, string by, Func<DispatchDb, Task<bool>> beside, CancellationToken ct)
    {
        var kinds = Now.Map.Kinds;
        var (done, changed) = await database.WriteAsync(async db =>
        {
            if (!await beside(db)) return (true, 0);
            var count = 0;
            if (change is not null)
            {
                (count, var late) = await new EntryWriting(db, kinds, by, time.GetUtcNow(), asAsked: true).PutAsync([change], ct);
                if (late.Count > 0) return (false, 0);
            }

            if (count > 0) await db.ChangedAsync(Name, ct);
            await db.SaveChangesAsync(ct);
            return (true, count);
        }, ct);
        if (changed > 0) await LoadAsync(CancellationToken.None);
        return done;
    }

    /// <summary>
    /// Erases, in the transaction of whoever calls, what the fields of an entry say, also what its kind no longer names, why it was looked up, the household's own link, and what its person reported by. The entry stays with its history, which never held it, and
    /// with its last day: who no longer counted does not count again.
    /// </summary>
    /// <returns>When the version was written that it erased; null if there is no such entry.</returns>
    internal static async Task<DateTimeOffset?> EraseAsync(DispatchDb db, string code, string byAccount, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Entries.FirstOrDefaultAsync(e => e.Latest && e.Code == code, ct) is not { } row) return null;
        if (await db.EntryFields.FirstOrDefaultAsync(f => f.Code == code, ct) is { } fields) (fields.Readable, fields.Closed, fields.Photo) = (null, null, null);
        foreach (var look in await db.RegisterLooks.Where(l => l.Entry == code && l.Reason != null).ToListAsync(ct)) look.Reason = null;
        db.RemoveRange(await db.HouseholdConsents.Where(c => c.Entry == code).ToListAsync(ct));
        db.RemoveRange(await db.HouseholdLinks.Where(l => l.Entry == code).ToListAsync(ct));
        await PersonalLinks.EndAsync(db, [code], ct);
        Follow(db, row, byAccount, now, EntryRow.Erased);
        await db.ChangedAsync(Name, ct);
        return row.At;
    }

    /// <summary>A version that says the same, and that something beside it was changed.</summary>
    private static void Follow(DispatchDb db, EntryRow row, string byAccount, DateTimeOffset now, string changed)
    {
        row.Latest = false;
        db.Entries.Add(new EntryRow { Code = row.Code, Version = row.Version + 1, Latest = true, Kind = row.Kind, Place = row.Place, Data = row.Data, At = now, ByAccount = byAccount, Changed = changed });
    }

    /// <summary>Replaces the photo of an entry; null takes it away.</summary>
    public async Task PutPhotoAsync(string code, PhotoFile? photo, string byAccount, CancellationToken ct)
    {
        await database.WriteAsync(async db =>
        {
            if (await db.Entries.FirstOrDefaultAsync(e => e.Latest && e.Code == code, ct) is not { } row) return 0;
            var fields = await db.EntryFields.FirstOrDefaultAsync(f => f.Code == code, ct);
            if (fields is null) db.EntryFields.Add(fields = new EntryFieldsRow { Code = code });
            fields.Photo = photo is null ? null : db.DataKeys.Encrypt(EntryFieldsRow.PhotoColumn, photo.Bytes.AsSpan());
            Follow(db, row, byAccount, time.GetUtcNow(), EntryRow.PhotoChanged);
            await db.ChangedAsync(Name, ct);
            return await db.SaveChangesAsync(ct);
        }, ct);
        await LoadAsync(ct);
    }

    /// <summary>The photo of an entry; null if it has none. Whoever asks has checked that the reader sees the entry.</summary>
    public async Task<PhotoFile?> PhotoAsync(string code, CancellationToken ct)
    {
        if (!Now.Photos.Contains(code)) return null;
        await using var db = database.Context();
        var photo = await db.EntryFields.AsNoTracking().Where(f => f.Code == code).Select(f => f.Photo).FirstOrDefaultAsync(ct);
        return photo is { } kept ? PhotoFile.Clean(db.DataKeys.Decrypt(kept)) : null;
    }

    /// <summary>Every version of an entry, newest first.</summary>
    /// <returns>Each with the name of the account that made it, or what ran.</returns>
    public async Task<IReadOnlyList<(EntryRow Row, string By)>> HistoryAsync(string code, CancellationToken ct)
    {
        await using var db = database.Context();
        var rows = await db.Entries.AsNoTracking().Where(e => e.Code == code).OrderByDescending(e => e.Version).ToListAsync(ct);
        var ids = rows.Select(r => r.ByAccount).Distinct().ToList();
        var names = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.UserName }).ToDictionaryAsync(u => u.Id, u => u.UserName, ct);
        return [.. rows.Select(r => (r, names.GetValueOrDefault(r.ByAccount) ?? r.ByAccount))];
    }

    /// <summary>Who looked whom up, and why, newest first; with what was written of it.</summary>
    public async Task<IReadOnlyList<(RegisterLookRow Look, string By, string? Reason)>> LooksAsync(DateTimeOffset from, DateTimeOffset until, int most, CancellationToken ct)
    {
        await using var db = database.Context();
        var rows = await db.RegisterLooks.AsNoTracking().Where(l => l.At >= from && l.At < until).OrderByDescending(l => l.Id).Take(most).ToListAsync(ct);
        var ids = rows.Select(r => r.Account).Distinct().ToList();
        var names = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.UserName }).ToDictionaryAsync(u => u.Id, u => u.UserName, ct);
        return [.. rows.Select(r => (r, names.GetValueOrDefault(r.Account) ?? r.Account, db.DataKeys.Decrypt(r.Reason)))];
    }

    private static async Task<Kinds> KindsAsync(DispatchDb db, DateTimeOffset at, CancellationToken ct) =>
        await db.Documents.AsNoTracking().Where(d => d.Kind == KindsDocuments && d.At <= at).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct) is { } latest
            ? KindsJson.Parse(latest.Json, latest.Version) : Shipped.Value;

    private static readonly Lazy<Kinds> Shipped = new(() => KindsJson.Parse(ShippedKinds(), 0));

    /// <summary>The kinds of a street that has none of its own.</summary>
    internal static string ShippedKinds() => RegisterRoles.Shipped();
}
