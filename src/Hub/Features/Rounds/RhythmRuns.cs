using System.Data.Common;
using System.Globalization;
using System.Text;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>
/// Opens what is due today, once for each rhythm, place and day, however often the server is killed: the desk's key is made of the three. What was opened is never moved; what a new
/// document no longer holds is closed only if nobody has touched it.
/// </summary>
public sealed class RhythmRuns(Database database, DispatchDesk desk, RhythmBook rhythms, RegisterBook register, StationScans scans, ReachBook reach, ProcedureBook procedures, PolicyBook policies, Roster roster, TimeProvider time)
{
    /// <summary>How long a round waits for somebody on duty who could walk it: opened before, it would climb to the desks at once.</summary>
    public static readonly TimeSpan WaitsForSomebody = TimeSpan.FromHours(4);

    /// <summary>The last day that was looked at, among the books, in days since 0001.</summary>
    private const string Book = "rhythm-day";

    private const string KeyOwner = "rhythm";

    /// <summary>Days without a server that are noted afterwards; those before are not.</summary>
    private const int MostMissed = 31;

    /// <summary>Days after which nobody looks any more whether a round of homes has anybody left.</summary>
    private const int LongestOpen = 31;

    private WorkCalendar Calendar => policies.Current.CalendarOf(policies.Current.Latest.Version);

