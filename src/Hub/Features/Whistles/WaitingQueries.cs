using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>Cases that wait for a callback or a verification, where the stream alone does not say so.</summary>
public sealed class WaitingQueries(Database database, StaffSight staff)
{
    /// <summary>At most this many cases, the oldest first.</summary>
    public const int Limit = 1_000;

    /// <summary>The cases that wait for the caller's verdict: whether there is a number to call, never the number, and how often it was tried.</summary>
    public async Task<List<CallbackLine>> CallbacksAsync(Staff who, CancellationToken ct)
    {
        if (!staff.IsCalled(who)) return [];
        var sight = Sight.Of(who);
        await using var db = database.Context();
        var own = sight.Own?.Value;
        var waiting = await sight.CasesIn(db).Where(c => c.IsOpen && c.State == CallStates.Verified && (own == null || c.Community == own)).OrderBy(c => c.OpenedAt).Take(Limit).Select(c => new { c.No, c.Audience }).ToListAsync(ct);
        var numbers = waiting.Where(c => AudienceText.Read(c.Audience).Includes(who.Post!)).Select(c => c.No).ToList();
        var phones = (await db.Callers.AsNoTracking().Where(c => numbers.Contains(c.CallNo) && c.Phone != null).Select(c => c.CallNo).ToListAsync(ct)).ToHashSet();
        var tried = (await sight.EntriesIn(db).Where(e => e.What == "calledBack" && numbers.Contains(e.CallNo)).Select(e => new { e.CallNo, e.At }).ToListAsync(ct)).ToLookup(e => e.CallNo, e => e.At);
        return [.. numbers.Select(no => new CallbackLine(no, phones.Contains(no), tried[no].Count(), tried[no].Any() ? tried[no].Max() : null))];
    }

    /// <summary>The cases of other communities that a grid worker may verify because nobody of the case's own community is left who took no part.</summary>
    public async Task<List<CallCard>> VerifiableElsewhereAsync(Staff who, CancellationToken ct)
    {
        if (who.Post is not { Kind: PostKind.GridWorker } post || !staff.IsCalled(who)) return [];
        await using var db = database.Context();
        var own = post.Community?.Value;
        var waiting = await Sight.Of(post).CasesIn(db).Where(c => c.IsOpen && c.State == CallStates.Resolved && c.Community != own).OrderBy(c => c.OpenedAt).Take(Limit).Select(c => c.Body).ToListAsync(ct);
        return [.. waiting.Select(CallJson.Read).Where(call => staff.Covers(post, call) && !call.HasPartOf(post)).Select(Cards.Of)];
    }
}
