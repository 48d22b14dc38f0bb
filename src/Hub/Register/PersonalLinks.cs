using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Register;

/// <summary>Somewhere that a report can be about: a grid, or a place of the register in one.</summary>
/// <param name="Value">As a form sends it: the grid's code and, for a place of the register, its code after a slash.</param>
/// <param name="Entry">Null for the grid itself.</param>
public sealed record ReportPlace(string Value, GridCode Grid, Entry? Entry);

/// <summary>Whoever reports by a personal link.</summary>
/// <param name="Bearer">Stands for them where their reports are kept; says nothing about them.</param>
/// <param name="Places">What they can report about; the first is where they are written down.</param>
public sealed record Reporter(Entry Entry, string Bearer, IReadOnlyList<ReportPlace> Places);

/// <summary>
/// The personal links (上报链接) of people in the register, of the kinds that say so. A link is handed over in person, is shown once and stored as a hash. It ends when it is
/// renewed or withdrawn, when its entry counts no longer, is erased, or is reached at another number: then somebody else is meant. Whoever gets the next one sees nothing of the last one's reports.
/// </summary>
public sealed class PersonalLinks(RegisterBook book, Database database, TimeProvider time)
{
    /// <summary>Links deleted at once.</summary>
    public const int Bite = 200;

    /// <summary>Places that one link offers.</summary>
    public const int MostPlaces = 200;

    /// <summary>Whether they may give and take back the link of an entry: its community's desk, the worker of the grid in which it lies, or the street's organiser.</summary>
    public bool MayIssue(Staff who, string code)
    {
        var map = book.Now.Map;
        if (!Access.May(who, RegisterRights.IssueLinks) || map.Find(code) is not { } entry || map.Kinds.Find(entry.Kind) is not { Reports: true }) return false;
        var (community, grid) = map.Area(entry.Place);
        return who.Role == Role.Admin || who.Post switch
        {
            { Kind: PostKind.CommunityDesk, Community: { } own } => own == community,
            { Kind: PostKind.GridWorker, Grid: { } own } => own == grid,
            _ => false,
        };
    }

    /// <summary>Gives a link, or renews it: the earlier one leads nowhere from then on, and its bearer keeps their list.</summary>
    /// <returns>The code, which is stored nowhere.</returns>
    public async Task<Outcome<string>> IssueAsync(Staff who, string code, CancellationToken ct)
    {
        var (now, map) = (time.GetUtcNow(), book.Now.Map);
        if (map.Find(code) is not { } entry || !new RegisterSight(who, map).Sees(entry)) return new(Outcome.Of("entry_unknown"));
        if (!MayIssue(who, code)) return new(Outcome.Of("link_foreign"));
        if (!entry.IsAt(now)) return new(Outcome.Of("link_over"));
        var made = LinkCode.New();
        await database.WriteAsync(async db =>
        {
            var row = await db.PersonalLinks.FirstOrDefaultAsync(l => l.Entry == code, ct);
            if (row is null) db.PersonalLinks.Add(row = new PersonalLinkRow { Entry = code, Hash = string.Empty, Bearer = LinkCode.New(), ByAccount = who.Id });
            (row.Hash, row.At, row.ByAccount) = (LinkCode.HashOf(made), now, who.Id);
            db.Act(who.Id, now, Acts.LinkIssued, $"entry:{code}");
            return await db.SaveChangesAsync(ct);
        }, ct);
        return made;
    }

    /// <summary>Takes the link back, and with it the list of what was reported by it; the cases go on.</summary>
    public async Task<Outcome> WithdrawAsync(Staff who, string code, CancellationToken ct)
    {
        var map = book.Now.Map;
        if (map.Find(code) is not { } entry || !new RegisterSight(who, map).Sees(entry)) return Outcome.Of("entry_unknown");
        if (!MayIssue(who, code)) return Outcome.Of("link_foreign");
        await database.WriteAsync(async db =>
        {
            if (await EndAsync(db, [code], ct) > 0) db.Act(who.Id, time.GetUtcNow(), Acts.LinkWithdrawn, $"entry:{code}");
            return await db.SaveChangesAsync(ct);
        }, ct);
        return Outcome.Of(Codes.Ok);
    }

