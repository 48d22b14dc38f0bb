using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Deletes personal data whose time is over (<see cref="KeepFor"/>), in bounded steps. A case has ended when its last change is in the past for that long, and with it the case in which it continues and
/// its children.
/// </summary>
internal sealed class Retention(Database database, KeepFor keep)
{
    /// <summary>Matters, or looks, in one step.</summary>
    public const int Bite = 200;

    public Task<int> PersonsAsync(DateTimeOffset now, CancellationToken ct) =>
        ForgetAsync(keep.Persons, now, db => db.Callers.Select(c => c.CallNo).Union(db.Shares.Select(s => s.CallNo)).Union(db.Reports.Select(r => r.CallNo)), async (db, no) =>
        {
            await db.DeleteAsync(db.Callers.Where(c => c.CallNo == no), ct);
            await db.DeleteAsync(db.Shares.Where(s => s.CallNo == no), ct);
            await db.DeleteAsync(db.Reports.Where(r => r.CallNo == no), ct);
        }, ct);

    public Task<int> WordsAsync(DateTimeOffset now, CancellationToken ct) =>
        ForgetAsync(keep.Words, now, db => db.Words.Select(w => w.CallNo), (db, no) => db.DeleteAsync(db.Words.Where(w => w.CallNo == no), ct), ct);

    public Task<int> PhotosAsync(DateTimeOffset now, CancellationToken ct) => ForgetAsync(keep.Photos, now, db => db.Photos.Where(p => p.CallNo != null).Select(p => p.CallNo!), async (db, no) =>
    {
        foreach (var photo in await db.Photos.Where(p => p.CallNo == no).ToListAsync(ct)) await ErasureCommands.DeleteAsync(db, photo, ct);
    }, ct);

    public async Task<int> LooksAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (keep.Looks is not { } days) return 0;
        var before = now.AddDays(-days);
        return await database.WriteAsync(async db =>
        {
            await database.OverwriteAsync(db, ct);
            return await db.DeleteAsync(db.Reads.Where(r => r.At < before).OrderBy(r => r.Id).Take(Bite), ct);
        }, ct);
    }

    /// <summary>Returns the number of matters whose data it deleted, at most <see cref="Bite"/>.</summary>
    private async Task<int> ForgetAsync(int? days, DateTimeOffset now, Func<DispatchDb, IQueryable<string>> holders, Func<DispatchDb, string, Task> forget, CancellationToken ct)
    {
        if (days is null) return 0;
        var (before, last, gone) = (now.AddDays(-days.Value), string.Empty, 0);
        while (gone < Bite)
        {
            var page = await PageAsync(holders, last, before, ct);
            foreach (var no in page.Take(Bite - gone))
            {
                if (await database.WriteAsync(async db =>
                {
                    if (await Person.FindAsync(db, no, ct) is not { IsOver: true } person || await IsRecentAsync(db, person, before, ct)) return false;
                    await database.OverwriteAsync(db, ct);
                    await forget(db, no);
                    return true;
                }, ct)) gone++;
            }

            if (page.Count < Bite) break;
            last = page[^1];
        }

        return gone;
    }

    /// <summary>The next matters that hold something and have not changed since; those that continue in a case that has are found by <see cref="Person"/>.</summary>
    private async Task<List<string>> PageAsync(Func<DispatchDb, IQueryable<string>> holders, string last, DateTimeOffset before, CancellationToken ct)
    {
        await using var db = database.Context();
        var (calls, matters, journal) = (db.Calls, db.Matters, db.Journal);
        return await holders(db).Distinct()
            .Where(no => string.Compare(no, last) > 0 && (calls.Any(c => c.No == no && !c.IsOpen && c.OpenedAt < before) || matters.Any(m => m.No == no && !m.IsOpen && m.OpenedAt < before)))
            .Where(no => !journal.Any(j => j.CallNo == no && j.At >= before))
            .OrderBy(no => no).Take(Bite).ToListAsync(ct);
    }

    private static async Task<bool> IsRecentAsync(DispatchDb db, Person person, DateTimeOffset before, CancellationToken ct)
    {
        string[] numbers = [.. person.Parts.Select(p => p.No)];
        return await db.Journal.AnyAsync(j => numbers.Contains(j.CallNo) && j.At >= before, ct);
    }
}
