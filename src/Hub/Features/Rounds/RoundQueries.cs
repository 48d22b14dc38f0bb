using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>A visit or a call, as the home reads it.</summary>
/// <param name="By">The kind of post.</param>
/// <param name="Amiss">Something was amiss, and a whistle was blown about it.</param>
public sealed record HomeVisit(DateTimeOffset At, Named What, string By, bool Amiss);

/// <summary>Reads the rounds of a day: those that were opened, and those that are planned.</summary>
public sealed class RoundQueries(Database database, StaffSight sight, RhythmBook rhythms, RegisterBook register, StationScans scans, PolicyBook policies, StreetBook streets, Roster roster, TimeProvider time)
{
    /// <summary>How many days back and ahead can be asked for.</summary>
    public const int DaysBack = 92, DaysAhead = 60;

    /// <summary>How far back a round may have begun that is still to be walked today.</summary>
    private const int StillOpen = 7;

    private const int AheadShown = 14;

    /// <summary>Visits of a home that are shown.</summary>
    private const int MostVisits = 30;

    private WorkCalendar Calendar => policies.Current.CalendarOf(policies.Current.Latest.Version);

    /// <summary>The rounds that the asker may see; theirs first, then by place. To members of a team and a community's desk only while they are on duty.</summary>
    /// <param name="text">yyyy-MM-dd at the street. If left out, today, and with it what the asker still owes of the days before.</param>
    public async Task<Outcome<RoundList>> OfDayAsync(Staff who, string? text, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var today = DueRounds.Today(now);
        if ((string.IsNullOrEmpty(text) ? today : DueRounds.ReadDay(text)) is not { } day || day < today.AddDays(-DaysBack) || day > today.AddDays(DaysAhead)) return new(Outcome.Of("round_day"));
        var named = DueRounds.DayOf(day);
        if (!sight.IsCalled(who)) return new RoundList(named, []);
        await using var db = database.Context();
        var rows = await db.Rounds.AsNoTracking().Where(r => r.Day == named).ToListAsync(ct);
        var views = await OpenedAsync(db, who, rows, onlyMine: false, ct);
        if (string.IsNullOrEmpty(text))
        {
            var since = DueRounds.DayOf(today.AddDays(-StillOpen));
            var before = await db.Rounds.AsNoTracking().Where(r => r.Day.CompareTo(since) >= 0 && r.Day.CompareTo(named) < 0 && r.Matter != "").ToListAsync(ct);
            views.AddRange(await OpenedAsync(db, who, before, onlyMine: true, ct));
        }

        var there = rows.Select(r => (r.Rhythm, r.Place)).ToHashSet();
        if (day == today) await scans.LoadAsync(ct); // other nodes serve stations too
        if (day >= today)
            // Which posters nobody will have scanned until a later day is not known.
            views.AddRange(DueRounds.On(day, rhythms.Now.All.Where(r => day == today || r.Lists != ReviewList.Posters), register.Now.Map, register.Now.Agreed, Calendar, scans.Known).Where(d => !there.Contains((d.Rhythm.Code, d.Place)) && MaySee(who, (d.Community, d.Grid)))
                .Select(due => Hidden(who, ViewOf(due.Plan, due.Rhythm.Code, (due.Community, due.Grid), DueRounds.Begins(due.Rhythm, day), [], register.Now.Agreed))));
        return new RoundList(named, [.. views.OrderBy(v => !v.Mine).ThenBy(v => v.Due ?? v.From).ThenBy(v => v.Community, StringComparer.Ordinal).ThenBy(v => v.Grid, StringComparer.Ordinal).ThenBy(v => v.Rhythm, StringComparer.Ordinal)]);
    }

    /// <summary>The document, and what it opens in the next days.</summary>
    public RhythmsView Rhythms() => Ahead(rhythms.Now.Version, rhythms.Now.Json, rhythms.Now.All);

    internal RhythmsView Ahead(int version, string json, IEnumerable<Rhythm> all) => new(version, json, [.. DaysOf(all).Select(day => new RhythmDay(DueRounds.DayOf(day.Day),
        [.. day.Due.GroupBy(d => d.Rhythm.Code).Select(g => new RhythmCount(g.Key, g.First().Rhythm.Name, g.First().Rhythm.NameEn, g.Count(), g.Sum(d => d.Plan.Homes is null ? d.Plan.Stops.Length : 0)))]))]);

    /// <summary>A rhythm that would stop more often than anybody can walk on one of the next days; null if none would.</summary>
    internal string? TooLong(IEnumerable<Rhythm> all) => DaysOf(all).SelectMany(d => d.Due).FirstOrDefault(d => d.Plan.Stops.Length > Rhythm.MaxStops)?.Rhythm.Code;

