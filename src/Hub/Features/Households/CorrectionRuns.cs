using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>Writes what was granted into the register, as a new version of the entry that names the matter; and says of every decided request how it ended. A crash leaves it to the next tick, once.</summary>
public sealed class CorrectionRuns(Database database, HouseholdCommands commands, RegisterBook register, TimeProvider time)
{
    /// <summary>Requests in one batch.</summary>
    public const int Bite = 64;

    /// <summary>How long a request that has no matter yet waits for its sender to complete it.</summary>
    public static readonly TimeSpan Waits = TimeSpan.FromMinutes(10);

    /// <summary>How many were closed; null if there was nothing to do.</summary>
    public async Task<int?> BiteAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var (late, ended) = (time.GetUtcNow() - Waits, Sight.OfTheEngine.MattersIn(db).Where(m => !m.IsOpen));
        var rows = await db.HouseholdRequests.AsNoTracking().Where(r => r.State == HouseholdRequestRow.Open && ((r.Matter == "" && r.At <= late) || ended.Any(m => m.No == r.Matter))).OrderBy(r => r.At).Take(Bite).ToListAsync(ct);
        var closed = 0;
        foreach (var row in rows)
            if (row.Matter.Length == 0 ? await commands.SettleAsync(row, ct) : await CloseAsync(db, row, ct)) closed++;
        return closed > 0 ? closed : null;
    }

    private async Task<bool> CloseAsync(DispatchDb db, HouseholdRequestRow row, CancellationToken ct)
    {
        if (await Sight.OfTheEngine.MattersIn(db).Where(m => m.No == row.Matter).Select(m => m.Body).FirstOrDefaultAsync(ct) is not { } body) return false;
        var (state, change) = await EndAsync(db, row, ProceedingJson.Read(body).Outcome, ct);
        return await register.PutWithAsync(change, row.Matter, async write =>
        {
            if (await write.HouseholdRequests.FirstOrDefaultAsync(r => r.Id == row.Id && r.State == HouseholdRequestRow.Open, ct) is not { } open) return false; // erased, or another node was faster
            open.State = state;
            return true;
        }, ct);
    }

    /// <summary>How it ends, and what is written for it.</summary>
    private async Task<(string State, EntryChange? Change)> EndAsync(DispatchDb db, HouseholdRequestRow row, string? outcome, CancellationToken ct)
    {
        if (outcome != Correction.Granted) return (outcome == Outcomes.Cancelled ? HouseholdRequestRow.Withdrawn : HouseholdRequestRow.Refused, null);
        if (await ChangeAsync(db, row, ct) is not { } change) return (HouseholdRequestRow.Unwritable, null);
        if (await IsOvertakenAsync(db, row, change, ct)) return (HouseholdRequestRow.Overtaken, null);
        return (HouseholdRequestRow.Written, change);
    }

    /// <summary>Whether somebody has written the field since it was asked for, and something else than what was granted: whoever granted it may not have seen that.</summary>
    private static async Task<bool> IsOvertakenAsync(DispatchDb db, HouseholdRequestRow row, EntryChange change, CancellationToken ct)
    {
        var since = await db.Entries.AsNoTracking().Where(e => e.Code == row.Entry && e.Version > row.Version).Select(e => e.Changed).ToListAsync(ct);
        if (!since.Exists(changed => changed.Split(' ').Contains(EntryRow.Field + row.Field))) return false;
        var fields = (await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == row.Entry, ct))?.Read(db.DataKeys) ?? [];
        return fields.GetValueOrDefault(row.Field) != change.Fields.GetValueOrDefault(row.Field);
    }

    /// <summary>What is to be written, checked against the register and its kinds as they are now; null if it cannot be, or if what was asked is no longer kept.</summary>
    private async Task<EntryChange?> ChangeAsync(DispatchDb db, HouseholdRequestRow row, CancellationToken ct)
    {
        var (now, at) = (register.Now, time.GetUtcNow());
        if (now.Map.Find(row.Entry) is not { } entry || entry.Until <= at || now.Map.Kinds.Find(entry.Kind)?.FindField(row.Field) is not { } field) return null;
        var words = await db.Words.Where(w => w.CallNo == row.Matter && w.Kind == ProcedureKind.FormWords).OrderBy(w => w.Version).ReadAsync(db, ct);
        if (words.Select(w => MatterForms.Read(w.Words)).FirstOrDefault(f => f is { Owed: null })?.Values is not { } asked) return null;
        if (asked.ContainsKey(Correction.Remove)) return field.Required ? null : new EntryChange(entry, new Dictionary<string, string?> { [field.Key] = null }, now.Versions[row.Entry]);
        if (!asked.TryGetValue(Correction.Value, out var value)) return null;
        var (taken, _) = new EntryReading(now, at).Read([new EntryDraft(0, new Dictionary<string, string> { [EntryColumns.Code] = entry.Code, [field.Key] = value })]);
        return taken is [var change] ? change : null;
    }
}
