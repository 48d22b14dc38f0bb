using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// Duty patterns and the shifts they generate. Regenerating (new pattern, new holiday, one more day) moves only shifts that have
/// not begun and that nobody has edited: a past or running shift, a swap, a leave or a reassigned shift stays as it is.
/// </summary>
public sealed class PatternCommands(Database database, Roster roster, CoverBook cover, PolicyBook policies, TimeProvider time)
{
    /// <summary>How many days ahead shifts are generated; extended every night.</summary>
    public const int Horizon = 35;

    /// <summary>The maximum of days in one manual run.</summary>
    public const int MostDays = 100;

    /// <summary>The maximum of patterns per unit.</summary>
    public const int MostPatterns = 8;

    /// <summary>Replaces the pattern of the same name and generates its shifts up to the horizon.</summary>
    public async Task<Outcome<RosterTaken>> SaveAsync(Staff who, PatternRequest request, CancellationToken ct)
    {
        if (request.Unit is not { } name || !cover.IsUnit(name) || new DutyUnit(name) is var unit && !cover.Rosters(who, unit)) return new(Outcome.Of(Codes.UnitUnknown));
        var read = Patterns.Read(request, unit, post => Fits(post, unit, request.Standby ?? false));
        if (request.Withdrawn != true && !read.Ok) return new(read);
        var now = Rostering.Whole(time.GetUtcNow());
        var saved = await roster.EditAsync<Outcome<RosterTaken>>(async db =>
        {
            var versions = await db.Patterns.AsNoTracking().Where(p => p.Unit == name).Select(p => new { p.Code, p.Version }).ToListAsync(ct);
            var before = versions.Where(p => p.Code == request.Code).Select(p => p.Version).DefaultIfEmpty(0).Max();
            if (before == 0 && (request.Withdrawn == true || versions.Select(p => p.Code).Distinct().Count() >= MostPatterns)) return new(Outcome.Of(Codes.PatternInvalid, ("code", "code")));
            db.Patterns.Add(new PatternRow { Unit = name, Code = request.Code!, Version = before + 1, Json = request.Withdrawn == true ? string.Empty : Patterns.Write(request), At = now, ByAccount = who.Id });
            db.Note(who, now, "pattern", null, unit, detail: $"pattern:{request.Code} version:{before + 1}{(request.Withdrawn == true ? " withdrawn" : string.Empty)}");
            return new RosterTaken(0, 0, 0, []);
        }, ct);
        if (!saved.Ok) return saved;
        var today = Today(now);
        return await RunAsync(who, [unit], today, today.AddDays(Horizon), ct);
    }

    /// <summary>Regenerates the shifts of these days, for one unit or all that the requester manages.</summary>
    public async Task<Outcome<RosterTaken>> GenerateAsync(Staff who, string? unit, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        var units = cover.Units.Where(u => (unit is null || u.Value == unit) && cover.Rosters(who, u)).ToList();
        if (units.Count == 0) return new(Outcome.Of(Codes.UnitUnknown));
        if (!RosterCommands.IsDay(from) || !RosterCommands.IsDay(to)) return new(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")));
        var today = Today(time.GetUtcNow());
        var (first, last) = (from ?? today, to ?? (from ?? today).AddDays(Horizon));
        if (last < first || last.DayNumber - first.DayNumber >= MostDays || last.DayNumber - today.DayNumber > Rostering.FarthestAhead.Days) return new(Outcome.Of(Codes.ShiftInvalid, ("from, to", "from, to")));
        return await RunAsync(who, units, first, last, ct);
    }

    /// <summary>The latest version of every pattern, including withdrawn ones.</summary>
    internal static Task<List<PatternRow>> LatestAsync(DispatchDb db, IReadOnlyCollection<string> units, CancellationToken ct) =>
        db.Patterns.AsNoTracking().Where(p => units.Contains(p.Unit) && p.Version == db.Set<PatternRow>().Where(o => o.Unit == p.Unit && o.Code == p.Code).Max(o => o.Version))
            .OrderBy(p => p.Unit).ThenBy(p => p.Code).ToListAsync(ct);

    /// <summary>One transaction per unit, kept short like every write outside the desk.</summary>
    private async Task<RosterTaken> RunAsync(Staff? who, IReadOnlyCollection<DutyUnit> units, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var (made, moved, dropped) = (0, 0, 0);
        List<PatternRow> rows;
        await using (var db = database.Context()) rows = await LatestAsync(db, [.. units.Select(u => u.Value)], ct);
        var calendar = policies.Current.CalendarOf(policies.Current.Latest.Version);
        foreach (var row in rows)
        {
            var one = await database.WriteAsync(async db =>
            {
                var run = new PatternRun(db, Rostering.Whole(time.GetUtcNow()));
                var done = await run.MakeAsync(row, row.Json.Length == 0 ? null : Known(row), from, to, calendar, ct);
                if (done == (0, 0, 0)) return done;
                if (who is not null) db.Note(who, run.Now, "generated", null, new DutyUnit(row.Unit), detail: $"pattern:{row.Code} made:{done.Made} moved:{done.Moved} dropped:{done.Dropped}");
                await db.ChangedAsync(Roster.Name, ct);
                await db.SaveChangesAsync(ct);
                return done;
            }, ct);
            (made, moved, dropped) = (made + one.Made, moved + one.Moved, dropped + one.Dropped);
        }

        if (made + moved + dropped > 0) await roster.LoadAsync(ct);
        return new RosterTaken(made, moved, dropped, []);
    }

    /// <summary>As stored, whatever has since happened to its posts.</summary>
    private static Pattern Known(PatternRow row) => Patterns.Read(Patterns.Parse(row.Json), new DutyUnit(row.Unit), _ => true).Value ?? throw new InvalidOperationException($"The pattern {row.Unit} {row.Code} cannot be read.");

    private bool Fits(string id, DutyUnit unit, bool standby) =>
        roster.FindPost(id) is { } post && (DutyUnit.Of(post) == unit || (standby && post.Community == unit.Desk && DutyUnit.Mans(post)));

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.ToOffset(WorkCalendar.Offset).DateTime);

