using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The result of reading a roster file.</summary>
/// <param name="Unusable">Why the file could not be read at all; null if it could.</param>
public sealed record RosterImport(int Taken, IReadOnlyList<RefusedLine> Refused, Words? Unusable);

/// <summary>
/// A roster as a table: who (a sign-in name or a post's id), from, until ("2026-03-12 08:00" in Asia/Shanghai), and standby (yes or empty). A rejected line does not
/// stop the others; an existing line counts as imported and changes nothing. Atomic.
/// </summary>
public sealed class RosterFile(Database database, Roster roster, CoverBook cover, TimeProvider time)
{
    public const int MaxLines = 20_000;

    /// <summary>The file name used for uploads.</summary>
    public const string Sent = "roster.csv";

    private const string Form = "yyyy-MM-dd HH:mm";

    /// <summary>Shifts that ended less than this ago are known when their own table comes back.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(400);

    /// <param name="who">Whose rights apply; null for the administrator on the command line.</param>
    public async Task<RosterImport> TakeAsync(Staff? who, string name, Func<Stream?> open, CancellationToken ct)
    {
        var shape = new CsvShape(name, MaxLines, "who", "from", "until") { Optional = ["standby"] };
        return CsvTable.Read(shape, _ => open()) switch
        {
            CsvTable.Usable table => await roster.EditAsync(db => TakeAsync(db, who, table, ct), ct),
            CsvTable.Unusable unusable => new RosterImport(0, [], unusable.Why),
            _ => throw new InvalidOperationException("A table is usable or not."),
        };
    }

    /// <summary>A unit's shifts over some days, for spreadsheets: with a byte order mark and escaped formulas.</summary>
    public async Task<Outcome<byte[]>> WriteAsync(Staff who, string? unitName, DateOnly from, DateOnly to, CancellationToken ct)
    {
        if (unitName is null || !cover.IsUnit(unitName) || !cover.Sees(who, new DutyUnit(unitName))) return new(Outcome.Of(Codes.UnitUnknown));
        if (!RosterCommands.IsDay(from) || !RosterCommands.IsDay(to) || to < from || to.DayNumber - from.DayNumber >= PatternCommands.MostDays) return new(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")));
        await using var db = database.Context();
        var names = (await db.Users.AsNoTracking().Where(a => a.Post != null && a.UserName != null).Select(a => new { a.Post, a.UserName }).ToListAsync(ct)).DistinctBy(a => a.Post).ToDictionary(a => a.Post!, a => a.UserName!);
        var posts = roster.Posts.Where(p => DutyUnit.Of(p).Value == unitName).Select(p => p.Id.Value).ToList();
        var shifts = await RosterQueries.ShiftsAsync(db, posts, new Stretch(RosterQueries.Midnight(from), RosterQueries.Midnight(to.AddDays(1))), ct);
        return Csv.Write([
            ["who", "from", "until", "standby"],
            .. shifts.Where(s => s.Until is not null).Select(s => (string[])[names.GetValueOrDefault(s.Post, s.Post), WallClock.Write(s.From, Form), WallClock.Write(s.Until!.Value, Form), s.Standby ? "yes" : string.Empty]),
        ]);
    }

    private async Task<RosterImport> TakeAsync(DispatchDb db, Staff? who, CsvTable.Usable table, CancellationToken ct)
    {
        var now = Rostering.Whole(time.GetUtcNow());
        var (names, oldest) = (await NamesAsync(db, ct), now - Remembered);
        var held = (await Roster.HoldsAsync(db, ct)).Select(h => h.Post).ToHashSet();
        var known = (await db.Shifts.AsNoTracking().Where(s => s.Until > oldest && s.State != ShiftRow.Off).Select(s => new { s.Post, s.From, Until = s.Until!.Value }).ToListAsync(ct))
            .GroupBy(s => s.Post).ToDictionary(g => g.Key, g => g.Select(s => new Stretch(s.From, s.Until)).ToList());
        var (taken, refused) = (0, new List<RefusedLine>(table.Refused));
        foreach (var row in table.Rows)
        {
            if (Line(row, who, names, held, known, now, out var shift) is { } why) refused.Add(new RefusedLine(table.Shape.File, row.Line, why));
            else taken++;
            if (shift is not null) db.Shifts.Add(shift);
        }

        db.RosterJournal.Add(new RosterJournalRow { At = now, ByAccount = who?.Id ?? "import", ByPost = who?.Post?.Id.Value, What = "imported", Unit = DutyUnit.Street.Value, Detail = $"taken:{taken} refused:{refused.Count}" });
        return new RosterImport(taken, [.. refused.OrderBy(r => r.Line)], null);
    }

    private Words? Line(CsvLine row, Staff? who, Dictionary<string, string> names, HashSet<string> held, Dictionary<string, List<Stretch>> known, DateTimeOffset now, out ShiftRow? shift)
    {
        shift = null;
        var said = Account.NameOf(row["who"]).ToUpperInvariant();
        var id = names.GetValueOrDefault(said, row["who"]);
        if (id == row["who"] && Cells.WithZeros(said, names.Keys) is { } whole && whole != said) return StreetWords.Say("roster_who_zeros", row["who"], whole);
        if (roster.FindPost(id) is not { } post || !held.Contains(id) || (who is not null && !cover.Rosters(who, DutyUnit.Of(post)))) return StreetWords.Say("roster_who_unknown", row["who"]);
        if (InstantOf(row["from"]) is not { } from) return StreetWords.Say("roster_time_invalid", row["from"]);
        if (InstantOf(row["until"]) is not { } until) return StreetWords.Say("roster_time_invalid", row["until"]);
        if (until <= from || until - from > Pattern.LongestShift || from > now + Rostering.FarthestAhead) return StreetWords.Say("roster_stretch_invalid", row["from"], row["until"]);
        var standby = StreetWords.Means(row["standby"], "word_yes");
        if (!standby && row["standby"].Length > 0 && !StreetWords.Means(row["standby"], "word_no")) return StreetWords.Say("roster_standby_invalid", row["standby"]);
        var time = new Stretch(from, until);
        if (!known.TryGetValue(id, out var others)) known.Add(id, others = []);
        if (others.Contains(time)) return null; // there already, as in a table of our own
        if (until <= now || from < now) return StreetWords.Say("roster_past", row["from"]);
        if (others.Exists(time.Overlaps)) return StreetWords.Say("roster_overlaps", row["who"], row["from"]);
        others.Add(time);
        shift = new ShiftRow { Post = id, From = from, Until = until, Standby = standby, ChangedAt = now };
        return null;
    }

    /// <summary>Maps upper-case sign-in names to the account's own post.</summary>
    private static async Task<Dictionary<string, string>> NamesAsync(DispatchDb db, CancellationToken ct) =>
        await db.Users.AsNoTracking().Where(a => a.Post != null && a.NormalizedUserName != null).ToDictionaryAsync(a => a.NormalizedUserName!, a => a.Post!, ct);

    private static DateTimeOffset? InstantOf(string text) =>
        TableTimes.WallOf(text) is { Year: >= 2000 and <= 9000 } wall
            ? new DateTimeOffset(wall, WorkCalendar.Offset).ToUniversalTime() : null;
}
