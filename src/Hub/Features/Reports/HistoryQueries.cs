using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Rates;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>A history query, as received; every member is optional.</summary>
public sealed record HistoryQuery
{
    public string? From { get; init; }

    public string? To { get; init; }

    public string? Community { get; init; }

    public string? Grid { get; init; }

    public string? Team { get; init; }

    public string? Category { get; init; }

    public string? Level { get; init; }

    public string? State { get; init; }

    public string? Flag { get; init; }

    /// <summary>page, phone, counter, patrol, informant or child.</summary>
    public string? Source { get; init; }

    /// <summary>Part of a case number, or of the city's number of a case; a whole case number is found on any day.</summary>
    public string? Q { get; init; }

    public string? Hour { get; init; }

    /// <summary>accept, arrive, resolve, or any.</summary>
    public string? Late { get; init; }

    /// <summary>With <see cref="Share"/>: an answer of this kind that took this many tenths of its limit.</summary>
    public string? Answer { get; init; }

    public string? Share { get; init; }

    /// <summary>1: only cases that the rates count.</summary>
    public string? Valid { get; init; }

    /// <summary>A rate, cases or breached: only cases that this street figure counts.</summary>
    public string? Rate { get; init; }

    /// <summary>The next value of the previous page.</summary>
    public string? Before { get; init; }
}

/// <summary>
/// Queries the past: cases by day, place, category and outcome, and the figures of some days. Codes only. A case from which the
/// requester is recused appears in no list and no figure.
/// </summary>
public sealed class HistoryQueries(Database database, RateQueries rates, Roster roster, TimeProvider time)
{
    /// <summary>The maximum of days per answer.</summary>
    public const int MaxDays = 92;

    /// <summary>The default number of days.</summary>
    public const int UsualDays = 7;

    /// <summary>Cases per page.</summary>
    public const int PageLimit = 50;

    /// <summary>The maximum of cases scanned per page; if there are more, no total is given.</summary>
    public const int MostRead = 20_000;

    private readonly WhistledCases _cases = new(database);

    /// <summary>A community's desk finds only its own cases.</summary>
    public async Task<Outcome<HistoryView>> FindAsync(Staff who, HistoryQuery query, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (Days(query.From, query.To, now) is not var (from, to)) return Outcome.Bad("history_days").As<HistoryView>();
        if (Unknown(query) is { } member) return Outcome.Bad("history_filter", member).As<HistoryView>();
        if (Begin(query.Before, Midnight(to.AddDays(1))) is not { } begin) return Outcome.Bad("history_before").As<HistoryView>();
        if (query.Q?.ToUpperInvariant() is var number && CallNo.IsOne(number) && await _cases.FindAsync(Sight.Of(who), number!, OwnOf(who), ct) is { } one) return new HistoryView(from, to, 1, [one], null);
        var behind = string.IsNullOrEmpty(query.Rate) ? null : await rates.BehindAsync(who, query.Rate, from, to, ct);
        if (behind is { Ok: false }) return behind.As<HistoryView>();
        var found = new List<CallCard>();
        var (read, total, last) = (0, 0, default(Place));
        string? next = null;
        await _cases.ReadAsync(Sight.Of(who), Midnight(from), begin, OwnOf(who) ?? Said(query.Community), Said(query.Grid), (place, card) =>
        {
            if (++read > MostRead)
            {
                next ??= $"{last.At}.{last.No}";
                return false;
            }

            if (behind?.Value?.Contains(card.CallNo) == false || !Fits(card, query, now))
            {
                if (found.Count < PageLimit) last = place;
                return true;
            }

            total++;
            if (found.Count < PageLimit)
            {
                found.Add(card);
                last = place;
                return true;
            }

            next = $"{last.At}.{last.No}";
            return query.Before is null; // the first page counts to the end
        }, ct);
        return new HistoryView(from, to, query.Before is null && read <= MostRead ? total : null, found, next);
    }

    /// <summary>Valid cases of some days: when they arrived and how long they took.</summary>
    public async Task<Outcome<(DateOnly From, DateOnly To, List<CallCard> Cards)>> ValidAsync(Staff who, string? fromDay, string? toDay, CancellationToken ct)
    {
        if (Days(fromDay, toDay, time.GetUtcNow()) is not var (from, to)) return Outcome.Bad("history_days").As<(DateOnly, DateOnly, List<CallCard>)>();
        var cards = new List<CallCard>();
        var tooMany = false;
        await _cases.ReadAsync(Sight.Of(who), Midnight(from), new Place(Midnight(to.AddDays(1)), string.Empty), OwnOf(who), null, (_, card) =>
        {
            if (AnswerTimes.IsValid(card)) cards.Add(card);
            return !(tooMany = cards.Count > RateJournalQueries.MaxCases);
        }, ct);
        return tooMany ? Outcome.Of("rates_too_many").As<(DateOnly, DateOnly, List<CallCard>)>() : (from, to, cards);
    }

