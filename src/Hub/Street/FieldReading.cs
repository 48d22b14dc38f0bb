using System.Collections.Immutable;
using System.Text.Json;
using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Hub.Street;

/// <summary>Reads the fields and the codes of documents, and notes what it cannot read.</summary>
internal static class FieldReading
{
    public static Field Read(FieldDocument field, string at, ImmutableArray<DocumentMistake>.Builder mistakes) => new(field.Key, field.Name, field.NameEn, OneOf<FieldKind>(field.Kind, $"{at}.kind", mistakes))
    {
        Required = field.Required,
        Privacy = OneOf(field.Privacy, $"{at}.privacy", mistakes, Privacy.Staff),
        Choices = [.. (field.Choices ?? []).Select(c => new FieldChoice(c.Code, c.Name, c.NameEn))],
    };

    // Not named T: the test that draws the house plan would take it for the T of a generic class in the kernel.
    public static TEnum OneOf<TEnum>(string? text, string member, ImmutableArray<DocumentMistake>.Builder mistakes, TEnum usual = default) where TEnum : struct, Enum
    {
        if (text is null) return usual;
        foreach (var value in Enum.GetValues<TEnum>())
            if (NameOf(value) == text) return value;
        mistakes.Add(new("procedure_one_of", member, text, AllOf<TEnum>()));
        return usual;
    }

    public static string AllOf<TEnum>() where TEnum : struct, Enum => string.Join(", ", Enum.GetValues<TEnum>().Select(NameOf));

    private static string NameOf<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
