using System.Data.Common;
using System.Globalization;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Erases what is held of the person behind a matter: name, phone, position, words, photos, the reasons of looks, waiting messages to them, and the digests of what they sent.
/// Case, clocks, journal and the looks themselves remain, which hold codes only. A matter that is still open waits until it has ended (ADR 0028). Of the register, what the fields
/// of an entry say.
/// </summary>
/// <param name="register">Is read again after its entries were erased; null on the command line, where nobody reads it.</param>
public sealed class ErasureCommands(Database database, ErasureList list, TimeProvider time, ILogger<ErasureCommands> log, RegisterBook? register = null)
{
    /// <summary>Waiting erasures that are looked at in one turn.</summary>
    internal const int Bite = 200;

    /// <summary>Before the code of an entry, where an erasure names what it erased.</summary>
    private const string EntryMark = "entry:";

    /// <summary>In place of the digest of a request: a resend after the erasure is refused, and brings nothing back.</summary>
    private const string NoHash = "erased";

    /// <summary>Whether the database's files may still hold what its rows no longer do.</summary>
    private volatile bool _remains;

    /// <summary>Erases matters that have ended, and notes those that have not. Unknown numbers are passed over.</summary>
    /// <param name="by">An account's id, or <see cref="Acts.BySystem"/>.</param>
    /// <param name="reason">One of <see cref="ErasureRow.Reasons"/>.</param>
    public async Task<(IReadOnlyList<string> Erased, IReadOnlyList<string> Waiting)> AskAsync(IReadOnlyList<string> numbers, string by, string reason, CancellationToken ct)
    {
        if (!ErasureRow.Reasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason), reason, null);
        var (erased, waiting) = (new List<string>(), new List<string>());
        foreach (var no in numbers)
            if (await database.WriteAsync(db => AskAsync(db, no, null, by, reason, ct), ct) is { } isOver) (isOver ? erased : waiting).Add(no);
        await AfterAsync(erased.Count > 0, ct);
        return (erased, waiting);
    }

    /// <summary>Erases what the fields of entries say; returns the codes of those that were there.</summary>
    /// <param name="by">An account's id, or <see cref="Acts.BySystem"/>.</param>
    /// <param name="reason">One of <see cref="ErasureRow.Reasons"/>.</param>
    public async Task<IReadOnlyList<string>> EraseEntriesAsync(IReadOnlyList<string> codes, string by, string reason, CancellationToken ct)
    {
        if (!ErasureRow.Reasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason), reason, null);
        var erased = new List<string>();
        try
        {
            foreach (var code in codes)
                if (await database.WriteAsync(db => EraseEntryAsync(db, code, null, by, reason, ct), ct)) erased.Add(code);
        }
        finally
        {
            await AfterEntriesAsync(erased.Count > 0); // whoever asked may have left; what is erased is gone everywhere
            await AfterAsync(erased.Count > 0, CancellationToken.None);
        }

        return erased;
    }

    /// <summary>Erases what has ended since it was asked for; returns how many.</summary>
    internal async Task<int> CatchUpAsync(CancellationToken ct)
    {
        var erased = 0;
        foreach (var row in await EndedAsync(ct))
            if (await database.WriteAsync(db => AskAsync(db, row.CallNo, row.OpenedAt, row.ByAccount, row.Reason, ct), ct) is true) erased++;
        await AfterAsync(erased > 0, ct);
        return erased;
    }

    /// <summary>
    /// Repeats every erasure that this node has noted outside the database and that the database does not know, because an older copy was put back. Returns how many matters they concern.
    /// </summary>
    public async Task<int> RepeatAsync(CancellationToken ct)
    {
        var (repeated, entries) = (0, 0);
        foreach (var noted in list.Read())
        {
            if (noted.CallNo.StartsWith(EntryMark, StringComparison.Ordinal))
            {
                await using (var db = database.Context())
                    if (await db.Erasures.AnyAsync(e => e.CallNo == noted.CallNo && e.OpenedAt >= noted.OpenedAt, ct)) continue;
                if (await database.WriteAsync(db => EraseEntryAsync(db, noted.CallNo[EntryMark.Length..], noted, noted.ByAccount, noted.Reason, ct), ct)) entries++;
                continue;
            }

            await using (var db = database.Context())
                if (await db.Erasures.AnyAsync(e => e.CallNo == noted.CallNo && e.OpenedAt == noted.OpenedAt, ct)) continue;
            if (await database.WriteAsync(db => AskAsync(db, noted.CallNo, noted.OpenedAt, noted.ByAccount, noted.Reason, ct, noted.At), ct) is not null) repeated++;
        }

        repeated += entries;
        if (repeated > 0) HubLog.ErasuresRepeated(log, repeated);
        await AfterEntriesAsync(entries > 0);
        await AfterAsync(repeated > 0, ct);
        return repeated;
    }

    /// <summary>Whether there was such an entry.</summary>
    /// <param name="noted">What an older copy of the database does not know; null if it is asked for now.</param>
    private async Task<bool> EraseEntryAsync(DispatchDb db, string code, ErasureRow? noted, string by, string reason, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await database.OverwriteAsync(db, ct);
        // An older copy may not have the entry yet: noted all the same, so that nobody who is written down in it later is erased.
        var written = await RegisterBook.EraseAsync(db, code, by, now, ct);
        if (written is null && noted is null) return false;
        var no = EntryMark + code;
        var row = await db.Erasures.FirstOrDefaultAsync(e => e.CallNo == no, ct);
        if (row is null) db.Erasures.Add(row = new ErasureRow { CallNo = no, ByAccount = by, Reason = reason });
        (row.OpenedAt, row.At, row.ByAccount, row.Reason, row.DoneAt) = (noted?.OpenedAt ?? written!.Value, noted?.At ?? now, by, reason, now);
        if (written is not null)
        {
            db.Act(by, now, noted is null ? Acts.ErasureAsked : Acts.ErasureRepeated, no, $"reason:{reason}");
            db.Act(by, now, Acts.Erased, no, $"reason:{reason}");
        }

        // What its household asked for says what the fields were to say. Without its row nothing is written any more, however it is decided.
        var asked = await db.HouseholdRequests.Where(r => r.Entry == code).ToListAsync(ct);
        foreach (var request in asked.Where(r => r.Matter.Length > 0)) await AskAsync(db, request.Matter, null, by, reason, ct, noted?.At);
        db.RemoveRange(asked);

        await db.SaveChangesAsync(ct);
        return written is not null;
    }

    /// <summary>What is erased is gone from memory too, also when whoever asked has left.</summary>
    private Task AfterEntriesAsync(bool erased) => erased && register is not null ? register.LoadAsync(CancellationToken.None) : Task.CompletedTask;

    /// <summary>Whether it was erased now, or waits; null if no such matter was opened then.</summary>
    /// <param name="openedAt">Null for whatever has this number now.</param>
    private async Task<bool?> AskAsync(DispatchDb db, string no, DateTimeOffset? openedAt, string by, string reason, CancellationToken ct, DateTimeOffset? asked = null)
    {
        if (await Person.FindAsync(db, no, ct) is not { } person || (openedAt is { } then && person.OpenedAt != then)) return null;
        var now = time.GetUtcNow();
        var row = await db.Erasures.FirstOrDefaultAsync(e => e.CallNo == no, ct);
        if (row is null)
        {
            db.Erasures.Add(row = new ErasureRow { CallNo = no, OpenedAt = person.OpenedAt, At = asked ?? now, ByAccount = by, Reason = reason });
            db.Act(by, now, asked is null ? Acts.ErasureAsked : Acts.ErasureRepeated, $"call:{no}", $"reason:{reason}");
        }

        if (person.IsOver)
        {
            var gone = await EraseAsync(db, person, ct);
            db.Act(by, now, Acts.Erased, $"call:{no}", $"reason:{reason} {gone}");
            row.DoneAt ??= now;
        }

        await db.SaveChangesAsync(ct);
        return person.IsOver;
    }

    /// <summary>Deletes it; returns in codes how much it was.</summary>
    private async Task<string> EraseAsync(DispatchDb db, Person person, CancellationToken ct)
    {
        await database.OverwriteAsync(db, ct);
        string[] own = [.. person.Own];
        var words = await person.WordsAsync(db, ct);
        db.RemoveRange(words);
        var callers = await db.Callers.Where(c => own.Contains(c.CallNo)).ToListAsync(ct);
        db.RemoveRange(callers);
        db.RemoveRange(await db.Shares.Where(s => own.Contains(s.CallNo)).ToListAsync(ct));
        db.RemoveRange(await db.Reports.Where(r => own.Contains(r.CallNo)).ToListAsync(ct));
        foreach (var look in await db.Reads.Where(r => own.Contains(r.CallNo) && r.Reason != null).ToListAsync(ct)) look.Reason = null;
        db.RemoveRange(await db.Outbox.Where(o => own.Contains(o.CallNo) && o.Address == Address.Caller && o.State == "waiting").ToListAsync(ct));
        foreach (var key in await db.Keys.Where(k => own.Contains(k.CallNo)).ToListAsync(ct)) key.Hash = NoHash;
        var photos = await person.PhotosAsync(db, ct);
        await db.SaveChangesAsync(ct);
        foreach (var photo in photos) await DeleteAsync(db, photo, ct);
        return string.Create(CultureInfo.InvariantCulture, $"persons:{callers.Count} words:{words.Count} photos:{photos.Count}");
    }

    /// <summary>Deletes a photo with its files, of which one may have 10 MB: they are not held in memory together.</summary>
    internal static async Task DeleteAsync(DispatchDb db, PhotoRow photo, CancellationToken ct)
    {
        await db.DeleteAsync(db.PhotoFiles.Where(f => f.Photo == photo.Id), ct);
        db.Remove(photo);
        await db.SaveChangesAsync(ct);
    }

    private async Task<List<ErasureRow>> EndedAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var (calls, matters) = (db.Calls, db.Matters);
        return await db.Erasures.AsNoTracking().Where(e => e.DoneAt == null && (calls.Any(c => c.No == e.CallNo && !c.IsOpen) || matters.Any(m => m.No == e.CallNo && !m.IsOpen)))
            .OrderBy(e => e.At).Take(Bite).ToListAsync(ct);
    }

    /// <summary>Notes all of them outside the database, and takes what was deleted out of its files. A failure of either is logged and made good by the next turn.</summary>
    private async Task AfterAsync(bool erased, CancellationToken ct)
    {
        if (erased) _remains = true;
        try
        {
            await using (var db = database.Context()) list.Note(await db.Erasures.AsNoTracking().OrderBy(e => e.At).ToListAsync(ct));
            if (!_remains) return;
            await database.ScrubAsync(["words", "callers", "photos", "photo_files", "shares", "reads", "outbox", "idempotency", "register_fields", "register_links", "register_reports", "household_links", "household_consents", "household_requests"], ct);
            _remains = false;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            HubLog.ErasureNotNoted(log, e);
        }
    }
}
