using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Reads the head and the journal.</summary>
public sealed class JournalQueries(Database database)
{
    /// <summary>Entries per read.</summary>
    public const int PageLimit = 1_000;

    public async Task<(string Epoch, long Seq)> HeadAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var head = await db.Heads.AsNoTracking().SingleAsync(ct);
        return (head.Epoch, head.Seq);
    }

    /// <summary>The entries after <paramref name="after"/>, in order, at most <see cref="PageLimit"/>.</summary>
    public async Task<List<JournalEntry>> ReadAsync(long after, int limit, CancellationToken ct)
    {
        await using var db = database.Context();
        var rows = await db.Journal.AsNoTracking().Where(r => r.Seq > after).OrderBy(r => r.Seq).Take(Math.Min(limit, PageLimit)).ToListAsync(ct);
        return [.. rows.Select(ToEntry)];
    }

    /// <summary>The history of one matter, in order.</summary>
    public async Task<List<JournalEntry>> OfCallAsync(string callNo, CancellationToken ct)
    {
        await using var db = database.Context();
        var rows = await db.Journal.AsNoTracking().Where(r => r.CallNo == callNo).OrderBy(r => r.Version).Take(PageLimit).ToListAsync(ct);
        return [.. rows.Select(ToEntry)];
    }

    private static JournalEntry ToEntry(JournalRow row)
    {
        var audience = AudienceText.Read(row.Audience);
        return new JournalEntry
        {
            Seq = row.Seq,
            Kind = row.Kind ?? JournalEntry.Whistle,
            CallNo = row.CallNo,
            Version = row.Version,
            At = row.At,
            By = row.ByPost,
            What = row.What,
            Answer = row.Answer,
            Due = row.Due,
            Detail = Details.Read(row.Detail),
            Audience = audience,
            Before = row.AudienceBefore is { } before ? AudienceText.Read(before) : audience,
            Card = System.Text.Encoding.UTF8.GetBytes(row.Card),
        };
    }
}
