using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// What is held of the person behind one matter, and where: the one answer for who asks to see it and who asks to have it erased. Their own case with all that was written
/// about it, except what other callers added to it; their own additions to the case in which it continues; and its children, unless those are somebody else's.
/// </summary>
/// <param name="IsOver">All of it has ended.</param>
internal sealed record Person(string No, DateTimeOffset OpenedAt, bool IsOver, IReadOnlyList<Part> Parts)
{
    /// <summary>The numbers that are the person's own, so that everything personal on them is theirs.</summary>
    public IEnumerable<string> Own => Parts.Where(p => p.Versions is null).Select(p => p.No);

    /// <summary>Null for a number that was never given.</summary>
    public static async Task<Person?> FindAsync(DispatchDb db, string no, CancellationToken ct)
    {
        if (!CallNo.IsOne(no)) return null;
        if (!CaseQueries.IsWhistle(no))
            return await db.Matters.AsNoTracking().Where(m => m.No == no).Select(m => new { m.OpenedAt, m.IsOpen }).FirstOrDefaultAsync(ct) is { } matter ? new(no, matter.OpenedAt, !matter.IsOpen, [new(no, null, [])]) : null;
        if (await BodyAsync(db, no, ct) is not { } call) return null;
        var parts = new List<Part> { new(no, null, await VersionsAsync(db, no, null, ct)) };
        var isOver = call.IsOver;
        if (call.State is CallState.Merged { Into: var into } && await BodyAsync(db, into.Value, ct) is { } leading)
        {
            parts.Add(new(into.Value, await VersionsAsync(db, into.Value, call.No, ct), []));
            isOver = leading.IsOver;
        }

        foreach (var child in call.Children)
        {
            if (!await IsForAsync(db, no, child.Value, ct) || await FindAsync(db, child.Value, ct) is not { } further) continue;
            parts.AddRange(further.Parts);
            isOver &= further.IsOver;
        }

        return new(no, call.OpenedAt, isOver, parts);
    }

    /// <summary>Their words, in the order in which they were written.</summary>
    public async Task<List<WordsRow>> WordsAsync(DispatchDb db, CancellationToken ct)
    {
        var found = new List<WordsRow>();
        foreach (var part in Parts) found.AddRange((await db.Words.Where(w => w.CallNo == part.No).OrderBy(w => w.Version).ToListAsync(ct)).Where(w => part.Has(w.Version)));
        return found;
    }

    public async Task<List<PhotoRow>> PhotosAsync(DispatchDb db, CancellationToken ct)
    {
        var found = new List<PhotoRow>();
        foreach (var part in Parts) found.AddRange((await db.Photos.Where(p => p.CallNo == part.No).OrderBy(p => p.At).ToListAsync(ct)).Where(p => part.Has(p.Version ?? 0)));
        return found;
    }

    private static async Task<WhistleCall?> BodyAsync(DispatchDb db, string no, CancellationToken ct) =>
        await db.Calls.AsNoTracking().Where(c => c.No == no).Select(c => c.Body).FirstOrDefaultAsync(ct) is { } body ? CallJson.Read(body) : null;

    /// <summary>The versions of a case that callers of cases merged into it caused: of one, or of any.</summary>
    private static async Task<HashSet<int>> VersionsAsync(DispatchDb db, string no, CallNo? of, CancellationToken ct)
    {
        var lines = await db.Journal.AsNoTracking().Where(j => j.CallNo == no && j.Detail.Contains("of:")).Select(j => new { j.Version, j.Detail }).ToListAsync(ct);
        return [.. lines.Where(l => Details.Read(l.Detail).Any(d => d is Detail.Of { No: var by } && (of is null || by == of))).Select(l => l.Version)];
    }

    /// <summary>A child is for its parent's caller, unless it names somebody with another number.</summary>
    private static async Task<bool> IsForAsync(DispatchDb db, string parent, string child, CancellationToken ct)
    {
        var people = await db.Callers.AsNoTracking().Where(c => c.CallNo == parent || c.CallNo == child).ToDictionaryAsync(c => c.CallNo, c => c.PhoneHash, ct);
        return !people.TryGetValue(child, out var named) || (named is not null && people.GetValueOrDefault(parent) is { } own && named == own);
    }
}

/// <summary>A case, or some versions of it.</summary>
/// <param name="Versions">Only these; null for all of it.</param>
/// <param name="Others">Not these: other callers caused them.</param>
internal sealed record Part(string No, HashSet<int>? Versions, HashSet<int> Others)
{
    public bool Has(int version) => Versions is null ? !Others.Contains(version) : Versions.Contains(version);
}
