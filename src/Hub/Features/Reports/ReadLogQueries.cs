using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>Who viewed the texts and personal data of which case, for auditors: posts, never accounts.</summary>
public sealed class ReadLogQueries(Database database, Roster roster)
{
    /// <summary>Entries per page.</summary>
    public const int PageLimit = 100;

    /// <summary>In the place of a case's number: a look at the record itself; see <see cref="ActQueries"/>.</summary>
    public const string NoCase = "";

    /// <param name="before">Only entries before this one; default the newest.</param>
    /// <param name="callNo">Only entries of this case.</param>
    public async Task<Outcome<ReadsView>> AskAsync(string? before, string? callNo, CancellationToken ct)
    {
        var end = long.MaxValue;
        if ((!string.IsNullOrEmpty(before) && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out end)) || (!string.IsNullOrEmpty(callNo) && !CallNo.IsOne(callNo)))
            return Outcome.Bad("reads_page").As<ReadsView>();
        await using var db = database.Context();
        var rows = await db.Reads.AsNoTracking().Where(r => r.Id < end && r.CallNo != NoCase && (string.IsNullOrEmpty(callNo) || r.CallNo == callNo)).OrderByDescending(r => r.Id).Take(PageLimit).ToListAsync(ct);
        return new ReadsView([.. rows.Select(row => Line(row, db))], rows.Count == PageLimit ? rows[^1].Id : null);
    }

    private ReadLine Line(ReadRow row, DispatchDb db) => new(
        row.Id, row.At, LookQueries.KindOf(roster, row.Post), row.Post, row.CallNo, row.Looked, db.DataKeys.Decrypt(row.Reason));
}
