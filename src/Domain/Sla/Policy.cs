using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Domain.Sla;

/// <summary>How urgent a case is.</summary>
public enum Level
{
    /// <summary>特急.</summary>
    S1,

    /// <summary>紧急.</summary>
    S2,

    /// <summary>一般.</summary>
    S3,
}

/// <summary>What an answer of a case is (一呼三应).</summary>
public enum AnswerKind
{
    /// <summary>一应接单: somebody on duty takes it.</summary>
    Accept,

    /// <summary>二应到场: on the scene, or the caller reached.</summary>
    Arrive,

    /// <summary>三应办结: dealt with, and the caller told.</summary>
    Resolve,

    /// <summary>A party says that it has heard; used by packs with several parties.</summary>
    Acknowledge,

    /// <summary>部门报到: a party that was called to one case comes or answers. No pack owes it from the start.</summary>
    Attend,
}

/// <summary>One answer that a pack owes. The party is the name of who owes it.</summary>
public sealed record AnswerRule(string Key, AnswerKind Kind, string Party, bool Required);

/// <summary>A whistle category with its level when nobody is in danger.</summary>
/// <param name="RecusesProperty">The case is about property management: no property staff are rung or shown it.</param>
public sealed record Category(string Code, string Name, string NameEn, Level Level, bool RecusesProperty);

/// <summary>Whom a second whistle (街道吹哨、部门报到) can call.</summary>
/// <param name="Kind">department, unit, mediation, adviser or specialist.</param>
public sealed record Party(string Code, string Name, string NameEn, string Kind);

/// <summary>
/// One version of what the street has decided: levels and limits, categories, the answers owed, hours. A case keeps the version of
/// its receipt for good.
/// </summary>
public sealed record Policy
{
    public const int MaxCategories = 200;
    public const int MaxAnswers = 24;
    public const int MaxParties = 200;

    public required int Version { get; init; }

    /// <summary>The answers that every case owes, in their order.</summary>
    public required ImmutableArray<AnswerRule> Pack { get; init; }

    /// <summary>The limit of each answer key at each level.</summary>
    public required ImmutableDictionary<Level, ImmutableDictionary<string, Span>> Limits { get; init; }

    /// <summary>How long a 核查 may wait.</summary>
    public required Span Verify { get; init; }

    /// <summary>How long an evaluation is awaited before the case closes as 未评价.</summary>
    public required Span Evaluate { get; init; }

    /// <summary>How long a decision on an extension, a suspension or a decline may wait: 2 service hours.</summary>
    public Span Decide { get; init; } = new(ClockKind.ServiceHours, TimeSpan.FromHours(2));

    /// <summary>The limit of a case marked 疑难: 15 working days.</summary>
    public Span Difficult { get; init; } = new(ClockKind.WorkingTime, TimeSpan.FromHours(15 * 7));

    /// <summary>Whom a second whistle can call.</summary>
    public ImmutableArray<Party> Parties { get; init; } = [];

    /// <summary>So many whistles of one kind in one community …</summary>
    public int SurgeCases { get; init; } = 5;

    /// <summary>… within this time are a same-cause surge, and stand on boards as one group.</summary>
    public TimeSpan SurgeWithin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How candidates for a case are weighed. It orders suggestions and changes no clock, so the latest version's counts for every case.</summary>
    public ChoiceRules Choice { get; init; } = new();

    /// <summary>The part of a span after which a warning is due: 0.8.</summary>
    public required double WarnFraction { get; init; }

    public required ImmutableArray<Category> Categories { get; init; }

    public required WorkHours Hours { get; init; }

    public Category? FindCategory(string code) => Categories.FirstOrDefault(c => c.Code == code);

    public Party? FindParty(string code) => Parties.FirstOrDefault(p => p.Code == code);

    public Span Limit(Level level, string answerKey) => Limits[level][answerKey];

    /// <summary>How long a called party may take: as the level's 到场, or its 接单 where the pack owes no 到场.</summary>
    public Span AttendLimit(Level level) => Limit(level, (Pack.FirstOrDefault(a => a.Kind == AnswerKind.Arrive) ?? Pack.First(a => a.Kind == AnswerKind.Accept)).Key);

    /// <summary>Whether a limit may be had under these hours: 1 minute to 365 days, and not beyond the calendar.</summary>
    public bool Holds(Span span) => Sane(span);