    private IEnumerable<(DateOnly Day, List<DueRound> Due)> DaysOf(IEnumerable<Rhythm> all) =>
        Enumerable.Range(0, AheadShown).Select(DueRounds.Today(time.GetUtcNow()).AddDays).Select(day => (day, DueRounds.On(day, all, register.Now.Map, register.Now.Agreed, Calendar, scans.Known).ToList()));

    /// <summary>The rows that the asker may see, or owes; a round that is hidden from them is not there. One that is over has the homes that had agreed then.</summary>
    /// <param name="onlyMine">Those that the asker owes.</param>
    private async Task<List<RoundView>> OpenedAsync(DispatchDb db, Staff who, List<RoundRow> rows, bool onlyMine, CancellationToken ct)
    {
        var (onDuty, post) = (roster.At(time.GetUtcNow()), who.Post);
        if (who.Role is Role.Community) rows = [.. rows.Where(r => MaySee(who, AreaOf(r.Place)))];
        var numbers = rows.Where(r => r.Matter.Length > 0).Select(r => r.Matter).ToList();
        var matters = (await Sight.OfTheEngine.MattersIn(db).Where(m => numbers.Contains(m.No)).Select(m => m.Body).ToListAsync(ct)).Select(ProceedingJson.Read).ToDictionary(m => m.No.Value);
        var looks = (await db.RoundLooks.AsNoTracking().Where(l => numbers.Contains(l.Matter)).OrderBy(l => l.At).ToListAsync(ct)).ToLookup(l => l.Matter);
        var shown = new List<(RoundRow Row, RoundPlan Plan, Proceeding? Matter, bool Mine)>();
        foreach (var row in rows)
        {
            var matter = matters.GetValueOrDefault(row.Matter);
            if (row.Matter.Length > 0 && (matter is null || (post is not null && matter.Recusal.Covers(post)))) continue;
            var mine = post is not null && onDuty.Contains(post.Id) && matter is { Before.IsEmpty: true } && matter.OwedBy(post).Any();
            if (mine || (!onlyMine && MaySee(who, AreaOf(row.Place)))) shown.Add((row, RoundPlan.Read(row.Plan), matter, mine));
        }

        var over = shown.Where(s => s.Plan.Homes is not null).Select(s => OverAt(s.Row, s.Matter)).ToList();
        var past = over.Min() is { } first && over.Max() is { } last ? await PastConsents.ReadAsync(db, first, last, ct) : null;
        var views = new List<RoundView>();
        foreach (var (row, plan, matter, mine) in shown)
        {
            var area = AreaOf(row.Place);
            IReadOnlySet<(string What, string Entry)> agreed = past is not null && plan.Homes is not null && OverAt(row, matter) is { } then ? past.At(then) : register.Now.Agreed;
            if (matter is null)
            {
                var never = DueRounds.ReadDay(row.Day) is { } day ? new DateTimeOffset(day.ToDateTime(default), WorkCalendar.Offset) : default;
                views.Add(Hidden(who, ViewOf(plan, row.Rhythm, area, never, [], agreed) with { State = "notOpened" }));
                continue;
            }

            var seen = looks[row.Matter].ToList();
            var view = ViewOf(plan, row.Rhythm, area, matter.OpenedAt, seen, agreed) with { CallNo = row.Matter, State = StateOf(matter, plan, seen, agreed), Due = matter.IsOpen ? matter.Visit?.Clock?.Due : null, Mine = mine };
            if (view is { Homes: not null, State: "cancelled" }) continue; // the homes have taken it back
            view = Hidden(who, view);
            views.Add(view with { Stops = [.. await Task.WhenAll(view.Stops.Select(stop => WithoutHiddenAsync(who, stop, ct)))] });
        }

        return views;
    }

    /// <summary>When a round could be walked no more: it was answered, withdrawn or missed, or its day ended without it. Null while it can be.</summary>
    private static DateTimeOffset? OverAt(RoundRow row, Proceeding? matter) =>
        matter is not null ? matter.Before.FirstOrDefault()?.To : DueRounds.ReadDay(row.Day) is { } day ? DueRounds.Ends(day) : default(DateTimeOffset);

    /// <summary>The numbers of whistles that the asker may not see are left out: somebody may have to be kept from one.</summary>
    private async Task<RoundStop> WithoutHiddenAsync(Staff who, RoundStop stop, CancellationToken ct)
    {
        if (stop.Whistles is null) return stop;
        var seen = new List<string>();
        foreach (var no in stop.Whistles)
            if (await sight.RefusalAsync(who, no, ct) is null) seen.Add(no);
        return stop with { Whistles = seen };
    }