    /// <summary>Since when an entry has its link, and who gave it; null if it has none that counts.</summary>
    public async Task<(DateTimeOffset At, string By)?> OfAsync(string code, CancellationToken ct)
    {
        await using var db = database.Context();
        if (await db.PersonalLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Entry == code, ct) is not { } row || !Counts(book.Now.Map.Find(code))) return null;
        return (row.At, await db.Users.AsNoTracking().Where(u => u.Id == row.ByAccount).Select(u => u.UserName).FirstOrDefaultAsync(ct) ?? row.ByAccount);
    }

    /// <summary>Whoever holds a link; null if its code is unknown, or it has ended.</summary>
    public async Task<Reporter?> FindAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsOne(code)) return null;
        var hash = LinkCode.HashOf(code);
        await using var db = database.Context();
        if (await db.PersonalLinks.AsNoTracking().FirstOrDefaultAsync(l => l.Hash == hash, ct) is not { } row) return null;
        return book.Now.Map.Find(row.Entry) is { } entry && Counts(entry) ? new Reporter(entry, row.Bearer, [.. PlacesOf(entry).DistinctBy(p => p.Value).Take(MostPlaces)]) : null;
    }

    /// <summary>The place that a form has sent, whoever sent it; null if there is none.</summary>
    public ReportPlace? PlaceOf(string? value)
    {
        var map = book.Now.Map;
        if (value?.Split('/') is not [var grid, .. var within] || within.Length > 1 || map.Map.FindGrid(grid) is not { } known) return null;
        if (within is not [var code]) return new ReportPlace(value, known.Code, null);
        return map.Find(code) is { } entry && IsNamed(entry) && map.Area(code).Grid == known.Code ? new ReportPlace(value, known.Code, entry) : null;
    }

    /// <summary>Deletes the links of entries that count no longer.</summary>
    internal async Task<int> ForgetAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = database.Context();
        List<string> over = [.. (await db.PersonalLinks.AsNoTracking().Select(l => l.Entry).ToListAsync(ct)).Where(code => book.Now.Map.Find(code) is not { } entry || !entry.IsAt(now)).Take(Bite)];
        return over.Count == 0 ? 0 : await database.WriteAsync(db => EndAsync(db, over, ct), ct);
    }

    /// <summary>Ends links in the transaction of whoever calls, with what was kept of their reports.</summary>
    /// <returns>How many there were.</returns>
    internal static async Task<int> EndAsync(DispatchDb db, IReadOnlyCollection<string> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return 0;
        var rows = await db.PersonalLinks.Where(l => entries.Contains(l.Entry)).ToListAsync(ct);
        if (rows.Count == 0) return 0;
        var bearers = rows.Select(l => l.Bearer).ToList();
        db.RemoveRange(await db.Reports.Where(r => bearers.Contains(r.Bearer)).ToListAsync(ct));
        db.RemoveRange(rows);
        await db.SaveChangesAsync(ct);
        return rows.Count;
    }

    private bool Counts(Entry? entry) => entry is not null && entry.IsAt(time.GetUtcNow()) && book.Now.Map.Kinds.Find(entry.Kind) is { Reports: true };

    /// <summary>Where the entry stands, with what surrounds it up to the grid, then what it holds elsewhere, then the places within those grids.</summary>
    private IEnumerable<ReportPlace> PlacesOf(Entry entry)
    {
        var (map, now) = (book.Now.Map, time.GetUtcNow());
        List<string> own = [entry.Place, .. entry.Ties.Where(t => t.IsAt(now)).Select(t => t.Place)];
        List<string> around = [.. own.SelectMany(place => map.Outwards(place).TakeWhile(at => map.KindOf(at) != Kinds.Community && at != Kinds.Street)).Distinct()];
        List<string> grids = [.. own.SelectMany(place => GridsOf(map, place)).Distinct()];
        // Whoever is written down in one building looks after that one; whoever has a grid has what stands in it.
        var within = grids.Where(grid => own.Contains(grid) || own.Any(place => map.KindOf(place) == Kinds.Community)).SelectMany(grid => Within(map, grid));
        return around.Concat(grids).Concat(within).Select(place => AsPlace(map, place)).OfType<ReportPlace>();
    }

    private static IEnumerable<string> GridsOf(RegisterMap map, string place) => map.Area(place) switch
    {
        { Grid: { } grid } => [RegisterMap.Of(grid)],
        { Community: { } community } => map.Map.Grids.Where(g => g.Community == community).Select(g => RegisterMap.Of(g.Code)),
        _ => [],
    };

    private IEnumerable<string> Within(RegisterMap map, string place) => map.Within(place).Where(IsNamed).SelectMany(entry => Within(map, entry.Code).Prepend(entry.Code));

    private ReportPlace? AsPlace(RegisterMap map, string place)
    {
        if (map.Area(place).Grid is not { } grid) return null;
        if (map.Find(place) is not { } entry) return new ReportPlace(grid.Value, grid, null);
        return IsNamed(entry) ? new ReportPlace($"{grid.Value}/{entry.Code}", grid, entry) : null;
    }

    /// <summary>Whether a place may be named to whoever holds a link: a kind that can stand in a grid itself, such as a building. Doors are people's homes.</summary>
    private bool IsNamed(Entry entry) =>
        entry.IsAt(time.GetUtcNow()) && book.Now.Map.Kinds.Find(entry.Kind) is { Family: Family.Place } kind && kind.In.Contains(Kinds.Grid) && kind.Fields.All(f => f.Privacy.IsForStaff);
}
