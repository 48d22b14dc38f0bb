using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Street;

/// <summary>One figure in which two policies differ.</summary>
/// <param name="Figure">limit, answer, answerKind, answerParty, answerRequired, order, verify, evaluate, decide, difficult, warn, surgeCases, surgeWithin, hours, party, choice, category, categoryName, categoryNameEn, categoryLevel, categoryRecuses, categoryOrder, categoryFirstAid or duties.</param>
/// <param name="Of">The key of the answer, the code of the category or party, or the kind of post; empty if the figure is the policy's.</param>
/// <param name="Level">The level of a limit; null for any other figure.</param>
/// <param name="Before">A <see cref="Span"/>, text, number, level, truth or <see cref="AnswerKind"/>; null if it did not exist.</param>
/// <param name="After">As <paramref name="Before"/>; null if it is gone.</param>
public sealed record PolicyChange(string Figure, string Of, Level? Level, object? Before, object? After);

/// <summary>What differs between two policies, in the order of the administrator's page.</summary>
public static class PolicyChanges
{
    public static IReadOnlyList<PolicyChange> Between(Policy before, Policy after) =>
        [.. Answers(before, after), .. Waits(before, after), .. Categories(before, after), .. Others(before, after)];

    private static IEnumerable<PolicyChange> Answers(Policy before, Policy after)
    {
        foreach (var (key, was, now) in Pairs(before.Pack, after.Pack, rule => rule.Key))
        {
            if (was is null || now is null) yield return new("answer", key, null, was?.Key, now?.Key);
            foreach (var level in Enum.GetValues<Level>())
                if (Differ("limit", key, was is null ? null : before.Limit(level, key), now is null ? null : after.Limit(level, key), level) is { } limit) yield return limit;
            if (was is null || now is null) continue;
            if (Differ("answerKind", key, was.Kind, now.Kind) is { } kind) yield return kind;
            if (Differ("answerParty", key, was.Party, now.Party) is { } party) yield return party;
            if (Differ("answerRequired", key, was.Required, now.Required) is { } required) yield return required;
        }

        if (Order("order", before.Pack.Select(a => a.Key), after.Pack.Select(a => a.Key)) is { } order) yield return order;
    }

    private static IEnumerable<PolicyChange> Waits(Policy before, Policy after) => new[]
    {
        Differ("verify", "", before.Verify, after.Verify), Differ("evaluate", "", before.Evaluate, after.Evaluate), Differ("decide", "", before.Decide, after.Decide),
        Differ("difficult", "", before.Difficult, after.Difficult), Differ("warn", "", before.WarnFraction, after.WarnFraction),
        Differ("surgeCases", "", before.SurgeCases, after.SurgeCases), Differ("surgeWithin", "", new Span(ClockKind.Continuous, before.SurgeWithin), new Span(ClockKind.Continuous, after.SurgeWithin)),
    }.OfType<PolicyChange>();

    private static IEnumerable<PolicyChange> Categories(Policy before, Policy after)
    {
        foreach (var (code, was, now) in Pairs(before.Categories, after.Categories, category => category.Code))
        {
            if (was is null || now is null) yield return new("category", code, null, was?.Name, now?.Name);
            if (Differ("categoryLevel", code, was?.Level, now?.Level) is { } level) yield return level;
            if (was is null || now is null) continue;
            if (Differ("categoryName", code, was.Name, now.Name) is { } name) yield return name;
            if (Differ("categoryNameEn", code, was.NameEn, now.NameEn) is { } english) yield return english;
            if (Differ("categoryRecuses", code, was.RecusesProperty, now.RecusesProperty) is { } recuses) yield return recuses;
        }

        if (Order("categoryOrder", before.Categories.Select(c => c.Code), after.Categories.Select(c => c.Code)) is { } order) yield return order;
    }

    /// <summary>What the table does not hold, and an imported file may change.</summary>
    private static IEnumerable<PolicyChange> Others(Policy before, Policy after)
    {
        if (Differ("hours", "service", Hours(before.Hours.Service), Hours(after.Hours.Service)) is { } service) yield return service;
        if (Differ("hours", "working", Hours(before.Hours.Working), Hours(after.Hours.Working)) is { } working) yield return working;
        foreach (var (code, was, now) in Pairs(before.Parties, after.Parties, party => party.Code))
            if (was != now) yield return new("party", code, null, was?.Name, now?.Name);
        foreach (var code in before.FirstAid.Keys.Union(after.FirstAid.Keys).Order(StringComparer.Ordinal))
            if (Differ("categoryFirstAid", code, Text(before.FirstAid.GetValueOrDefault(code)), Text(after.FirstAid.GetValueOrDefault(code))) is { } aid) yield return aid;
        foreach (var kind in before.Duties.Keys.Union(after.Duties.Keys).Order())
            if (Differ("duties", Names.Camel(kind), Text(before.Duties.GetValueOrDefault(kind)), Text(after.Duties.GetValueOrDefault(kind))) is { } duties) yield return duties;
        if (Text(before.Choice) != Text(after.Choice)) yield return new("choice", "", null, null, null);
    }

    private static PolicyChange? Differ(string figure, string of, object? before, object? after, Level? level = null) => Equals(before, after) ? null : new(figure, of, level, before, after);

    /// <summary>Only if what both have stands in another order.</summary>
    private static PolicyChange? Order(string figure, IEnumerable<string> before, IEnumerable<string> after)
    {
        var (was, now) = (before.ToList(), after.ToList());
        var (kept, keeps) = (was.Intersect(now).ToList(), now.Intersect(was).ToList());
        return kept.SequenceEqual(keeps) ? null : new(figure, "", null, string.Join(' ', was), string.Join(' ', now));
    }

    /// <summary>By key: first those that are still there or new, in their order, then those that are gone.</summary>
    private static IEnumerable<(string Key, T? Was, T? Now)> Pairs<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, string> key) where T : class
    {
        var was = before.ToDictionary(key);
        var now = after.ToDictionary(key);
        return now.Keys.Concat(was.Keys.Where(k => !now.ContainsKey(k))).Select(k => (k, was.GetValueOrDefault(k), now.GetValueOrDefault(k)));
    }

    private static string? Text(FirstAid? aid) => aid is null ? null : string.Join(' ', new[] { aid.Text, aid.TextEn, aid.Call }.OfType<string>());

    private static string? Text(ImmutableArray<DutyRule> rules) => rules.IsDefaultOrEmpty ? null : string.Join('\n', rules.SelectMany(rule => new[] { rule.Text, rule.TextEn }));

    private static string Text(ChoiceRules rules) => string.Create(CultureInfo.InvariantCulture, $"""
        {rules.Order} {rules.SetOff} {rules.MetresPerMinute} {rules.WayDoubt} {rules.WorkDoubt} {rules.Unskilled}
        {string.Join(' ', rules.Levels.OrderBy(l => l.Key))}
        {string.Join(' ', rules.Skills.OrderBy(s => s.Key).Select(s => $"{s.Key}:{string.Join(',', s.Value)}"))}
        """);

    private static string Hours(IEnumerable<DayWindow> windows) => string.Join(' ', windows.Select(w => $"{Clock(w.FromMinute)}–{Clock(w.ToMinute)}"));

    private static string Clock(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";
}