    /// <summary>The day so far.</summary>
    public async Task<TodayView> TodayAsync(Staff who, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var day = RateBook.DayOf(now);
        var (received, over, late, hours) = (0, 0, 0, new int[24]);
        await _cases.ReadAsync(Sight.Of(who), Midnight(day), new Place(Midnight(day.AddDays(1)), string.Empty), OwnOf(who), null, (_, card) =>
        {
            if (card.Flags.Contains(CallFlags.Drill)) return true;
            hours[HourOf(card)]++;
            if (CallState.HasEnded(card.State)) over++;
            if (IsLate(card, "any", now)) late++;
            return ++received < RateJournalQueries.MaxCases;
        }, ct);
        PostKind[] leading = [PostKind.Leader, PostKind.StreetDesk];
        var onDuty = roster.At(now).Posts.Select(p => p.Kind).ToHashSet();
        return new TodayView(day, now, received, over, late, hours) { LedBy = leading.Where(onDuty.Contains).Select(kind => Names.Camel(kind)).FirstOrDefault() };
    }

    internal static int HourOf(CallCard card) => card.OpenedAt.ToOffset(WorkCalendar.Offset).Hour;

    private static string? OwnOf(Staff who) => Sight.Of(who).Own?.Value;

    private static long Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset).ToUnixTimeMilliseconds();

    private static (DateOnly From, DateOnly To)? Days(string? from, string? to, DateTimeOffset now)
    {
        if (!Instants.TryDay(to, RateBook.DayOf(now), out var last) || !Instants.TryDay(from, last.AddDays(1 - UsualDays), out var first)) return null;
        return first > last || last.DayNumber - first.DayNumber >= MaxDays ? null : (first, last);
    }

    private static Place? Begin(string? before, long otherwise)
    {
        if (string.IsNullOrEmpty(before)) return new Place(otherwise, string.Empty);
        var dot = before.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(before.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && CallNo.IsOne(before[(dot + 1)..]) ? new Place(at, before[(dot + 1)..]) : null;
    }

    /// <summary>The first member with an invalid value.</summary>
    private static string? Unknown(HistoryQuery query)
    {
        (string Name, bool Known)[] members =
        [
            ("level", query.Level is null or "" or "S1" or "S2" or "S3"),
            ("hour", string.IsNullOrEmpty(query.Hour) || Number(query.Hour, 23) is not null),
            ("late", query.Late is null or "" or "any" || AnswerTimes.Kinds.Contains(query.Late)),
            ("answer", string.IsNullOrEmpty(query.Answer) || AnswerTimes.Kinds.Contains(query.Answer)),
            ("rate", string.IsNullOrEmpty(query.Rate) || Figures.Has(query.Rate)),
            ("share", string.IsNullOrEmpty(query.Share) || (!string.IsNullOrEmpty(query.Answer) && Number(query.Share, AnswerTimes.Bins - 1) is not null)),
        ];
        return members.FirstOrDefault(m => !m.Known).Name;
    }

    private static int? Number(string text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private static bool IsLate(CallCard card, string kind, DateTimeOffset now) =>
        AnswerTimes.Kinds.Any(k => (kind == "any" || kind == k) && AnswerTimes.Of(card, k) is { } answer && AnswerTimes.IsLate(answer, now));

    private static bool Fits(CallCard card, HistoryQuery query, DateTimeOffset now) =>
        Same(query.Community, card.Community) && Same(query.Grid, card.Grid) && Same(query.Category, card.Category) && Same(query.Level, card.Level)
        && Same(query.Team, card.Lead?.Team) && (query.State switch { null or "" => true, "open" => !CallState.HasEnded(card.State), _ => query.State == card.State })
        && (string.IsNullOrEmpty(query.Flag) || card.Flags.Contains(query.Flag)) && (string.IsNullOrEmpty(query.Q) || card.CallNo.Contains(query.Q, StringComparison.OrdinalIgnoreCase) || card.CityNo?.Contains(query.Q, StringComparison.OrdinalIgnoreCase) == true)
        && Same(query.Source, card.Source)
        && (string.IsNullOrEmpty(query.Hour) || HourOf(card) == Number(query.Hour, 23)) && (string.IsNullOrEmpty(query.Late) || IsLate(card, query.Late, now))
        && (query.Valid != "1" || AnswerTimes.IsValid(card)) && (string.IsNullOrEmpty(query.Answer) || OfShare(card, query.Answer, query.Share));

    /// <summary>An empty field means no filter.</summary>
    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool Same(string? asked, string? has) => string.IsNullOrEmpty(asked) || asked == has;

    private static bool OfShare(CallCard card, string kind, string? share) =>
        AnswerTimes.Of(card, kind) is { Met: true, MetAt: not null } answer && (string.IsNullOrEmpty(share) || AnswerTimes.BinOf(answer) == Number(share, AnswerTimes.Bins - 1));
}
