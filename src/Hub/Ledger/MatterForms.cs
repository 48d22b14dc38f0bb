using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A filled-in form as the erasable words keep it: which form, for which answer or item, and its values.</summary>
/// <param name="Note">What was written besides it.</param>
internal sealed record FilledForm(string Form, string? Owed, int? Item, IReadOnlyDictionary<string, string> Values, string? Note = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FilledForm))]
internal sealed partial class FormJson : JsonSerializerContext;

/// <summary>Checks what people fill in against the form of a procedure, and shows it by the privacy of its fields.</summary>
internal static class MatterForms
{
    /// <summary>The form with its values cleaned, as it is kept; a refusal names the field. Empty text if there is no form and nothing was filled in.</summary>
    /// <param name="anyway">An unusual telephone number is taken without being asked about.</param>
    public static Outcome<string> Check(Form? form, IReadOnlyDictionary<string, string>? values, string? owed, int? item, bool anyway)
    {
        var said = values?.Where(v => v.Value is not null).Select(v => (v.Key, Value: FieldText.Clean(v.Value))).Where(v => v.Value.Length > 0).ToDictionary(v => v.Key, v => v.Value) ?? [];
        if (said.Keys.FirstOrDefault(key => form?.Fields.Any(f => f.Key == key) is not true) is { } unknown) return new(Outcome.Of("field_unknown", (unknown, unknown)));
        if (form is null) return new(string.Empty);
        var kept = new Dictionary<string, string>();
        foreach (var field in form.Fields)
        {
            if (!said.TryGetValue(field.Key, out var clean))
            {
                if (field.Required) return new(Outcome.Of("field_missing", (field.Name, field.NameEn)));
                continue;
            }

            if (clean.Length > FieldText.MaxOf(field.Kind)) return new(Outcome.Of("field_too_long", (field.Name, field.NameEn), Number(FieldText.MaxOf(field.Kind))));
            if (FieldText.Canonical(field, clean) is not { } good) return new(Outcome.Of("field_invalid", (field.Name, field.NameEn)));
            if (field.Kind == FieldKind.Phone && !anyway && Phones.Of(good) is { IsUnusual: true }) return new(Outcome.Of(Phones.Unusual));
            kept[field.Key] = good;
        }

        return new(JsonSerializer.Serialize(new FilledForm(form.Key, owed, item, kept), FormJson.Default.FilledForm));
    }

    /// <summary>The same with a note.</summary>
    public static string With(string filled, string note) => JsonSerializer.Serialize(Read(filled)! with { Note = note }, FormJson.Default.FilledForm);

    public static FilledForm? Read(string words)
    {
        try
        {
            return JsonSerializer.Deserialize(words, FormJson.Default.FilledForm);
        }
        catch (JsonException)
        {
            return null; // a note, or erased
        }
    }

    /// <summary>The values in the order of the form. What the reader may not read is named and left out.</summary>
    /// <param name="sees">What of each class the reader may read.</param>
    public static List<FieldValue> Show(Form? form, FilledForm? filled, Func<Privacy, bool> sees)
    {
        if (form is null || filled is null) return [];
        return [.. form.Fields.Where(f => filled.Values.ContainsKey(f.Key)).Select(f => sees(f.Privacy)
            ? Shown(f, filled.Values[f.Key])
            : new FieldValue(f.Key, f.Name, f.NameEn, Names.Camel(f.Kind), null, Names.Camel(f.Privacy)))];
    }

    public static FormView? View(Form? form) => form is null ? null : new FormView(form.Key,
        [.. form.Fields.Select(f => new FieldView(f.Key, f.Name, f.NameEn, Names.Camel(f.Kind), f.Required, Names.Camel(f.Privacy), FieldText.MaxOf(f.Kind), f.Choices.IsEmpty ? null : [.. f.Choices.Select(c => new Named(c.Code, c.Name, c.NameEn))]))]);

    /// <summary>A choice is shown by its names.</summary>
    private static FieldValue Shown(Field field, string value)
    {
        var choice = field.Choices.FirstOrDefault(c => c.Code == value);
        return new FieldValue(field.Key, field.Name, field.NameEn, Names.Camel(field.Kind), choice?.Name ?? value, null) { ValueEn = choice?.NameEn };
    }

    private static (string Zh, string En) Number(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        return (text, text);
    }
}
