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

/// <summary>The kinds of answer a case requires (一呼三应).</summary>
public enum AnswerKind
{
    /// <summary>一应接单: someone on duty accepts it.</summary>
    Accept,

    /// <summary>二应到场: someone is on the scene or has reached the caller.</summary>
    Arrive,

    /// <summary>三应办结: resolved, and the caller informed.</summary>
    Resolve,

    /// <summary>A party acknowledges; used by packs with several parties.</summary>
    Acknowledge,

    /// <summary>部门报到: a party called to one case attends or answers. No pack requires it from the start.</summary>
    Attend,

    /// <summary>增援: a neighbour team called to help the lead comes, or cannot. The case is resolved without it. No pack requires it.</summary>
    Help,
}

/// <summary>One answer that a pack requires. The party names who must give it.</summary>
public sealed record AnswerRule(string Key, AnswerKind Kind, string Party, bool Required);

/// <summary>A whistle category, with its level when nobody is in danger.</summary>
/// <param name="RecusesProperty">The case is about property management, so property staff are neither called nor shown it.</param>
public sealed record Category(string Code, string Name, string NameEn, Level Level, bool RecusesProperty);

/// <summary>A party that a second whistle (街道吹哨、部门报到) can call.</summary>
/// <param name="Kind">department, unit, mediation, adviser or specialist.</param>
public sealed record Party(string Code, string Name, string NameEn, string Kind)
{
    /// <summary>The duty telephone of the party, for text messages and calls; null if it is told over a room's robot or by a person.</summary>
    public string? Phone { get; init; }

    /// <summary>The role of the register whose holder around the case is called under this name, before <see cref="Phone"/>; null for the role of the same code, if there is one.</summary>
    public string? Role { get; init; }
}

/// <summary>What to do at the place until somebody comes, told to whoever chooses the category, before the whistle and after it.</summary>
/// <param name="Call">A telephone number beside 110, 119 and 120, such as a lift rescue line; null if there is none.</param>
public sealed record FirstAid(string Text, string TextEn, string? Call)
{
    /// <summary>It is read before anything else, on a phone and in fear.</summary>
    public const int LongestText = 80, LongestTextEn = 240;

    internal bool Holds => Text.Trim().Length is > 0 and <= LongestText && TextEn.Trim().Length is > 0 and <= LongestTextEn && (Call is null || (Call.Length is >= 3 and <= 15 && Call.All(char.IsAsciiDigit)));
}

/// <summary>A rule of duty (首问负责, 服务承诺 and the like), shown with each post of a kind: to whoever holds it, and to residents. It moves no clock.</summary>
public sealed record DutyRule(string Text, string TextEn)
{
    /// <summary>A sentence or two.</summary>
    public const int LongestText = 120, LongestTextEn = 360;

    internal bool Holds => Text.Trim().Length is > 0 and <= LongestText && TextEn.Trim().Length is > 0 and <= LongestTextEn;
}

/// <summary>Why a policy cannot be used: the code of a sentence, and the values for its placeholders in order.</summary>
public sealed record PolicyMistake(string Code, params ImmutableArray<object> Values);

/// <summary>
/// One version of the street's decisions: levels and limits, categories, required answers, hours. A case keeps the version that was
/// current at its receipt.
/// </summary>
public sealed record Policy
{
    public const int MaxCategories = 200;

    /// <summary>Rules of duty of one kind of post.</summary>
    public const int MaxDuties = 12;
    public const int MaxAnswers = 24;
    public const int MaxParties = 200;

    public required int Version { get; init; }

    /// <summary>The answers that every case requires, in order.</summary>
    public required ImmutableArray<AnswerRule> Pack { get; init; }

    /// <summary>The limit of each answer key at each level.</summary>
    public required ImmutableDictionary<Level, ImmutableDictionary<string, Span>> Limits { get; init; }

    /// <summary>The limit of a 核查.</summary>
    public required Span Verify { get; init; }

