using System.Collections.Immutable;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>Reads call-outs (叫应): who has answered, who has not and what was sent to them; and what all of them come to. No person: a post, where it is and how it answered.</summary>
public sealed class CalloutQueries(Database database, StaffSight sight, JournalQueries journal, StreetBook streets, ProcedureBook procedures, Roster roster, ReachBook reach, MatterWorlds worlds)
{
    /// <summary>Call-outs in the list.</summary>
    public const int Limit = 50;

    /// <summary>How far back the sums reach.</summary>
    public static readonly TimeSpan Summed = TimeSpan.FromDays(366);

    /// <summary>Call-outs in the sums at most.</summary>
    private const int MostSummed = 500;

    /// <summary>Whom a choice would call now.</summary>
    public Outcome<CalloutCount> Count(CalloutChoice? choice)
    {
        var onDuty = worlds.OnDuty;
        var chosen = Callouts.Choose(choice, roster.Held, onDuty, streets.Map);
        if (!chosen.Ok) return new(chosen);
        return new CalloutCount(chosen.Value.Called.Length, chosen.Value.Absent.Length, chosen.Value.Called.Count(p => roster.Unreached.Contains(p.Id)));
    }

    /// <summary>One call-out with everybody in it.</summary>
    public async Task<Outcome<CalloutView>> ViewAsync(Staff who, string no, CancellationToken ct)
    {
        var found = await sight.MatterAsync(who, no, ct);
        if (found.Value is not { } whole) return new(found);
        if (whole.Procedure != Callouts.Whole) return new(Outcome.Of(Codes.CallNotFound));
        await using var db = database.Context();
        var parts = await PartsAsync(db, Sight.Of(who.Post!), [whole], ct);
        var numbers = parts.Select(p => p.No.Value).ToList();
        var told = (await db.Outbox.AsNoTracking().Where(o => numbers.Contains(o.CallNo) && (o.Event == Rules.CalledOut || o.Event == Rules.Drilled)).OrderBy(o => o.NotBefore).ThenBy(o => o.Id).ToListAsync(ct))
            .ToLookup(o => (o.CallNo, o.Address), o => new CalloutTold(reach.Plan?.Channels.GetValueOrDefault(o.Channel) is { } channel ? Names.Camel(channel.Kind) : o.Channel, o.State, o.Why.Length > 0 ? o.Why : null, o.DoneAt));
        var (onDuty, posts) = (worlds.OnDuty, new List<CalloutPost>());
        foreach (var part in parts)
        {
            var ways = await WaysAsync(part, ct);
            posts.AddRange(Asked(part).Select(id => PostOf(id, onDuty) is var post && AnswerOf(part, id) is { } given
                ? post with { State = "answered", AnsweredAt = given.At, Seconds = (given.At - part.OpenedAt).TotalSeconds, Via = ways.GetValueOrDefault(id), Told = [.. told[(part.No.Value, Address.Post(id.Value))]] }
                : post with { State = part.IsOpen ? "waiting" : "silent", Told = [.. told[(part.No.Value, Address.Post(id.Value))]] }));
        }

        posts.AddRange(AbsentOf(whole).Select(id => PostOf(id, onDuty) with { State = "absent" }));
        var open = parts.FirstOrDefault(p => p.IsOpen);
        return new CalloutView
        {
            CallNo = no, Drill = whole.Drill, Text = await CalloutCommands.TextOfAsync(db, no, ct), Now = worlds.Now, OpenedAt = whole.OpenedAt, EndedAt = EndOf(whole, parts),
            ClimbsAt = open?.Visit?.Clock?.Due, Until = open?.Visit?.Until, Sending = Callouts.IsBeingSent(whole), MayEnd = whole.IsOpen && (who.Post!.Kind == PostKind.StreetDesk || who.Post.IsAmong([whole.Starter])),
            LimitMinutes = Limits().TotalMinutes, Figures = FiguresOf(whole, parts),
            Parts = [.. parts.Select(p => new CalloutPart(p.No.Value, p.Community.Value, Asked(p).Length, Answers(p).Count(), Names.Camel(p.Rung)))],
            Posts = [.. posts.OrderBy(p => p.State switch { "waiting" or "silent" => 0, "absent" => 1, _ => 2 }).ThenByDescending(p => p.AnsweredAt).ThenBy(p => p.Community, StringComparer.Ordinal).ThenBy(p => p.Team, StringComparer.Ordinal).ThenBy(p => p.Post, StringComparer.Ordinal)],
        };
    }

    /// <summary>The latest call-outs, and what the last year's come to.</summary>
    public async Task<Outcome<CalloutList>> ListAsync(Staff who, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        var (since, own) = (worlds.Now - Summed, Sight.Of(post));
        await using var db = database.Context();
        var bodies = await own.MattersIn(db).Where(m => m.Procedure == Callouts.Whole && m.OpenedAt >= since).OrderByDescending(m => m.OpenedAt).ThenByDescending(m => m.No).Take(MostSummed).Select(m => m.Body).ToListAsync(ct);
        var wholes = bodies.Select(ProceedingJson.Read).ToList();
        var parts = (await PartsAsync(db, own, wholes, ct)).ToLookup(p => p.Parent!.Value);
        return new CalloutList(
            since, Limits().TotalMinutes,
            [.. wholes.Take(Limit).Select(w => new CalloutLine(w.No.Value, w.Drill, w.OpenedAt, EndOf(w, parts[w.No]), FiguresOf(w, parts[w.No])))],
            [.. wholes.GroupBy(w => w.Drill).OrderBy(g => g.Key).Select(g => new CalloutSum(g.Key, g.Count(), Callouts.FiguresOf([.. g.SelectMany(w => parts[w.No]).SelectMany(Took)], g.Sum(w => AbsentOf(w).Length), Limits())))],
            (await DrillPlans.CurrentAsync(db, ct)).Plan, await Safety.PlanAsync(db, ct));
    }

