using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// 给家人看的链接: the caller lets somebody else follow their case without being able to do anything in it. A code of its own, because their own may withdraw and evaluate. There
/// is at most one; it is read by <see cref="CallerQueries.SharedAsync"/>, and ends when the caller says so, or with everything personal about the case.
/// </summary>
public sealed class ShareCommands(Database database, CallerQueries reader, TimeProvider time)
{
    /// <summary>The code of the case's link; null if there is none, or the caller's own code is unknown.</summary>
    public async Task<string?> OfAsync(string tracking, CancellationToken ct)
    {
        if (await reader.FindAsync(tracking, ct) is not var (own, _)) return null;
        await using var db = database.Context();
        return await db.Shares.AsNoTracking().FirstOrDefaultAsync(s => s.CallNo == own.No.Value, ct) is { } row ? db.DataKeys.Decrypt(row.Code) : null;
    }

    /// <summary>Makes the link, or finds the one there is. A case that is over gets none.</summary>
    public async Task<Outcome> ShareAsync(string tracking, CancellationToken ct)
    {
        if (await reader.FindAsync(tracking, ct) is not var (own, leading)) return Outcome.Of(Codes.TrackingUnknown);
        if ((leading ?? own).IsOver) return Outcome.Of(Codes.CallOver);
        await database.WriteAsync(async db =>
        {
            if (await db.Shares.AnyAsync(s => s.CallNo == own.No.Value, ct)) return 0;
            db.Shares.Add(new ShareRow { CallNo = own.No.Value, Code = db.DataKeys.EncryptCode(ShareRow.CodeColumn, LinkCode.New()), At = time.GetUtcNow() });
            return await db.SaveChangesAsync(ct);
        }, ct);
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>停止分享: the link leads nowhere from now on; another one gets another code.</summary>
    public async Task<Outcome> StopAsync(string tracking, CancellationToken ct)
    {
        if (await reader.FindAsync(tracking, ct) is not var (own, _)) return Outcome.Of(Codes.TrackingUnknown);
        await database.WriteAsync(db => db.DeleteAsync(db.Shares.Where(s => s.CallNo == own.No.Value), ct), ct);
        return Outcome.Of(Codes.Ok);
    }
}
