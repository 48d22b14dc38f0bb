using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Matters;

/// <summary>Why a procedure, or the kinds of the register, cannot be used.</summary>
/// <param name="Code">Of a sentence in <c>Procedure.Sentences.csv</c> of the street.</param>
/// <param name="Member">The member that is wrong, such as <c>$.stages[2].asks[0].need</c>: the first value of the sentence.</param>
/// <param name="Values">Its other values, in order.</param>
public sealed record DocumentMistake(string Code, string Member, params ImmutableArray<object> Values);

/// <summary>Everything that is wrong with a procedure. One without mistakes can be interpreted to its end, whoever answers what.</summary>
public static class ProcedureMistakes
{
    /// <summary>The most characters of a name, in either language.</summary>
    public const int MaxName = 60;

    /// <summary>The most characters of what it is about.</summary>
    public const int MaxAbout = 300;

    /// <summary>Every mistake, in the order of the document; empty if the procedure can be used under this policy.</summary>
    public static IEnumerable<DocumentMistake> Of(Procedure procedure, Policy policy) =>
    [
        .. OfHead(procedure, policy), .. OfForms(procedure.Forms),
        .. Counted(procedure.Stages.Length, Procedure.MaxStages, "$.stages"),
        .. procedure.Stages.SelectMany((stage, i) => StageMistakes.Of(stage, $"$.stages[{i}]", procedure, policy)),
        .. KeyMistakes(procedure), .. FlowMistakes.Of(procedure),
    ];

    private static IEnumerable<DocumentMistake> OfHead(Procedure procedure, Policy policy)
    {
        foreach (var mistake in Coded(procedure.Code, "$.code").Concat(Named(procedure.Name, procedure.NameEn, "$"))) yield return mistake;
        if (string.IsNullOrWhiteSpace(procedure.About) != string.IsNullOrWhiteSpace(procedure.AboutEn))
            yield return new("procedure_blank", string.IsNullOrWhiteSpace(procedure.About) ? "$.about" : "$.aboutEn");
        foreach (var mistake in Worded(procedure.About, MaxAbout, "$.about").Concat(Worded(procedure.AboutEn, MaxAbout, "$.aboutEn"))) yield return mistake;
        if (procedure.Starters.IsEmpty) yield return new("procedure_count", "$.starters", 1, Enum.GetValues<Duty.PostKind>().Length);
        foreach (var mistake in Repeated(procedure.Starters, i => $"$.starters[{i}]")) yield return mistake;
        if (procedure.Opening is { } opening && procedure.FindForm(opening) is null) yield return new("procedure_form_unknown", "$.opening", opening);
        if (procedure.Promise is { } promise && !policy.Holds(promise.Limit)) yield return new("procedure_limit", "$.promise.limit");
        if (procedure.Promise?.Until is { } until && procedure.FindStage(until) is null) yield return new("procedure_stage_unknown", "$.promise.until", until);
        if (procedure.Promise is { } kept && procedure.FindStage(kept.Until) is { } last)
            for (var i = 0; i < kept.On.Length; i++)
                if (!last.Next.ContainsKey(kept.On[i])) yield return new("procedure_outcome_unknown", $"$.promise.on[{i}]");
        if (procedure.Cancelled is { } cancelled && procedure.FindStage(cancelled) is null) yield return new("procedure_stage_unknown", "$.cancelled", cancelled);
    }

    private static IEnumerable<DocumentMistake> OfForms(ImmutableArray<Form> forms)
    {
        if (forms.Length > Procedure.MaxForms) yield return new("procedure_count", "$.forms", 0, Procedure.MaxForms);
        foreach (var mistake in Repeated([.. forms.Select(f => f.Key)], i => $"$.forms[{i}].key")) yield return mistake;
        foreach (var (form, at) in forms.Select((form, i) => (form, $"$.forms[{i}]")))
        {
            IEnumerable<DocumentMistake> found =
            [
                .. Coded(form.Key, $"{at}.key"), .. Counted(form.Fields.Length, Procedure.MaxFields, $"{at}.fields"),
                .. Repeated([.. form.Fields.Select(f => f.Key)], i => $"{at}.fields[{i}].key"), .. form.Fields.SelectMany((field, i) => OfField(field, $"{at}.fields[{i}]")),
            ];
            foreach (var mistake in found) yield return mistake;
        }
    }

    internal static IEnumerable<DocumentMistake> OfField(Field field, string at)
    {
        foreach (var mistake in Coded(field.Key, $"{at}.key").Concat(Named(field.Name, field.NameEn, at))) yield return mistake;
        if (field is { Privacy: Privacy.Public, Kind: FieldKind.Phone or FieldKind.Signature }) yield return new("procedure_public_field", $"{at}.privacy");
        if (field.Kind != FieldKind.Choice && !field.Choices.IsEmpty) yield return new("procedure_no_choices", $"{at}.choices");
        if (field.Kind == FieldKind.Choice && field.Choices.Length is < 2 or > Procedure.MaxChoices) yield return new("procedure_count", $"{at}.choices", 2, Procedure.MaxChoices);
        foreach (var mistake in Repeated([.. field.Choices.Select(c => c.Code)], i => $"{at}.choices[{i}].code")) yield return mistake;
        foreach (var mistake in field.Choices.SelectMany((c, i) => Coded(c.Code, $"{at}.choices[{i}].code").Concat(Named(c.Name, c.NameEn, $"{at}.choices[{i}]")))) yield return mistake;
    }

    /// <summary>Keys of stages and of asks are unique in the whole procedure.</summary>
    private static IEnumerable<DocumentMistake> KeyMistakes(Procedure procedure)
    {
        var asks = procedure.Stages.SelectMany((stage, i) => stage.Asks.Select((ask, j) => (ask.Key, Member: $"$.stages[{i}].asks[{j}].key"))).ToImmutableArray();
        return Repeated([.. procedure.Stages.Select(s => s.Key)], i => $"$.stages[{i}].key").Concat(Repeated([.. asks.Select(a => a.Key)], i => asks[i].Member));
    }

    internal static IEnumerable<DocumentMistake> Named(string name, string nameEn, string at)
    {
        if (string.IsNullOrWhiteSpace(name)) yield return new("procedure_blank", $"{at}.name");
        if (string.IsNullOrWhiteSpace(nameEn)) yield return new("procedure_blank", $"{at}.nameEn");
        foreach (var mistake in Worded(name, MaxName, $"{at}.name").Concat(Worded(nameEn, MaxName, $"{at}.nameEn"))) yield return mistake;
    }

    /// <summary>People read it on small screens, and no database keeps every control character.</summary>
    private static IEnumerable<DocumentMistake> Worded(string text, int most, string member)
    {
        if (text.Length > most || text.Any(char.IsControl)) yield return new("procedure_words", member, most);
    }

    internal static IEnumerable<DocumentMistake> Coded(string text, string member)
    {
        if (!IsCode(text)) yield return new("procedure_code", member);
    }

    internal static IEnumerable<DocumentMistake> Counted(int count, int most, string member)
    {
        if (count < 1 || count > most) yield return new("procedure_count", member, 1, most);
    }

    /// <summary>Each element that is equal to an earlier one.</summary>
    internal static IEnumerable<DocumentMistake> Repeated<T>(ImmutableArray<T> all, Func<int, string> member) where T : notnull
    {
        var seen = new HashSet<T>();
        for (var i = 0; i < all.Length; i++)
            if (!seen.Add(all[i])) yield return new("procedure_repeated", member(i), all[i].ToString()!);
    }

    internal static bool IsCode(string text) => text.Length is >= 1 and <= 24 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
