using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>Who did what to accounts, channels, documents and the roster, for auditors. Every page that is read is itself written down as a look.</summary>
public sealed class ActQueries(Database database, TimeProvider time)
{
    /// <summary>Lines per page.</summary>
    public const int PageLimit = 100;

    public const string Settings = "settings", Roster = "roster", Looks = "looks";

    public static readonly IReadOnlyList<string> Lists = [Settings, Roster, Looks];

    private const string AccountPrefix = "account:";

    /// <param name="list">One of <see cref="Lists"/>; by default the first.</param>
    /// <param name="before">Only lines before this one; by default the newest.</param>
    public async Task<Outcome<ActsView>> AskAsync(Staff who, string? list, string? before, CancellationToken ct)
    {
        var (of, end) = (string.IsNullOrEmpty(list) ? Settings : list, long.MaxValue);
        if (!Lists.Contains(of) || (!string.IsNullOrEmpty(before) && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out end)))
            return Outcome.Bad("acts_page", string.Join(", ", Lists)).As<ActsView>();
        await LookAsync(who, of, ct);
        await using var db = database.Context();
        var lines = of switch
        {
            Settings => await db.Acts.AsNoTracking().Where(a => a.Id < end).OrderByDescending(a => a.Id).Take(PageLimit).Select(a => new ActLine(a.Id, a.At, a.ByAccount, a.What, a.Subject, a.Detail)).ToListAsync(ct),
            Roster => [.. (await db.RosterJournal.AsNoTracking().Where(l => l.Id < end).OrderByDescending(l => l.Id).Take(PageLimit).ToListAsync(ct)).Select(Line)],
            _ => await db.Reads.AsNoTracking().Where(r => r.Id < end && r.CallNo == AuditQueries.NoCase).OrderByDescending(r => r.Id).Take(PageLimit).Select(r => new ActLine(r.Id, r.At, r.Account, "read", r.Looked, string.Empty)).ToListAsync(ct),
        };
        var names = await NamesAsync(db, lines, ct);
        return new ActsView(of, [.. lines.Select(l => l with { By = names.GetValueOrDefault(l.By, l.By), Subject = Named(l.Subject, names), Detail = Named(l.Detail, names) })], lines.Count == PageLimit ? lines[^1].Id : null);
    }

    /// <summary>Writes down that an auditor reads a list; durable before it is shown.</summary>
    public Task<int> LookAsync(Staff who, string list, CancellationToken ct) => database.WriteAsync(db =>
    {
        db.Reads.Add(new ReadRow { At = time.GetUtcNow(), Account = who.Id, Post = who.Post?.Id.Value ?? string.Empty, CallNo = AuditQueries.NoCase, Looked = list, Reason = null });
        return db.SaveChangesAsync(ct);
    }, ct);

    private static ActLine Line(RosterJournalRow row) => new(
        row.Id, row.At, row.ByAccount, row.What, row.Unit,
        string.Join(' ', new[] { row.Post is { } post ? $"post:{post}" : null, row.Shift is { } shift ? $"shift:{shift.ToString(CultureInfo.InvariantCulture)}" : null, row.FromAt is { } from ? $"from:{WallClock.Write(from, "yyyy-MM-dd'T'HH:mm")}" : null, row.UntilAt is { } until ? $"until:{WallClock.Write(until, "yyyy-MM-dd'T'HH:mm")}" : null, row.Detail.Length > 0 ? row.Detail : null }.OfType<string>()));

    /// <summary>The sign-in names of the accounts that the lines name by id; closed ones keep theirs.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(DispatchDb db, List<ActLine> lines, CancellationToken ct)
    {
        var ids = lines.SelectMany(l => l.Subject.Split(' ').Concat(l.Detail.Split(' ')).Where(w => w.StartsWith(AccountPrefix, StringComparison.Ordinal)).Select(w => w[AccountPrefix.Length..]).Prepend(l.By)).Distinct().ToList();
        return await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.UserName ?? u.Id, ct);
    }

    private static string Named(string codes, Dictionary<string, string> names) => !codes.Contains(AccountPrefix, StringComparison.Ordinal) ? codes
        : string.Join(' ', codes.Split(' ').Select(w => w.StartsWith(AccountPrefix, StringComparison.Ordinal) && names.TryGetValue(w[AccountPrefix.Length..], out var name) ? AccountPrefix + name : w));
}