    /// <summary>The report as a table for spreadsheets, times in Asia/Shanghai.</summary>
    public async Task<Outcome<byte[]>> CsvAsync(Staff who, string no, CancellationToken ct)
    {
        var found = await ViewAsync(who, no, ct);
        if (found.Value is not { } view) return new(found);
        string Word(string code) => Sentences.Find(code) is var (_, zh, en) ? $"{zh} {en}" : code;
        return Csv.Write("callout_columns", view.Posts.Select(p => new[]
        {
            view.CallNo, Word(view.Drill ? "callout_drill" : "callout_real"), p.Community ?? string.Empty, p.Team ?? string.Empty, p.Grid ?? string.Empty, p.Kind is { } kind ? Word($"post_{kind}") : string.Empty, p.Post,
            Word($"callout_{p.State}"), WallClock.Iso(view.OpenedAt), p.AnsweredAt is { } at ? WallClock.Iso(at) : string.Empty,
            p.Seconds is { } took ? took.ToString("0", System.Globalization.CultureInfo.InvariantCulture) : string.Empty, p.Via ?? string.Empty, string.Join(' ', p.Told.Where(t => t.State == "sent").Select(t => t.By).Distinct()),
        }));
    }

    private static async Task<List<Proceeding>> PartsAsync(DispatchDb db, Sight own, IReadOnlyCollection<Proceeding> wholes, CancellationToken ct)
    {
        var numbers = wholes.SelectMany(w => w.Children).Select(c => c.No.Value).ToList();
        var bodies = await own.MattersIn(db).Where(m => numbers.Contains(m.No)).OrderBy(m => m.No).Select(m => m.Body).ToListAsync(ct);
        return [.. bodies.Select(ProceedingJson.Read).OrderBy(p => p.Community.Value, StringComparer.Ordinal).ThenBy(p => p.No.Value, StringComparer.Ordinal)];
    }

    /// <summary>The kind of channel by which each post answered, where it was not a page.</summary>
    private async Task<Dictionary<PostId, string>> WaysAsync(Proceeding part, CancellationToken ct) =>
        (await journal.OfCallAsync(part.No.Value, ct)).Where(e => e.What == Names.Camel(MatterWhat.Answered))
            .SelectMany(e => ProceedingJson.Facts(e.Detail).OfType<Fact.Answered>().Select(f => (f.Given, Via: e.Detail.OfType<Detail.Via>().FirstOrDefault()?.Channel)))
            .Where(a => a.Via is not null && a.Given.For is Respondent.OfPost).GroupBy(a => ((Respondent.OfPost)a.Given.For).Post).ToDictionary(g => g.Key, g => g.First().Via!);

    private CalloutPost PostOf(PostId id, OnDuty onDuty)
    {
        var post = roster.FindPost(id.Value);
        return new CalloutPost
        {
            Post = id.Value, Kind = post is null ? null : Names.Camel(post.Kind), Community = post?.Community?.Value, Team = post?.Team?.Value, Grid = post?.Grid?.Value,
            State = string.Empty, OnDuty = onDuty.Contains(id), Told = [],
        };
    }

    private static ImmutableArray<PostId> AbsentOf(Proceeding whole) => whole.Chosen.GetValueOrDefault(Callouts.Absent, []);

    /// <summary>When its last part ended: the whole is told of it a moment later.</summary>
    private static DateTimeOffset? EndOf(Proceeding whole, IEnumerable<Proceeding> parts) => whole.EndedAt is null ? null : parts.Max(p => p.EndedAt) ?? whole.EndedAt;

    /// <summary>Everybody who was asked, whether the part is still open or not.</summary>
    private static ImmutableArray<PostId> Asked(Proceeding part) =>
        [.. (part.Visit?.Owed.SelectMany(o => o.EverAsked) ?? part.Before.SelectMany(b => b.Asked.Values).SelectMany(a => a)).OfType<Respondent.OfPost>().Select(a => a.Post).Distinct()];

    private static IEnumerable<Given> Answers(Proceeding part) => part.Given.Concat(part.Visit?.Owed.SelectMany(o => o.Answers) ?? []);

    private static Given? AnswerOf(Proceeding part, PostId post) => Answers(part).FirstOrDefault(g => g.For is Respondent.OfPost of && of.Post == post);

    private static IEnumerable<(bool Answered, TimeSpan Took)> Took(Proceeding part) => Asked(part).Select(id => AnswerOf(part, id) is { } given ? (true, given.At - part.OpenedAt) : (false, TimeSpan.Zero));

    private CalloutFigures FiguresOf(Proceeding whole, IEnumerable<Proceeding> parts) => Callouts.FiguresOf([.. parts.SelectMany(Took)], AbsentOf(whole).Length, Limits());

    private TimeSpan Limits() => procedures.Current.Find(Callouts.Part)?.Stages[0].Limit?.Length ?? TimeSpan.Zero;
}