    /// <summary>Quartz's cron, four times a day on one node: extends every pattern and applies new holidays.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(PatternCommands patterns, GapWatch gaps, ILogger<PatternCommands> log) : IJob
    {
        public const string Cron = "0 5 0/6 * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await patterns.CarryOnAsync(log, cancellationToken);
                await gaps.LookAsync(cancellationToken);
                await gaps.ForgetAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                HubLog.PatternsFailed(log, e);
            }
        }
    }

    internal async Task<RosterTaken> CarryOnAsync(ILogger log, CancellationToken ct)
    {
        var today = Today(time.GetUtcNow());
        var done = await RunAsync(null, [.. cover.Units], today, today.AddDays(Horizon), ct);
        if (done is not { Made: 0, Moved: 0, Dropped: 0 }) HubLog.PatternsRun(log, done.Made, done.Moved, done.Dropped);
        return done;
    }
}

/// <summary>One pattern's shifts, in one transaction.</summary>
internal sealed class PatternRun(DispatchDb db, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    /// <param name="pattern">Null if withdrawn: its generated shifts that nobody has edited are removed.</param>
    public async Task<(int Made, int Moved, int Dropped)> MakeAsync(PatternRow row, Pattern? pattern, DateOnly from, DateOnly to, WorkCalendar calendar, CancellationToken ct)
    {
        var prefix = $"{row.Unit}/{row.Code}/";
        var (begin, end) = (Midnight(from), Midnight(to.AddDays(1)));
        var slots = (await db.Shifts.Where(s => s.From >= begin && s.From < end && s.Slot.StartsWith(prefix)).ToListAsync(ct)).ToDictionary(s => s.Slot);
        var wanted = pattern is null ? [] : pattern.Shifts(from, to, calendar).Where(s => s.Time.From > now).ToList();
        var posts = wanted.Select(s => s.Post.Value).Distinct().ToList();
        var taken = await TakenAsync(posts, prefix, begin, end.Add(Pattern.LongestShift), ct);
        var (made, moved, dropped, kept) = (0, 0, 0, new HashSet<string>());
        var held = (await Roster.HoldsAsync(db, ct)).Select(h => h.Post).ToHashSet();
        foreach (var shift in wanted.Where(s => held.Contains(s.Post.Value)))
        {
            if (slots.TryGetValue(prefix + shift.Slot, out var own) && own.State != ShiftRow.Planned) continue; // decided by hand; keep it
            var nth = 0;
            // Manual arrangements for the post come first; the plan yields.
            foreach (var piece in shift.Time.Without(taken[shift.Post.Value]))
            {
                var slot = prefix + shift.Slot + (nth++ == 0 ? string.Empty : $"~{nth}");
                kept.Add(slot);
                if (!slots.TryGetValue(slot, out var known))
                {
                    db.Shifts.Add(new ShiftRow { Post = shift.Post.Value, From = piece.From, Until = piece.Until, Slot = slot, State = ShiftRow.Planned, Standby = pattern!.Standby, ChangedAt = now });
                    made++;
                }
                else if (known.State == ShiftRow.Planned && known.From > now && (known.Post != shift.Post.Value || known.From != piece.From || known.Until != piece.Until || known.Standby != pattern!.Standby))
                {
                    (known.Post, known.From, known.Until, known.Standby, known.Version, known.ChangedAt) = (shift.Post.Value, piece.From, piece.Until, pattern!.Standby, known.Version + 1, now);
                    moved++;
                }
            }
        }

        foreach (var gone in slots.Values.Where(s => s.State == ShiftRow.Planned && s.From > now && !kept.Contains(s.Slot)))
        {
            db.Shifts.Remove(gone);
            dropped++;
        }

        return (made, moved, dropped);
    }

    /// <summary>When these posts are away, or have a shift that this pattern did not generate or may not move. Round-the-clock duties do not block.</summary>
    private async Task<ILookup<string, Stretch>> TakenAsync(List<string> posts, string prefix, DateTimeOffset from, DateTimeOffset until, CancellationToken ct)
    {
        var shifts = await db.Shifts.AsNoTracking()
            .Where(s => posts.Contains(s.Post) && s.From < until && s.Until > from && s.State != ShiftRow.Off && !(s.State == ShiftRow.Planned && s.Slot.StartsWith(prefix) && s.From > now))
            .Select(s => new { s.Post, s.From, Until = s.Until!.Value }).ToListAsync(ct);
        var absences = await db.Absences.AsNoTracking().Where(a => posts.Contains(a.Post) && a.From < until && a.Until > from).Select(a => new { a.Post, a.From, a.Until }).ToListAsync(ct);
        return shifts.Concat(absences).ToLookup(t => t.Post, t => new Stretch(t.From, t.Until));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset).ToUniversalTime();
}