    /// <summary>
    /// A round whose first stage ended by its clock was missed, whoever has explained it since or would rather not; and so was one that somebody called done without having looked everywhere.
    /// </summary>
    private static string StateOf(Proceeding matter, RoundPlan plan, List<RoundLookRow> seen, IReadOnlySet<(string What, string Entry)> agreed) =>
        matter.Before.FirstOrDefault() is { Outcome: Outcomes.Lapsed } ? "missed"
        : matter.Outcome == Outcomes.Cancelled ? "cancelled"
        : matter.Before.IsEmpty ? "open"
        : plan.IsWalked(seen.ConvertAll(s => s.Stop), agreed) ? "done" : "missed";

    private static RoundView ViewOf(RoundPlan plan, string rhythm, (CommunityCode? Community, GridCode? Grid) area, DateTimeOffset from, List<RoundLookRow> seen, IReadOnlySet<(string What, string Entry)> agreed) => new()
    {
        Rhythm = rhythm, Name = plan.Name, NameEn = plan.NameEn, Community = area.Community?.Value, Grid = area.Grid?.Value, State = "planned", From = from, Mine = false,
        Checks = [.. plan.Checks.Select(c => new Named(c.Code, c.Name, c.NameEn))],
        Homes = plan.Homes,
        Stops = [.. plan.Stops.Select(stop => (stop, Looks: seen.FindAll(s => s.Stop == stop.Code))).Where(one => plan.Counts(one.stop, agreed, one.Looks.Count > 0)).Select(one => StopOf(one.stop, one.Looks))],
    };

    /// <summary>Which homes have agreed is told to whoever goes there, on the day, and to the community's desk that answers for them. Others read how many there are and how many were seen: a time or a whistle would say which.</summary>
    private static RoundView Hidden(Staff who, RoundView view) => view.Homes is null || view.Mine || (who.Role == Role.Community && who.Post?.Community?.Value == view.Community) ? view
        : view with { Stops = [.. view.Stops.Select((stop, i) => (stop, Number: (i + 1).ToString(CultureInfo.InvariantCulture))).Select(one => one.stop with { Place = one.Number, Name = one.Number, NameEn = one.Number, At = null, Whistles = null })] };

    /// <summary>Whether somebody owes a home a visit or a call now: only then are its name and number read for it.</summary>
    public async Task<bool> IsDueAsync(Staff who, string entry, CancellationToken ct)
    {
        var today = await OfDayAsync(who, null, ct);
        return today.Value?.Rounds.Any(r => r is { Homes: not null, Mine: true, State: "open" } && r.Stops.Any(s => s.Place == entry && s.At is null)) is true;
    }

    /// <summary>The visits and calls that a home has had, newest first: when, which, by whom, and whether something was amiss. Nothing else is kept of them.</summary>
    /// <param name="since">Earlier ones are of whoever lived there then.</param>
    public async Task<IReadOnlyList<HomeVisit>> VisitsOfAsync(string entry, DateTimeOffset since, CancellationToken ct)
    {
        await using var db = database.Context();
        var looks = await db.RoundLooks.AsNoTracking().Where(l => l.Stop == entry && l.At >= since).OrderByDescending(l => l.At).Take(MostVisits).ToListAsync(ct);
        var numbers = looks.Select(l => l.Matter).ToList();
        var plans = (await db.Rounds.AsNoTracking().Where(r => numbers.Contains(r.Matter)).Select(r => new { r.Matter, r.Plan }).ToListAsync(ct)).ToDictionary(r => r.Matter, r => RoundPlan.Read(r.Plan));
        return [.. looks.Where(l => plans.GetValueOrDefault(l.Matter)?.Homes is not null).Select(l => new HomeVisit(l.At, new Named(plans[l.Matter].Homes!, plans[l.Matter].Name, plans[l.Matter].NameEn), l.Post.Length == 0 ? "post" : LookQueries.KindOf(roster, l.Post), l.Whistle.Length > 0))];
    }

    /// <summary>Something amiss stays, whoever has found it in order before or after.</summary>
    private static RoundStop StopOf(PlannedStop stop, List<RoundLookRow> looks) => new RoundStop(stop.Code, stop.Name, stop.NameEn, stop.Kind) is var shown && looks.Count == 0 ? shown
        : shown with { At = looks[0].At, Found = looks.Exists(l => l.Whistle.Length > 0), Whistles = looks.Where(l => l.Whistle.Length > 0).Select(l => l.Whistle).Distinct().ToList() is { Count: > 0 } whistles ? whistles : null };

    private (CommunityCode? Community, GridCode? Grid) AreaOf(string place) => register.Now.Map.Area(place);

    private bool MaySee(Staff who, (CommunityCode? Community, GridCode? Grid) area) => who.Role switch
    {
        Role.Duty or Role.Leader => true,
        Role.Community => area.Community is not null && who.Post?.Community == area.Community,
        Role.Member => area.Grid is { } grid && who.Post is { } post && streets.Map.TeamsOf(grid).Any(t => t.Code == post.Team || post.Also.Any(also => roster.FindPost(also.Value)?.Team == t.Code)),
        _ => false,
    };
}
