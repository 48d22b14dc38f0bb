using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>The proof that people were reached: what left the street about a case and what became of it, and figures of all of it.</summary>
public sealed class ReachProof(Database database, StaffSight sight, ReachBook book, Roster roster, TimeProvider time)
{
    /// <summary>Messages of a case that are shown.</summary>
    public const int Limit = 500;

    /// <summary>Messages that figures count; the newest, if there are more.</summary>
    public const int Counted = 100_000;

    private static readonly string[] NoWay = ["no_number", "no_text", "no_push", "no_member"];

    /// <summary>Everything that left about a case that the asker may see.</summary>
    public async Task<Outcome<CaseTold>> OfCaseAsync(Staff who, string no, CancellationToken ct)
    {
        if (await sight.RefusalAsync(who, no, ct) is { } refusal) return new(refusal);
        await using var db = database.Context();
        var rows = await db.Outbox.AsNoTracking().Where(o => o.CallNo == no && o.State != "expanded").OrderBy(o => o.NotBefore).ThenBy(o => o.Id).Take(Limit).ToListAsync(ct);
        var answers = (await db.GatewayAnswers.AsNoTracking().Where(a => a.CallNo == no && a.Code == Codes.Ok && a.Says != string.Empty).ToListAsync(ct)).ToLookup(a => (a.Channel, a.Post));
        return new CaseTold([.. rows.Select(row =>
        {
            var id = Address.PostOf(row.Address);
            var (post, answer) = (roster.FindPost(id), id is null || row.State != "sent" ? null : answers[(row.Channel, id)].OrderBy(a => a.At).FirstOrDefault(a => a.At >= row.DoneAt));
            return new ToldMessage(
                id is null ? row.Address : "post", post is null ? null : Names.Camel(post.Kind), post?.Team?.Value, post?.Community?.Value, post?.Grid?.Value, KindOf(row.Channel), row.Event, row.State, row.Why.Length > 0 ? row.Why : null, row.NotBefore,
                row.State == "sent" ? row.DoneAt : null, answer?.Says, answer?.At);
        })]);
    }

    /// <summary>Figures of the last days.</summary>
    /// <param name="days">1 to 30; others are taken as the nearest.</param>
    public async Task<ReachFigures> FiguresAsync(Staff who, int days, CancellationToken ct)
    {
        var since = time.GetUtcNow() - TimeSpan.FromDays(Math.Clamp(days, 1, (int)Outbox.KeepDone.TotalDays));
        await using var db = database.Context();
        string[] calls = [Rules.Ringing, Rules.Climbed, Rules.HelpCalled, Rules.CalledOut, Rules.Drilled];
        var rows = await db.Outbox.AsNoTracking().Where(o => o.CreatedAt >= since && calls.Contains(o.Event) && o.Address.StartsWith("post:")).OrderByDescending(o => o.Id).Take(Counted)
            .Select(o => new Sent(o.Channel, o.Address, o.CallNo, o.State, o.Why, o.NotBefore, o.DoneAt)).ToListAsync(ct);
        return new ReachFigures(
            since,
            [.. rows.GroupBy(r => KindOf(r.Channel)).OrderBy(g => g.Key, StringComparer.Ordinal).Select(OfChannel)],
            [.. await AnswersAsync(db, Sight.Of(who), since, ct)],
            [.. rows.GroupBy(r => roster.FindPost(Address.PostOf(r.Address))?.Team?.Value).Where(g => g.Key is not null).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => OfTeam(g.Key!, g))]);
    }

    private sealed record Sent(string Channel, string Address, string CallNo, string State, string Why, DateTimeOffset NotBefore, DateTimeOffset? DoneAt)
    {
        public bool IsSent => State == "sent" && DoneAt is not null;

        public double Took => Math.Max(0, (DoneAt!.Value - NotBefore).TotalSeconds);
    }

    private static ChannelReach OfChannel(IGrouping<string, Sent> of)
    {
        var took = of.Where(r => r.IsSent).Select(r => r.Took).Order().ToList();
        return new ChannelReach(of.Key, of.Count(), took.Count, of.Count(r => r.State == "skipped" && NoWay.Contains(r.Why)), of.Count(r => r.State == "dead"), Quantile(took, 0.5), Quantile(took, 0.9));
    }

    private static TeamReach OfTeam(string team, IEnumerable<Sent> of)
    {
        var cases = of.GroupBy(r => r.CallNo).ToList();
        var first = cases.Where(c => c.Any(r => r.IsSent)).Select(c => (c.Where(r => r.IsSent).Min(r => r.DoneAt)! - c.Min(r => r.NotBefore)).Value.TotalSeconds).Order().ToList();
        return new TeamReach(team, cases.Count, first.Count, Quantile(first, 0.5));
    }

    /// <summary>The first 接单 of each case, by the way it came.</summary>
    private static async Task<IEnumerable<AnswerReach>> AnswersAsync(DispatchDb db, Sight own, DateTimeOffset since, CancellationToken ct)
    {
        var accepted = Names.Camel(What.Accepted);
        var rows = await own.EntriesIn(db).Where(j => j.What == accepted && j.At >= since).OrderByDescending(j => j.Seq).Take(Counted).Select(j => new { j.CallNo, j.At, j.Detail }).ToListAsync(ct);
        var numbers = rows.Select(r => r.CallNo).Distinct().ToList();
        var opened = new Dictionary<string, DateTimeOffset>();
        foreach (var some in numbers.Chunk(1_000))
            foreach (var call in await own.CasesIn(db).Where(c => some.Contains(c.No) && !c.Card.Contains("\"drill\"")).Select(c => new { c.No, c.OpenedAt }).ToListAsync(ct)) opened[call.No] = call.OpenedAt;
        return rows.GroupBy(r => r.CallNo).Where(g => opened.ContainsKey(g.Key)).Select(g => g.MinBy(r => r.At)!)
            .Select(r => (Via: Details.Read(r.Detail).OfType<Detail.Via>().FirstOrDefault()?.Channel ?? "page", Took: (r.At - opened[r.CallNo]).TotalSeconds))
            .GroupBy(r => r.Via).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Select(r => r.Took).Order().ToList() is var took ? new AnswerReach(g.Key, took.Count, Quantile(took, 0.5), Quantile(took, 0.9)) : null!);
    }

    /// <summary>The value that this share of the sorted ones does not exceed; null if there are none.</summary>
    private static double? Quantile(List<double> sorted, double share) => sorted.Count == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>A channel that was removed is called by its code.</summary>
    private string KindOf(string channel) => book.Plan?.Channels.GetValueOrDefault(channel) is { } known ? Names.Camel(known.Kind) : channel;
}
