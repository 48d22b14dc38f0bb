using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Rates;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>An answer that was late on the day of the brief; of several cases of one cause under one lead, the one due first.</summary>
/// <param name="Others">The numbers of the others, in the order of <see cref="Call"/>.</param>
public sealed record BriefLapse(CallCard Call, string Answer, DateTimeOffset Due, IReadOnlyList<string> Others)
{
    public int Cases => Others.Count + 1;
}

/// <summary>An open case under 督办; of several of one cause under one lead, the one due first.</summary>
/// <param name="Others">The numbers of the others.</param>
public sealed record BriefSlip(CallCard Call, IReadOnlyList<string> Others);

/// <summary>Posts of one kind that were on duty on the day, at the street or in the reader's community.</summary>
/// <param name="Post">The kind of post.</param>
/// <param name="From">Not before the day's start; <paramref name="Until"/> is not after its end.</param>
public sealed record BriefDuty(string Post, int Posts, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A repeat of the same category in the same grid, to look into before the next whistle (未诉先办).</summary>
public sealed record BriefRepeat(string Grid, string Category, int Cases);

/// <summary>An open case that waits for someone other than its lead.</summary>
/// <param name="On">party, decision, city or pause.</param>
/// <param name="Whom">The party's code, the petition's kind, or empty.</param>
/// <param name="Due">When that answer, decision or pause is due, not what else the case owes. Null if no clock runs: a requested exemption.</param>
/// <param name="Others">The numbers of the others of one cause under one lead that wait for the same; <paramref name="Call"/> is the one due first.</param>
public sealed record BriefWait(CallCard Call, string On, string? Whom, DateTimeOffset? Due, IReadOnlyList<string> Others)
{
    public int Cases => Others.Count + 1;
}

/// <summary>The leader's morning brief on one day in Asia/Shanghai.</summary>
/// <param name="Day">The day it is about.</param>
/// <param name="Reports">The three rates of the day's whistles as of now; null if there were none.</param>
/// <param name="Late">The day's late answers, each counted.</param>
/// <param name="Supervised">Open cases under 督办, longest overdue first; one slip for each cause.</param>
/// <param name="More">How many cases each list omits.</param>
public sealed record Brief(
    DateOnly Day, DateTimeOffset AsOf, int Received, RatesLine? Figures, IReadOnlyList<BriefDuty> OnDuty, int Late, IReadOnlyList<BriefLapse> Lapses, IReadOnlyList<BriefRepeat> Repeats,
    IReadOnlyList<BriefWait> Waits, IReadOnlyList<BriefSlip> Supervised, BriefMore More);

/// <summary>How many cases a list omits; of the repeats, how many lines.</summary>
public sealed record BriefMore(int Lapses, int Repeats, int Waits, int Supervised);

/// <summary>Builds the morning brief from the journal and the open cases. Codes only, no people. A community sees its own.</summary>
public sealed class BriefQueries(Database database, SnapshotQueries snapshots, RateQueries rates, Roster roster, TimeProvider time)
{
    /// <summary>The maximum of lines per list; nobody reads more in a morning.</summary>
    public const int Lines = 60;

    /// <summary>How far back to look for repeats.</summary>
    public const int RepeatDays = 30;

    /// <summary>This many cases of one category in one grid are a repeat.</summary>
    public const int RepeatFrom = 3;

    private const string Exemption = "exemption";

    /// <summary>The maximum of receipts to scan for repeats: a month in a busy county.</summary>
    private const int MostReceipts = 50_000;

    /// <param name="day">yyyy-MM-dd; default yesterday.</param>
    public async Task<Outcome<Brief>> AskAsync(Staff who, string? day, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var today = RateBook.DayOf(now);
        if (!Instants.TryDay(day, today.AddDays(-1), out var about) || about > today) return Outcome.Bad("brief_day").As<Brief>();
        var sight = Sight.Of(who);
        var own = sight.Own?.Value;
        var date = about.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var view = await rates.AskAsync(who, date, date, own is null ? "street" : "community", null, ct);
        if (view.Value is not { } figures) return new(view);
        var (_, _, _, cards, _) = await snapshots.ReadBoardAsync(sight, SnapshotQueries.Limit, ct);
        var open = cards.Select(c => JsonSerializer.Deserialize(c, ContractsJson.Default.CallCard)!).Where(c => !c.Flags.Contains(CallFlags.Drill)).ToList();
        await using var connection = await database.OpenAsync(ct);
        var (from, until) = (Midnight(about), Midnight(about.AddDays(1)));
        var lapses = await LapsesAsync(connection, from, until, own, sight, ct);
        var receipts = await ReceiptsAsync(connection, Midnight(about.AddDays(1 - RepeatDays)), until, own, sight, ct);
        var repeats = receipts.Where(r => r.Valid).GroupBy(r => (r.Card.Grid, r.Card.Category)).Where(g => g.Count() >= RepeatFrom).Select(g => new BriefRepeat(g.Key.Grid, g.Key.Category, g.Count()))
            .OrderByDescending(r => r.Cases).ThenBy(r => r.Grid, StringComparer.Ordinal).ThenBy(r => r.Category, StringComparer.Ordinal).ToList();
        var exemptions = await ExemptionsAsync(connection, Midnight(about.AddDays(1 - RepeatDays)), until, own, sight, ct);
        var decisions = await DecisionsAsync(open, sight, ct);
        var waits = open.SelectMany(c => Waits(c, decisions)).OrderBy(w => w.Due).Concat(exemptions).GroupBy(w => (CauseOf(w.Call), w.On, w.Whom)).Select(g => g.First() with { Others = [.. g.Skip(1).Select(w => w.Call.CallNo)] }).ToList();
        var supervised = open.Where(c => c.Flags.Contains(CallFlags.Supervised)).OrderBy(c => c.BreachAt).GroupBy(CauseOf).Select(g => new BriefSlip(g.First(), [.. g.Skip(1).Select(c => c.CallNo)])).ToList();
        var late = lapses.GroupBy(l => (CauseOf(l.Call), l.Answer)).Select(g => g.OrderBy(l => l.Due).ToList()).Select(g => g[0] with { Others = [.. g.Skip(1).Select(l => l.Call.CallNo)] }).ToList();
        return new Brief(
            about, now, receipts.Count(r => r.Card.OpenedAt >= from), figures.Groups.Count == 0 ? null : figures.Groups[0], await OnDutyAsync(from, until, own, ct),
            lapses.Count, [.. late.Take(Lines)], [.. repeats.Take(Lines)], [.. waits.Take(Lines)], [.. supervised.Take(Lines)],
            new BriefMore(late.Skip(Lines).Sum(l => l.Cases), Math.Max(0, repeats.Count - Lines), waits.Skip(Lines).Sum(w => w.Cases), supervised.Skip(Lines).Sum(c => c.Others.Count + 1)));
    }

    /// <summary>What makes cases one line: the same category in the same grid under the same lead.</summary>
    private static (string Grid, string Category, string? Team, string? Post) CauseOf(CallCard call) => (call.Grid, call.Category, call.Lead?.Team, call.Lead?.Post);

    private static IEnumerable<BriefWait> Waits(CallCard call, Dictionary<(string CallNo, string Kind), DateTimeOffset> decisions)
    {
        foreach (var answer in call.Answers.Where(a => a is { Kind: "attend", Met: false, Released: not true })) yield return new BriefWait(call, "party", answer.Party, answer.Due, []);
        foreach (var petition in (call.Petitions ?? []).Where(p => p != Exemption)) yield return new BriefWait(call, "decision", petition, decisions.TryGetValue((call.CallNo, petition), out var decide) ? decide : null, []);
        if (call.State == CallStates.HandedUp && call.BreachAt is { } due) yield return new BriefWait(call, "city", null, due, []);
        if (call.SuspendedUntil is { } until) yield return new BriefWait(call, "pause", null, until, []);
    }

    /// <summary>When each decision is due that these cases wait for. Cards do not say; the cases do.</summary>
    private async Task<Dictionary<(string CallNo, string Kind), DateTimeOffset>> DecisionsAsync(List<CallCard> open, Sight sight, CancellationToken ct)
    {
        var asked = open.Where(c => c.Petitions is { Count: > 0 }).Select(c => c.CallNo).ToList();
        if (asked.Count == 0) return [];
        await using var db = database.Context();
        var bodies = await sight.CasesIn(db).Where(c => asked.Contains(c.No)).Select(c => c.Body).ToListAsync(ct);
        return bodies.Select(CallJson.Read).SelectMany(call => call.Petitions.Select(p => (call.No, p))).ToDictionary(d => (d.No.Value, Names.Camel(d.p.Kind)), d => d.p.Clock.Due);
    }

    /// <summary>The desks and leaders on duty between two instants: the street's, or a community's own.</summary>
    private async Task<List<BriefDuty>> OnDutyAsync(DateTimeOffset from, DateTimeOffset until, string? own, CancellationToken ct)
    {
        var posts = roster.Posts.Where(p => own is null ? p.Kind is PostKind.Leader or PostKind.StreetDesk : p.Kind == PostKind.CommunityDesk && p.Community?.Value == own).ToDictionary(p => p.Id.Value, p => p.Kind);
        var ids = posts.Keys.ToList();
        await using var db = database.Context();
        var shifts = await db.Shifts.AsNoTracking().Where(s => ids.Contains(s.Post) && s.From < until && (s.Until == null || s.Until > from) && s.State != ShiftRow.Off && !s.Standby).Select(s => new { s.Post, s.From, s.Until }).ToListAsync(ct);
        return [.. shifts.Select(s => (s.Post, Kind: posts[s.Post], From: s.From > from ? s.From : from, Until: s.Until is { } end && end < until ? end : until))
            .GroupBy(s => (s.Kind, s.From, s.Until)).OrderByDescending(g => g.Key.Kind).ThenBy(g => g.Key.From).ThenBy(g => g.Key.Until)
            .Select(g => new BriefDuty(Names.Camel(g.Key.Kind), g.DistinctBy(s => s.Post).Count(), g.Key.From, g.Key.Until))];
    }

    /// <summary>Requested exemptions that the street has not decided, including those of closed cases.</summary>
    private static async Task<List<BriefWait>> ExemptionsAsync(DbConnection connection, DateTimeOffset from, DateTimeOffset until, string? own, Sight sight, CancellationToken ct)
    {
        await using var command = Command(
            connection, $"SELECT DISTINCT c.card, c.opened_at FROM {sight.EntriesAndCases} WHERE j.what = 'exemptionAsked' AND j.at >= @from AND j.at < @until ORDER BY c.opened_at", from, until, sight);
        var found = new List<BriefWait>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var card = JsonSerializer.Deserialize(reader.GetString(0), ContractsJson.Default.CallCard)!;
            if ((own is null || card.Community == own) && card.Petitions?.Contains(Exemption) == true) found.Add(new BriefWait(card, "decision", Exemption, null, []));
        }

        return found;
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset);

    private static async Task<List<BriefLapse>> LapsesAsync(DbConnection connection, DateTimeOffset from, DateTimeOffset until, string? own, Sight sight, CancellationToken ct)
    {
        await using var command = Command(
            connection, $"SELECT j.card, j.answer, j.due FROM {sight.EntriesAndCases} WHERE j.what = 'lapsed' AND j.at >= @from AND j.at < @until ORDER BY j.at, j.seq", from, until, sight);
        var found = new List<BriefLapse>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var card = JsonSerializer.Deserialize(reader.GetString(0), ContractsJson.Default.CallCard)!;
            if ((own is null || card.Community == own) && !card.Flags.Contains(CallFlags.Drill)) found.Add(new BriefLapse(card, reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), []));
        }

        return found;
    }

    /// <summary>
    /// Whistles in their current state, newest first if the bound is reached. No drills or child cases. Valid as in the rates:
    /// withdrawn, merged or declined cases, and those ever referred to the city, are no repeats.
    /// </summary>
    private static async Task<List<(CallCard Card, bool Valid)>> ReceiptsAsync(DbConnection connection, DateTimeOffset from, DateTimeOffset until, string? own, Sight sight, CancellationToken ct)
    {
        await using var command = Command(connection, $"SELECT c.card, CASE WHEN EXISTS (SELECT 1 FROM {Sight.EntriesOf("c", "u")} AND u.what = 'handedUp') THEN 1 ELSE 0 END FROM {sight.EntriesAndCases} WHERE j.version = 1 AND j.at >= @from AND j.at < @until ORDER BY j.at DESC, j.call_no DESC LIMIT {MostReceipts}", from, until, sight);
        var found = new List<(CallCard, bool)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var card = JsonSerializer.Deserialize(reader.GetString(0), ContractsJson.Default.CallCard)!;
            if ((own is null || card.Community == own) && !card.Flags.Contains(CallFlags.Drill) && !card.Flags.Contains(CallFlags.Child)) found.Add((card, reader.GetInt32(1) == 0 && AnswerTimes.IsValid(card)));
        }

        return found;
    }

    private static DbCommand Command(DbConnection connection, string sql, DateTimeOffset from, DateTimeOffset until, Sight sight)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in new (string, object)[] { ("@from", from.ToUnixTimeMilliseconds()), ("@until", until.ToUnixTimeMilliseconds()) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        sight.Bind(command);
        return command;
    }
}
