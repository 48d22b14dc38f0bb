using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Bench.Durable;

/// <summary>
/// The peer that most would write: the same rows by the same EF model, one transaction a call. Made as fast as it goes: contexts and
/// connections stay open, nothing is tracked for longer than its call, no change is searched for.
/// </summary>
/// <param name="gated">One context behind a gate; otherwise a context for each caller under SQLite's own lock.</param>
internal sealed class EfArm(Database database, IReadOnlyList<WhistleRows> rows, bool gated)
{
    private long _seq;

    public async Task<Run> RunAsync(Stretch stretch, int callers)
    {
        using var gate = new SemaphoreSlim(1, 1);
        var contexts = Enumerable.Range(0, gated ? 1 : callers).Select(_ => Open()).ToArray();
        var heads = contexts.Select(db => db.Heads.AsNoTracking().Single()).ToArray();
        var run = await stretch.MeasureAsync(() => { }, () => 1, [.. Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var (db, head) = (contexts[caller % contexts.Length], heads[caller % contexts.Length]);
            while (!stretch.IsOver)
            {
                if (gated) await gate.WaitAsync();
                try
                {
                    Save(db, head);
                }
                finally
                {
                    if (gated) gate.Release();
                }

                stretch.Count();
            }
        }))]);
        foreach (var db in contexts) await db.DisposeAsync();
        return run;
    }

    private DispatchDb Open()
    {
        var db = database.Context();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        db.Database.OpenConnection();
        return db;
    }

    private void Save(DispatchDb db, HeadRow head)
    {
        var seq = Interlocked.Increment(ref _seq);
        var (call, entry, key, words, caller) = rows[(int)(seq % rows.Count)].Again(seq);
        db.Entry(head).State = EntityState.Unchanged;
        head.Seq = seq;
        db.Entry(head).Property(h => h.Seq).IsModified = true;
        db.Add(call);
        db.Add(entry);
        db.Add(key);
        db.Add(words);
        db.Add(caller);
        db.SaveChanges();
        db.ChangeTracker.Clear();
    }
}