    /// <summary>How long to wait for an evaluation before the case closes as 未评价.</summary>
    public required Span Evaluate { get; init; }

    /// <summary>The limit of a decision on an extension, a suspension or a decline: 2 service hours.</summary>
    public Span Decide { get; init; } = new(ClockKind.ServiceHours, TimeSpan.FromHours(2));

    /// <summary>The limit of a case marked 疑难: 15 working days.</summary>
    public Span Difficult { get; init; } = new(ClockKind.WorkingTime, TimeSpan.FromHours(15 * 7));

    /// <summary>The parties that a second whistle can call.</summary>
    public ImmutableArray<Party> Parties { get; init; } = [];

    /// <summary>This many whistles of one category in one community …</summary>
    public int SurgeCases { get; init; } = 5;

    /// <summary>… within this time are a same-cause surge, shown as one group on boards.</summary>
    public TimeSpan SurgeWithin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How candidates for a case are weighed. It only ranks suggestions and moves no clock, so the latest version applies to every case.</summary>
    public ChoiceRules Choice { get; init; } = new();

    /// <summary>The fraction of a span after which a warning is due: 0.8.</summary>
    public required double WarnFraction { get; init; }

    public required ImmutableArray<Category> Categories { get; init; }

    /// <summary>What to do until somebody comes, by the code of the category; one without an entry says only whom to call, and an entry without its category is kept for when it comes back.</summary>
    public ImmutableDictionary<string, FirstAid> FirstAid { get; init; } = ImmutableDictionary<string, FirstAid>.Empty;

    /// <summary>Rules of duty by kind of post, in the order in which they are shown.</summary>
    public ImmutableDictionary<PostKind, ImmutableArray<DutyRule>> Duties { get; init; } = ImmutableDictionary<PostKind, ImmutableArray<DutyRule>>.Empty;

    public required WorkHours Hours { get; init; }

    public Category? FindCategory(string code) => Categories.FirstOrDefault(c => c.Code == code);

    public Party? FindParty(string code) => Parties.FirstOrDefault(p => p.Code == code);

    public Span Limit(Level level, string answerKey) => Limits[level][answerKey];

    /// <summary>The time limit of a called party: the level's 到场, or its 接单 if the pack has no 到场.</summary>
    public Span AttendLimit(Level level) => Limit(level, (Pack.FirstOrDefault(a => a.Kind == AnswerKind.Arrive) ?? Pack.First(a => a.Kind == AnswerKind.Accept)).Key);

    /// <summary>Whether a limit is valid under these hours: 1 minute to 365 days, and within the calendar.</summary>
    public bool Holds(Span span) => Sane(span);

