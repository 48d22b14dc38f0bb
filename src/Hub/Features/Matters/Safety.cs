using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>
/// 平安确认: who is at the scene of an S1, or at any scene at night while alone on duty in their team, and has been silent for some minutes, is asked once whether they are safe.
/// No answer climbs to the community and the street. It is sealed: it tells nobody else where somebody is. Any act on the case counts as a sign of life, and so does the answer.
/// </summary>
public sealed class Safety(DispatchDesk desk, Database database, ProcedureBook procedures, ReachBook reach, Roster roster, MatterWorlds worlds, TimeProvider time)
{
    /// <summary>The procedure of the question.</summary>
    public const string Procedure = "safety";

    private const string Kind = "safety";

    private const int Shortest = 5, Longest = 120;

    /// <summary>How far back an answer can matter.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2 * Longest);

    /// <summary>Keeps a plan; it is an act.</summary>
    public async Task<Outcome<SafetyPlan>> PutAsync(Staff who, SafetyPlan plan, CancellationToken ct)
    {
        if (who.Post is not { } post || !worlds.OnDuty.Contains(post.Id)) return new(Outcome.Of(Codes.NotOnDuty));
        var hasNight = plan.NightFrom is not null || plan.NightUntil is not null;
        if (plan.Minutes is < Shortest or > Longest || (hasNight && (WallClock.TimeOf(plan.NightFrom) is null || WallClock.TimeOf(plan.NightUntil) is null || plan.NightFrom == plan.NightUntil))) return new(Outcome.Of("safety_bounds"));
        await Plans.KeepAsync(database, Kind, plan, ContractsJson.Default.SafetyPlan, who, time.GetUtcNow(), ct);
        return plan;
    }

    internal static async Task<SafetyPlan> PlanAsync(DispatchDb db, CancellationToken ct) =>
        (await Plans.LatestAsync(db, Kind, ContractsJson.Default.SafetyPlan, ct))?.Plan ?? new SafetyPlan(false);

    /// <summary>Asks whoever has been silent for too long, and asks nobody any more who is no longer at a scene.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        await using var db = database.Context();
        var plan = await PlanAsync(db, ct);
        var since = worlds.Now - Remembered;
        var asked = (await Sight.OfTheEngine.MattersIn(db).Where(m => m.Procedure == Procedure && m.OpenedAt >= since).Select(m => m.Body).ToListAsync(ct)).ConvertAll(ProceedingJson.Read);
        if ((!plan.On && !asked.Exists(m => m.IsOpen)) || procedures.Current.Find(Procedure) is null) return;
        var onDuty = worlds.OnDuty;
        if (onDuty.Posts.Where(p => p.Kind == PostKind.StreetDesk).OrderBy(p => p.Id.Value, StringComparer.Ordinal).FirstOrDefault() is not { } by) return; // nobody would hear of silence
        var there = (await Sight.OfTheEngine.CasesIn(db).Where(c => c.State == CallStates.OnScene).Select(c => c.Body).ToListAsync(ct)).Select(CallJson.Read)
            .Select(call => (Call: call, Post: roster.FindPost(call.Owed(AnswerKind.Arrive)?.Met?.By.Value))).Where(one => one.Post is not null && onDuty.Contains(one.Post.Id)).Select(one => (one.Call, Post: one.Post!)).ToList();
        foreach (var open in asked.Where(m => m.IsOpen))
            if (!plan.On || !there.Exists(one => one.Post.IsAmong(AskedIn(open)))) await desk.Submit(new DeskRequest.Ask(open.No, new ProceedingCommand.Cancel(new Actor.OfPost(by))), null);
        if (!plan.On) return;
        foreach (var group in there.Where(one => Concerns(plan, one.Call, one.Post, onDuty)).GroupBy(one => one.Post.Also.Append(one.Post.Id).Select(id => id.Value).Min(StringComparer.Ordinal)))
            if (await SilentSinceAsync(db, group.First().Post, [.. group.Select(one => one.Call)], asked, ct) is { } last && last + TimeSpan.FromMinutes(plan.Minutes) <= worlds.Now) await AskAsync(by, group.First().Post, group.First().Call, plan, last);
    }

    private bool Concerns(SafetyPlan plan, WhistleCall call, Post post, OnDuty onDuty) =>
        !call.Drill && (call.Level == Level.S1 || (IsNight(plan) && onDuty.Posts.Count(p => p.MayAcceptForTeam && p.Team == post.Team) <= 1));

    private bool IsNight(SafetyPlan plan) =>
        WallClock.TimeOf(plan.NightFrom) is { } from && WallClock.TimeOf(plan.NightUntil) is { } until && TimeOnly.FromTimeSpan(worlds.Now.ToOffset(WorkCalendar.Offset).TimeOfDay).IsBetween(from, until);

    /// <summary>The last sign of life; null while a question is open.</summary>
    private static async Task<DateTimeOffset?> SilentSinceAsync(DispatchDb db, Post post, List<WhistleCall> calls, List<Proceeding> asked, CancellationToken ct)
    {
        var mine = asked.FindAll(m => post.IsAmong(AskedIn(m)));
        if (mine.Exists(m => m.IsOpen)) return null;
        var (numbers, posts) = (calls.ConvertAll(c => c.No.Value), post.Also.Append(post.Id).Select(id => id.Value).ToList());
        var acted = await Sight.OfTheEngine.EntriesIn(db).Where(j => numbers.Contains(j.CallNo) && posts.Contains(j.ByPost)).MaxAsync(j => (DateTimeOffset?)j.At, ct);
        return mine.SelectMany(m => m.Given).Select(g => (DateTimeOffset?)g.At).Concat(mine.Select(m => (DateTimeOffset?)m.OpenedAt)).Append(acted).Max();
    }

    private async Task AskAsync(Post by, Post post, WhistleCall call, SafetyPlan plan, DateTimeOffset last)
    {
        var (_, zh, en) = Sentences.Find("safety_text");
        var text = string.Format(CultureInfo.InvariantCulture, reach.Rules.IsChinese ? zh : en, plan.Minutes);
        var procedure = procedures.Current.Find(Procedure)!;
        if (MatterForms.Check(procedure.FindForm(procedure.Opening), new Dictionary<string, string> { [Callouts.Text] = text }, null, null, anyway: true).Value is not { } form) return;
        var begin = new DeskRequest.Begin(Procedure, by, call.Community, call.Grid, Origin.Staff, form, Caller.Unknown)
        {
            Chosen = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty.Add(Callouts.Heard, [post.Id]),
        };
        await desk.Submit(begin, new RequestKey(Procedure, $"{call.No}-{post.Id}-{last.ToUnixTimeMilliseconds()}", string.Empty));
    }

    private static ImmutableArray<PostId> AskedIn(Proceeding matter) => matter.Chosen.GetValueOrDefault(Callouts.Heard, []);

    /// <summary>Quartz's cron, every minute on one node.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(Safety safety, ILogger<Safety> log) : IJob
    {
        public const string Cron = "10 * * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await safety.LookAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                HubLog.SafetyFailed(log, e);
            }
        }
    }
}