    internal async Task LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (day, current) = (DueRounds.Today(now), rhythms.Now);
        var named = DueRounds.DayOf(day);
        await scans.WatchAsync(register.Now.Map.Map, ct);
        await NoteMissedAsync(day, ct);
        await using var db = database.Context();
        await EndHomesAsync(db, day, now, ct);
        var opened = await db.Rounds.AsNoTracking().Where(r => r.Day == named).ToListAsync(ct);
        if (current.All.IsEmpty && opened.Count == 0) return;
        var there = opened.Select(r => (r.Rhythm, r.Place)).ToHashSet();
        foreach (var round in DueRounds.On(day, current.All, register.Now.Map, register.Now.Agreed, Calendar, scans.Known).Where(d => !there.Contains((d.Rhythm.Code, d.Place)) && IsTime(d, day, now)).ToList()) await OpenAsync(round, named, ct);
        // By the document alone: a place that the register has lost stays on the round that was begun with it.
        var held = current.All.Where(r => r.IsDueOn(day, Calendar)).Select(r => r.Code).ToHashSet();
        foreach (var gone in opened.Where(r => !held.Contains(r.Rhythm))) await CloseAsync(db, gone, ct);
    }

    /// <summary>
    /// Ends the rounds of homes, of whatever day, that have nobody left to go to because homes have taken back what they had agreed to. One that nobody has begun is withdrawn; another is
    /// answered in the name of whoever was there last. Otherwise it would lapse, and somebody would have to explain it.
    /// </summary>
    private async Task EndHomesAsync(DispatchDb db, DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        var (since, open, onDuty) = (DueRounds.DayOf(today.AddDays(-LongestOpen)), Sight.OfTheEngine.MattersIn(db).Where(m => m.IsOpen), roster.At(now));
        foreach (var row in await db.Rounds.AsNoTracking().Where(r => r.Day.CompareTo(since) >= 0 && open.Any(m => m.No == r.Matter)).ToListAsync(ct))
        {
            if (RoundPlan.Read(row.Plan) is not { Homes: not null } plan) continue;
            var looks = await db.RoundLooks.AsNoTracking().Where(l => l.Matter == row.Matter).OrderByDescending(l => l.At).ToListAsync(ct);
            if (!plan.IsWalked(looks.ConvertAll(l => l.Stop), register.Now.Agreed)) continue;
            if (looks.Count == 0) await CloseAsync(db, row, ct);
            foreach (var there in looks.Select(l => l.Post).Distinct()) // when none of them is on duty: again in a minute
                if (roster.FindPost(there) is { } post && onDuty.Contains(post.Id) && await EndAsync(db, post, row.Matter, plan, null, ct) is DeskReply.Done) break;
        }
    }

    /// <summary>
    /// Answers for the round once every place has been looked at, by whomever; null if it cannot be answered yet, or by the asker. One that is over keeps what was seen and moves no further,
    /// and one on which nobody was anywhere is not answered for.
    /// </summary>
    /// <param name="claimed">When a phone without network was tapped, as it reports.</param>
    internal async Task<DeskReply?> EndAsync(DispatchDb db, Post post, string no, RoundPlan plan, DateTimeOffset? claimed, CancellationToken ct)
    {
        var looked = await db.RoundLooks.AsNoTracking().Where(l => l.Matter == no).Select(l => l.Stop).ToListAsync(ct);
        if (looked.Count == 0 || !plan.IsWalked(looked, register.Now.Agreed) || await Sight.OfTheEngine.MattersIn(db).Where(m => m.No == no).Select(m => m.Body).FirstOrDefaultAsync(ct) is not { } body) return null;
        if (ProceedingJson.Read(body) is not { IsOpen: true, Before.IsEmpty: true } matter || matter.OwedBy(post).FirstOrDefault() is not { } owed) return null;
        return await desk.Submit(new DeskRequest.Ask(matter.No, new ProceedingCommand.Answer(new Actor.OfPost(post), owed.Key, Outcomes.Done)) { Claimed = claimed }, null);
    }

    /// <summary>Whether it may begin: its hour has come, and somebody who could walk it is on duty, or has not been for too long.</summary>
    private bool IsTime(DueRound round, DateOnly day, DateTimeOffset now)
    {
        var begins = DueRounds.Begins(round.Rhythm, day);
        if (begins > now || procedures.Current.Find(round.Rhythm.Procedure) is not { } procedure) return false;
        var kinds = procedure.Stages[0].Asks.SelectMany(a => a.Roles).OfType<Role.OfKind>().Select(r => r.Kind).ToHashSet();
        return kinds.Count == 0 || now >= begins + WaitsForSomebody || roster.At(now).Posts.Any(p => kinds.Contains(p.Kind) && (round.Grid is { } grid ? p.Grid == grid : round.Community is not { } community || p.Community == community));
    }

    /// <summary>
    /// Notes once a day what was due since the last look and was never opened, because no server ran: it stays so, whatever rhythms and register become. The register is that of the day, and so is what homes had agreed to.
    /// </summary>
    private async Task NoteMissedAsync(DateOnly today, CancellationToken ct)
    {
        long? last;
        await using (var db = database.Context()) last = await db.Books.AsNoTracking().Where(b => b.Name == Book).Select(b => (long?)b.Revision).FirstOrDefaultAsync(ct);
        if (last >= today.DayNumber) return;
        var due = new List<(string Day, DueRound Round)>();
        for (var day = today.AddDays(-(int)Math.Min(today.DayNumber - (last ?? today.DayNumber), MostMissed)); day < today; day = day.AddDays(1))
        {
            var (at, then) = (DueRounds.Ends(day), await register.AsOfAsync(DueRounds.Ends(day), ct));
            await using var db = database.Context();
            var agreed = (await PastConsents.ReadAsync(db, at, at, ct)).At(at);
            due.AddRange(DueRounds.On(day, rhythms.Now.All, then, agreed, Calendar, scans.Known).Where(d => DueRounds.Begins(d.Rhythm, day) >= rhythms.Now.Since).Select(d => (DueRounds.DayOf(day), d)));
        }

        await database.WriteAsync(async db =>
        {
            foreach (var (day, round) in due)
                if (!await db.Rounds.AnyAsync(r => r.Rhythm == round.Rhythm.Code && r.Place == round.Place && r.Day == day, ct))
                    db.Rounds.Add(new RoundRow { Rhythm = round.Rhythm.Code, Place = round.Place, Day = day, Matter = string.Empty, Plan = round.Plan.Write() });
            if (await db.Books.FirstOrDefaultAsync(b => b.Name == Book, ct) is { } book) book.Revision = today.DayNumber;
            else db.Books.Add(new BookRow { Name = Book, Revision = today.DayNumber });
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    private async Task OpenAsync(DueRound round, string day, CancellationToken ct)
    {
        if (procedures.Current.Find(round.Rhythm.Procedure) is not { } procedure || OpenedBy(round.Community) is not { } by) return; // looked at again in a minute
        var list = round.List.IsEmpty ? null : new Dictionary<string, string> { [Rhythm.ListField] = TextOf(round) };
        var form = MatterForms.Check(procedure.FindForm(procedure.Opening), list, null, null, anyway: true);
        if (form.Value is not { } filled) return;
        var key = new RequestKey(KeyOwner, string.Create(CultureInfo.InvariantCulture, $"{round.Rhythm.Code} {round.Place} {day} {rhythms.Now.Version}"), string.Empty);
        if (await desk.Submit(new DeskRequest.Begin(procedure.Code, by, round.Community, round.Grid, Origin.Staff, filled, Caller.Unknown), key) is not DeskReply.Done { Matter: var matter }) return;
        await database.WriteAsync(async db =>
        {
            if (await db.Rounds.AnyAsync(r => r.Rhythm == round.Rhythm.Code && r.Place == round.Place && r.Day == day, ct)) return 0;
            db.Rounds.Add(new RoundRow { Rhythm = round.Rhythm.Code, Place = round.Place, Day = day, Matter = matter.No.Value, Plan = round.Plan.Write() });
            return await db.SaveChangesAsync(ct);
        }, ct);
    }

    /// <summary>What a review goes through, a line each, in the language in which the street writes to people; as many as the field takes, and how many more there are.</summary>
    private string TextOf(DueRound round)
    {
        string Say(string code, params object[] with) => Sentences.Find(code) is var (_, zh, en) ? string.Format(CultureInfo.InvariantCulture, reach.Rules.IsChinese ? zh : en, with) : string.Empty;
        string Line(Listed one) => Say((round.Rhythm.Lists, one.Is) switch { (ReviewList.Expiring, true) => "review_expiring", (ReviewList.Expiring, false) => "review_expired", (_, true) => "review_scanned", _ => "review_never" },
            reach.Rules.IsChinese ? one.Name : one.NameEn, one.Code, DueRounds.DayOf(one.Day));
        var (text, most) = (new StringBuilder(), FieldText.MaxOf(FieldKind.LongText));
        for (var i = 0; i < round.List.Length; i++)
        {
            var (line, rest) = (Line(round.List[i]), Say("review_more", round.List.Length - i));
            if (text.Length + line.Length + rest.Length + 2 > most) return text.Append(rest).ToString();
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Closes a round that is no longer due, unless somebody has begun it; a later document may open it again.</summary>
    private async Task CloseAsync(DispatchDb db, RoundRow row, CancellationToken ct)
    {
        if (await Sight.OfTheEngine.MattersIn(db).Where(m => m.No == row.Matter).Select(m => m.Body).FirstOrDefaultAsync(ct) is not { } body || ProceedingJson.Read(body) is not { IsOpen: true, Before.IsEmpty: true } matter) return;
        if (matter.Visit!.Owed.Any(o => !o.Answers.IsEmpty) || await db.RoundLooks.AnyAsync(l => l.Matter == row.Matter, ct) || OpenedBy(matter.Community.Value.Length == 0 ? null : matter.Community) is not { } by) return;
        if (await desk.Submit(new DeskRequest.Ask(matter.No, new ProceedingCommand.Cancel(new Actor.OfPost(by))), null) is not DeskReply.Done) return; // nobody's desk is on duty: again in a minute
        if (RoundPlan.Read(row.Plan).Homes is not null) return; // a phone without a network may still bring what was amiss
        await database.WriteAsync(write => write.DeleteAsync(write.Rounds.Where(r => r.Rhythm == row.Rhythm && r.Place == row.Place && r.Day == row.Day), ct), ct);
    }

    /// <summary>The desk in whose name it is opened, and which hears of what is not done.</summary>
    private Post? OpenedBy(CommunityCode? community) => roster.DeskOf(community, time.GetUtcNow());

    /// <summary>Quartz's cron, every minute on one node.</summary>
    [DisallowConcurrentExecution]
    internal sealed class Job(RhythmRuns runs, ILogger<RhythmRuns> log) : IJob
    {
        public const string Cron = "25 * * * * ?";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                await runs.LookAsync(cancellationToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException)
            {
                HubLog.RhythmsFailed(log, e);
            }
        }
    }
}