    /// <summary>Every mistake; empty if the policy can be used. The sentences of the codes are in <c>Policy.Sentences.csv</c> of the street.</summary>
    public IEnumerable<PolicyMistake> Mistakes()
    {
        if (Pack.IsDefaultOrEmpty || Pack.Length > MaxAnswers) yield return new("policy_pack_size", MaxAnswers);
        if (Pack.Select(a => a.Key).Distinct().Count() != Pack.Length) yield return new("policy_key_repeated");
        if (!Pack.All(a => IsCode(a.Key))) yield return new("policy_key_invalid");
        if (!One(AnswerKind.Accept)) yield return new("policy_accept");
        if (!One(AnswerKind.Resolve)) yield return new("policy_resolve");
        if (Pack.Count(a => a.Kind == AnswerKind.Arrive) > 1) yield return new("policy_arrive");
        if (Pack.Any(a => a.Kind is AnswerKind.Attend or AnswerKind.Help)) yield return new("policy_attend");
        if (!Pack.All(a => IsFree(a.Key))) yield return new("policy_key_reserved");
        if (Parties.Length > MaxParties || Parties.Select(p => p.Code).Distinct().Count() != Parties.Length || !Parties.All(p => IsCode(p.Code))) yield return new("policy_parties", MaxParties);
        if (SurgeCases is < 2 or > 1_000 || SurgeWithin < TimeSpan.FromMinutes(1) || SurgeWithin > TimeSpan.FromDays(7)) yield return new("policy_surge");
        if (Categories.IsDefaultOrEmpty || Categories.Length > MaxCategories) yield return new("policy_category_count", MaxCategories);
        if (Categories.Select(c => c.Code).Distinct().Count() != Categories.Length) yield return new("policy_category_repeated");
        if (!Categories.All(c => IsCode(c.Code))) yield return new("policy_category_invalid");
        if (Categories.Any(c => string.IsNullOrWhiteSpace(c.Name) || string.IsNullOrWhiteSpace(c.NameEn)) || Parties.Any(p => string.IsNullOrWhiteSpace(p.Name) || string.IsNullOrWhiteSpace(p.NameEn)))
            yield return new("policy_names");
        if (FirstAid.FirstOrDefault(one => !one.Value.Holds) is { Key: { } unusable }) yield return new("policy_first_aid", unusable, Sla.FirstAid.LongestText, Sla.FirstAid.LongestTextEn);
        if (Duties.FirstOrDefault(one => one.Value.Length > MaxDuties || !one.Value.All(rule => rule.Holds)) is { Value.IsDefault: false, Key: var kind }) yield return new("policy_duties", kind, MaxDuties, DutyRule.LongestText, DutyRule.LongestTextEn);
        if (WarnFraction is not (> 0 and < 1)) yield return new("policy_warning");
        if (!InOrder(Hours.Service) || !InOrder(Hours.Working)) yield return new("policy_windows");
        if (!Choice.Holds) yield return new("policy_choice");
        foreach (var level in Enum.GetValues<Level>())
            foreach (var answer in Pack)
                if (!Limits.TryGetValue(level, out var limits) || !limits.TryGetValue(answer.Key, out var span) || !Sane(span))
                    yield return new("policy_limit", level, answer.Key);
        if (!Sane(Verify) || !Sane(Evaluate) || !Sane(Decide) || !Sane(Difficult)) yield return new("policy_waits");
    }

    /// <summary>Exactly one required answer of this kind. A second one could never be met, because a case is accepted and resolved once.</summary>
    private bool One(AnswerKind kind) => Pack.Count(a => a.Kind == kind) == 1 && Pack.Single(a => a.Kind == kind).Required;

    /// <summary>Whether the calendar holds twice the span. Assuming two working days in three leaves room for holidays and weekends.</summary>
    private bool Sane(Span span) =>
        span.Length >= TimeSpan.FromMinutes(1) && span.Length <= TimeSpan.FromDays(365) && span.Kind switch
        {
            ClockKind.Continuous => true,
            ClockKind.ServiceHours => 2 * span.Length / Hours.ServiceDay <= WorkCalendar.MaxDaysAhead,
            ClockKind.WorkingTime => 2 * span.Length / Hours.WorkingDay * 1.5 <= WorkCalendar.MaxDaysAhead,
            _ => false,
        };

    /// <summary>Whether a key does not clash with one the engine creates: a wait, a called party, or a repeated answer (resolve2).</summary>
    private bool IsFree(string key) =>
        key is not ("verify" or "evaluate" or "suspension" or "outside") && !key.StartsWith("decide", StringComparison.Ordinal) && !key.StartsWith("party-", StringComparison.Ordinal) && !key.StartsWith("help-", StringComparison.Ordinal)
        && !Pack.Any(a => key.Length > a.Key.Length && key.StartsWith(a.Key, StringComparison.Ordinal) && key.AsSpan(a.Key.Length).ContainsAnyExceptInRange('0', '9') is false);

    /// <summary>Whether a text can be the code of a category or party, or the key of an answer.</summary>
    public static bool IsCode(string text) => text.Length is >= 1 and <= 24 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

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
