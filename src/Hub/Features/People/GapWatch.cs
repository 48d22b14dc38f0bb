using System.Data.Common;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Features.People;

/// <summary>
/// Looks <see cref="Ahead"/> for hours in which a unit is unmanned and no fallback covers it. Each is recorded once and reported to its community.
/// The street hears of its own at once, and of a community's if nothing has happened for a while or the hour is near. A notification
/// goes out when a gap appears or grows, but not for hours that only come into view as time passes.
/// </summary>
public sealed class GapWatch(Database database, CoverBook cover, ReachBook reach, TimeProvider time, ILogger<GapWatch> log)
{
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(72);

    /// <summary>How long a community has to fill a gap itself.</summary>
    public static readonly TimeSpan CommunityFirst = TimeSpan.FromHours(4);

    /// <summary>A gap nearer than this is reported to the street as well.</summary>
    public static readonly TimeSpan Near = TimeSpan.FromHours(12);

    /// <summary>How long gaps are kept after their hour.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>The time of the last check, stored among the books as Unix milliseconds.</summary>
    private const string LookBook = "gap-look";

    /// <summary>Finds, reports and closes gaps; returns how many are open.</summary>
    public async Task<int> LookAsync(CancellationToken ct)
    {
        var (now, found, told, notices) = (time.GetUtcNow(), 0, 0, 0);
        var open = await database.WriteAsync(async db =>
        {
            var pause = await SinceLastAsync(db, now, ct);
            var gaps = await cover.GapsAsync(db, cover.Units, new Stretch(now, now + Ahead), ct);
            var hours = gaps.Where(g => !g.Fallback).SelectMany(g => Hours(g).Select(hour => (g.Unit, Hour: hour))).ToHashSet();
            var (from, until) = (Cover.HourOf(now), now + Ahead);
            var rows = await db.Gaps.Where(g => g.FromAt >= from && g.FromAt < until).ToDictionaryAsync(g => (g.Unit, g.FromAt), ct);
            foreach (var (key, row) in rows)
                if (row.ClosedAt is null && !hours.Contains(key)) row.ClosedAt = now;
            var (fresh, due) = (new HashSet<(string, DateTimeOffset)>(), new HashSet<(string, DateTimeOffset)>());
            foreach (var (unit, hour) in hours.OrderBy(h => h.Unit, StringComparer.Ordinal).ThenBy(h => h.Hour))
            {
                var isNew = !rows.TryGetValue((unit, hour), out var row) || row.ClosedAt is not null;
                if (row is null) db.Gaps.Add(rows[(unit, hour)] = row = new GapRow { Unit = unit, FromAt = hour, Community = cover.CommunityOf(new DutyUnit(unit))?.Value, FoundAt = now });
                else if (row.ClosedAt is not null) (row.FoundAt, row.StreetAt, row.ClosedAt) = (now, null, null); // it was covered and no longer is
                if (isNew) fresh.Add((unit, hour));
                // Reports gaps whole: an hour brings along all consecutive hours after it.
                if (row.StreetAt is not null || !(row.Community is null || row.FoundAt + CommunityFirst <= now || hour - Near <= now || due.Contains((unit, hour.AddHours(-1))))) continue;
                row.StreetAt = now;
                due.Add((unit, hour));
            }

            (found, told) = (fresh.Count, due.Count);
            Tell(fresh, toStreet: false);
            Tell(due, toStreet: true);
            await db.SaveChangesAsync(ct);
            return hours.Count;

            void Tell(HashSet<(string Unit, DateTimeOffset Hour)> these, bool toStreet)
            {
                foreach (var (unit, hour) in these.Where(h => !these.Contains((h.Unit, h.Hour.AddHours(-1)))))
                {
                    var length = 1;
                    while (these.Contains((unit, hour.AddHours(length)))) length++;
                    if (reach.Plan is not { } plan || Enumerable.Range(0, length).All(i => GrewInto(rows[(unit, hour.AddHours(i))]))) continue;
                    foreach (var notice in plan.OfGap(new Gap(new DutyUnit(unit), hour, length), cover.CommunityOf(new DutyUnit(unit)), toStreet, now))
                    {
                        db.Outbox.Add(notice.AsRow(now));
                        notices++;
                    }
                }
            }

            // An hour that merely came into view since the last check, following another unmanned one.
            bool GrewInto(GapRow row) => row.FromAt - row.FoundAt >= Ahead - pause && hours.Contains((row.Unit, row.FromAt.AddHours(-1)));
        }, ct);
        if (notices > 0) reach.Told(notices);
        if (found + told > 0) HubLog.GapsFound(log, found, told, open);
        return open;
    }

    /// <summary>The time since any node's last check, at least an hour; records that it is now.</summary>
    private static async Task<TimeSpan> SinceLastAsync(DispatchDb db, DateTimeOffset now, CancellationToken ct)
    {
        var last = await db.Books.FirstOrDefaultAsync(b => b.Name == LookBook, ct);
        var since = last is null ? TimeSpan.Zero : now - DateTimeOffset.FromUnixTimeMilliseconds(last.Revision);
        if (last is null) db.Books.Add(last = new BookRow { Name = LookBook });
        last.Revision = now.ToUnixTimeMilliseconds();
        return since > TimeSpan.FromHours(1) ? since : TimeSpan.FromHours(1);
    }

    /// <summary>The open gaps reported to the requester, consecutive hours merged.</summary>
    public async Task<DutyGaps> OfAsync(Staff who, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = database.Context();
        var from = Cover.HourOf(now);
        var asked = db.Gaps.AsNoTracking().Where(g => g.ClosedAt == null && g.FromAt >= from);
        if (who.Post is { Kind: PostKind.StreetDesk or PostKind.Leader }) asked = asked.Where(g => g.StreetAt != null);
        else if (who.Post is { Kind: PostKind.CommunityDesk, Community: { } community }) asked = asked.Where(g => g.Community == community.Value);
        else
        {
            var units = who.Posts.Select(p => DutyUnit.Of(p).Value).ToList();
            asked = asked.Where(g => units.Contains(g.Unit));
        }

        var gaps = new List<RosterGap>();
        foreach (var row in await asked.OrderBy(g => g.Unit).ThenBy(g => g.FromAt).ToListAsync(ct))
        {
            if (gaps.Count > 0 && gaps[^1].Unit == row.Unit && gaps[^1].Until == row.FromAt) gaps[^1] = gaps[^1] with { Until = row.FromAt.AddHours(1) };
            else gaps.Add(new RosterGap(row.Unit, row.FromAt, row.FromAt.AddHours(1), Fallback: false));
        }

        // The hour that runs has begun before now; what is past cannot be covered.
        return new DutyGaps(now, [.. gaps.OrderBy(g => g.From).Select(g => g.From < now ? g with { From = now } : g)]);
    }

    /// <summary>Deletes old gaps.</summary>
    public Task<int> ForgetAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - Kept;
        return database.WriteAsync(db => db.DeleteAsync(db.Gaps.Where(g => g.FromAt < before), ct), ct);
    }

    private static IEnumerable<DateTimeOffset> Hours(RosterGap gap)
    {
        for (var hour = gap.From; hour < gap.Until; hour = hour.AddHours(1)) yield return hour;
    }

    /// <summary>Quartz's cron, every ten minutes on one node.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(GapWatch gaps, ILogger<GapWatch> log) : IJob
    {
        public const string Cron = "20 */10 * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await gaps.LookAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                HubLog.GapsFailed(log, e);
            }
        }
    }
}
