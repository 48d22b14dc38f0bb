using System.Collections.Immutable;

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
}

/// <summary>One answer that a pack owes. The party is the name of who owes it.</summary>
public sealed record AnswerRule(string Key, AnswerKind Kind, string Party, bool Required);

/// <summary>A whistle category with its level when nobody is in danger.</summary>
/// <param name="RecusesProperty">The case is about property management: no property staff are rung or shown it.</param>
public sealed record Category(string Code, string Name, string NameEn, Level Level, bool RecusesProperty);

/// <summary>
/// One version of what the street has decided: levels and limits, categories, the answers owed, hours. A case keeps the version of
/// its receipt for good.
/// </summary>
public sealed record Policy
{
    public const int MaxCategories = 200;
    public const int MaxAnswers = 24;

    public required int Version { get; init; }

    /// <summary>The answers that every case owes, in their order.</summary>
    public required ImmutableArray<AnswerRule> Pack { get; init; }

    /// <summary>The limit of each answer key at each level.</summary>
    public required ImmutableDictionary<Level, ImmutableDictionary<string, Span>> Limits { get; init; }

    /// <summary>How long a 核查 may wait.</summary>
    public required Span Verify { get; init; }

    /// <summary>How long an evaluation is awaited before the case closes as 未评价.</summary>
    public required Span Evaluate { get; init; }

    /// <summary>The part of a span after which a warning is due: 0.8.</summary>
    public required double WarnFraction { get; init; }

    public required ImmutableArray<Category> Categories { get; init; }

    public required WorkHours Hours { get; init; }

    public Category? FindCategory(string code) => Categories.FirstOrDefault(c => c.Code == code);

    public Span Limit(Level level, string answerKey) => Limits[level][answerKey];

    /// <summary>Every mistake in words (Chinese, English); empty where the policy can be used.</summary>
    public IEnumerable<(string Zh, string En)> Mistakes()
    {
        if (Pack.IsDefaultOrEmpty || Pack.Length > MaxAnswers) yield return ($"应答须为 1–{MaxAnswers} 项。", $"A pack has 1 to {MaxAnswers} answers.");
        if (Pack.Select(a => a.Key).Distinct().Count() != Pack.Length) yield return ("应答的键有重复。", "Two answers share a key.");
        if (!Pack.Any(a => a is { Kind: AnswerKind.Accept, Required: true })) yield return ("缺少必需的接单应答。", "No required accept answer.");
        if (!Pack.Any(a => a is { Kind: AnswerKind.Resolve, Required: true })) yield return ("缺少必需的办结应答。", "No required resolve answer.");
        if (Categories.IsDefaultOrEmpty || Categories.Length > MaxCategories) yield return ($"类别须为 1–{MaxCategories} 个。", $"There are 1 to {MaxCategories} categories.");
        if (Categories.Select(c => c.Code).Distinct().Count() != Categories.Length) yield return ("类别代码有重复。", "Two categories share a code.");
        if (WarnFraction is not (> 0 and < 1)) yield return ("预警比例须在 0 与 1 之间。", "The warning fraction lies between 0 and 1.");
        if (!InOrder(Hours.Service) || !InOrder(Hours.Working)) yield return ("时间段须在 0–1440 分钟内、按先后且不重叠。", "Windows lie within 0 to 1440 minutes, in order, without overlap.");
        foreach (var level in Enum.GetValues<Level>())
            foreach (var answer in Pack)
                if (!Limits.TryGetValue(level, out var limits) || !limits.TryGetValue(answer.Key, out var span) || !Sane(span))
                    yield return ($"{level} 的 {answer.Key} 时限缺失或不在 1 分钟至 365 天之间。", $"The limit of {answer.Key} at {level} is missing or not between 1 minute and 365 days.");
        if (!Sane(Verify) || !Sane(Evaluate)) yield return ("核查与评价时限须在 1 分钟至 365 天之间。", "The limits of verification and evaluation lie between 1 minute and 365 days.");
    }

    private static bool Sane(Span span) => span.Length >= TimeSpan.FromMinutes(1) && span.Length <= TimeSpan.FromDays(365);

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
