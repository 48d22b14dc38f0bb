using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>What an auditor looks for, as received; every member is optional.</summary>
public sealed record AuditQuery
{
    /// <summary>yyyy-MM-dd in Asia/Shanghai, like <see cref="To"/>; both days are included.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>The id of a post, or caller, clock.</summary>
    public string? By { get; init; }

    /// <summary>A code of the journal, or of a look.</summary>
    public string? What { get; init; }

    public string? CallNo { get; init; }

    /// <summary>Only lines before this one; by default the newest.</summary>
    public string? Before { get; init; }
}

/// <summary>Finds lines of the journal and of the access log, for auditors, on the page and as a file. Every file is itself written down as a look.</summary>
public sealed class AuditQueries(Database database, Roster roster, ActQueries acts)
{
    /// <summary>Lines per page.</summary>
    public const int PageLimit = 100;

    /// <summary>The most lines of a file; a longer one is refused, not cut.</summary>
    public const int FileLimit = 20_000;

    public const string Journal = "journal", Reads = "reads";

    /// <summary>In the place of a case's number: a look at the record itself; see <see cref="ActQueries"/>.</summary>
    public const string NoCase = "";

    public async Task<Outcome<AuditView>> JournalAsync(Staff who, AuditQuery query, CancellationToken ct)
    {
        var found = await EntriesAsync(who, query, PageLimit, ct);
        return found.Value is { } lines ? new AuditView([.. lines.Take(PageLimit)], lines.Count > PageLimit ? lines[PageLimit - 1].Seq : null) : found.As<AuditView>();
    }

    public async Task<Outcome<ReadsView>> ReadsAsync(AuditQuery query, CancellationToken ct)
    {
        var found = await LooksAsync(query, PageLimit, ct);
        return found.Value is { } lines ? new ReadsView([.. lines.Take(PageLimit)], lines.Count > PageLimit ? lines[PageLimit - 1].Id : null) : found.As<ReadsView>();
    }

    /// <summary>All lines for a file, newest first.</summary>
    public async Task<Outcome<List<AuditLine>>> JournalFileAsync(Staff who, AuditQuery query, CancellationToken ct) =>
        await FileAsync(who, Journal, await EntriesAsync(who, query, FileLimit, ct), ct);

    /// <summary>The same of the access log.</summary>
    public async Task<Outcome<List<ReadLine>>> ReadsFileAsync(Staff who, AuditQuery query, CancellationToken ct) =>
        await FileAsync(who, Reads, await LooksAsync(query, FileLimit, ct), ct);

    private async Task<Outcome<List<T>>> FileAsync<T>(Staff who, string list, Outcome<List<T>> found, CancellationToken ct)
    {
        if (found.Value is not { } lines) return found;
        if (lines.Count > FileLimit) return Outcome.Bad("audit_file", FileLimit.ToString(CultureInfo.InvariantCulture)).As<List<T>>();
        await acts.LookAsync(who, list, ct);
        return found;
    }

    /// <summary>One line more than <paramref name="most"/> if there are more.</summary>
    private async Task<Outcome<List<AuditLine>>> EntriesAsync(Staff who, AuditQuery query, int most, CancellationToken ct)
    {
        if (Read(query) is not var (from, until, before)) return Outcome.Bad("audit_query").As<List<AuditLine>>();
        await using var db = database.Context();
        var rows = Sight.Of(who).EntriesIn(db).Where(j => j.Seq < before && j.At >= from && j.At < until);
        if (Said(query.By) is { } post) rows = rows.Where(j => j.ByPost == post);
        if (Said(query.What) is { } what) rows = rows.Where(j => j.What == what);
        if (Said(query.CallNo) is { } no) rows = rows.Where(j => j.CallNo == no);
        var found = await rows.OrderByDescending(j => j.Seq).Take(most + 1).Select(j => new { j.Seq, j.At, j.CallNo, j.Version, j.What, j.Answer, j.Due, j.ByPost, j.Detail }).ToListAsync(ct);
        return found.ConvertAll(j => new AuditLine(j.Seq, j.At, j.CallNo, j.Version, j.What, j.Answer, j.Due, j.ByPost, Details.Texts(Details.Read(j.Detail))));
    }

    private async Task<Outcome<List<ReadLine>>> LooksAsync(AuditQuery query, int most, CancellationToken ct)
    {
        if (Read(query) is not var (from, until, before)) return Outcome.Bad("audit_query").As<List<ReadLine>>();
        await using var db = database.Context();
        var rows = db.Reads.AsNoTracking().Where(r => r.Id < before && r.CallNo != NoCase && r.At >= from && r.At < until);
        if (Said(query.By) is { } post) rows = rows.Where(r => r.Post == post);
        if (Said(query.What) is { } what) rows = rows.Where(r => r.Looked == what);
        if (Said(query.CallNo) is { } no) rows = rows.Where(r => r.CallNo == no);
        var found = await rows.OrderByDescending(r => r.Id).Take(most + 1).ToListAsync(ct);
        return found.ConvertAll(row => new ReadLine(row.Id, row.At, LookQueries.KindOf(roster, row.Post), row.Post, row.CallNo, row.Looked, db.DataKeys.Decrypt(row.Reason)));
    }

    private static (DateTimeOffset From, DateTimeOffset Until, long Before)? Read(AuditQuery query)
    {
        var before = long.MaxValue;
        if (!Instants.TryDay(query.From, new DateOnly(2000, 1, 1), out var first) || !Instants.TryDay(query.To, new DateOnly(9000, 1, 1), out var last) || first > last
            || (Said(query.Before) is { } number && !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            || (Said(query.CallNo) is { } no && !CallNo.IsOne(no)) || new[] { query.By, query.What }.Any(text => text?.Contains('\0', StringComparison.Ordinal) is true))
            return null;
        return (Midnight(first), Midnight(last.AddDays(1)), before);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset).ToUniversalTime();

    /// <summary>An empty field means no filter.</summary>
    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
