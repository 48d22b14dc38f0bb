using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>Writes what was granted into the register, as a new version of the entry that names the matter; and says of every decided request how it ended. A crash leaves it to the next tick, once.</summary>
public sealed class CorrectionRuns(Database database, RegisterBook register, TimeProvider time)
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
            if (row.Matter.Length == 0 ? await CompleteAsync(db, row, ct) : await CloseAsync(db, row, ct)) closed++;
        return closed > 0 ? closed : null;
    }

    /// <summary>A crash between the matter and its row: the desk's key still knows the number. Otherwise nothing was opened, and the field is free again.</summary>
    private async Task<bool> CompleteAsync(DispatchDb db, HouseholdRequestRow row, CancellationToken ct)
    {
        if (await db.Keys.AsNoTracking().Where(k => k.Scope == HouseholdCommands.KeyOwner && k.Key == row.Id).Select(k => k.CallNo).FirstOrDefaultAsync(ct) is { Length: > 0 } no)
            return await HouseholdCommands.OpenedAsync(database, row.Id, no, ct) > 0;
        return await database.WriteAsync(write => write.DeleteAsync(write.HouseholdRequests.Where(r => r.Id == row.Id && r.Matter == ""), ct), ct) > 0;
    }

    private async Task<bool> CloseAsync(DispatchDb db, HouseholdRequestRow row, CancellationToken ct)
    {
        if (await Sight.OfTheEngine.MattersIn(db).Where(m => m.No == row.Matter).Select(m => m.Body).FirstOrDefaultAsync(ct) is not { } body) return false;
        var outcome = ProceedingJson.Read(body).Outcome;
        var change = outcome == Correction.Granted ? await ChangeAsync(db, row, ct) : null;
        var state = outcome == Correction.Granted ? change is null ? HouseholdRequestRow.Unwritable : HouseholdRequestRow.Written : outcome == Outcomes.Cancelled ? HouseholdRequestRow.Withdrawn : HouseholdRequestRow.Refused;
        return await register.PutWithAsync(change, row.Matter, async write =>
        {
            if (await write.HouseholdRequests.FirstOrDefaultAsync(r => r.Id == row.Id && r.State == HouseholdRequestRow.Open, ct) is not { } open) return false; // erased, or another node was faster
            open.State = state;
            return true;
        }, ct);
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
