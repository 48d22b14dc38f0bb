using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Features.People;

/// <summary>Parses duty patterns and rules; every mistake is named.</summary>
internal static class Patterns
{
    /// <summary>The hours of a unit that need no cover.</summary>
    public const string Never = "-";

    private const int CodeLimit = 24;
    private const int KindLimit = 12;

    private static readonly string[] UnitKinds = ["team", "community", "street"];

    public static string Write(PatternRequest request) => JsonSerializer.Serialize(request, ContractsJson.Default.PatternRequest);

    public static PatternRequest Parse(string json) => JsonSerializer.Deserialize(json, ContractsJson.Default.PatternRequest)!;

    /// <param name="fits">Whether a post may be in this pattern: it exists and serves the unit or, for a fallback, its community.</param>
    public static Outcome<Pattern> Read(PatternRequest r, DutyUnit unit, Func<string, bool> fits)
    {
        if (r.Code is not { Length: >= 1 and <= CodeLimit } || !r.Code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return Bad("code");
        if (r.Name is { } name && (name.Trim().Length is < 1 or > CodeLimit || name.Any(StreetWords.IsUnprintable))) return Bad("name");
        if (r.Start is not { } start || !RosterCommands.IsDay(start) || !RosterCommands.IsDay(r.End) || r.End < start) return Bad("start, end");
        if (r.Standby == true && unit.Desk is null) return Bad("standby");
        if (r.Kinds is not { Count: >= 1 and <= Pattern.MaxKinds } kinds) return Bad("kinds");
        if (r.Cycle is not { Count: >= 1 and <= Pattern.MaxCycle } cycle) return Bad("cycle");
        if (r.Crews is not { Count: >= 1 and <= Pattern.MaxCrews } crews) return Bad("crews");
        if (r.Stride is < 1 or > Pattern.MaxCycle) return Bad("stride");
        var read = kinds.Select(KindOf).ToList();
        if (read.Contains(null) || read.DistinctBy(k => k!.Code).Count() < read.Count) return Bad("kinds");
        if (cycle.Any(day => day is null || day.Count > kinds.Count || day.Distinct().Count() < day.Count || day.Any(code => !read.Exists(k => k!.Code == code)))) return Bad("cycle");
        if (crews.Any(crew => crew is not { Count: >= 1 and <= Pattern.MaxSeats } || crew.Distinct().Count() < crew.Count || crew.Any(post => post is null || !fits(post)))) return Bad("crews");
        return new Pattern
        {
            Unit = unit, Start = start, End = r.End, Standby = r.Standby ?? false, Kinds = [.. read.OfType<ShiftKind>()], Cycle = [.. cycle.Select(day => day.ToImmutableArray())],
            Crews = [.. crews.Select(crew => crew.Select(post => new PostId(post)).ToImmutableArray())], Stride = r.Stride ?? 1,
        };
    }

    /// <summary>Null if the rules are valid; otherwise the mistake.</summary>
    public static Outcome? Fault(DutyRules rules)
    {
        if (rules.Seasons?.Count > Pattern.MaxCycle) return Outcome.Of(Codes.PatternInvalid, ("seasons", "seasons"));
        foreach (var (kind, hours) in rules.Hours ?? new Dictionary<string, string>())
            if (!UnitKinds.Contains(kind) || (hours != Never && WindowOf(hours) is null)) return Outcome.Of(Codes.PatternInvalid, ("hours", "hours"));
        return rules.Seasons?.Any(s => s is null || s.Until <= s.From || s.From.Year < 2000 || s.Until.Year > 9000) == true ? Outcome.Of(Codes.PatternInvalid, ("seasons", "seasons")) : null;
    }

    /// <summary>"08:00-20:00" as minutes after midnight; an end that is not later is on the next day.</summary>
    public static (int From, int Until)? WindowOf(string? text) =>
        text?.Split('-') is [var from, var until] && MinuteOf(from) is { } begins && begins < 1440 && MinuteOf(until) is { } ends ? (begins, ends > begins ? ends : ends + 1440) : null;

    private static ShiftKind? KindOf(ShiftKindRequest? r) =>
        r?.Code is { Length: >= 1 and <= KindLimit } code && code.All(char.IsAsciiLetterOrDigit) && WindowOf($"{r.From}-{r.Until}") is var (from, until)
        && Names.Parse<ShiftDays>(r.Days ?? "every") is { } days ? new ShiftKind(code, from, until, days) : null;

    private static int? MinuteOf(string text) =>
        text == "24:00" ? 1440 : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;

    private static Outcome<Pattern> Bad(string what) => new(Outcome.Of(Codes.PatternInvalid, (what, what)));
}
