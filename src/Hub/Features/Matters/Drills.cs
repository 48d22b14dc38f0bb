using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>
/// When the monthly drill begins. The instant follows from the month and a secret outside the database: all nodes agree on it, nobody can look it up, and no state says whether
/// it has been drawn.
/// </summary>
public sealed class DrillPlans(Database database, Secrets secrets, StreetBook streets, Roster roster, TimeProvider time)
{
    /// <summary>The name of its secret.</summary>
    public const string Secret = "drills";

    private const string Kind = "drills";

    private static readonly DrillPlan Off = new(false, "09:00", "17:00");

    /// <summary>Keeps a plan; it is an act.</summary>
    public async Task<Outcome<DrillPlan>> PutAsync(Staff who, DrillPlan plan, CancellationToken ct)
    {
        if (who.Post is not { } post || !roster.At(time.GetUtcNow()).Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        if (WallClock.TimeOf(plan.From) is not { } from || WallClock.TimeOf(plan.Until) is not { } until || from >= until) return new(Outcome.Of("drill_hours"));
        if (Texts.Check(plan.Text, Texts.DescriptionLimit, "note", out var text) is { } tooLong) return new(tooLong);
        if (plan.On && text.Length == 0) return new(Outcome.Of(Codes.ReasonMissing));
        if (Callouts.Choose(plan.Choose, roster.Held, OnDuty.Nobody, streets.Map) is { Ok: false } unknown) return new(unknown);
        var kept = plan with { Text = text };
        await Plans.KeepAsync(database, Kind, kept, ContractsJson.Default.DrillPlan, who, time.GetUtcNow(), ct);
        return kept;
    }

    /// <summary>The plan, and since when it holds.</summary>
    internal static async Task<(DrillPlan Plan, DateTimeOffset Since)> CurrentAsync(DispatchDb db, CancellationToken ct) =>
        await Plans.LatestAsync(db, Kind, ContractsJson.Default.DrillPlan, ct) ?? (Off, DateTimeOffset.MinValue);

    /// <summary>When this month's drill begins: any minute between the two times of day, on any day of the month.</summary>
    internal DateTimeOffset InstantOf(DrillPlan plan, DateTimeOffset month)
    {
        var local = month.ToOffset(WorkCalendar.Offset);
        var (from, until) = (WallClock.TimeOf(plan.From)!.Value, WallClock.TimeOf(plan.Until)!.Value);
        var drawn = HMACSHA256.HashData(secrets.Of(Secret), Encoding.ASCII.GetBytes(local.ToString("yyyy-MM", CultureInfo.InvariantCulture)));
        var minutes = (int)(until - from).TotalMinutes + 1;
        var of = (int)(BitConverter.ToUInt32(drawn) % (uint)(minutes * DateTime.DaysInMonth(local.Year, local.Month)));
        return new DateTimeOffset(local.Year, local.Month, 1 + (of / minutes), 0, 0, 0, WorkCalendar.Offset).Add(from.ToTimeSpan()).AddMinutes(of % minutes);
    }

    /// <summary>Whether one may begin at this time of day.</summary>
    internal static bool IsWithin(DrillPlan plan, DateTimeOffset now) =>
        TimeOnly.FromTimeSpan(now.ToOffset(WorkCalendar.Offset).TimeOfDay) is var at && at >= WallClock.TimeOf(plan.From) && at <= WallClock.TimeOf(plan.Until)!.Value.AddMinutes(1);
}

/// <summary>Begins the monthly drill, and completes call-outs that were interrupted.</summary>
public sealed class Drills(Database database, DrillPlans plans, CalloutCommands callouts, MatterWorlds worlds, ILogger<Drills> log)
{
    /// <summary>The last month with a drill, among the books: its year times twelve and its number.</summary>
    private const string Book = "drill-month";

    internal async Task LookAsync(CancellationToken ct)
    {
        await callouts.CompleteAsync(ct);
        var now = worlds.Now;
        await using var db = database.Context();
        var (plan, since) = await DrillPlans.CurrentAsync(db, ct);
        if (!plan.On || plans.InstantOf(plan, now) is var at && (at > now || at <= since) || !DrillPlans.IsWithin(plan, now)) return;
        var local = now.ToOffset(WorkCalendar.Offset);
        var month = (local.Year * 12) + local.Month;
        if (await db.Books.AsNoTracking().AnyAsync(b => b.Name == Book && b.Revision >= month, ct)) return;
        if (worlds.OnDuty.Posts.Where(p => p.Kind == PostKind.StreetDesk).OrderBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault() is not { } by) return; // who would see it? it waits
        var sent = await callouts.BeginAsync(by, new CalloutRequest { Drill = true, Text = plan.Text, Choose = plan.Choose }, new RequestKey(Book, month.ToString(CultureInfo.InvariantCulture), string.Empty), ct);
        if (!sent.Ok)
        {
            HubLog.DrillFailed(log, sent.Code);
            return;
        }

        await database.WriteAsync(async write =>
        {
            if (await write.Books.FirstOrDefaultAsync(b => b.Name == Book, ct) is { } last) last.Revision = month;
            else write.Books.Add(new BookRow { Name = Book, Revision = month });
            return await write.SaveChangesAsync(ct);
        }, ct);
    }

    /// <summary>Quartz's cron, every minute on one node.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(Drills drills, ILogger<Drills> log) : IJob
    {
        public const string Cron = "40 * * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await drills.LookAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                HubLog.DrillsFailed(log, e);
            }
        }
    }
}
