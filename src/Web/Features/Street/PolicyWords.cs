using System.Globalization;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Features.Whistles;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Street;

/// <summary>Names what a policy holds, in the language of a request.</summary>
public sealed class PolicyWords(Wording words, StreetBook streets)
{
    /// <summary>The name of a pack's answer, with its party if the kind does not tell.</summary>
    public string Title(AnswerRule answer) => answer.Kind is AnswerKind.Acknowledge
        ? words["step.acknowledgeBy", TrackSteps.PartyName(Key(answer.Kind), answer.Party, streets.View, words)]
        : words["step." + Key(answer.Kind)];

    /// <summary>"3 分", "2 小时", "5 天", depending on its clock.</summary>
    public string Length(Span span, WorkHours hours)
    {
        var day = span.Kind switch { ClockKind.Continuous => TimeSpan.FromDays(1), ClockKind.ServiceHours => hours.ServiceDay, _ => hours.WorkingDay };
        var (unit, length) = span.Length >= 2 * day ? ("days", span.Length / day) : span.Length >= TimeSpan.FromHours(1) ? ("hours", span.Length.TotalHours) : ("minutes", span.Length.TotalMinutes);
        return words["admin." + unit, length.ToString("0.#", CultureInfo.InvariantCulture)] + (span.Kind == ClockKind.Continuous ? string.Empty : " " + words["admin.clock." + Key(span.Kind)]);
    }

    /// <summary>What a change is about.</summary>
    public string What(PolicyChange change, Policy before, Policy after)
    {
        var of = change.Figure switch
        {
            "limit" or "answer" or "answerKind" or "answerParty" or "answerRequired" => (after.Pack.FirstOrDefault(a => a.Key == change.Of) ?? before.Pack.FirstOrDefault(a => a.Key == change.Of)) is { } rule ? Title(rule) : change.Of,
            "hours" => words["policy.hours." + change.Of],
            "duties" => words["post." + change.Of],
            _ when change.Figure.StartsWith("category", StringComparison.Ordinal) => (before.FindCategory(change.Of) ?? after.FindCategory(change.Of)) is { } category ? $"{category.Code} {words.Pick(category.Name, category.NameEn)}" : change.Of,
            _ => change.Of,
        };
        var level = change.Level is { } known ? words["ui.level." + known] : string.Empty;
        return string.Join(" · ", new[] { words["policy.figure." + change.Figure], of, level }.Where(part => part.Length > 0));
    }

    /// <summary>One side of a change.</summary>
    public string Value(PolicyChange change, object? value, Policy of) => value switch
    {
        null => change.Figure == "choice" ? words["policy.changed"] : words["policy.nothing"],
        Span span => Length(span, of.Hours),
        bool yes => words[yes ? "policy.yes" : "policy.no"],
        Level level => words["ui.level." + level],
        AnswerKind kind => words["policy.kind." + Key(kind)],
        double fraction => (fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %",
        string party when change.Figure == "answerParty" => Party(party),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Who owes an answer.</summary>
    public string Party(string code) =>
        words.Has("policy.party." + code) ? words["policy.party." + code] : words.Has("post." + code) ? words["post." + code] : streets.View.PartyName(code, words);

    /// <summary>As a key of the texts: serviceHours.</summary>
    public static string Key(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
