using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Roster queries: a unit over some days, and its change log.</summary>
public sealed class RosterQueries(Database database, Roster roster, CoverBook cover, PolicyBook policies, TimeProvider time)
{
    /// <summary>The maximum of days per query.</summary>
    public const int MostDays = 62;

    public const int JournalLimit = 200;

    /// <summary>When a night ends, Asia/Shanghai.</summary>
    private const int MorningHour = 8;

    /// <param name="unitName">By default the requester's own.</param>
    public async Task<Outcome<RosterView>> ViewAsync(Staff who, string? unitName, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var seen = cover.Units.Where(u => cover.Sees(who, u)).Select(u => u.Value).ToList();
        var unit = new DutyUnit(unitName ?? (who.Post is { } post ? DutyUnit.Of(post).Value : string.Empty));
        if (!seen.Contains(unit.Value)) return new(Outcome.Of(Codes.UnitUnknown));
        if (!RosterCommands.IsDay(from) || !RosterCommands.IsDay(to)) return new(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")));
        var first = from ?? DateOnly.FromDateTime(now.ToOffset(WorkCalendar.Offset).DateTime);
        var last = to ?? first.AddDays(6);
        if (last < first || last.DayNumber - first.DayNumber >= MostDays) return new(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")));
        var within = new Stretch(Midnight(first), Midnight(last.AddDays(1)));
        await using var db = database.Context();
        var posts = await PostsAsync(db, unit, ct);
        var ids = posts.Select(p => p.Id).ToList();
        var shifts = await ShiftsAsync(db, ids, within, ct);
        var absences = await db.Absences.AsNoTracking().Where(a => ids.Contains(a.Post) && a.From < within.Until && a.Until > within.From).OrderBy(a => a.From).ToListAsync(ct);
        var patterns = cover.Rosters(who, unit) ? await PatternCommands.LatestAsync(db, [unit.Value], ct) : [];
        var calendar = policies.Current.CalendarOf(policies.Current.Latest.Version);
        var ahead = within with { From = within.From > now ? within.From : now };
        return new RosterView(
            unit.Value, first, last, now, cover.Rosters(who, unit), seen, [.. Days(first, last).Where(d => !calendar.IsWorkingDay(d))], posts, [.. shifts.Select(s => s.View())],
            ahead.IsEmpty ? [] : await cover.GapsAsync(db, [unit], ahead, ct), [.. absences.Select(a => new RosterAbsence(a.Post, a.From, a.Until, a.Kind))],
            [.. patterns.Where(p => p.Json.Length > 0).Select(p => new RosterPattern(p.Code, p.Version, Patterns.Parse(p.Json)))]);
    }

    /// <summary>From now until the next eight o'clock in the morning, every unit that the requester manages.</summary>
    public async Task<RosterNight> TonightAsync(Staff who, CancellationToken ct)
    {
        var now = Rostering.Whole(time.GetUtcNow());
        var local = now.ToOffset(WorkCalendar.Offset);
        var morning = Midnight(DateOnly.FromDateTime(local.DateTime)).AddHours(MorningHour);
        var night = new Stretch(now, morning > now ? morning : morning.AddDays(1));
        var units = cover.Units.Where(u => cover.Rosters(who, u)).ToList();
        await using var db = database.Context();
        var own = units.ToHashSet();
        var posts = await HeldAsync(db, p => own.Contains(DutyUnit.Of(p)), ct);
        var shifts = await ShiftsAsync(db, [.. posts.Select(p => p.Id)], night, ct);
        var unitOf = posts.ToDictionary(p => p.Id, p => p.Unit);
        var (shiftsOf, gapsOf) = (shifts.ToLookup(s => unitOf[s.Post], s => s.View()), (await cover.GapsAsync(db, units, night, ct)).ToLookup(g => g.Unit));
        return new RosterNight(night.From, night.Until, posts, [.. units.Select(u => new RosterNightUnit(u.Value, [.. shiftsOf[u.Value]], [.. gapsOf[u.Value]]))]);
    }

    /// <summary>The latest lines of a unit's journal.</summary>
    public async Task<Outcome<RosterPage>> JournalAsync(Staff who, string? unit, CancellationToken ct)
    {
        if (unit is null || !cover.IsUnit(unit) || !cover.Rosters(who, new DutyUnit(unit))) return new(Outcome.Of(Codes.UnitUnknown));
        await using var db = database.Context();
        var lines = await db.RosterJournal.AsNoTracking().Where(l => l.Unit == unit).OrderByDescending(l => l.Id).Take(JournalLimit).ToListAsync(ct);
        return new RosterPage([.. lines.Select(l => new RosterLine(l.Id, l.At, l.ByAccount, l.ByPost, l.What, l.Unit, l.Post, l.Shift, l.FromAt, l.UntilAt, HandOverList.DetailOf(l.What, l.Detail)))]);
    }

    /// <summary>The held posts of a unit; for a community's desk, those of its teams follow, because its fallback draws on them.</summary>
    internal async Task<List<RosterPost>> PostsAsync(DispatchDb db, DutyUnit unit, CancellationToken ct) =>
        [.. (await HeldAsync(db, p => DutyUnit.Of(p) == unit || (unit.Desk is { } desk && p.Community == desk && DutyUnit.Mans(p)), ct)).OrderBy(p => p.Unit != unit.Value)];

    /// <summary>The held posts among these, by unit and kind.</summary>
    private async Task<List<RosterPost>> HeldAsync(DispatchDb db, Func<Post, bool> among, CancellationToken ct)
    {
        var names = await db.Users.AsNoTracking().Select(a => new { a.Id, a.UserName }).ToDictionaryAsync(a => a.Id, a => a.UserName, ct);
        var holds = (await Roster.HoldsAsync(db, ct)).GroupBy(h => h.Post).ToDictionary(g => g.Key, g => g.First().Account);
        return [.. roster.Posts.Where(p => holds.ContainsKey(p.Id.Value) && among(p))
            .OrderBy(p => DutyUnit.Of(p).Value, StringComparer.Ordinal).ThenBy(p => p.Kind).ThenBy(p => p.Grid?.Value, StringComparer.Ordinal).ThenBy(p => p.Id.Value, StringComparer.Ordinal)
            .Select(p => ViewOf(p, names.GetValueOrDefault(holds[p.Id.Value])))];
    }

    internal static Task<List<ShiftRow>> ShiftsAsync(DispatchDb db, List<string> posts, Stretch within, CancellationToken ct) => db.Shifts.AsNoTracking()
        .Where(s => posts.Contains(s.Post) && s.From < within.Until && (s.Until == null || s.Until > within.From) && s.State != ShiftRow.Off).OrderBy(s => s.From).ThenBy(s => s.Id).ToListAsync(ct);

    internal static RosterPost ViewOf(Post post, string? name) => new(post.Id.Value, Names.Camel(post.Kind), DutyUnit.Of(post).Value, post.Grid?.Value, name);

    internal static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset).ToUniversalTime();

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1)) yield return day;
    }
}
