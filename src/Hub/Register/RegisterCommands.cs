using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Register;

/// <summary>Changes an entry, and looks up what is read for a purpose alone.</summary>
public sealed class RegisterCommands(RegisterBook book, Database database, Roster roster, IEnumerable<VisitsDue> visits, TimeProvider time)
{
    /// <summary>Makes or changes one entry from a form.</summary>
    /// <param name="said">Its columns and fields by their names, as in a table.</param>
    /// <param name="version">That the form was made from; 0 for a new entry.</param>
    public async Task<Outcome> PutAsync(Staff who, IReadOnlyDictionary<string, string> said, int version, CancellationToken ct)
    {
        var now = book.Now;
        var (taken, refused) = new EntryReading(now, time.GetUtcNow()).Read([new EntryDraft(0, said)]);
        if (refused is [var (_, why), ..]) return Outcome.Of("entry_refused", (why.Chinese, why.English));
        var (entry, sight) = (taken[0].Entry, new RegisterSight(who, now.Map));
        var before = now.Map.Find(entry.Code);
        if (!sight.MayWrite(entry, before)) return Outcome.Of(before is null || sight.Keeps(before) ? "entry_foreign" : "entry_unknown");
        if (version == 0 && before is not null) return Outcome.Of("entry_exists");
        if (version == 0 && now.Map.Entries.Length >= RegisterBook.MaxEntries) return Outcome.Of("register_full");
        var (_, overtaken) = await book.PutAsync([taken[0] with { Version = version }], who.Id, ct);
        return Outcome.Of(overtaken.Count == 0 ? Codes.Ok : "entry_overtaken");
    }

    /// <summary>Replaces the photo of an entry whose kind shows one. Only the picture is kept of the file.</summary>
    public async Task<Outcome> PutPhotoAsync(Staff who, string code, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        if (MayNotErase(who, code) is { } refused) return refused;
        if (book.Now.Map.Find(code) is not { } entry || book.Now.Map.Kinds.Find(entry.Kind) is not { HasPhoto: true }) return Outcome.Of("entry_no_photo");
        if (file.Length > PhotoFile.SizeLimit) return PhotoFile.TooLarge();
        if (PhotoFile.Clean(file.Span) is not { } photo) return Outcome.Of(PhotoFile.WhyNot(file.Span)) with { Code = Codes.PhotoInvalid };
        await book.PutPhotoAsync(code, photo, who.Id, ct);
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>Takes the photo of an entry away.</summary>
    public async Task<Outcome> DropPhotoAsync(Staff who, string code, CancellationToken ct)
    {
        if (MayNotErase(who, code) is { } refused) return refused;
        if (book.Now.Photos.Contains(code)) await book.PutPhotoAsync(code, null, who.Id, ct);
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>Why they may not erase what the fields of an entry say; null if they may.</summary>
    public Outcome? MayNotErase(Staff who, string code) =>
        book.Now.Map is var map && map.Find(code) is { } entry && new RegisterSight(who, map).Keeps(entry) ? null : Outcome.Of("entry_unknown");

    /// <summary>Shows what a purpose shows of an entry; the look is written down first. Whoever calls has checked that the asker sees the case that is named.</summary>
    public async Task<Outcome<LookupView>> LookUpAsync(Staff who, string code, LookupRequest request, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var map = book.Now.Map;
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (!roster.At(now).Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        if (string.IsNullOrWhiteSpace(request.Purpose)) return new(Outcome.Of("purpose_missing"));
        if (map.Kinds.FindPurpose(request.Purpose.Trim()) is not { } purpose || !purpose.By.Contains(post.Kind)) return new(Outcome.Of("purpose_unknown"));
        if (purpose.NeedsCase && string.IsNullOrEmpty(request.Call)) return new(Outcome.Of("purpose_case_missing"));
        if (map.Find(code) is not { } entry || !new RegisterSight(who, map).Sees(entry) || map.Kinds.Find(entry.Kind) is not { } kind || !IsTheirs(who, map, entry)) return new(Outcome.Of("entry_unknown"));
        if (purpose.NeedsVisit && !await IsDueAsync(who, code, ct)) return new(Outcome.Of("purpose_visit_missing"));
        await database.WriteAsync(db =>
        {
            db.RegisterLooks.Add(new RegisterLookRow { At = now, Account = who.Id, Post = post.Id.Value, Entry = code, Purpose = purpose.Code, CallNo = request.Call ?? string.Empty });
            return db.SaveChangesAsync(ct);
        }, ct);
        await using var reading = database.Context();
        var row = await reading.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == code, ct);
        var fields = row?.Read(reading.DataKeys) ?? [];
        return new LookupView(code, purpose.Code, now,
            [.. kind.Fields.Where(f => !f.Privacy.IsForStaff && purpose.Fields.Contains(f.Key) && fields.ContainsKey(f.Key)).Select(f => RegisterQueries.Shown(f, fields[f.Key]))]);
    }

    private async Task<bool> IsDueAsync(Staff who, string code, CancellationToken ct)
    {
        foreach (var due in visits)
            if (await due.IsAsync(who, code, ct)) return true;
        return false;
    }

    /// <summary>The purposes that a post may state for an entry.</summary>
    public IEnumerable<Purpose> PurposesFor(Staff who, string code) =>
        book.Now.Map is var map && who.Post is { } post && map.Find(code) is { } entry && map.Kinds.Find(entry.Kind) is { } kind && IsTheirs(who, map, entry)
            ? map.Kinds.Purposes.Where(p => p.By.Contains(post.Kind) && kind.Fields.Any(f => p.Fields.Contains(f.Key))) : [];

    /// <summary>A community's people look up in their own community; the street's desk everywhere.</summary>
    private static bool IsTheirs(Staff who, RegisterMap map, Entry entry) => who.Role == Role.Duty || (who.Post?.Community is { } community && map.Area(entry.Place).Community == community);
}

/// <summary>Says whether somebody owes a home a visit or a call now. Whoever keeps those registers one.</summary>
public sealed record VisitsDue(Func<Staff, string, CancellationToken, Task<bool>> IsAsync);