    /// <summary>Every mistake in words (Chinese, English); empty where the policy can be used.</summary>
    public IEnumerable<(string Zh, string En)> Mistakes()
    {
        if (Pack.IsDefaultOrEmpty || Pack.Length > MaxAnswers) yield return ($"应答须为 1–{MaxAnswers} 项。", $"A pack has 1 to {MaxAnswers} answers.");
        if (Pack.Select(a => a.Key).Distinct().Count() != Pack.Length) yield return ("应答的键有重复。", "Two answers share a key.");
        if (!Pack.All(a => IsCode(a.Key))) yield return ("应答的键须为 1–24 个字母、数字、- 或 _。", "The key of an answer is 1 to 24 letters, digits, - or _.");
        if (!One(AnswerKind.Accept)) yield return ("接单应答须恰为一项，且为必需。", "A pack has one accept answer, and it is required.");
        if (!One(AnswerKind.Resolve)) yield return ("办结应答须恰为一项，且为必需。", "A pack has one resolve answer, and it is required.");
        if (Pack.Count(a => a.Kind == AnswerKind.Arrive) > 1) yield return ("到场应答至多一项。", "A pack has at most one arrive answer.");
        if (Pack.Any(a => a.Kind == AnswerKind.Attend)) yield return ("报到应答由二次吹哨产生，不能写在应答包里。", "A called party's answer comes of a second whistle, never of a pack.");
        if (!Pack.All(a => IsFree(a.Key))) yield return ("应答的键与系统保留的键相同。", "The key of an answer is one that the system uses itself (verify, evaluate, decide…, suspension, outside, party-…, or another key with a number).");
        if (Parties.Length > MaxParties || Parties.Select(p => p.Code).Distinct().Count() != Parties.Length || !Parties.All(p => IsCode(p.Code)))
            yield return ($"可呼叫单位至多 {MaxParties} 个，代码须为 1–24 个字母、数字、- 或 _ 且不重复。", $"There are at most {MaxParties} parties; their codes are 1 to 24 letters, digits, - or _, each once.");
        if (SurgeCases is < 2 or > 1_000 || SurgeWithin < TimeSpan.FromMinutes(1) || SurgeWithin > TimeSpan.FromDays(7))
            yield return ("同类集中须为 2–1000 件、1 分钟至 7 天。", "A surge is 2 to 1,000 cases within 1 minute to 7 days.");
        if (Categories.IsDefaultOrEmpty || Categories.Length > MaxCategories) yield return ($"类别须为 1–{MaxCategories} 个。", $"There are 1 to {MaxCategories} categories.");
        if (Categories.Select(c => c.Code).Distinct().Count() != Categories.Length) yield return ("类别代码有重复。", "Two categories share a code.");
        if (!Categories.All(c => IsCode(c.Code))) yield return ("类别代码须为 1–24 个字母、数字、- 或 _。", "The code of a category is 1 to 24 letters, digits, - or _.");
        if (Categories.Any(c => string.IsNullOrWhiteSpace(c.Name) || string.IsNullOrWhiteSpace(c.NameEn)) || Parties.Any(p => string.IsNullOrWhiteSpace(p.Name) || string.IsNullOrWhiteSpace(p.NameEn)))
            yield return ("类别与单位都要有中文名和英文名。", "Every category and every party has its name and its English name.");
        if (WarnFraction is not (> 0 and < 1)) yield return ("预警比例须在 0 与 1 之间。", "The warning fraction lies between 0 and 1.");
        if (!InOrder(Hours.Service) || !InOrder(Hours.Working)) yield return ("时间段须在 0–1440 分钟内、按先后且不重叠。", "Windows lie within 0 to 1440 minutes, in order, without overlap.");
        if (!Choice.Holds) yield return (
            "派单规则的数值超出范围：每级须有时长，出发与时长在 1 分钟至 30 天之间，每分钟 10–2000 米，把握度 0–2，无专长倍数 1–10，专长为类别代码。",
            "The rules of choice are out of bounds: every level has its times, spans lie between 1 minute and 30 days, 10 to 2000 metres a minute, doubt 0 to 2, unskilled 1 to 10, skills are codes of categories.");
        foreach (var level in Enum.GetValues<Level>())
            foreach (var answer in Pack)
                if (!Limits.TryGetValue(level, out var limits) || !limits.TryGetValue(answer.Key, out var span) || !Sane(span))
                    yield return (
                        $"{level} 的 {answer.Key} 时限缺失，或不在 1 分钟至 365 天之间，或其时段容不下。",
                        $"The limit of {answer.Key} at {level} is missing, not between 1 minute and 365 days, or too long for its hours.");
        if (!Sane(Verify) || !Sane(Evaluate) || !Sane(Decide) || !Sane(Difficult))
            yield return (
                "核查、评价、审批与疑难时限须在 1 分钟至 365 天之间，且其时段容得下。",
                "The limits of verification, evaluation, decisions and difficult cases lie between 1 minute and 365 days, and their hours hold them.");
    }

    /// <summary>One answer of this kind: a second one would be owed for good, because a case is taken and dealt with once.</summary>
    private bool One(AnswerKind kind) => Pack.Count(a => a.Kind == kind) == 1 && Pack.Single(a => a.Kind == kind).Required;

    /// <summary>Whether the calendar holds twice the span: three days of which two are worked is more than holidays and weekends take.</summary>
    private bool Sane(Span span) =>
        span.Length >= TimeSpan.FromMinutes(1) && span.Length <= TimeSpan.FromDays(365) && span.Kind switch
        {
            ClockKind.Continuous => true,
            ClockKind.ServiceHours => 2 * span.Length / Hours.ServiceDay <= WorkCalendar.MaxDaysAhead,
            ClockKind.WorkingTime => 2 * span.Length / Hours.WorkingDay * 1.5 <= WorkCalendar.MaxDaysAhead,
            _ => false,
        };

    /// <summary>Whether a key cannot be taken for one that a case gets by itself: a wait, a called party, or an answer owed anew (resolve2).</summary>
    private bool IsFree(string key) =>
        key is not ("verify" or "evaluate" or "suspension" or "outside") && !key.StartsWith("decide", StringComparison.Ordinal) && !key.StartsWith("party-", StringComparison.Ordinal)
        && !Pack.Any(a => key.Length > a.Key.Length && key.StartsWith(a.Key, StringComparison.Ordinal) && key.AsSpan(a.Key.Length).ContainsAnyExceptInRange('0', '9') is false);

    private static bool IsCode(string text) => text.Length is >= 1 and <= 24 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool InOrder(ImmutableArray<DayWindow> windows)
    {
        var last = -1;
        foreach (var window in windows)
        {
            if (window.FromMinute <= last || window.ToMinute <= window.FromMinute || window.ToMinute > 1440) return false;
            last = window.ToMinute;
        }

        return windows.Length > 0;
    }
}
