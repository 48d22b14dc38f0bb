using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Reads one case in its current state.</summary>
internal static class CaseQueries
{
    /// <summary>A case by its number; null if there is none or it is hidden from the asker. Whether the asker may see it is up to <see cref="Sight.Covers"/>.</summary>
    public static async Task<WhistleCall?> FindAsync(Database database, Sight sight, string callNo, CancellationToken ct)
    {
        if (!CallNo.IsOne(callNo)) return null;
        await using var db = database.Context();
        return await db.Calls.AsNoTracking().Where(c => c.No == callNo).Select(c => c.Body).FirstOrDefaultAsync(ct) is { } body && CallJson.Read(body) is var call && !sight.Hides(call) ? call : null;
    }

    /// <summary>A matter that follows a procedure, by its number; null if there is none or it is hidden from the asker.</summary>
    public static async Task<Proceeding?> FindMatterAsync(Database database, Sight sight, string callNo, CancellationToken ct)
    {
        if (!CallNo.IsOne(callNo)) return null;
        await using var db = database.Context();
        return await sight.MattersIn(db).Where(m => m.No == callNo).Select(m => m.Body).FirstOrDefaultAsync(ct) is { } body && ProceedingJson.Read(body) is var matter && !sight.Hides(matter) ? matter : null;
    }

    /// <summary>Whether a number is that of a whistle.</summary>
    internal static bool IsWhistle(string no) => MatterKinds.Of(no) == MatterKinds.Whistle;

    /// <summary>Whether a message about a matter may reach a post: it is not hidden from it and, if it is sealed, the post is one of those who are asked.</summary>
    internal static bool MayKnow(Audience? audience, Post post) => audience is null || (!audience.Recusal.Covers(post) && (!audience.Sealed || audience.Includes(post)));

    /// <summary>Whom messages about matters of any kind may reach: see <see cref="MayKnow"/>.</summary>
    internal static async Task<Dictionary<string, Audience>> AudiencesAsync(DispatchDb db, Sight sight, IReadOnlyCollection<string> numbers, CancellationToken ct)
    {
        var whistles = await sight.CasesIn(db).Where(c => numbers.Contains(c.No)).Select(c => new { c.No, c.Audience }).ToListAsync(ct);
        var others = await sight.MattersIn(db).Where(m => numbers.Contains(m.No)).Select(m => new { m.No, m.Audience }).ToListAsync(ct);
        return whistles.Concat(others).ToDictionary(c => c.No, c => AudienceText.Read(c.Audience));
    }

    /// <summary>What a message says of a matter of any kind; null if there is none.</summary>
    internal static async Task<Subject?> SubjectAsync(DispatchDb db, Sight sight, string no, CancellationToken ct) =>
        MatterKinds.Of(no) == MatterKinds.Procedure
            ? await sight.MattersIn(db).Where(m => m.No == no).Select(m => new Subject(m.Audience, m.Tracking, m.IsOpen, m.NextDue)).FirstOrDefaultAsync(ct)
            : await sight.CasesIn(db).Where(c => c.No == no).Select(c => new Subject(c.Audience, c.Tracking, c.State == CallStates.Ringing, c.NextDue)).FirstOrDefaultAsync(ct);
}

/// <summary>What a message is about.</summary>
/// <param name="Waits">Somebody is still awaited: an acceptance, or an answer.</param>
/// <param name="Due">When it moves on by itself next, for example a rung higher; null if it does not.</param>
internal sealed record Subject(string Audience, Encrypted Tracking, bool Waits, DateTimeOffset? Due);
